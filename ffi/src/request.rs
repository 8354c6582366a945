//! Requests as values, for both directions: read from an accepted body, or written to be one.

use crate::status::{Failure, OTD_NOT_UTF8};
use crate::text::{Str, Texts, put, slice};
use alloc::vec::Vec;
use core::ptr;
use outgoing_to_device as otd;
use outgoing_to_device::{AttachmentRef, OutOfMemory, RequestRef};

/// An attachment of a request. Strings that are absent have `data == NULL`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Attachment {
    /// Where the file is.
    pub url: Str,
    /// Its name.
    pub name: Str,
    /// Its media type.
    pub media_type: Str,
    /// Its size in bytes, if `has_size` is 1.
    pub size: u64,
    /// 1 if `size` is given, otherwise 0.
    pub has_size: u32,
}

/// The values of a request. Strings that are absent have `data == NULL`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The text of the message; a request that was read always has one, which may be empty.
    pub text: Str,
    /// The attachments, in their order.
    pub attachments: *const Attachment,
    /// How many attachments there are.
    pub attachments_len: usize,
    /// The channel; of a request that was read, as the policy spells it.
    pub channel_type: Str,
    /// The client, as the sender's system knows it.
    pub client_id: Str,
    /// A client who has not signed in.
    pub unauthorized_client_id: Str,
    /// The application that the message is for.
    pub app_marker: Str,
    /// The address on the channel.
    pub device_address: Str,
}

impl Request {
    pub(crate) const NONE: Request = Request {
        text: Str::NONE,
        attachments: ptr::null(),
        attachments_len: 0,
        channel_type: Str::NONE,
        client_id: Str::NONE,
        unauthorized_client_id: Str::NONE,
        app_marker: Str::NONE,
        device_address: Str::NONE,
    };

    /// Appends the request as JSON.
    ///
    /// # Safety
    /// Its strings and attachments can be read.
    pub(crate) unsafe fn write(&self, out: &mut Vec<u8>) -> Result<(), Failure> {
        // A value that somebody adds must be written: no `..` here.
        let Request {
            text,
            attachments,
            attachments_len,
            channel_type,
            client_id,
            unauthorized_client_id,
            app_marker,
            device_address,
        } = *self;
        // SAFETY: the caller vouches for all of them.
        unsafe {
            let attachments = slice(attachments, attachments_len)?;
            for attachment in attachments {
                attachment.borrow()?;
            }
            let request = RequestRef {
                text: text.str()?,
                // None is left out, as all were just seen to be in order.
                attachments: attachments.iter().filter_map(|attachment| attachment.borrow().ok()),
                channel_type: channel_type.str()?.unwrap_or(""),
                client_id: client_id.str()?,
                unauthorized_client_id: unauthorized_client_id.str()?,
                app_marker: app_marker.str()?,
                device_address: device_address.str()?.unwrap_or(""),
            };
            Ok(request.write(out)?)
        }
    }

    fn strings(&mut self) -> [&mut Str; 6] {
        let Request {
            text,
            attachments: _,
            attachments_len: _,
            channel_type,
            client_id,
            unauthorized_client_id,
            app_marker,
            device_address,
        } = self;
        [text, channel_type, client_id, unauthorized_client_id, app_marker, device_address]
    }
}

impl Attachment {
    /// # Safety
    /// Its strings can be read for as long as `'a`.
    unsafe fn borrow<'a>(&self) -> Result<AttachmentRef<'a>, Failure> {
        let Attachment { url, name, media_type, size, has_size } = *self;
        // SAFETY: the caller vouches for them.
        unsafe {
            Ok(AttachmentRef {
                url: url.str()?.unwrap_or(""),
                name: name.str()?,
                media_type: media_type.str()?,
                size: (has_size != 0).then_some(size),
            })
        }
    }

    fn strings(&mut self) -> [&mut Str; 3] {
        let Attachment { url, name, media_type, size: _, has_size: _ } = self;
        [url, name, media_type]
    }
}

impl Str {
    /// The text of a string that the caller passed; none if it is absent.
    ///
    /// # Safety
    /// As for [`Str::bytes`].
    pub(crate) unsafe fn str<'a>(self) -> Result<Option<&'a str>, Failure> {
        // SAFETY: the caller vouches for it.
        let text = core::str::from_utf8(unsafe { self.bytes() }?).map_err(|_| Failure(OTD_NOT_UTF8))?;
        Ok((!self.data.is_null()).then_some(text))
    }
}

/// A request whose values are written out, in buffers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    texts: Texts,
    attachments: Vec<Attachment>,
}

impl Requests {
    pub(crate) const fn new() -> Requests {
        Requests { texts: Texts::new(), attachments: Vec::new() }
    }

    pub(crate) fn request(&mut self, from: otd::Request<'_>) -> Result<Request, OutOfMemory> {
        let Requests { texts, attachments } = self;
        texts.clear();
        attachments.clear();
        let mut request = Request {
            text: texts.add(from.text())?,
            channel_type: texts.add(from.channel_type())?,
            client_id: texts.add_some(from.client_id())?,
            unauthorized_client_id: texts.add_some(from.unauthorized_client_id())?,
            app_marker: texts.add_some(from.app_marker())?,
            device_address: texts.add(from.device_address())?,
            ..Request::NONE
        };
        for attachment in from.attachments() {
            let size = attachment.size();
            let attachment = Attachment {
                url: texts.add(attachment.url())?,
                name: texts.add_some(attachment.name())?,
                media_type: texts.add_some(attachment.media_type())?,
                size: size.unwrap_or(0),
                has_size: u32::from(size.is_some()),
            };
            put(attachments, &[attachment])?;
        }
        texts.settle(request.strings().into_iter().chain(attachments.iter_mut().flat_map(Attachment::strings)));
        request.attachments = attachments.as_ptr();
        request.attachments_len = attachments.len();
        Ok(request)
    }
}
