//! "Did you mean …?": the nearest of a few names by optimal string alignment distance (one edit is
//! an insertion, a deletion, a substitution or a swap of neighbours, and nothing is edited twice),
//! without regard to ASCII case, counted in Unicode scalar values.
//!
//! Only distances up to 2 count, so that no table of distances is needed: where two names first
//! differ there are four edits to try, and that at most twice. (Letting equal first characters
//! stand is always among the best alignments.)
//!
//! What is not near may still be the same name in another spelling (`client_id`), or another name of the
//! same: those of channels stand here, those of fields beside the fields.

/// Longer names get no suggestion, in scalar values.
pub(crate) const MAX_NAME: usize = 64;

/// The index of the candidate that is nearest to `name`: at most 2 away, and less than half of the
/// name's length; the first of those that are equally near. Candidates are ASCII, as the names of
/// fields and channels are.
pub(crate) fn nearest<'t, T: AsRef<[u8]> + ?Sized + 't>(
    name: &str,
    candidates: impl Iterator<Item = &'t T>,
) -> Option<usize> {
    let mut candidates = candidates.map(T::as_ref);
    nearest_of(name, &mut || candidates.next())
}

#[inline(never)] // asked in many places, seldom
fn nearest_of<'t>(name: &str, next: &mut dyn FnMut() -> Option<&'t [u8]>) -> Option<usize> {
    let mut buffer = ['\0'; MAX_NAME];
    let name = fold(name, &mut buffer)?;
    let letters = letter_set(name.iter().map(|c| u32::from(*c)));
    // Twice the distance is below the length; a distance must be below `limit` to be the nearest.
    let mut limit = name.len().div_ceil(2).min(3);
    let mut nearest = None;
    for (index, candidate) in core::iter::from_fn(next).enumerate() {
        let Some(most) = limit.checked_sub(1) else {
            break;
        };
        // A letter that only one of them has takes an edit.
        let others = letter_set(candidate.iter().map(|byte| u32::from(*byte)));
        if (letters & !others).count_ones().max((others & !letters).count_ones()) as usize > most {
            continue;
        }
        if let Some(distance) = distance(name, candidate, most) {
            limit = distance;
            nearest = Some(index);
        }
    }
    nearest
}

/// Whether a name is too long to get any hint.
pub(crate) fn is_long(name: &str) -> bool {
    name.chars().nth(MAX_NAME).is_some()
}

/// A name without regard to ASCII case, `_`, `-` and spaces.
#[derive(Clone, Copy)]
pub(crate) struct Letters<'n>(&'n [u8]);

impl<'n> Letters<'n> {
    pub(crate) fn of(name: &'n (impl AsRef<[u8]> + ?Sized)) -> Letters<'n> {
        let name = name.as_ref();
        let start = name.iter().position(|byte| !is_separator(*byte)).unwrap_or(name.len());
        Letters(name.get(start..).unwrap_or_default())
    }

    fn bytes(self) -> impl Iterator<Item = u8> + use<'n> {
        self.0.iter().filter(|byte| !is_separator(**byte)).map(u8::to_ascii_lowercase)
    }

    /// Whether these are the letters of a name of ours.
    #[inline]
    pub(crate) fn are_of(self, name: &(impl AsRef<[u8]> + ?Sized)) -> bool {
        // The first one tells most names apart at once.
        let name = Letters::of(name);
        self.bytes().next() == name.bytes().next() && self.are(name)
    }

    #[inline(never)] // asked in many places, seldom
    fn are(self, other: Letters<'_>) -> bool {
        self.bytes().eq(other.bytes())
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b' ')
}

/// The index of the nearest candidate, otherwise of the one that is the same in another spelling.
pub(crate) fn nearest_or_same<'t, T: AsRef<[u8]> + ?Sized + 't>(
    name: &str,
    candidates: impl Iterator<Item = &'t T> + Clone,
) -> Option<usize> {
    if is_long(name) {
        return None;
    }
    nearest(name, candidates.clone()).or_else(|| {
        let letters = Letters::of(name);
        candidates.clone().position(|candidate| letters.are_of(candidate))
    })
}

/// The index of the channel that an unknown one was probably meant to be, among the names of a policy's
/// channels.
pub(crate) fn channel<'t, T: AsRef<[u8]> + ?Sized + 't>(
    name: &str,
    channels: impl Iterator<Item = &'t T> + Clone,
) -> Option<usize> {
    if is_long(name) {
        return None;
    }
    nearest_or_same(name, channels.clone()).or_else(|| {
        let letters = Letters::of(name);
        let is_meant = |others: &[&str]| others.iter().any(|other| letters.are_of(other));
        let (meant, _) = OTHER_CHANNEL_NAMES.iter().find(|(_, others)| is_meant(others))?;
        channels.clone().position(|channel| channel.as_ref() == meant.as_bytes())
    })
}

