//! Converts bytes of any supported encoding to UTF-8, as they arrive.
//!
//! Without a byte order mark, UTF-8 and Windows-1252 look the same up to the first character outside ASCII. The
//! decision is made there, by the bytes that follow, so that nothing is read twice and a stream needs no buffer. A
//! byte that is not valid in the chosen encoding becomes U+FFFD, which the row's reader reports as a lost
//! character.

mod candidate;
mod encoding;
mod known_words;
mod letters;
mod read_twice;
mod words_of_letters;

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

pub(crate) use encoding::Doubt;
use encoding::line_ends;
pub use read_twice::has_lost_letter;

/// The original text, if this text was read in another encoding than it was written in. The result is empty if the
/// text was misread and the original is unknown.
pub fn meant(text: &str) -> Option<String> {
    let misread = || encoding::doubt_of_text(text).map(|doubt| doubt.meant);
    read_twice::read_twice(text).or_else(misread)
}

/// How many bytes are read before the kind of a file is decided.
pub(crate) const PREFIX: usize = 64 * 1024;

/// What the first bytes show about the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// One or more bytes for each character: UTF-8 or Windows-1252.
    Eight,
    /// UTF-16, low byte first (Excel's "Unicode text").
    SixteenLittle,
    /// UTF-16, high byte first.
    SixteenBig,
}

/// Reads UTF-8 from bytes of another encoding.
pub(crate) struct Text {
    raw: Box<dyn Read + Send>,
    /// Bytes that were read and not yet decoded. Between two chunks this is at most the part of one character that
    /// is valid in either encoding.
    bytes: Vec<u8>,
    /// `None` as long as everything was ASCII.
    decoder: Option<Decoder>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    has_mark: bool,
}

impl Text {
    /// Reads the bytes after the byte order mark, if there is one.
    pub(crate) fn new(raw: Box<dyn Read + Send>, start: Start, has_mark: bool) -> Self {
        let decoder = match start {
            Start::Eight => None,
            Start::SixteenLittle => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Start::SixteenBig => Some(UTF_16BE.new_decoder_without_bom_handling()),
        };
        Self { raw, bytes: Vec::new(), decoder, text: Vec::new(), at: 0, ended: false, has_mark }
    }

    /// The encoding's name, as far as it is known so far.
    pub(crate) fn encoding(&self) -> &'static str {
        self.decoder.as_ref().map_or(UTF_8, Decoder::encoding).name()
    }

    /// Whether the text begins with a byte order mark.
    pub(crate) fn has_mark(&self) -> bool {
        self.has_mark
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.ended {
            // Read full chunks, so that the encoding is decided on one large piece.
            let read = (&mut self.raw).take(PREFIX as u64).read_to_end(&mut self.bytes)?;
            self.ended = read < PREFIX;
            if self.decoder.is_none() {
                let plain = Encoding::ascii_valid_up_to(&self.bytes);
                self.text.extend(self.bytes.drain(..plain));
                self.decoder = eight_bit(&self.bytes, self.ended)
                    .map(Encoding::new_decoder_without_bom_handling);
            }
            if let Some(decoder) = &mut self.decoder {
                if decoder.encoding() == WINDOWS_1252
                    && let Some(doubt) = doubt(&self.text, &self.bytes, self.ended)
                {
                    let lines = doubt.lines + line_ends(&self.text);
                    let doubt = Doubt { lines, ..doubt };
                    return Err(io::Error::new(io::ErrorKind::InvalidData, doubt));
                }
                decode(decoder, &self.bytes, self.ended, &mut self.text);
                self.bytes.clear();
            }
        }
        Ok(())
    }
}

/// Checks a piece. The ASCII text before it may hold the beginning of its first word.
fn doubt(before: &[u8], bytes: &[u8], last: bool) -> Option<Doubt> {
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    match letters {
        0 => encoding::doubt(bytes, last),
        _ => encoding::doubt(&[&before[before.len() - letters..], bytes].concat(), last),
    }
}

impl Read for Text {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let many = from.len().min(out.len());
        out[..many].copy_from_slice(&from[..many]);
        self.consume(many);
        Ok(many)
    }
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.refill()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, many: usize) {
        self.at = (self.at + many).min(self.text.len());
    }
}

fn decode(decoder: &mut Decoder, bytes: &[u8], last: bool, text: &mut Vec<u8>) {
    let start = text.len();
    let most = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
    text.resize(start + most, 0);
    let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut text[start..], last);
    text.truncate(start + written);
}

/// Decides between UTF-8 and Windows-1252, by a piece that begins with the first byte outside ASCII. Returns
/// `None` if there is no such byte, or if the decision needs more bytes.
///
/// Text in Windows-1252 is hardly ever valid UTF-8 by chance, so the more frequent kind wins: one broken character
/// in a long UTF-8 file must not garble every name in it.
fn eight_bit(mut bytes: &[u8], ended: bool) -> Option<&'static Encoding> {
    let (mut good, mut bad) = (0_usize, 0_usize);
    loop {
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => {
                good += wide(text.as_bytes());
                break;
            }
            Err(error) => error,
        };
        good += wide(&bytes[..error.valid_up_to()]);
        let Some(skip) = error.error_len() else {
            // The piece ends inside a character. This counts only at the end of the file.
            bad += usize::from(ended);
            break;
        };
        bad += 1;
        bytes = &bytes[error.valid_up_to() + skip..];
    }
    match (good, bad) {
        (0, 0) => None,
        (good, bad) if bad >= good => Some(WINDOWS_1252),
        _ => Some(UTF_8),
    }
}

/// How many characters outside ASCII this UTF-8 has.
fn wide(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte >= 0xC0).count()
}
