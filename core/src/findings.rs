//! The collector of diagnostics: ordered, bounded, and cheap on a body that is full of mistakes.

use crate::code::{Code, Severity, Warnings};
use crate::field::{FieldSet, Object};
use crate::json_type::JsonType;
use crate::memory::{self, OutOfMemory};
use crate::path::Step;
use crate::rules::address::AddressKind;
use crate::rules::channel_name::Name;
use alloc::vec::Vec;

/// What a diagnostic's parameters are made from. Never a value of the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Detail {
    None,
    /// A limit and what was found, as counts; the limit came from a channel's row where one is named.
    Measure {
        limit: u32,
        actual: u32,
        channel: Option<u32>,
    },
    Limit(u64),
    Type {
        expected: &'static str,
        actual: JsonType,
    },
    Expected(&'static str),
    /// The bound of a range that was crossed, and the range.
    Bound {
        limit: u32,
        expected: &'static str,
    },
    Related {
        offset: u32,
        length: u32,
    },
    /// An unknown key of an object of the request.
    Name(Object),
    /// An unknown key of an object of a policy, and the keys that it knows.
    PolicyName(&'static [&'static str]),
    Suggestion(&'static str),
    Channel(u32),
    /// The name of an unknown channel.
    ChannelName,
    /// A channel of the policy that a file would make: one of the names that are kept here.
    SuggestedName(u32),
    Address {
        kind: AddressKind,
        channel: u32,
    },
}

/// Steps of a path: the few that nearly all findings have, or a place in the collector's store.
#[derive(Clone, Copy, Debug)]
enum Steps {
    Few([Step; Steps::FEW], u8),
    Stored(u32, u8),
}

impl Steps {
    const FEW: usize = 4;
}

/// One diagnostic as the reader records it: offsets and numbers only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finding {
    pub(crate) offset: u32,
    pub(crate) length: u32,
    pub(crate) code: Code,
    /// The finding speaks of an absent member, and stands at its object's `{`.
    pub(crate) absent: Option<&'static str>,
    steps: Steps,
    pub(crate) detail: Detail,
}

impl Finding {
    /// What findings are ordered by. Those with the same key keep the order in which they come, and
    /// absent fields are reported in theirs.
    #[inline]
    fn key(&self) -> (u32, Code) {
        (self.offset, self.code)
    }
}

/// A list that keeps the first `cap` findings in order, whatever the order that they come in.
#[derive(Debug)]
struct Bounded {
    items: Vec<Finding>,
    cap: usize,
    truncated: bool,
}

impl Bounded {
    fn clear(&mut self, cap: u32) {
        self.items.clear();
        self.cap = cap as usize;
        self.truncated = false;
    }

    fn is_full(&self) -> bool {
        self.items.len() >= self.cap
    }

    /// Adds a finding that is not to be left out.
    fn push(&mut self, finding: Finding) -> Result<(), OutOfMemory> {
        if self.is_full() {
            self.truncated = true;
            self.items.pop();
        }
        // Findings come nearly in order, so there is seldom much to make way.
        let in_order = self.items.last().is_none_or(|last| last.key() <= finding.key());
        memory::put(&mut self.items, &[finding])?;
        if in_order {
            return Ok(());
        }
        let mut at = self.items.len();
        while let Some([before, after]) = self.items.get_mut(at.wrapping_sub(2)..at) {
            if before.key() <= finding.key() {
                break;
            }
            *after = *before;
            at = at.wrapping_sub(1);
        }
        if let Some(place) = self.items.get_mut(at.wrapping_sub(1)) {
            *place = finding;
        }
        Ok(())
    }
}

/// Everything found in one body.
#[derive(Debug)]
pub(crate) struct Findings {
    violations: Bounded,
    warnings: Bounded,
    /// Paths that are too long to stand in a finding.
    store: Vec<Step>,
    /// Names of channels that are suggested to a policy file, which may spell them with escapes.
    names: Vec<Name>,
    /// Where the last unknown key of a request stands that was reported; 0 if none was.
    last_name: u32,
    /// The objects that have such keys: where they open, and which fields stand in them.
    objects: Vec<(Object, u32, FieldSet)>,
    /// There was a violation, kept or not.
    rejected: bool,
    /// The warnings that count as violations.
    refuses: Warnings,
}

/// The place of a finding.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    pub(crate) offset: u32,
    pub(crate) length: u32,
    pub(crate) absent: Option<&'static str>,
    pub(crate) steps: &'p [Step],
}

impl Findings {
    pub(crate) const fn new() -> Findings {
        const EMPTY: Bounded = Bounded { items: Vec::new(), cap: 0, truncated: false };
        Findings {
            violations: EMPTY,
            warnings: EMPTY,
            store: Vec::new(),
            names: Vec::new(),
            last_name: 0,
            objects: Vec::new(),
            rejected: false,
            refuses: Warnings::NONE,
        }
    }

    /// Forgets what was found; from now on the warnings that `refuses` has are violations.
    pub(crate) fn clear(&mut self, violations: u32, warnings: u32, refuses: Warnings) {
        self.refuses = refuses;
        self.violations.clear(violations);
        self.warnings.clear(warnings);
        self.store.clear();
        self.names.clear();
        self.last_name = 0;
        self.objects.clear();
        self.rejected = false;
    }

