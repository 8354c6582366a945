//! The calls: a reusable checker, and the outcome of a check.

use crate::check;
use crate::code::Severity;
use crate::findings::Findings;
use crate::http::response::{self, Response};
use crate::json::document;
use crate::limits::Limits;
use crate::memory::{OutOfMemory, or_abort};
use crate::policy::{self, Policy};
use crate::report::diagnostic::{Diagnostics, Source};
use crate::report::outcome::{Accepted, AcceptedBuf, Outcome, Rejection, RejectionBuf};
use crate::request::build::RequestBuilder;
use crate::request::parts::Parts;
use crate::request::{Request, RequestBuf};
use alloc::vec::Vec;
use core::str::FromStr;

/// Checks bodies, one after another, in buffers that it keeps: once they have grown, a check
/// allocates nothing, whether the body is accepted or rejected.
///
/// One checker serves one thread at a time; a policy can be shared.
///
/// ```
/// use outgoing_to_device::{Checker, Code, Outcome, Policy};
///
/// let policy = Policy::default();
/// let mut checker = Checker::new();
/// let body = br#"{"text":"hi","clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"+7 900 000-00-00"}}"#;
/// match checker.check(&policy, body) {
///     Outcome::Accepted(accepted) => {
///         assert_eq!(accepted.request.device_address(), "79000000000");
///         assert_eq!(accepted.warnings().len(), 0);
///     }
///     Outcome::Rejected(rejected) => panic!("{:?}", rejected.violations()),
/// }
/// let Outcome::Rejected(rejected) = checker.check(&policy, br#"{"text": 1}"#) else { panic!() };
/// let codes: Vec<Code> = rejected.violations().map(|violation| violation.code()).collect();
/// assert_eq!(codes, [Code::MissingField, Code::TypeMismatch]);
/// ```
#[derive(Debug)]
pub struct Checker {
    findings: Findings,
    parts: Parts,
}

impl Checker {
    /// A checker with empty buffers.
    pub const fn new() -> Checker {
        Checker { findings: Findings::new(), parts: Parts::new() }
    }

    /// Checks a body: the request, or everything that is wrong with it.
    pub fn check<'a>(&'a mut self, policy: &'a Policy, body: &'a [u8]) -> Outcome<'a> {
        or_abort(check::check(policy, body, &mut self.parts, &mut self.findings));
        self.outcome(policy, body)
    }

    /// [`Checker::check`], for hosts that must survive a failed allocation.
    ///
    /// # Errors
    /// [`OutOfMemory`] if a buffer could not grow; the checker can be used again.
    pub fn try_check<'a>(&'a mut self, policy: &'a Policy, body: &'a [u8]) -> Result<Outcome<'a>, OutOfMemory> {
        check::check(policy, body, &mut self.parts, &mut self.findings)?;
        Ok(self.outcome(policy, body))
    }

    /// Reads a policy file (contract §5): the policy, or all its faults.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had.
    pub fn try_policy<'a>(&'a mut self, json: &'a [u8]) -> Result<Result<Policy, Rejection<'a>>, OutOfMemory> {
        let policy = policy::read(json, &mut self.findings)?;
        Ok(policy.ok_or(Rejection { source: Source { body: json, findings: &self.findings, policy: None } }))
    }

    /// Reads a success response (contract §8): the response, or all its faults.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had.
    pub fn try_response<'a>(&'a mut self, json: &'a [u8]) -> Result<Result<Response, Rejection<'a>>, OutOfMemory> {
        let response = response::read(json, &mut self.findings)?;
        Ok(response.ok_or(Rejection { source: Source { body: json, findings: &self.findings, policy: None } }))
    }

    /// Rejects a text by its length alone, for hosts that don't have it all: whether it is above the
    /// limit, and then the one diagnostic is `body_too_large`.
    ///
    /// # Errors
    /// [`OutOfMemory`] if memory could not be had.
    pub fn try_too_large(&mut self, limits: &Limits, len: usize) -> Result<bool, OutOfMemory> {
        document::too_large(limits, len, &mut self.findings)
    }

    /// The violations or the warnings of what was read last, for hosts that can't hold an [`Outcome`]
    /// from one call to the next. `policy` (none for a policy or a response) and `text` are those
    /// that were read: with others names and places mean nothing, and nothing worse happens.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy, Severity};
    /// let (policy, mut checker, body) = (Policy::default(), Checker::new(), b"{}");
    /// let count = checker.check(&policy, body).violations().len();
    /// assert_eq!(checker.diagnostics(Some(&policy), body, Severity::Violation).len(), count);
    /// ```
    pub fn diagnostics<'a>(
        &'a self,
        policy: Option<&'a Policy>,
        text: &'a [u8],
        severity: Severity,
    ) -> Diagnostics<'a> {
        Diagnostics::new(Source { body: text, findings: &self.findings, policy }, severity)
    }

    /// The rejection of what was read last, if there was one; see [`Checker::diagnostics`].
    pub fn rejected<'a>(&'a self, policy: Option<&'a Policy>, text: &'a [u8]) -> Option<Rejection<'a>> {
        let source = Source { body: text, findings: &self.findings, policy };
        self.findings.rejected().then_some(Rejection { source })
    }

    /// Whether what was read last has more violations or warnings than are reported.
    pub fn truncated(&self) -> bool {
        self.findings.truncated()
    }

    /// The outcome of the last check, for hosts that can't hold it from one call to the next. `policy` and
    /// `body` are those of that check: with another body a request would hold what nobody has checked, so
    /// this is not part of the interface but for the project's own hosts, which see to that.
    ///
    /// ```
    /// use outgoing_to_device::{Checker, Policy};
    /// let (policy, mut checker, body) = (Policy::default(), Checker::new(), b"{}");
    /// let accepted = checker.check(&policy, body).is_accepted();
    /// assert_eq!(checker.outcome(&policy, body).is_accepted(), accepted);
    /// ```
    #[doc(hidden)]
    pub fn outcome<'a>(&'a self, policy: &'a Policy, body: &'a [u8]) -> Outcome<'a> {
        let source = Source { body, findings: &self.findings, policy: Some(policy) };
        if self.findings.rejected() {
            Outcome::Rejected(Rejection { source })
        } else {
            Outcome::Accepted(Accepted { request: Request { body, parts: &self.parts }, source })
        }
    }
}

