//! A request that passed the check: nothing else can make one, and only it can be written.

pub(crate) mod build;
pub(crate) mod parts;

use crate::field::{ALIAS, Field};
use crate::json::{scan, write};
use crate::meaning::meaning;
use crate::memory::or_abort;
use crate::memory::{self, OutOfMemory, Room};
use crate::request::parts::{AttachmentParts, DescriptorParts, Owner, Parts, Value};
use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;

/// A checked and normalized request; its strings are borrowed from the body where they stand there
/// as they should, else from the checker.
///
/// It can't be built otherwise than by a check, so whoever holds one holds a valid request.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) parts: &'a Parts,
}

impl<'a> Request<'a> {
    #[doc = meaning!(text)]
    pub fn text(&self) -> &'a str {
        self.str(self.parts.text).unwrap_or("")
    }

    #[doc = meaning!(attachments)]
    pub fn attachments(&self) -> impl ExactSizeIterator<Item = Attachment<'a>> + use<'a> {
        let request = *self;
        self.parts.attachments.iter().map(move |parts| Attachment { request, parts })
    }

    #[doc = meaning!(channel_type)]
    pub fn channel_type(&self) -> &'a str {
        self.str(self.parts.descriptor.channel_type).unwrap_or("")
    }

    #[doc = meaning!(client_id)]
    pub fn client_id(&self) -> Option<&'a str> {
        self.str(self.parts.descriptor.client_id)
    }

    #[doc = meaning!(unauthorized_client_id)]
    pub fn unauthorized_client_id(&self) -> Option<&'a str> {
        self.str(self.parts.descriptor.unauthorized_client_id)
    }

    #[doc = meaning!(app_marker)]
    pub fn app_marker(&self) -> Option<&'a str> {
        self.str(self.parts.descriptor.app_marker)
    }

    #[doc = meaning!(device_address)]
    pub fn device_address(&self) -> &'a str {
        self.str(self.parts.descriptor.device_address).unwrap_or("")
    }

    /// The normalized request as it stands in the body, if it does: nothing needs to be written.
    pub fn as_normalized(&self) -> Option<&'a [u8]> {
        let (_, start, end) = Some(self.parts.normalized).filter(|range| !range.is_absent())?.range();
        self.body.get(start..end)
    }

    /// Appends the normalized request: compact JSON, UTF-8, no trailing newline. The buffer can be
    /// reused from request to request; then nothing is allocated once it has grown.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        if let Some(normalized) = self.as_normalized() {
            return memory::put(out, normalized);
        }
        memory::put_with(out, max_normalized_len(self.body.len()), |out| self.write_parts(out))
    }

    /// The normalized request in a buffer of its own.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        or_abort(self.write(&mut out));
        out
    }

    fn write_parts(&self, out: &mut Room<'_>) {
        // A part that somebody adds must be written: no `..` here.
        let Parts { text, descriptor, attachments, kept: _, hashes: _, decoded: _, rewritten: _, normalized: _ } =
            self.parts;
        out.array(b"{\"text\":\"");
        self.value(out, *text);
        out.array(b"\",\"attachments\":[");
        for (index, attachment) in (0_u32..).zip(attachments) {
            if index > 0 {
                out.array(b",");
            }
            self.attachment(out, index, attachment);
        }
        let DescriptorParts { channel_type, client_id, unauthorized_client_id, app_marker, device_address } =
            *descriptor;
        out.array(b"],\"clientApplicationDescriptor\":{\"channelType\":\"");
        self.value(out, channel_type);
        self.optional(out, b"\",\"clientId\":\"", client_id);
        self.optional(out, b"\",\"unauthorizedClientId\":\"", unauthorized_client_id);
        self.optional(out, b"\",\"appMarker\":\"", app_marker);
        out.array(b"\",\"deviceAddress\":\"");
        self.value(out, device_address);
        out.array(b"\"");
        self.kept(out, Owner::DESCRIPTOR);
        out.array(b"}");
        self.kept(out, Owner::BODY);
        out.array(b"}");
    }

    fn attachment(&self, out: &mut Room<'_>, index: u32, attachment: &AttachmentParts) {
        let AttachmentParts { url, name, media_type, size } = *attachment;
        out.array(b"{\"url\":\"");
        self.value(out, url);
        self.optional(out, b"\",\"name\":\"", name);
        self.optional(out, b"\",\"type\":\"", media_type);
        out.array(b"\"");
        self.optional(out, b",\"size\":", size);
        self.kept(out, Owner::attachment(index));
        out.array(b"}");
    }

    #[inline]
    fn optional<const N: usize>(&self, out: &mut Room<'_>, before: &[u8; N], value: Value) {
        if !value.is_absent() {
            out.array(before);
            self.value(out, value);
        }
    }

    #[inline]
    fn value(&self, out: &mut Room<'_>, value: Value) {
        match value.range() {
            // What stands in the body without escapes needs none.
            (true, start, end) => out.part(self.body, start, end),
            (false, ..) => self.escaped(out, value),
        }
    }

    #[inline(never)]
    fn escaped(&self, out: &mut Room<'_>, value: Value) {
        let (_, start, end) = value.range();
        let source = self.parts.made(value);
        // Nearly all have nothing to escape. (What stands behind it is not looked at: that would be all later values.)
        if scan::plain_end(source.get(..end).unwrap_or_default(), start as u32) as usize >= end {
            out.part(source, start, end);
            return;
        }
        let Ok::<(), Infallible>(()) = write::pieces(source.get(start..end).unwrap_or_default(), |piece| {
            out.put(piece);
            Ok(())
        });
    }

    #[inline]
    fn kept(&self, out: &mut Room<'_>, owner: Owner) {
        if !self.parts.kept.is_empty() {
            self.kept_of(out, owner);
        }
    }

    #[cold]
    fn kept_of(&self, out: &mut Room<'_>, owner: Owner) {
        for kept in self.parts.kept.iter().filter(|kept| kept.owner == owner) {
            for (before, (start, end)) in [(b",", kept.key), (b":", kept.value)] {
                out.array(before);
                out.part(self.body, start as usize, end as usize);
            }
        }
    }

    fn str(&self, value: Value) -> Option<&'a str> {
        if value.is_absent() {
            return None;
        }
        // The body was found to be UTF-8, so this can't fail.
        core::str::from_utf8(self.parts.bytes(self.body, value)).ok()
    }

    /// The request with everything that it borrows.
    #[allow(clippy::wrong_self_convention, reason = "as of str and Path: from the borrowed to the owned form")]
    pub fn to_owned(&self) -> RequestBuf {
        RequestBuf { body: self.body.to_vec(), parts: self.parts.clone() }
    }
}

