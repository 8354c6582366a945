//! jiter's streaming interface. Its strings live until the next call only, so they are kept in an
//! arena of ranges.

use crate::contender::Contender;
use crate::judge::{self, Attachment, Given, List, Message, Object, Place, Report, Size};
use crate::serde_peers::answers;
use crate::visitor::{self, Buffers};
use crate::write;
use jiter::{Jiter, JiterResult, NumberAny, NumberInt, Peek};
use outgoing_to_device::{Code, Policy};
use std::rc::Rc;

pub struct JiterPeer {
    pub policy: Rc<Policy>,
    pub buffers: Buffers,
    arena: Vec<u8>,
    tape: Vec<u8>,
}

impl JiterPeer {
    pub fn new(policy: &Rc<Policy>) -> JiterPeer {
        JiterPeer { policy: policy.clone(), buffers: Buffers::default(), arena: Vec::new(), tape: Vec::new() }
    }
}

/// A string field: its state, and its range of the arena.
#[derive(Clone, Copy, Default)]
enum Text {
    #[default]
    Absent,
    Null,
    Mistyped,
    Read(usize, usize),
}

impl Text {
    #[inline(always)]
    fn given(self, arena: &[u8]) -> Given<'_> {
        match self {
            Text::Absent => Given::Absent,
            Text::Null => Given::Null,
            Text::Mistyped => Given::Mistyped,
            Text::Read(start, end) => Given::Read(&arena[start..end]),
        }
    }
}

#[derive(Default)]
struct Read {
    text: Text,
    attachments: List,
    descriptor: Object,
    alias: bool,
    names: u8,
    fields: [Text; 5],
}

struct Reader<'j, 'x> {
    json: Jiter<'j>,
    policy: &'x Policy,
    buffers: &'x mut Buffers,
    arena: &'x mut Vec<u8>,
}

/// Which of the names a key is: none of them is `names.len()`, which is reported.
#[inline(always)]
fn name(key: Option<&str>, names: &[&str], report: &mut Report, place: impl Fn(&str, &mut Report)) -> Option<usize> {
    let key = key?;
    Some(names.iter().position(|name| *name == key).unwrap_or_else(|| {
        place(key, report);
        names.len()
    }))
}

impl Reader<'_, '_> {
    fn body(&mut self) -> JiterResult<Option<Read>> {
        let peek = self.json.peek()?;
        if peek != Peek::Object {
            self.json.known_skip(peek)?;
            return Ok(None);
        }
        let unknown = |key: &str, report: &mut Report| report.add(Code::UnknownField, Place::Member(key));
        let mut read = Read::default();
        let mut seen = 0_u8;
        let mut next = name(self.json.known_object()?, &judge::BODY, &mut self.buffers.report, unknown);
        while let Some(name_) = next {
            let field = 1_u8 << name_.min(2);
            if name_ == judge::BODY.len() {
                self.json.next_skip()?;
            } else if seen & field != 0 {
                read.names |= 1 << name_;
                self.buffers.report.add(Code::DuplicateField, Place::Member(judge::BODY[name_]));
                self.json.next_skip()?;
            } else {
                read.names |= 1 << name_;
                seen |= field;
                match name_ {
                    0 => read.text = self.text()?,
                    1 => read.attachments = self.attachments()?,
                    _ => {
                        read.alias = name_ == 3;
                        read.descriptor = self.descriptor(read.alias, &mut read.fields)?;
                    }
                }
            }
            next = name(self.json.next_key()?, &judge::BODY, &mut self.buffers.report, unknown);
        }
        Ok(Some(read))
    }

    #[inline(always)]
    fn text(&mut self) -> JiterResult<Text> {
        let peek = self.json.peek()?;
        if peek == Peek::String {
            let start = self.arena.len();
            self.arena.extend_from_slice(self.json.known_str()?.as_bytes());
            return Ok(Text::Read(start, self.arena.len()));
        }
        self.json.known_skip(peek)?;
        Ok(if peek == Peek::Null { Text::Null } else { Text::Mistyped })
    }

    fn size(&mut self) -> JiterResult<Size> {
        let peek = self.json.peek()?;
        if !peek.is_num() {
            self.json.known_skip(peek)?;
            return Ok(if peek == Peek::Null { Size::Absent } else { Size::Mistyped });
        }
        Ok(match self.json.known_number(peek)? {
            NumberAny::Int(NumberInt::Int(value)) => Size::signed(value),
            NumberAny::Float(value) => Size::float(value),
            #[allow(unreachable_patterns, reason = "big integers, where jiter is built with them")]
            _ => Size::OutOfRange,
        })
    }

