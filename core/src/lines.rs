//! The text of errors that have several faults.

use core::fmt;

/// What is wrong, a line each: the text of every error of the library that has several.
pub(crate) fn lines(f: &mut fmt::Formatter<'_>, faults: impl IntoIterator<Item: fmt::Display>) -> fmt::Result {
    for (i, fault) in faults.into_iter().enumerate() {
        if i > 0 {
            f.write_str("\n")?;
        }
        write!(f, "{fault}")?;
    }
    Ok(())
}
