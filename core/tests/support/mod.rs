//! What several tests need: an outcome as the conformance object, spelled here once more, from the
//! getters, so that the library's own writer has something to be compared with.
#![allow(dead_code, reason = "each test uses its part")]

pub(crate) mod duplicates;
pub(crate) mod faults;
pub(crate) mod tree;

use outgoing_to_device::{Actual, Diagnostics, Edit, Outcome, Rejection};
use std::fmt::{Display, Write};

/// The outcome object: compact, members in a fixed order.
pub(crate) fn outcome(outcome: &Outcome<'_>) -> String {
    let (warnings, truncated) = (diagnostics(outcome.warnings()), outcome.truncated());
    match outcome {
        Outcome::Accepted(accepted) => {
            let request = String::from_utf8(accepted.request.to_json()).expect("normalized to UTF-8");
            format!(r#"{{"ok":true,"request":{},"warnings":{warnings},"truncated":{truncated}}}"#, quoted(&request))
        }
        Outcome::Rejected(rejected) => {
            let violations = diagnostics(rejected.violations());
            format!(r#"{{"ok":false,"violations":{violations},"warnings":{warnings},"truncated":{truncated}}}"#)
        }
    }
}

/// The faults of a policy or a response.
pub(crate) fn faults(rejected: &Rejection<'_>) -> String {
    diagnostics(rejected.violations())
}

pub(crate) fn diagnostics(list: Diagnostics<'_>) -> String {
    let mut text = String::from("[");
    for diagnostic in list {
        if text.len() > 1 {
            text.push(',');
        }
        let position = diagnostic.position();
        let params = diagnostic.params();
        write!(text, r#"{{"code":"{}","pointer":{}"#, diagnostic.code(), quoted(&diagnostic.pointer().to_string()))
            .unwrap();
        let mut member = |name: &str, value: &dyn Display| write!(text, r#","{name}":{value}"#).unwrap();
        member("offset", &diagnostic.offset());
        member("length", &diagnostic.length());
        member("line", &position.line);
        member("column", &position.column);
        if let Some(span) = diagnostic.related() {
            member("related", &format!(r#"{{"offset":{},"length":{}}}"#, span.offset, span.length));
        }
        if let Some(limit) = params.limit {
            member("limit", &limit);
        }
        match params.actual {
            Some(Actual::Number(number)) => member("actual", &number),
            Some(Actual::Type(json_type)) => member("actual", &quoted(json_type.as_str())),
            None => {}
        }
        for (name, value) in [
            ("expected", params.expected),
            ("channel", params.channel),
            ("suggestion", params.suggestion),
            ("belongs_to", params.belongs_to),
        ] {
            if let Some(value) = value {
                member(name, &quoted(value));
            }
        }
        if let Some(fix) = diagnostic.fix() {
            let edit = |edit: &Edit<'_>| {
                format!(r#"{{"offset":{},"length":{},"text":{}}}"#, edit.offset, edit.length, quoted(edit.text))
            };
            member("fix", &format!("[{}]", fix.edits().iter().map(edit).collect::<Vec<_>>().join(",")));
        }
        text.push('}');
    }
    text.push(']');
    text
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

/// The bytes of standard base64 with padding.
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("not base64"),
    };
    let text = text.trim_end_matches('=');
    let bits = text.bytes().flat_map(|c| (0..6).rev().map(move |bit| digit(c) >> bit & 1)).collect::<Vec<_>>();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}
