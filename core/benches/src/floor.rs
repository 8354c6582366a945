//! What no reader of ours can be faster than: brackets are counted, strings are walked to their
//! ends eight bytes at a time, and nothing is compared, decoded, judged or written.

use crate::contender::Contender;

pub struct Floor {
    /// Whether the body must be UTF-8, too.
    pub utf8: bool,
}

impl Contender for Floor {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let (mut at, mut depth) = (0, 0_usize);
        while let Some(byte) = body.get(at) {
            at += 1;
            match byte {
                b'"' => at = after_string(body, at),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.wrapping_sub(1),
                _ => {}
            }
        }
        depth == 0 && (!self.utf8 || std::str::from_utf8(body).is_ok())
    }

    fn output(&self) -> &[u8] {
        &[]
    }

    fn findings(&self) -> &[u8] {
        &[]
    }
}

fn after_string(body: &[u8], mut at: usize) -> usize {
    loop {
        at = quote_or_backslash(body, at);
        match body.get(at) {
            Some(b'\\') => at += 2,
            _ => return at + 1,
        }
    }
}

fn quote_or_backslash(body: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    /// The high bit of each byte that is 0, exact up to the first of them.
    fn zeros(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & (ONES << 7)
    }
    while let Some(word) = body.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = body.get(at..).unwrap_or(&[]);
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}
