//! Finding the way in a text that is known to be JSON: for what is asked about it later.
//!
//! Nothing is checked again, and nothing goes wrong in another text: places in it mean nothing then.

use super::scan::{byte, plain_end, token};

/// The place after the value at `at`.
pub(crate) fn value_end(text: &[u8], mut at: u32) -> u32 {
    let mut depth = 0_u32;
    loop {
        match byte(text, at) {
            b'"' => at = string_text_end(text, at).saturating_add(1),
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(1);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at = at.saturating_add(1);
            }
            _ => {
                while !matches!(byte(text, at), 0..=b' ' | b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']') {
                    at = at.saturating_add(1);
                }
            }
        }
        if depth == 0 || at as usize >= text.len() {
            return at;
        }
        // Between two values of the container.
        while matches!(byte(text, at), b'\t' | b'\n' | b'\r' | b' ' | b',' | b':') {
            at = at.saturating_add(1);
        }
    }
}

/// The place of the quote that ends the string whose opening quote is at `at`.
fn string_text_end(text: &[u8], at: u32) -> u32 {
    let mut at = at.saturating_add(1);
    loop {
        at = plain_end(text, at);
        match byte(text, at) {
            b'\\' => at = at.saturating_add(2),
            b'"' => return at,
            _ if at as usize >= text.len() => return at,
            _ => at = at.saturating_add(1),
        }
    }
}

/// The place of the value behind the key at `key`.
pub(crate) fn value_of(text: &[u8], key: u32) -> u32 {
    let (_, colon) = token(text, string_text_end(text, key).saturating_add(1));
    token(text, colon.saturating_add(1)).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn values_and_their_ends() {
        let text = br#" { "a" : [1, {"b]":"\"}"}, "x"] ,"c":-1.5e3,"d":"","e":{},"f":[ ] } "#;
        assert_eq!(value_end(text, 1) as usize, text.len() - 1);
        let keys = ["\"a\"", "\"c\"", "\"d\"", "\"e\"", "\"f\""];
        let values: Vec<&[u8]> = keys
            .iter()
            .map(|key| {
                let key = text.windows(key.len()).position(|window| window == key.as_bytes()).unwrap();
                let value = value_of(text, key as u32);
                &text[value as usize..value_end(text, value) as usize]
            })
            .collect();
        assert_eq!(values, [&br#"[1, {"b]":"\"}"}, "x"]"#[..], b"-1.5e3", b"\"\"", b"{}", b"[ ]"]);
    }

    proptest! {
        #[test]
        fn total_on_other_texts(text in "[\\[\\]{}\":, 1a\\\\]{0,24}", at in 0_u32..30) {
            value_end(text.as_bytes(), at);
            value_of(text.as_bytes(), at);
        }
    }
}
