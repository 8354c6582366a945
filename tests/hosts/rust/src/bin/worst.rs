//! Worst cases: nanoseconds per byte of each family against the typical request, and how the time
//! grows when the size doubles. `worst [KIB [NAME]]`: the size of a body, 32 KiB if it is not given,
//! and a part of the families' names, all if it is not given.
//!
//! The report is a part of what is measured: every diagnostic is asked for its pointer, position and
//! message, as a problem document asks; where a family says so, for its related place and its fix, too.
//! Ends with status 1 if a family misses its bounds.

use outgoing_to_device::{Checker, OutOfMemory, Outcome, Policy};
use std::time::Instant;

const DESCRIPTOR: &str = r#""clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}"#;
/// The documented MOBILE request.
const TYPICAL: &str = "{\r\n  \"text\" : \"message\",\r\n  \"attachments\" : [ ],\r\n  \"clientApplicationDescriptor\" : \
    {\r\n    \"channelType\" : \"MOBILE\",\r\n    \"clientId\" : \"012-3456-7890-12\",\r\n    \"appMarker\" : \"myApp\",\r\n    \
    \"deviceAddress\" : \"wsfck62auiv00gz14vedivwptm09ahmrhz\"\r\n  }\r\n}";

/// At most this many times the typical request's time per byte, or this many nanoseconds if that is more.
const MOST_TIMES_TYPICAL: f64 = 4.0;
const MOST_PER_BYTE: f64 = 2.5;
/// At most this factor in time for twice the size.
const MOST_GROWTH: f64 = 2.3;

const KEEP: &str = r#"{"unknownFields":"keep"}"#;
const DROP: &str = r#"{"unknownFields":"drop"}"#;
const WIDE: &str = r#"{"limits":{"attachments":1000},"channels":{"WEB":{"text":100000}}}"#;
/// As many national rules as a channel can have, none of which fits a number of the families.
const NATIONAL: &str = r#"{"channels":{"WHATSAPP":{"address":"phone","national":[
    {"prefix":"80","country":"375","length":10},{"prefix":"81","country":"375","length":10},
    {"prefix":"82","country":"375","length":10},{"prefix":"83","country":"375","length":10},
    {"prefix":"84","country":"375","length":10},{"prefix":"85","country":"375","length":10},
    {"prefix":"86","country":"375","length":10},{"prefix":"88","country":"375","length":10}]}}}"#;

/// Repeats what `item` makes of 0, 1, 2… until there are `size` bytes, with commas between.
fn list(size: usize, mut item: impl FnMut(usize) -> String) -> String {
    let mut out = String::new();
    for index in 0.. {
        if out.len() >= size {
            break;
        }
        if index > 0 {
            out.push(',');
        }
        out += &item(index);
    }
    out
}

fn fill(size: usize, piece: &str) -> String {
    piece.repeat(size / piece.len() + 1)
}

