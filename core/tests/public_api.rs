//! The public interface, as `core/public-api.txt` has it: who changes the one must touch the other.
//!
//! It is read from the sources, which the lint `unreachable_pub` keeps honest: what says `pub` there
//! can be named from outside. `UPDATE_PUBLIC_API=1 cargo test -p outgoing-to-device --test public_api`
//! writes the file anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines of a file up to its tests, without comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]");
    code.map(|line| line.split(" // ").next().unwrap_or(line)).filter(|line| {
        let line = line.trim();
        !(line.starts_with("//") || line.is_empty() || line.starts_with("#[doc") || line.starts_with("#[allow"))
    })
}

/// Appends the items of a file that start with `pub`, each with the `impl` or block that it is in.
fn items(text: &str, exported: &BTreeSet<String>, out: &mut Vec<String>) {
    let mut attributes = String::new();
    let mut implementation = String::new();
    let mut lines = lines(text).peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with("#[") {
            if ["#[derive", "#[non_exhaustive", "#[cfg", "#[repr"].iter().any(|start| trimmed.starts_with(start)) {
                attributes += &format!("{trimmed} ");
            }
            continue;
        }
        let mut statement = || {
            // A signature may go on for lines.
            let mut whole = trimmed.to_owned();
            let is_open =
                |whole: &str, open, close| whole.matches::<char>(open).count() > whole.matches::<char>(close).count();
            while !whole.ends_with(['{', ';', ',', '}', ')']) || is_open(&whole, '(', ')') || is_open(&whole, '[', ']')
            {
                let Some(next) = lines.next() else { break };
                whole += &format!(" {}", next.trim());
            }
            whole
        };
        if line.starts_with("impl") {
            let whole = statement();
            implementation = whole.trim_end_matches(['{', ' ', '}']).to_owned();
            if let Some((_, name)) = implementation.split_once(" for ") {
                let name = name.trim_start_matches('&').split(['<', ' ']).next().unwrap_or_default();
                if exported.contains(name) {
                    out.push(implementation.clone());
                }
            }
        } else if trimmed.starts_with("pub ") {
            let whole = statement();
            let is_enum = whole.starts_with("pub enum");
            let whole = whole.trim_end_matches(['{', ' ']);
            let owner = if line.starts_with(' ') && !implementation.is_empty() {
                format!("{implementation}: ")
            } else {
                implementation.clear();
                String::new()
            };
            out.push(format!("{owner}{attributes}{whole}"));
            if is_enum {
                let variants = lines.by_ref().take_while(|line| line.trim() != "}");
                out.extend(
                    variants.filter(|line| !line.trim().starts_with('#')).map(|line| format!("    {}", line.trim())),
                );
            }
        } else if line.starts_with("codes! {") || line.starts_with("limits! {") {
            out.push(line.to_owned());
            out.extend(lines.by_ref().take_while(|line| *line != "}").map(|line| line.trim_end().to_owned()));
        } else if line == "}" {
            implementation.clear();
        }
        attributes.clear();
    }
}

/// What the interface says of one type; or all of its functions and constants.
#[derive(Default)]
struct Item {
    declaration: Vec<String>,
    /// In an order that does not depend on the file that they stand in.
    implementations: BTreeSet<String>,
}

impl Item {
    fn add(&mut self, line: String) {
        if line.starts_with("impl") {
            self.implementations.insert(line);
        } else {
            self.declaration.push(line);
        }
    }

    fn text(&self) -> String {
        self.declaration.iter().chain(&self.implementations).map(|line| format!("{line}\n")).collect()
    }
}

/// The item that a line begins or belongs to; none for a field or a variant of the one before.
fn item(line: &str) -> Option<String> {
    let mut rest = line;
    while let Some((_, behind)) = rest.strip_prefix("#[").and_then(|rest| rest.split_once("] ")) {
        rest = behind;
    }
    let name = |text: &str| {
        let text = text.trim_start_matches('&');
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).find(|word| !word.is_empty()).map(str::to_owned)
    };
    if let Some(behind) = rest.strip_prefix("impl") {
        let head = behind.split(": pub ").next().unwrap_or(behind);
        // The parameters of the implementation itself stand before its type.
        let mut depth = 0;
        let end = head.find(|c| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            depth == 0
        });
        let head = end.and_then(|end| head.get(end + 1..)).filter(|_| head.starts_with('<')).unwrap_or(head);
        return name(head.split_once(" for ").map_or(head, |(_, of)| of));
    }
    match rest {
        "codes! {" => return Some("Code".to_owned()),
        "limits! {" => return Some("Limits".to_owned()),
        _ => {}
    }
    let behind = rest.strip_prefix("pub ")?;
    let (kind, behind) = behind.split_once(' ')?;
    match kind {
        "struct" | "enum" | "trait" | "type" => name(behind),
        "fn" | "const" => Some("(functions and constants)".to_owned()),
        _ => None,
    }
}

#[test]
fn the_public_interface_changes_knowingly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).expect("a source")).collect();
    let declared = |line: &str| {
        let rest = ["pub struct ", "pub enum ", "pub trait "].iter().find_map(|kind| line.trim().strip_prefix(kind))?;
        rest.split(['<', ' ', '(', ';', '{']).next().map(str::to_owned)
    };
    let exported: BTreeSet<String> = texts.iter().flat_map(|text| text.lines()).filter_map(declared).collect();
    let mut by_item = BTreeMap::<String, Item>::new();
    // The rules by themselves, for the benchmarks, are no part of the interface.
    for (_, text) in paths.iter().zip(&texts).filter(|(path, _)| !path.ends_with("src/bench.rs")) {
        let mut of_file = Vec::new();
        items(text, &exported, &mut of_file);
        let mut name = String::new();
        // Where an item is taken from is nobody's business.
        for line in of_file.into_iter().filter(|line| !line.contains("pub use ") && !line.contains("pub mod ")) {
            name = item(&line).unwrap_or(name);
            by_item.entry(name.clone()).or_default().add(line);
        }
    }
    let found: Vec<String> = by_item.iter().map(|(name, item)| format!("# {name}\n{}", item.text())).collect();
    let found = found.join("\n");
    let file = root.join("public-api.txt");
    if std::env::var_os("UPDATE_PUBLIC_API").is_some() {
        fs::write(&file, &found).expect("a file");
    }
    let expected = fs::read_to_string(&file).expect("core/public-api.txt");
    let differs = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    assert!(
        expected == found,
        "the public interface is another one, first here: {differs:?}; see the top of this file"
    );
}
