//! The ordinary stacks, which say less: types derived by serde with garde's attributes, which stop
//! at the first mistake of shape; and a JSON Schema, which knows nothing beyond shape. What they
//! let through is judged by the rules that all share.

use crate::contender::Contender;
use crate::judge::{self, Given, List, Object, Place, Report, Size};
use crate::serde_peers::answers;
use crate::visitor::{self, Buffers};
use crate::write;
use garde::Validate;
use outgoing_to_device::{Code, Policy};
use serde::Deserialize;
use serde_json::Value;
use std::rc::Rc;

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Attachment {
    #[garde(length(utf16, max = 4000))]
    url: String,
    #[garde(inner(length(utf16, max = 1000)))]
    name: Option<String>,
    #[garde(inner(length(utf16, max = 256)))]
    #[serde(rename = "type")]
    media_type: Option<String>,
    #[garde(range(max = (1 << 53) - 1))]
    size: Option<u64>,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Descriptor {
    #[garde(skip)]
    channel_type: String,
    #[garde(inner(length(utf16, max = 255)))]
    client_id: Option<String>,
    #[garde(inner(length(utf16, max = 255)))]
    unauthorized_client_id: Option<String>,
    #[garde(inner(length(utf16, max = 255)))]
    app_marker: Option<String>,
    #[garde(length(utf16, max = 1024))]
    device_address: String,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Request {
    #[garde(length(utf16, max = 2000))]
    text: String,
    #[garde(dive)]
    attachments: Option<Vec<Attachment>>,
    #[garde(dive)]
    #[serde(alias = "applicationDescriptor")]
    client_application_descriptor: Descriptor,
}

/// serde_json with derived types and garde.
pub struct Garde {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
}

fn optional(text: &Option<String>) -> Given<'_> {
    text.as_ref().map_or(Given::Absent, |text| Given::Read(text.as_bytes()))
}

impl Contender for Garde {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let Garde { policy, buffers } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        let request: Request = match serde_json::from_slice(json) {
            Ok(request) => request,
            Err(error) if error.is_data() => {
                // What serde says of it is a sentence; that it is a type is a guess.
                buffers.report.only(Code::TypeMismatch);
                return false;
            }
            Err(_) => return buffers.not_json(json),
        };
        if let Err(report) = request.validate() {
            for (path, _) in report.iter() {
                buffers.report.add(Code::TooLong, Place::Member(&path.to_string()));
            }
        }
        for (index, attachment) in (0_u32..).zip(request.attachments.iter().flatten()) {
            if buffers.report.counts(policy, index) {
                let given = judge::Attachment {
                    strings: [
                        Given::Read(attachment.url.as_bytes()),
                        optional(&attachment.name),
                        optional(&attachment.media_type),
                    ],
                    size: attachment.size.map_or(Size::Absent, Size::unsigned),
                };
                judge_attachment(buffers, index, &given);
            }
        }
        let descriptor = &request.client_application_descriptor;
        let message = judge::Message {
            text: Given::Read(request.text.as_bytes()),
            attachments: request.attachments.as_ref().map_or(List::Absent, |list| some(list.is_empty())),
            descriptor: Object::Read,
            fields: [
                Given::Read(descriptor.channel_type.as_bytes()),
                optional(&descriptor.client_id),
                optional(&descriptor.unauthorized_client_id),
                optional(&descriptor.app_marker),
                Given::Read(descriptor.device_address.as_bytes()),
            ],
            ..judge::Message::default()
        };
        buffers.finish(policy, Some(&message))
    }

    answers!();
}

fn some(is_empty: bool) -> List {
    if is_empty { List::Empty } else { List::Some }
}

fn judge_attachment(buffers: &mut Buffers, index: u32, given: &judge::Attachment<'_>) {
    let Buffers { report, attachments, media_type, .. } = buffers;
    let normal = judge::attachment(report, index, given, media_type);
    if report.violations == 0 {
        write::attachment(attachments, &normal);
    }
}

/// serde_json's values and a JSON Schema.
pub struct Schema {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
    validator: jsonschema::Validator,
}

