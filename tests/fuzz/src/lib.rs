//! What the fuzz targets share.

use outgoing_to_device::{Checker, Policy, Severity};
use std::cell::RefCell;
use std::sync::LazyLock;

/// Policies that differ in what a body can meet.
pub const POLICIES: [&str; 11] = [
    "{}",
    r#"{"unknownFields":"keep"}"#,
    r#"{"unknownFields":"drop"}"#,
    r#"{"unknownFields":"keep","limits":{"body":1024,"depth":4,"attachments":1,"identifier":3,"address":12,"violations":2,"warnings":2}}"#,
    r#"{"channels":{"WHATSAPP":{"national":{"prefix":"8","country":"7","length":11}},"SMS":{"address":"phone","text":20,"textWarning":5}}}"#,
    r#"{"channels":{"WEB":{"address":"email","requires":["unauthorizedClientId"]},"MOBILE":{"requires":[]},"VIBER":null}}"#,
    r#"{"limits":{"violations":1000,"warnings":1000,"attachments":1000}}"#,
    r#"{"unknownFields":"keep","channels":{"VIBER":{"national":{"prefix":"0","country":"81","length":10},"text":1001,"textWarning":2}}}"#,
    r#"{"refuse":["national_number","unlikely_address","garbled_text","insecure_url","long_text"],"channels":{"WEB":{"address":["phone","email"],"captionWarning":3}}}"#,
    r#"{"unknownFields":"keep","refuse":["alias_field","kept_field","unescaped_url"],"channels":{"TELEGRAM":{"address":["numeric","bsuid","token"]}}}"#,
    r#"{"channels":{"VIBER":{"national":[{"prefix":"8","country":"7","length":11},{"prefix":"","country":"7","length":10},{"prefix":"0","country":"49","length":11}]}}}"#,
];

static LIBRARY: LazyLock<[Policy; 11]> =
    LazyLock::new(|| POLICIES.map(|json| Policy::from_json(json.as_bytes()).expect("a policy")));
static MODEL: LazyLock<[model::Policy; 11]> =
    LazyLock::new(|| POLICIES.map(|json| model::Policy::from_json(json.as_bytes()).ok().expect("a policy")));

/// The policy that a byte chooses.
pub fn policy(choice: u8) -> &'static Policy {
    &LIBRARY[usize::from(choice) % POLICIES.len()]
}

thread_local! {
    // One for all inputs, so that what an earlier one leaves behind can show.
    static CHECKER: RefCell<Checker> = const { RefCell::new(Checker::new()) };
}

/// Runs `f` with the checker that all inputs share.
pub fn with_checker<T>(f: impl FnOnce(&mut Checker) -> T) -> T {
    CHECKER.with_borrow_mut(f)
}

/// The library and the model say the same of a body.
pub fn compare(choice: u8, body: &[u8]) {
    let mut found = Vec::new();
    with_checker(|checker| checker.check(policy(choice), body).write_json(&mut found)).expect("memory");
    let expected = model::outcome_line(&model::check(&MODEL[usize::from(choice) % POLICIES.len()], body));
    assert_eq!(String::from_utf8_lossy(&found), expected, "of {:?}", String::from_utf8_lossy(body));
}

/// The library and the model say the same of a policy file.
pub fn compare_policy(json: &[u8]) -> Option<Policy> {
    let mut faults = Vec::new();
    let policy = with_checker(|checker| match checker.try_policy(json).expect("memory") {
        Ok(policy) => Some(policy),
        Err(rejected) => {
            rejected.write_diagnostics_json(Severity::Violation, &mut faults).expect("memory");
            None
        }
    });
    // The model answers for a policy as for a body that is refused with nothing but violations.
    match (&policy, model::Policy::from_json(json)) {
        (Some(_), Ok(_)) => {}
        (None, Err(expected)) => {
            let expected: Vec<String> = expected.iter().map(model::Diagnostic::to_json).collect();
            assert_eq!(String::from_utf8_lossy(&faults), format!("[{}]", expected.join(",")));
        }
        (found, expected) => panic!("library accepts: {}, model: {}", found.is_some(), expected.is_ok()),
    }
    policy
}
