//! The address kinds: what differs between them is in the kind's own file.

mod bsuid;
mod email;
mod mend;
mod numeric;
mod opaque;
mod phone;
mod token;

use crate::code::UnknownWord;
use crate::few::Few;
use crate::memory::OutOfMemory;
use crate::rules::Verdict;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
#[cfg(feature = "schema")]
pub(crate) use email::MAX_ADDRESS as MAX_EMAIL;
pub(crate) use mend::mend;
pub use phone::National;

/// The words as a sentence has them: `a, b or c`.
macro_rules! or_list {
    ($word:literal) => { $word };
    ($word:literal $last:literal) => { concat!($word, " or ", $last) };
    ($word:literal $($rest:literal)+) => { concat!($word, ", ", or_list!($($rest)+)) };
}

macro_rules! address_kinds {
    ($($name:ident $word:literal $expected:literal $meaning:literal)*) => {
        /// The syntax of a channel's device addresses.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AddressKind {
            $(#[doc = $meaning] $name,)*
        }

        impl AddressKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [AddressKind] = &[$(AddressKind::$name),*];

            /// The words of all kinds: `a, b or c`.
            pub(crate) const WORDS: &'static str = or_list!($($word)*);

            /// The name that policies and diagnostics use.
            pub const fn as_str(self) -> &'static str {
                match self { $(AddressKind::$name => $word,)* }
            }

            /// What an address of the kind is, in a message: "The device address is not …".
            pub(crate) const fn expected(self) -> &'static str {
                match self { $(AddressKind::$name => $expected,)* }
            }

            /// What the kind means, as one sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(AddressKind::$name => $meaning,)* }
            }

            /// The kind of that name, which is compared exactly.
            pub fn parse(name: &[u8]) -> Option<AddressKind> {
                Self::ALL.iter().copied().find(|kind| kind.as_str().as_bytes() == name)
            }
        }
    };
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AddressKind {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<AddressKind, UnknownWord> {
        AddressKind::parse(name.as_bytes()).ok_or(UnknownWord { kind: "address kind" })
    }
}

address_kinds! {
    Phone "phone" "a phone number of 7 to 15 digits"
        "A phone number of 7 to 15 digits (ITU-T E.164), international with `+`, `00` or no mark, or national; punctuation and invisible characters are removed."
    Bsuid "bsuid" "a business-scoped user id"
        "A business-scoped user id of WhatsApp: two capitals, a full stop, and 1 to 128 letters and digits."
    Token "token" "a token of visible ASCII characters"
        "Visible ASCII characters: what push services hand out."
    Email "email" "an e-mail address"
        "A mailbox, `local@domain`, at most 254 UTF-16 code units (RFC 5321, section 4.5.3.1, with the characters of RFC 6531); capitals of ASCII labels of the domain become lower case."
    Numeric "numeric" "a numeric identifier of up to 19 digits"
        "An identifier of 1 to 19 digits, perhaps negative."
    Opaque "opaque" "anything that is not blank"
        "Anything that is not blank."
}

/// The address kinds of a channel: 1 to 4 different ones. The first that takes an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds {
    first: AddressKind,
    others: Few<AddressKind, { Kinds::MOST - 1 }>,
}

impl Kinds {
    /// How many kinds a channel can have.
    pub(crate) const MOST: usize = 4;

    /// One kind.
    pub(crate) const fn one(kind: AddressKind) -> Kinds {
        Kinds { first: kind, others: Few::new(kind) }
    }

    /// Two different kinds.
    pub(crate) const fn two(first: AddressKind, second: AddressKind) -> Kinds {
        Kinds { first, others: Few::one(second) }
    }

    /// These kinds and then `kind`; none if it is among them or there is no room.
    pub(crate) fn and(mut self, kind: AddressKind) -> Option<Kinds> {
        if self.has(kind) {
            return None;
        }
        self.others.push(kind)?;
        Some(self)
    }

    #[inline]
    pub(crate) fn first(&self) -> AddressKind {
        self.first
    }

    #[inline]
    pub(crate) fn others(&self) -> &[AddressKind] {
        self.others.as_slice()
    }

