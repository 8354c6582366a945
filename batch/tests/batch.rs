//! A batch says row by row what a check of each body says, and reads nothing that is not its own.

mod support;

use model::generate::{self, Rng};
use outgoing_to_device::{Checker as Core, Policy as Rules};
use outgoing_to_device_batch::*;
use outgoing_to_device_ffi::*;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr;
use support::{Memory, Row, expected, rows};

struct Handles {
    checker: *mut Checker,
    policy: *mut Policy,
    rules: Rules,
}

impl Handles {
    fn new(json: &str) -> Handles {
        let (mut checker, mut policy) = (ptr::null_mut(), ptr::null_mut());
        let mut outcome = MaybeUninit::uninit();
        // SAFETY: the places are there, here and in every call below.
        unsafe {
            assert_eq!(otd_checker_new(&mut checker), OTD_OK);
            let read = otd_policy_read(checker, json.as_ptr().cast(), json.len(), &mut policy, outcome.as_mut_ptr());
            assert_eq!(read, OTD_OK);
        }
        Handles { checker, policy, rules: json.parse().expect("a policy") }
    }

    /// The answer, or the status of a call that failed, after which there is no array.
    fn check(&self, column: &Column, limit: usize) -> Result<ArrowArray, Status> {
        let mut array = MaybeUninit::<ArrowArray>::uninit();
        // SAFETY: handles and column are in order; the array is filled in, whatever the status.
        let (status, array) = unsafe {
            let status = otd_check_batch(self.checker, self.policy, column, limit, array.as_mut_ptr());
            (status, array.assume_init())
        };
        if status != OTD_OK {
            assert!(array.release.is_none() && array.buffers.is_null() && array.length == 0);
            return Err(status);
        }
        Ok(array)
    }

    fn expected(&self, bodies: &[Option<Vec<u8>>]) -> Vec<Row> {
        let mut core = Core::new();
        bodies.iter().map(|body| expected(&mut core, &self.rules, body.as_deref())).collect()
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        // SAFETY: made by `new`, freed once.
        unsafe {
            otd_checker_free(self.checker);
            otd_policy_free(self.policy);
        }
    }
}

/// Fewer under Miri, which is slow.
const fn few(count: usize) -> usize {
    if cfg!(miri) { count / 40 + 1 } else { count }
}

fn bodies(rng: &mut Rng, count: usize, nulls: usize) -> Vec<Option<Vec<u8>>> {
    (0..count).map(|_| (!rng.chance(nulls)).then(|| generate::body(rng))).collect()
}

#[test]
fn a_batch_is_its_rows() {
    let mut rng = Rng::new(19);
    for policy in ["{}", r#"{"limits":{"violations":1,"warnings":1},"unknownFields":"keep"}"#] {
        let handles = Handles::new(policy);
        for _ in 0..few(200) {
            let (count, nulls) = (rng.below(if cfg!(miri) { 5 } else { 30 }), rng.pick(&[0, 0, 20, 100]));
            let bodies = bodies(&mut rng, count, nulls);
            let (width, first) = (rng.pick(&[4, 8]), rng.pick(&[0, 1, 7, 8, 13]));
            let memory = Memory::new(&bodies, width, first);
            let array = handles.check(&memory.column(), usize::MAX).expect("an answer");
            // SAFETY: an answer that lives.
            assert_eq!(unsafe { rows(&array, width) }, handles.expected(&bodies));
        }
    }
}

#[test]
fn an_empty_column_needs_no_memory() {
    let handles = Handles::new("{}");
    for offset_bytes in [4, 8] {
        let column = Column {
            values: ptr::null(),
            values_len: 0,
            offsets: ptr::null(),
            offset_bytes,
            validity: ptr::null(),
            first: 0,
            rows: 0,
        };
        let array = handles.check(&column, 0).expect("an answer");
        // SAFETY: an answer that lives.
        assert!(unsafe { rows(&array, offset_bytes) }.is_empty());
    }
}

