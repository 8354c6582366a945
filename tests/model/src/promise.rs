//! What a fix promises, judged by making its edits and checking again.

use std::collections::BTreeSet;

use crate::check::{Survey, survey};
use crate::diagnostic::Diagnostic;
use crate::hint::{ALIAS, CANONICAL};
use crate::literal::{Edit, apply};
use crate::policy::Policy;

/// Takes away the fixes that would not keep their promise.
pub(crate) fn keep<'a>(policy: &Policy, body: &[u8], found: impl Iterator<Item = &'a mut Diagnostic>) {
    let mut before = None;
    for diagnostic in found {
        let Some(fix) = diagnostic.fix.take() else { continue };
        let before = before.get_or_insert_with(|| Before::of(policy, body));
        if is_kept(policy, body, before, diagnostic, &fix) {
            diagnostic.fix = Some(fix);
        }
    }
}

/// What there is to be said of a body before its fixes.
pub(crate) struct Before {
    violations: BTreeSet<Place>,
    channel: bool,
}

impl Before {
    pub(crate) fn of(policy: &Policy, body: &[u8]) -> Before {
        let Some(survey) = survey(policy, body) else { return Before { violations: BTreeSet::new(), channel: false } };
        Before { violations: survey.violations.iter().map(Place::of).collect(), channel: survey.channel }
    }
}

/// "After them the diagnostic is gone from its place, and the body has no violation (by code and
/// normalized place, before the caps) but those that it had, those of the value concerned and of what
/// is in it, those that hang on a channel which is known only now, and those that the policy refuses as
/// warnings (the body limit and the bound on kept fields apart)."
pub(crate) fn is_kept(policy: &Policy, body: &[u8], before: &Before, diagnostic: &Diagnostic, fix: &[Edit]) -> bool {
    let Some(after) = survey(policy, &apply(body, fix)) else { return false };
    // The place is where the same bytes stand afterwards, or what stands there instead of them.
    let gone = moved(diagnostic.offset, fix).is_none_or(|offset| !is_found(&after, diagnostic.code, offset));
    let concerned = concerned(diagnostic);
    let hangs_on_channel = |violation: &Diagnostic| {
        let of_text = violation.code == "too_long" && violation.pointer == "/text";
        let of_channel = ["required_by_channel", "invalid_address"].contains(&violation.code) || of_text;
        of_channel && after.channel && !before.channel
    };
    let refused = |violation: &Diagnostic| policy.refuse.iter().any(|code| code == violation.code);
    gone && after.violations.iter().all(|violation| {
        let place = Place::of(violation);
        before.violations.contains(&place)
            || is_within(&place.pointer, &concerned)
            || hangs_on_channel(violation)
            || refused(violation)
    })
}

/// "code and normalized place".
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    code: &'static str,
    pointer: String,
}

impl Place {
    fn of(diagnostic: &Diagnostic) -> Place {
        Place { code: diagnostic.code, pointer: normalized(&diagnostic.pointer) }
    }
}

fn normalized(pointer: &str) -> String {
    match pointer.strip_prefix(&format!("/{ALIAS}")) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/{CANONICAL}{rest}"),
        _ => pointer.to_owned(),
    }
}

fn is_found(survey: &Survey, code: &str, offset: usize) -> bool {
    survey.violations.iter().chain(&survey.warnings).any(|found| found.code == code && found.offset == offset)
}

/// Where a place begins after the edits; none if it is taken away.
pub(crate) fn moved(offset: usize, fix: &[Edit]) -> Option<usize> {
    let mut moved = offset;
    for edit in fix {
        if edit.offset < offset && edit.offset + edit.length > offset {
            return None;
        }
        if edit.offset < offset {
            moved = moved + edit.text.len() - edit.length;
        }
    }
    Some(moved)
}

/// Where the value concerned stands afterwards: a field that was renamed has its new name.
fn concerned(diagnostic: &Diagnostic) -> String {
    let renamed = ["unknown_field", "dropped_field", "kept_field"].contains(&diagnostic.code);
    match (&diagnostic.suggestion, diagnostic.pointer.rsplit_once('/')) {
        (Some(name), Some((object, _))) if renamed => normalized(&format!("{object}/{name}")),
        _ => normalized(&diagnostic.pointer),
    }
}

fn is_within(pointer: &str, value: &str) -> bool {
    pointer.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
