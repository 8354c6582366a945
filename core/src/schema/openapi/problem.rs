//! Rejections: problem documents (RFC 9457), by status.

use super::super::node::{Node, Parts};
use super::super::normalized::{OBJECT, STRING};
use super::example;
use crate::code::{Code, Group};
use crate::http::problem::status;
use crate::json_type::JsonType;
use crate::memory::OutOfMemory;
use crate::policy::Policy;
use alloc::vec::Vec;
use core::fmt;

const INVALID_REQUEST: &str = "urn:outgoing-to-device:problem:invalid-request";

/// The statuses of rejected heads but 400, and the codes that have them.
const HEADS: [(&str, Code); 5] = [
    ("401", Code::Unauthorized),
    ("404", Code::NotFound),
    ("405", Code::MethodNotAllowed),
    ("413", Code::BodyTooLarge),
    ("415", Code::UnsupportedMediaType),
];

/// What the status 400 says.
struct BadRequest;

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The body is rejected, or: {}", Code::InvalidHead.meaning())
    }
}

/// Adds the response of each status.
pub(super) fn responses(policy: &Policy, responses: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let mut problem = Vec::new();
    example::rejected_body(policy, &mut problem)?;
    response(responses, "400", Node::Shown(&BadRequest), Node::Absent, &problem)?;
    for (name, code) in HEADS {
        let Some(rejection) = example::rejected_head(policy, status(code)) else {
            continue;
        };
        problem.clear();
        rejection.write_problem(&mut problem)?;
        let fields = || rejection.header_fields().iter().filter(|(name, _)| *name != "content-type");
        let headers = |headers: &mut Parts<'_>| {
            for (name, value) in fields() {
                let schema = [STRING, ("const", Node::Text(value))];
                let header = [("required", Node::Bool(true)), ("schema", Node::Object(&schema))];
                headers.member(name, Node::Object(&header))?;
            }
            Ok(())
        };
        let headers = if fields().next().is_some() { Node::Members(&headers) } else { Node::Absent };
        response(responses, name, Node::Text(code.meaning()), headers, &problem)?;
    }
    Ok(())
}

fn response(
    responses: &mut Parts<'_>,
    status: &str,
    description: Node<'_>,
    headers: Node<'_>,
    example: &[u8],
) -> Result<(), OutOfMemory> {
    let content = [("schema", Node::Ref("Problem")), ("example", Node::Json(example))];
    let content = [("application/problem+json", Node::Object(&content))];
    let response = [("description", description), ("headers", headers), ("content", Node::Object(&content))];
    responses.member(status, Node::Object(&response))
}

pub(super) fn schemas(schemas: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    schemas.member("Problem", Node::Members(&problem))?;
    let violations =
        |schema: &mut Parts<'_>| finding("A reason for which the request is rejected.", is_violation, schema);
    schemas.member("Violation", Node::Members(&violations))?;
    let warnings = |schema: &mut Parts<'_>| {
        finding("Something that is accepted, but that somebody should look at.", is_warning, schema)
    };
    schemas.member("Warning", Node::Members(&warnings))
}

fn is_violation(code: Code) -> bool {
    matches!(code.group(), Group::Body | Group::Shape | Group::Meaning | Group::Head)
}

fn is_warning(code: Code) -> bool {
    code.group() == Group::Warning
}

fn problem(schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let types = |list: &mut Parts<'_>| {
        list.item(Node::Text(INVALID_REQUEST))?;
        let own = Code::ALL.iter().filter(|code| code.group() == Group::Head || **code == Code::BodyTooLarge);
        own.copied().try_for_each(|code| list.item(Node::Shown(&ProblemType(code))))
    };
    let statuses = |list: &mut Parts<'_>| {
        list.item(Node::Number(400))?;
        HEADS.into_iter().try_for_each(|(_, code)| list.item(Node::Number(u64::from(status(code)))))
    };
    let list = |name| [("type", Node::Text("array")), ("minItems", Node::Number(1)), ("items", Node::Ref(name))];
    let truncated = [
        ("description", Node::Text("There are more violations or warnings than are reported.")),
        ("const", Node::Bool(true)),
    ];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("type", Node::Object(&[STRING, ("format", Node::Text("uri")), ("enum", Node::Items(&types))])),
            ("title", Node::Object(&[STRING])),
            ("status", Node::Object(&[("type", Node::Text("integer")), ("enum", Node::Items(&statuses))])),
            ("detail", Node::Object(&[STRING])),
            ("errors", Node::Object(&list("Violation"))),
            ("warnings", Node::Object(&list("Warning"))),
            ("truncated", Node::Object(&truncated)),
        ])
    };
    schema.members(&[
        (
            "description",
            Node::Text("Why a request is rejected (RFC 9457), completely. It holds no value of the request."),
        ),
        OBJECT,
        ("required", Node::Texts(&["type", "title", "status", "detail", "errors"])),
        ("properties", Node::Members(&properties)),
    ])
}

