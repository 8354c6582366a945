//! The names of channels (contract §5).

use core::fmt;

/// The longest name of a channel, in bytes.
pub(crate) const MAX_NAME: usize = 64;

/// A channel's name: a capital, then capitals, digits and `_`.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    bytes: [u8; MAX_NAME],
    len: u8,
}

impl Name {
    /// The name of no channel.
    pub(crate) const EMPTY: Name = Name { bytes: [0; MAX_NAME], len: 0 };

    /// The name, if it is one that a channel can have.
    pub(crate) const fn parse(name: &[u8]) -> Option<Name> {
        if name.is_empty() || name.len() > MAX_NAME {
            return None;
        }
        let mut bytes = [0; MAX_NAME];
        let mut rest = name;
        let mut i = 0;
        // The bound is said again, for the compiler: then nothing is left here that could panic.
        while let [c, after @ ..] = rest {
            if i >= MAX_NAME {
                break;
            }
            let allowed = c.is_ascii_uppercase() || i > 0 && (c.is_ascii_digit() || *c == b'_');
            if !allowed {
                return None;
            }
            #[allow(
                clippy::indexing_slicing,
                clippy::arithmetic_side_effects,
                reason = "no longer than the array, which was checked above"
            )]
            {
                bytes[i] = *c;
                i += 1;
            }
            rest = after;
        }
        Some(Name { bytes, len: name.len() as u8 })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.len as usize).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len as usize).unwrap_or(&[])
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}
