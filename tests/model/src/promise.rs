//! What a fix promises, judged by making its edits and checking again.

use crate::check::{Survey, survey};
use crate::diagnostic::Diagnostic;
use crate::hint::{ALIAS, CANONICAL};
use crate::literal::{Edit, apply};
use crate::policy::Policy;

/// Takes away a fix that would not keep its promise.
pub(crate) fn keep(policy: &Policy, body: &[u8], diagnostic: &mut Diagnostic) {
    diagnostic.fix = diagnostic.fix.take().filter(|fix| is_kept(policy, body, diagnostic, fix));
}

/// "After them the diagnostic is gone from its place, and the body has no violation (by code and
/// normalized place, before the caps) but those that it had, those of the value concerned and of what
/// is in it, those that hang on a channel which is known only now, and those that the policy refuses as
/// warnings (the body limit and the bound on kept fields apart)."
pub(crate) fn is_kept(policy: &Policy, body: &[u8], diagnostic: &Diagnostic, fix: &[Edit]) -> bool {
    let Some(before) = survey(policy, body) else { return false };
    let Some(after) = survey(policy, &apply(body, fix)) else { return false };
    let place = Place::of(diagnostic);
    let gone = count(&after, &place) < count(&before, &place);
    let known = |violation: &Diagnostic| {
        let place = Place::of(violation);
        before.violations.iter().any(|other| Place::of(other) == place)
    };
    let concerned = concerned(diagnostic);
    let hangs_on_channel = |violation: &Diagnostic| {
        let of_text = violation.code == "too_long" && violation.pointer == "/text";
        let of_channel = ["required_by_channel", "invalid_address"].contains(&violation.code) || of_text;
        of_channel && after.channel && !before.channel
    };
    let refused = |violation: &Diagnostic| policy.refuse.iter().any(|code| code == violation.code);
    let excepted = |violation: &Diagnostic| {
        is_within(&Place::of(violation).pointer, &concerned) || hangs_on_channel(violation) || refused(violation)
    };
    gone && after.violations.iter().all(|violation| known(violation) || excepted(violation))
}

/// "code and normalized place".
#[derive(PartialEq, Eq)]
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

fn count(survey: &Survey, place: &Place) -> usize {
    survey.violations.iter().chain(&survey.warnings).filter(|found| Place::of(found) == *place).count()
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
