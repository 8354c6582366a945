//! The rooms of `core/src`, its files and folders: few on a floor, and none that needs itself by way of
//! others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// For each room the rooms that it imports from. `lib.rs` opens the doors, and features stand outside.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut arrows = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let inside = path.strip_prefix(&root).expect("inside").with_extension("");
            let room = inside.components().next().expect("a name").as_os_str().to_str().expect("ASCII").to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !["lib", "bench", "serde"].contains(&room.as_str()) {
                let text = fs::read_to_string(&path).expect("a source");
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
                let code = code.lines().map(|line| line.split("//").next().unwrap_or_default());
                let imports =
                    code.flat_map(|line| line.split("crate::").skip(1).map(str::to_owned).collect::<Vec<_>>());
                let names = imports.filter_map(|import| {
                    let end = import.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(import.len());
                    Some(import[..end].to_owned()).filter(|name| !name.is_empty() && *name != room)
                });
                arrows.entry(room.clone()).or_insert_with(BTreeSet::new).extend(names);
            }
        }
    }
    arrows
}

#[test]
fn no_room_needs_itself_by_way_of_others() {
    let mut arrows = arrows();
    assert!(arrows.len() > 15, "{arrows:?}");
    // A room that needs no other goes, then those that needed only it; what is left goes in a circle.
    loop {
        let done: BTreeSet<String> =
            arrows.iter().filter(|(_, needs)| needs.is_empty()).map(|(room, _)| room.clone()).collect();
        if done.is_empty() {
            break;
        }
        arrows.retain(|room, _| !done.contains(room));
        let left: BTreeSet<String> = arrows.keys().cloned().collect();
        arrows.values_mut().for_each(|needs| needs.retain(|need| left.contains(need)));
    }
    assert!(arrows.is_empty(), "a circle is among {arrows:#?}");
}

#[test]
fn no_floor_is_crowded() {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("a folder");
    let count = files.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_file())).count();
    assert!(count <= 16, "{count} files stand directly in core/src: a wing is the better place for some");
}
