//! Values of the request's fields: good ones, and ones at the edge or over it.

use super::Rng;

/// Letters of one, two, three and four bytes.
const LETTERS: [&str; 12] = ["a", "b", "Z", "7", " ", "é", "ж", "ß", "€", "中", "😀", "𝒳"];

/// White space of every kind, also what only Unicode calls so.
pub(super) const SPACES: [&str; 10] =
    [" ", "\t", "\n", "\r\n", "\u{85}", "\u{A0}", "\u{2003}", "\u{2028}", "\u{202F}", "\u{3000}"];

/// `count` UTF-16 units of text.
pub(super) fn filled(rng: &mut Rng, count: usize) -> String {
    let mut text = String::new();
    let mut left = count;
    let plain = rng.chance(60);
    while left > 0 {
        let letter = if plain { "x" } else { rng.pick(&LETTERS) };
        let cost = letter.encode_utf16().count();
        if cost <= left {
            text.push_str(letter);
            left -= cost;
        }
    }
    text
}

/// A few letters with a visible one at both ends.
pub(super) fn word(rng: &mut Rng) -> String {
    let length = rng.range(0, 12);
    format!("w{}e", filled(rng, length))
}

/// Something around a value that trimming takes away.
pub(super) fn padded(rng: &mut Rng, text: &str) -> String {
    if !rng.chance(15) {
        return text.to_owned();
    }
    format!("{}{text}{}", rng.pick(&SPACES), rng.pick(&SPACES))
}

pub(super) fn blank(rng: &mut Rng) -> String {
    (0..rng.below(4)).map(|_| rng.pick(&SPACES)).collect()
}

fn digits(rng: &mut Rng, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rng.below(10) as u8)).collect()
}

/// A phone number; `valid` ones begin and count as they must.
pub(super) fn phone(rng: &mut Rng, valid: bool) -> String {
    let length = if valid { rng.range(8, 12) } else { rng.range(0, 18) };
    let body = digits(rng, length);
    let starts = ["+7", "+49", "007", "7", "1", "8", "89", "+89", "0089", "0", "380", "996"];
    let number = match rng.below(8) {
        0 => "89000000000".to_owned(),
        1 => format!("89{}", digits(rng, 9)),
        2 => format!("8{}", digits(rng, 10)),
        3 => format!("{}89{}", rng.pick(&["+", "00"]), digits(rng, 9)),
        4 if !valid => format!("{}{body}", rng.pick(&["+0", "000", "++", "+00", "-+", "٣", "x"])),
        _ => format!("{}{body}", rng.pick(&starts)),
    };
    let mut formatted = String::new();
    let often = rng.pick(&[0, 0, 15, 40]);
    for digit in number.chars() {
        formatted.push(digit);
        if rng.chance(often) {
            formatted.push_str(rng.pick(&[
                " ", "-", ".", "(", ")", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2015}", "\u{A0}", "\u{2009}",
                "\u{200B}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202C}", "\u{2060}", "\u{2066}", "\u{2069}",
                "\u{FEFF}", ") (",
            ]));
        }
    }
    if !valid && rng.chance(30) {
        let odd = ["\u{2016}", "\u{2212}", "/", "x", "\u{7}", "\t", "٣", "+"];
        formatted.push_str(rng.pick(&odd));
        formatted.push('1');
    }
    formatted
}

pub(super) fn email(rng: &mut Rng, valid: bool) -> String {
    if valid {
        let longest = [63, 64, 5, 1];
        let local = "l".repeat(rng.pick(&longest));
        return rng.pick(&[
            "user@example.com".to_owned(),
            "User.Name+tag@Example.COM".to_owned(),
            "ж@почта.рф".to_owned(),
            "a@b.c".to_owned(),
            "\"q\"@x-1.y--z.org".to_owned(),
            format!("{local}@Ex.De"),
            format!("a@{}.de", "d".repeat(63)),
            "k@\u{212A}elvin.\u{130}z".to_owned(),
        ]);
    }
    rng.pick(&[
        "user.example.com".to_owned(),
        "a@b".to_owned(),
        "a@@b.c".to_owned(),
        "@b.c".to_owned(),
        "a@b..c".to_owned(),
        "a@b.c.".to_owned(),
        "a@-b.c".to_owned(),
        "a@b-.c".to_owned(),
        "a b@c.de".to_owned(),
        "a@b\u{A0}.c".to_owned(),
        "a@b\u{2003}c.d".to_owned(),
        "a@b_c.d".to_owned(),
        format!("{}@b.c", "l".repeat(65)),
        format!("{}@b.c", "😀".repeat(33)),
        format!("a@{}.de", "d".repeat(64)),
        format!("a@{}.{}.{}.{}.c", "d".repeat(62), "e".repeat(62), "f".repeat(62), "g".repeat(62)),
    ])
}

pub(super) fn numeric(rng: &mut Rng, valid: bool) -> String {
    let length = if valid { rng.pick(&[1, 9, 10, 18, 19]) } else { rng.pick(&[0, 20, 21, 30]) };
    let sign = if rng.chance(25) { "-" } else { "" };
    let odd = if !valid && rng.chance(50) { rng.pick(&["-", "+", "a", "٣", " "]) } else { "" };
    format!("{sign}{}{odd}{}", digits(rng, length), if odd.is_empty() { "" } else { "1" })
}

