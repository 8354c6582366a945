//! The WebAssembly module of the npm package: primitives in, primitives out.
//!
//! Input goes through one buffer that grows ([`reserve`]), results are read from the module's memory, and nothing is
//! handed over that would have to be freed. `js/` is the other side. What the last call decided can be read until the
//! next call that decides something; functions that write text write over the text written before.
//!
//! Functions return a count or flags, or [`OUT_OF_MEMORY`].
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(
    not(all(feature = "checks", feature = "policies", feature = "replies", feature = "heads")),
    allow(unused, reason = "a part was left out")
)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod heap;
mod report;
mod state;

use alloc::vec::Vec;
use core::fmt::Write;
#[cfg(feature = "schemas")]
use outgoing_to_device::Schema;
use outgoing_to_device::{Code, Group, HeaderFields, OutOfMemory, Outcome, Policy, Response, ResponseRef, check_head};
use report::{Report, Text, Unit, put};
use state::{CHECKER, DEFAULT_POLICY, INPUT, Last, NEXT_SLOT, POLICIES, REPORT, SLOTS, decide, forget, input, last};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: heap::Heap = heap::Heap::new();

/// Nothing here or in core panics (`test/panics.test.mjs` looks); the language wants a handler all the same.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Memory could not be had; nothing was decided.
const OUT_OF_MEMORY: i32 = -1;

fn unit(utf16: bool) -> Unit {
    if utf16 { Unit::Utf16 } else { Unit::Byte }
}

/// Builds the default policy: called once, before everything else.
#[unsafe(no_mangle)]
pub extern "C" fn start() -> i32 {
    forget();
    // SAFETY: after `forget`, the only reference in use.
    let slots = unsafe { SLOTS.get() };
    match (Policy::try_default(), slots.get_mut(DEFAULT_POLICY)) {
        (Ok(policy), Some(slot)) => {
            *slot = Some(policy);
            0
        }
        _ => OUT_OF_MEMORY,
    }
}

/// Makes the input buffer hold `len` bytes or more, and returns how many it has. What it held is lost if it had to
/// grow.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(len: usize) -> i32 {
    forget();
    // SAFETY: after `forget`, the only reference in use.
    match unsafe { INPUT.get() }.reserve(len) {
        Some(capacity) => capacity as i32,
        None => OUT_OF_MEMORY,
    }
}

/// Where the input buffer is.
#[unsafe(no_mangle)]
pub extern "C" fn input_address() -> *const u8 {
    // SAFETY: the only reference in use.
    unsafe { INPUT.get() }.address()
}

const ACCEPTED: i32 = 1;
const TRUNCATED: i32 = 2;
const WARNED: i32 = 4;
/// The normalized request is the whole input.
const NORMAL: i32 = 8;

/// Checks the first `len` bytes of the input under the policy in a slot: flags. `utf16` says that the input is a
/// string, and places count its units. Bytes above the policy's limit need not be there.
#[cfg(feature = "checks")]
#[unsafe(no_mangle)]
pub extern "C" fn check(slot: usize, len: usize, utf16: bool) -> i32 {
    forget();
    // SAFETY: after `forget`, the only references in use.
    let (checker, slots, body) = unsafe { (CHECKER.get(), SLOTS.get(), input(len)) };
    // JavaScript asks only for slots that it has filled.
    let Some(policy) = slots.get(slot).and_then(Option::as_ref) else { return OUT_OF_MEMORY };
    match checker.try_too_large(policy.limits(), len) {
        Ok(false) => {}
        Ok(true) => {
            if let Some(rejected) = checker.rejected(Some(policy), &[]) {
                decide(Last::Refused(rejected, &[], unit(utf16)));
            }
            return 0;
        }
        Err(OutOfMemory) => return OUT_OF_MEMORY,
    }
    let Ok(outcome) = checker.try_check(policy, body) else { return OUT_OF_MEMORY };
    let mut flags = 0;
    if outcome.truncated() {
        flags |= TRUNCATED;
    }
    if outcome.warnings().len() > 0 {
        flags |= WARNED;
    }
    match outcome {
        Outcome::Accepted(accepted) => {
            flags |= ACCEPTED;
            if accepted.request.as_normalized().is_some_and(|normalized| normalized.len() == body.len()) {
                flags |= NORMAL;
            }
            decide(Last::Accepted(accepted, body, unit(utf16)));
        }
        Outcome::Rejected(rejected) => decide(Last::Refused(rejected, body, unit(utf16))),
    }
    flags
}

