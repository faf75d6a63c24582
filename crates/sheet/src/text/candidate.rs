//! The encodings that text without a byte order mark may have.

use std::sync::LazyLock;

use encoding_rs::{Encoding, MACINTOSH};

/// An encoding that text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// An encoding of the WHATWG's standard.
    Web(&'static Encoding),
    /// Code page 850, in which DOS programs and Excel's "CSV (MS-DOS)" write Western text.
    Dos,
    /// Code page 852, the same for Central Europe.
    DosCentral,
}

/// The upper half of code page 850.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The upper half of code page 852.
const DOS_CENTRAL: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";

impl Candidate {
    /// The text of these bytes; `None` if they are not valid in this encoding.
    pub(crate) fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Web(encoding) => {
                let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                (!has_errors).then(|| text.into_owned())
            }
            Self::Dos => Some(DOS_PAGE.text(bytes)),
            Self::DosCentral => Some(DOS_CENTRAL_PAGE.text(bytes)),
        }
    }

    /// The bytes of a text; `None` if this encoding lacks one of its characters.
    pub(crate) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Web(encoding) => {
                let (bytes, _, has_errors) = encoding.encode(text);
                (!has_errors).then(|| bytes.into_owned())
            }
            Self::Dos => DOS_PAGE.bytes(text),
            Self::DosCentral => DOS_CENTRAL_PAGE.bytes(text),
        }
    }

    /// The encoding's name for people.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Web(encoding) if encoding == MACINTOSH => "Mac Roman".to_owned(),
            Self::Web(encoding) => encoding.name().to_owned(),
            Self::Dos => "the code page 850 of DOS".to_owned(),
            Self::DosCentral => "the code page 852 of DOS".to_owned(),
        }
    }
}

/// The characters of the upper half of a code page, by their bytes.
struct Page([char; 128]);

static DOS_PAGE: LazyLock<Page> = LazyLock::new(|| Page::of(DOS));
static DOS_CENTRAL_PAGE: LazyLock<Page> = LazyLock::new(|| Page::of(DOS_CENTRAL));

impl Page {
    fn of(upper: &str) -> Self {
        let mut page = [char::REPLACEMENT_CHARACTER; 128];
        for (place, c) in page.iter_mut().zip(upper.chars()) {
            *place = c;
        }
        Self(page)
    }

    fn text(&self, bytes: &[u8]) -> String {
        let char_of = |byte: &u8| match byte.checked_sub(0x80) {
            Some(at) => self.0[usize::from(at)],
            None => char::from(*byte),
        };
        bytes.iter().map(char_of).collect()
    }

    fn bytes(&self, text: &str) -> Option<Vec<u8>> {
        let byte_of = |c: char| match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => Some(byte),
            Ok(_) | Err(_) => {
                let at = self.0.iter().position(|known| *known == c)?;
                u8::try_from(at + 0x80).ok()
            }
        };
        text.chars().map(byte_of).collect()
    }
}
