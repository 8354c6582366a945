//! The C interface: it says what the library says, in its own buffers and in the caller's.
#![no_main]

use outgoing_to_device::{Checker, Outcome as Said, Policy as Rules, Request, UnknownFields};
use outgoing_to_device_ffi as c;
use std::ffi::c_char;
use std::ptr;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else { return };
    let capacity = usize::from(choice >> 1);
    // SAFETY: as the header says: handles are ours and freed once, memory is what its length says,
    // and views are looked at before the next call.
    unsafe {
        let mut checker = ptr::null_mut();
        assert_eq!(c::otd_checker_new(&mut checker), c::OTD_OK);
        // A policy and a body, or a body alone.
        match data.iter().position(|byte| *byte == 0xFF) {
            Some(end) if choice & 1 == 1 => read(checker, &data[..end], &data[end + 1..], capacity),
            _ => DEFAULT.with(|(policy, rules)| check(checker, *policy, rules, data, capacity)),
        }
        c::otd_checker_free(checker);
    }
});

thread_local! {
    /// Made once: to read and write it takes longer than most bodies do.
    static DEFAULT: (*const c::Policy, Rules) = {
        let mut policy = ptr::null_mut();
        // SAFETY: as the header says; the policy is never freed.
        assert_eq!(unsafe { c::otd_policy_default(&mut policy) }, c::OTD_OK);
        (policy, Rules::default())
    };
}

/// The bytes of a string that the library gave, with the NUL behind them.
unsafe fn text<'a>(text: c::Str) -> &'a str {
    assert!(!text.data.is_null());
    // SAFETY: as the header promises, one NUL stands behind the bytes.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.len + 1) };
    assert_eq!(bytes[text.len], 0);
    std::str::from_utf8(&bytes[..text.len]).expect("UTF-8")
}

unsafe fn read(checker: *mut c::Checker, json: &[u8], body: &[u8], capacity: usize) {
    unsafe {
        let mut policy = ptr::null_mut();
        let mut outcome = std::mem::zeroed::<c::Outcome>();
        let mut report = std::mem::zeroed::<c::Report>();
        let status = c::otd_policy_read(checker, json.as_ptr().cast(), json.len(), &mut policy, &mut outcome);
        assert_eq!(status, c::OTD_OK);
        let rules = Rules::from_json(json);
        assert_eq!(rules.is_ok(), !policy.is_null());
        assert_eq!(c::otd_report_of(checker, json.as_ptr().cast(), json.len(), &mut report), c::OTD_OK);
        match &rules {
            Ok(rules) => {
                let mut written = std::mem::zeroed::<c::Str>();
                assert_eq!(c::otd_policy_write(checker, policy, &mut written), c::OTD_OK);
                assert_eq!(text(written), rules.to_json());
                check(checker, policy, rules, body, capacity);
            }
            Err(faults) => {
                assert_eq!(report.violations_len, faults.violations.len());
                for (i, fault) in faults.violations.iter().enumerate() {
                    same(&*report.violations.add(i), fault);
                }
            }
        }
        c::otd_policy_free(policy);
    }
}