#[test]
fn rows_that_do_not_fit_are_left_for_the_next_call() {
    let handles = Handles::new("{}");
    let mut rng = Rng::new(20);
    let bodies = bodies(&mut rng, few(200), 10);
    let all = handles.expected(&bodies);
    for (width, limit) in [(4, 0), (4, 3_000), (8, 3_000), (8, usize::MAX)] {
        let memory = Memory::new(&bodies, width, 3);
        let mut column = memory.column();
        let (mut read, mut calls) = (Vec::new(), 0);
        while column.rows > 0 {
            let array = handles.check(&column, limit).expect("an answer");
            // SAFETY: an answer that lives.
            read.extend(unsafe { rows(&array, width) });
            let done = array.length as usize;
            assert!(done > 0 && done <= column.rows);
            assert!(done == 1 || size(&array, width) <= limit, "{} bytes", size(&array, width));
            column.first += done;
            column.rows -= done;
            calls += 1;
        }
        assert_eq!(read, all);
        let wanted = if limit == 0 {
            bodies.len()
        } else if limit == usize::MAX {
            1
        } else {
            calls
        };
        assert_eq!(calls, wanted);
        assert!(calls == 1 || calls > 3 || cfg!(miri));
    }
}

/// How many bytes the texts of an answer have, which is most of what a limit counts.
fn size(array: &ArrowArray, width: u32) -> usize {
    // SAFETY: an answer that lives.
    let rows = unsafe { rows(array, width) };
    let texts = |(a, b, c, _, _, d): &support::Diagnostic| a.len() + b.len() + c.len() + d.len();
    let of = |row: &Row| {
        row.normalized.as_ref().map_or(0, String::len) + row.diagnostics.iter().flatten().map(texts).sum::<usize>()
    };
    rows.iter().map(of).sum()
}

#[test]
fn wrong_offsets_are_a_status() {
    let handles = Handles::new("{}");
    for width in [4_u32, 8] {
        let good = [0_i64, 2, 2, 4];
        let with = |offsets: [i64; 4]| Memory {
            values: b"{}[]"[..].into(),
            offsets: match width {
                4 => offsets.iter().flat_map(|offset| (*offset as i32).to_ne_bytes()).collect(),
                _ => offsets.iter().flat_map(|offset| offset.to_ne_bytes()).collect(),
            },
            validity: None,
            width,
            first: 0,
            rows: 3,
        };
        assert_eq!(handles.check(&with(good).column(), usize::MAX).expect("an answer").length, 3);
        let most = if width == 4 { i64::from(i32::MAX) } else { i64::MAX };
        for bad in [[-1, 2, 2, 4], [0, -1, 2, 4], [0, 3, 2, 4], [0, 2, 2, 5], [5, 5, 5, 5], [0, 2, 2, most], [most; 4]]
        {
            let memory = with(bad);
            assert_eq!(handles.check(&memory.column(), usize::MAX).err(), Some(OTD_INVALID_COLUMN), "{bad:?}");
        }
        // A null row's offsets are as strict: others count on them.
        let memory = Memory { validity: Some([0][..].into()), ..with([0, 3, 2, 4]) };
        assert_eq!(handles.check(&memory.column(), usize::MAX).err(), Some(OTD_INVALID_COLUMN));
    }
}

#[test]
fn misuse_is_a_status() {
    let handles = Handles::new("{}");
    let memory = Memory::new(&[Some(b"{}".to_vec()), None], 4, 0);
    let good = memory.column();
    let no = ptr::null::<u8>().cast();
    for (bad, status) in [
        (Column { offset_bytes: 0, ..good }, OTD_INVALID_COLUMN),
        (Column { offset_bytes: 5, ..good }, OTD_INVALID_COLUMN),
        (Column { offsets: no, ..good }, OTD_NULL),
        (Column { values: no, ..good }, OTD_NULL),
        (Column { values_len: usize::MAX, ..good }, OTD_TOO_LONG),
        (Column { rows: usize::MAX, ..good }, OTD_TOO_LONG),
        (Column { first: usize::MAX, ..good }, OTD_TOO_LONG),
        (Column { rows: usize::MAX / 4, ..good }, OTD_TOO_LONG),
    ] {
        assert_eq!(handles.check(&bad, usize::MAX).err(), Some(status), "{bad:?}");
    }
    let mut array = MaybeUninit::uninit();
    let to: *mut ArrowArray = array.as_mut_ptr();
    let Handles { checker, policy, .. } = handles;
    // SAFETY: NULL is a status.
    unsafe {
        assert_eq!(otd_check_batch(ptr::null_mut(), policy, &good, 0, to), OTD_NULL);
        assert_eq!(otd_check_batch(checker, ptr::null(), &good, 0, to), OTD_NULL);
        assert_eq!(otd_check_batch(checker, policy, ptr::null(), 0, to), OTD_NULL);
        assert_eq!(otd_check_batch(checker, policy, &good, 0, ptr::null_mut()), OTD_NULL);
        assert_eq!(otd_batch_schema(4, ptr::null_mut()), OTD_NULL);
        let mut schema = MaybeUninit::uninit();
        assert_eq!(otd_batch_schema(2, schema.as_mut_ptr()), OTD_INVALID_COLUMN);
        assert!(schema.assume_init().release.is_none());
    }
}

