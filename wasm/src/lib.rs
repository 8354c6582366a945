//! The WebAssembly module of the npm package; `js/` is the other side.
//!
//! Input goes through one buffer ([`reserve`]). Calls that are made often take and return numbers, and leave text and
//! tables in buffers that JavaScript reads from the module's memory; calls that are made seldom return objects
//! (`replies`). Nothing is handed over that would have to be freed. The diagnostics of the last decision can be read
//! until the next call that decides something.
//!
//! Functions that return an `i32` return a count, flags or an address, or [`OUT_OF_MEMORY`]. After that, everything that was
//! decided, kept or written before the call is as it was, but the last decision is forgotten.
#![deny(unsafe_code)]
#![cfg_attr(
    not(all(feature = "checks", feature = "policies", feature = "replies")),
    allow(unused, reason = "a part was left out")
)]

#[cfg(feature = "replies")]
pub mod replies;
mod report;
mod state;

use outgoing_to_device::{Code, Group, OutOfMemory, Severity};
use report::put;
use state::{State, with_state};
use wasm_bindgen::prelude::wasm_bindgen;

/// Six times smaller than the default allocator.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// There is not enough memory.
const OUT_OF_MEMORY: i32 = -1;

/// A count or an address as JavaScript gets it.
fn count(result: Result<usize, OutOfMemory>) -> i32 {
    result.map_or(OUT_OF_MEMORY, |count| count as i32)
}

/// Builds the default policy: called once, before everything else.
#[wasm_bindgen]
pub fn start() -> i32 {
    #[cfg(feature = "replies")]
    replies::warm_up();
    with_state(OUT_OF_MEMORY, |state| count(state.start()))
}

/// Makes the input buffer hold `len` bytes or more, and returns how many it holds.
#[wasm_bindgen]
pub fn reserve(len: usize) -> i32 {
    with_state(OUT_OF_MEMORY, |state| count(state.reserve(len)))
}

/// The address of the input buffer.
#[wasm_bindgen]
pub fn input_address() -> *const u8 {
    with_state(std::ptr::null(), |state| state.input.as_ptr())
}

/// The address of the text that was written last.
#[wasm_bindgen]
pub fn text_address() -> *const u8 {
    with_state(std::ptr::null(), |state| state.text.as_ptr())
}

/// Checks the first `len` bytes of the input under the policy in a slot, and returns flags. `utf16` says that places
/// count the units of a string. Bytes above the policy's limit need not be there.
#[cfg(feature = "checks")]
#[wasm_bindgen]
pub fn check(slot: usize, len: usize, utf16: bool) -> i32 {
    with_state(OUT_OF_MEMORY, |state| state.check(slot, len, utf16).unwrap_or(OUT_OF_MEMORY))
}

/// Writes the normalized request of the last decision.
#[cfg(feature = "checks")]
#[wasm_bindgen]
pub fn write_request() -> i32 {
    with_state(OUT_OF_MEMORY, |state| count(state.write_request()))
}

/// Reads a policy from the first `len` bytes of the input, and returns its slot, or 0 if it has faults.
#[cfg(feature = "policies")]
#[wasm_bindgen]
pub fn read_policy(len: usize, utf16: bool) -> i32 {
    with_state(OUT_OF_MEMORY, |state| count(state.read_policy(len, utf16)))
}

/// Writes the complete policy in a slot as JSON.
#[cfg(feature = "policies")]
#[wasm_bindgen]
pub fn write_policy(slot: usize) -> i32 {
    with_state(OUT_OF_MEMORY, |state| {
        let State { policies, text, .. } = state;
        count(state::write(text, |text| match policies.get(slot) {
            Some(Some(policy)) => policy.write(text),
            _ => Ok(()),
        }))
    })
}

/// Writes a document of the policy in a slot: the number of a schema in `Schema::ALL`.
#[cfg(feature = "schemas")]
#[wasm_bindgen]
pub fn write_schema(slot: usize, number: usize) -> i32 {
    with_state(OUT_OF_MEMORY, |state| {
        let State { policies, text, .. } = state;
        count(state::write(text, |text| match (policies.get(slot), outgoing_to_device::Schema::ALL.get(number)) {
            (Some(Some(policy)), Some(schema)) => schema.write(policy, text),
            _ => Ok(()),
        }))
    })
}

/// Writes the diagnostics of the last decision, and returns the address of their table; `messages` asks for the English
/// messages, too.
#[wasm_bindgen]
pub fn write_report(messages: bool) -> i32 {
    with_state(OUT_OF_MEMORY, |state| count(state.report(messages)))
}

/// Writes the details of the diagnostics of the last decision, and returns the address of their table.
#[wasm_bindgen]
pub fn write_details() -> i32 {
    with_state(OUT_OF_MEMORY, |state| count(state.details()))
}

/// Writes the fix of a diagnostic of the last decision, the one at `index` of the warnings or of the violations, and
/// returns the address of its table.
#[cfg(feature = "checks")]
#[wasm_bindgen]
pub fn write_fix(warning: bool, index: usize) -> i32 {
    let severity = if warning { Severity::Warning } else { Severity::Violation };
    with_state(OUT_OF_MEMORY, |state| count(state.fix(severity, index)))
}

/// Writes the registry of codes: a line for each, its parts separated by tabs.
#[wasm_bindgen]
pub fn write_codes() -> i32 {
    with_state(OUT_OF_MEMORY, |state| {
        count(state::write(&mut state.text, |text| {
            for code in Code::ALL {
                let group = match code.group() {
                    Group::Body => "body",
                    Group::Shape => "shape",
                    Group::Meaning => "meaning",
                    Group::Warning => "warning",
                    Group::Head => "head",
                    Group::Policy => "policy",
                    _ => "",
                };
                for part in [code.as_str(), "\t", code.severity().as_str(), "\t", group, "\t", code.meaning(), "\n"] {
                    put(text, part.as_bytes())?;
                }
            }
            Ok(())
        }))
    })
}