impl Default for Checker {
    fn default() -> Checker {
        Checker::new()
    }
}

impl AcceptedBuf {
    /// Checks a body once: the request and its warnings. A [`Checker`] checks many bodies faster.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    ///
    /// ```
    /// use outgoing_to_device::{AcceptedBuf, Code, Policy};
    /// let body = br#"{"text":"hi","clientApplicationDescriptor":{"channelType":"VIBER","deviceAddress":"89000000000"}}"#;
    /// let accepted = AcceptedBuf::from_json(&Policy::default(), body)?;
    /// assert_eq!(accepted.warnings[0].code, Code::NationalNumber);
    /// # Ok::<(), outgoing_to_device::RejectionBuf>(())
    /// ```
    pub fn from_json(policy: &Policy, body: &[u8]) -> Result<AcceptedBuf, RejectionBuf> {
        Ok(Checker::new().check(policy, body).into_result()?.to_owned())
    }
}

impl RequestBuilder<'_> {
    /// Checks the request: what was built and its warnings.
    ///
    /// # Errors
    /// Everything that is wrong with it. The diagnostics have pointers but no places, since there is no
    /// body that the caller knows: offset, length, line and column are 0, and there are no fixes.
    pub fn build(&self, policy: &Policy) -> Result<AcceptedBuf, RejectionBuf> {
        let mut body = Vec::new();
        or_abort(self.write(&mut body));
        match Checker::new().check(policy, &body) {
            Outcome::Accepted(accepted) => Ok(accepted.to_owned().without_places()),
            Outcome::Rejected(rejection) => Err(rejection.to_owned().without_places()),
        }
    }
}

impl RequestBuf {
    /// Checks a body once and leaves out its warnings; [`AcceptedBuf::from_json`] keeps them. A policy's
    /// `refuse` makes violations of those that should not pass.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_json(policy: &Policy, body: &[u8]) -> Result<RequestBuf, RejectionBuf> {
        Ok(Checker::new().check(policy, body).into_result()?.request.to_owned())
    }
}

impl Policy {
    /// Reads a policy file: what it names changes the default policy, the rest stays.
    ///
    /// # Errors
    /// Every fault of the file, each with its place.
    pub fn from_json(json: &[u8]) -> Result<Policy, RejectionBuf> {
        let mut checker = Checker::new();
        or_abort(checker.try_policy(json)).map_err(|rejected| rejected.to_owned())
    }
}

impl FromStr for Policy {
    type Err = RejectionBuf;

    /// [`Policy::from_json`], for `text.parse()`.
    fn from_str(json: &str) -> Result<Policy, RejectionBuf> {
        Policy::from_json(json.as_bytes())
    }
}

impl Response {
    /// Reads a success response; unknown fields are passed over.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn from_json(json: &[u8]) -> Result<Response, RejectionBuf> {
        let mut checker = Checker::new();
        or_abort(checker.try_response(json)).map_err(|rejected| rejected.to_owned())
    }
}
