//! What crossing the border costs: a check through the C interface of the shared library, as a C
//! program would call it, against the same check in Rust, in turns in one run; then what it costs to
//! read the values of the accepted request, to write a request from them, and to read diagnostics.
//!
//! ```sh
//! cargo build --release -p outgoing-to-device-c
//! ffi/archive/link-shared target/release/liboutgoing_to_device.a target
//! cargo bench -p outgoing-to-device-ffi --bench border -- "$PWD/target/liboutgoing_to_device.so"
//! ```

use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;
use outgoing_to_device::{Checker, Outcome, Policy};
use outgoing_to_device_ffi as c;
use std::ffi::CString;
use std::hint::black_box;
use std::time::Instant;

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

type Check =
    unsafe extern "C" fn(*mut c::Checker, *const c::Policy, *const c_void, usize, *mut c::Outcome) -> c::Status;
type RequestOf = unsafe extern "C" fn(*mut c::Checker, *const c_void, usize, *mut c::Request) -> c::Status;
type RequestWrite =
    unsafe extern "C" fn(*mut c::Checker, *const c::Policy, *const c::Request, *mut c::Outcome) -> c::Status;
type ReportOf = unsafe extern "C" fn(*mut c::Checker, *const c_void, usize, *mut c::Report) -> c::Status;
type NewPolicy = unsafe extern "C" fn(*mut *mut c::Policy) -> c::Status;
type NewChecker = unsafe extern "C" fn(*mut *mut c::Checker) -> c::Status;

