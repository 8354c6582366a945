//! The Rust contenders by name; and as a shared library of their own, built for the machine that
//! they run on, so that portable and native builds take turns in one process.

use crate::contender::Contender;
use crate::jiter_peer::JiterPeer;
use crate::library::{open, symbol};
use crate::serde_peers::{SerdeJson, SimdJson, Sonic};
#[cfg(feature = "peers")]
use crate::stacks::{Garde, Schema};
use crate::visitor::Buffers;
use outgoing_to_device::Policy;
use std::ffi::c_void;
use std::path::Path;
use std::rc::Rc;

/// How much of the work a contender does.
#[derive(Clone, Copy, PartialEq)]
pub enum Work {
    /// All of it.
    Whole,
    /// Of a body with mistakes not all findings.
    Part,
}

/// serde_json's visitor, the baseline, first.
pub const RUST: &[(&str, Work)] = &[
    ("serde_json visitor", Work::Whole),
    ("sonic-rs visitor", Work::Whole),
    ("simd-json visitor", Work::Whole),
    ("jiter", Work::Whole),
    #[cfg(feature = "peers")]
    ("serde_json derive + garde", Work::Part),
    #[cfg(feature = "peers")]
    ("serde_json Value + jsonschema", Work::Part),
];

/// How many of them are built for this machine, too.
pub const NATIVE: usize = 4;

pub fn rust(index: usize) -> Box<dyn Contender> {
    let policy = Rc::new(Policy::default());
    let buffers = Buffers::default();
    match index {
        0 => Box::new(SerdeJson { policy, buffers }),
        1 => Box::new(Sonic { policy, buffers }),
        2 => Box::new(SimdJson::new(&policy)),
        #[cfg(feature = "peers")]
        4 => Box::new(Garde { policy, buffers }),
        #[cfg(feature = "peers")]
        5 => Box::new(Schema::new(&policy)),
        _ => Box::new(JiterPeer::new(&policy)),
    }
}

/// A contender on the other side of the border of a shared library.
pub struct Remote(Box<dyn Contender>);

/// # Safety
/// Always safe; unsafe are only its siblings.
#[unsafe(no_mangle)]
pub extern "C" fn peer_new(index: usize) -> *mut Remote {
    Box::into_raw(Box::new(Remote(rust(index))))
}

/// # Safety
/// The contender comes from [`peer_new`]; `length` bytes and the padding behind them can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_run(peer: *mut Remote, body: *const u8, length: usize) -> bool {
    // SAFETY: as the caller promises.
    unsafe { (*peer).0.run(std::slice::from_raw_parts(body, length)) }
}

/// # Safety
/// The contender comes from [`peer_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_answer(peer: *const Remote, findings: bool, length: *mut usize) -> *const u8 {
    // SAFETY: as the caller promises.
    unsafe {
        let answer = if findings { (*peer).0.findings() } else { (*peer).0.output() };
        *length = answer.len();
        answer.as_ptr()
    }
}

type New = extern "C" fn(usize) -> *mut Remote;
type Run = unsafe extern "C" fn(*mut Remote, *const u8, usize) -> bool;
type Answer = unsafe extern "C" fn(*const Remote, bool, *mut usize) -> *const u8;

/// A contender of the native library.
pub struct Native {
    peer: *mut Remote,
    run: Run,
    answer: Answer,
}

impl Native {
    /// # Panics
    /// If the library is none of ours.
    pub fn load(library: &Path, index: usize) -> Native {
        // SAFETY: the library is built from this file.
        unsafe {
            let library = open(library);
            let new = std::mem::transmute::<*mut c_void, New>(symbol(library, "peer_new"));
            let run = std::mem::transmute::<*mut c_void, Run>(symbol(library, "peer_run"));
            let answer = std::mem::transmute::<*mut c_void, Answer>(symbol(library, "peer_answer"));
            Native { peer: new(index), run, answer }
        }
    }

    fn answer(&self, findings: bool) -> &[u8] {
        let mut length = 0;
        // SAFETY: the answer lives in the contender until its next run.
        unsafe { std::slice::from_raw_parts((self.answer)(self.peer, findings, &mut length), length) }
    }
}

impl Contender for Native {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        // SAFETY: the contender is the library's; bodies are padded.
        unsafe { (self.run)(self.peer, body.as_ptr(), body.len()) }
    }

    fn output(&self) -> &[u8] {
        self.answer(false)
    }

    fn findings(&self) -> &[u8] {
        self.answer(true)
    }
}