unsafe fn check(checker: *mut c::Checker, policy: *const c::Policy, rules: &Rules, body: &[u8], capacity: usize) {
    unsafe {
        let mut outcome = std::mem::zeroed::<c::Outcome>();
        let mut report = std::mem::zeroed::<c::Report>();
        let mut reply = std::mem::zeroed::<c::Reply>();
        // Bytes of exactly the given length, so that an over-read shows.
        let exact = body.to_vec().into_boxed_slice();
        let (at, len) = (exact.as_ptr().cast(), exact.len());
        assert_eq!(c::otd_check(checker, policy, at, len, &mut outcome), c::OTD_OK);
        let mut own = Checker::new();
        let said = own.check(rules, body);
        assert_eq!(outcome.accepted == 1, said.is_accepted());
        assert_eq!(outcome.truncated == 1, said.truncated());
        assert_eq!(outcome.violations as usize, said.violations().len());
        assert_eq!(outcome.warnings as usize, said.warnings().len());
        if let Said::Accepted(accepted) = &said {
            assert_eq!(text(outcome.normalized).as_bytes(), accepted.request.to_json());
        }
        assert_eq!(c::otd_report_of(checker, at, len, &mut report), c::OTD_OK);
        for (found, expected, count) in [
            (report.violations, said.violations().to_vec(), report.violations_len),
            (report.warnings, said.warnings().to_vec(), report.warnings_len),
        ] {
            assert_eq!(count, expected.len());
            for (i, expected) in expected.iter().enumerate() {
                same(&*found.add(i), expected);
                let mut fix = std::mem::zeroed::<c::Fix>();
                assert_eq!(c::otd_fix_of(checker, at, len, found.add(i), &mut fix), c::OTD_OK);
                let edits = (0..fix.edits_len).map(|i| &*fix.edits.add(i));
                let edits = edits.map(|edit| (edit.offset, edit.length, text(edit.text)));
                assert!(edits.eq(expected.fix.iter().map(|edit| (edit.offset, edit.length, edit.text.as_str()))));
            }
        }
        let mut request = std::mem::zeroed::<c::Request>();
        let status = c::otd_request_of(checker, at, len, &mut request);
        if let Said::Accepted(accepted) = &said {
            assert_eq!(status, c::OTD_OK);
            values(&request, &accepted.request);
            // Written anew it is the same, but for what only a body has.
            let normalized = accepted.request.to_json();
            if rules.unknown_fields() != UnknownFields::Keep && normalized.len() <= rules.limits().body as usize {
                assert_eq!(c::otd_request_write(checker, policy, &request, &mut outcome), c::OTD_OK);
                assert_eq!(text(outcome.normalized).as_bytes(), normalized);
                assert_eq!(c::otd_check(checker, policy, at, len, &mut outcome), c::OTD_OK);
            }
        } else {
            assert_eq!(status, c::OTD_NOT_ACCEPTED);
        }
        let status = c::otd_problem_of(checker, at, len, &mut reply);
        if let Said::Rejected(rejected) = &said {
            assert_eq!(status, c::OTD_OK);
            let mut problem = Vec::new();
            rejected.write_problem(&mut problem).expect("memory");
            assert_eq!(text(reply.body).as_bytes(), problem);
            assert_eq!(reply.status, u32::from(rejected.status()));
        } else {
            assert_eq!(status, c::OTD_NOT_REJECTED);
        }
        // Into buffers that are too small, just right, and large enough.
        if let Said::Accepted(accepted) = &said {
            let normalized = accepted.request.to_json();
            for capacity in [capacity, normalized.len(), normalized.len() + 1, c::otd_max_output(len)] {
                let mut buffer = vec![0xAA_u8; capacity].into_boxed_slice();
                let at_buffer = buffer.as_mut_ptr().cast::<c_char>();
                let status = c::otd_check_into(checker, policy, at, len, at_buffer, capacity, &mut outcome);
                assert_eq!(outcome.normalized.len, normalized.len());
                if capacity > normalized.len() {
                    assert_eq!(status, c::OTD_OK);
                    assert!(buffer.starts_with(&normalized) && buffer[normalized.len()] == 0);
                } else {
                    assert_eq!(status, c::OTD_BUFFER_TOO_SMALL);
                    assert!(buffer.iter().all(|byte| *byte == 0xAA));
                }
            }
        }
    }
}

unsafe fn values(found: &c::Request, expected: &Request<'_>) {
    unsafe {
        assert_eq!(text(found.text), expected.text());
        assert_eq!(text(found.channel_type), expected.channel_type());
        assert_eq!(optional(found.client_id), expected.client_id());
        assert_eq!(optional(found.unauthorized_client_id), expected.unauthorized_client_id());
        assert_eq!(optional(found.app_marker), expected.app_marker());
        assert_eq!(text(found.device_address), expected.device_address());
        assert_eq!(found.attachments_len, expected.attachments().len());
        for (i, expected) in expected.attachments().enumerate() {
            let found = &*found.attachments.add(i);
            assert_eq!(text(found.url), expected.url());
            assert_eq!(optional(found.name), expected.name());
            assert_eq!(optional(found.media_type), expected.media_type());
            assert_eq!((found.has_size == 1).then_some(found.size), expected.size());
        }
    }
}

/// A string that may be absent.
unsafe fn optional<'a>(found: c::Str) -> Option<&'a str> {
    // SAFETY: the same.
    unsafe { (!found.data.is_null()).then(|| text(found)) }
}

unsafe fn same(found: &c::Diagnostic, expected: &outgoing_to_device::DiagnosticBuf) {
    unsafe {
        let optional = |found: c::Str| optional(found).map(str::to_owned);
        assert_eq!(text(found.name), expected.code.as_str());
        assert_eq!(text(found.message), expected.message);
        assert_eq!(text(found.pointer), expected.pointer);
        assert_eq!((found.offset, found.length), (expected.offset, expected.length));
        assert_eq!((found.line, found.column), (expected.line, expected.column));
        assert_eq!(optional(found.expected), expected.expected);
        assert_eq!(optional(found.channel), expected.channel);
        assert_eq!(optional(found.suggestion), expected.suggestion);
        assert_eq!(optional(found.belongs_to), expected.belongs_to);
    }
}
