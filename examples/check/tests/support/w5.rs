//! Requests as a busy month has them, one a line: of a hundred, 60 small, 29 of middle size and
//! layout, 1 of 17 KB, 10 rejected.

use std::fmt::Write;

/// xorshift64*: any fixed sequence would do.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.max(1))
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// About `bytes` of lines.
pub(crate) fn requests(bytes: usize) -> String {
    let mut random = Random::new(5);
    let mut lines = String::with_capacity(bytes + 20_000);
    while lines.len() < bytes {
        match random.below(100) {
            0..60 => small(&mut random, &mut lines),
            60..89 => middle(&mut random, &mut lines),
            89 => large(&mut random, &mut lines),
            _ => rejected(&mut random, &mut lines),
        }
        lines.push('\n');
    }
    lines
}

fn words(random: &mut Random, least: u64, most: u64) -> String {
    const WORDS: [&str; 10] =
        ["привет", "order", "доставка", "delivery", "сегодня", "🙂", "номер", "ok", "спасибо", "thank you"];
    let length = least + random.below(most - least);
    let mut text = random.pick(&WORDS).to_owned();
    while (text.chars().count() as u64) < length {
        text.push(' ');
        text.push_str(random.pick(&WORDS));
    }
    text
}

fn phone(random: &mut Random) -> String {
    let digits = random.digits(10);
    match random.below(4) {
        0 => format!("+7 ({}) {}-{}-{}", &digits[..3], &digits[3..6], &digits[6..8], &digits[8..]),
        1 => format!("+7{digits}"),
        _ => format!("7{digits}"),
    }
}

fn small(random: &mut Random, out: &mut String) {
    let text = words(random, 5, 80);
    let address = phone(random);
    let descriptor =
        format!(r#""clientApplicationDescriptor":{{"channelType":"WHATSAPP","deviceAddress":"{address}"}}"#);
    let _ = match random.below(10) {
        0 => write!(out, r#"{{{descriptor},"text":"{text}"}}"#),
        1 => write!(out, r#"{{"text":"{text}","attachments":null,{descriptor}}}"#),
        _ => write!(out, r#"{{"text":"{text}","attachments":[],{descriptor}}}"#),
    };
}

fn middle(random: &mut Random, out: &mut String) {
    let (text, id, marker, device) = (words(random, 5, 80), random.digits(12), random.digits(2), random.digits(24));
    let _ = write!(
        out,
        r#"{{     "text": "{text}",     "attachments": [],     "clientApplicationDescriptor": {{         "channelType": "MOBILE",         "clientId": "{id}",         "appMarker": "myApp{marker}",         "deviceAddress": "wsfck62{device}"     }} }}"#
    );
}

fn large(random: &mut Random, out: &mut String) {
    out.push_str(r#"{"text":""#);
    for _ in 0..1_900 {
        out.push_str(random.pick(&["\\u0436", "ж", "x", "\\n", "\\\"", " "]));
    }
    out.push_str(r#"","attachments":["#);
    for i in 0..10 {
        let comma = if i > 0 { "," } else { "" };
        let (path, name, size) = ("a".repeat(280), "ж".repeat(345), random.below(1 << 22));
        let _ = write!(
            out,
            r#"{comma}{{"url":"https://x.example/{path}","name":"{name}.png","type":"image/png","size":{size}}}"#
        );
    }
    let address = phone(random);
    let _ = write!(out, r#"],"clientApplicationDescriptor":{{"channelType":"VIBER","deviceAddress":"{address}"}}}}"#);
}

fn rejected(random: &mut Random, out: &mut String) {
    let text = random.pick(&["42", "null", r#"["x"]"#, r#"{"a":1}"#]);
    let unknown = random.pick(&["extra", "Text", "message", "meta"]);
    let size = random.pick(&["-5", "1.5", "\"10\"", "true"]);
    let address = random.pick(&["8900", "+7", "abc", "12345678901234567"]);
    let _ = write!(
        out,
        r#"{{"text":{text},"{unknown}":[1,2,{{"k":null}}],"attachments":[{{"name":"a.png","type":"image/png","size":{size}}}],"clientApplicationDescriptor":{{"channelType":"WHATSAPP","deviceAddress":"{address}"}}}}"#
    );
}