/// An upper bound on the bytes of a normalized request, by the bytes of its body.
///
/// Names and brackets that may be added take up to 64 bytes; a size like `1e9` and a media type
/// grow by less than half of the shortest attachment that can hold them.
///
/// ```
/// assert_eq!(outgoing_to_device::max_normalized_len(1_000), 1_564);
/// ```
pub const fn max_normalized_len(body_len: usize) -> usize {
    body_len.saturating_add(body_len / 2).saturating_add(64)
}

// The bound counts on these names: the longest that is added, and the alias that grows.
const _: () = assert!(Field::Attachments.name().len() + Field::Descriptor.name().len() - ALIAS.len() < 32);

impl fmt::Debug for Request<'_> {
    /// Shows what the request is made of, and no value: messages are private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("attachments", &self.parts.attachments.len())
            .field("kept", &self.parts.kept.len())
            .finish_non_exhaustive()
    }
}

/// An attachment of a request.
#[derive(Clone, Copy)]
pub struct Attachment<'a> {
    request: Request<'a>,
    parts: &'a AttachmentParts,
}

impl<'a> Attachment<'a> {
    #[doc = meaning!(url)]
    pub fn url(&self) -> &'a str {
        self.request.str(self.parts.url).unwrap_or("")
    }

    #[doc = meaning!(name)]
    pub fn name(&self) -> Option<&'a str> {
        self.request.str(self.parts.name)
    }

    #[doc = meaning!(media_type)]
    pub fn media_type(&self) -> Option<&'a str> {
        self.request.str(self.parts.media_type)
    }

    #[doc = meaning!(size)]
    pub fn size(&self) -> Option<u64> {
        self.request.str(self.parts.size)?.parse().ok()
    }

    /// Appends the attachment as it stands in the normalized request.
    #[cfg(feature = "serde")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let mut attachments = (0_u32..).zip(&self.request.parts.attachments);
        let index = attachments.find(|(_, parts)| core::ptr::eq(*parts, self.parts)).map_or(0, |(index, _)| index);
        // Names and brackets, values of which the longest escapes take six bytes for one, and what is kept.
        let AttachmentParts { url, name, media_type, size } = *self.parts;
        let values =
            [url, name, media_type, size].map(|value| self.request.parts.bytes(self.request.body, value).len());
        let owner = Owner::attachment(index);
        let kept = self.request.parts.kept.iter().filter(|kept| kept.owner == owner);
        let kept = kept.map(|kept| kept.value.1.wrapping_sub(kept.key.0).saturating_add(2) as usize);
        let most = kept.chain(values.map(|len| len.saturating_mul(6))).fold(64, usize::saturating_add);
        memory::put_with(out, most, |out| {
            self.request.attachment(out, index, self.parts);
        })
    }
}

