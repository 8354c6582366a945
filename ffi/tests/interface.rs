//! The C interface called from Rust, so that Miri can watch every pointer that crosses it. The C
//! programs beside this file try much more, in the archive as it is shipped.

use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;
use core::ptr;
use outgoing_to_device::Schema;
use outgoing_to_device_ffi::*;

type Write = unsafe extern "C" fn(*mut Checker, *const Policy, *mut Str) -> Status;

const BODY: &[u8] = br#"{"text":"a\u00e9","attachments":[{"url":" http://a.example/b "}],"applicationDescriptor":{"channelType":"web","deviceAddress":" d "}}"#;
const NORMALIZED: &str = r#"{"text":"aé","attachments":[{"url":"http://a.example/b"}],"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}}"#;
const BAD: &[u8] = br#"{"clientId":1,"a\u0000":{"b":["\ud800"]},"text":5,"text":"","attachments":[{"url":"x","size":-1}],"clientApplicationDescriptor":{"channelType":"SMS","deviceAddress":"1"}}"#;
const POLICY: &[u8] = br#"{"limits":{"body":1024},"channels":{"SMS":{"address":"phone","requires":["clientId"]}}}"#;

/// What a call fills in, and its status.
fn fill<T>(call: impl FnOnce(*mut T) -> Status) -> (Status, T) {
    let mut place = MaybeUninit::uninit();
    let status = call(place.as_mut_ptr());
    // SAFETY: a call fills its place in, whatever its status.
    (status, unsafe { place.assume_init() })
}

fn ok<T>(call: impl FnOnce(*mut T) -> Status) -> T {
    let (status, value) = fill(call);
    assert_eq!(status, OTD_OK);
    value
}

/// The text of a view, which ends with a NUL.
fn text(string: Str) -> &'static str {
    assert!(!string.data.is_null());
    // SAFETY: a view of a checker that lives; the tests look at none after the checker's next call.
    let bytes = unsafe { core::slice::from_raw_parts(string.data.cast::<u8>(), string.len + 1) };
    assert_eq!(bytes.last(), Some(&0));
    core::str::from_utf8(&bytes[..string.len]).unwrap()
}

fn list(data: *const Diagnostic, len: usize) -> &'static [Diagnostic] {
    // SAFETY: as above.
    unsafe { core::slice::from_raw_parts(data, len) }
}

struct Checked {
    policy: *mut Policy,
    checker: *mut Checker,
}

impl Checked {
    fn new() -> Checked {
        // SAFETY: the places are there, here and in every call below.
        unsafe { Checked { policy: ok(|to| otd_policy_default(to)), checker: ok(|to| otd_checker_new(to)) } }
    }

    fn check(&self, body: &[u8]) -> Outcome {
        // SAFETY: handles and body are in order.
        ok(|to| unsafe { otd_check(self.checker, self.policy, body.as_ptr().cast(), body.len(), to) })
    }

    fn report(&self, body: &[u8]) -> Report {
        // SAFETY: as above.
        ok(|to| unsafe { otd_report_of(self.checker, body.as_ptr().cast(), body.len(), to) })
    }

    fn problem(&self, body: &[u8]) -> Reply {
        // SAFETY: as above.
        ok(|to| unsafe { otd_problem_of(self.checker, body.as_ptr().cast(), body.len(), to) })
    }

    fn read_policy(&self, json: &[u8]) -> (*mut Policy, Outcome) {
        let mut policy = ptr::null_mut();
        // SAFETY: as above.
        let outcome =
            ok(|to| unsafe { otd_policy_read(self.checker, json.as_ptr().cast(), json.len(), &mut policy, to) });
        (policy, outcome)
    }
}

impl Drop for Checked {
    fn drop(&mut self) {
        // SAFETY: made by `new`, freed once.
        unsafe {
            otd_checker_free(self.checker);
            otd_policy_free(self.policy);
        }
    }
}

