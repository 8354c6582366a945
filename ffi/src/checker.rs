//! The checker: every call that reads something, and what it keeps for the host in between.

use crate::fix::{Fix, Fixes};
use crate::handle::{Policy, Share};
use crate::outcome::{Diagnostic, OTD_VIOLATION, Outcome, Rendered, Report};
use crate::reply::{Replies, Reply, Response, Strings};
use crate::request::{Request, Requests};
use crate::status::{Failure, OTD_BUFFER_TOO_SMALL, OTD_NOT_ACCEPTED, OTD_NOT_REJECTED, OTD_OTHER_TEXT};
use crate::text::{Bytes, Str, put};
use alloc::vec::Vec;
use core::ptr::NonNull;
use outgoing_to_device as otd;
use outgoing_to_device::{HeadRejection, Limits, Severity};

/// Checks bodies, one after another, in buffers that it keeps: once they have grown, a check
/// allocates nothing.
#[derive(Debug)]
pub struct Checker {
    core: otd::Checker,
    /// The policy of the last check: diagnostics speak of its channels.
    policy: Option<Share>,
    last: Last,
    /// Why the head that was read last was rejected, if it was.
    head: Option<HeadRejection>,
    /// The normalized request, or the string of a response that was read.
    accepted: Vec<u8>,
    /// The JSON of a request that the host has written.
    written: Vec<u8>,
    rendered: Rendered,
    replies: Replies,
    requests: Requests,
    fixes: Fixes,
}

/// What was read last.
#[derive(Clone, Copy, Debug)]
enum Last {
    Nothing,
    /// A text of this length: a body (which speaks of the policy's channels), a policy or a response.
    Text {
        len: usize,
        is_body: bool,
    },
    /// A body, policy or response of this length, which is above the limit, so that nothing of it is read.
    TooLarge {
        len: usize,
    },
    /// A request head; why it was rejected is in `head`.
    Head,
    /// A request that the host has written; its JSON is the checker's own.
    Written,
}

impl Checker {
    pub(crate) const fn new() -> Checker {
        Checker {
            core: otd::Checker::new(),
            policy: None,
            last: Last::Nothing,
            head: None,
            accepted: Vec::new(),
            written: Vec::new(),
            rendered: Rendered::new(),
            replies: Replies::new(),
            requests: Requests::new(),
            fixes: Fixes::new(),
        }
    }

    /// # Safety
    /// `policy` is a policy that has an owner, and `body` can be read.
    #[inline]
    pub(crate) unsafe fn check(
        &mut self,
        policy: NonNull<Policy>,
        body: Bytes,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        self.begin();
        // SAFETY: the caller vouches for the policy.
        let rules = unsafe { self.use_policy(policy) };
        if body.len > rules.limits().body as usize {
            *outcome = self.too_large(rules.limits(), body.len)?;
            return Ok(());
        }
        // SAFETY: the caller vouches for the body.
        check(&mut self.core, rules, unsafe { body.get() }?, &mut self.accepted, outcome)?;
        self.last = Last::Text { len: body.len, is_body: true };
        Ok(())
    }

    /// Writes a request as JSON, and checks that.
    ///
    /// # Safety
    /// `policy` is a policy that has an owner, and what `request` points to can be read.
    pub(crate) unsafe fn write_request(
        &mut self,
        policy: NonNull<Policy>,
        request: &Request,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        self.begin();
        self.written.clear();
        // SAFETY: the caller vouches for the request.
        unsafe { request.write(&mut self.written) }?;
        // SAFETY: the caller vouches for the policy.
        let rules = unsafe { self.use_policy(policy) };
        if self.written.len() > rules.limits().body as usize {
            *outcome = self.too_large(rules.limits(), self.written.len())?;
            self.written.clear();
        } else {
            check(&mut self.core, rules, &self.written, &mut self.accepted, outcome)?;
        }
        self.last = Last::Written;
        Ok(())
    }

    /// Keeps a policy, for a check and what is asked about it later.
    ///
    /// # Safety
    /// `policy` is a policy that has an owner; its rules are used only as long as the checker keeps it.
    #[inline]
    unsafe fn use_policy<'a>(&mut self, policy: NonNull<Policy>) -> &'a otd::Policy {
        if !self.policy.as_ref().is_some_and(|share| share.is_of(policy)) {
            // SAFETY: the caller vouches for the policy.
            self.policy = Some(unsafe { Share::new(policy) });
        }
        // SAFETY: the share of this checker keeps the policy alive.
        unsafe { &(*policy.as_ptr()).rules }
    }

    /// Copies what a check has normalized to the caller's buffer, whole or not at all.
    ///
    /// # Safety
    /// `buffer` is NULL with a `capacity` of 0, or `capacity` bytes can be written there.
    pub(crate) unsafe fn copy(&self, outcome: &mut Outcome, buffer: *mut u8, capacity: usize) -> Result<(), Failure> {
        if outcome.accepted == 0 {
            return Ok(());
        }
        if self.accepted.len() > capacity {
            return Err(Failure(OTD_BUFFER_TOO_SMALL));
        }
        // SAFETY: the buffer has room, as was just seen; that it does not lie in the checker's own
        // memory is for the caller to see to, but `copy` would stand even that.
        unsafe { core::ptr::copy(self.accepted.as_ptr(), buffer, self.accepted.len()) };
        outcome.normalized.data = buffer.cast();
        Ok(())
    }