    /// The kinds in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = AddressKind> + Clone + use<'_> {
        core::iter::once(self.first).chain(self.others().iter().copied())
    }

    pub(crate) fn has(&self, kind: AddressKind) -> bool {
        self.iter().any(|other| other == kind)
    }
}

/// How many national rules a channel can have.
pub(crate) const MOST_NATIONAL: usize = 8;

/// The national rules of a channel. The first that a number fits counts.
pub(crate) type NationalRules = Few<National, MOST_NATIONAL>;

/// Checks a trimmed value that is neither blank nor has control characters.
#[inline]
pub(crate) fn check(
    kinds: &Kinds,
    national: &[National],
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<Verdict, OutOfMemory> {
    let verdict = check_kind(kinds.first(), national, value, out)?;
    if verdict != Verdict::Invalid || kinds.others().is_empty() {
        return Ok(verdict);
    }
    check_others(kinds.others(), national, value, out)
}

#[cold]
#[inline(never)]
fn check_others(
    kinds: &[AddressKind],
    national: &[National],
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<Verdict, OutOfMemory> {
    for kind in kinds {
        let verdict = check_kind(*kind, national, value, out)?;
        if verdict != Verdict::Invalid {
            return Ok(verdict);
        }
    }
    Ok(Verdict::Invalid)
}

#[inline]
fn check_kind(
    kind: AddressKind,
    national: &[National],
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<Verdict, OutOfMemory> {
    match kind {
        AddressKind::Phone => phone::check(national, value, out),
        AddressKind::Bsuid => Ok(bsuid::check(value)),
        AddressKind::Token => Ok(token::check(value)),
        AddressKind::Email => email::check(value, out),
        AddressKind::Numeric => Ok(numeric::check(value)),
        AddressKind::Opaque => Ok(opaque::check(value)),
    }
}

/// The index of the first character that spoils an address of the kind; none if it is the whole that is
/// wrong.
#[cold]
pub(crate) fn spoiler(kind: AddressKind, chars: impl Iterator<Item = char> + Clone) -> Option<usize> {
    match kind {
        AddressKind::Phone => phone::spoiler(chars),
        AddressKind::Bsuid => bsuid::spoiler(chars),
        AddressKind::Token => token::spoiler(chars),
        AddressKind::Email => email::spoiler(chars),
        AddressKind::Numeric => numeric::spoiler(chars),
        AddressKind::Opaque => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Warnings};
    use alloc::string::String;
    use proptest::prelude::*;

    /// What the value is written as, and the warnings; checks what holds for every kind.
    pub(super) fn normal<'a>(
        kind: AddressKind,
        national: &[National],
        value: &'a [u8],
    ) -> Option<(alloc::borrow::Cow<'a, [u8]>, Warnings)> {
        let mut out = b"before".to_vec();
        let verdict = check_kind(kind, national, value, &mut out).unwrap();
        let added = out.strip_prefix(b"before").unwrap();
        match verdict {
            Verdict::Rewritten(warnings) => {
                assert_ne!(added, value);
                Some((added.to_vec().into(), warnings))
            }
            Verdict::AsIs(warnings) => {
                assert!(added.is_empty());
                Some((value.into(), warnings))
            }
            Verdict::Invalid => {
                assert!(added.is_empty());
                None
            }
        }
    }

    /// Normalizing what was normalized changes nothing and warns of nothing new.
    pub(super) fn assert_stable(kind: AddressKind, national: &[National], value: &[u8]) {
        if let Some((written, warnings)) = normal(kind, national, value) {
            let (again, same_or_fewer) = normal(kind, national, &written).expect("what is written is an address");
            assert_eq!(again, written, "{value:?}");
            assert_eq!(warnings.with(same_or_fewer), warnings, "{value:?}");
        }
    }

    #[test]
    fn names() {
        for kind in AddressKind::ALL.iter().copied() {
            assert_eq!(AddressKind::parse(kind.as_str().as_bytes()), Some(kind));
        }
        for name in ["", "Phone", "phone ", "phones"] {
            assert_eq!(AddressKind::parse(name.as_bytes()), None);
        }
    }

    #[test]
    fn kinds_are_a_list_without_repetition() {
        use AddressKind::{Bsuid, Email, Numeric, Phone, Token};
        let kinds = Kinds::one(Phone);
        assert_eq!(kinds.and(Phone), None);
        let kinds = kinds.and(Bsuid).and_then(|kinds| kinds.and(Token)?.and(Email)).unwrap();
        assert!(kinds.iter().eq([Phone, Bsuid, Token, Email]));
        assert!(kinds.has(Email) && !kinds.has(Numeric));
        assert_eq!(kinds.and(Numeric), None);
        assert_eq!(AddressKind::WORDS, "phone, bsuid, token, email, numeric or opaque");
    }

    #[test]
    fn the_first_kind_that_takes_the_address_counts() {
        let kinds = Kinds::one(AddressKind::Phone).and(AddressKind::Bsuid).unwrap();
        let mut out = Vec::new();
        assert_eq!(check(&kinds, &[], b"+79000000000", &mut out), Ok(Verdict::Rewritten(crate::code::Warnings::NONE)));
        assert_eq!(check(&kinds, &[], b"US.13491208655302741918", &mut out), Ok(Verdict::VALID));
        assert_eq!(check(&kinds, &[], b"us.1", &mut out), Ok(Verdict::Invalid));
        assert_eq!(out, b"79000000000");
    }

    #[test]
    fn opaque_is_anything() {
        let unlikely = Warnings::of(Code::UnlikelyAddress);
        for (value, warnings) in [
            ("x", Warnings::NONE),
            ("a b", Warnings::NONE),
            ("жук", Warnings::NONE),
            ("79001234567", Warnings::NONE),
            ("+7", Warnings::NONE),
            ("+7900123456x", Warnings::NONE),
            ("+1234567890123456", Warnings::NONE),
            ("(+79001234567)", Warnings::NONE),
            ("+7 (900) 123-45-67", unlikely),
            ("+44 (0) 7700 900123", unlikely),
            ("+79001234567.0", unlikely),
            ("+49 123/456789", unlikely),
            ("+49 123/456/789", Warnings::NONE),
            ("+1234567", unlikely),
            ("undefined", unlikely),
            ("{{id}}", unlikely),
        ] {
            let found = normal(AddressKind::Opaque, &[], value.as_bytes());
            assert_eq!(found, Some((value.as_bytes().into(), warnings)), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn stable_whatever_the_kinds_and_the_rules(
            value in "([+ ]?[0-9]{1,4}[ /]?[0-9]{4,8}|[aB][.@]{0,2}[aBж]?\\.[c1 ]{0,2}|null|US\\.a|[+]?8[ -]?[0-9]{8,10})",
            kinds in proptest::sample::subsequence(AddressKind::ALL, 1..=Kinds::MOST).prop_shuffle(),
            rules in proptest::collection::vec(("[08]?[0-9]?", "7|84|375|8[0-9]{2}", 4_u8..=15), 0..=MOST_NATIONAL)
        ) {
            let (first, others) = kinds.split_first().unwrap();
            let kinds = others.iter().try_fold(Kinds::one(*first), |kinds, kind| kinds.and(*kind)).unwrap();
            let rule = |(prefix, country, length): (String, String, u8)| National::new(&prefix, &country, length);
            let rules: Vec<National> = rules.into_iter().filter_map(rule).collect();
            let normal = |value: &[u8]| {
                let mut out = Vec::new();
                match check(&kinds, &rules, value, &mut out).unwrap() {
                    Verdict::AsIs(warnings) => Some((value.to_vec(), warnings)),
                    Verdict::Rewritten(warnings) => Some((out, warnings)),
                    Verdict::Invalid => None,
                }
            };
            if let Some((written, warnings)) = normal(value.trim().as_bytes()) {
                let (again, same_or_fewer) = normal(&written).expect("what is written is an address");
                prop_assert_eq!(again, written);
                prop_assert_eq!(warnings.with(same_or_fewer), warnings);
            }
        }

        #[test]
        fn total_and_stable_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..24)) {
            for kind in AddressKind::ALL.iter().copied() {
                assert_stable(kind, &[], &value);
            }
        }
    }
}
