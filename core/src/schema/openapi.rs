//! OpenAPI (3.1) description of the endpoint.

mod example;
mod problem;

use super::node::{Member, Node, Parts};
use super::normalized::{self, OBJECT};
use super::unsaid::UnsaidList;
use crate::http::head::PATH;
use crate::http::response::Response;
use crate::meaning::meaning;
use crate::memory::OutOfMemory;
use crate::policy::Policy;
use alloc::vec::Vec;
use core::fmt;

const JSON: &str = "application/json";

pub(super) fn write(policy: &Policy, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let info = |members: &mut Parts<'_>| {
        members.members(&[
            ("title", Node::Text("Outgoing messages to devices")),
            ("version", Node::Text(env!("CARGO_PKG_VERSION"))),
            ("summary", Node::Text("edna Chat Center's endpoint that sends a message to one device.")),
            ("description", Node::Shown(&Introduction(policy))),
            (
                "license",
                Node::Object(&[
                    ("name", Node::Text("MIT OR Apache-2.0")),
                    ("identifier", Node::Text(env!("CARGO_PKG_LICENSE"))),
                ]),
            ),
        ])
    };
    let path = |members: &mut Parts<'_>| members.members(&[("post", Node::Members(&|post| operation(policy, post)))]);
    let paths = [(PATH, Node::Members(&path))];
    let token = [
        ("type", Node::Text("http")),
        ("scheme", Node::Text("bearer")),
        (
            "description",
            Node::Text("The token of an integrator: a role of INTEGRATOR, OPERATOR or SUPERVISOR may send messages."),
        ),
    ];
    let schemes = [("integratorToken", Node::Object(&token))];
    let components = |members: &mut Parts<'_>| {
        members.members(&[
            ("schemas", Node::Members(&|schemas| self::schemas(policy, schemas))),
            ("securitySchemes", Node::Object(&schemes)),
        ])
    };
    let document = [
        ("openapi", Node::Text("3.1.0")),
        ("info", Node::Members(&info)),
        ("servers", Node::Array(&[Node::Object(&[("url", Node::Text("/"))])])),
        ("tags", Node::Array(&[Node::Object(&[TAG, ("description", Node::Text("Messages to clients."))])])),
        ("paths", Node::Object(&paths)),
        ("components", Node::Members(&components)),
    ];
    Node::Object(&document).write(out, "#/components/schemas/")
}

struct Introduction<'p>(&'p Policy);

impl fmt::Display for Introduction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "Written from the rules of the outgoing-to-device library, which checks requests before they are sent \
             and writes them in the normal form that is described here. It also accepts what is not normal: null \
             for an absent field, any case in a channel's name, white space around values, and more.\n\n\
             ## What only the library finds\n\n\
             It refuses some requests that this document allows. Their codes, which the request's schema lists \
             under `x-outgoing-to-device-unsaid`:\n",
        )?;
        UnsaidList(self.0).fmt(f)
    }
}

const TAG: Member<'_> = ("name", Node::Text("Messages"));

fn operation(policy: &Policy, post: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let request = |members: &mut Parts<'_>| {
        members.members(&[
            ("schema", Node::Ref("OutgoingRequest")),
            ("examples", Node::Members(&|examples| example::requests(policy, examples))),
        ])
    };
    let body = |members: &mut Parts<'_>| {
        members.members(&[
            ("required", Node::Bool(true)),
            ("description", Node::Text("The message and the device, as JSON in UTF-8.")),
            ("content", Node::Object(&[(JSON, Node::Members(&request))])),
        ])
    };
    post.members(&[
        ("operationId", Node::Text("sendToDevice")),
        ("summary", Node::Text("Send a message to a device")),
        (
            "description",
            Node::Text("Sends an outgoing message to one device, which `deviceAddress` names within its channel."),
        ),
        ("tags", Node::Texts(&["Messages"])),
        ("security", Node::Array(&[Node::Object(&[("integratorToken", Node::Array(&[]))])])),
        ("requestBody", Node::Members(&body)),
        ("responses", Node::Members(&|responses| self::responses(policy, responses))),
    ])
}

fn responses(policy: &Policy, responses: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let vary = [
        ("description", Node::Shown(&Vary)),
        ("required", Node::Bool(true)),
        ("schema", Node::Object(&[normalized::STRING])),
    ];
    let mut example = Vec::new();
    example::response(&mut example)?;
    let examples = [("value", Node::Json(&example))];
    let examples = [("success", Node::Object(&examples))];
    let content = [("schema", Node::Ref("OutgoingResponse")), ("examples", Node::Object(&examples))];
    let sent = |members: &mut Parts<'_>| {
        members.members(&[
            ("description", Node::Text("The message was sent.")),
            ("headers", Node::Object(&[("Vary", Node::Object(&vary))])),
            ("content", Node::Object(&[(JSON, Node::Object(&content))])),
        ])
    };
    responses.member("200", Node::Members(&sent))?;
    problem::responses(policy, responses)
}

/// What the response's `Vary` fields say.
struct Vary;

impl fmt::Display for Vary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Which fields of the request the response depends on:")?;
        let fields = Response::HEADER_FIELDS.iter().filter(|(name, _)| *name == "vary");
        for (i, (_, value)) in fields.enumerate() {
            write!(f, "{} {value}", if i == 0 { "" } else { "," })?;
        }
        f.write_str(".")
    }
}

fn schemas(policy: &Policy, schemas: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let request = |schema: &mut Parts<'_>| {
        normalized::request(policy, schema)?;
        normalized::unsaid(policy, schema)
    };
    schemas.member("OutgoingRequest", Node::Members(&request))?;
    normalized::definitions(policy, schemas)?;
    schemas.member("OutgoingResponse", Node::Members(&response))?;
    problem::schemas(schemas)
}

fn response(schema: &mut Parts<'_>) -> Result<(), OutOfMemory> {
    let id = |meaning| {
        [("description", Node::Text(meaning)), ("type", Node::Text("integer")), ("format", Node::Text("int64"))]
    };
    let external =
        [("description", Node::Text(meaning!(client_external_id))), ("type", Node::Texts(&["string", "null"]))];
    let properties = |members: &mut Parts<'_>| {
        members.members(&[
            ("id", Node::Object(&id(meaning!(id)))),
            ("threadId", Node::Object(&id(meaning!(thread_id)))),
            ("clientId", Node::Object(&id(meaning!(receiver_id)))),
            ("clientExternalId", Node::Object(&external)),
            ("agentId", Node::Object(&id(meaning!(agent_id)))),
        ])
    };
    schema.members(&[
        ("description", Node::Text("What the endpoint answers when it has sent a message. A server may add fields.")),
        OBJECT,
        ("required", Node::Texts(&["id", "threadId", "clientId", "clientExternalId", "agentId"])),
        ("properties", Node::Members(&properties)),
    ])
}