#[test]
fn accepted() {
    let host = Checked::new();
    let outcome = host.check(BODY);
    assert_eq!((outcome.accepted, outcome.violations, outcome.warnings, outcome.truncated), (1, 0, 3, 0));
    let report = host.report(BODY);
    let warnings = list(report.warnings, report.warnings_len);
    assert_eq!(warnings.iter().map(|d| text(d.name)).collect::<Vec<_>>().len(), 3);
    assert!(warnings.iter().all(|d| d.severity == OTD_WARNING && d.line == 1 && !text(d.message).is_empty()));
    // The report has spared the views of its check.
    assert_eq!(text(outcome.normalized), NORMALIZED);
    let (status, reply) =
        // SAFETY: in order.
        fill(|to| unsafe { otd_problem_of(host.checker, BODY.as_ptr().cast(), BODY.len(), to) });
    assert_eq!((status, reply.status, reply.body.data), (OTD_NOT_REJECTED, 0, ptr::null()));
}

#[test]
fn rejected() {
    let host = Checked::new();
    let outcome = host.check(BAD);
    assert_eq!((outcome.accepted, outcome.normalized.data), (0, ptr::null()));
    let report = host.report(BAD);
    let violations = list(report.violations, report.violations_len);
    let count = violations.len();
    assert_eq!(count, outcome.violations as usize);
    let named = |name| violations.iter().find(|d| text(d.name) == name).unwrap();
    assert_eq!(text(named("unknown_field").belongs_to), "clientApplicationDescriptor");
    assert_eq!(text(named("type_mismatch").expected), "string");
    assert_eq!(text(named("type_mismatch").actual_type), "number");
    let duplicate = named("duplicate_field");
    let place = |d: &Diagnostic| (d.severity, d.code, text(d.pointer).to_owned(), d.offset, d.length);
    let places: Vec<_> = violations.iter().map(place).collect();
    assert_eq!(duplicate.has, OTD_HAS_RELATED);
    assert_eq!(&BAD[duplicate.related_offset as usize..][..duplicate.related_length as usize], b"\"text\"");
    assert!(violations.iter().any(|d| text(d.pointer) == "/a\0" || text(d.pointer) == "/a\0/b/0"));
    // The same places without the words; the report's views are gone with that.
    // SAFETY: in order.
    let findings = ok(|to| unsafe { otd_diagnostics_of(host.checker, BAD.as_ptr().cast(), BAD.len(), to) });
    let violations = list(findings.violations, findings.violations_len);
    assert_eq!(violations.iter().map(place).collect::<Vec<_>>(), places);
    for d in violations {
        assert_eq!(
            (d.line, d.column, d.has, d.related_offset, d.related_length, d.limit, d.actual),
            (0, 0, 0, 0, 0, 0, 0)
        );
        assert!(
            [d.name, d.message, d.expected, d.channel, d.suggestion, d.belongs_to].iter().all(|s| s.data.is_null())
        );
    }
    let reply = host.problem(BAD);
    assert_eq!((reply.status, reply.fields_len), (400, 1));
    assert!(text(reply.body).starts_with("{\"type\":\"urn:outgoing-to-device:problem:invalid-request\""));
    // Other bytes of the same length.
    for junk in [vec![b'\\'; BAD.len()], vec![0xF0; BAD.len()], vec![b'"'; BAD.len()]] {
        let report = host.report(&junk);
        assert_eq!(report.violations_len, count);
        host.problem(&junk);
    }
    // SAFETY: in order.
    let (status, report) = fill(|to| unsafe { otd_report_of(host.checker, BAD.as_ptr().cast(), BAD.len() - 1, to) });
    assert_eq!((status, report.violations), (OTD_OTHER_TEXT, ptr::null()));
}

