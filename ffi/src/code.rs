//! The registry of diagnostic codes, as numbers and texts.

use core::ffi::c_char;
use core::ptr;
use outgoing_to_device::Code;

/// One text of every code, in the order of their numbers, each ended by a NUL.
struct Table<const LEN: usize>([u8; LEN]);

impl<const LEN: usize> Table<LEN> {
    fn get(&'static self, code: u32) -> *const c_char {
        let mut texts = self.0.split_inclusive(|byte| *byte == 0);
        texts.nth(code as usize).map_or(ptr::null(), |text| text.as_ptr().cast())
    }
}

macro_rules! table {
    ($of:ident) => {{
        const LEN: usize = {
            let (mut len, mut i) = (0, 0);
            while let Some(code) = Code::from_number(i) {
                len += code.$of().len() + 1;
                i += 1;
            }
            len
        };
        static TABLE: Table<LEN> = Table({
            let (mut table, mut at, mut i) = ([0; LEN], 0, 0);
            while let Some(code) = Code::from_number(i) {
                let (text, mut j) = (code.$of().as_bytes(), 0);
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

/// The name of a code of `enum otd_code`, such as `invalid_address`; NULL if there is no such code.
/// The text is static. Any thread may call it.
///
/// ```c
/// puts(otd_code_name(OTD_CODE_INVALID_ADDRESS));
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_code_name(code: u32) -> *const c_char {
    table!(as_str).get(code)
}

/// What a code of `enum otd_code` means, as one sentence; NULL if there is no such code. The text is
/// static. Any thread may call it.
///
/// ```c
/// for (uint32_t code = 0; otd_code_name(code) != NULL; code++)
///     printf("%s: %s\n", otd_code_name(code), otd_code_text(code));
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_code_text(code: u32) -> *const c_char {
    table!(meaning).get(code)
}
