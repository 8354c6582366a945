//! What a check decided: the request, or a rejection.

use crate::code::Severity;
use crate::report::diagnostic::{DiagnosticBuf, Diagnostics, Source};
use crate::request::Request;
use alloc::vec::Vec;
use core::fmt;

/// What a check decided.
#[derive(Clone, Debug)]
pub enum Outcome<'a> {
    /// The request, perhaps with warnings.
    Accepted(Accepted<'a>),
    /// One violation or more, perhaps with warnings.
    Rejected(Rejection<'a>),
}

impl<'a> Outcome<'a> {
    /// Whether the request was accepted.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Outcome::Accepted(_))
    }

    /// The violations; none if the request was accepted.
    pub fn violations(&self) -> Diagnostics<'a> {
        Diagnostics::new(self.source(), Severity::Violation)
    }

    /// The warnings.
    pub fn warnings(&self) -> Diagnostics<'a> {
        Diagnostics::new(self.source(), Severity::Warning)
    }

    /// Whether there were more violations or more warnings than the policy's limit reports.
    pub fn truncated(&self) -> bool {
        self.source().findings.truncated()
    }

    fn source(&self) -> Source<'a> {
        match self {
            Outcome::Accepted(accepted) => accepted.source,
            Outcome::Rejected(rejected) => rejected.source,
        }
    }
}

/// An accepted request and its warnings.
#[derive(Clone, Copy)]
pub struct Accepted<'a> {
    /// The request.
    pub request: Request<'a>,
    pub(crate) source: Source<'a>,
}

impl<'a> Accepted<'a> {
    /// What somebody should look at, in order.
    pub fn warnings(&self) -> Diagnostics<'a> {
        Diagnostics::new(self.source, Severity::Warning)
    }

    /// Whether there were more warnings than the policy's limit reports.
    pub fn truncated(&self) -> bool {
        self.source.findings.truncated()
    }
}

impl fmt::Debug for Accepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").field("request", &self.request).field("warnings", &self.warnings()).finish()
    }
}

/// Why a text was refused: every violation, and the warnings.
#[derive(Clone, Copy)]
pub struct Rejection<'a> {
    pub(crate) source: Source<'a>,
}

impl<'a> Rejection<'a> {
    /// What is wrong, in order; at least one.
    pub fn violations(&self) -> Diagnostics<'a> {
        Diagnostics::new(self.source, Severity::Violation)
    }

    /// What somebody should look at, in order.
    pub fn warnings(&self) -> Diagnostics<'a> {
        Diagnostics::new(self.source, Severity::Warning)
    }

    /// Whether there were more violations or more warnings than the policy's limit reports.
    pub fn truncated(&self) -> bool {
        self.source.findings.truncated()
    }

    /// The rejection with everything that it borrows.
    #[allow(clippy::wrong_self_convention, reason = "as of str and Path: from the borrowed to the owned form")]
    pub fn to_owned(&self) -> RejectionBuf {
        RejectionBuf {
            violations: self.violations().to_vec(),
            warnings: self.warnings().to_vec(),
            truncated: self.truncated(),
        }
    }
}

impl fmt::Debug for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("violations", &self.violations())
            .field("warnings", &self.warnings())
            .field("truncated", &self.truncated())
            .finish()
    }
}

/// A [`Rejection`] that owns its diagnostics: the error of the calls that return one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[error("{}", Summary(.violations))]
#[non_exhaustive]
pub struct RejectionBuf {
    /// What is wrong, in order.
    pub violations: Vec<DiagnosticBuf>,
    /// What somebody should look at, in order.
    pub warnings: Vec<DiagnosticBuf>,
    /// Whether there were more of either than are listed.
    pub truncated: bool,
}

struct Summary<'a>(&'a [DiagnosticBuf]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}
