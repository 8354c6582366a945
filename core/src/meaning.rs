//! What fields mean: one sentence each, for the rustdoc and the schemas.

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

    (id) => { "The message." };
    (thread_id) => { "The new thread of the message." };
    (receiver_id) => { "The client to whom the message was sent." };
    (client_external_id) => { "The external identifier of that client." };
    (agent_id) => { "The agent from whom the message was sent." };
}

pub(crate) use meaning;
