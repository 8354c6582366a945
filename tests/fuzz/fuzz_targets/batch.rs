//! A batch says of each row what a check of its body says, whatever the column is made of, and how often it is called.
#![no_main]

#[path = "../../../batch/tests/support/mod.rs"]
mod support;

use outgoing_to_device::Checker;
use outgoing_to_device_batch::{ArrowArray, Column, otd_check_batch};
use outgoing_to_device_ffi as c;
use outgoing_to_device_fuzz::{POLICIES, policy, with_checker};
use std::mem::MaybeUninit;
use std::ptr;
use support::{Memory, Row, expected, rows};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let [choice, shape, first, data @ ..] = data else { return };
    let width = if shape & 1 == 0 { 4 } else { 8 };
    let limit = if shape & 2 == 0 { usize::MAX } else { usize::from(shape >> 3) * 64 };
    let (memory, bodies) = match shape & 4 {
        0 => sound(data, width, usize::from(first % 16)),
        _ => raw(data, width, usize::from(first % 4)),
    };
    let Some(bodies) = bodies else {
        assert_eq!(check(*choice, &memory.column(), usize::MAX).err(), Some(c::OTD_INVALID_COLUMN));
        return;
    };
    let wanted: Vec<Row> = with_checker(|checker: &mut Checker| {
        bodies.iter().map(|body| expected(checker, policy(*choice), body.as_deref())).collect()
    });
    let (mut column, mut found) = (memory.column(), Vec::new());
    loop {
        let array = check(*choice, &column, limit).expect("an answer");
        let done = array.length as usize;
        assert!(done <= column.rows && (done > 0 || column.rows == 0) && (limit < usize::MAX || done == column.rows));
        // SAFETY: an answer that lives.
        found.extend(unsafe { rows(&array, width) });
        (column.first, column.rows) = (column.first + done, column.rows - done);
        if column.rows == 0 {
            break;
        }
    }
    assert_eq!(found, wanted);
});

type Bodies = Option<Vec<Option<Vec<u8>>>>;

/// Bodies with FF between them, which is in no UTF-8; one that begins with FE is null.
fn sound(data: &[u8], width: u32, first: usize) -> (Memory, Bodies) {
    let bodies: Vec<_> =
        data.split(|byte| *byte == 0xFF).map(|body| (body.first() != Some(&0xFE)).then(|| body.to_vec())).collect();
    (Memory::new(&bodies, width, first), Some(bodies))
}

/// Offsets as they come, a byte each that is taken from 16 to allow for negative ones, and what they make of the
/// values; no bodies if one is wrong.
fn raw(data: &[u8], width: u32, first: usize) -> (Memory, Bodies) {
    let (offsets, values) = data.split_at(data.len().min(12));
    let offsets: Vec<i64> = offsets.iter().map(|byte| i64::from(*byte) - 16).collect();
    let first = first.min(offsets.len().saturating_sub(1));
    let count = offsets.len().saturating_sub(first + 1);
    let bytes = |offset: &i64| match width {
        4 => (*offset as i32).to_ne_bytes().to_vec(),
        _ => offset.to_ne_bytes().to_vec(),
    };
    let offset_bytes = offsets.iter().flat_map(bytes).collect();
    let memory = Memory { values: values.into(), offsets: offset_bytes, validity: None, width, first, rows: count };
    let at = |offset: i64| usize::try_from(offset).ok();
    let body = |pair: &[i64]| Some(Some(values.get(at(pair[0])?..at(pair[1])?)?.to_vec()));
    let bodies = if count == 0 { Some(Vec::new()) } else { offsets[first..].windows(2).map(body).collect() };
    (memory, bodies)
}

struct Handles {
    checker: *mut c::Checker,
    policies: Vec<*mut c::Policy>,
}

impl Drop for Handles {
    fn drop(&mut self) {
        // SAFETY: nobody else has them, and nobody asks them any more.
        unsafe {
            self.policies.iter().for_each(|policy| c::otd_policy_free(*policy));
            c::otd_checker_free(self.checker);
        }
    }
}

thread_local! {
    // Made once: to read a policy takes longer than most bodies do.
    static HANDLES: Handles = {
        let mut checker = ptr::null_mut();
        // SAFETY: the places are there.
        assert_eq!(unsafe { c::otd_checker_new(&mut checker) }, c::OTD_OK);
        let policies = POLICIES.iter().map(|json| {
            let (mut policy, mut outcome) = (ptr::null_mut(), MaybeUninit::uninit());
            // SAFETY: the same.
            let status = unsafe { c::otd_policy_read(checker, json.as_ptr().cast(), json.len(), &mut policy, outcome.as_mut_ptr()) };
            assert_eq!(status, c::OTD_OK);
            policy
        });
        Handles { policies: policies.collect(), checker }
    };
}

/// The answer, or the status of a call that failed, after which there is no array.
fn check(choice: u8, column: &Column, limit: usize) -> Result<ArrowArray, c::Status> {
    HANDLES.with(|Handles { checker, policies }| {
        let mut array = MaybeUninit::<ArrowArray>::uninit();
        // SAFETY: handles and column are in order; the array is filled in, whatever the status.
        let (status, array) = unsafe {
            let policy = policies[usize::from(choice) % policies.len()];
            let status = otd_check_batch(*checker, policy, column, limit, array.as_mut_ptr());
            (status, array.assume_init())
        };
        if status != c::OTD_OK {
            assert!(array.release.is_none() && array.buffers.is_null() && array.length == 0);
            return Err(status);
        }
        Ok(array)
    })
}
