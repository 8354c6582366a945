//! Contenders that drive the visitor.

use crate::contender::Contender;
use crate::visitor::{self, Buffers, Read};
use outgoing_to_device::Policy;
use std::rc::Rc;

/// The answers of a contender that keeps its buffers in a field.
macro_rules! answers {
    () => {
        fn output(&self) -> &[u8] {
            &self.buffers.out
        }

        fn findings(&self) -> &[u8] {
            &self.buffers.report.lines
        }
    };
}
pub(crate) use answers;

/// Judges and writes what a reader made of `json`.
#[inline(always)]
fn conclude<E>(buffers: &mut Buffers, policy: &Policy, json: &[u8], read: Result<Option<Read<'_>>, E>) -> bool {
    match read {
        Ok(read) => buffers.finish(policy, read.as_ref().map(Read::message).as_ref()),
        Err(_) => buffers.not_json(json),
    }
}

/// serde_json, strings borrowed: the baseline.
pub struct SerdeJson {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
}

impl Contender for SerdeJson {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let SerdeJson { policy, buffers } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let read = visitor::read(&mut deserializer, policy, buffers);
        let read = read.and_then(|read| deserializer.end().map(|()| read));
        conclude(buffers, policy, json, read)
    }

    answers!();
}

/// sonic-rs, which checks UTF-8 itself.
pub struct Sonic {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
}

impl Contender for Sonic {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let Sonic { policy, buffers } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        let mut deserializer = sonic_rs::Deserializer::from_slice(json);
        let read = visitor::read(&mut deserializer, policy, buffers);
        let read = read.and_then(|read| deserializer.end().map(|()| read));
        conclude(buffers, policy, json, read)
    }

    answers!();
}

/// simd-json, which unescapes in place and so needs a copy; its tape and buffers are used again.
pub struct SimdJson {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
    body: Vec<u8>,
    own: simd_json::Buffers,
    tape: simd_json::Tape<'static>,
}

impl SimdJson {
    pub fn new(policy: &Rc<Policy>) -> SimdJson {
        SimdJson {
            policy: policy.clone(),
            buffers: Buffers::default(),
            body: Vec::new(),
            own: simd_json::Buffers::new(32 << 10),
            tape: simd_json::Tape::null().reset(),
        }
    }
}

impl Contender for SimdJson {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let SimdJson { policy, buffers, body: copy, own, tape: kept } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        copy.clear();
        copy.extend_from_slice(json);
        copy.resize(json.len() + simd_json::INPUT_PADDING, 0);
        let mut tape = std::mem::replace(kept, simd_json::Tape::null()).reset();
        if simd_json::fill_tape_padded(copy, json.len(), own, &mut tape).is_err() {
            *kept = tape.reset();
            return buffers.not_json(json);
        }
        let mut deserializer = simd_json::Deserializer::from_tape(tape);
        let read = visitor::read(&mut deserializer, policy, buffers);
        let accepted = conclude(buffers, policy, json, read);
        *kept = deserializer.into_tape().reset();
        accepted
    }

    answers!();
}
