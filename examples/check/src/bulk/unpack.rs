//! Compressed inputs, recognized by their first bytes.

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Read};

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// Magic numbers of zstd's skippable frames end so; the first byte is 0x50 to 0x5F.
const ZSTD_SKIPPABLE: &[u8] = &[0x2A, 0x4D, 0x18];

/// How far back a zstd frame may reach, and so the memory that one takes: what zstd itself allows.
const MAX_WINDOW: u64 = 128 << 20;

const BUFFER: usize = 256 << 10;

/// The input as it was before it was compressed, if it was.
pub(super) fn unpack(mut input: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut first = Vec::new();
    input.by_ref().take(4).read_to_end(&mut first)?;
    let skippable = first.first().is_some_and(|byte| byte & 0xF0 == 0x50) && first.ends_with(ZSTD_SKIPPABLE);
    let (gzip, zstd) = (first.starts_with(GZIP), first == ZSTD || skippable && first.len() == 4);
    let input = io::Cursor::new(first).chain(input);
    Ok(match (gzip, zstd) {
        (true, _) => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, input))),
        (_, true) => Box::new(Zstd::new(BufReader::with_capacity(BUFFER, input))),
        _ => Box::new(input),
    })
}

/// The frames of a zstd file, one after another.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
}

impl<R: BufRead> Zstd<R> {
    fn new(source: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Zstd { source, decoder }
    }

    /// Goes on to the next frame; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
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
        loop {
            let count = self.decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            if !self.decoder.is_finished() {
                let some = BlockDecodingStrategy::UptoBytes(BUFFER);
                self.decoder.decode_blocks(&mut self.source, some).map_err(io::Error::other)?;
            } else if !self.sum_is_right() {
                return Err(io::Error::other("a zstd frame's checksum is wrong"));
            } else if !self.next_frame()? {
                return Ok(0);
            }
        }
    }
}
