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

/// Characters that nobody sees, at the edges of each range of them, and joiners, which are none.
pub(super) const INVISIBLE: [&str; 16] = [
    "\u{AD}", "\u{34F}", "\u{61C}", "\u{115F}", "\u{180E}", "\u{200B}", "\u{200E}", "\u{202A}", "\u{202E}", "\u{2060}",
    "\u{206F}", "\u{2800}", "\u{3164}", "\u{FEFF}", "\u{FFFC}", "\u{200D}",
];

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
    format!("{}{text}{}", blank(rng), blank(rng))
}

pub(super) fn blank(rng: &mut Rng) -> String {
    // Joiners, the last ones, are not blank.
    let invisible = &INVISIBLE[..INVISIBLE.len() - 1];
    (0..rng.below(4)).map(|_| if rng.chance(70) { rng.pick(&SPACES) } else { rng.pick(invisible) }).collect()
}

/// Up to `most` pieces in a row.
fn pieces(rng: &mut Rng, most: usize, all: &[&str]) -> String {
    let count = rng.range(1, most);
    (0..count).map(|_| rng.pick(all)).collect()
}

fn digits(rng: &mut Rng, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rng.below(10) as u8)).collect()
}

/// A text of pieces that mean something: line ends, what is lost, controls between digits.
pub(super) fn message(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "a",
        "Заказ",
        "1",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\u{B}",
        "\u{C}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{7F}",
        "\u{80}",
        "\u{9F}",
        "\u{FFFD}",
        "\u{200D}",
        "\u{AD}",
        "😀",
        "\"",
        "\\",
        "/",
    ];
    let bad = ["2", "3", "b", "\u{0}", "\u{1}", "\u{E}", "\u{1E}", "\u{1F}", "\u{1F}", "\u{85}", "\n"];
    if valid { pieces(rng, 8, &good) } else { pieces(rng, 6, &bad) + "\u{1F}" + rng.pick(&["", "4", "c"]) }
}

/// A number as somebody writes it; `valid` ones are addresses, whatever is warned about.
pub(crate) fn phone(rng: &mut Rng, valid: bool) -> String {
    let mark = rng.pick(&["", "", "+", "00", "+ "]);
    // The starts of 11 digits that are national forms, and some that nearly are.
    let eleven = |rng: &mut Rng| {
        let start = rng.pick(&["87", "89", "80", "800", "808", "88", "81", "8", "79"]);
        format!("{start}{}", digits(rng, 11 - start.len()))
    };
    let number = match rng.below(12) {
        0 => "89000000000".to_owned(),
        1 => eleven(rng),
        2 => format!("{mark}{}", eleven(rng)),
        3 => {
            // A lone 8, and one that is not alone.
            let behind = rng.pick(&[" ", "-", " (", "\u{200B}", "/", "", "."]);
            let count = rng.range(6, 11);
            format!("{mark}8{behind}{}", digits(rng, count))
        }
        4 => {
            let (before, behind) = (rng.range(1, 6), rng.range(5, 9));
            format!("{mark}4{}/{}", digits(rng, before), digits(rng, behind))
        }
        5..=8 => {
            // A country's numbers, of the right length or nearly.
            let (code, length) = rng.pick(&[
                ("1", 11),
                ("7", 11),
                ("370", 11),
                ("371", 11),
                ("373", 11),
                ("374", 11),
                ("993", 11),
                ("375", 12),
                ("380", 12),
                ("992", 12),
                ("994", 12),
                ("995", 12),
                ("996", 12),
                ("998", 12),
                ("44", 12),
                ("49", 13),
                ("39", 12),
                ("242", 12),
                ("225", 13),
                ("81", 12),
                ("810", 14),
                ("997", 11),
                ("210", 10),
                ("888", 12),
                ("999", 12),
                ("86", 13),
                ("880", 13),
                ("800", 11),
            ]);
            let length = if rng.chance(60) { length } else { rng.range(length - 1, 15.min(length + 1)) };
            let zero = if rng.chance(15) { "0" } else { "" };
            let count = length - code.len() - zero.len();
            format!("{mark}{code}{zero}{}", digits(rng, count))
        }
        9 => format!("0{}", digits(rng, 9)),
        10 if !valid => {
            let length = rng.range(0, 18);
            format!("{}{}", rng.pick(&["+0", "000", "++", "+00", "-+", "٣", "x", "0", "+", "9"]), digits(rng, length))
        }
        _ => {
            let length = rng.range(7, 12);
            format!("{mark}6{}", digits(rng, length))
        }
    };
    let often = rng.pick(&[0, 0, 0, 15, 40]);
    let mut formatted = String::new();
    for character in number.chars() {
        formatted.push(character);
        if rng.chance(often) {
            formatted.push_str(rng.pick(&[
                " ", "-", "(", ")", "\u{2010}", "\u{2011}", "\u{2015}", "\u{2212}", "\u{A0}", "\u{2009}", "\u{200C}",
                "\u{AD}", "\u{61C}", "\u{200B}", "\u{202A}", "\u{2060}", "\u{FEFF}", "\u{FFFC}", "\u{200D}", ") (",
            ]));
        }
    }
    if valid { formatted } else { spoiled_phone(rng, &formatted) }
}

