//! The registry of diagnostic codes, as numbers and texts.

use crate::table::table;
use core::ffi::c_char;
use outgoing_to_device::Code;

/// The name of a code of `enum otd_code`, such as `invalid_address`; NULL if there is no such code.
/// The text is static. Any thread may call it.
///
/// ```c
/// puts(otd_code_name(OTD_CODE_INVALID_ADDRESS));
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_code_name(code: u32) -> *const c_char {
    const fn name(code: u8) -> Option<&'static str> {
        match Code::from_number(code) {
            Some(code) => Some(code.as_str()),
            None => None,
        }
    }
    table!(name).get(code)
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
    const fn meaning(code: u8) -> Option<&'static str> {
        match Code::from_number(code) {
            Some(code) => Some(code.meaning()),
            None => None,
        }
    }
    table!(meaning).get(code)
}
