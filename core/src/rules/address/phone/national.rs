//! A host's own rules for the numbers of its country.

use super::{LENGTH, TRUNK_LENGTH, plan};
use crate::few::Few;
use crate::limits::{Range, range};
use core::fmt;

/// The digits that a number begins with: up to 4 of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits(Few<u8, 4>);

impl Digits {
    const NONE: Digits = Digits(Few::new(b'0'));

    fn new(text: &[u8]) -> Option<Digits> {
        let mut digits = Digits::NONE;
        text.iter().try_for_each(|digit| digits.0.push(*digit))?;
        text.iter().all(u8::is_ascii_digit).then_some(digits)
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// A host's own rule for the numbers of its country: one that begins with `prefix` and has
/// `length` digits is written with `country` in the place of `prefix`. With prefix 8, country 7
/// and length 11, `89000000000` becomes `79000000000`; with an empty prefix, country 7 and length 10,
/// `9000000000` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct National {
    prefix: Digits,
    country: Digits,
    length: u8,
}

impl National {
    /// A rule that no number fits.
    pub(crate) const NONE: National = National { prefix: Digits::NONE, country: Digits::NONE, length: 0 };

    /// How many digits a number has in national form.
    pub(crate) const LENGTHS: Range = range!(4, 15);

    /// The rule, if it is one: `prefix` has 0 to 3 digits and does not begin with 00, `country` has 1 to
    /// 4 digits and begins with a country code that ITU has assigned, `length` is 4 to 15, and a number
    /// that is written by the rule has 7 to 15 digits and does not read as national again (11 digits
    /// that begin with 87 do).
    pub fn new(prefix: &str, country: &str, length: u8) -> Option<National> {
        let prefix = Self::read_prefix(prefix.as_bytes())?;
        let country = Self::read_country(country.as_bytes())?;
        let is_length = (Self::LENGTHS.min..=Self::LENGTHS.max).contains(&u32::from(length));
        Self::from_parts(prefix, country, length).filter(|_| is_length)
    }

    /// The national prefix, as `8` in Russia; it may be empty.
    pub fn prefix(&self) -> &str {
        self.prefix.as_str()
    }

    /// The country code, as `7` for Russia, and perhaps a digit more.
    pub fn country(&self) -> &str {
        self.country.as_str()
    }

    /// How many digits a number has in national form, the prefix included.
    pub fn length(&self) -> u8 {
        self.length
    }

    pub(crate) fn read_prefix(text: &[u8]) -> Option<Digits> {
        Digits::new(text).filter(|_| text.len() <= 3 && !text.starts_with(b"00"))
    }

    pub(crate) fn read_country(text: &[u8]) -> Option<Digits> {
        Digits::new(text).filter(|_| plan::split(text).is_some())
    }

    /// The rule of parts that are good by themselves; none if it would not write a number that reads as
    /// an international one.
    pub(crate) fn from_parts(prefix: Digits, country: Digits, length: u8) -> Option<National> {
        let country_code = country.as_bytes();
        let written = usize::from(length).checked_sub(prefix.as_bytes().len())?.checked_add(country_code.len())?;
        let reads_as_national = written == TRUNK_LENGTH && country_code.starts_with(b"87");
        (LENGTH.contains(&written) && !reads_as_national).then_some(National { prefix, country, length })
    }

    pub(super) fn country_code(&self) -> &[u8] {
        self.country.as_bytes()
    }

    /// What follows the prefix of a number that fits. An empty prefix fits no number that begins with 0.
    #[inline]
    pub(super) fn subscriber<'n>(&self, number: &'n [u8]) -> Option<&'n [u8]> {
        if number.len() != usize::from(self.length) {
            return None;
        }
        match self.prefix.as_bytes() {
            [] => Some(number).filter(|number| !number.starts_with(b"0")),
            prefix => number.strip_prefix(prefix),
        }
    }
}
