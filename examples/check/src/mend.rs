//! Fixes, applied one at a time with a check between.

use crate::Failure;
use outgoing_to_device::{Checker, Code, Diagnostic, Fix, OutOfMemory, Outcome, Policy};

/// The most fixes of one body: a bound that no ordinary body reaches.
pub(crate) const MOST: usize = 100;

/// Applies fixes until there is none left. `see` gets each one before it is applied, with the body at
/// that point. Returns true if it stopped at [`MOST`] with fixes left.
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

/// The next fix. Repeated members come first: they are removed if their bytes equal those of the first
/// one, which other fixes may change. Then violations, then warnings, in their order.
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
