//! Names the shared library after the version of its interface, so that a program finds the one that
//! it was linked with.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,liboutgoing_to_device.so.1");
    }
}
