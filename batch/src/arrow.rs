//! Arrow's C data interface: its two structures, and trees of them that free themselves.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_void};
use core::ptr;
use outgoing_to_device_ffi::shared::{Failure, place};

/// The type of an array.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "Arrow's own")]
pub struct ArrowSchema {
    pub format: *const c_char,
    pub name: *const c_char,
    pub metadata: *const c_char,
    pub flags: i64,
    pub n_children: i64,
    pub children: *mut *mut ArrowSchema,
    pub dictionary: *mut ArrowSchema,
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub private_data: *mut c_void,
}

/// An array: what is in it.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "Arrow's own")]
pub struct ArrowArray {
    pub length: i64,
    pub null_count: i64,
    pub offset: i64,
    pub n_buffers: i64,
    pub n_children: i64,
    pub buffers: *mut *const c_void,
    pub children: *mut *mut ArrowArray,
    pub dictionary: *mut ArrowArray,
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub private_data: *mut c_void,
}

/// The most children that a node has here.
const CHILDREN: usize = 6;
/// The most buffers that a node has here.
const BUFFERS: usize = 3;

/// The memory of one buffer.
#[derive(Debug)]
pub(crate) enum Buffer {
    /// Left out, as a bitmap of validity may be where nothing is null.
    Absent,
    Bytes(Vec<u8>),
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
}

impl Buffer {
    fn data(&self) -> *const c_void {
        // Something that can be pointed to, though nobody may read it.
        static EMPTY: u64 = 0;
        let (data, len): (*const c_void, _) = match self {
            Buffer::Absent => return ptr::null(),
            Buffer::Bytes(items) => (items.as_ptr().cast(), items.len()),
            Buffer::Narrow(items) => (items.as_ptr().cast(), items.len()),
            Buffer::Wide(items) => (items.as_ptr().cast(), items.len()),
        };
        if len == 0 { (&raw const EMPTY).cast() } else { data }
    }
}

/// What an array of ours points to. Who takes it may move a child away and free it later, by itself or
/// on another thread, so each node has memory of its own.
struct ArrayNode {
    buffers: [*const c_void; BUFFERS],
    children: [*mut ArrowArray; CHILDREN],
    own: [ArrowArray; CHILDREN],
    _kept: [Buffer; BUFFERS],
}

impl ArrowArray {
    /// No array, or one that was moved away.
    pub(crate) const NONE: ArrowArray = ArrowArray {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: ptr::null_mut(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };

    pub(crate) fn new<const B: usize, const C: usize>(
        length: usize,
        null_count: usize,
        kept: [Buffer; B],
        own: [ArrowArray; C],
    ) -> Result<ArrowArray, Failure> {
        const { assert!(B <= BUFFERS && C <= CHILDREN) };
        let mut kept = kept.into_iter();
        let kept = core::array::from_fn(|_| kept.next().unwrap_or(Buffer::Absent));
        let mut own = own.into_iter();
        let own = core::array::from_fn(|_| own.next().unwrap_or(ArrowArray::NONE));
        let buffers = kept.each_ref().map(Buffer::data);
        let node = place(ArrayNode { buffers, children: [ptr::null_mut(); CHILDREN], own, _kept: kept })?.as_ptr();
        // SAFETY: the node was just made, and nobody else knows it.
        let (buffers, children) = unsafe {
            for (i, child) in (*node).children.iter_mut().enumerate() {
                *child = (&raw mut (*node).own).cast::<ArrowArray>().wrapping_add(i);
            }
            ((&raw mut (*node).buffers).cast(), (&raw mut (*node).children).cast())
        };
        Ok(ArrowArray {
            length: length as i64,
            null_count: null_count as i64,
            n_buffers: B as i64,
            n_children: C as i64,
            buffers,
            children,
            release: Some(release_array),
            private_data: node.cast(),
            ..ArrowArray::NONE
        })
    }
}

impl Drop for ArrowArray {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: an array that has a release callback is whole, and the callback is for it.
            unsafe { release(self) }
        }
    }
}

/// # Safety
/// `array` is one that [`ArrowArray::new`] made, or a copy that has taken its place.
unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: the caller vouches for the array; its node is freed once, as `release` says that it lives.
    unsafe {
        (*array).release = None;
        // Children that were not moved away are dropped with it.
        drop(Box::from_raw((*array).private_data.cast::<ArrayNode>()));
    }
}

/// What a schema of ours points to; see [`ArrayNode`].
struct SchemaNode {
    children: [*mut ArrowSchema; CHILDREN],
    own: [ArrowSchema; CHILDREN],
}

impl ArrowSchema {
    /// No schema, or one that was moved away.
    pub(crate) const NONE: ArrowSchema = ArrowSchema {
        format: ptr::null(),
        name: ptr::null(),
        metadata: ptr::null(),
        flags: 0,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };
    const NULLABLE: i64 = 2;

    pub(crate) fn new<const C: usize>(
        format: &'static CStr,
        name: &'static CStr,
        own: [ArrowSchema; C],
    ) -> Result<ArrowSchema, Failure> {
        const { assert!(C <= CHILDREN) };
        let mut own = own.into_iter();
        let own = core::array::from_fn(|_| own.next().unwrap_or(ArrowSchema::NONE));
        let node = place(SchemaNode { children: [ptr::null_mut(); CHILDREN], own })?.as_ptr();
        // SAFETY: the node was just made, and nobody else knows it.
        let children = unsafe {
            for (i, child) in (*node).children.iter_mut().enumerate() {
                *child = (&raw mut (*node).own).cast::<ArrowSchema>().wrapping_add(i);
            }
            (&raw mut (*node).children).cast()
        };
        Ok(ArrowSchema {
            format: format.as_ptr(),
            name: name.as_ptr(),
            n_children: C as i64,
            children,
            release: Some(release_schema),
            private_data: node.cast(),
            ..ArrowSchema::NONE
        })
    }

    /// The same, where a value may be null.
    pub(crate) fn nullable(mut self) -> ArrowSchema {
        self.flags |= ArrowSchema::NULLABLE;
        self
    }
}

impl Drop for ArrowSchema {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: a schema that has a release callback is whole, and the callback is for it.
            unsafe { release(self) }
        }
    }
}

/// # Safety
/// `schema` is one that [`ArrowSchema::new`] made, or a copy that has taken its place.
unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: as for an array.
    unsafe {
        (*schema).release = None;
        drop(Box::from_raw((*schema).private_data.cast::<SchemaNode>()));
    }
}