/// What fixes take away, more than one of them and in any order, and what they don't.
fn spoiled_phone(rng: &mut Rng, number: &str) -> String {
    if rng.chance(25) {
        let all = [
            "0", "0", "00", "8", "+", "(", ")", "/", ".", " ", "-", "(0)", ".0", "'", "tel:", "wa.me/", "@c.us", "79",
            "1234", "90012345", "\u{200B}", "\u{200D}", "\u{A0}", "٣", "x",
        ];
        return pieces(rng, 9, &all);
    }
    let mut text = number.to_owned();
    for _ in 0..rng.pick(&[1, 1, 1, 2, 3]) {
        let at = text.char_indices().map(|(index, _)| index).nth(rng.below(6)).unwrap_or(text.len());
        match rng.below(12) {
            0 => text = format!("'{text}"),
            1..=3 => {
                let prefix =
                    rng.pick(&["tel:", "Tel: ", "whatsapp:", "https://wa.me/", "WA.me/", "http://wa.me/", "tel: '"]);
                text = format!("{prefix}{text}");
            }
            4 => text += rng.pick(&["@c.us", "@C.US", " @s.whatsapp.net", "@g.us"]),
            5 | 6 => text += rng.pick(&[".0", ".00", " . 0", ".\u{200B}0 0", ".0.", ".01", "."]),
            7 | 8 => text.insert_str(at, rng.pick(&["(0)", "( 0\u{200D})", "(00)", "(0"])),
            9 => text.insert_str(at, rng.pick(&["/", "//", "+", "x", "٣", "\u{2016}", ";"])),
            10 => text += rng.pick(&["\t1", "\u{7}1", "ext. 1", ";ext=5", "/68"]),
            _ => text = rng.pick(&["RU.", "RU.1-2", "ru.12", "RUS.1", "US.abc.0"]).to_owned(),
        }
    }
    text
}

/// WhatsApp's own ids.
pub(super) fn bsuid(rng: &mut Rng) -> String {
    let length = rng.pick(&[1, 20, 127, 128, 128, 129]);
    format!("{}.{}", rng.pick(&["RU", "US", "ZZ"]), "a".repeat(length))
}