    fn list_mut(&mut self, severity: Severity) -> &mut Bounded {
        match severity {
            Severity::Violation => &mut self.violations,
            Severity::Warning => &mut self.warnings,
        }
    }

    /// The severity of a code here.
    #[inline]
    pub(crate) fn severity(&self, code: Code) -> Severity {
        if self.refuses.has(code) { Severity::Violation } else { code.severity() }
    }

    /// Counts a finding; false if the full list leaves it out.
    pub(crate) fn admit(&mut self, code: Code, offset: u32) -> bool {
        self.admit_as(self.severity(code), code, offset)
    }

    #[inline]
    fn admit_as(&mut self, severity: Severity, code: Code, offset: u32) -> bool {
        self.rejected |= severity == Severity::Violation;
        let list = self.list_mut(severity);
        let left_out = list.is_full() && list.items.last().is_none_or(|last| last.key() <= (offset, code));
        list.truncated |= left_out;
        !left_out
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn report(&mut self, code: Code, place: Place<'_>, detail: Detail) -> Result<(), OutOfMemory> {
        let severity = self.severity(code);
        if !self.admit_as(severity, code, place.offset) {
            return Ok(());
        }
        let count = place.steps.len();
        let steps = if count <= Steps::FEW {
            // One by one, as they were just written: read two at a time, they would have to leave the processor's store
            // buffer first.
            let step = |index| place.steps.get(index).copied().unwrap_or(Step::UNSPEAKABLE);
            Steps::Few([step(0), step(1), step(2), step(3)], count as u8)
        } else {
            // What lies deep inside a value is reported where the reader stands, behind all findings
            // so far: it is kept for good, and the store bounded as the lists are.
            let start = self.store.len() as u32;
            memory::put(&mut self.store, place.steps)?;
            Steps::Stored(start, count as u8)
        };
        let Place { offset, length, absent, .. } = place;
        if let Detail::Name(_) = detail {
            self.last_name = offset;
        }
        self.list_mut(severity).push(Finding { offset, length, code, absent, steps, detail })
    }

    /// Drops all findings and reports this one: a body fault comes alone.
    #[cold]
    pub(crate) fn only(&mut self, code: Code, offset: u32, length: u32, detail: Detail) -> Result<(), OutOfMemory> {
        let (violations, warnings) = (self.violations.cap as u32, self.warnings.cap as u32);
        self.clear(violations, warnings, self.refuses);
        self.report(code, Place { offset, length, absent: None, steps: &[] }, detail)
    }

    /// Says which fields stand in the object that opened at `offset` and is read now. Kept if an unknown key of it was
    /// reported: whoever asks for a fix would have to read the object again for each of them.
    #[inline(always)]
    pub(crate) fn object_ends(
        &mut self,
        object: Object,
        offset: u32,
        standing: impl FnOnce() -> FieldSet,
    ) -> Result<(), OutOfMemory> {
        if self.last_name > offset { self.keep_object(object, offset, standing) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn keep_object(
        &mut self,
        object: Object,
        offset: u32,
        standing: impl FnOnce() -> FieldSet,
    ) -> Result<(), OutOfMemory> {
        memory::put(&mut self.objects, &[(object, offset, standing())])
    }

    /// The fields that stand in the object whose unknown key stands at `key`.
    pub(crate) fn standing(&self, object: Object, key: u32) -> FieldSet {
        let around = |&&(kind, offset, _): &&(Object, u32, FieldSet)| kind == object && offset < key;
        let nearest = self.objects.iter().filter(around).max_by_key(|(_, offset, _)| *offset);
        nearest.map_or(FieldSet::NONE, |(_, _, fields)| *fields)
    }

    /// Keeps the name of a channel to suggest it.
    pub(crate) fn suggested_name(&mut self, name: Name) -> Result<Detail, OutOfMemory> {
        let number = self.names.len() as u32;
        memory::put(&mut self.names, &[name])?;
        Ok(Detail::SuggestedName(number))
    }

    pub(crate) fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number as usize).map(Name::as_str)
    }

    pub(crate) fn rejected(&self) -> bool {
        self.rejected
    }

    /// How many violations are kept so far.
    pub(crate) fn violations(&self) -> usize {
        self.violations.items.len()
    }

    pub(crate) fn truncated(&self) -> bool {
        self.violations.truncated || self.warnings.truncated
    }

    pub(crate) fn list(&self, severity: Severity) -> &[Finding] {
        match severity {
            Severity::Violation => &self.violations.items,
            Severity::Warning => &self.warnings.items,
        }
    }

    pub(crate) fn steps<'f>(&'f self, finding: &'f Finding) -> &'f [Step] {
        match &finding.steps {
            Steps::Few(few, count) => few.get(..*count as usize),
            Steps::Stored(start, count) => {
                let start = *start as usize;
                self.store.get(start..start.saturating_add(*count as usize))
            }
        }
        .unwrap_or(&[])
    }
}
