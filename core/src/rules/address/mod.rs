//! The address kinds: what differs between them is in the kind's own file.

mod email;
mod numeric;
mod phone;
mod token;

use crate::meaning::meaning;
use crate::memory::OutOfMemory;
use crate::rules::Verdict;
use alloc::vec::Vec;
#[cfg(feature = "schema")]
pub(crate) use email::MAX_ADDRESS as MAX_EMAIL;
#[allow(unused_imports, reason = "for the policy's reader")]
pub(crate) use phone::Digits;
pub use phone::National;

/// The syntax of a channel's device addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    #[doc = meaning!(phone)]
    Phone,
    #[doc = meaning!(token)]
    Token,
    #[doc = meaning!(email)]
    Email,
    #[doc = meaning!(numeric)]
    Numeric,
    #[doc = meaning!(opaque)]
    Opaque,
}

impl AddressKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [AddressKind; 5] =
        [AddressKind::Phone, AddressKind::Token, AddressKind::Email, AddressKind::Numeric, AddressKind::Opaque];

    /// The name that policies and diagnostics use.
    pub const fn as_str(self) -> &'static str {
        match self {
            AddressKind::Phone => "phone",
            AddressKind::Token => "token",
            AddressKind::Email => "email",
            AddressKind::Numeric => "numeric",
            AddressKind::Opaque => "opaque",
        }
    }

    /// The kind of that name, which is compared exactly.
    pub fn parse(name: &[u8]) -> Option<AddressKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str().as_bytes() == name)
    }
}

/// Checks a trimmed value that is neither blank nor has control characters.
#[inline]
pub(crate) fn check(
    kind: AddressKind,
    national: Option<&National>,
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<Verdict, OutOfMemory> {
    match kind {
        AddressKind::Phone => phone::check(national, value, out),
        AddressKind::Token => Ok(token::check(value)),
        AddressKind::Email => email::check(value, out),
        AddressKind::Numeric => Ok(numeric::check(value)),
        AddressKind::Opaque => Ok(Verdict::VALID),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Warnings};
    use proptest::prelude::*;

    /// What the value is written as, and whether it warns; checks what holds for every kind.
    pub(super) fn normal<'a>(
        kind: AddressKind,
        national: Option<&National>,
        value: &'a [u8],
    ) -> Option<(alloc::borrow::Cow<'a, [u8]>, bool)> {
        let mut out = b"before".to_vec();
        let verdict = check(kind, national, value, &mut out).unwrap();
        let added = out.strip_prefix(b"before").unwrap();
        let is_national = |warnings: Warnings| warnings.has(Code::NationalNumber);
        match verdict {
            Verdict::Rewritten(warnings) => {
                assert_ne!(added, value);
                Some((added.to_vec().into(), is_national(warnings)))
            }
            Verdict::AsIs(warnings) => {
                assert!(added.is_empty());
                Some((value.into(), is_national(warnings)))
            }
            Verdict::Invalid => {
                assert!(added.is_empty());
                None
            }
        }
    }

    /// Normalizing what was normalized changes nothing and warns of nothing new.
    pub(super) fn assert_stable(kind: AddressKind, national: Option<&National>, value: &[u8]) {
        if let Some((written, warns)) = normal(kind, national, value) {
            assert_eq!(normal(kind, national, &written), Some((written.clone(), warns)), "{value:?}");
        }
    }

    #[test]
    fn names() {
        for kind in AddressKind::ALL {
            assert_eq!(AddressKind::parse(kind.as_str().as_bytes()), Some(kind));
        }
        for name in ["", "Phone", "phone ", "phones"] {
            assert_eq!(AddressKind::parse(name.as_bytes()), None);
        }
    }

    #[test]
    fn opaque_is_anything() {
        for value in ["x", "a b", "жук", "+7 (900)"] {
            assert_eq!(normal(AddressKind::Opaque, None, value.as_bytes()), Some((value.as_bytes().into(), false)));
        }
    }

    proptest! {
        #[test]
        fn total_and_stable_on_bytes(value in proptest::collection::vec(any::<u8>(), 0..24)) {
            for kind in AddressKind::ALL {
                assert_stable(kind, None, &value);
            }
        }
    }
}
