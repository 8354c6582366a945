//! The writer of the Rust contenders: as fast as safe code makes it.

use crate::judge::{Normal, NormalAttachment, decimal};

/// The attachments were written to a buffer of their own while they were read.
#[inline]
pub fn message(out: &mut Vec<u8>, normal: &Normal<'_>, attachments: &[u8]) {
    const KEYS: [&[u8]; 5] = [
        b"\"channelType\":",
        b",\"clientId\":",
        b",\"unauthorizedClientId\":",
        b",\"appMarker\":",
        b",\"deviceAddress\":",
    ];
    out.extend_from_slice(b"{\"text\":");
    string(out, normal.text);
    out.extend_from_slice(b",\"attachments\":[");
    out.extend_from_slice(attachments);
    out.extend_from_slice(b"],\"clientApplicationDescriptor\":{");
    for (key, value) in KEYS.iter().zip(normal.fields) {
        if let Some(value) = value {
            out.extend_from_slice(key);
            string(out, value);
        }
    }
    out.extend_from_slice(b"}}");
}

#[inline]
pub fn attachment(out: &mut Vec<u8>, normal: &NormalAttachment<'_>) {
    if !out.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(b"{\"url\":");
    string(out, normal.url);
    if let Some(name) = normal.name {
        out.extend_from_slice(b",\"name\":");
        string(out, name);
    }
    if let Some(media_type) = normal.media_type {
        out.extend_from_slice(b",\"type\":");
        string(out, media_type);
    }
    if let Some(size) = normal.size {
        out.extend_from_slice(b",\"size\":");
        decimal(out, size);
    }
    out.push(b'}');
}

#[inline]
pub fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let at = find_special(text, 0);
    if at == text.len() {
        out.extend_from_slice(text);
    } else {
        escaped(out, text, at);
    }
    out.push(b'"');
}

#[inline(never)]
fn escaped(out: &mut Vec<u8>, text: &[u8], mut at: usize) {
    let mut from = 0;
    while at < text.len() {
        out.extend_from_slice(&text[from..at]);
        let byte = text[at];
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            13 => out.extend_from_slice(b"\\r"),
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        from = at + 1;
        at = find_special(text, from);
    }
    out.extend_from_slice(&text[from..]);
}

/// The first byte from `at` on that needs an escape: blocks that the compiler vectorizes, then words.
#[inline]
fn find_special(text: &[u8], mut at: usize) -> usize {
    while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        if block.iter().fold(false, |found, &byte| found | (byte == b'"') | (byte == b'\\') | (byte < 0x20)) {
            break;
        }
        at += 32;
    }
    while let Some(word) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = specials(u64::from_le_bytes(*word));
        if found != 0 {
            return at + (found.trailing_zeros() >> 3) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = text.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

#[inline(always)]
fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5C);
    (word.wrapping_sub(ONES * 0x20) & !word
        | quote.wrapping_sub(ONES) & !quote
        | backslash.wrapping_sub(ONES) & !backslash)
        & (ONES * 0x80)
}