#[test]
fn lengths_beyond_the_limits_are_not_read() {
    let host = Checked::new();
    let (policy, _) = host.read_policy(POLICY);
    let byte = b'x';
    for len in [1025, isize::MAX as usize] {
        // SAFETY: one byte is there; the call must not read even that.
        let outcome = ok(|to| unsafe { otd_check(host.checker, policy, (&raw const byte).cast(), len, to) });
        assert_eq!((outcome.accepted, outcome.violations), (0, 1));
        // SAFETY: as above.
        let report = ok(|to| unsafe { otd_report_of(host.checker, (&raw const byte).cast(), len, to) });
        let violations = list(report.violations, report.violations_len);
        assert_eq!((text(violations[0].name), violations[0].limit), ("body_too_large", 1024));
    }
    // SAFETY: as above.
    let (status, outcome) =
        fill(|to| unsafe { otd_check(host.checker, policy, (&raw const byte).cast(), isize::MAX as usize + 1, to) });
    assert_eq!((status, outcome.violations), (OTD_TOO_LONG, 0));
    // SAFETY: NULL for what must not be NULL is part of the interface.
    unsafe {
        assert_eq!(fill(|to| otd_check(ptr::null_mut(), policy, ptr::null(), 0, to)).0, OTD_NULL);
        assert_eq!(fill(|to| otd_check(host.checker, ptr::null(), ptr::null(), 0, to)).0, OTD_NULL);
        assert_eq!(fill(|to| otd_check(host.checker, policy, ptr::null(), 1, to)).0, OTD_NULL);
        assert_eq!(otd_check(host.checker, policy, ptr::null(), 0, ptr::null_mut()), OTD_NULL);
        assert_eq!(fill(|to| otd_check(host.checker, policy, ptr::null(), 0, to)).1.violations, 1);
        otd_policy_free(policy);
        otd_policy_free(ptr::null_mut());
        otd_checker_free(ptr::null_mut());
    }
}

#[test]
fn the_callers_buffer() {
    let host = Checked::new();
    for capacity in [0, 1, NORMALIZED.len(), NORMALIZED.len() + 1, NORMALIZED.len() + 2] {
        let mut buffer = vec![b'#'; capacity];
        let to: *mut c_char = if capacity == 0 { ptr::null_mut() } else { buffer.as_mut_ptr().cast() };
        let (body, len) = (BODY.as_ptr().cast(), BODY.len());
        // SAFETY: in order.
        let (status, outcome) =
            fill(|out| unsafe { otd_check_into(host.checker, host.policy, body, len, to, capacity, out) });
        assert_eq!(text(outcome.normalized), NORMALIZED);
        if capacity > NORMALIZED.len() {
            assert_eq!((status, outcome.normalized.data), (OTD_OK, to.cast_const()));
            assert_eq!(&buffer[..NORMALIZED.len()], NORMALIZED.as_bytes());
        } else {
            assert_eq!(status, OTD_BUFFER_TOO_SMALL);
            assert!(buffer.iter().all(|byte| *byte == b'#'));
        }
    }
}

#[test]
fn a_policy_lives_as_long_as_it_is_used() {
    let host = Checked::new();
    let (policy, outcome) = host.read_policy(POLICY);
    assert_eq!(outcome.accepted, 1);
    // SAFETY: in order; the policy is freed by the host while two checkers use it.
    unsafe {
        let other: *mut Checker = ok(|to| otd_checker_new(to));
        for checker in [host.checker, other] {
            let outcome = ok(|to| otd_check(checker, policy, BAD.as_ptr().cast(), BAD.len(), to));
            assert_eq!(outcome.accepted, 0);
        }
        otd_policy_free(policy);
        let report = ok(|to| otd_report_of(other, BAD.as_ptr().cast(), BAD.len(), to));
        assert!(list(report.violations, report.violations_len).iter().any(|d| !d.channel.data.is_null()));
        otd_checker_free(other);
    }
    let report = host.report(BAD);
    let violations = list(report.violations, report.violations_len);
    assert!(violations.iter().any(|d| !d.channel.data.is_null() && text(d.channel) == "SMS"));
    assert_eq!(host.check(BODY).accepted, 1);
}