pub(super) fn email(rng: &mut Rng, valid: bool) -> String {
    let longest = [63, 64, 5, 1];
    let local = "l".repeat(rng.pick(&longest));
    let good = rng.pick(&[
        "user@example.com".to_owned(),
        "User.Name+tag@Example.COM".to_owned(),
        "ж@почта.рф".to_owned(),
        "a@b.c".to_owned(),
        "\"q\"@x-1.y--z.org".to_owned(),
        "\"a b;,<>\u{200B}\"@b.c".to_owned(),
        "a@_b_.C_d".to_owned(),
        "a@BÜCHER.De".to_owned(),
        "ivan@mail.сom".to_owned(),
        "a@почтаX.РФ".to_owned(),
        "o'neill@b.c".to_owned(),
        "a@1.b2".to_owned(),
        format!("{local}@Ex.De"),
        format!("\"{local}\"@Ex.De"),
        format!("a@{}.de", "d".repeat(63)),
        "k@\u{212A}elvin.\u{130}z".to_owned(),
    ]);
    if valid {
        return good;
    }
    if rng.chance(50) {
        return spoiled_email(rng, &good);
    }
    rng.pick(&[
        "user.example.com".to_owned(),
        "a@b".to_owned(),
        "a@@b.c".to_owned(),
        "@b.c".to_owned(),
        "a@b..c".to_owned(),
        "a@-b.c".to_owned(),
        "a@b-.c".to_owned(),
        "a b@c.de".to_owned(),
        "a@b\u{A0}.c".to_owned(),
        "a@b\u{2003}c.d".to_owned(),
        "a@b\u{200B}c.d".to_owned(),
        "a@b\u{2014}c.d".to_owned(),
        "a@b\u{2212}.c".to_owned(),
        "a@b\u{3002}c.d".to_owned(),
        "a@b\u{FF0E}c.d".to_owned(),
        "a@b.\u{FFFD}".to_owned(),
        "a@b.12".to_owned(),
        "a@1.2.3.4".to_owned(),
        "a:b@c.d".to_owned(),
        "\"a\\b\"@c.d".to_owned(),
        "\"\"@c.d".to_owned(),
        "a@b.c,d@e.f".to_owned(),
        "a@b.c (A)".to_owned(),
        format!("{}@b.c", "l".repeat(65)),
        format!("{}@b.c", "😀".repeat(33)),
        format!("a@{}.de", "d".repeat(64)),
        format!("a@{}.{}.{}.{}.c", "d".repeat(62), "e".repeat(62), "f".repeat(62), "g".repeat(62)),
    ])
}

fn spoiled_email(rng: &mut Rng, address: &str) -> String {
    if rng.chance(25) {
        let all = [
            "a", "b.c", "@", "@b.c", "a@b.c", ".", ",", ";", "'", "\"", "<", ">", "mailto:", " ", "\\", "-", "_", "1",
            "ж", "\u{A0}", "\u{200B}", "\u{2014}", "\u{FFFD}", "X",
        ];
        return pieces(rng, 7, &all);
    }
    let mut text = address.to_owned();
    for _ in 0..rng.pick(&[1, 1, 2, 3]) {
        text = match rng.below(7) {
            0 | 1 => format!("{text}{}", rng.pick(&[";", ",", ".", ";,.", " ;", "; ,", "\u{AD};", ";\u{200B},", ">"])),
            2 => format!("'{text}'"),
            3 => format!("\"{text}\""),
            4 => format!("'{text}"),
            5 => format!("{}{text}", rng.pick(&["mailto:", "MAILTO: ", "mailto", "'\u{AD}mailto:"])),
            _ => format!("{}<{text}>", rng.pick(&["", "Ann ", "B, Ann ", "\"B, A\" ", "a<b ", "ж"])),
        };
    }
    text
}

pub(super) fn numeric(rng: &mut Rng, valid: bool) -> String {
    let length = if valid { rng.pick(&[1, 9, 10, 18, 19]) } else { rng.pick(&[0, 9, 9, 20, 21, 30]) };
    let sign = if rng.chance(25) { "-" } else { "" };
    let number = format!("{sign}{}", digits(rng, length));
    if valid {
        return number;
    }
    match rng.below(4) {
        3 => pieces(rng, 7, &["1", "23", "-", " ", "\u{A0}", "\u{202F}", ".", ".0", "0", "\u{2009}", "'"]),
        0 => format!("{number}{}1", rng.pick(&["-", "+", "a", "٣", ".", "/", "@"])),
        1 => {
            // As spreadsheets and 1C write numbers.
            let space = rng.pick(&[" ", "\u{A0}", "\u{202F}", "  ", "\u{2009}"]);
            format!("{number}{space}{}{}", digits(rng, 3), rng.pick(&["", "", ".0", ".00", " .0", ".", " 1", ".5"]))
        }
        _ => format!("{number}{}", rng.pick(&[".0", ".000", ".01", "", " . 0"])),
    }
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
                "null",
                "(NULL)",
                "NaN",
                "nulls",
                "{{token}}",
                "${t",
            ])
            .to_owned();
    }
    rng.pick(&["a b", "é", "a\u{A0}b", "a\u{200B}b", "a\u{7F}b", "a\tb", "a\u{FEFF}b", "[object Object]"]).to_owned()
}