fn text(text: &str) -> String {
    format!(r#"{{"text":"{text}",{DESCRIPTOR}}}"#)
}

fn attachments(items: &str) -> String {
    format!(r#"{{"text":"m","attachments":[{items}],{DESCRIPTOR}}}"#)
}

fn address(channel: &str, address: &str) -> String {
    format!(r#"{{"text":"m","clientApplicationDescriptor":{{"channelType":"{channel}","deviceAddress":"{address}"}}}}"#)
}

fn members(members: &str) -> String {
    format!(r#"{{"text":"m",{members},{DESCRIPTOR}}}"#)
}

/// A body of those members, with neither text nor descriptor.
fn only(members: &str) -> String {
    format!("{{{members}}}")
}

/// Attachments of this member each.
fn each(size: usize, member: &str) -> String {
    attachments(&list(size, |_| format!("{{{member}}}")))
}

type Family = (&'static str, &'static str, fn(usize) -> String);

/// What is to be slow: a name, a policy, and a body of about so many bytes.
const FAMILIES: &[Family] = &[
    ("plain text", WIDE, |n| text(&fill(n, "message "))),
    ("text of two-byte characters", WIDE, |n| text(&fill(n, "привет "))),
    ("text of four-byte characters", WIDE, |n| text(&fill(n, "😀"))),
    ("text of short escapes", WIDE, |n| text(&fill(n, r"\n"))),
    ("text of CRLF escapes", WIDE, |n| text(&fill(n, r"\r\n"))),
    ("text of \\u escapes", WIDE, |n| text(&fill(n, r"\u00e9"))),
    ("text of surrogate pairs", WIDE, |n| text(&fill(n, r"\ud83d\ude00"))),
    ("text of lone surrogates", WIDE, |n| text(&fill(n, r"\ud83d"))),
    ("text that alternates escapes", WIDE, |n| text(&fill(n, r#"a\""#))),
    ("white space", "{}", |n| format!("{{{}\"text\":\"m\",{DESCRIPTOR}}}", " ".repeat(n))),
    ("lines", "{}", |n| format!("{{{}\"text\":1,{DESCRIPTOR}}}", "\n".repeat(n))),
    ("alternating white space", "{}", |n| members(&format!("\"x\":[{}]", fill(n, " \n1\t,")).replace(",]", "]"))),
    ("nesting, arrays", "{}", |n| {
        members(&format!("\"x\":[{}]", list(n, |_| format!("{}{}", "[".repeat(60), "]".repeat(60)))))
    }),
    ("nesting, objects", DROP, |n| {
        members(&format!("\"x\":[{}]", list(n, |_| format!("{}1{}", r#"{"":"#.repeat(60), "}".repeat(60)))))
    }),
    ("brackets that never close", "{}", |n| "[".repeat(n)),
    ("long keys", "{}", |n| members(&format!("\"{}\":1", "k".repeat(n)))),
    ("unknown keys, refused", "{}", |n| members(&list(n, |i| format!("\"key{i}\":1")))),
    ("unknown keys, dropped", DROP, |n| members(&list(n, |i| format!("\"key{i}\":1")))),
    ("unknown keys, kept", KEEP, |n| members(&list(n, |i| format!("\"key{i}\":1")))),
    ("unknown keys that share a long prefix, kept", KEEP, |n| {
        members(&list(n, |i| format!("\"{}{i}\":1", "prefix".repeat(20))))
    }),
    ("unknown keys of one letter more", "{}", |n| members(&list(n, |_| r#""texxt":1"#.to_owned()))),
    ("unknown keys in escapes, kept", KEEP, |n| members(&list(n, |i| format!(r#""\u006bey{i}":1"#)))),
    ("one key repeated, kept", KEEP, |n| members(&list(n, |_| r#""k":1"#.to_owned()))),
    ("repeated fields", "{}", |n| members(&list(n, |_| r#""text":"m""#.to_owned()))),
    ("repeated fields in escapes", "{}", |n| members(&list(n, |_| r#""\u0074ext":"m""#.to_owned()))),
    ("keys with lone surrogates", "{}", |n| members(&list(n, |i| format!(r#""\ud800{i}":1"#)))),
    ("lone surrogates everywhere", "{}", |n| members(&format!("\"x\":[{}]", list(n, |_| r#""\ud800""#.to_owned())))),
    ("deep lone surrogates under long keys", WIDE, |n| {
        let key = "k".repeat(64);
        members(&format!(
            "\"x\":[{}]",
            list(n, |_| { format!("{}\"\\ud800\"{}", format!("{{\"{key}\":").repeat(20), "}".repeat(20)) })
        ))
    }),
    ("attachments of another type", WIDE, |n| attachments(&list(n, |_| "1".to_owned()))),
    ("attachments without a url", WIDE, |n| attachments(&list(n, |_| "{}".to_owned()))),
    ("attachments with everything wrong", WIDE, |n| {
        attachments(&list(n, |_| r#"{"url":"ftp://a","name":"a/","type":"a","size":-1,"sise":1}"#.to_owned()))
    }),
    ("attachments that warn", WIDE, |n| attachments(&list(n, |_| r#"{"url":"http://a/"}"#.to_owned()))),
    ("long IRIs", WIDE, |n| {
        attachments(&list(n, |_| format!(r#"{{"url":"https://a/{}","name":"a.b"}}"#, "é%41".repeat(900))))
    }),
    ("media types with many parameters", WIDE, |n| {
        attachments(&list(n, |_| format!(r#"{{"url":"https://a","type":"A/B{}"}}"#, ";A=b".repeat(60))))
    }),
    ("long numbers", "{}", |n| {
        attachments(&format!(r#"{{"url":"https://a/","name":"a.b","size":{}}}"#, "9".repeat(n)))
    }),
    ("long fractions", "{}", |n| {
        attachments(&format!(
            r#"{{"url":"https://a/","name":"a.b","size":0.{}e{}}}"#,
            "0".repeat(n / 2),
            "9".repeat(n / 2)
        ))
    }),
    ("an address of separators", "{}", |n| address("WHATSAPP", &fill(n, "\u{2010}"))),
    ("an address of white space", "{}", |n| address("WHATSAPP", &fill(n, "\u{2003}"))),
    ("an address of labels", "{}", |n| address("EMAIL", &format!("a@{}", fill(n, "b.")))),
    ("an unknown channel of many letters", "{}", |n| address(&"VIBERPA".repeat(n / 7), "d")),
    ("text of invisible characters", WIDE, |n| text(&fill(n, "\u{200B}"))),
    ("names of invisible characters", WIDE, |n| {
        attachments(&list(n, |_| format!(r#"{{"url":"https://a.example/","name":"{}"}}"#, "\u{200B}".repeat(300))))
    }),
    ("an address of invisible characters", "{}", |n| {
        address("WHATSAPP", &format!("+7{}9001234567", fill(n, "\u{200B}")))
    }),
    ("an address of brackets and decimals", "{}", |n| address("WHATSAPP", &format!("7.{}0", fill(n, "(\u{200B}")))),
    ("an address of an 8 and a slash", "{}", |n| address("WHATSAPP", &format!("8{}495/1234567", fill(n, "\u{2010} ")))),
    ("a national number of separators", NATIONAL, |n| address("WHATSAPP", &format!("8{}9001234567", fill(n, "-")))),
    ("a national number of dashes", NATIONAL, |n| address("WHATSAPP", &format!("87{}001234567", fill(n, "\u{2010}")))),
    ("private hosts, addresses", WIDE, |n| {
        attachments(&list(n, |i| format!(r#"{{"url":"https://[::ffff:10.0.{}.1]/a.b"}}"#, i % 256)))
    }),
    ("private hosts, names", WIDE, |n| {
        attachments(&list(n, |_| format!(r#"{{"url":"https://{}home.arpa/a.b"}}"#, "a.".repeat(1900))))
    }),
    ("IRIs of unescaped characters", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/{}","name":"a.b""#, "a[".repeat(1900)))
    }),
    ("IRIs that alternate other letters", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/{}","name":"a.b""#, "aé".repeat(1300)))
    }),
    ("names of encoded words", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/","name":"{}""#, "=?a?q?a?= ".repeat(99)))
    }),
    ("unknown keys of separators", "{}", |n| members(&list(n, |_| format!("\"{}\":1", "_".repeat(64))))),
    ("unknown keys of a letter and separators", "{}", |n| members(&list(n, |_| format!("\"m{}\":1", "_".repeat(63))))),
    ("unknown keys that belong elsewhere", "{}", |n| members(&list(n, |_| r#""PRIORITY":1"#.to_owned()))),
    ("unknown keys of one letter wrong", "{}", |n| only(&list(n, |_| r#""clientApplicationDescriptr":1"#.to_owned()))),
];

/// The same, where the related place and the fix of every diagnostic are asked for, too.
const WITH_FIXES: &[Family] = &[
    ("fix: unknown keys of one letter more", "{}", |n| only(&list(n, |_| r#""texxt":1"#.to_owned()))),
    ("fix: attachments of unknown keys", WIDE, |n| each(n, r#""urll":"","nmae":"","tipe":"","syze":"""#)),
    ("fix: unknown keys behind a long value", "{}", |n| {
        only(&format!("\"x\":[{}],{}", fill(n, "1,") + "1", list(900, |_| r#""texxt":1"#.to_owned())))
    }),
    ("fix: a long value repeated", "{}", |n| {
        members(&format!("\"attachments\":[{}1],{}", fill(n, "1,"), list(900, |_| r#""attachments":1"#.to_owned())))
    }),
    ("fix: repeated fields", "{}", |n| members(&list(n, |_| r#""text":"m""#.to_owned()))),
    ("fix: control characters", WIDE, |n| text(&fill(n, "message \u{7F}"))),
    ("fix: numbers in the place of strings", WIDE, |n| each(n, r#""url":1,"name":1,"type":1,"size":"1""#)),
    ("fix: a comma too many", "{}", |n| only(&format!("\"x\":[{}]", fill(n, "1,")))),
    ("fix: Name <address>", "{}", |n| address("EMAIL", &format!("{}<a@b.ru>", fill(n, "Name ")))),
    ("fix: an address in marks", "{}", |n| address("EMAIL", &format!("'{}'", fill(n, ";,.")))),
    ("fix: bracketed zeros", "{}", |n| address("WHATSAPP", &fill(n, "(0)7"))),
    ("fix: an address of separators", "{}", |n| address("WHATSAPP", &format!("7{}x", fill(n, "\u{2010}")))),
    ("fix: a number of spaces", r#"{"channels":{"TELEGRAM":{"address":"numeric"}}}"#, |n| {
        address("TELEGRAM", &fill(n, "1 \u{A0}"))
    }),
    ("fix: names that are paths", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/","name":"{}""#, "a/\u{202E}".repeat(190)))
    }),
    ("fix: IRIs of unescaped characters", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/{}","name":"a.b""#, "a[".repeat(1900)))
    }),
    ("fix: IRIs of spaces", WIDE, |n| {
        each(n, &format!(r#""url":"https://a.ru/{} ","name":"a.b""#, "é%20".repeat(900)))
    }),
];

/// What is asked of an outcome.
type Ask = fn(Outcome<'_>, &mut Vec<u8>) -> Result<(), OutOfMemory>;

/// The normalized request, or the problem document.
fn answer(outcome: Outcome<'_>, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    match outcome {
        Outcome::Accepted(accepted) => accepted.request.write(out),
        Outcome::Rejected(rejected) => rejected.write_problem(out),
    }
}

/// All that there is.
fn everything(outcome: Outcome<'_>, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    outcome.write_json(out)
}

/// The least time of a check and what is asked then, in nanoseconds.
fn measure(policy: &Policy, body: &[u8], ask: Ask, out: &mut Vec<u8>) -> f64 {
    let mut checker = Checker::new();
    let mut run = |times: u32| {
        let begin = Instant::now();
        for _ in 0..times {
            out.clear();
            ask(checker.check(policy, std::hint::black_box(body)), out).expect("memory");
            std::hint::black_box(&out);
        }
        begin.elapsed().as_nanos() as f64 / f64::from(times)
    };
    run(1);
    // Small bodies are measured many at a time, for the clock's sake; about 20 ms for each body.
    let times = (5e3 / run(1)).ceil() as u32;
    let rounds = (2e7 / run(times) / f64::from(times)).clamp(5.0, 10_000.0) as usize;
    (0..rounds).map(|_| run(times)).fold(f64::INFINITY, f64::min)
}

fn main() {
    let kib = std::env::args().nth(1).map_or(32, |kib| kib.parse().expect("a number of KiB"));
    let named = std::env::args().nth(2).unwrap_or_default();
    let mut out = Vec::new();
    let typical = measure(&Policy::default(), TYPICAL.as_bytes(), answer, &mut out) / TYPICAL.len() as f64;
    println!("typical request: {} bytes, {typical:.2} ns a byte", TYPICAL.len());
    println!("{:46} {:>8} {:>8} {:>8} {:>9} {:>8}", "family", "bytes", "ns/byte", "typical", "t(2n)/t(n)", "report");
    let mut missed = 0;
    let with = |ask: Ask| move |family: &Family| (*family, ask);
    let families = FAMILIES.iter().map(with(answer)).chain(WITH_FIXES.iter().map(with(everything)));
    let families = families.filter(|((name, ..), _)| name.contains(&named));
    for ((name, policy, body), ask) in families.clone() {
        let policy = Policy::from_json(policy.as_bytes()).expect("a policy");
        let (one, two) = (body(kib << 10), body(kib << 11));
        let [first, second] = [&one, &two].map(|body| measure(&policy, body.as_bytes(), ask, &mut out));
        let per_byte = (first / one.len() as f64).max(second / two.len() as f64);
        // Per doubling of the size, whatever the sizes came out as.
        let growth = second / first * 2.0 * one.len() as f64 / two.len() as f64;
        let misses = per_byte > MOST_PER_BYTE.max(MOST_TIMES_TYPICAL * typical) || growth > MOST_GROWTH;
        missed += u32::from(misses);
        println!(
            "{name:46} {:8} {per_byte:8.2} {:7.2}x {growth:9.2} {:8}{}",
            one.len(),
            per_byte / typical,
            out.len(),
            if misses { "  missed" } else { "" }
        );
    }
    println!("worst: {} passed, {missed} failed", families.count() as u32 - missed);
    std::process::exit(i32::from(missed > 0));
}
