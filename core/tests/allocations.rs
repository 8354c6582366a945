//! Once its buffers have grown, a checker allocates nothing: not for what it accepts, not for what
//! it refuses, not for what is written of either.

use outgoing_to_device::{Checker, Outcome, Policy};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
}

// SAFETY: everything is passed on to the system's allocator; the counter does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as our caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: as our caller promises.
        unsafe { System.realloc(ptr, layout, new_size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as our caller promises.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The documented requests, from the vectors.
fn documented(id: &str) -> Vec<u8> {
    let lines = include_str!("../../tests/vectors/documented.jsonl").lines();
    let mut vectors = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let vector = vectors.find(|vector| vector["id"] == id).expect("the vector");
    vector["body"].as_str().expect("text").as_bytes().to_vec()
}

/// 17 KB with escapes in every string and ten attachments.
fn large() -> Vec<u8> {
    let text = r#"\u041f\u0440\u0438\u0432\u0435\u0442 \"мир\"\r\n\ud83d\ude00 "#.repeat(60);
    let attachment = |i| {
        format!(
            r#"{{"url": "https:\/\/files.example\/{i}?{}", "name": "снимок \u0031{}.jpg", "type": "image\/jpg", "size": 2.56e2}}"#,
            "q".repeat(1_000),
            "n".repeat(200)
        )
    };
    let attachments: Vec<String> = (0..10).map(attachment).collect();
    let body = format!(
        r#"{{"text": "{text}", "attachments": [{}], "applicationDescriptor": {{"channelType": "whatsapp", "clientId": " \u0063 ", "deviceAddress": "+7 (900) 000-00-00"}}}}"#,
        attachments.join(",\n")
    );
    assert!((17_000..18_000).contains(&body.len()), "{}", body.len());
    body.into_bytes()
}

const FIVE_VIOLATIONS: &str = r#"{"text": 5, "tetx": "m", "attachments": [{"url": "ftp://a/", "size": -1}],
    "clientApplicationDescriptor": {"channelType": "FAX", "deviceAddress": "d"}}"#;

struct Case {
    name: &'static str,
    body: Vec<u8>,
    violations: usize,
}

#[test]
fn a_warm_checker_allocates_nothing() {
    let policy = Policy::default();
    let case = |name, body, violations| Case { name, body, violations };
    let cases = [
        case("WhatsApp", documented("documented/whatsapp"), 0),
        case("MOBILE", documented("documented/mobile"), 0),
        case("17 KB", large(), 0),
        case("five violations", FIVE_VIOLATIONS.into(), 5),
        case("64 of 100 violations", format!(r#"{{"attachments":[{}]}}"#, ["1"; 100].join(",")).into(), 64),
        case("not JSON", b"{".to_vec(), 1),
    ];
    let mut checker = Checker::new();
    let (mut request, mut report, mut shown) = (Vec::new(), Vec::new(), String::new());
    for case in &cases {
        let mut run = || {
            request.clear();
            report.clear();
            shown.clear();
            let before = ALLOCATIONS.get();
            match checker.check(&policy, &case.body) {
                Outcome::Accepted(accepted) => {
                    assert_eq!(case.violations, 0, "{}", case.name);
                    accepted.request.write(&mut request).expect("memory");
                    for warning in accepted.warnings() {
                        write!(shown, "{warning} {:?}", warning.position()).expect("memory");
                    }
                }
                Outcome::Rejected(rejected) => {
                    assert_eq!(rejected.violations().len(), case.violations, "{}", case.name);
                    rejected.write_problem(&mut report).expect("memory");
                    for violation in rejected.violations() {
                        write!(shown, "{violation} {:?}", violation.position()).expect("memory");
                    }
                }
            }
            ALLOCATIONS.get() - before
        };
        let (cold, warm) = (run(), run());
        assert_eq!(warm, 0, "{}: {cold} allocations at first, {warm} after", case.name);
    }
    // All of them once more, one after another.
    let before = ALLOCATIONS.get();
    let accepted = cases.iter().filter(|case| checker.check(&policy, &case.body).is_accepted()).count();
    assert_eq!((accepted, ALLOCATIONS.get() - before), (3, 0));
    // The counter does count.
    let before = ALLOCATIONS.get();
    drop(std::hint::black_box(vec![1_u8]));
    assert_eq!(ALLOCATIONS.get() - before, 1);
}
