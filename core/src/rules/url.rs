//! URLs of attachments (contract §3): an http or https IRI that is safe to show and to fetch.

use super::Verdict;
use super::iri::{self, Scheme};
use crate::code::{Code, Warnings};

/// Checks a trimmed value.
#[inline]
pub(crate) fn check(value: &[u8]) -> Verdict {
    match iri::http_iri(value) {
        None => Verdict::Invalid,
        Some(Scheme::Http) => Verdict::AsIs(Warnings::of(Code::InsecureUrl)),
        Some(Scheme::Https) => Verdict::VALID,
    }
}
