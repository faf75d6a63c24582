//! The encodings that text without a byte order mark may have.

use encoding_rs::{Encoding, MACINTOSH};

/// An encoding that text may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// An encoding of the WHATWG's standard.
    Web(&'static Encoding),
    /// Code page 850, in which DOS programs and Excel's "CSV (MS-DOS)" write Western text.
    Dos,
}

/// The upper half of code page 850.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl Candidate {
    /// The text of these bytes; `None` if they are not valid in this encoding.
    pub(crate) fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Web(encoding) => {
                let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                (!has_errors).then(|| text.into_owned())
            }
            Self::Dos => Some(bytes.iter().map(|byte| dos_char(*byte)).collect()),
        }
    }

    /// The bytes of a text; `None` if this encoding lacks one of its characters.
    pub(crate) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Web(encoding) => {
                let (bytes, _, has_errors) = encoding.encode(text);
                (!has_errors).then(|| bytes.into_owned())
            }
            Self::Dos => text.chars().map(dos_byte).collect(),
        }
    }

    /// The encoding's name for people.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Web(encoding) if encoding == MACINTOSH => "Mac Roman".to_owned(),
            Self::Web(encoding) => encoding.name().to_owned(),
            Self::Dos => "the code page 850 of DOS".to_owned(),
        }
    }
}

fn dos_char(byte: u8) -> char {
    let upper = byte.checked_sub(0x80).and_then(|at| DOS.chars().nth(usize::from(at)));
    upper.unwrap_or(char::from(byte))
}

fn dos_byte(c: char) -> Option<u8> {
    if c.is_ascii() {
        return u8::try_from(u32::from(c)).ok();
    }
    let at = DOS.chars().position(|known| known == c)?;
    u8::try_from(at + 0x80).ok()
}
