//! What a check decided: the request, or a rejection.

use crate::code::Severity;
use crate::lines::lines;
use crate::report::diagnostic::{DiagnosticBuf, Diagnostics, Source};
use crate::request::{Request, RequestBuf};
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
    /// The outcome as a result, for `?`.
    ///
    /// # Errors
    /// The rejection, if the request was not accepted.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy, RejectionBuf};
    /// fn channel(body: &[u8]) -> Result<String, RejectionBuf> {
    ///     let (policy, mut checker) = (Policy::default(), Checker::new());
    ///     let accepted = checker.check(&policy, body).into_result()?;
    ///     Ok(accepted.request.channel_type().into())
    /// }
    /// assert!(channel(b"{}").is_err());
    /// ```
    pub fn into_result(self) -> Result<Accepted<'a>, Rejection<'a>> {
        match self {
            Outcome::Accepted(accepted) => Ok(accepted),
            Outcome::Rejected(rejection) => Err(rejection),
        }
    }

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

impl Accepted<'_> {
    /// The request and the warnings with everything that they borrow.
    #[allow(clippy::wrong_self_convention, reason = "as of str and Path: from the borrowed to the owned form")]
    pub fn to_owned(&self) -> AcceptedBuf {
        AcceptedBuf {
            request: self.request.to_owned(),
            warnings: self.warnings().to_vec(),
            truncated: self.truncated(),
        }
    }
}

impl fmt::Debug for Accepted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").field("request", &self.request).field("warnings", &self.warnings()).finish()
    }
}

/// An [`Accepted`] that owns its request and its warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AcceptedBuf {
    /// The request.
    pub request: RequestBuf,
    /// What somebody should look at, in order.
    pub warnings: Vec<DiagnosticBuf>,
    /// Whether there were more warnings than are listed.
    pub truncated: bool,
}

impl AcceptedBuf {
    pub(crate) fn without_places(mut self) -> AcceptedBuf {
        self.warnings.iter_mut().for_each(DiagnosticBuf::forget_place);
        self
    }
}

/// Why a text was rejected: every violation, and the warnings.
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

impl From<Rejection<'_>> for RejectionBuf {
    fn from(rejection: Rejection<'_>) -> RejectionBuf {
        rejection.to_owned()
    }
}

impl fmt::Display for Rejection<'_> {
    /// A line for each violation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(f, self.violations())
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RejectionBuf {
    /// What is wrong, in order.
    pub violations: Vec<DiagnosticBuf>,
    /// What somebody should look at, in order.
    pub warnings: Vec<DiagnosticBuf>,
    /// Whether there were more of either than are listed.
    pub truncated: bool,
}

impl RejectionBuf {
    pub(crate) fn without_places(mut self) -> RejectionBuf {
        self.violations.iter_mut().chain(&mut self.warnings).for_each(DiagnosticBuf::forget_place);
        self
    }
}

impl fmt::Display for RejectionBuf {
    /// A line for each violation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(f, &self.violations)
    }
}

impl core::error::Error for RejectionBuf {}
