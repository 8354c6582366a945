//! Responses, problem documents and request heads. Their results are objects, made by serde; `undefined` stands for
//! [`OutOfMemory`], `null` for a rejection whose diagnostics can be read.

use crate::OUT_OF_MEMORY;
use crate::report::Unit;
use crate::state::{Decision, State, with_state, write};
use outgoing_to_device::{HeaderFields, OutOfMemory, Response, ResponseRef, check_head};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// A value as a plain object, 64-bit numbers as BigInt.
fn object(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::json_compatible().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

/// Makes an object of each form. serde-wasm-bindgen keeps the names of members, and wasm-bindgen a table of references:
/// they end the instance if there is no memory for it, so they get it while the instance starts.
pub(crate) fn warm_up() {
    object(&Reply { status: 0, headers: Response::HEADER_FIELDS, body: "" });
    object(&ResponseObject { id: 0, thread_id: 0, client_id: 0, client_external_id: None, agent_id: 0 });
}

/// An HTTP response.
#[derive(Serialize)]
struct Reply<'t> {
    status: u16,
    headers: HeaderFields,
    body: &'t str,
}

/// The response with the body that `write` writes.
fn reply(
    text: &mut Vec<u8>,
    (status, headers): (u16, HeaderFields),
    body: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>,
) -> JsValue {
    match write(text, body) {
        Ok(_) => object(&Reply { status, headers, body: std::str::from_utf8(text).unwrap_or_default() }),
        Err(OutOfMemory) => JsValue::UNDEFINED,
    }
}

/// The response to the last rejection.
#[wasm_bindgen]
pub fn problem() -> JsValue {
    with_state(JsValue::UNDEFINED, |state| {
        let State { checker, policies, input, decision, text, .. } = state;
        match *decision {
            Decision::Text { slot, len, .. } => {
                let policy = slot.and_then(|slot| policies.get(slot)).and_then(Option::as_ref);
                match checker.rejected(policy, input.get(..len).unwrap_or(&[])) {
                    Some(rejection) => reply(text, (rejection.status(), rejection.header_fields()), |text| {
                        rejection.write_problem(text)
                    }),
                    None => JsValue::NULL,
                }
            }
            Decision::Head(rejection) => {
                reply(text, (rejection.status(), rejection.header_fields()), |text| rejection.write_problem(text))
            }
            Decision::None => JsValue::NULL,
        }
    })
}

/// The success response. The first `external` bytes of the input are the client's external identifier; a negative number
/// says that there is none.
#[wasm_bindgen]
pub fn success(id: i64, thread_id: i64, client_id: i64, external: i32, agent_id: i64) -> JsValue {
    with_state(JsValue::UNDEFINED, |state| {
        let State { input, text, .. } = state;
        let external = usize::try_from(external).ok().and_then(|len| input.get(..len));
        let client_external_id = external.and_then(|external| std::str::from_utf8(external).ok());
        let response = ResponseRef { id, thread_id, client_id, client_external_id, agent_id };
        reply(text, (Response::STATUS, Response::HEADER_FIELDS), |text| response.write(text))
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseObject<'r, Id> {
    id: Id,
    thread_id: Id,
    client_id: Id,
    client_external_id: Option<&'r str>,
    agent_id: Id,
}

/// Reads a success response from the first `len` bytes of the input.
#[wasm_bindgen]
pub fn read_response(len: usize, utf16: bool, bigint: bool) -> JsValue {
    with_state(JsValue::UNDEFINED, |state| {
        state.decision = Decision::None;
        let response = match state.checker.try_response(state.input.get(..len).unwrap_or(&[])) {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                state.decision = Decision::Text { slot: None, len, unit: Unit::new(utf16) };
                return JsValue::NULL;
            }
            Err(OutOfMemory) => return JsValue::UNDEFINED,
        };
        let ResponseRef { id, thread_id, client_id, client_external_id, agent_id } = response.as_ref();
        if bigint {
            return object(&ResponseObject { id, thread_id, client_id, client_external_id, agent_id });
        }
        let [id, thread_id, client_id, agent_id] = [id, thread_id, client_id, agent_id].map(|id| id.to_string());
        object(&ResponseObject { id, thread_id, client_id, client_external_id, agent_id })
    })
}

/// Checks a request head under the policy in a slot, and returns the status of the rejection, 0 if there is none. The
/// first `len` bytes of the input are strings, each after its length in four bytes, least significant first: the path,
/// the method, the target, then names and values of header fields.
#[wasm_bindgen]
pub fn check_request_head(slot: usize, len: usize) -> i32 {
    with_state(OUT_OF_MEMORY, |state| {
        state.decision = Decision::None;
        let mut rest = state.input.get(..len).unwrap_or(&[]);
        let mut strings = std::iter::from_fn(|| {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (string, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            Some(string)
        });
        let mut next = || strings.next().unwrap_or_default();
        let (path, method, target) = (next(), next(), next());
        let fields = std::iter::from_fn(|| Some((strings.next()?, strings.next()?)));
        let Some(Some(policy)) = state.policies.get(slot) else { return OUT_OF_MEMORY };
        let path = std::str::from_utf8(path).unwrap_or_default();
        match check_head(policy.limits(), path, method, target, fields) {
            Ok(()) => 0,
            Err(rejection) => {
                state.decision = Decision::Head(rejection);
                rejection.status().into()
            }
        }
    })
}
