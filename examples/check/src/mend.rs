//! Fixes, applied one at a time with a check between.

use crate::Failure;
use outgoing_to_device::{Checker, Code, Diagnostic, Fix, OutOfMemory, Outcome, Policy};

/// The most fixes of one body: more than a body of mistakes has. Whatever goes wrong, it ends.
pub(crate) const MOST: usize = 100;

/// Mends a body as far as there are fixes. Each is shown to `see` before it is applied, with the body as
/// it is at that point. Whether it stopped before the last one.
pub(crate) fn mend(
    checker: &mut Checker,
    policy: &Policy,
    body: &mut Vec<u8>,
    mut see: impl FnMut(&[u8], &Diagnostic<'_>, &Fix<'_>) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let mut mended = Vec::new();
    for _ in 0..MOST {
        let Some((diagnostic, fix)) = next(&checker.try_check(policy, body)?)? else { return Ok(false) };
        see(body, &diagnostic, &fix)?;
        mended.clear();
        fix.apply(body, &mut mended)?;
        std::mem::swap(body, &mut mended);
    }
    Ok(next(&checker.try_check(policy, body)?)?.is_some())
}

/// The next fix: of repeated members first, since they are known by the bytes that they share with the
/// first one, which other fixes may change; then of violations, then of warnings, in their order.
fn next<'a>(outcome: &Outcome<'a>) -> Result<Option<(Diagnostic<'a>, Fix<'a>)>, OutOfMemory> {
    let mut first = None;
    for diagnostic in outcome.violations().chain(outcome.warnings()) {
        let repeated = diagnostic.code() == Code::DuplicateField;
        if first.is_some() && !repeated {
            continue;
        }
        match diagnostic.try_fix()? {
            Some(fix) if repeated => return Ok(Some((diagnostic, fix))),
            fix => first = first.or(fix.map(|fix| (diagnostic, fix))),
        }
    }
    Ok(first)
}
