//! The address kinds: what differs between them is in the kind's own file.

mod email;
mod numeric;
mod phone;
mod token;

use crate::meaning::meaning;
use crate::memory::OutOfMemory;
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

/// How an address that keeps its kind's rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Normal {
    /// The normal form differs from the value and was appended; else the value stands as it is.
    pub(crate) rewritten: bool,
    /// The number reads as national, and passes with a warning.
    pub(crate) national: bool,
}

impl Normal {
    const AS_IS: Normal = Normal { rewritten: false, national: false };
}

/// Checks a trimmed value that is neither blank nor has control characters; none if it is refused.
/// `out` grows only where the answer says `rewritten`.
#[inline]
pub(crate) fn normalize(
    kind: AddressKind,
    national: Option<&National>,
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Normal>, OutOfMemory> {
    match kind {
        AddressKind::Phone => phone::normalize(national, value, out),
        AddressKind::Token => Ok(token::is_token(value).then_some(Normal::AS_IS)),
        AddressKind::Email => email::normalize(value, out),
        AddressKind::Numeric => Ok(numeric::is_numeric(value).then_some(Normal::AS_IS)),
        AddressKind::Opaque => Ok(Some(Normal::AS_IS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the value is written as, and whether it warns; checks what holds for every kind.
    pub(super) fn normal<'a>(
        kind: AddressKind,
        national: Option<&National>,
        value: &'a [u8],
    ) -> Option<(alloc::borrow::Cow<'a, [u8]>, bool)> {
        let mut out = b"before".to_vec();
        let normal = normalize(kind, national, value, &mut out).unwrap();
        let added = out.strip_prefix(b"before").unwrap();
        match normal {
            Some(Normal { rewritten: true, national }) => {
                assert_ne!(added, value);
                Some((added.to_vec().into(), national))
            }
            Some(Normal { rewritten: false, national }) => {
                assert!(added.is_empty());
                Some((value.into(), national))
            }
            None => {
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
