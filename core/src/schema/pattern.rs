//! Regular expressions (ECMA-262, as JSON Schema asks for) that say a rule, or a part of one.
//!
//! They are kept to what other engines read too: no look-around, no `\s`, no `\p`.

/// What stands behind U+00A0 of white space and invisible characters, as part of a character class.
macro_rules! unseen {
    () => {
        concat!(
            r"\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180E\u2000-\u200B\u200E\u200F\u2028-\u202F",
            r"\u205F-\u206F\u2800\u3000\u3164\uFEFF\uFFA0\uFFFC"
        )
    };
}

/// White space and invisible characters: what trimming takes off both ends.
macro_rules! white {
    () => {
        concat!(r"\u0009-\u000D\u0020\u0085\u00A0", unseen!())
    };
}

/// Control characters.
macro_rules! control {
    () => {
        r"\u0000-\u001F\u007F-\u009F"
    };
}

/// White space, invisible and control characters: what a trimmed value can't begin or end with.
macro_rules! edge {
    () => {
        concat!(r"\u0000-\u0020\u007F-\u00A0", unseen!())
    };
}

/// What turns the direction in which a name is shown.
macro_rules! turns {
    () => {
        r"\u202A-\u202E\u2066-\u2069"
    };
}

/// What is removed from phone numbers.
macro_rules! punctuation {
    () => {
        concat!(white!(), r"\u200C\u200D\u2010-\u2015\u2212.()/-")
    };
}

/// A character of a media type's token (RFC 9110, without `*`); normalized ones have no capitals.
macro_rules! token {
    () => {
        "!#$%&'+.^_`|~0-9a-z-"
    };
}

/// What can stand nowhere in a URL, and what must be looked at closely.
macro_rules! not_iri {
    () => {
        concat!(r#"\u0000-\u0020"<>\\%#\u007F-\u00A0"#, unseen!())
    };
}

/// A character of a URL behind its authority.
macro_rules! iri {
    () => {
        concat!("(?:[^", not_iri!(), "]|%[0-9A-Fa-f]{2})")
    };
}

/// What no label of a mail domain holds behind the hyphen.
macro_rules! not_label {
    () => {
        concat!(r"\u002E\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\u00A0", unseen!())
    };
}

/// A character at the ends of a label.
macro_rules! label_end {
    () => {
        concat!(r"[^\u0000-\u002D", not_label!(), "]")
    };
}

macro_rules! label {
    () => {
        concat!(label_end!(), r"(?:[^\u0000-\u002C", not_label!(), "]{0,61}", label_end!(), ")?")
    };
}

/// What a normalized value looks like.
pub(super) mod normalized {
    /// Any string but the text.
    pub(in super::super) const TRIMMED: &str = concat!("^[^", edge!(), "](?:[^", control!(), "]*[^", edge!(), "])?$");
    pub(in super::super) const TEXT: &str = r"^[^\u0000-\u0008\u000B-\u001F\u0085\u2028\u2029]*$";
    pub(in super::super) const URL: &str = concat!(
        r"^[Hh][Tt][Tt][Pp][Ss]?://(?:\[[0-9A-Za-z:._~!$&'()*+,;=-]+\]|(?:[^/?:@\[\]^`{|}",
        not_iri!(),
        "]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?(?:[/?]",
        iri!(),
        "*)?(?:#",
        iri!(),
        "*)?$"
    );
    pub(in super::super) const NAME: &str =
        concat!(r"^[^/\\", edge!(), r"](?:[^/\\", turns!(), control!(), r"]*[^/\\", edge!(), "])?$");
    pub(in super::super) const MEDIA_TYPE: &str =
        concat!("^[", token!(), "]+/[", token!(), "]+(?: *;[^", control!(), "]*)?$");
    pub(in super::super) const PHONE: &str = r"^(?:\+[1-9][0-9]|0[1-9]|[1-9][0-9])[0-9]{5,13}$";
    pub(in super::super) const BSUID: &str = r"^[A-Z]{2}\.[0-9A-Za-z]{1,128}$";
    pub(in super::super) const TOKEN: &str = "^[!-~]+$";
    pub(in super::super) const EMAIL: &str = concat!(
        r#"^(?:[^()<>\[\]:;,\\"@"#,
        edge!(),
        r#"]{1,64}|"[^"\\@"#,
        control!(),
        r#"]{1,64}")@(?:"#,
        label!(),
        r"\.)+",
        label!(),
        "$"
    );
    pub(in super::super) const NUMERIC: &str = "^-?[0-9]{1,19}$";
}

/// What a value can look like before it is normalized.
pub(super) mod input {
    pub(in super::super) const NOT_BLANK: &str = concat!("[^", white!(), "]");
    pub(in super::super) const TEXT: &str = r"^[^\u0000-\u0008\u000E-\u001F]*$";
    pub(in super::super) const URL: &str = concat!("^[", white!(), "]*[Hh][Tt][Tt][Pp][Ss]?://");
    pub(in super::super) const NAME: &str = r"^[^/\\]*$";
    pub(in super::super) const MEDIA_TYPE: &str =
        concat!("^[", white!(), "]*(?:$|[A-Z", token!(), "]+/[A-Z", token!(), "]+(?:$|[;", white!(), "]))");
    pub(in super::super) const PHONE: &str =
        concat!("^[", punctuation!(), r"]*(?:\+[", punctuation!(), "]*)?(?:[0-9][", punctuation!(), "]*){4,17}$");
    pub(in super::super) const BSUID: &str =
        concat!("^[", white!(), r"]*[A-Z]{2}\.[0-9A-Za-z]{1,128}[", white!(), "]*$");
    pub(in super::super) const TOKEN: &str = concat!("^[", white!(), "]*[!-~]+[", white!(), "]*$");
    pub(in super::super) const EMAIL: &str = r"^[^@]+@[^@]+\.[^@]+$";
    pub(in super::super) const NUMERIC: &str = concat!("^[", white!(), "]*-?[0-9]{1,19}[", white!(), "]*$");
}
