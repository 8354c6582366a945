//! Contenders that drive the visitor.

use crate::contender::Contender;
use crate::visitor::{self, Buffers};
use outgoing_to_device::Policy;
use std::rc::Rc;

macro_rules! buffers {
    () => {
        fn output(&self) -> &[u8] {
            &self.buffers.out
        }

        fn findings(&self) -> &[u8] {
            &self.buffers.report.lines
        }
    };
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
        match read.and_then(|read| deserializer.end().map(|()| read)) {
            Ok(read) => buffers.finish(policy, read.as_ref().map(visitor::Read::message).as_ref()),
            Err(_) => buffers.not_json(json),
        }
    }

    buffers!();
}
