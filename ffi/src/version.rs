//! Versions: what the header says is what the archive is.

use core::ffi::c_char;

/// The version of this interface. It changes with every change that needs hosts to be compiled anew:
/// of a signature, a structure or a number.
pub const OTD_ABI_VERSION: u32 = 1;
/// The version of the library that this header belongs to (semver.org): its first number.
pub const OTD_VERSION_MAJOR: u32 = 0;
/// Its second number.
pub const OTD_VERSION_MINOR: u32 = 1;
/// Its third number.
pub const OTD_VERSION_PATCH: u32 = 0;

/// `OTD_ABI_VERSION` of the library that is linked; a host that loads it at run time compares.
///
/// Any thread may call it.
///
/// ```c
/// if (otd_abi_version() != OTD_ABI_VERSION) abort();
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_abi_version() -> u32 {
    OTD_ABI_VERSION
}

/// The version of the library that is linked, such as `1.2.3`: never NULL, static. Any thread may
/// call it.
///
/// ```c
/// printf("outgoing-to-device %s\n", otd_version());
/// ```
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn otd_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn the_header_has_the_version_of_the_package() {
        let macros = [OTD_VERSION_MAJOR, OTD_VERSION_MINOR, OTD_VERSION_PATCH];
        let package =
            [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
        assert_eq!(macros.map(|number| number.to_string()), package);
    }
}
