//! Compressed inputs, recognized by their first bytes.

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Read};

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// The end of the magic numbers of zstd's skippable frames; the first byte is 0x50 to 0x5F.
const ZSTD_SKIPPABLE: &[u8] = &[0x2A, 0x4D, 0x18];

/// The farthest that a zstd frame may reach back, and so the memory that one takes: zstd's own limit.
const MAX_WINDOW: u64 = 128 << 20;

const BUFFER: usize = 256 << 10;

/// The input as it was before it was compressed, if it was; an error if it may not be.
pub(super) fn unpack(mut input: Box<dyn Read + Send>, allowed: bool) -> io::Result<Box<dyn Read + Send>> {
    let mut first = Vec::new();
    input.by_ref().take(4).read_to_end(&mut first)?;
    let skippable = first.first().is_some_and(|byte| byte & 0xF0 == 0x50) && first.ends_with(ZSTD_SKIPPABLE);
    let (gzip, zstd) = (first.starts_with(GZIP), first == ZSTD || skippable && first.len() == 4);
    if (gzip || zstd) && !allowed {
        return Err(io::Error::other("it is packed; --fix without --in-place writes it unpacked beside it"));
    }
    let input = io::Cursor::new(first).chain(input);
    Ok(match (gzip, zstd) {
        (true, _) => Box::new(Gzip::new(BufReader::with_capacity(BUFFER, input))),
        (_, true) => Box::new(Zstd::new(BufReader::with_capacity(BUFFER, input))),
        _ => Box::new(input),
    })
}

/// The members of a gzip file, one after another. Zeros may follow the last one: tapes and block
/// devices pad files so, and gzip itself takes no offence.
struct Gzip<R> {
    /// `None` at the end.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gzip<R> {
    fn new(source: R) -> Gzip<R> {
        Gzip { member: Some(GzDecoder::new(source)) }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let source = self.member.take().map(GzDecoder::into_inner);
            self.member = source.map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// The next member, unless the rest is zeros or nothing.
fn next_member<R: BufRead>(mut source: R) -> io::Result<Option<GzDecoder<R>>> {
    let mut padded = false;
    loop {
        let bytes = source.fill_buf()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if bytes.is_empty() {
            return Ok(None);
        }
        if zeros == 0 && padded {
            return Err(io::Error::other("something follows the zeros behind a gzip member"));
        }
        if zeros == 0 {
            return Ok(Some(GzDecoder::new(source)));
        }
        source.consume(zeros);
        padded = true;
    }
}

/// The frames of a zstd file, one after another.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
    /// The bytes of the frame that are still to come, if its header tells.
    promised: Option<u64>,
}

impl<R: BufRead> Zstd<R> {
    fn new(source: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Zstd { source, decoder, promised: None }
    }

    /// Goes on to the next frame; false at the end.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let mut first = [0; 5];
            self.source.read_exact(&mut first)?;
            match self.decoder.reset(first.chain(&mut self.source)) {
                Ok(()) => {
                    // RFC 8878, section 3.1.1.1.1: two bits for its size, or a single segment.
                    let told = first[4] & 0b1110_0000 != 0;
                    self.promised = told.then(|| self.decoder.content_size());
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.source.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }

    fn sum_is_right(&self) -> bool {
        self.decoder.get_checksum_from_data().is_none_or(|sum| self.decoder.get_calculated_checksum() == Some(sum))
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const SIZE: &str = "a zstd frame has another size than its header says";
        loop {
            let count = self.decoder.read(buffer)?;
            if let Some(promised) = &mut self.promised {
                *promised = promised.checked_sub(count as u64).ok_or_else(|| io::Error::other(SIZE))?;
            }
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            if !self.decoder.is_finished() {
                let some = BlockDecodingStrategy::UptoBytes(BUFFER);
                self.decoder.decode_blocks(&mut self.source, some).map_err(io::Error::other)?;
            } else if self.promised.is_some_and(|left| left > 0) {
                return Err(io::Error::other(SIZE));
            } else if !self.sum_is_right() {
                return Err(io::Error::other("a zstd frame's checksum is wrong"));
            } else if !self.next_frame()? {
                return Ok(0);
            }
        }
    }
}
