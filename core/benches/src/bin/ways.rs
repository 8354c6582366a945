//! Small bodies, each for a short way through the library: instructions there show whether it is still taken. A program
//! of its own, so that what it asks for does not change what the compiler makes of the other measurements.
//!
//! Checks each body once in `counted`, and says their names in that order. core/benches/ways has callgrind count.

use benches::ours::Asked;
use outgoing_to_device::{Checker, Lines, Outcome, Policy};
use std::hint::black_box;

/// A name for what is measured, how it is asked for, and a body, much of which is about it: the rest costs the same
/// either way.
struct Way {
    name: String,
    policy: String,
    asked: Asked,
    body: Vec<u8>,
}

impl Way {
    /// Without what writing the request costs.
    fn verdict(name: &str, body: impl Into<Vec<u8>>) -> Way {
        Way { asked: Asked::Verdict, ..Way::output(name, body) }
    }

    fn output(name: &str, body: impl Into<Vec<u8>>) -> Way {
        Way { name: name.into(), policy: "{}".into(), asked: Asked::Output, body: body.into() }
    }
}

fn main() {
    for way in white_space().into_iter().chain(texts()).chain(addresses()).chain(attachments()).chain(diagnostics()) {
        let policy = way.policy.parse().expect("a policy");
        let (mut checker, mut out) = (Checker::new(), Vec::new());
        // Until no buffer grows any more.
        for _ in 0..3 {
            check(&mut checker, &policy, &way, &mut out);
        }
        counted(&mut checker, &policy, &way, &mut out);
        println!("{}", way.name);
    }
}

/// What callgrind collects: nothing but this.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn counted(checker: &mut Checker, policy: &Policy, way: &Way, out: &mut Vec<u8>) {
    check(checker, policy, way, out);
}

#[inline(never)]
fn check(checker: &mut Checker, policy: &Policy, way: &Way, out: &mut Vec<u8>) {
    out.clear();
    let outcome = checker.check(policy, black_box(&way.body));
    if way.asked >= Asked::Output
        && let Outcome::Accepted(accepted) = &outcome
    {
        let _ = accepted.request.write(out);
    }
    if way.asked >= Asked::Findings {
        let mut lines = Lines::new(&way.body);
        for diagnostic in outcome.violations().chain(outcome.warnings()) {
            out.push(diagnostic.code().number());
            let _ = diagnostic.pointer().write(out);
            if way.asked == Asked::Words {
                black_box(lines.position(diagnostic.offset()));
                let _ = diagnostic.message().write(out);
            }
        }
    }
    black_box(outcome.is_accepted());
}

