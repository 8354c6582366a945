//! What a checked body consists of: ranges and numbers, no copies of what did not change.

use crate::field::Object;
use crate::memory::{self, Buffer, OutOfMemory, WINDOW};
use alloc::vec::Vec;

/// A normalized string: a range of the body where it stands as it should, else of a buffer.
///
/// Start and end are one word, the end in its high half: a value is copied as a whole, and halves that were written one
/// by one would have to leave the processor's store buffer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value(u64);

impl Value {
    pub(crate) const ABSENT: Value = Value(u64::MAX);
    // A body has at most 2^24 bytes and the buffers little more, so two bits are free.
    const DECODED: u64 = 1 << 30;
    const REWRITTEN: u64 = 1 << 31;
    const SOURCE: u64 = Value::DECODED | Value::REWRITTEN;

    #[inline]
    const fn of(source: u64, start: usize, end: usize) -> Value {
        Value(source | start as u64 | (end as u64) << 32)
    }

    #[inline]
    pub(crate) const fn body(start: u32, end: u32) -> Value {
        Value(start as u64 | (end as u64) << 32)
    }

    pub(crate) const fn decoded(start: usize, end: usize) -> Value {
        Value::of(Value::DECODED, start, end)
    }

    pub(crate) const fn rewritten(start: usize, end: usize) -> Value {
        Value::of(Value::REWRITTEN, start, end)
    }

    #[inline]
    pub(crate) fn is_absent(self) -> bool {
        self == Value::ABSENT
    }

    /// Whether the bytes stand in the body as they are, and so need no escapes.
    #[inline]
    pub(crate) fn is_in_body(self) -> bool {
        self.0 & Value::SOURCE == 0
    }

    #[inline]
    fn start(self) -> usize {
        (self.0 as u32 & !Value::SOURCE as u32) as usize
    }

    /// Whether the range is one of the body, and the range.
    #[inline]
    pub(crate) fn range(self) -> (bool, usize, usize) {
        (self.is_in_body(), self.start(), (self.0 >> 32) as usize)
    }

    /// The part from `start` to `end`, counted from the value's own start.
    #[inline]
    pub(crate) fn part(self, start: usize, end: usize) -> Value {
        let own = self.start();
        Value::of(self.0 & Value::SOURCE, own.wrapping_add(start), own.wrapping_add(end))
    }
}

/// The strings of an attachment; the size is a string of digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttachmentParts {
    pub(crate) url: Value,
    pub(crate) name: Value,
    pub(crate) media_type: Value,
    pub(crate) size: Value,
}

/// The strings of the descriptor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DescriptorParts {
    pub(crate) channel_type: Value,
    pub(crate) client_id: Value,
    pub(crate) unauthorized_client_id: Value,
    pub(crate) app_marker: Value,
    pub(crate) device_address: Value,
}

impl DescriptorParts {
    pub(crate) const EMPTY: DescriptorParts = DescriptorParts {
        channel_type: Value::ABSENT,
        client_id: Value::ABSENT,
        unauthorized_client_id: Value::ABSENT,
        app_marker: Value::ABSENT,
        device_address: Value::ABSENT,
    };
}

/// The object that an unknown member stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner(u32);

impl Owner {
    pub(crate) const BODY: Owner = Owner(0);
    pub(crate) const DESCRIPTOR: Owner = Owner(1);

    pub(crate) const fn attachment(index: u32) -> Owner {
        Owner(index.wrapping_add(2))
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    pub(crate) const fn object(self) -> Object {
        match self.0 {
            0 => Object::Body,
            1 => Object::Descriptor,
            _ => Object::Attachment,
        }
    }
}

/// An unknown member that is passed on as it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    pub(crate) owner: Owner,
    /// The key, quotes included.
    pub(crate) key: (u32, u32),
    pub(crate) value: (u32, u32),
}

/// The parts of a request, without the body that most of them are ranges of.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) text: Value,
    pub(crate) descriptor: DescriptorParts,
    pub(crate) attachments: Vec<AttachmentParts>,
    pub(crate) kept: Vec<Kept>,
    /// Of the kept members' objects and names, so that a repeated one is found without comparing all.
    pub(crate) hashes: Vec<u32>,
    /// Strings whose escapes were undone.
    pub(crate) decoded: Buffer,
    /// Values that normalizing changed.
    pub(crate) rewritten: Vec<u8>,
    /// Where the body is the normalized request, from the first to the last byte of its value.
    pub(crate) normalized: Value,
}

impl Parts {
    pub(crate) const fn new() -> Parts {
        Parts {
            text: Value::ABSENT,
            descriptor: DescriptorParts::EMPTY,
            attachments: Vec::new(),
            kept: Vec::new(),
            hashes: Vec::new(),
            decoded: Buffer::new(),
            rewritten: Vec::new(),
            normalized: Value::ABSENT,
        }
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.text = Value::ABSENT;
        self.descriptor = DescriptorParts::EMPTY;
        self.attachments.clear();
        self.kept.clear();
        self.hashes.clear();
        self.decoded.truncate(0);
        self.rewritten.clear();
        self.normalized = Value::ABSENT;
    }

    /// All values are there. Behind the rewritten ones comes room for a window, so that a short one is copied at once.
    #[inline]
    pub(crate) fn end(&mut self) -> Result<(), OutOfMemory> {
        if self.rewritten.is_empty() { Ok(()) } else { memory::put(&mut self.rewritten, &[0; WINDOW]) }
    }

    /// The bytes of a value, none where it is absent.
    #[inline]
    pub(crate) fn bytes<'a>(&'a self, body: &'a [u8], value: Value) -> &'a [u8] {
        let (in_body, start, end) = value.range();
        let source = if in_body { body } else { self.made(value) };
        source.get(start..end).unwrap_or(&[])
    }

    /// What a value that does not stand in the body is a range of, and some room behind.
    #[inline(never)]
    pub(crate) fn made(&self, value: Value) -> &[u8] {
        match value.0 & Value::SOURCE {
            Value::DECODED => self.decoded.with_room(),
            Value::REWRITTEN => &self.rewritten,
            _ => &[],
        }
    }
}