const SCHEMA: &str = r##"{
  "type": "object", "additionalProperties": false, "required": ["text"],
  "properties": {
    "text": {"type": "string", "maxLength": 2000},
    "attachments": {"type": ["array", "null"], "maxItems": 100, "items": {
      "type": "object", "additionalProperties": false, "required": ["url"],
      "properties": {
        "url": {"type": "string", "minLength": 1, "maxLength": 4000},
        "name": {"type": ["string", "null"], "maxLength": 1000},
        "type": {"type": ["string", "null"], "maxLength": 256},
        "size": {"type": ["integer", "null"], "minimum": 0, "maximum": 9007199254740991}}}},
    "clientApplicationDescriptor": {"$ref": "#/$defs/descriptor"},
    "applicationDescriptor": {"$ref": "#/$defs/descriptor"}
  },
  "oneOf": [{"required": ["clientApplicationDescriptor"]}, {"required": ["applicationDescriptor"]}],
  "$defs": {"descriptor": {
    "type": "object", "additionalProperties": false, "required": ["channelType", "deviceAddress"],
    "properties": {
      "channelType": {"type": "string", "minLength": 1},
      "clientId": {"type": ["string", "null"], "maxLength": 255},
      "unauthorizedClientId": {"type": ["string", "null"], "maxLength": 255},
      "appMarker": {"type": ["string", "null"], "maxLength": 255},
      "deviceAddress": {"type": "string", "minLength": 1, "maxLength": 1024}}}}
}"##;

impl Schema {
    pub fn new(policy: &Rc<Policy>) -> Schema {
        let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
        Schema { policy: policy.clone(), buffers: Buffers::default(), validator }
    }
}

fn string<'v>(object: &'v Value, name: &str) -> Given<'v> {
    match object.get(name) {
        None => Given::Absent,
        Some(Value::Null) => Given::Null,
        Some(Value::String(text)) => Given::Read(text.as_bytes()),
        Some(_) => Given::Mistyped,
    }
}

fn size(object: &Value) -> Size {
    match object.get("size") {
        None | Some(Value::Null) => Size::Absent,
        Some(Value::Number(number)) => match number.as_u64() {
            Some(value) => Size::unsigned(value),
            None => number.as_f64().map_or(Size::OutOfRange, Size::float),
        },
        Some(_) => Size::Mistyped,
    }
}

#[cold]
fn list(report: &mut Report, errors: jsonschema::ErrorIterator<'_>) {
    use jsonschema::error::ValidationErrorKind as Kind;
    for error in errors {
        let path = error.instance_path().to_string();
        let code = match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                for name in unexpected {
                    report.add(Code::UnknownField, Place::Member(&format!("{path}/{name}")));
                }
                continue;
            }
            Kind::Required { .. } | Kind::OneOfNotValid { .. } => Code::MissingField,
            Kind::OneOfMultipleValid { .. } => Code::DuplicateField,
            Kind::MaxLength { .. } => Code::TooLong,
            Kind::MinLength { .. } => Code::Blank,
            Kind::MaxItems { .. } => Code::TooManyItems,
            Kind::Minimum { .. } | Kind::Maximum { .. } => Code::OutOfRange,
            _ => Code::TypeMismatch,
        };
        report.add(code, Place::Member(&path));
    }
}

impl Contender for Schema {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let Schema { policy, buffers, validator } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        let value: Value = match serde_json::from_slice(json) {
            Ok(value) => value,
            Err(_) => return buffers.not_json(json),
        };
        if !validator.is_valid(&value) {
            list(&mut buffers.report, validator.iter_errors(&value));
            return false;
        }
        let mut attachments = List::Absent;
        if let Some(Value::Array(elements)) = value.get("attachments") {
            attachments = some(elements.is_empty());
            for (index, element) in (0_u32..).zip(elements) {
                let strings = [string(element, "url"), string(element, "name"), string(element, "type")];
                judge_attachment(buffers, index, &judge::Attachment { strings, size: size(element) });
            }
        }
        let canonical = value.get(judge::DESCRIPTOR[0]);
        let descriptor = canonical.or_else(|| value.get(judge::DESCRIPTOR[1]));
        let message = judge::Message {
            text: string(&value, "text"),
            attachments,
            descriptor: Object::Read,
            alias: canonical.is_none(),
            both: false,
            fields: judge::FIELDS.map(|name| descriptor.map_or(Given::Absent, |object| string(object, name))),
        };
        buffers.finish(policy, Some(&message))
    }

    answers!();
}