/// A violation or a warning: what is said of its place is absent where it speaks of the head.
fn finding(description: &str, holds: fn(Code) -> bool, schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let codes = |list: &mut Parts<'_>| {
        let mut codes = Code::ALL.iter().filter(|code| holds(**code));
        codes.try_for_each(|code| list.item(Node::Text(code.as_str())))
    };
    let meanings = Meanings(holds);
    let code = [("description", Node::Shown(&meanings)), STRING, ("enum", Node::Items(&codes))];
    let text = |description| [("description", Node::Text(description)), STRING];
    let place = |description| {
        [("description", Node::Text(description)), ("type", Node::Text("integer")), ("minimum", Node::Number(1))]
    };
    let json_types = |list: &mut Parts<'_>| {
        use JsonType::{Array, Boolean, Null, Number, Object, String};
        [Null, Boolean, Number, String, Array, Object].iter().try_for_each(|t| list.item(Node::Text(t.as_str())))
    };
    let number = [("type", Node::Text("integer")), ("minimum", Node::Number(0))];
    let json_type = [STRING, ("enum", Node::Items(&json_types))];
    let kinds = [Node::Object(&number), Node::Object(&json_type)];
    let actual = [
        ("description", Node::Text("What was found: a length, a count or a JSON type.")),
        ("anyOf", Node::Array(&kinds)),
    ];
    let limit = [
        ("description", Node::Text("The limit that was crossed.")),
        ("type", Node::Text("integer")),
        ("minimum", Node::Number(0)),
    ];
    let pointer = [
        ("description", Node::Text("The place, as a JSON Pointer in a URI fragment (RFC 6901); absent for the head.")),
        STRING,
        ("format", Node::Text("uri-reference")),
        ("pattern", Node::Text("^#")),
    ];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("code", Node::Object(&code)),
            ("pointer", Node::Object(&pointer)),
            ("detail", Node::Object(&text("One English sentence made of the code and the parameters."))),
            ("line", Node::Object(&place("The line of the place, from 1; absent for the head."))),
            ("column", Node::Object(&place("The column in Unicode scalar values, from 1; absent for the head."))),
            ("limit", Node::Object(&limit)),
            ("actual", Node::Object(&actual)),
            ("expected", Node::Object(&text("What was expected."))),
            ("channel", Node::Object(&text("The channel whose rule it is."))),
            ("suggestion", Node::Object(&text("The name that was probably meant."))),
            ("belongs_to", Node::Object(&text("Where a field of this name belongs."))),
        ])
    };
    schema.members(&[
        ("description", Node::Text(description)),
        OBJECT,
        ("required", Node::Texts(&["code", "detail"])),
        ("properties", Node::Members(&properties)),
    ])
}

/// The codes and what they mean, as a list in Markdown.
struct Meanings(fn(Code) -> bool);

impl fmt::Display for Meanings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("What is the matter; a code is never renamed and never reused.\n")?;
        for code in Code::ALL.iter().filter(|code| (self.0)(**code)) {
            write!(f, "\n- `{code}`: {}", code.meaning())?;
        }
        Ok(())
    }
}

/// The type of a problem that a code has to itself.
struct ProblemType(Code);

impl fmt::Display for ProblemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("urn:outgoing-to-device:problem:")?;
        for (i, word) in self.0.as_str().split('_').enumerate() {
            write!(f, "{}{word}", if i == 0 { "" } else { "-" })?;
        }
        Ok(())
    }
}