impl fmt::Debug for Attachment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment").finish_non_exhaustive()
    }
}

/// A [`Request`] that owns what it is made of.
///
/// ```
/// use outgoing_to_device::{Policy, RequestBuf};
/// let body = br#"{"text": "hi", "clientApplicationDescriptor": {"channelType": "web", "deviceAddress": "a"}}"#;
/// let request = RequestBuf::from_json(&Policy::default(), body)?;
/// assert_eq!(request.as_request().channel_type(), "WEB");
/// # Ok::<(), outgoing_to_device::RejectionBuf>(())
/// ```
#[derive(Clone)]
pub struct RequestBuf {
    body: Vec<u8>,
    parts: Parts,
}

impl RequestBuf {
    /// The request, to be read and written.
    pub fn as_request(&self) -> Request<'_> {
        Request { body: &self.body, parts: &self.parts }
    }

    #[doc = meaning!(text)]
    pub fn text(&self) -> &str {
        self.as_request().text()
    }

    #[doc = meaning!(attachments)]
    pub fn attachments(&self) -> impl ExactSizeIterator<Item = Attachment<'_>> {
        self.as_request().attachments()
    }

    #[doc = meaning!(channel_type)]
    pub fn channel_type(&self) -> &str {
        self.as_request().channel_type()
    }

    #[doc = meaning!(client_id)]
    pub fn client_id(&self) -> Option<&str> {
        self.as_request().client_id()
    }

    #[doc = meaning!(unauthorized_client_id)]
    pub fn unauthorized_client_id(&self) -> Option<&str> {
        self.as_request().unauthorized_client_id()
    }

    #[doc = meaning!(app_marker)]
    pub fn app_marker(&self) -> Option<&str> {
        self.as_request().app_marker()
    }

    #[doc = meaning!(device_address)]
    pub fn device_address(&self) -> &str {
        self.as_request().device_address()
    }

    /// The normalized request in a buffer of its own.
    pub fn to_json(&self) -> Vec<u8> {
        self.as_request().to_json()
    }
}

impl fmt::Debug for RequestBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_request().fmt(f)
    }
}

impl PartialEq for RequestBuf {
    /// Two requests are equal if they are written alike.
    fn eq(&self, other: &RequestBuf) -> bool {
        self.as_request().to_json() == other.as_request().to_json()
    }
}

impl Eq for RequestBuf {}
