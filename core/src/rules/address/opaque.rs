//! `opaque`: anything that is not blank, for channels of whose addresses nothing is documented.

use super::phone;
use crate::code::{Code, Warnings};
use crate::rules::Verdict;
use crate::rules::identifier::stands_for_nothing;

/// Two things are hardly meant: a phone number, for these channels have none, and a word that stands for
/// nothing.
pub(super) fn check(value: &[u8]) -> Verdict {
    if stands_for_nothing(value) || phone::is_with_plus(value) {
        return Verdict::AsIs(Warnings::of(Code::UnlikelyAddress));
    }
    Verdict::VALID
}
