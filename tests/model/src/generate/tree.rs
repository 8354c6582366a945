//! JSON trees and their layouts.

use super::Rng;

/// A JSON value to be written.
#[derive(Clone)]
pub(super) enum Tree {
    /// A number or a literal, as it is written.
    Raw(String),
    /// A string in UTF-16, lone surrogates too.
    Text(Vec<u16>),
    List(Vec<Tree>),
    Object(Vec<(Vec<u16>, Tree)>),
}

pub(super) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

pub(super) fn text(text: &str) -> Tree {
    Tree::Text(units(text))
}

pub(super) fn raw(text: &str) -> Tree {
    Tree::Raw(text.to_owned())
}

pub(super) fn object(members: Vec<(&str, Tree)>) -> Tree {
    Tree::Object(members.into_iter().map(|(name, value)| (units(name), value)).collect())
}

impl Tree {
    /// The members, if it is an object.
    pub(super) fn members(&mut self) -> Option<&mut Vec<(Vec<u16>, Tree)>> {
        if let Tree::Object(members) = self { Some(members) } else { None }
    }

    /// A member's value.
    pub(super) fn get(&mut self, name: &str) -> Option<&mut Tree> {
        let name = units(name);
        self.members()?.iter_mut().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Puts a value in place of the first one of that name, or adds it.
    pub(super) fn set(&mut self, name: &str, value: Tree) {
        if let Some(old) = self.get(name) {
            *old = value;
        } else if let Some(members) = self.members() {
            members.push((units(name), value));
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        let name = units(name);
        if let Some(members) = self.members() {
            members.retain(|(key, _)| *key != name);
        }
    }
}

/// How a body is laid out.
struct Layout {
    /// Percent of places with white space, and of characters that are escaped without need.
    space: usize,
    escape: usize,
    /// `/` as PHP writes it.
    slash: bool,
    shuffle: bool,
}

/// Writes a tree in some layout.
pub(super) fn write(rng: &mut Rng, tree: &Tree) -> Vec<u8> {
    let layout = Layout {
        space: rng.pick(&[0, 0, 0, 20, 80]),
        escape: rng.pick(&[0, 0, 0, 0, 3, 60]),
        slash: rng.chance(15),
        shuffle: rng.chance(30),
    };
    let mut output = String::new();
    space(rng, &layout, &mut output);
    value(rng, &layout, tree, &mut output);
    space(rng, &layout, &mut output);
    output.into_bytes()
}

fn space(rng: &mut Rng, layout: &Layout, output: &mut String) {
    if rng.chance(layout.space) {
        output.push_str(rng.pick(&[" ", " ", "\n", "\r\n  ", "\t", "    ", " \r\t\n "]));
    }
}

fn value(rng: &mut Rng, layout: &Layout, tree: &Tree, output: &mut String) {
    match tree {
        Tree::Raw(raw) => output.push_str(raw),
        Tree::Text(units) => string(rng, layout, units, output),
        Tree::List(items) => {
            output.push('[');
            space(rng, layout, output);
            for (index, item) in items.iter().enumerate() {
                separator(rng, layout, index, output);
                value(rng, layout, item, output);
                space(rng, layout, output);
            }
            output.push(']');
        }
        Tree::Object(members) => {
            let mut members = members.clone();
            if layout.shuffle {
                for index in (1..members.len()).rev() {
                    members.swap(index, rng.below(index + 1));
                }
            }
            output.push('{');
            space(rng, layout, output);
            for (index, (key, item)) in members.iter().enumerate() {
                separator(rng, layout, index, output);
                string(rng, layout, key, output);
                space(rng, layout, output);
                output.push(':');
                space(rng, layout, output);
                value(rng, layout, item, output);
                space(rng, layout, output);
            }
            output.push('}');
        }
    }
}

fn separator(rng: &mut Rng, layout: &Layout, index: usize, output: &mut String) {
    if index > 0 {
        output.push(',');
        space(rng, layout, output);
    }
}

fn string(rng: &mut Rng, layout: &Layout, units: &[u16], output: &mut String) {
    output.push('"');
    for result in char::decode_utf16(units.iter().copied()) {
        match result {
            Err(lone) => escape(rng, lone.unpaired_surrogate(), output),
            Ok(character) => {
                if character == '/' && layout.slash {
                    output.push_str("\\/");
                    continue;
                }
                let needed = matches!(character, '"' | '\\' | '\0'..='\u{1F}');
                if !needed && !rng.chance(layout.escape) {
                    output.push(character);
                    continue;
                }
                let short = "\"\\/\u{8}\u{C}\n\r\t".chars().position(|known| known == character);
                match short {
                    Some(index) if rng.chance(70) => {
                        output.push('\\');
                        output.push(char::from(b"\"\\/bfnrt"[index]));
                    }
                    _ => {
                        for unit in character.encode_utf16(&mut [0; 2]) {
                            escape(rng, *unit, output);
                        }
                    }
                }
            }
        }
    }
    output.push('"');
}

fn escape(rng: &mut Rng, unit: u16, output: &mut String) {
    let digits = if rng.chance(50) { format!("{unit:04x}") } else { format!("{unit:04X}") };
    output.push_str("\\u");
    output.push_str(&digits);
}
