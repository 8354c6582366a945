//! JSON as a tree of borrowed parts: written compact, then indented. A document is written seldom, so
//! what writes it is kept small: cold, and never inlined.

use crate::json::write::{List, quoted, unsigned};
use crate::memory::{OutOfMemory, put_bytes};
use crate::report::json::display;
use alloc::vec::Vec;
use core::fmt::Display;

type Written = Result<(), OutOfMemory>;

/// A value that is to be written.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// A member or an item that is left out.
    Absent,
    Bool(bool),
    Number(u64),
    Text(&'a str),
    /// A text that is put together while it is written.
    Shown(&'a dyn Display),
    /// A schema that stands among the document's definitions.
    Ref(&'a str),
    /// The same with a description of its own.
    Described(&'a str, &'a str),
    Texts(&'a [&'a str]),
    Array(&'a [Node<'a>]),
    Object(&'a [Member<'a>]),
    /// A schema that asks something of members.
    Properties(&'a [Member<'a>]),
    /// An array of what the function adds.
    Items(&'a dyn Fn(&mut Parts<'_>) -> Written),
    /// An object of what the function adds.
    Members(&'a dyn Fn(&mut Parts<'_>) -> Written),
    /// A value that is JSON already.
    Json(&'a [u8]),
}

pub(super) type Member<'a> = (&'a str, Node<'a>);

/// The members or items of a value that is being written.
pub(super) struct Parts<'o> {
    list: List<'o>,
    /// Where definitions stand in the document.
    definitions: &'static str,
}

impl Parts<'_> {
    #[cold]
    #[inline(never)]
    pub(super) fn member(&mut self, name: &str, node: Node<'_>) -> Written {
        match node {
            Node::Absent => Ok(()),
            node => node.write(self.list.key(name)?, self.definitions),
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn members(&mut self, members: &[Member<'_>]) -> Written {
        members.iter().try_for_each(|(name, node)| self.member(name, *node))
    }

    fn reference(&mut self, name: &str) -> Written {
        let definitions = self.definitions;
        self.member("$ref", Node::Shown(&format_args!("{definitions}{name}")))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn item(&mut self, node: Node<'_>) -> Written {
        match node {
            Node::Absent => Ok(()),
            node => node.write(self.list.next()?, self.definitions),
        }
    }
}

impl From<u32> for Node<'_> {
    fn from(number: u32) -> Self {
        Node::Number(u64::from(number))
    }
}

impl Node<'_> {
    /// Appends the value; `definitions` is the place that [`Node::Ref`] refers to.
    #[cold]
    #[inline(never)]
    pub(super) fn write(self, out: &mut Vec<u8>, definitions: &'static str) -> Written {
        let (list, fill): (_, &dyn Fn(&mut Parts<'_>) -> Written) = match self {
            Node::Absent => return Ok(()),
            Node::Bool(value) => return put_bytes(out, if value { b"true" } else { b"false" }),
            Node::Number(value) => return unsigned(out, value),
            Node::Text(text) => return quoted(out, text.as_bytes()),
            Node::Shown(text) => return display(out, &text),
            Node::Json(json) => return put_bytes(out, json),
            Node::Ref(name) => (List::object(out)?, &|parts| parts.reference(name)),
            Node::Described(description, name) => (List::object(out)?, &|parts| {
                parts.member("description", Node::Text(description))?;
                parts.reference(name)
            }),
            Node::Properties(members) => {
                (List::object(out)?, &|parts| parts.member("properties", Node::Object(members)))
            }
            Node::Texts(items) => {
                (List::array(out)?, &|parts| items.iter().try_for_each(|item| parts.item(Node::Text(item))))
            }
            Node::Array(items) => (List::array(out)?, &|parts| items.iter().try_for_each(|item| parts.item(*item))),
            Node::Object(members) => (List::object(out)?, &|parts| parts.members(members)),
            Node::Items(add) => (List::array(out)?, add),
            Node::Members(add) => (List::object(out)?, add),
        };
        let mut parts = Parts { list, definitions };
        fill(&mut parts)?;
        parts.list.end()
    }
}

/// Appends compact JSON with its members and items on lines of their own, and a newline.
pub(super) fn indent(json: &[u8], out: &mut Vec<u8>) -> Written {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut rest = json;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'"' => in_string = !in_string,
            b'\\' => {
                // What is escaped ends no string.
                put_bytes(out, b"\\")?;
                let (escaped, after) = rest.split_at_checked(1).unwrap_or_default();
                put_bytes(out, escaped)?;
                rest = after;
                continue;
            }
            _ => {}
        }
        match byte {
            _ if in_string => put_bytes(out, &[*byte])?,
            b'{' | b'[' => {
                put_bytes(out, &[*byte])?;
                if matches!(rest, [b'}' | b']', ..]) {
                    put_bytes(out, rest.get(..1).unwrap_or_default())?;
                    rest = rest.get(1..).unwrap_or_default();
                } else {
                    depth = depth.saturating_add(1);
                    new_line(depth, out)?;
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(depth, out)?;
                put_bytes(out, &[*byte])?;
            }
            b',' => {
                put_bytes(out, b",")?;
                new_line(depth, out)?;
            }
            b':' => put_bytes(out, b": ")?,
            _ => put_bytes(out, &[*byte])?,
        }
    }
    put_bytes(out, b"\n")
}

fn new_line(depth: usize, out: &mut Vec<u8>) -> Written {
    put_bytes(out, b"\n")?;
    (0..depth).try_for_each(|_| put_bytes(out, b"  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_as_serde_json_does_it() {
        let json = br#"{"a":[],"b":{},"c":[1,"x: [1,2]",{"d\"}":"\\"}],"e":{"f":[[]]}}"#;
        let value: serde_json::Value = serde_json::from_slice(json).unwrap();
        let mut out = Vec::new();
        indent(json, &mut out).unwrap();
        assert_eq!(out, alloc::format!("{}\n", serde_json::to_string_pretty(&value).unwrap()).into_bytes());
    }

    #[test]
    fn what_is_absent_leaves_no_trace() {
        let mut out = Vec::new();
        let items = Node::Array(&[Node::Absent, Node::Number(1), Node::Absent, Node::Bool(false)]);
        let node = Node::Object(&[("a", Node::Absent), ("b", items), ("c", Node::Ref("X"))]);
        node.write(&mut out, "#/$defs/").unwrap();
        assert_eq!(out, br##"{"b":[1,false],"c":{"$ref":"#/$defs/X"}}"##);
    }
}