    fn descriptor(&mut self, alias: bool, fields: &mut [Text; 5]) -> JiterResult<Object> {
        let peek = self.json.peek()?;
        if peek != Peek::Object {
            self.json.known_skip(peek)?;
            return Ok(if peek == Peek::Null { Object::Null } else { Object::Mistyped });
        }
        let unknown = |key: &str, report: &mut Report| report.add(Code::UnknownField, Place::Field(alias, key));
        let mut seen = 0_u8;
        let mut next = name(self.json.known_object()?, &judge::FIELDS, &mut self.buffers.report, unknown);
        while let Some(name_) = next {
            if name_ == judge::FIELDS.len() {
                self.json.next_skip()?;
            } else if seen & 1 << name_ != 0 {
                self.buffers.report.add(Code::DuplicateField, Place::Field(alias, judge::FIELDS[name_]));
                self.json.next_skip()?;
            } else {
                seen |= 1 << name_;
                fields[name_] = self.text()?;
            }
            next = name(self.json.next_key()?, &judge::FIELDS, &mut self.buffers.report, unknown);
        }
        Ok(Object::Read)
    }

    fn attachments(&mut self) -> JiterResult<List> {
        let peek = self.json.peek()?;
        if peek != Peek::Array {
            self.json.known_skip(peek)?;
            if peek == Peek::Null {
                return Ok(List::Absent);
            }
            self.buffers.report.add(Code::TypeMismatch, Place::Member("attachments"));
            return Ok(List::Some);
        }
        let mut index = 0;
        let mut next = self.json.known_array()?;
        while let Some(peek) = next {
            if !self.buffers.report.counts(self.policy, index) {
                self.json.known_skip(peek)?;
            } else if peek == Peek::Object {
                self.attachment(index)?;
            } else {
                self.json.known_skip(peek)?;
                self.buffers.report.add(Code::TypeMismatch, Place::Element(index));
            }
            index += 1;
            next = self.json.array_step()?;
        }
        Ok(if index == 0 { List::Empty } else { List::Some })
    }

    fn attachment(&mut self, index: u32) -> JiterResult<()> {
        let unknown = |key: &str, report: &mut Report| report.add(Code::UnknownField, Place::Attachment(index, key));
        let mark = self.arena.len();
        let mut strings = [Text::Absent; 3];
        let mut size = Size::Absent;
        let mut seen = 0_u8;
        let mut next = name(self.json.known_object()?, &judge::ATTACHMENT, &mut self.buffers.report, unknown);
        while let Some(name_) = next {
            if name_ == judge::ATTACHMENT.len() {
                self.json.next_skip()?;
            } else if seen & 1 << name_ != 0 {
                self.buffers.report.add(Code::DuplicateField, Place::Attachment(index, judge::ATTACHMENT[name_]));
                self.json.next_skip()?;
            } else {
                seen |= 1 << name_;
                if name_ == 3 {
                    size = self.size()?;
                } else {
                    strings[name_] = self.text()?;
                }
            }
            next = name(self.json.next_key()?, &judge::ATTACHMENT, &mut self.buffers.report, unknown);
        }
        let given = Attachment { strings: strings.map(|text| text.given(self.arena)), size };
        let Buffers { report, attachments, media_type, .. } = &mut *self.buffers;
        let normal = judge::attachment(report, index, &given, media_type);
        if report.violations == 0 {
            write::attachment(attachments, &normal);
        }
        self.arena.truncate(mark);
        Ok(())
    }
}

impl Contender for JiterPeer {
    #[inline(never)]
    fn run(&mut self, body: &[u8]) -> bool {
        let JiterPeer { policy, buffers, arena, tape } = self;
        let Some(json) = visitor::admit(policy, body, buffers) else { return false };
        arena.clear();
        let reader = Jiter::with_tape(json, std::mem::take(tape));
        let mut reader = Reader { json: reader, policy, buffers, arena };
        let read = reader.body().and_then(|read| reader.json.finish().map(|()| read));
        *tape = reader.json.into_tape();
        match read {
            Err(_) => buffers.not_json(json),
            Ok(read) => {
                let message = read.map(|read| Message {
                    text: read.text.given(arena),
                    attachments: read.attachments,
                    descriptor: read.descriptor,
                    alias: read.alias,
                    both: read.names & 0b1100 == 0b1100,
                    fields: read.fields.map(|text| text.given(arena)),
                });
                buffers.finish(policy, message.as_ref())
            }
        }
    }

    answers!();
}
