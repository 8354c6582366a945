//! Building a request: its values are written with the library's own writer, and those bytes are checked.
//! So a built request can't disagree with one that was read.

use crate::field::Field;
use crate::json::write::{List, quoted, unsigned};
use crate::meaning::meaning;
use crate::memory::OutOfMemory;
use crate::request::RequestBuf;
use alloc::vec::Vec;
use core::fmt;

/// The values of a request that is to be written, borrowed; nothing is checked yet.
///
/// [`RequestBuf::builder`] is the usual way to build one. This is for hosts that write into buffers of
/// their own: [`RequestRef::write`], then [`Checker::check`](crate::Checker::check) of what it wrote.
///
/// ```
/// use outgoing_to_device::{Checker, Policy, RequestRef};
/// let request = RequestRef { text: Some("hi"), ..RequestRef::new("WEB", "a1") };
/// let mut body = Vec::new();
/// request.write(&mut body)?;
/// assert!(Checker::new().check(&Policy::default(), &body).is_accepted());
/// # Ok::<(), outgoing_to_device::OutOfMemory>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestRef<'a, A = [AttachmentRef<'a>; 0]> {
    #[doc = meaning!(text)]
    pub text: Option<&'a str>,
    /// The attachments, in their order: anything that can be walked.
    pub attachments: A,
    #[doc = meaning!(channel_type)]
    pub channel_type: &'a str,
    #[doc = meaning!(client_id)]
    pub client_id: Option<&'a str>,
    #[doc = meaning!(unauthorized_client_id)]
    pub unauthorized_client_id: Option<&'a str>,
    #[doc = meaning!(app_marker)]
    pub app_marker: Option<&'a str>,
    #[doc = meaning!(device_address)]
    pub device_address: &'a str,
}

impl<'a> RequestRef<'a> {
    /// A request of a channel and an address, and nothing else.
    pub const fn new(channel_type: &'a str, device_address: &'a str) -> RequestRef<'a> {
        RequestRef {
            text: None,
            attachments: [],
            channel_type,
            client_id: None,
            unauthorized_client_id: None,
            app_marker: None,
            device_address,
        }
    }
}

impl<'a, A: IntoIterator<Item = AttachmentRef<'a>> + Clone> RequestRef<'a, A> {
    /// Appends the values as the JSON of a request, compact and in the order of the wire.
    ///
    /// # Errors
    /// [`OutOfMemory`] if the buffer can't grow; it then holds a part.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        // A field that somebody adds must be written: no `..` here.
        let RequestRef {
            text,
            attachments,
            channel_type,
            client_id,
            unauthorized_client_id,
            app_marker,
            device_address,
        } = self;
        let mut body = List::object(out)?;
        optional(&mut body, Field::Text, *text)?;
        let mut attachments = attachments.clone().into_iter().peekable();
        if attachments.peek().is_some() {
            let mut list = List::array(body.key(Field::Attachments.name())?)?;
            for attachment in attachments {
                attachment.write(list.next()?)?;
            }
            list.end()?;
        }
        let mut descriptor = List::object(body.key(Field::Descriptor.name())?)?;
        for (field, value) in [
            (Field::ChannelType, Some(*channel_type)),
            (Field::ClientId, *client_id),
            (Field::UnauthorizedClientId, *unauthorized_client_id),
            (Field::AppMarker, *app_marker),
            (Field::DeviceAddress, Some(*device_address)),
        ] {
            optional(&mut descriptor, field, value)?;
        }
        descriptor.end()?;
        body.end()
    }
}

impl<A> fmt::Debug for RequestRef<'_, A> {
    /// Shows no value: messages are private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestRef").finish_non_exhaustive()
    }
}

/// The values of an attachment that is to be written, borrowed; nothing is checked yet.
///
/// ```
/// use outgoing_to_device::AttachmentRef;
/// let attachment = AttachmentRef::new("https://cdn.example/a.pdf").name("a.pdf").size(1024);
/// assert_eq!(attachment.name, Some("a.pdf"));
/// ```
#[derive(Clone, Copy)]
pub struct AttachmentRef<'a> {
    #[doc = meaning!(url)]
    pub url: &'a str,
    #[doc = meaning!(name)]
    pub name: Option<&'a str>,
    #[doc = meaning!(media_type)]
    pub media_type: Option<&'a str>,
    #[doc = meaning!(size)]
    pub size: Option<u64>,
}

