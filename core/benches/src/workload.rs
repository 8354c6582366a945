//! The bodies that are measured: the documented ones, and others that a seed makes.

/// W1: the documented WhatsApp request, minified.
const W1: &str = r#"{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}"#;

/// W2: the documented MOBILE request as it is documented.
const W2: &str = "{\r
  \"text\" : \"message\",\r
  \"attachments\" : [ ],\r
  \"clientApplicationDescriptor\" : {\r
    \"channelType\" : \"MOBILE\",\r
    \"clientId\" : \"012-3456-7890-12\",\r
    \"appMarker\" : \"myApp\",\r
    \"deviceAddress\" : \"wsfck62auiv00gz14vedivwptm09ahmrhz\"\r
  }\r
}";

/// W4: five violations.
const W4: &str = r#"{"text":42,"extra":true,"attachments":[{"name":"a.png","type":"image/png","size":-5}],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"8900"}}"#;

pub const NAMES: [&str; 5] = ["W1", "W1v", "W2", "W3", "W4"];

/// What a workload is.
pub fn meaning(name: &str) -> &'static str {
    match name {
        "W1" => "the documented WhatsApp request, minified",
        "W1v" => "the same with values to normalize, 1,024 bodies",
        "W2" => "the documented MOBILE request, as documented",
        "W3" => "2,000 units of Cyrillic, half escaped, and ten attachments",
        "W4" => "five violations",
        _ => "50 MB of bodies: 60 % as W1v, 29 % as W2, 1 % as W3, 10 % as W4",
    }
}

/// The bodies of a workload, which take turns.
pub fn bodies(name: &str) -> Vec<Vec<u8>> {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    match name {
        "W1" => vec![W1.into()],
        "W1v" => (0..1024).map(|_| whatsapp(&mut random)).collect(),
        "W2" => vec![W2.into()],
        "W3" => vec![large(&mut random)],
        "W4" => vec![W4.into()],
        _ => panic!("no workload {name}"),
    }
}

/// W5: bodies of about so many bytes in all; of a hundred, 60 as W1v, 29 as W2, 1 as W3, 10 as W4.
pub fn mixed(bytes: usize) -> Vec<Vec<u8>> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut bodies = Vec::new();
    let mut written = 0;
    while written < bytes {
        let body = match random.below(100) {
            0..60 => whatsapp(&mut random),
            60..89 => mobile(&mut random),
            89 => large(&mut random),
            _ => wrong(&mut random),
        };
        written += body.len() + 1;
        bodies.push(body);
    }
    bodies
}

/// Xorshift: the same bodies on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 32) * bound as u64 >> 32) as usize
    }

    pub fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    fn cyrillic(&mut self) -> char {
        char::from_u32(0x430 + self.below(32) as u32).unwrap_or('а')
    }
}

fn words(random: &mut Random) -> String {
    const ENGLISH: [&str; 12] =
        ["hello", "order", "is", "ready", "please", "call", "back", "the", "number", "at", "noon", "thanks"];
    const RUSSIAN: [&str; 12] =
        ["привет", "заказ", "готов", "спасибо", "номер", "перезвоните", "в", "на", "доставка", "завтра", "мы", "ждём"];
    let words = if random.below(3) == 0 { &RUSSIAN } else { &ENGLISH };
    let length = 5 + random.below(76);
    let mut text = String::new();
    while text.chars().count() < length {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(random.pick(words));
        match random.below(60) {
            0 => text.push_str("\\r\\n"),
            1 => text.push_str("\\n"),
            2 => text.push_str("\\\""),
            _ => {}
        }
    }
    text
}