#[test]
fn a_batch_takes_the_place_of_what_the_checker_read() {
    let handles = Handles::new("{}");
    let memory = Memory::new(&[Some(b"{}".to_vec())], 4, 0);
    let mut outcome = MaybeUninit::uninit();
    let mut report = MaybeUninit::uninit();
    // SAFETY: handles and memory are in order.
    unsafe {
        assert_eq!(otd_check(handles.checker, handles.policy, b"{}".as_ptr().cast(), 2, outcome.as_mut_ptr()), OTD_OK);
        drop(handles.check(&memory.column(), usize::MAX).expect("an answer"));
        assert_eq!(otd_report_of(handles.checker, b"{}".as_ptr().cast(), 2, report.as_mut_ptr()), OTD_OTHER_TEXT);
    }
}

#[test]
fn an_answer_outlives_its_checker_and_comes_apart() {
    let bodies = [Some(b"{}".to_vec()), None, Some(b"[".to_vec())];
    let memory = Memory::new(&bodies, 8, 1);
    let (array, wanted) = {
        let handles = Handles::new("{}");
        (handles.check(&memory.column(), usize::MAX).expect("an answer"), handles.expected(&bodies))
    };
    // SAFETY: an answer that lives.
    assert_eq!(unsafe { rows(&array, 8) }, wanted);
    // A child that is moved away is freed later, and by somebody else.
    // SAFETY: the interface allows it: the child is copied, and its place marked as released.
    let moved = unsafe {
        let child = *array.children.add(2);
        let moved = child.read();
        (*child).release = None;
        moved
    };
    drop(array);
    struct Sent(ArrowArray);
    // SAFETY: an array may be freed on any thread.
    unsafe impl Send for Sent {}
    let moved = Sent(moved);
    std::thread::spawn(move || {
        let Sent(moved) = { moved };
        assert_eq!((moved.length, moved.null_count), (3, 1));
    })
    .join()
    .expect("no panic");
}

#[test]
fn the_schema_is_what_the_header_says() {
    for (width, text, list) in [(4, "u", "+l"), (8, "U", "+L")] {
        let mut schema = MaybeUninit::uninit();
        // SAFETY: the place is there, and filled in.
        let schema: ArrowSchema = unsafe {
            assert_eq!(otd_batch_schema(width, schema.as_mut_ptr()), OTD_OK);
            schema.assume_init()
        };
        let mut described = String::new();
        describe(&schema, &mut described);
        assert_eq!(
            described,
            format!(
                "+s (b accepted? {text} normalized? {list} diagnostics?(+s item({text} severity {text} code {text} pointer \
                 i offset i length {text} message)) b truncated?)"
            )
        );
    }
}

/// Format, name and nullability, then the children in brackets.
fn describe(schema: &ArrowSchema, to: &mut String) {
    // SAFETY: a schema that lives.
    unsafe {
        let [format, name] = [schema.format, schema.name].map(|text| CStr::from_ptr(text).to_str().expect("ASCII"));
        *to += &format!("{format} {name}{}", if schema.flags == 2 { "?" } else { "" });
        for i in 0..schema.n_children as usize {
            to.push(if i == 0 { '(' } else { ' ' });
            describe(&**schema.children.add(i), to);
        }
        to.push_str(if schema.n_children > 0 { ")" } else { "" });
    }
}
