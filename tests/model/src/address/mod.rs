//! The six kinds of device address.

pub(crate) mod email;
pub(crate) mod fix;
pub(crate) mod phone;

use crate::literal::{Content, Letter};
use crate::policy::Channel;
use crate::text::stands_for_nothing;

/// A valid address, normalized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) normalized: String,
    /// Whether it warns `national_number`.
    pub(crate) national: bool,
    /// Whether it warns `unlikely_address`.
    pub(crate) unlikely: bool,
}

/// The trimmed address: "of several kinds the first that takes the address counts".
pub(crate) fn check(channel: &Channel, trimmed: &str) -> Option<Address> {
    channel.address.iter().find_map(|kind| check_kind(kind, channel, trimmed))
}

fn check_kind(kind: &str, channel: &Channel, trimmed: &str) -> Option<Address> {
    if trimmed.is_empty() {
        return None;
    }
    let as_it_is = |unlikely: bool| Some(Address { normalized: trimmed.to_owned(), national: false, unlikely });
    match kind {
        "phone" => phone::check(trimmed, &channel.national),
        "bsuid" if is_bsuid(trimmed) => as_it_is(false),
        "token" if trimmed.chars().all(is_visible) => as_it_is(stands_for_nothing(trimmed)),
        "email" => email::check(trimmed),
        "numeric" if is_numeric(trimmed) => as_it_is(false),
        "opaque" => as_it_is(phone::looks_like_one(trimmed) || stands_for_nothing(trimmed)),
        _ => None,
    }
}

/// "visible ASCII, no white space".
fn is_visible(character: char) -> bool {
    matches!(character, '!'..='~')
}

/// "two ASCII capitals, `.`, 1 to 128 ASCII letters and digits".
fn is_bsuid(text: &str) -> bool {
    let Some((country, id)) = text.split_once('.') else { return false };
    country.len() == 2
        && country.chars().all(|character| character.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.chars().all(|character| character.is_ascii_alphanumeric())
}

/// "an optional leading `-`, then 1 to 19 digits".
fn is_numeric(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.chars().all(|character| character.is_ascii_digit()) && (1..=19).contains(&digits.len())
}

/// "`related` of `invalid_address`", by the channel's first kind.
pub(crate) fn spoiler(channel: &Channel, content: &Content) -> Option<Letter> {
    match channel.address[0].as_str() {
        "phone" => phone::spoiler(content),
        "email" => email::spoiler(content),
        // "for `token`, `numeric` and `bsuid` the first that no such address can hold".
        "token" => content.first(|character| !is_visible(character)),
        "numeric" => content.first(|character| !character.is_ascii_digit() && character != '-'),
        "bsuid" => content.first(|character| !character.is_ascii_alphanumeric() && character != '.'),
        _ => None,
    }
}