/// Reads a policy from the first `len` bytes of the input: its slot, or 0 if it has faults.
#[cfg(feature = "policies")]
#[unsafe(no_mangle)]
pub extern "C" fn read_policy(len: usize, utf16: bool) -> i32 {
    forget();
    // SAFETY: after `forget`, the only references in use.
    let (checker, slots, next, json) = unsafe { (CHECKER.get(), SLOTS.get(), NEXT_SLOT.get(), input(len)) };
    let policy = match checker.try_policy(json) {
        Ok(Ok(policy)) => policy,
        Ok(Err(rejected)) => {
            decide(Last::Refused(rejected, json, unit(utf16)));
            return 0;
        }
        Err(OutOfMemory) => return OUT_OF_MEMORY,
    };
    let slot = *next;
    *next = slot % (POLICIES - 1) + 1;
    if let Some(place) = slots.get_mut(slot) {
        *place = Some(policy);
    }
    slot as i32
}

/// Reads a success response from the first `len` bytes of the input: 1, or 0 if it has faults. The text is then the
/// response as it is written.
#[cfg(feature = "replies")]
#[unsafe(no_mangle)]
pub extern "C" fn read_response(len: usize, utf16: bool) -> i32 {
    forget();
    // SAFETY: after `forget`, the only references in use.
    let (checker, json) = unsafe { (CHECKER.get(), input(len)) };
    match checker.try_response(json) {
        Ok(Ok(response)) => write_text(|text| response.write(text)),
        Ok(Err(rejected)) => {
            decide(Last::Refused(rejected, json, unit(utf16)));
            0
        }
        Err(OutOfMemory) => OUT_OF_MEMORY,
    }
}