/// Anything, phone numbers and words that stand for nothing among it.
pub(super) fn opaque(rng: &mut Rng) -> String {
    match rng.below(8) {
        0 => format!("+{}", phone(rng, true)),
        1 => rng
            .pick(&["undefined", "[object OBJECT]", "None", "nil", "{{", "$ {x}", "+", "+123456", "+49 1/23456"])
            .to_owned(),
        2 => format!("+7{}", digits(rng, 10)),
        _ => word(rng),
    }
}

pub(super) fn identifier(rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => "i".repeat(255),
        1 => rng.pick(&["undefined", "NULL", "{{id}}", "${id", "[object Object]", "nan", "none "]).to_owned(),
        2 => format!("1{}234", rng.pick(&["\u{A0}", "\u{202F}", " ", "\u{2003}"])),
        3 => format!("a{}b", rng.pick(&INVISIBLE)),
        _ => word(rng),
    }
}

/// Hosts that only machines nearby can reach, and some that nearly are.
const HOSTS: [&str; 48] = [
    "h",
    "example.com",
    "h.x",
    "localhost",
    "LOCALHOST.",
    "cdn.",
    "a.Local",
    "a.locals",
    "a.internal",
    "a.test",
    "a.corp",
    "a.lan",
    "a.home",
    "home.arpa",
    "x.arpa",
    "a.invalid",
    "a.private",
    "0.1.2.3",
    "10.0.0.1",
    "100.63.0.1",
    "100.64.0.1",
    "100.127.0.1",
    "100.128.0.1",
    "127.0.0.1.",
    "127.1",
    "169.254.0.1",
    "172.15.0.1",
    "172.16.0.1",
    "172.31.0.1",
    "172.32.0.1",
    "192.168.0.1",
    "192.169.0.1",
    "8.8.8.8",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.4.5",
    "2130706433",
    "a.0x7F",
    "a.0x",
    "a.0xg",
    "[::]",
    "[::1]",
    "[::2]",
    "[fc00::1]",
    "[fdff::1]",
    "[fe80::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:8.8.8.8]",
];

pub(super) fn url(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "https://example.com/a.jpg",
        "http://example.com",
        "HTTPS://EXAMPLE.com:443/x?y=z#f",
        "https://пример.рф/путь?з=ы#я",
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
        "https://s3.x/b/photo[1].jpg",
        "https://h.x/?a|b#{c}",
        "https://h.x/^`/}",
        "https://https/",
        "https://h.x/\u{2010}\u{200D}",
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
        "https://h/\u{E000}",
        "https://h/#\u{F0000}",
        "https://h/#a#b",
        "https://h/\u{200E}",
        "https://h/?\u{202E}",
        "https://\u{2067}h/",
        "https://h/\u{FFFD}\u{FDD0}",
        "https://h/\u{FFFF}",
        "https://h/\u{E0001}",
        "https://:80/",
        "https://?x",
        "http ://h",
        "http://https://h.x/a",
        "https://HTTP:",
        "https://h\u{2014}i.x/",
        "https://h\u{2212}.x",
        "https://h\u{FFFD}.x",
        "https://h[.x/",
        "https://h.x\\a/b",
        "https:\\\\h.x\\a",
        "https://h.x/\u{3000}a",
        "https://h.x/a\u{A0}b",
    ];
    match rng.below(5) {
        4 if !valid => {
            let all = [
                "http", "https", "://", ":", "//", "/", "\\", "h.x", "[::1]", "h", ":80", ":", "@", "?", "#", "%20",
                "%", "[", "]", " ", "{", "\u{2014}", "é", "\u{200B}", "\"", "a",
            ];
            let start = rng.pick(&["", "https://", "http:\\\\", "https://h.x"]);
            start.to_owned() + &pieces(rng, 7, &all)
        }
        0 => rng.pick(if valid { &good } else { &bad[..] }).to_owned(),
        1 if valid => {
            format!("{}://{}{}", rng.pick(&["http", "https"]), rng.pick(&HOSTS), rng.pick(&["", "/", ":80/a", "?b"]))
        }
        _ if valid => {
            let all = ["a", "b", "/", "?", "%20", "é", "[", "]", "{", "}", "|", "^", "`", ".", "=", "@", ":"];
            let fragment = rng.pick(&["", "", "#", "#[", "#a"]);
            format!("https://{}/{}{fragment}", rng.pick(&HOSTS[..4]), pieces(rng, 8, &all))
        }
        _ => {
            let all = [
                "a", "b", "/", "?", "%20", "[", "]", "|", "^", " ", " ", "\"", "<", ">", "\\", "\\", "%", "%2", "%zz",
                "é",
            ];
            let rest = pieces(rng, 8, &all);
            let end = rng.pick(&[
                "",
                "",
                "",
                " ",
                "#",
                "#a b",
                "%u0421",
                "%U04aF",
                "%u04",
                "\u{200B}x",
                "\u{A0}x",
                "#a#b",
                "\\",
            ]);
            format!("https://{}/{rest}{}{end}", rng.pick(&HOSTS[..4]), rng.pick(&["", " ", "\\", "%"]))
        }
    }
}

