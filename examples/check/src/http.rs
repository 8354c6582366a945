//! HTTP messages as files hold them: a request's head, and its body without the transfer coding.

use httparse::Status;
use std::ops::Range;

/// More header fields than a request of this endpoint has a use for.
const MAX_FIELDS: usize = 128;

/// A request message.
pub(crate) struct Message {
    pub(crate) method: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) fields: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Result<Body, String>,
}

/// The way in which a message tells where its body ends.
enum Framing {
    /// It ends with the file.
    File,
    /// By the digits at this place of the head.
    Length(Range<usize>),
    /// The last chunk is at this place.
    Chunks(usize),
}

/// A message's body.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// The parts in which the message holds it: where each begins, in the body and in the message.
    pub(crate) parts: Vec<(usize, usize)>,
    /// The end of the head.
    head: usize,
    framing: Framing,
}

impl Message {
    /// Reads a message. If the head leaves the body's length open, or contradicts itself, the body is an
    /// error of its own: the head can still be checked.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Message, String> {
        if bytes.starts_with(b"HTTP/") {
            return Err("this is a response; only requests are checked".to_owned());
        }
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut request = httparse::Request::new(&mut fields);
        let head = match request.parse(bytes) {
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) => return Err("the message ends within its head".to_owned()),
            Err(error) => return Err(format!("not an HTTP/1 request: {error}")),
        };
        let fields: Vec<_> =
            request.headers.iter().map(|field| (field.name.as_bytes().to_vec(), field.value.to_vec())).collect();
        let framing = framing(request.headers, bytes, head);
        Ok(Message {
            method: request.method.unwrap_or_default().into(),
            target: request.path.unwrap_or_default().into(),
            fields,
            body: framing.and_then(|framing| body(framing, bytes, head)),
        })
    }

    /// The message with another body, and where that begins in it. `file` is the message as it was.
    pub(crate) fn with_body(file: &[u8], body: &Body, text: &[u8]) -> (Vec<u8>, usize) {
        let (before, after) = match &body.framing {
            Framing::File => (file[..body.head].to_vec(), Vec::new()),
            Framing::Length(digits) => {
                let length = text.len().to_string();
                ([&file[..digits.start], length.as_bytes(), &file[digits.end..body.head]].concat(), Vec::new())
            }
            Framing::Chunks(last) if text.is_empty() => (file[..body.head].to_vec(), file[*last..].to_vec()),
            Framing::Chunks(last) => {
                let size = format!("{:x}\r\n", text.len());
                ([&file[..body.head], size.as_bytes()].concat(), [b"\r\n", &file[*last..]].concat())
            }
        };
        let start = before.len();
        ([before, text.to_vec(), after].concat(), start)
    }
}

/// The framing of a message, from its header fields.
fn framing(fields: &[httparse::Header<'_>], message: &[u8], head: usize) -> Result<Framing, String> {
    let values = |name: &'static str| {
        fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    };
    let mut codings = values("transfer-encoding");
    if let Some(coding) = codings.next() {
        return match (coding.eq_ignore_ascii_case(b"chunked"), codings.next()) {
            (true, None) => Ok(Framing::Chunks(head)),
            _ => Err("of the transfer codings only chunked is read".to_owned()),
        };
    }
    let mut lengths = values("content-length");
    match (lengths.next(), lengths.next()) {
        // A client adds the length when it sends the message; the file holds what is sent.
        (None, _) => Ok(Framing::File),
        (Some(length), None) => {
            // The value is a part of the message.
            let start = length.as_ptr() as usize - message.as_ptr() as usize;
            Ok(Framing::Length(start..start + length.len()))
        }
        (Some(_), Some(_)) => Err("it has more than one Content-Length".to_owned()),
    }
}

/// The body of a message, which begins behind the head.
fn body(framing: Framing, message: &[u8], head: usize) -> Result<Body, String> {
    let rest = &message[head..];
    if let Framing::Length(digits) = &framing {
        let digits = std::str::from_utf8(&message[digits.clone()]).ok();
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let length = digits.and_then(|digits| digits.parse::<usize>().ok()).ok_or("its Content-Length is no length")?;
        if length != rest.len() {
            return Err(format!("its Content-Length is {length}, but {} bytes follow the head", rest.len()));
        }
    }
    match framing {
        Framing::Chunks(_) => unchunk(message, head),
        framing => Ok(Body { bytes: rest.to_vec(), parts: vec![(0, head)], head, framing }),
    }
}

