//! Damage to the bytes.

use super::Rng;

/// Tokens that mean something to a JSON reader, well-formed or not.
const TOKENS: [&[u8]; 34] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"null",
    b"true",
    b"fals",
    b"-",
    b"01",
    b"1.",
    b"1e",
    b"0.5e+",
    b"\\u12",
    b"\\uD800",
    b"\\udc00x",
    b"\\x",
    b"//",
    b"'",
    b"\0",
    b"\x1F",
    b"\x7F",
    b"\xEF\xBB\xBF",
    b"\xFF",
    b"\xC0\x80",
    b"\xE2\x82",
    b"\xED\xA0\x80",
    b"\xF4\x90\x80\x80",
    b"\xF0\x9F\x98",
    b"\xC3",
    b"\xE2\x80\xA8",
];

/// Damages a body; what comes out may be good all the same.
pub(super) fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>) {
    match rng.below(30) {
        0 => *bytes = nested(rng),
        1 => *bytes = nothing(rng),
        2 if rng.chance(20) => {
            let size = rng.range(1_048_575, 1_048_578);
            // White space up to, or over, the limit.
            bytes.resize(size, b' ');
        }
        3 => {
            let extra = rng.range(1, 3);
            for _ in 0..extra {
                bytes.insert(0, rng.pick(&[0xEF, 0xBB, 0xBF, b' ', b'\n']));
            }
        }
        _ => {
            for _ in 0..rng.pick(&[1, 1, 1, 2, 4]) {
                once(rng, bytes);
            }
        }
    }
}

fn once(rng: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = rng.below(bytes.len());
    match rng.below(11) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes[at] = rng.bits() as u8,
        2 => drop(bytes.remove(at)),
        3 => bytes.insert(at, rng.bits() as u8),
        4 => bytes.truncate(at),
        5 => {
            let end = usize::min(bytes.len(), at + rng.range(1, 20));
            let piece = bytes[at..end].to_vec();
            let to = rng.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        6 => {
            let end = usize::min(bytes.len(), at + rng.range(1, 20));
            drop(bytes.drain(at..end));
        }
        7 | 8 => {
            // A comma too many, before a bracket that closes.
            let closing: Vec<usize> = (0..bytes.len()).filter(|&index| b"]}".contains(&bytes[index])).collect();
            if let Some(&at) = closing.get(rng.below(closing.len().max(1))) {
                let comma = rng.pick(&[&b","[..], b",", b", ", b",\n\t", b" ,", b",,"]);
                bytes.splice(at..at, comma.iter().copied());
            }
        }
        _ => {
            let token = rng.pick(&TOKENS);
            let end = if rng.chance(50) { at } else { at + 1 };
            bytes.splice(at..end, token.iter().copied());
        }
    }
}

/// Brackets around the depth limit, in an unknown field.
fn nested(rng: &mut Rng) -> Vec<u8> {
    let depth = rng.range(61, 66);
    let (open, close) = rng.pick(&[("[", "]"), ("{\"a\":", "}")]);
    let inner = rng.pick(&["1", "\"\\ud800\"", "[]"]);
    format!("{{\"x\":{}{inner}{}}}", open.repeat(depth), close.repeat(depth)).into_bytes()
}

fn nothing(rng: &mut Rng) -> Vec<u8> {
    let all: [&[u8]; 8] = [
        b"",
        b" ",
        b"\r\n\t ",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBF \n",
        b"\xEF\xBB",
        b" \xEF\xBB\xBF",
        b"\xEF\xBB\xBF\xEF\xBB\xBF{}",
    ];
    rng.pick(&all).to_vec()
}