    /// Reads a policy: none if it is rejected.
    ///
    /// # Safety
    /// `json` can be read.
    pub(crate) unsafe fn read_policy(&mut self, json: Bytes) -> Result<(Outcome, Option<NonNull<Policy>>), Failure> {
        self.begin();
        if json.len > Limits::DEFAULT.body as usize {
            return Ok((self.too_large(&Limits::DEFAULT, json.len)?, None));
        }
        // SAFETY: the caller vouches for the text.
        let answer = match self.core.try_policy(unsafe { json.get() }?)? {
            Ok(rules) => (Outcome { accepted: 1, ..Outcome::NONE }, Some(Policy::place(rules)?)),
            Err(rejection) => (rejected(rejection), None),
        };
        self.last = Last::Text { len: json.len, is_body: false };
        Ok(answer)
    }

    /// Reads a success response.
    ///
    /// # Safety
    /// `json` can be read.
    pub(crate) unsafe fn read_response(&mut self, json: Bytes, to: &mut Response) -> Result<Outcome, Failure> {
        self.begin();
        if json.len > Limits::DEFAULT.body as usize {
            return self.too_large(&Limits::DEFAULT, json.len);
        }
        // SAFETY: the caller vouches for the text.
        let answer = match self.core.try_response(unsafe { json.get() }?)? {
            Ok(response) => {
                let otd::ResponseRef { id, thread_id, client_id, client_external_id, agent_id } = response.as_ref();
                let client_external_id = match client_external_id {
                    None => Str::NONE,
                    Some(text) => {
                        put(&mut self.accepted, text.as_bytes())?;
                        put(&mut self.accepted, &[0])?;
                        Str::of(&self.accepted)
                    }
                };
                *to = Response { id, thread_id, client_id, agent_id, client_external_id };
                Outcome { accepted: 1, ..Outcome::NONE }
            }
            Err(rejection) => rejected(rejection),
        };
        self.last = Last::Text { len: json.len, is_body: false };
        Ok(answer)
    }

    /// Remembers what a request head came to.
    pub(crate) fn head(&mut self, checked: Result<(), HeadRejection>) -> Outcome {
        self.begin();
        self.head = checked.err();
        self.last = Last::Head;
        match &self.head {
            None => Outcome { accepted: 1, ..Outcome::NONE },
            Some(rejection) => Outcome { violations: rejection.faults().count() as u32, ..Outcome::NONE },
        }
    }

    /// Writes out the values of the accepted body that was read last.
    ///
    /// # Safety
    /// `text` can be read.
    pub(crate) unsafe fn request(&mut self, text: Bytes) -> Result<Request, Failure> {
        let text = match self.last {
            Last::Written => self.written.as_slice(),
            // SAFETY: the caller vouches for the text.
            Last::Text { is_body: true, .. } => unsafe { self.last.text(text) }?,
            _ => return Err(Failure(OTD_NOT_ACCEPTED)),
        };
        let rules = self.policy.as_ref().map(Share::rules).ok_or(Failure(OTD_NOT_ACCEPTED))?;
        match self.core.outcome(rules, text) {
            otd::Outcome::Accepted(accepted) => Ok(self.requests.request(accepted.request)?),
            otd::Outcome::Rejected(_) => Err(Failure(OTD_NOT_ACCEPTED)),
        }
    }

    /// Writes out the diagnostics of what was read last, to `report`: where they stand, and if `whole`, all
    /// that is said of them.
    ///
    /// # Safety
    /// `text` can be read.
    pub(crate) unsafe fn report(&mut self, text: Bytes, whole: bool, report: &mut Report) -> Result<(), Failure> {
        let (text, policy) = match self.last {
            Last::Head => {
                if let Some(rejection) = &self.head {
                    self.rendered.head(rejection, whole, report)?;
                }
                return Ok(());
            }
            Last::Written => (self.written.as_slice(), self.policy.as_ref().map(Share::rules)),
            // SAFETY: the caller vouches for the text.
            last => (unsafe { last.text(text) }?, last.policy(&self.policy)),
        };
        let lists = [Severity::Violation, Severity::Warning].map(|of| self.core.diagnostics(policy, text, of));
        let has_places = !matches!(self.last, Last::Written);
        Ok(self.rendered.text(text, lists, self.core.truncated(), whole, has_places, report)?)
    }