pub(super) fn token(rng: &mut Rng, valid: bool) -> String {
    if valid {
        return rng
            .pick(&[
                "wsfck62auiv00gz14vedivwptm09ahmrhz",
                "gcm_5555555_jzxn0m4r87pz9rp4hx6ugrnq3n64r3so",
                "apns_id1_fjb4va4kmikrpaydlqqql203o4ht7h82",
                "!\"#~\\/",
                "x",
            ])
            .to_owned();
    }
    rng.pick(&["a b", "é", "a\u{A0}b", "a\u{200B}", "a\u{7F}b", "a\tb", "\u{FEFF}a"]).to_owned()
}

pub(super) fn url(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "https://example.com/a.jpg",
        "http://example.com",
        "HTTPS://EXAMPLE.com:443/x?y=z#f",
        "https://пример.рф/путь?з=ы#я",
        "https://[::1]/",
        "https://[2001:db8::7:1.2.3.4]:80/",
        "https://[v1f.a:b]:0/",
        "https://1.2.3.4:65535",
        "https://h:/",
        "https://h?",
        "https://h#",
        "https://a%20b/%C3%A9",
        "https://h/a@b:c",
        "https://h/?a=/?\u{E000}",
        "hTTp://h:00080/",
        "https://[1:2:3:4:5:6:7::]/",
        "https://[1:2:3:4:5:6:7:8]",
        "https://h//a;b=c,d/..",
        "https://~!$&'()*+,;=_-/",
        "https://\u{A1}.\u{1FFFD}",
    ];
    let bad = [
        "ftp://example.com",
        "https:///x",
        "https://",
        "https:h",
        "http:/h",
        "//h/x",
        "h",
        "https://u@h/",
        "https://u:p@h",
        "https://@h",
        "https://h:65536/",
        "https://h:8a/",
        "https://h:1:2/",
        "https://[::1/",
        "https://[::g]/",
        "https://[1::2::3]/",
        "https://[::1]x/",
        "https://[1:2:3:4:5:6:7]",
        "https://[::1:2:3:4:5:6:7:8]",
        "https://[v.a]/",
        "https://[vg.a]",
        "https://[::01.2.3.4]",
        "https://[1.2.3.4::]",
        "https://h/%",
        "https://h/%2",
        "https://h/%g0",
        "https://h/a b",
        "https://h/<x>",
        "https://h/\\",
        "https://h/{x}",
        "https://h/^|`",
        "https://h/\u{E000}",
        "https://h/#\u{F0000}",
        "https://h/#a#b",
        "https://h/\u{200E}",
        "https://h/?\u{202E}",
        "https://\u{2067}h/",
        "https://h/\u{FFFD}\u{FDD0}",
        "https://h/\u{FFFF}",
        "https://h/\u{E0001}",
        "https://h/[x]",
        "https://:80/",
        "https://?x",
        "http ://h",
    ];
    let chosen = if valid { rng.pick(&good) } else { rng.pick(&bad) };
    chosen.to_owned()
}

pub(super) fn name(rng: &mut Rng, valid: bool) -> String {
    let good = ["test.jpg", "photo", "a.", ".jpg", "a.b c", "x.-", "файл.пдф", "a..1", "é.x", "a.é"];
    let bad = ["a/b.jpg", "a\\b", "/", "a\u{0}b", "a\u{9F}b", "x\ty"];
    let chosen = if valid { rng.pick(&good) } else { rng.pick(&bad) };
    chosen.to_owned()
}

pub(super) fn media_type(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "image/jpeg",
        "image/jpg",
        "Image/JPG",
        "IMAGE/jpg ; Q=\"A\"",
        "text/plain;charset=UTF-8",
        "Text/Plain ; Charset=\"u\\\"t\"",
        "a/b;",
        "a/b;;c=d;",
        "a/b ;;  ; C=D",
        "x/y;q=\"é😀\"",
        "application/vnd.a+b",
        "!#$%&'*+-.^_`|~/0;a=\"\"",
        "image/jpgx",
        "a/b;c=\"\\é\"",
    ];
    let bad = [
        "jpeg",
        "image/",
        "/jpeg",
        "image/jpeg/x",
        "image /jpeg",
        "image/jpeg;q",
        "a/b;q=",
        "a/b;q =x",
        "a/b;q= x",
        "a/b;q=\"x",
        "a/b;q=\"x\"y",
        "a/b,c/d",
        "é/b",
        "a/b;q=é",
        "a/b;é=q",
        "a/b;q=\"\\\"",
        "a/b;q=x\u{A0}",
        "a/b;\tq=x",
        "a/b;q=\"\u{7F}\"",
        "*/*,",
        "a/b x",
    ];
    let chosen = if valid { rng.pick(&good) } else { rng.pick(&bad) };
    chosen.to_owned()
}

pub(super) fn size(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "0",
        "256",
        "256.0",
        "2.56e2",
        "-0",
        "-0.0",
        "0e999",
        "0E-999",
        "9007199254740991",
        "9007199254740991.000",
        "90071992547409910e-1",
        "1e15",
        "25600e-2",
        "1E+2",
        "0.256e3",
    ];
    let bad = [
        "-1",
        "9007199254740992",
        "1e400",
        "1e16",
        "0.5",
        "2.565e2",
        "1e-1",
        "-0.5",
        "-1e999",
        "1e-400",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "123456789012345678901234567890",
        "9007199254740991.5",
        "\"256\"",
        "true",
        "-9007199254740992",
        "18446744073709551616",
    ];
    let chosen = if valid { rng.pick(&good) } else { rng.pick(&bad) };
    chosen.to_owned()
}