/// As W1, with values to normalize: case, punctuation of phone numbers, white space, line ends.
fn whatsapp(random: &mut Random) -> Vec<u8> {
    let text = words(random);
    let channel = random.pick(&["WHATSAPP", "WHATSAPP", "WHATSAPP", "whatsapp", "WhatsApp", "VIBER", " VIBER"]);
    let attachments = match random.below(10) {
        0 => "\"attachments\":null,".to_string(),
        1 => String::new(),
        2 => format!(
            "\"attachments\":[{{\"url\":\"https://files.example.com/{:x}\",\"type\":\"{}\",\"size\":{}}}],",
            random.next(),
            random.pick(&["image/png", "image/jpg", "Image/PNG", "application/pdf"]),
            random.below(1 << 22)
        ),
        _ => "\"attachments\":[],".to_string(),
    };
    let n = random.digits(9);
    let address = match random.below(5) {
        0 => format!("+7 (9{}) {}-{}-{}", &n[..2], &n[2..5], &n[5..7], &n[7..]),
        1 => format!("+79{n}"),
        2 => format!("0079{n}"),
        3 => format!("8 9{}-{}-{}", &n[..2], &n[2..5], &n[5..]),
        _ => format!(" 79{n} "),
    };
    let descriptor =
        format!("\"clientApplicationDescriptor\":{{\"channelType\":\"{channel}\",\"deviceAddress\":\"{address}\"}}");
    if random.below(10) == 0 {
        format!("{{{descriptor},{attachments}\"text\":\"{text}\"}}").into()
    } else {
        format!("{{\"text\":\"{text}\",{attachments}{descriptor}}}").into()
    }
}

/// As W2, on one line.
fn mobile(random: &mut Random) -> Vec<u8> {
    let text = words(random);
    let (a, b, c) = (random.digits(3), random.digits(4), random.digits(6));
    let token: String = (0..30 + random.below(8)).map(|_| random.pick(&["a", "k", "0", "7", "z", "w"])).collect();
    format!(
        "{{    \"text\" : \"{text}\",    \"attachments\" : [ ],    \"clientApplicationDescriptor\" : {{      \
         \"channelType\" : \"MOBILE\",      \"clientId\" : \"{a}-{b}-{c}\",      \"appMarker\" : \"myApp{}\",      \
         \"deviceAddress\" : \"{token}\"    }}  }}",
        random.below(100)
    )
    .into()
}

/// W3: 2,000 units of Cyrillic, half of them escaped; ten attachments with long URLs and names.
fn large(random: &mut Random) -> Vec<u8> {
    let mut body = String::from("{\"text\":\"");
    let mut units = 0;
    let mut escape = false;
    while units < 2_000 {
        let word = (3 + random.below(9)).min(2_000 - units);
        for _ in 0..word {
            let c = random.cyrillic();
            if escape {
                body.push_str(&format!("\\u{:04x}", c as u32));
            } else {
                body.push(c);
            }
        }
        units += word;
        if units < 2_000 {
            body.push(' ');
            units += 1;
        }
        escape = !escape;
    }
    body.push_str("\",\"attachments\":[");
    for i in 0..10 {
        if i > 0 {
            body.push(',');
        }
        let mut url = format!("https://files.example.com/{:08x}/", random.next() as u32);
        while url.len() < 300 {
            url.push_str(random.pick(&["a", "b", "7", "9", "/", "-", "q", "Z", "%2F", "_", "k", "x"]));
        }
        let name: String =
            (0..350).map(|i| if i % 9 == 8 && random.below(2) == 0 { ' ' } else { random.cyrillic() }).collect();
        let size = random.below(10_000_000);
        body.push_str(&format!(
            "{{\"url\":\"{url}\",\"name\":\"{name}.jpg\",\"type\":\"image/jpeg\",\"size\":{size}}}"
        ));
    }
    body.push_str(
        "],\"clientApplicationDescriptor\":{\"channelType\":\"WHATSAPP\",\"deviceAddress\":\"+7 (900) 000-00-00\"}}",
    );
    body.into()
}

/// As W4, with other mistakes of the same kinds.
fn wrong(random: &mut Random) -> Vec<u8> {
    let text = random.pick(&["42", "null", "[\"x\"]", "{\"a\":1}"]);
    let unknown = random.pick(&["extra", "Text", "message", "meta"]);
    let value = random.pick(&["true", "1", "\"s\"", "[1,2,{\"k\":null}]"]);
    let size = random.pick(&["-5", "1.5", "\"10\"", "true"]);
    let address = random.pick(&["8900", "+7", "abc", "12345678901234567"]);
    format!(
        "{{\"text\":{text},\"{unknown}\":{value},\"attachments\":[{{\"name\":\"a.png\",\"type\":\"image/png\",\
         \"size\":{size}}}],\"clientApplicationDescriptor\":{{\"channelType\":\"WHATSAPP\",\
         \"deviceAddress\":\"{address}\"}}}}"
    )
    .into()
}
