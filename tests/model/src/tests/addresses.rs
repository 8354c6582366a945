//! §4: the address kinds.

use super::{address, address_with, with};
use crate::json::quote;

fn policy(channel: &str, members: &str) -> String {
    format!("{{\"channels\":{{\"{channel}\":{{{members}}}}}}}")
}

const NATIONAL: &str = "\"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}";

/// The address, then whether it warns `national_number` (n) and `unlikely_address` (u).
fn short(all: Vec<String>) -> String {
    let words = all.iter().map(|line| match line.as_str() {
        "national_number" => "n",
        "unlikely_address" => "u",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn phones() {
    let cases = [
        ("+7 (900) 123-45-67", "79001234567"),
        ("0079001234567", "79001234567"),
        ("79001234567", "79001234567"),
        ("3451234", "3451234"),
        ("345678901234567", "345678901234567"),
        ("\u{200E}+49\u{A0}30\u{2011}12\u{2015}345\u{202C}.\u{FEFF}6\u{2069}", "4930123456"),
        ("+4\u{AD}9\u{200C}3\u{200D}0\u{61C}1\u{2212}2\u{FFFC}3\u{2800}4", "49301234"),
        // A mark means nothing before 11 digits that begin with 87, 89, or 80 and neither 800 nor 808.
        ("+89001234567", "89001234567 n"),
        ("0087011234567", "87011234567 n"),
        ("+80291234567", "80291234567 n"),
        ("80291234567", "80291234567 n"),
        ("+80012345678", "80012345678"),
        ("80812345678", "80812345678"),
        ("+890012345678", "890012345678 u"),
        ("+870123456789", "870123456789"),
        // 8800… is Bangladesh and a zero that none of its numbers has.
        ("88001234567", "88001234567 u"),
        ("8 800 123-45-67", "88001234567 n u"),
        ("+8(800)1234567", "88001234567 n u"),
        // A lone 8, whatever separates it.
        ("8\u{200B}4951234567", "84951234567 n"),
        ("8/4951234567", "84951234567 n"),
        ("+ 8-495 123 45 67", "84951234567 n"),
        ("00 8 495 123 45 67", "84951234567 n"),
        ("(8)4951234567", "84951234567 n"),
        ("(84)951234567", "84951234567"),
        ("8 12 34567", "81234567 n"),
        ("8 10 1234567", "8101234567 n u"),
        ("81 01234567", "8101234567 u"),
        ("0301234567", "0301234567 n"),
        ("+49123/45678", "4912345678"),
        ("0049 123/45678", "4912345678"),
        ("0123/45678", "012345678 n"),
        ("0/45678901", "045678901 n"),
        ("012345/45678", "01234545678 n"),
        ("(0) 30 1234567", "0301234567 n"),
        // Two dots, or something behind the zeros, are no spreadsheet's decimal.
        ("49.30.1234000", "49301234000"),
        ("49301234.0-0-1", "49301234001"),
    ];
    for (text, expected) in cases {
        assert_eq!(short(address("WHATSAPP", text)), expected, "{text}");
        assert_eq!(short(address("VIBER", text)), expected, "{text}");
    }
    let bad = [
        "123456",
        "1234567890123456",
        "+012345678",
        "00012345678",
        "+0012345678",
        "++1234567",
        "1+234567",
        "12345x7",
        "٣٣٣٣٣٣٣",
        "+",
        "00",
        "--",
        "123456\u{2016}7",
        "0123/4567",
        "0123456/78901",
        "+/12345678",
        "+49/123/45678",
        "0/0491234567",
        "00/491234567",
        "79001234567.0",
        "+7 (900) 123-45-67 . 0\u{200B}0",
        "123456.7000000",
        "+44 (0) 7700 900123",
        "+44 (\u{200D}0 ) 7700 900123",
        "0(0)123456",
    ];
    for text in bad {
        let expected = if text == "123456.7000000" { "1234567000000 u" } else { "invalid_address" };
        assert_eq!(short(address("WHATSAPP", text)), expected, "{text}");
    }
    // Inner control characters come before the syntax, tab and NEL too.
    for text in ["123\t4567", "123\u{85}4567", "123\u{7}4567"] {
        assert_eq!(address("WHATSAPP", text), ["control_character"], "{text}");
    }
}

#[test]
fn numbers_that_cannot_exist() {
    let unlikely = [
        // No country code that ITU has assigned.
        "2101234567",
        "9991234567",
        "8901234",
        "38412345678",
        // A Russian dialling prefix.
        "8107900123456",
        // A 0 behind the country code.
        "4407700900123",
        "9720501234567",
        "3590123456",
        "8500123456",
        // Lengths of other numbers.
        "7900123456",
        "790012345678",
        "3706123456",
        "370612345678",
        "37121234567890",
        "3736012345678",
        "3749112345",
        "993612345678",
        "37529123456",
        "3805012345678",
        "99291234567",
        "9945012345678",
        "99551234567",
        "9989012345678",
        "99655512345",
        "99655512345678",
        // North America: the area code and the exchange begin with 2 to 9.
        "10025550100",
        "11125550100",
        "12120550100",
        "12121550100",
        "1212555010",
    ];
    for text in unlikely {
        assert_eq!(short(address("VIBER", text)), format!("{text} u"));
    }
    let likely = [
        "997123456789",
        "390612345678",
        "242057173992",
        "2250123456789",
        "22901234567",
        "24101234567",
        "24701234",
        "250012345678",
        "3780549123456",
        "4701234567",
        "8810123456789",
        "8880123456789",
        "992012345678",
        "80001234567",
        "996555123456",
        "9965551234567",
        "12125550100",
        "79001234567",
        "37061234567",
        "375291234567",
        "99361234567",
        "883510001234567",
        "8612345678901",
    ];
    for text in likely {
        assert_eq!(short(address("VIBER", text)), text);
        assert_eq!(short(address("VIBER", &format!("+{text}"))), text);
    }
}

#[test]
fn national_rules() {
    let with = |text: &str| short(address_with(&policy("WHATSAPP", NATIONAL), "WHATSAPP", text));
    assert_eq!(with("8 (900) 123-45-67"), "79001234567");
    assert_eq!(with("88001234567"), "78001234567");
    // A mark that means nothing is none.
    assert_eq!(with("+89001234567"), "79001234567");
    assert_eq!(with("+8 800 123-45-67"), "78001234567");
    // Without its mark it would fit the rule.
    assert_eq!(with("+88001234567"), "+88001234567 u");
    assert_eq!(with("+84951234567"), "+84951234567");
    assert_eq!(with("8495123456"), "8495123456");
    assert_eq!(with("8 495123456"), "8495123456 n");
    assert_eq!(with("0900123456"), "0900123456 n");
    let several = "\"national\":[{\"prefix\":\"8\",\"country\":\"7\",\"length\":11},\
        {\"prefix\":\"\",\"country\":\"7\",\"length\":10},{\"prefix\":\"9\",\"country\":\"1\",\"length\":10}]";
    let with = |text: &str| short(address_with(&policy("VIBER", several), "VIBER", text));
    assert_eq!(with("8 900 123 45 67"), "79001234567");
    assert_eq!(with("900 123 45 67"), "79001234567");
    // An empty prefix fits no number that begins with 0.
    assert_eq!(with("0001234567"), "invalid_address");
    assert_eq!(with("0301234567"), "0301234567 n");
    assert_eq!(with("+3412345678"), "+3412345678");
    let zero = "\"national\":{\"prefix\":\"0\",\"country\":\"81\",\"length\":10}";
    let with = |text: &str| short(address_with(&policy("VIBER", zero), "VIBER", text));
    assert_eq!(with("0301234567"), "81301234567");
    assert_eq!(with("00301234567"), "301234567");
    assert_eq!(with("0001234567"), "invalid_address");
    // A rewritten number can be one that cannot exist, and one that reads as national.
    let odd = "\"national\":[{\"prefix\":\"\",\"country\":\"7\",\"length\":9},\
        {\"prefix\":\"7\",\"country\":\"44\",\"length\":10}]";
    assert_eq!(short(address_with(&policy("VIBER", odd), "VIBER", "912345678")), "+7912345678 u");
}

#[test]
fn other_kinds() {
    assert_eq!(address("MOBILE", " gcm_5/\"~! "), ["gcm_5/\\\"~!"]);
    assert_eq!(address("MOBILE", "\u{FEFF}a\u{AD}"), ["a"]);
    for text in ["a b", "é", "a\u{A0}b", "a\u{FEFF}b", "[object Object]"] {
        assert_eq!(address("MOBILE", text), ["invalid_address"], "{text}");
    }
    for text in ["null", "(NULL)", "Undefined", "none", "nil", "NaN", "{{token}}", "${token", "{{"] {
        assert_eq!(short(address("MOBILE", text)), format!("{text} u"));
        assert_eq!(short(address("WEB", text)), format!("{text} u"));
    }
    for text in ["nulls", "(null", "{x}", "$x", "n/a", "0"] {
        assert_eq!(address("MOBILE", text), [text]);
    }
    for text in ["1", "-1", "0000", "1234567890123456789", "-1234567890123456789"] {
        assert_eq!(address("TELEGRAM", text), [text]);
    }
    for text in ["-", "12345678901234567890", "+1", "1 2", "--1", "1-", "٣"] {
        assert_eq!(address("FACEBOOK", text), ["invalid_address"], "{text}");
    }
    assert_eq!(address("YANDEX", "\u{3000}any thing é \u{2028}"), ["any thing é"]);
    assert_eq!(short(address("YANDEX", "[object OBJECT]")), "[object OBJECT] u");
    for text in ["+7 (900) 123-45-67", "+1234567", "+123456789012345", "+49 123/45678", "+79001234567.0"] {
        assert_eq!(short(address("WEB", text)), format!("{text} u"));
    }
    for text in ["+123456", "+1234567890123456", "79001234567", "(+79001234567)", "+7900123x", "++1234567"] {
        assert_eq!(address("WEB", text), [text]);
    }
    for text in ["RU.1", "US.aB9", &format!("DE.{}", "x".repeat(128))] {
        assert_eq!(address("WHATSAPP", text), [text]);
        assert_eq!(address("VIBER", text), ["invalid_address"]);
    }
    for text in ["RU.", "ru.1", "RUS.1", "R.1", "RU1", "RU.1.2", "RU.é", "RU.a-b", &format!("DE.{}", "x".repeat(129))]
    {
        assert_eq!(address("WHATSAPP", text), ["invalid_address"], "{text}");
    }
}

#[test]
fn emails() {
    let longest = format!("{}@{}.{}.{}", "l".repeat(64), "a".repeat(63), "b".repeat(63), "c".repeat(61));
    let quoted = format!("\\\"{}\\\"@b.c", "😀".repeat(32));
    let cases = [
        ("User@EXAMPLE.Com", "User@example.com"),
        ("a@b.c", "a@b.c"),
        ("x..@1-2.3--4", "x..@1-2.3--4"),
        ("\"a b(),:;<>[]\u{200B}\"@b.c", "\\\"a b(),:;<>[]\u{200B}\\\"@b.c"),
        (&format!("\"{}\"@b.c", "😀".repeat(32)), &quoted),
        ("a@_b_._c.d_", "a@_b_._c.d_"),
        // Capitals change in labels that are all ASCII.
        ("ж@ПОЧТА.рф", "ж@ПОЧТА.рф"),
        ("a@BÜ.DE", "a@BÜ.de"),
        ("a@\u{301}.😀", "a@\u{301}.😀"),
        ("'a'!#$%&*+/=?^`{|}~@b.c", "'a'!#$%&*+/=?^`{|}~@b.c"),
        (&longest, &longest),
        // Two alphabets in one label.
        ("a@mail.сom", "a@mail.сom u"),
        ("a@почтаX.рф", "a@почтаX.рф u"),
        ("a@mail.почта", "a@mail.почта"),
        ("a@б1.рф", "a@б1.рф"),
        ("a@a\u{482}.b", "a@a\u{482}.b"),
        ("a@a\u{52F}.b", "a@a\u{52F}.b u"),
        ("a@a\u{530}.b", "a@a\u{530}.b"),
        ("аa@b.c", "аa@b.c"),
    ];
    assert_eq!(longest.len(), 254);
    for (text, expected) in cases {
        assert_eq!(short(address("EMAIL", text)), expected);
    }
    let bad = [
        "a",
        "a@b",
        "@b.c",
        "a@",
        "a@b.",
        "a@.c",
        "a@b..c",
        "a@b@c.d",
        "a b@c.d",
        "a@b c.d",
        "a@-b.c",
        "a@b-.c",
        "a@b\u{2003}.c",
        "a\u{A0}b@c.d",
        "a\u{200B}b@c.d",
        "a@b\u{200B}c.d",
        "a@b.1",
        "a@1.2.3.4",
        "a@b.\u{FFFD}c",
        "a@b\u{2010}.c",
        "a@b\u{2015}.c",
        "a@b\u{2212}c.d",
        "a@b\u{3002}c.d",
        "a@b\u{FF0E}c.d",
        "a@b\u{FF61}c.d",
        "\"\"@b.c",
        "\"a\"b\"@c.d",
        "\"a@b\"@c.d",
        "\"a\\b\"@c.d",
        "\"@b.c",
        "\"a@b.c",
        "a\"@b.c",
        "a(@b.c",
        "a)@b.c",
        "a<@b.c",
        "a>@b.c",
        "a[@b.c",
        "a]@b.c",
        "a:@b.c",
        "a;@b.c",
        "a,@b.c",
        "a\\@b.c",
        "a@b!c.d",
        "a@b.c;",
        "a@b.(c)",
    ];
    for text in bad {
        assert_eq!(address("EMAIL", text), ["invalid_address"], "{text}");
    }
    for text in [
        format!("{}@b.c", "l".repeat(65)),
        format!("{}@b.c", "😀".repeat(33)),
        format!("\"{}\"@b.c", "l".repeat(65)),
        format!("a@{}.c", "d".repeat(64)),
        format!("l{longest}"),
        format!("{longest}c"),
    ] {
        assert_eq!(address("EMAIL", &text), ["invalid_address"], "{text}");
    }
}

/// What spoils an address, and what its fix makes of it.
fn mended(policy: &str, channel: &str, address: &str) -> String {
    let body = format!(
        "{{\"text\":\"t\",\"clientApplicationDescriptor\":{{\"channelType\":\"{channel}\",\
         \"clientId\":\"c\",\"appMarker\":\"m\",\"deviceAddress\":{}}}}}",
        quote(address)
    );
    let line = with(policy, &body).remove(0);
    assert!(line.starts_with("invalid_address"), "{line}");
    line.split_once(&format!("channel:{channel}")).map_or("", |(_, rest)| rest.trim()).to_owned()
}

#[test]
fn what_spoils_an_address() {
    let related = |channel: &str, address: &str| mended("{}", channel, address);
    assert_eq!(related("VIBER", "+7 900 x y"), "related «x»");
    assert_eq!(related("VIBER", "(+7) +900"), "related «+»");
    assert_eq!(related("VIBER", "12/34"), "related «/»");
    assert_eq!(related("VIBER", "12345"), "");
    assert_eq!(related("VIBER", "+7\u{200E}٣"), "related «٣»");
    assert_eq!(related("WHATSAPP", "RU.é"), "related «R»");
    assert_eq!(related("MOBILE", "a b é"), "related « »");
    assert_eq!(related("TELEGRAM", "12-3"), "");
    assert_eq!(related("TELEGRAM", "-12a"), "related «a»");
    assert_eq!(related("EMAIL", "a b@c.d"), "related « »");
    assert_eq!(related("EMAIL", "a@b@c.d"), "related «@»");
    assert_eq!(related("EMAIL", "a@b\u{200B}c"), "related «\u{200B}»");
    assert_eq!(related("EMAIL", "a.b"), "");
    let bsuid = policy("VIBER", "\"address\":[\"bsuid\",\"phone\"]");
    assert_eq!(mended(&bsuid, "VIBER", "R.é-"), "related «é»");
    assert_eq!(mended(&bsuid, "VIBER", "R.1-"), "related «-»");
}

#[test]
fn fixes_of_addresses() {
    let fix = |channel: &str, address: &str| {
        let all = mended("{}", channel, address);
        all.find("fix ").map_or(String::new(), |at| all[at + 4..].replace(" fix ", " "))
    };
    let phone = |address: &str| fix("VIBER", address);
    assert_eq!(phone("'79001234567"), "«'» «»");
    assert_eq!(phone(" ' tel: +79001234567"), "«'» «» «tel:» «»");
    assert_eq!(phone("TEL:+79001234567"), "«TEL:» «»");
    assert_eq!(phone("https://wa.me/79001234567"), "«https://wa.me/» «»");
    assert_eq!(phone("Wa.Me/79001234567"), "«Wa.Me/» «»");
    assert_eq!(phone("79001234567@c.us"), "«@c.us» «»");
    assert_eq!(phone("79001234567 @S.whatsapp.net"), "«@S.whatsapp.net» «»");
    assert_eq!(phone("79001234567.0"), "«.0» «»");
    assert_eq!(phone("+7 900 1234567 . 0 0"), "«. 0 0» «»");
    assert_eq!(phone("+44 (0) 7700 (0)900123"), "«(0)» «» «(0)» «»");
    assert_eq!(phone("'whatsapp:+44(0)7700900123.00@c.us"), "«'whatsapp:» «» «(0)» «» «.00@c.us» «»");
    // The number that two prefixes would leave is none.
    assert_eq!(phone("tel:whatsapp:79001234567"), "");
    assert_eq!(phone("tel:1234"), "");
    assert_eq!(phone("http://wa.me/79001234567"), "");
    assert_eq!(phone("79001234567.0@g.us"), "");
    assert_eq!(phone("+٧٩٠٠"), "");
    let numeric = |address: &str| fix("TELEGRAM", address);
    assert_eq!(numeric("1 234\u{A0}567"), "« » «» «\u{A0}» «»");
    assert_eq!(numeric("-1 \u{202F}234.00"), "« \u{202F}» «» «.00» «»");
    assert_eq!(numeric("123.0"), "«.0» «»");
    assert_eq!(numeric("1\u{2003}234"), "");
    assert_eq!(numeric("1.5"), "");
    assert_eq!(numeric("- 1 2"), "");
    assert_eq!(numeric(".00"), "");
    let email = |address: &str| fix("EMAIL", address);
    assert_eq!(email("a@b.c;"), "«;» «»");
    assert_eq!(email("a@b.c .,;"), "«.,;» «»");
    assert_eq!(email("a@b.c ; ,"), "«;» «» «,» «»");
    assert_eq!(email("'a@b.c'"), "«'» «» «'» «»");
    assert_eq!(email("\"a@b.c\""), "«\\\"» «» «\\\"» «»");
    assert_eq!(email("'mailto:a@b.c"), "«'mailto:» «»");
    assert_eq!(email("MailTo: a@b.c"), "«MailTo:» «»");
    assert_eq!(email("Ann <a@b.c>."), "«Ann <» «» «>.» «»");
    assert_eq!(email("< a@b.c >;"), "«<» «» «>;» «»");
    assert_eq!(email("\"Ann, B.\" <a@b.c>"), "«\\\"Ann, B.\\\" <» «» «>» «»");
    assert_eq!(email("a@b.c, d@e.f"), "");
    assert_eq!(email("a@b.c (Ann)"), "");
    assert_eq!(email("Ann <a@b>"), "");
    assert_eq!(fix("MOBILE", "a b"), "");
    // Of several kinds the first whose edits make an address of any kind.
    let kinds = |kinds: &str, address: &str| mended(&policy("WEB", &format!("\"address\":{kinds}")), "WEB", address);
    assert_eq!(kinds("[\"email\",\"phone\"]", "tel:1234567;"), "");
    assert_eq!(kinds("[\"email\",\"numeric\"]", "'12345"), "fix «'» «»");
    assert_eq!(kinds("[\"numeric\",\"phone\"]", "12.0"), "related «.» fix «.0» «»");
}

#[test]
fn only_plain_strings_have_a_fix_of_their_content() {
    let body = |address: &str| {
        let body = format!(
            "{{\"text\":\"t\",\"clientApplicationDescriptor\":{{\"channelType\":\"VIBER\",\"deviceAddress\":\"{address}\"}}}}"
        );
        with("{}", &body).remove(0)
    };
    assert!(body("https:\\/\\/wa.me\\/79001234567").ends_with("fix «https:\\/\\/wa.me\\/» «»"));
    assert!(body("tel:\\u002b79001234567").ends_with("related «t»"));
    assert!(body("tel:79001234567\\t").ends_with("related «t»"));
    assert!(body("tel:\\u002f79001234567").ends_with("related «t»"));
}
