//! check
fn main() {}
