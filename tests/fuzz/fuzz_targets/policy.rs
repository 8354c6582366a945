//! Policy files: the library says what the model says, and what it writes reads back equal.
#![no_main]

use outgoing_to_device::Policy;
use outgoing_to_device_fuzz::compare_policy;

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let Some(policy) = compare_policy(json) else { return };
    let written = policy.to_json();
    let again = Policy::from_json(written.as_bytes()).expect("a policy");
    assert!(policy == again && again.to_json() == written);
    assert!(compare_policy(written.as_bytes()).is_some());
});
