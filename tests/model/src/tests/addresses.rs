//! §4: the address kinds.

use super::{address, address_with};

const NATIONAL: &str =
    "{\"channels\":{\"WHATSAPP\":{\"national\":{\"prefix\":\"8\",\"country\":\"7\",\"length\":11}}}}";

#[test]
fn phones() {
    let cases = [
        ("+7 (900) 123-45-67", "79001234567"),
        ("0079001234567", "79001234567"),
        ("79001234567", "79001234567"),
        ("1234567", "1234567"),
        ("123456789012345", "123456789012345"),
        ("\u{200E}+49\u{A0}30\u{2011}12\u{2015}345\u{202C}.\u{FEFF}6\u{2069}", "4930123456"),
        // Only this one would read as national without its mark.
        ("+89001234567", "+89001234567"),
        ("0089001234567", "+89001234567"),
        ("+890012345678", "890012345678"),
        // 11 digits beginning with 8 but not 89.
        ("88001234567", "88001234567"),
    ];
    for (text, normalized) in cases {
        assert_eq!(address("WHATSAPP", text), [normalized], "{text}");
    }
    for text in ["89001234567", "0301234567", "8 900 123-45-67"] {
        let all = address("VIBER", text);
        let bare: String = text.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(all, [bare, "national_number".to_owned()], "{text}");
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
        "\u{200E}",
        "--",
        "123456\u{2016}7",
        "0123/4567",
    ];
    for text in bad {
        assert_eq!(address("WHATSAPP", text), ["invalid_address"], "{text}");
    }
    // Inner control characters come before the syntax, tab and NEL too.
    for text in ["123\t4567", "123\u{85}4567", "123\u{7}4567"] {
        assert_eq!(address("WHATSAPP", text), ["control_character"], "{text}");
    }
}

#[test]
fn national_rules() {
    let with = |text: &str| address_with(NATIONAL, "WHATSAPP", text);
    assert_eq!(with("8 (900) 123-45-67"), ["79001234567"]);
    assert_eq!(with("88001234567"), ["78001234567"]);
    // A mark says that it is not national; without one it would fit the rule.
    assert_eq!(with("+88001234567"), ["+88001234567"]);
    assert_eq!(with("8900123456"), ["8900123456"]);
    assert_eq!(with("0900123456"), ["0900123456", "national_number"]);
    let same = "{\"channels\":{\"VIBER\":{\"national\":{\"prefix\":\"8\",\"country\":\"8\",\"length\":8}}}}";
    assert_eq!(address_with(same, "VIBER", "81234567"), ["+81234567"]);
    assert_eq!(address_with(same, "VIBER", "+81234567"), ["+81234567"]);
    let zero = "{\"channels\":{\"VIBER\":{\"national\":{\"prefix\":\"0\",\"country\":\"89\",\"length\":10}}}}";
    assert_eq!(address_with(zero, "VIBER", "0301234567"), ["+89301234567"]);
    assert_eq!(address_with(zero, "VIBER", "00301234567"), ["301234567"]);
}

#[test]
fn tokens_numbers_and_others() {
    assert_eq!(address("MOBILE", " gcm_5/\"~! "), ["gcm_5/\\\"~!"]);
    for text in ["a b", "é", "a\u{A0}b", "\u{FEFF}a"] {
        assert_eq!(address("MOBILE", text), ["invalid_address"], "{text}");
    }
    for text in ["1", "-1", "0000", "1234567890123456789", "-1234567890123456789"] {
        assert_eq!(address("TELEGRAM", text), [text]);
    }
    for text in ["-", "12345678901234567890", "+1", "1 2", "--1", "1-", "٣"] {
        assert_eq!(address("FACEBOOK", text), ["invalid_address"], "{text}");
    }
    assert_eq!(address("YANDEX", "\u{3000}any thing é \u{2028}"), ["any thing é"]);
}

#[test]
fn emails() {
    let longest = format!("{}@{}.{}.{}", "l".repeat(64), "a".repeat(63), "b".repeat(63), "c".repeat(61));
    let cases = [
        ("User@EXAMPLE.Com", "User@example.com"),
        ("a@b.c", "a@b.c"),
        ("\"x\"..@1-2.3--4", "\\\"x\\\"..@1-2.3--4"),
        // Only ASCII capitals change.
        ("ж@ПОЧТА.рф", "ж@ПОЧТА.рф"),
        ("a@\u{200B}.😀", "a@\u{200B}.😀"),
        (&longest, &longest),
    ];
    assert_eq!(longest.len(), 254);
    for (text, normalized) in cases {
        assert_eq!(address("EMAIL", text), [normalized]);
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
        "a@b_.c",
        "a@b\u{2003}.c",
        "a\u{A0}b@c.d",
    ];
    for text in bad {
        assert_eq!(address("EMAIL", text), ["invalid_address"], "{text}");
    }
    for text in [
        format!("{}@b.c", "l".repeat(65)),
        format!("{}@b.c", "😀".repeat(33)),
        format!("a@{}.c", "d".repeat(64)),
        format!("l{longest}"),
        format!("{longest}c"),
    ] {
        assert_eq!(address("EMAIL", &text), ["invalid_address"], "{text}");
    }
}
