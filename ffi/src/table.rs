//! Texts by number, as C has them.

use core::ffi::c_char;
use core::ptr;

/// Texts in the order of their numbers, each ended by a NUL.
pub(crate) struct Table<const LEN: usize>(pub(crate) [u8; LEN]);

impl<const LEN: usize> Table<LEN> {
    /// The text of a number; NULL if there is none.
    pub(crate) fn get(&'static self, number: u32) -> *const c_char {
        let mut texts = self.0.split_inclusive(|byte| *byte == 0);
        texts.nth(number as usize).map_or(ptr::null(), |text| text.as_ptr().cast())
    }
}

/// The table of the texts that `$text`, a `const fn`, gives for the numbers from 0 on.
macro_rules! table {
    ($text:path) => {{
        const LEN: usize = {
            let (mut len, mut i) = (0, 0);
            while let Some(text) = $text(i) {
                len += text.len() + 1;
                i += 1;
            }
            len
        };
        static TABLE: crate::table::Table<LEN> = crate::table::Table({
            let (mut table, mut at, mut i) = ([0; LEN], 0, 0);
            while let Some(text) = $text(i) {
                let (text, mut j) = (text.as_bytes(), 0);
                while j < text.len() {
                    table[at + j] = text[j];
                    j += 1;
                }
                at += text.len() + 1;
                i += 1;
            }
            table
        });
        &TABLE
    }};
}
pub(crate) use table;
