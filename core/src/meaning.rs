//! What fields and address kinds mean: one sentence each, for the rustdoc and the schemas.

/// The sentence, as a literal.
#[rustfmt::skip] // one row a line
macro_rules! meaning {
    (text) => { "The message text, with LF line ends; not trimmed; may be blank if there are attachments." };
    (attachments) => { "The attachments, in their order." };
    (attachment) => { "A file of the message." };
    (url) => { "Where the file is: an http or https IRI (RFC 3987)." };
    (name) => { "The file's name." };
    (media_type) => { "The file's media type (RFC 9110)." };
    (size) => { "The file's size in bytes." };
    (channel_type) => { "The channel's name, as the policy spells it." };
    (client_id) => { "The authorized external client identifier." };
    (unauthorized_client_id) => { "The unauthorized external client identifier." };
    (app_marker) => { "The identifier of the application on the device." };
    (device_address) => { "The address of the device, in the normal form of the channel's address kind." };

    (phone) => { "A phone number of 7 to 15 digits (ITU-T E.164), international with `+`, `00` or no mark, or national; punctuation and invisible characters are removed." };
    (token) => { "Visible ASCII characters: what push services hand out." };
    (email) => { "A mailbox, `local@domain`, at most 254 UTF-16 code units (RFC 5321, section 4.5.3.1, with the characters of RFC 6531); capitals of the domain become lower case." };
    (numeric) => { "An identifier of 1 to 19 digits, perhaps negative." };
    (opaque) => { "Anything that is not blank." };

    (id) => { "The message." };
    (thread_id) => { "The new thread of the message." };
    (receiver_id) => { "The client to whom the message was sent." };
    (client_external_id) => { "The external identifier of that client." };
    (agent_id) => { "The agent from whom the message was sent." };
}

pub(crate) use meaning;
