//! Shared libraries that are opened at run time, so that builds for different machines take turns in
//! one process.

use std::ffi::{CString, c_char, c_int, c_void};
use std::path::Path;

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// Opens a library that stays open.
pub fn open(library: &Path) -> *mut c_void {
    const NOW: c_int = 2;
    let path = CString::new(library.as_os_str().as_encoded_bytes()).expect("a path without NUL");
    // SAFETY: its initializers are our own.
    let library = unsafe { dlopen(path.as_ptr(), NOW) };
    assert!(!library.is_null(), "cannot open {path:?}");
    library
}

/// # Safety
/// The library is open; what the symbol is, is for the caller to know.
pub unsafe fn symbol(library: *mut c_void, name: &str) -> *mut c_void {
    let name = CString::new(name).expect("a name without NUL");
    // SAFETY: as the caller promises.
    let found = unsafe { dlsym(library, name.as_ptr()) };
    assert!(!found.is_null(), "no {name:?}");
    found
}