/// A body in chunks (RFC 9112, section 7.1), put together; trailer fields are passed over.
fn unchunk(message: &[u8], head: usize) -> Result<Body, String> {
    const BROKEN: &str = "its chunks are broken";
    let mut rest = &message[head..];
    let (mut bytes, mut parts) = (Vec::new(), Vec::new());
    loop {
        let chunk = message.len() - rest.len();
        let Ok(Status::Complete((size_line, size))) = httparse::parse_chunk_size(rest) else {
            return Err(BROKEN.to_owned());
        };
        rest = &rest[size_line..];
        parts.push((bytes.len(), message.len() - rest.len()));
        if size == 0 {
            let mut trailer = [httparse::EMPTY_HEADER; MAX_FIELDS];
            let framing = Framing::Chunks(chunk);
            return match httparse::parse_headers(rest, &mut trailer) {
                Ok(Status::Complete((end, _))) if end == rest.len() => Ok(Body { bytes, parts, head, framing }),
                Ok(Status::Complete(_)) => Err("something follows its last chunk".to_owned()),
                _ => Err(BROKEN.to_owned()),
            };
        }
        let size = usize::try_from(size).map_err(|_| BROKEN)?;
        let (content, after) = rest.split_at_checked(size).ok_or(BROKEN)?;
        bytes.extend_from_slice(content);
        rest = after.strip_prefix(b"\r\n").ok_or(BROKEN)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_of(message: &str) -> Result<Vec<u8>, String> {
        Message::parse(message.as_bytes()).and_then(|message| message.body).map(|body| body.bytes)
    }

    #[test]
    fn bodies_come_by_length_or_in_chunks() {
        assert_eq!(body_of("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}").unwrap(), b"{}");
        assert_eq!(body_of("POST / HTTP/1.1\r\n\r\n{}").unwrap(), b"{}");
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n";
        assert_eq!(
            body_of(&format!("{chunked}1;x=y\r\n{{\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n")).unwrap(),
            b"{0123456789"
        );
        for broken in ["", "2\r\n{}", "2\r\n{}0\r\n\r\n", "g\r\n", "2\r\n{}\r\n0\r\n", "ffffffffffffffff\r\n{}"] {
            assert_eq!(body_of(&format!("{chunked}{broken}")).unwrap_err(), "its chunks are broken", "{broken:?}");
        }
        assert!(body_of(&format!("{chunked}0\r\n\r\nPOST")).unwrap_err().contains("follows"));
    }

    #[test]
    fn a_message_can_have_another_body() {
        for (head, body, expected) in [
            ("", "{}", "{\"a\":1}"),
            ("Content-Length:  2 \r\nX: 2\r\n", "{}", "{\"a\":1}"),
            (
                "Transfer-Encoding: chunked\r\n",
                "1\r\n{\r\n1\r\n}\r\n0\r\nT: v\r\n\r\n",
                "7\r\n{\"a\":1}\r\n0\r\nT: v\r\n\r\n",
            ),
        ] {
            let file = format!("POST / HTTP/1.1\r\n{head}\r\n{body}");
            let body = Message::parse(file.as_bytes()).unwrap().body.unwrap();
            let (with, start) = Message::with_body(file.as_bytes(), &body, b"{\"a\":1}");
            let text = String::from_utf8(with.clone()).unwrap();
            assert_eq!(text, format!("POST / HTTP/1.1\r\n{}\r\n{expected}", head.replace(":  2 ", ":  7 ")));
            assert!(text[start..].starts_with("{\"a\""));
            assert_eq!(Message::parse(&with).unwrap().body.unwrap().bytes, b"{\"a\":1}");
            let (with, _) = Message::with_body(file.as_bytes(), &body, b"");
            assert_eq!(Message::parse(&with).unwrap().body.unwrap().bytes, b"");
        }
    }

    #[test]
    fn lengths_must_be_those_of_the_file() {
        for (head, says) in [
            ("Content-Length: 3\r\n", "is 3, but 2 bytes follow"),
            ("Content-Length: 1\r\n", "is 1, but 2 bytes follow"),
            ("Content-Length: +2\r\n", "no length"),
            ("Content-Length: 2\r\nContent-Length: 2\r\n", "more than one"),
            ("Transfer-Encoding: gzip, chunked\r\n", "only chunked"),
        ] {
            let error = body_of(&format!("POST / HTTP/1.1\r\n{head}\r\n{{}}")).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(body_of("HTTP/1.1 200 OK\r\n\r\n").unwrap_err().contains("a response"));
        assert!(body_of("POST / HTTP/1.1\r\nHost").unwrap_err().contains("within its head"));
        assert!(body_of("{}").unwrap_err().contains("not an HTTP/1 request"));
    }
}