    /// Writes out the edits that mend a diagnostic of the body that was read last.
    ///
    /// # Safety
    /// `text` can be read.
    pub(crate) unsafe fn fix(&mut self, text: Bytes, diagnostic: &Diagnostic) -> Result<Fix, Failure> {
        let text = match self.last {
            Last::Head | Last::Written => return Ok(Fix::NONE),
            // SAFETY: the caller vouches for the text.
            last => unsafe { last.text(text) }?,
        };
        let severity = if diagnostic.severity == OTD_VIOLATION { Severity::Violation } else { Severity::Warning };
        // Two diagnostics of one code and place are about absent fields, and those have no fix.
        let is_it = |found: &otd::Diagnostic<'_>| {
            (u32::from(found.code().number()), found.offset(), found.length())
                == (diagnostic.code, diagnostic.offset, diagnostic.length)
        };
        let policy = self.last.policy(&self.policy);
        match self.core.diagnostics(policy, text, severity).find(is_it) {
            Some(found) => Ok(found.try_fix()?.map_or(Ok(Fix::NONE), |fix| self.fixes.fix(fix.edits()))?),
            None => Ok(Fix::NONE),
        }
    }

    /// Writes out the problem document of what was rejected last.
    ///
    /// # Safety
    /// `text` can be read.
    pub(crate) unsafe fn problem(&mut self, text: Bytes) -> Result<Reply, Failure> {
        let (text, policy) = match self.last {
            Last::Head => {
                let rejection = self.head.as_ref().ok_or(Failure(OTD_NOT_REJECTED))?;
                let write = |to: &mut Vec<u8>| rejection.write_problem(to);
                return Ok(self.replies.reply(rejection.status(), rejection.header_fields(), write)?);
            }
            // SAFETY: the caller vouches for the text.
            last => (unsafe { last.text(text) }?, last.policy(&self.policy)),
        };
        let rejected = self.core.rejected(policy, text).ok_or(Failure(OTD_NOT_REJECTED))?;
        let write = |to: &mut Vec<u8>| rejected.write_problem(to);
        Ok(self.replies.reply(rejected.status(), rejected.header_fields(), write)?)
    }

    pub(crate) fn channels(&mut self, policy: &otd::Policy) -> Result<Strings, Failure> {
        Ok(self.replies.strings(policy.channels().map(|channel| channel.name()))?)
    }

    pub(crate) fn write_policy(&mut self, policy: &otd::Policy) -> Result<Str, Failure> {
        Ok(self.replies.text(|to| policy.write(to))?)
    }

    #[cfg(feature = "schema")]
    pub(crate) fn write_schema(&mut self, schema: otd::Schema, policy: &otd::Policy) -> Result<Str, Failure> {
        Ok(self.replies.text(|to| schema.write(policy, to))?)
    }

    pub(crate) fn write_response(&mut self, response: otd::ResponseRef<'_>) -> Result<Reply, Failure> {
        let (status, fields) = (otd::Response::STATUS, otd::Response::HEADER_FIELDS);
        Ok(self.replies.reply(status, fields, |to| response.write(to))?)
    }

    /// Core's checker, for a call that answers in memory of the caller's.
    pub(crate) fn lend(&mut self) -> &mut otd::Checker {
        self.begin();
        &mut self.core
    }

    /// Forgets what was read before.
    fn begin(&mut self) {
        self.last = Last::Nothing;
        self.accepted.clear();
    }

    #[cold]
    fn too_large(&mut self, limits: &Limits, len: usize) -> Result<Outcome, Failure> {
        self.core.try_too_large(limits, len)?;
        self.last = Last::TooLarge { len };
        Ok(Outcome { violations: 1, ..Outcome::NONE })
    }
}

/// Checks a body, fills in the outcome, and writes the normalized request to `accepted`. Each field is written where
/// it stays, and core's outcome is asked for where it is read: to make either first and copy it costs 6 % of a short
/// check.
fn check(
    core: &mut otd::Checker,
    rules: &otd::Policy,
    body: &[u8],
    accepted: &mut Vec<u8>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    core.try_check(rules, body)?;
    let decided = core.outcome(rules, body);
    if let otd::Outcome::Accepted(request) = &decided {
        request.request.write(accepted)?;
        put(accepted, &[0])?;
        outcome.accepted = 1;
        outcome.normalized = Str::of(accepted);
    }
    outcome.violations = decided.violations().len() as u32;
    outcome.warnings = decided.warnings().len() as u32;
    outcome.truncated = u32::from(decided.truncated());
    Ok(())
}

fn rejected(rejection: otd::Rejection<'_>) -> Outcome {
    Outcome {
        violations: rejection.violations().len() as u32,
        warnings: rejection.warnings().len() as u32,
        truncated: u32::from(rejection.truncated()),
        ..Outcome::NONE
    }
}

impl Last {
    /// The text again, to read names and lines from.
    ///
    /// # Safety
    /// `text` can be read.
    unsafe fn text<'a>(self, text: Bytes) -> Result<&'a [u8], Failure> {
        match self {
            // SAFETY: the caller vouches for the text.
            Last::Text { len, .. } if len == text.len => unsafe { text.get() },
            Last::TooLarge { len } if len == text.len => Ok(&[]),
            _ => Err(Failure(OTD_OTHER_TEXT)),
        }
    }

    fn policy(self, share: &Option<Share>) -> Option<&otd::Policy> {
        match self {
            Last::Text { is_body: true, .. } => share.as_ref().map(Share::rules),
            _ => None,
        }
    }
}