fn white_space() -> Vec<Way> {
    let minified = request("a", "", "b");
    let indented = |end: &str, indent: &str| {
        let mut level = 0;
        let mut out = String::new();
        for c in minified.chars() {
            let line = |level: usize| format!("{end}{}", indent.repeat(level));
            match c {
                '{' => {
                    level += 1;
                    out += &format!("{{{}", line(level));
                }
                '}' => {
                    level -= 1;
                    out += &format!("{}}}", line(level));
                }
                ',' => out += &format!(",{}", line(level)),
                ':' => out += ": ",
                _ => out.push(c),
            }
        }
        out
    };
    vec![
        Way::verdict("white space: none", minified.clone()),
        Way::output("white space: LF and spaces", indented("\n", "  ")),
        Way::output("white space: CR LF and tabs", indented("\r\n", "\t")),
        Way::output("white space: a space here and there", minified.replace(':', ": ").replace(',', ", ")),
        Way::verdict(
            "white space: around values",
            request("a", &files(|_| r#""url":" https://a.b/c ""#.into()), " b "),
        ),
    ]
}

fn texts() -> Vec<Way> {
    let russian = "Съешь же ещё этих мягких булок, да выпей чаю. ".repeat(20);
    let escaped: String = russian.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let text = |name: &str, text: &str| Way::output(&format!("text: {name}"), request(text, "", "b"));
    let english = "The quick brown fox jumps over the lazy dog. ".repeat(40);
    // No byte of UTF-8.
    let mut spoilt = request(&format!("{english}#"), "", "b").into_bytes();
    spoilt.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0xFF);
    vec![
        text("English", &english),
        text("English with an escape", &format!("{english}\\n")),
        text("English with a Russian letter", &format!("{english}я")),
        Way::output("text: English, ill-formed at its end", spoilt),
        text("without spaces", &"abcdefgh".repeat(200)),
        text("Russian", &russian),
        text("Russian in escapes", &escaped),
        text("LF in escapes", &"line\\n".repeat(200)),
        text("CR LF in escapes", &"line\\r\\n".repeat(200)),
        text("quotes", &"a \\\"word\\\" or two, ".repeat(60)),
        text("as long as can be", &"a".repeat(2_000)),
    ]
}

fn addresses() -> Vec<Way> {
    let all = [
        ("digits", "WHATSAPP", "79161234567"),
        ("plus and digits", "WHATSAPP", "+79161234567"),
        ("brackets and dashes", "WHATSAPP", "+7 (916) 123-45-67"),
        ("dots", "WHATSAPP", "7.916.123.45.67"),
        ("a zero at the end", "WHATSAPP", "+7 916 123-45-60"),
        ("of 32 characters", "WHATSAPP", "7 - 916 ---- 123 ---- 45 ---- 67"),
        ("national form", "WHATSAPP", "8 916 123-45-67"),
        ("e-mail", "EMAIL", "somebody.of.us@mail.example.com"),
        ("token", "MOBILE", "wsfck62auiv00gz14vedivwptm09ahmrhz"),
    ];
    let way = |(name, channel, address): (&str, &str, &str)| {
        Way::verdict(&format!("address: {name}"), request("a", "", address).replace("WEB", channel))
    };
    all.into_iter().map(way).collect()
}

fn attachments() -> Vec<Way> {
    let way = |name: &str, members: &dyn Fn(usize) -> String| {
        Way::verdict(&format!("attachments: {name}"), request("a", &files(members), "b"))
    };
    let behind = |more: &'static str| move |_: usize| format!(r#""url":"https://a.b/c",{more}"#);
    vec![
        way("URLs", &|i| format!(r#""url":"https://files.example.com/some/folder/of-ours/{i}.png""#)),
        way("URLs with a query", &|i| format!(r#""url":"https://a.b/c%20d?id={i}&%D1%84=%D0%B0%D0%B9%D0%BB#top""#)),
        way("URLs with _ and ~", &|i| format!(r#""url":"https://a.b/~of_us/a_long_name_of_a_file_{i}.png""#)),
        way("URLs as long as can be", &|_| format!(r#""url":"https://a.b/{}""#, "a".repeat(4_000 - 12))),
        way("URLs, percent-encoded", &|i| {
            format!(r#""url":"https://a.b/%D1%84%D0%B0%D0%B9%D0%BB/%D1%84%D0%B0%D0%B9%D0%BB{i}""#)
        }),
        way("URLs in Russian", &|i| format!(r#""url":"https://пример.рф/папка/файл-{i}""#)),
        way("URLs of IPv6", &|i| format!(r#""url":"https://[2a00:1450:4010:c0f::{i}]/a""#)),
        way("names", &behind(r#""name":"photo of us, the last.png""#)),
        way("names in Russian", &|_| format!(r#""url":"https://a.b/c","name":"{}.png""#, "новая «папка» ".repeat(20))),
        way("names in Russian, escaped", &|_| {
            format!(r#""url":"https://a.b/c","name":"{}.png""#, r#"новая \"папка\" "#.repeat(20))
        }),
        way("names as long as can be", &|_| format!(r#""url":"https://a.b/c","name":"{}""#, "a".repeat(1_000))),
        way("media types", &behind(r#""type":"image/png""#)),
        way("media types with parameters", &behind(r#""type":"video/webm;codecs=vp9;q=1""#)),
        way("sizes", &behind(r#""size":1234567"#)),
        way("sizes of 16 digits", &behind(r#""size":9007199254740991"#)),
    ]
}

fn diagnostics() -> Vec<Way> {
    let members = |count: usize, name: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (0..count).map(|i| format!(r#""{}":{i},"#, name(i))).collect();
        all.concat()
    };
    let way = |name: &str, body: String| Way::output(&format!("diagnostics: {name}"), body);
    let findings = |name: &str, body| Way { asked: Asked::Findings, ..way(name, body) };
    let words = |name: &str, body| Way { asked: Asked::Words, ..way(name, body) };
    let descriptor = r#""clientApplicationDescriptor":{"channelType":1,"clientId":2,"appMarker":3,"deviceAddress":4}}"#;
    let unknown = |name: &dyn Fn(usize) -> String| request("a", &members(30, name), "b");
    let kept = |name: &str, body| Way { policy: r#"{"unknownFields":"keep"}"#.into(), ..findings(name, body) };
    let channels: Vec<String> = (0..200).map(|i| format!(r#""CHANNEL_{i}":{{}}"#)).collect();
    vec![
        findings("in attachments", request("a", &files(|i| format!(r#""url":{i}"#)), "b")),
        findings("in place of attachments", request("a", r#""attachments":[0,1,2,3,4,5,6,7,8,9],"#, "b")),
        findings("in the descriptor", format!(r#"{{"text":"a",{descriptor}"#)),
        findings("more than are kept", request("a", &members(400, &|i| format!("unknown{i}-{}", "a".repeat(50))), "b")),
        words("in attachments, with words", request("a", &files(|i| format!(r#""url":{i}"#)), "b")),
        words(
            "at one place, with words",
            format!(r#"{{"text":"a",{}"clientApplicationDescriptor":{{}}}}"#, " ".repeat(9_999)),
        ),
        words("unknown channel", request("a", "", "b").replace("WEB", "TELEGRAMM")),
        Way {
            policy: format!(r#"{{"channels":{{{}}}}}"#, channels.join(",")),
            ..words("unknown channel among many", request("a", "", "b").replace("WEB", "QQQQQQQQQQ"))
        },
        words("unknown channel in escapes", request("a", "", "b").replace("WEB", &"\\u0041A".repeat(5_000))),
        words("a field repeated", request("a", &r#""text":"","#.repeat(300), "b")),
        words("misspelled fields", unknown(&|i| format!("tex{i}"))),
        words("fields like no other", unknown(&|i| format!("q{i}"))),
        words("unknown fields", unknown(&|i| format!("something{i}else"))),
        words("unknown fields with long names", unknown(&|i| format!("{i}{}", "something-".repeat(500)))),
        kept("unknown fields, kept", request("a", &members(60, &|i| format!("something{i}else")), "b")),
        kept(
            "unknown fields, kept, repeated",
            request("a", &members(60, &|i| format!("{}{}", "a".repeat(90), i / 2)), "b"),
        ),
        kept("unknown fields, kept, in escapes", request("a", &members(60, &|i| format!("\\u0061{i}else")), "b")),
    ]
}

fn request(text: &str, more: &str, address: &str) -> String {
    format!(
        r#"{{"text":"{text}",{more}"clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"{address}"}}}}"#
    )
}

/// Twenty attachments.
fn files(members: impl Fn(usize) -> String) -> String {
    let objects: Vec<String> = (0..20).map(|i| format!("{{{}}}", members(i))).collect();
    format!(r#""attachments":[{}],"#, objects.join(","))
}
