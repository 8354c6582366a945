//! Where the reader is: the keys and indexes from the body's value down to the current one.
//!
//! A step is a number, so keeping the path costs one store a member; its text is taken from the body
//! when a pointer is asked for.

/// The deepest nesting that a policy can allow.
pub(crate) const MAX_DEPTH: usize = 64;

/// One step down: a key, an index, or a key that can't be spelled.
///
/// Of a key it is the offset, which has 24 bits as no body is longer than 2^24 bytes; above it, for a
/// known name, stands the name's length. That one needs no second look when a pointer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step(u32);

impl Step {
    const INDEX: u32 = 1 << 31;
    /// A key with a lone surrogate: the pointer stops above it.
    pub(crate) const UNSPEAKABLE: Step = Step(u32::MAX);

    const LENGTH: u32 = 24;
    const OFFSET: u32 = (1 << Step::LENGTH) - 1;

    pub(crate) const fn key(offset: u32) -> Step {
        Step(offset)
    }

    /// A key that stands in the body as a pointer shows it, as all names of ours do.
    #[inline]
    pub(crate) const fn name(offset: u32, length: u32) -> Step {
        Step(offset | length.wrapping_shl(Step::LENGTH))
    }

    /// Where the key starts.
    #[inline]
    pub(crate) const fn offset(self) -> u32 {
        self.0 & Step::OFFSET
    }

    /// The length of a key that needs no second look, else 0.
    pub(crate) const fn length(self) -> u32 {
        self.0.wrapping_shr(Step::LENGTH)
    }

    /// The index, if the step is one.
    pub(crate) const fn as_index(self) -> Option<u32> {
        if self.0 & Step::INDEX == 0 { None } else { Some(self.0 & !Step::INDEX) }
    }

    pub(crate) const fn index(index: u32) -> Step {
        Step(index | Step::INDEX)
    }
}

/// The steps to the value that is being read.
pub(crate) struct Path {
    /// The last one is put here when somebody goes on from it or asks for all.
    steps: [Step; MAX_DEPTH],
    len: usize,
    /// The last step, by itself: it changes with every member, and is seldom asked for.
    last: Step,
}

impl Path {
    pub(crate) const fn new() -> Path {
        // No step is looked at before it is put. Of a value whose bytes are all the same the compiler would make a call,
        // which takes a tenth of the time of a short request in WebAssembly.
        Path { steps: [Step::index(0); MAX_DEPTH], len: 0, last: Step::UNSPEAKABLE }
    }

    /// How many levels the current value is below the top.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.len
    }

    /// Goes one level down, to a step that `set` fills.
    #[inline]
    pub(crate) fn enter(&mut self) {
        self.put_last();
        self.len = self.len.wrapping_add(1);
    }

    /// Names the step at the current level.
    #[inline]
    pub(crate) fn set(&mut self, step: Step) {
        self.last = step;
    }

    /// Moves on to the next index at the current level.
    #[inline]
    pub(crate) fn next_index(&mut self) {
        self.last.0 = self.last.0.wrapping_add(1);
    }

    /// Goes one level up.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.len = self.len.saturating_sub(1);
        self.last = self.steps.get(self.len.wrapping_sub(1)).copied().unwrap_or(Step::UNSPEAKABLE);
    }

    #[inline]
    fn put_last(&mut self) {
        if let Some(last) = self.steps.get_mut(self.len.wrapping_sub(1)) {
            *last = self.last;
        }
    }

    pub(crate) fn steps(&mut self) -> &[Step] {
        self.put_last();
        self.steps.get(..self.len).unwrap_or(&[])
    }

    /// The steps to a member of the current value, as if the path went there: it does not, so that nobody waits for it to
    /// come back.
    pub(crate) fn steps_to(&mut self, member: Step) -> &[Step] {
        self.put_last();
        match self.steps.get_mut(..=self.len) {
            Some(steps) => {
                if let Some(last) = steps.last_mut() {
                    *last = member;
                }
                steps
            }
            None => &[],
        }
    }
}