impl<'a> AttachmentRef<'a> {
    /// An attachment of a URL, and nothing else.
    pub const fn new(url: &'a str) -> AttachmentRef<'a> {
        AttachmentRef { url, name: None, media_type: None, size: None }
    }

    /// The same with a file name.
    pub const fn name(self, name: &'a str) -> AttachmentRef<'a> {
        AttachmentRef { name: Some(name), ..self }
    }

    /// The same with a media type.
    pub const fn media_type(self, media_type: &'a str) -> AttachmentRef<'a> {
        AttachmentRef { media_type: Some(media_type), ..self }
    }

    /// The same with a size in bytes.
    pub const fn size(self, size: u64) -> AttachmentRef<'a> {
        AttachmentRef { size: Some(size), ..self }
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let AttachmentRef { url, name, media_type, size } = *self;
        let mut attachment = List::object(out)?;
        optional(&mut attachment, Field::Url, Some(url))?;
        optional(&mut attachment, Field::Name, name)?;
        optional(&mut attachment, Field::Type, media_type)?;
        if let Some(size) = size {
            unsigned(attachment.key(Field::Size.name())?, size)?;
        }
        attachment.end()
    }
}

impl fmt::Debug for AttachmentRef<'_> {
    /// Shows no value: messages are private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttachmentRef").finish_non_exhaustive()
    }
}

fn optional(object: &mut List<'_>, field: Field, value: Option<&str>) -> Result<(), OutOfMemory> {
    match value {
        Some(value) => quoted(object.key(field.name())?, value.as_bytes()),
        None => Ok(()),
    }
}

/// Builds a [`RequestBuf`]; see [`RequestBuf::builder`].
#[derive(Clone)]
#[must_use = "call `build` to get the request"]
pub struct RequestBuilder<'a> {
    values: RequestRef<'a>,
    attachments: Vec<AttachmentRef<'a>>,
}

impl RequestBuf {
    /// Begins a request for an address of a channel; [`RequestBuilder::build`] checks it.
    ///
    /// ```
    /// use outgoing_to_device::{AttachmentRef, Code, Policy, RequestBuf};
    ///
    /// let policy = Policy::default();
    /// let accepted = RequestBuf::builder("whatsapp", "+7 900 000-00-00")
    ///     .text("Your order is ready")
    ///     .attachment(AttachmentRef::new("https://cdn.example/receipt.pdf").name("receipt.pdf"))
    ///     .build(&policy)?;
    /// assert_eq!(accepted.request.device_address(), "79000000000");
    /// let body = accepted.request.to_json(); // what goes upstream
    ///
    /// let rejection = RequestBuf::builder("MOBILE", "a1").text("hi").client_id("7").build(&policy).unwrap_err();
    /// assert_eq!(rejection.violations[0].code, Code::RequiredByChannel);
    /// assert_eq!(rejection.violations[0].pointer, "/clientApplicationDescriptor/appMarker");
    /// # Ok::<(), outgoing_to_device::RejectionBuf>(())
    /// ```
    pub const fn builder<'a>(channel_type: &'a str, device_address: &'a str) -> RequestBuilder<'a> {
        RequestBuilder { values: RequestRef::new(channel_type, device_address), attachments: Vec::new() }
    }
}

impl<'a> RequestBuilder<'a> {
    #[doc = meaning!(text)]
    pub fn text(mut self, text: &'a str) -> RequestBuilder<'a> {
        self.values.text = Some(text);
        self
    }

    #[doc = meaning!(client_id)]
    pub fn client_id(mut self, client_id: &'a str) -> RequestBuilder<'a> {
        self.values.client_id = Some(client_id);
        self
    }

    #[doc = meaning!(unauthorized_client_id)]
    pub fn unauthorized_client_id(mut self, unauthorized_client_id: &'a str) -> RequestBuilder<'a> {
        self.values.unauthorized_client_id = Some(unauthorized_client_id);
        self
    }

    #[doc = meaning!(app_marker)]
    pub fn app_marker(mut self, app_marker: &'a str) -> RequestBuilder<'a> {
        self.values.app_marker = Some(app_marker);
        self
    }

    /// Adds an attachment behind those that there are.
    pub fn attachment(mut self, attachment: AttachmentRef<'a>) -> RequestBuilder<'a> {
        self.attachments.push(attachment);
        self
    }

    /// Appends what was built as the JSON of a request; nothing is checked yet.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), OutOfMemory> {
        let RequestRef {
            text,
            attachments: [],
            channel_type,
            client_id,
            unauthorized_client_id,
            app_marker,
            device_address,
        } = self.values;
        let attachments = self.attachments.iter().copied();
        let values = RequestRef {
            text,
            attachments,
            channel_type,
            client_id,
            unauthorized_client_id,
            app_marker,
            device_address,
        };
        values.write(out)
    }
}

impl fmt::Debug for RequestBuilder<'_> {
    /// Shows no value: messages are private.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder").field("attachments", &self.attachments.len()).finish_non_exhaustive()
    }
}
