//! The state that the module keeps between calls.

use crate::report::{Unit, put};
use outgoing_to_device::{Checker, OutOfMemory, Outcome, Policy};
use std::cell::RefCell;

/// The number of policies that are kept ready: the default policy, and those that were read last. JavaScript keeps
/// every policy as JSON, and has it read again if its slot was given to another one; so none has to be freed.
const POLICIES: usize = 9;
/// The slot of the default policy.
const DEFAULT_POLICY: usize = 0;
/// The input buffer grows by powers of two from here.
const SMALLEST_INPUT: usize = 4_096;

pub(crate) struct State {
    pub(crate) checker: Checker,
    pub(crate) policies: [Option<Policy>; POLICIES],
    next_slot: usize,
    /// JavaScript writes it between calls.
    pub(crate) input: Vec<u8>,
    pub(crate) decision: Decision,
    pub(crate) text: Vec<u8>,
    pub(crate) table: Vec<f64>,
}

/// The last decision. Of a text, the diagnostics are in the checker and the bytes in the input.
#[derive(Clone, Copy)]
pub(crate) enum Decision {
    None,
    /// On a body under the policy in the slot; without a slot, on a policy or a response.
    Text {
        slot: Option<usize>,
        len: usize,
        unit: Unit,
    },
    #[cfg(feature = "replies")]
    Head(outgoing_to_device::HeadRejection),
}

thread_local! {
    static STATE: RefCell<State> = const {
        RefCell::new(State {
            checker: Checker::new(),
            policies: [const { None }; POLICIES],
            next_slot: DEFAULT_POLICY + 1,
            input: Vec::new(),
            decision: Decision::None,
            text: Vec::new(),
            table: Vec::new(),
        })
    };
}

/// Calls `f` with the state; `otherwise` if it is in use, which no call from JavaScript can bring about: the module runs
/// none of its callers' code.
pub(crate) fn with_state<T>(otherwise: T, f: impl FnOnce(&mut State) -> T) -> T {
    let call = |state: &RefCell<State>| state.try_borrow_mut().ok().map(|mut state| f(&mut state));
    STATE.try_with(call).ok().flatten().unwrap_or(otherwise)
}

/// The flags that a check returns.
mod flags {
    pub(super) const ACCEPTED: i32 = 1;
    pub(super) const TRUNCATED: i32 = 2;
    pub(super) const WARNED: i32 = 4;
    /// The normalized request is the whole input.
    pub(super) const NORMAL: i32 = 8;
}

impl State {
    pub(crate) fn start(&mut self) -> Result<usize, OutOfMemory> {
        let policy = Policy::try_default()?;
        if let Some(place) = self.policies.get_mut(DEFAULT_POLICY) {
            *place = Some(policy);
        }
        Ok(DEFAULT_POLICY)
    }

    /// Makes the input hold `len` bytes or more: how many it holds. If memory runs out, it stays as it is.
    pub(crate) fn reserve(&mut self, len: usize) -> Result<usize, OutOfMemory> {
        let wanted = len.max(SMALLEST_INPUT).checked_next_power_of_two().ok_or(OutOfMemory)?;
        self.input.try_reserve_exact(wanted.saturating_sub(self.input.len()))?;
        while self.input.len() < wanted {
            put(&mut self.input, &[0; SMALLEST_INPUT])?;
        }
        Ok(self.input.len())
    }

    #[cfg(feature = "checks")]
    pub(crate) fn check(&mut self, slot: usize, len: usize, utf16: bool) -> Result<i32, OutOfMemory> {
        self.decision = Decision::None;
        let State { checker, policies, input, .. } = self;
        // JavaScript asks only for slots that it has filled.
        let Some(Some(policy)) = policies.get(slot) else { return Err(OutOfMemory) };
        let unit = Unit::new(utf16);
        if checker.try_too_large(policy.limits(), len)? {
            self.decision = Decision::Text { slot: Some(slot), len: 0, unit };
            return Ok(0);
        }
        let body = input.get(..len).unwrap_or(&[]);
        let outcome = checker.try_check(policy, body)?;
        let mut flags = 0;
        if outcome.truncated() {
            flags |= flags::TRUNCATED;
        }
        if outcome.warnings().len() > 0 {
            flags |= flags::WARNED;
        }
        if let Outcome::Accepted(accepted) = outcome {
            flags |= flags::ACCEPTED;
            if accepted.request.as_normalized().is_some_and(|whole| whole.len() == body.len()) {
                flags |= flags::NORMAL;
            }
        }
        self.decision = Decision::Text { slot: Some(slot), len, unit };
        Ok(flags)
    }

    #[cfg(feature = "checks")]
    pub(crate) fn write_request(&mut self) -> Result<usize, OutOfMemory> {
        let State { checker, policies, input, decision, text, .. } = self;
        write(text, |text| {
            let Decision::Text { slot: Some(slot), len, .. } = *decision else { return Ok(()) };
            let Some(Some(policy)) = policies.get(slot) else { return Ok(()) };
            match checker.outcome(policy, input.get(..len).unwrap_or(&[])) {
                Outcome::Accepted(accepted) => accepted.request.write(text),
                Outcome::Rejected(_) => Ok(()),
            }
        })
    }

    #[cfg(feature = "policies")]
    pub(crate) fn read_policy(&mut self, len: usize, utf16: bool) -> Result<usize, OutOfMemory> {
        self.decision = Decision::None;
        let read = self.checker.try_policy(self.input.get(..len).unwrap_or(&[]))?;
        let Ok(policy) = read else {
            self.decision = Decision::Text { slot: None, len, unit: Unit::new(utf16) };
            return Ok(0);
        };
        let slot = self.next_slot;
        self.next_slot = slot % (POLICIES - 1) + 1;
        if let Some(place) = self.policies.get_mut(slot) {
            *place = Some(policy);
        }
        Ok(slot)
    }
}

/// Writes the text: its length.
pub(crate) fn write(
    text: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>,
) -> Result<usize, OutOfMemory> {
    text.clear();
    write(text)?;
    Ok(text.len())
}
