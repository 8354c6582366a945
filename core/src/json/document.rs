//! The frame that every JSON text is read in: its size, its encoding, and what is around its value.

use crate::code::{Code, Warnings};
use crate::findings::{Detail, Findings};
use crate::json::reader::Reader;
use crate::json::stop::{Read, Stop};
use crate::json::{scan, utf8};
use crate::limits::Limits;
use crate::memory::OutOfMemory;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The length of the byte order mark that a text may begin with.
pub(crate) fn mark_len(body: &[u8]) -> u32 {
    if body.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u32 } else { 0 }
}

/// Reads the text in `body`: `value` reads the value at a place and returns the place after it.
/// Returns the value's range if its bytes are those that the writer would write.
#[inline(always)]
pub(crate) fn read<'b, 'f>(
    body: &'b [u8],
    limits: &Limits,
    refuses: Warnings,
    findings: &'f mut Findings,
    value: impl FnOnce(Reader<'b, 'f>, u32) -> (Reader<'b, 'f>, Read<u32>),
) -> Result<Option<(u32, u32)>, OutOfMemory> {
    findings.clear(limits.violations, limits.warnings, refuses);
    if too_large(limits, body.len(), findings)? {
        return Ok(None);
    }
    let (_, start) = scan::token(body, mark_len(body));
    if start as usize == body.len() {
        findings.only(Code::EmptyBody, 0, 0, Detail::None)?;
        return Ok(None);
    }
    let (mut reader, result) = value(Reader::new(body, limits.depth, findings), start);
    let as_written = reader.as_written;
    let result = result.and_then(|end| reader.end(end).map(|()| end));
    match result {
        Ok(end) if !reader.saw_ill_formed() || utf8::first_fault(body).is_none() => {
            Ok(as_written.then_some((start, end)))
        }
        result => {
            reject(body, limits, reader.findings, result.err())?;
            Ok(None)
        }
    }
}

/// Rejects a text by its length, if that is above the limit.
#[inline]
pub(crate) fn too_large(limits: &Limits, len: usize, findings: &mut Findings) -> Result<bool, OutOfMemory> {
    let too_large = len > limits.body as usize;
    if too_large {
        findings.clear(limits.violations, limits.warnings, Warnings::NONE);
        let actual = u32::try_from(len).unwrap_or(u32::MAX);
        let detail = Detail::Measure { limit: limits.body, actual, channel: None };
        findings.only(Code::BodyTooLarge, 0, 0, detail)?;
    }
    Ok(too_large)
}

/// Of several faults the one at the first place counts, and `invalid_utf8` at the same place.
#[cold]
fn reject(body: &[u8], limits: &Limits, findings: &mut Findings, stop: Option<Stop>) -> Result<(), OutOfMemory> {
    let fault = match stop {
        None => None,
        Some(Stop::InvalidJson(at)) => Some((at, Code::InvalidJson, Detail::None)),
        Some(Stop::TooDeep(at)) => Some((at, Code::NestingTooDeep, Detail::Limit(u64::from(limits.depth)))),
        Some(Stop::OutOfMemory) => return Err(OutOfMemory),
    };
    let ill_formed = utf8::first_fault(body).map(|at| (at, Code::InvalidUtf8, Detail::None));
    let first = match (fault, ill_formed) {
        (Some(fault), Some(ill_formed)) if fault.0 < ill_formed.0 => fault,
        (_, Some(ill_formed)) => ill_formed,
        (Some(fault), None) => fault,
        (None, None) => return Ok(()),
    };
    let (at, code, detail) = first;
    findings.only(code, at, u32::from((at as usize) < body.len()), detail)
}