/// Names that people use for a channel (contract §3).
const OTHER_CHANNEL_NAMES: [(&str, &[&str]); 10] = [
    ("MOBILE", &["PUSH", "APP", "IOS", "ANDROID", "FCM", "APNS", "HMS", "RUSTORE"]),
    ("WEB", &["SITE", "WIDGET", "WEBCHAT"]),
    ("WHATSAPP", &["WA", "WABA", "WHATSAPPBUSINESS"]),
    ("VIBER", &["VIBERBUSINESS"]),
    ("VIBERPA", &["VIBERBOT", "VIBERPUBLIC"]),
    ("EMAIL", &["MAIL"]),
    ("TELEGRAM", &["TG", "TELEGRAMBOT"]),
    ("VKONTAKTE", &["VK"]),
    ("FACEBOOK", &["FB", "MESSENGER", "FACEBOOKMESSENGER"]),
    ("APPLE_BUSINESS_CHAT", &["APPLE", "IMESSAGE", "ABC", "APPLEMESSAGES"]),
];

/// The name's scalar values, ASCII letters in lower case; none if there are too many.
fn fold<'b>(name: &str, buffer: &'b mut [char; MAX_NAME]) -> Option<&'b [char]> {
    let mut length = 0_usize;
    for c in name.chars() {
        *buffer.get_mut(length)? = c.to_ascii_lowercase();
        length = length.saturating_add(1);
    }
    buffer.get(..length)
}

/// The letters of a name, each as a bit, whatever its case; some share one.
fn letter_set(name: impl Iterator<Item = u32>) -> u32 {
    name.fold(0, |letters, c| letters | 1_u32.wrapping_shl(c))
}

fn is_same(x: char, y: u8) -> bool {
    x == char::from(y.to_ascii_lowercase())
}

/// The distance, if it is at most `most`.
#[inline(never)] // asked in many places, seldom
fn distance(mut a: &[char], mut b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    while let ([x, after_x @ ..], [y, after_y @ ..]) = (a, b) {
        if !is_same(*x, *y) {
            return edit(a, b, most.checked_sub(1)?);
        }
        (a, b) = (after_x, after_y);
    }
    // One of them is used up; what the other has left over was measured above.
    Some(a.len().max(b.len()))
}