pub(super) fn name(rng: &mut Rng, valid: bool) -> String {
    let good = [
        "test.jpg",
        "photo",
        "a.",
        ".jpg",
        "a.b c",
        "x.-",
        "файл.пдф",
        "a..1",
        "é.x",
        "a.é",
        "a\u{FFFD}.b",
        "%D0%9F.pdf",
        "%7F%7F",
        "=?UTF-8?B?eA?=",
        "=?a?q?b?= =?c?Q?d?=",
        "=?a?q?b?==?c?q?d?=",
        "=?a?x?b?=",
        "=??b?c?=",
        "a=?a?b?c?=",
        "c:a",
        "a\u{200E}b",
    ];
    if valid {
        return rng.pick(&good).to_owned();
    }
    let all = [
        "a", "b.c", "/", "/", "\\", ".", "..", "C:", "\u{202E}", "\u{202A}", "\u{2066}", "\u{2069}", "ж", " ",
        "\u{200B}", "\"", "\u{FFFD}",
    ];
    match rng.below(4) {
        0 => rng
            .pick(&["a/b.jpg", "a\\b", "/", "a\u{0}b", "a\u{9F}b", "x\ty", "1\u{1E}2", "a\u{1}\u{2}b", "\u{1}"])
            .to_owned(),
        _ => pieces(rng, 6, &all) + rng.pick(&["/", "\\", "\u{202E}", "/x"]) + &pieces(rng, 4, &all),
    }
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
        "!#$%&'+-.^_`|~/0;a=\"\"",
        "image/jpgx",
        "a/b;c=\"\\é\"",
        "application/octet-stream",
        "Binary/Octet-Stream; a=b",
        "application/octet-streams",
        "video/webm;codecs=vp9,opus",
        "application/pdf;name=1234 56-78.pdf",
        "a/b;C=;D = é ;e =\"f\" ;",
        "a/b;q=x\u{A0}y",
        "a/b;name*=UTF-8''x",
    ];
    let bad = [
        "jpeg",
        "image/",
        "/jpeg",
        "image/jpeg/x",
        "image /jpeg",
        "image/jpeg;q",
        "a/b;q=\"x",
        "a/b;q=\"x\"y",
        "a/b,c/d",
        "é/b",
        "a/b;é=q",
        "a/b;q=\"\\\"",
        "a/b;\tq=x",
        "a/b;q=\"\u{7F}\"",
        "*/*",
        "image/*",
        "a*/b",
        "a/b x",
        "a/b;q=x\"y",
        "a/b;\u{A0}q=x",
        "a/b; charset: utf-8",
        "text/plain;\n\tcharset=x",
    ];
    if rng.chance(70) {
        return rng.pick(if valid { &good } else { &bad[..] }).to_owned();
    }
    let all = ["a", "B", ";", "; ", "=", " = ", " ", "\"c\"", "\"", "*", ",", "é"];
    if !valid && rng.chance(50) {
        return pieces(
            rng,
            9,
            &["a", "B/", "image/jpg", "/", ";", "=", " ", "\"", "\"c;d\"", "*", "\\", "é", "\u{A0}"],
        );
    }
    // With `=` before it anything without `"` is a value.
    let rest = pieces(rng, 6, if valid { &all[..2] } else { &all });
    format!("A/b;c={rest}")
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
        "\"0\"",
        "\"02\"",
        "\"123456789012345\"",
        "\"1234567890123456\"",
        "\"-1\"",
        "\"\\u0031\"",
        "true",
        "-9007199254740992",
        "18446744073709551616",
    ];
    let chosen = if valid { rng.pick(&good) } else { rng.pick(&bad) };
    chosen.to_owned()
}