/// Checks a request head under the policy in a slot: the status of the refusal, 0 if there is none. The first `len`
/// bytes of the input are strings, each after its length in four bytes, little end first: the path, the method, the
/// target, then names and values of header fields.
#[cfg(feature = "heads")]
#[unsafe(no_mangle)]
pub extern "C" fn check_request_head(slot: usize, len: usize) -> i32 {
    forget();
    // SAFETY: after `forget`, the only references in use.
    let (slots, mut rest) = unsafe { (SLOTS.get(), input(len)) };
    let mut strings = core::iter::from_fn(|| {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (string, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        Some(string)
    });
    let mut next = || strings.next().unwrap_or_default();
    let (path, method, target) = (next(), next(), next());
    let fields = core::iter::from_fn(|| Some((strings.next()?, strings.next()?)));
    let Some(policy) = slots.get(slot).and_then(Option::as_ref) else { return OUT_OF_MEMORY };
    let path = core::str::from_utf8(path).unwrap_or_default();
    match check_head(policy.limits(), path, method, target, fields) {
        Ok(()) => 0,
        Err(rejection) => {
            let status = rejection.status();
            decide(Last::Head(rejection));
            status.into()
        }
    }
}

/// Writes text: how many bytes.
fn write_text(write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> i32 {
    // SAFETY: the only reference to it in use.
    let text = &mut unsafe { REPORT.get() }.text;
    text.clear();
    match write(text) {
        Ok(()) => text.len() as i32,
        Err(OutOfMemory) => OUT_OF_MEMORY,
    }
}

/// Where the text is that was written last.
#[unsafe(no_mangle)]
pub extern "C" fn text_address() -> *const u8 {
    // SAFETY: the only reference to it in use.
    unsafe { REPORT.get() }.text.as_ptr()
}

/// Writes the diagnostics of what was decided last, violations first: their strings to the text, their numbers to the
/// table.
#[unsafe(no_mangle)]
pub extern "C" fn write_report() -> i32 {
    // SAFETY: the only reference to it in use.
    let report: &mut Report = unsafe { REPORT.get() };
    report.clear();
    let done = match last() {
        Last::Nothing => Ok(()),
        Last::Accepted(accepted, body, unit) => report.list(body, *unit, accepted.warnings()),
        Last::Refused(rejected, body, unit) => {
            report.list(body, *unit, rejected.violations()).and_then(|()| report.list(body, *unit, rejected.warnings()))
        }
        Last::Head(rejection) => rejection.faults().try_for_each(|fault| report.head(&fault)),
    };
    match done {
        Ok(()) => report.text.len() as i32,
        Err(OutOfMemory) => OUT_OF_MEMORY,
    }
}

/// How many diagnostics the table has.
#[unsafe(no_mangle)]
pub extern "C" fn table_rows() -> usize {
    // SAFETY: the only reference to it in use.
    unsafe { REPORT.get() }.rows()
}

/// Where the table is.
#[unsafe(no_mangle)]
pub extern "C" fn table_address() -> *const f64 {
    // SAFETY: the only reference to it in use.
    unsafe { REPORT.get() }.table.as_ptr()
}

/// Writes the normalized request that was accepted last.
#[cfg(feature = "checks")]
#[unsafe(no_mangle)]
pub extern "C" fn write_request() -> i32 {
    write_text(|text| match last() {
        Last::Accepted(accepted, ..) => accepted.request.write(text),
        _ => Ok(()),
    })
}

/// Writes the response to what was refused last: the status, a line feed, lines of header fields, an empty line, the
/// problem document.
#[cfg(feature = "replies")]
#[unsafe(no_mangle)]
pub extern "C" fn write_problem() -> i32 {
    write_text(|text| match last() {
        Last::Refused(rejected, ..) => {
            reply(text, rejected.status(), rejected.header_fields())?;
            rejected.write_problem(text)
        }
        Last::Head(rejection) => {
            reply(text, rejection.status(), rejection.header_fields())?;
            rejection.write_problem(text)
        }
        Last::Nothing | Last::Accepted(..) => Ok(()),
    })
}

/// Writes a success response in the same form. The first `external` bytes of the input are the client's external
/// identifier; a negative number says that there is none.
#[cfg(feature = "replies")]
#[unsafe(no_mangle)]
pub extern "C" fn write_response(id: i64, thread_id: i64, client_id: i64, external: i32, agent_id: i64) -> i32 {
    forget();
    let client_external_id = usize::try_from(external).ok().map(|len| {
        // SAFETY: after `forget`, for this call only.
        let bytes = unsafe { input(len) };
        // JavaScript has refused lone surrogates, so it is UTF-8.
        core::str::from_utf8(bytes).unwrap_or_default()
    });
    write_text(|text| {
        reply(text, Response::STATUS, Response::HEADER_FIELDS)?;
        ResponseRef { id, thread_id, client_id, client_external_id, agent_id }.write(text)
    })
}

#[cfg(feature = "replies")]
fn reply(text: &mut Vec<u8>, status: u16, fields: HeaderFields) -> Result<(), OutOfMemory> {
    writeln!(Text(text), "{status}").map_err(|_| OutOfMemory)?;
    for (name, value) in fields {
        for part in [name, ": ", value, "\n"] {
            put(text, part.as_bytes())?;
        }
    }
    put(text, b"\n")
}

/// Writes the complete policy in a slot as JSON.
#[cfg(feature = "policies")]
#[unsafe(no_mangle)]
pub extern "C" fn write_policy(slot: usize) -> i32 {
    forget();
    // SAFETY: after `forget`, the only reference in use.
    let slots = unsafe { SLOTS.get() };
    write_text(|text| slots.get(slot).and_then(Option::as_ref).map_or(Ok(()), |policy| policy.write(text)))
}

/// Writes a document of the rules of the policy in a slot: `Schema::ALL`, by number.
#[cfg(feature = "schemas")]
#[unsafe(no_mangle)]
pub extern "C" fn write_schema(slot: usize, number: usize) -> i32 {
    forget();
    // SAFETY: after `forget`, the only reference in use.
    let slots = unsafe { SLOTS.get() };
    write_text(|text| match (slots.get(slot).and_then(Option::as_ref), Schema::ALL.get(number)) {
        (Some(policy), Some(schema)) => schema.write(policy, text),
        _ => Ok(()),
    })
}

/// Writes the registry of codes: a line for each, its parts apart by tabs.
#[unsafe(no_mangle)]
pub extern "C" fn write_codes() -> i32 {
    write_text(|text| {
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
    })
}