/// The distance of two names that begin differently, if at most `most` is left after the first edit.
fn edit(a: &[char], b: &[u8], most: usize) -> Option<usize> {
    let ([x, after_x @ ..], [v, after_v @ ..]) = (a, b) else {
        return None;
    };
    let swapped = match (after_x, after_v) {
        ([y, a @ ..], [w, b @ ..]) if is_same(*x, *w) && is_same(*y, *v) => distance(a, b, most),
        _ => None,
    };
    let deleted = distance(after_x, b, most);
    let inserted = distance(a, after_v, most);
    let substituted = distance(after_x, after_v, most);
    let rest = [swapped, deleted, inserted, substituted].into_iter().flatten().min()?;
    rest.checked_add(1)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    const FIELDS: [&str; 6] = ["channelType", "clientId", "unauthorizedClientId", "appMarker", "deviceAddress", "text"];

    fn nearest_field(name: &str) -> Option<&str> {
        nearest(name, FIELDS.into_iter()).and_then(|index| FIELDS.get(index).copied())
    }

    #[test]
    fn table() {
        for (name, field) in [
            ("appMaker", Some("appMarker")),
            ("appmarker", Some("appMarker")),
            ("APPMAKRER", Some("appMarker")),
            ("clientID", Some("clientId")),
            ("cleintld", Some("clientId")),
            ("channelTypes", Some("channelType")),
            ("channel_types", Some("channelType")),
            ("channel_typess", None),
            ("TEXT", Some("text")),
            ("tetx", Some("text")),
            ("txet", Some("text")),
            ("tex", Some("text")),
            ("texts", Some("text")),
            ("testt", Some("text")),
            ("testy", Some("text")),
            ("tess", None), // 2 away, which is half of 4
            ("te", None),
            ("", None),
            ("t", None),
            ("tеxt", Some("text")), // a Cyrillic letter is one substitution
            ("", None),
        ] {
            assert_eq!(nearest_field(name), field, "{name:?}");
        }
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("abcdef", ["abcdxy", "abcdex", "abcdez"].into_iter()), Some(1));
        assert_eq!(nearest("abcdef", ["abcdxy", "ABCDEF", "abcdef"].into_iter()), Some(1));
        assert_eq!(nearest("a", ["A"].into_iter()), Some(0));
        assert_eq!(nearest("ab", ["ac"].into_iter()), None);
        assert_eq!(nearest("", [""].into_iter()), None);
        assert_eq!(nearest("жabc", ["abc"].into_iter()), Some(0));
        assert_eq!(nearest("\u{212A}abc", ["kabc"].into_iter()), Some(0)); // the Kelvin sign is no k
        assert_eq!(nearest("\u{212A}", ["k"].into_iter()), None);
    }

    #[test]
    fn names_over_64_scalar_values_get_none() {
        let (name, longer) = ("x".repeat(64), "x".repeat(65));
        assert_eq!(nearest(&name, [name.as_str()].into_iter()), Some(0));
        assert_eq!(nearest(&longer, [name.as_str()].into_iter()), None);
        let (wide, wider) = (std::format!("{}жж", &name[2..]), std::format!("{}ж", name));
        assert_eq!(nearest(&wide, [name.as_str()].into_iter()), Some(0));
        assert_eq!(nearest(&wider, [name.as_str()].into_iter()), None);
    }

    #[test]
    fn channels_by_their_other_names() {
        let policy = ["MOBILE", "WEB", "WHATSAPP", "VIBER", "VIBERPA", "EMAIL", "TELEGRAM", "APPLE_BUSINESS_CHAT"];
        let meant = |name: &str| channel(name, policy.into_iter()).and_then(|index| policy.get(index).copied());
        for (channel, others) in OTHER_CHANNEL_NAMES {
            for other in others {
                let spaced: String = other.chars().flat_map(|c| [c, '-']).collect();
                for name in [*other, &other.to_lowercase(), &spaced] {
                    // What the policy does not have is not suggested.
                    assert_eq!(meant(name), policy.contains(&channel).then_some(channel), "{name}");
                }
            }
        }
        assert_eq!(meant("VIBERP"), Some("VIBER"), "of two that are equally near the first");
        assert_eq!(meant("Apple Business Chat"), Some("APPLE_BUSINESS_CHAT"));
        assert_eq!(meant("apple-businesschat"), Some("APPLE_BUSINESS_CHAT"));
        assert_eq!(meant("m o b i l e"), Some("MOBILE"));
        assert_eq!(meant("SMS"), None);
        assert_eq!(meant(&std::format!("WA{}", "_".repeat(62))), Some("WHATSAPP"));
        assert_eq!(meant(&std::format!("WA{}", "_".repeat(63))), None);
        // The nearest comes before the table.
        assert_eq!(channel("IOS", ["MOBILE", "IOT"].into_iter()), Some(1));
    }

    /// The definition, by strsim.
    fn oracle(name: &str, candidates: &[String]) -> Option<usize> {
        let length = name.chars().count();
        let distance =
            |candidate: &String| strsim::osa_distance(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase());
        let near = candidates.iter().map(distance).enumerate().filter(|(_, d)| *d <= 2 && 2 * d < length);
        near.min_by_key(|(_, d)| *d).map(|(index, _)| index)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn as_strsim_has_it(name in "[abAж]{0,8}", candidates in proptest::collection::vec("[abB]{0,8}", 0..6)) {
            let found = nearest(&name, candidates.iter().map(String::as_str));
            prop_assert_eq!(found, oracle(&name, &candidates));
        }

        #[test]
        fn as_strsim_has_it_near_a_field(
            field in 0_usize..6,
            edits in proptest::collection::vec((0_usize..20, 0_usize..4, "[a-zA-Zж]"), 0..4)
        ) {
            let mut name: Vec<char> = FIELDS[field].chars().collect();
            for (place, edit, letter) in edits {
                let (place, letter) = (place % name.len(), letter.chars().next().unwrap());
                match edit {
                    0 => name.insert(place, letter),
                    1 if name.len() > 1 => drop(name.remove(place)),
                    2 => name[place] = letter,
                    _ => name.swap(place, place.saturating_sub(1)),
                }
            }
            let name: String = name.into_iter().collect();
            let fields: Vec<String> = FIELDS.into_iter().map(String::from).collect();
            prop_assert_eq!(nearest(&name, FIELDS.into_iter()), oracle(&name, &fields));
        }

        #[test]
        fn total(name in ".{0,70}", candidate in ".{0,70}") {
            nearest_or_same(&name, [candidate.as_str()].into_iter());
            channel(&name, [candidate.as_str()].into_iter());
        }
    }
}
