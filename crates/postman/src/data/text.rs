//! Decodes the characters of a data file while it is read, so that a long file is never completely in memory.

use std::io::Read;

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::document::MAX_BYTES;
use crate::variables::Mode;

/// How many bytes are read at a time.
const PART: usize = 64 * 1024;

/// Why a file can't be read as text.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// It is larger than the limit.
    #[error("it is too large")]
    TooLarge,
    /// Bytes that are not text.
    #[error("it is no text")]
    NotText,
    /// It can't be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
}

/// A text that is read in parts.
pub struct Text<R> {
    reader: R,
    decoder: Decoder,
    /// Whether invalid bytes become U+FFFD.
    is_lossy: bool,
    bytes: Vec<u8>,
    /// The number of bytes read.
    size: usize,
    has_ended: bool,
    /// Decoded text that was not taken yet begins at `at`.
    decoded: String,
    at: usize,
}

impl<R: Read> Text<R> {
    /// Begins with the byte order mark, if there is one; in safe mode also that of UTF-16, as in Excel's "Unicode
    /// text". `start` has bytes that were read before.
    pub fn new(start: Vec<u8>, reader: R, mode: Mode) -> Result<Self, TextError> {
        let mut text = Self {
            reader,
            decoder: UTF_8.new_decoder_without_bom_handling(),
            is_lossy: mode == Mode::AsNewman,
            size: start.len(),
            bytes: start,
            has_ended: false,
            decoded: String::new(),
            at: 0,
        };
        text.read_part()?;
        if let Some((encoding, length)) = Encoding::for_bom(&text.bytes)
            && (mode == Mode::Safe || encoding == UTF_8)
        {
            debug_assert!([UTF_8, UTF_16LE, UTF_16BE].contains(&encoding), "marks of Unicode");
            text.decoder = encoding.new_decoder_without_bom_handling();
            text.bytes.drain(..length);
        }
        text.decode()?;
        Ok(text)
    }

    fn read_part(&mut self) -> Result<(), TextError> {
        let before = self.bytes.len();
        let read = self.reader.by_ref().take(PART as u64).read_to_end(&mut self.bytes)?;
        self.has_ended = read < PART;
        self.size += self.bytes.len() - before;
        if self.size > MAX_BYTES { Err(TextError::TooLarge) } else { Ok(()) }
    }

    fn decode(&mut self) -> Result<(), TextError> {
        let (mut from, last) = (0, self.has_ended);
        loop {
            self.decoded.reserve(self.bytes.len() - from + 16);
            let bytes = &self.bytes[from..];
            let is_full = if self.is_lossy {
                let (result, read, _) =
                    self.decoder.decode_to_string(bytes, &mut self.decoded, last);
                from += read;
                result == CoderResult::OutputFull
            } else {
                let decoder = &mut self.decoder;
                let (result, read) =
                    decoder.decode_to_string_without_replacement(bytes, &mut self.decoded, last);
                from += read;
                match result {
                    DecoderResult::InputEmpty => false,
                    DecoderResult::OutputFull => true,
                    DecoderResult::Malformed(..) => return Err(TextError::NotText),
                }
            };
            if !is_full {
                self.bytes.clear();
                return Ok(());
            }
        }
    }

    /// Reads a further part. Returns `false` if there is none.
    pub fn read_on(&mut self) -> Result<bool, TextError> {
        if self.has_ended {
            return Ok(false);
        }
        self.decoded.drain(..self.at);
        self.at = 0;
        self.read_part()?;
        self.decode()?;
        Ok(true)
    }

    /// Whether everything was read.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The text that was read and not taken yet.
    pub fn rest(&self) -> &str {
        &self.decoded[self.at..]
    }

    /// Skips the next bytes of [`Self::rest`].
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next character, without taking it.
    pub fn peek(&mut self) -> Result<Option<char>, TextError> {
        loop {
            if let Some(letter) = self.rest().chars().next() {
                return Ok(Some(letter));
            }
            if !self.read_on()? {
                return Ok(None);
            }
        }
    }

    /// Takes the next character.
    pub fn next(&mut self) -> Result<Option<char>, TextError> {
        let next = self.peek()?;
        self.at += next.map_or(0, char::len_utf8);
        Ok(next)
    }

    /// Takes the next character if it is one of these.
    pub fn next_if(&mut self, is_it: impl Fn(char) -> bool) -> Result<Option<char>, TextError> {
        let next = self.peek()?.filter(|letter| is_it(*letter));
        self.at += next.map_or(0, char::len_utf8);
        Ok(next)
    }
}