#[test]
fn warnings_that_a_policy_refuses_are_violations() {
    let host = Checked::new();
    let (policy, _) = host.read_policy(br#"{"refuse":["insecure_url"]}"#);
    // SAFETY: in order; the policy is freed once.
    let outcome = ok(|to| unsafe { otd_check(host.checker, policy, BODY.as_ptr().cast(), BODY.len(), to) });
    // SAFETY: as above.
    unsafe { otd_policy_free(policy) };
    assert_eq!((outcome.accepted, outcome.violations), (0, 1));
    let report = host.report(BODY);
    assert_eq!((report.violations_len, report.warnings_len), (1, outcome.warnings as usize));
    let violation = list(report.violations, 1)[0];
    assert_eq!((text(violation.name), violation.severity), ("insecure_url", OTD_VIOLATION));
    assert!(list(report.warnings, report.warnings_len).iter().all(|d| d.severity == OTD_WARNING));
    assert_eq!(host.problem(BODY).status, 400);
}

#[test]
fn requests_as_values() {
    let host = Checked::new();
    let outcome = host.check(BODY);
    // SAFETY: all in order, here and below.
    let request: Request = ok(|to| unsafe { otd_request_of(host.checker, BODY.as_ptr().cast(), BODY.len(), to) });
    assert_eq!((text(request.text), text(request.channel_type), text(request.device_address)), ("aé", "WEB", "d"));
    assert_eq!((request.client_id.data, request.attachments_len), (ptr::null(), 1));
    // SAFETY: as above.
    assert_eq!(text(unsafe { *request.attachments }.url), "http://a.example/b");
    assert_eq!(text(outcome.normalized), NORMALIZED);
    // Out of the checker's own views, and back.
    // SAFETY: as above.
    let outcome = ok(|to| unsafe { otd_request_write(host.checker, host.policy, &request, to) });
    assert_eq!(text(outcome.normalized), NORMALIZED);
    // SAFETY: as above.
    let mut request: Request = ok(|to| unsafe { otd_request_of(host.checker, ptr::null(), 0, to) });
    request.channel_type = Str::NONE;
    // SAFETY: as above.
    let outcome = ok(|to| unsafe { otd_request_write(host.checker, host.policy, &request, to) });
    assert_eq!((outcome.accepted, outcome.violations), (0, 1));
    let report = host.report(b"");
    let violation = list(report.violations, report.violations_len)[0];
    assert_eq!(text(violation.pointer), "/clientApplicationDescriptor/channelType");
    assert_eq!((violation.offset, violation.length, violation.line, violation.column), (0, 0, 0, 0));
    // SAFETY: as above.
    let names: Strings = ok(|to| unsafe { otd_policy_channels(host.checker, host.policy, to) });
    // SAFETY: as above.
    let names = unsafe { core::slice::from_raw_parts(names.data, names.len) };
    let expected = outgoing_to_device::Policy::default();
    assert!(names.iter().map(|name| text(*name)).eq(expected.channels().map(|channel| channel.name())));
    // SAFETY: as above.
    let limits = ok(|to| unsafe { otd_policy_limits(host.policy, to) });
    assert_eq!((limits.body, limits.depth, limits.warnings), (1 << 20, 64, 64));
    // SAFETY: as above.
    assert_eq!(unsafe { otd_checker_shrink(host.checker) }, OTD_OK);
    assert_eq!(host.check(BODY).accepted, 1);
}

#[test]
fn policies_heads_and_responses() {
    let host = Checked::new();
    let bad = br#"{"unknownFields":"x","channels":{"VIBE":null}}"#;
    let (policy, outcome) = host.read_policy(bad);
    assert!(policy.is_null() && outcome.violations == 2);
    assert_eq!(host.report(bad).violations_len, 2);
    // SAFETY: all in order.
    unsafe {
        let json = ok(|to| otd_policy_write(host.checker, host.policy, to));
        let json = text(json).as_bytes().to_vec();
        let (policy, _) = host.read_policy(&json);
        assert_eq!(text(ok(|to| otd_policy_write(host.checker, policy, to))).as_bytes(), json);
        otd_policy_free(policy);
        for (write, schema) in [
            (otd_schema_write as Write, Schema::Normalized),
            (otd_input_schema_write, Schema::Input),
            (otd_openapi_write, Schema::OpenApi),
        ] {
            assert_eq!(
                text(ok(|to| write(host.checker, host.policy, to))),
                outgoing_to_device::Policy::default().schema(schema)
            );
        }

        let string = |text: &str| Str { data: text.as_ptr().cast(), len: text.len() };
        let fields = [Field { name: string("content-type"), value: string("text/plain") }];
        let mut head = Head {
            path: Str::NONE,
            method: string("POST"),
            target: string("/"),
            fields: fields.as_ptr(),
            fields_len: 1,
        };
        assert_eq!(ok(|to| otd_check_head(host.checker, host.policy, &head, to)).violations, 3);
        let report = host.report(b"");
        assert_eq!(list(report.violations, report.violations_len)[0].line, 0);
        let reply = host.problem(b"");
        assert_eq!((reply.status, reply.fields_len), (404, 1));
        head.fields_len = isize::MAX as usize;
        assert_eq!(fill(|to| otd_check_head(host.checker, host.policy, &head, to)).0, OTD_TOO_LONG);

        let sent = Response { id: 1, thread_id: 2, client_id: 3, agent_id: 4, client_external_id: string("ё\n") };
        let reply = ok(|to| otd_response_write(host.checker, &sent, to));
        assert_eq!((reply.status, reply.fields_len), (200, 4));
        let json = text(reply.body).as_bytes().to_vec();
        let mut read = MaybeUninit::<Response>::uninit();
        let outcome = ok(|to| otd_response_read(host.checker, json.as_ptr().cast(), json.len(), read.as_mut_ptr(), to));
        let read = read.assume_init();
        assert_eq!((outcome.accepted, read.id, read.agent_id, text(read.client_external_id)), (1, 1, 4, "ё\n"));
    }
}

#[test]
fn every_number_has_a_text() {
    // SAFETY: static texts.
    let c = |text: *const c_char| unsafe { CStr::from_ptr(text) }.to_str().unwrap();
    let mut texts: Vec<&str> = (-1..=OTD_INVALID_COLUMN).map(|status| c(otd_status_text(status))).collect();
    texts.dedup();
    assert_eq!(texts.len(), OTD_INVALID_COLUMN as usize + 2);
    for code in outgoing_to_device::Code::ALL {
        let number = u32::from(code.number());
        assert_eq!(c(otd_code_name(number)), code.as_str());
        assert_eq!(c(otd_code_text(number)), code.meaning());
    }
    let end = outgoing_to_device::Code::ALL.len() as u32;
    for number in [end, 255, 256, u32::MAX] {
        assert!(otd_code_name(number).is_null() && otd_code_text(number).is_null());
    }
    for (number, name) in outgoing_to_device::FIELDS_ABOUT_BYTES.iter().enumerate() {
        assert_eq!(c(otd_field_about_bytes(number as u32)), *name);
    }
    for number in [outgoing_to_device::FIELDS_ABOUT_BYTES.len() as u32, 255, 256, u32::MAX] {
        assert!(otd_field_about_bytes(number).is_null());
    }
    assert_eq!(c(otd_version()), env!("CARGO_PKG_VERSION"));
    assert_eq!(otd_abi_version(), OTD_ABI_VERSION);
    assert_eq!(otd_max_output(usize::MAX), usize::MAX);
}