const ROUNDS: usize = 301;
const CALLS: usize = 2000;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("border: no shared library is named, so there is nothing to compare");
        return;
    };
    let path = CString::new(path).expect("a path without NUL");
    // SAFETY: RTLD_NOW; the library runs no code when it is loaded.
    let library = unsafe { dlopen(path.as_ptr(), 2) };
    assert!(!library.is_null(), "the library can be loaded");
    let symbol = |name: &'static core::ffi::CStr| {
        // SAFETY: the library is loaded.
        let symbol = unsafe { dlsym(library, name.as_ptr()) };
        assert!(!symbol.is_null(), "{name:?} is there");
        symbol
    };
    // SAFETY: the functions have the types that the interface declares.
    let (check, request_of, request_write, diagnostics_of, report_of, new_policy, new_checker) = unsafe {
        (
            core::mem::transmute::<*mut c_void, Check>(symbol(c"otd_check")),
            core::mem::transmute::<*mut c_void, RequestOf>(symbol(c"otd_request_of")),
            core::mem::transmute::<*mut c_void, RequestWrite>(symbol(c"otd_request_write")),
            core::mem::transmute::<*mut c_void, ReportOf>(symbol(c"otd_diagnostics_of")),
            core::mem::transmute::<*mut c_void, ReportOf>(symbol(c"otd_report_of")),
            core::mem::transmute::<*mut c_void, NewPolicy>(symbol(c"otd_policy_default")),
            core::mem::transmute::<*mut c_void, NewChecker>(symbol(c"otd_checker_new")),
        )
    };
    let (mut c_policy, mut c_checker) = (core::ptr::null_mut(), core::ptr::null_mut());
    // SAFETY: both places are there to be written to.
    unsafe {
        assert_eq!(new_policy(&mut c_policy), c::OTD_OK);
        assert_eq!(new_checker(&mut c_checker), c::OTD_OK);
    }

    let (policy, mut checker, mut out) = (Policy::default(), Checker::new(), Vec::new());
    let documented = include_bytes!("../../examples/documented/whatsapp.json");
    let escaped = br#"{"text":"a\u00e9 \r\n b","attachments":[{"url":"https://a.example/b.png","type":"image/PNG"}],"clientApplicationDescriptor":{"channelType":"whatsapp","deviceAddress":"+7 (900) 000-00-00"}}"#;
    let rejected = br#"{"text":5,"clientApplicationDescriptor":{"channelType":"MOBIL","deviceAddress":" "}}"#;
    for (name, body) in [("documented", documented.as_slice()), ("rewritten", escaped), ("rejected", rejected)] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            let start = Instant::now();
            for _ in 0..CALLS {
                if let Outcome::Accepted(accepted) = checker.try_check(&policy, black_box(body)).expect("memory") {
                    out.clear();
                    accepted.request.write(&mut out).expect("memory");
                    black_box(out.as_slice());
                }
            }
            times[0].push(start.elapsed().as_nanos() as f64 / CALLS as f64);
            let start = Instant::now();
            for _ in 0..CALLS {
                let mut outcome = MaybeUninit::uninit();
                let body = black_box(body);
                // SAFETY: handles and memory are in order.
                let status =
                    unsafe { check(c_checker, c_policy, body.as_ptr().cast(), body.len(), outcome.as_mut_ptr()) };
                assert_eq!(status, c::OTD_OK);
                black_box(&outcome);
            }
            times[1].push(start.elapsed().as_nanos() as f64 / CALLS as f64);
        }
        // Round by round, so that what slows the machine down for a while slows both.
        let mut ratios: Vec<f64> = times[1].iter().zip(&times[0]).map(|(c, rust)| c / rust).collect();
        let [rust, c] = times.each_mut().map(|times| median(times));
        println!("{name}: Rust {rust:.0} ns, C {c:.0} ns, ratio {:.3}", median(&mut ratios));
    }

    // The values are read into one checker, and written by another.
    let mut writer = core::ptr::null_mut();
    // SAFETY: the place is there to be written to.
    assert_eq!(unsafe { new_checker(&mut writer) }, c::OTD_OK);
    for (name, body) in [("documented", documented.as_slice()), ("rewritten", escaped)] {
        let (data, len) = (body.as_ptr().cast(), body.len());
        let (mut outcome, mut request) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        let mut times = Times::default();
        for _ in 0..ROUNDS {
            // SAFETY: handles and memory are in order; the views of the request live until the next check.
            unsafe {
                times.time(0, || check(c_checker, c_policy, black_box(data), len, outcome.as_mut_ptr()));
                times.time(1, || request_of(c_checker, black_box(data), len, request.as_mut_ptr()));
                times.time(2, || request_write(writer, c_policy, request.as_ptr(), outcome.as_mut_ptr()));
            }
        }
        let [check, read, write] = times.medians();
        println!("{name}: check {check:.0} ns, otd_request_of {read:.0} ns, otd_request_write {write:.0} ns");
    }
    let (data, len) = (rejected.as_ptr().cast(), rejected.len());
    let (mut outcome, mut report) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    let mut times = Times::default();
    for _ in 0..ROUNDS {
        // SAFETY: as above.
        unsafe {
            times.time(0, || check(c_checker, c_policy, black_box(data), len, outcome.as_mut_ptr()));
            times.time(1, || diagnostics_of(c_checker, black_box(data), len, report.as_mut_ptr()));
            times.time(2, || report_of(c_checker, black_box(data), len, report.as_mut_ptr()));
        }
    }
    let [check, diagnostics, report] = times.medians();
    println!("rejected: check {check:.0} ns, otd_diagnostics_of {diagnostics:.0} ns, otd_report_of {report:.0} ns");
}

/// Nanoseconds a call, of three calls in turns.
#[derive(Default)]
struct Times([Vec<f64>; 3]);

impl Times {
    fn time(&mut self, which: usize, mut call: impl FnMut() -> c::Status) {
        let start = Instant::now();
        for _ in 0..CALLS {
            assert_eq!(call(), c::OTD_OK);
        }
        self.0[which].push(start.elapsed().as_nanos() as f64 / CALLS as f64);
    }

    fn medians(mut self) -> [f64; 3] {
        self.0.each_mut().map(|times| median(times))
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
