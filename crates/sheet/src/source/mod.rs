//! Where a file's bytes come from, and which kind of file they are.
//!
//! The kind is recognized by the bytes, never by the name: people rename exports, and a web page saved as
//! `users.csv` (usually a sign-in page) is frequent enough for a message of its own.

pub(crate) mod container;
mod fixed_width;
mod lock_file;
mod other_encoding;
mod other_text;

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::PathBuf;

use crate::error::SheetError;
use crate::source::container::{SAVE, check_archive};
use crate::source::fixed_width::{is_drawn, is_fixed_width};
use crate::source::lock_file::{lock_file, lock_file_by_name};
use crate::source::other_encoding::other_encoding;
use crate::source::other_text::{
    AS_CSV, Told, compound, other_bytes, other_text, other_text_of_16,
};
use crate::text::{PREFIX, Start, Text};
use crate::xlsx::package::ReadSeek;

/// The largest workbook that is read from a stream, in bytes. It has to be held in memory.
pub const STREAMED_WORKBOOK: u64 = 512 * 1024 * 1024;

/// A file to open.
#[derive(Debug)]
pub struct Source {
    /// The name in messages: the path as it was typed, or `standard input`.
    pub name: String,
    /// Where the bytes are.
    pub input: Input,
}

impl Source {
    /// A file, called by its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { name: path.display().to_string(), input: Input::File(path) }
    }
}

/// Where a file's bytes are.
pub enum Input {
    /// In a file.
    File(PathBuf),
    /// In memory, such as an upload.
    Bytes(Vec<u8>),
    /// In a stream, such as standard input. Text is read as it arrives; a workbook is held in memory, at most 512
    /// MiB.
    Stream(Box<dyn Read + Send>),
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// How many bytes are searched for columns made of spaces.
const FIXED_WIDTH: usize = 8192;

/// An opened file whose kind is known.
pub(crate) enum Opened {
    /// Text of some encoding.
    Text(Text),
    /// Most likely XLSX.
    Workbook(Box<dyn ReadSeek>),
}

/// Opens a file and finds its kind.
pub(crate) fn open(source: Source) -> Result<Opened, SheetError> {
    let Source { name, input } = source;
    match input {
        Input::File(path) => {
            let mut file = open_file(&name, &path)?;
            let prefix = prefix(&name, &mut file)?;
            match kind(&name, &prefix)? {
                Kind::Text(skip, start) => Ok(text(prefix, skip, start, Box::new(file))),
                Kind::Workbook if file.rewind().is_ok() => {
                    workbook(&name, Box::new(BufReader::new(file)))
                }
                Kind::Workbook => held(&name, prefix, &mut file),
            }
        }
        Input::Bytes(bytes) => {
            let start = &bytes[..bytes.len().min(PREFIX)];
            match kind(&name, start)? {
                Kind::Text(skip, start) => Ok(text(bytes, skip, start, Box::new(io::empty()))),
                Kind::Workbook => workbook(&name, Box::new(Cursor::new(bytes))),
            }
        }
        Input::Stream(mut stream) => {
            let prefix = prefix(&name, &mut stream)?;
            match kind(&name, &prefix)? {
                Kind::Text(skip, start) => Ok(text(prefix, skip, start, stream)),
                Kind::Workbook => held(&name, prefix, &mut stream),
            }
        }
    }
}

fn open_file(name: &str, path: &PathBuf) -> Result<File, SheetError> {
    let name = name.to_owned();
    match std::fs::metadata(path) {
        Ok(about) if about.is_dir() => return Err(SheetError::Folder { name }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SheetError::Missing { name });
        }
        Ok(_) | Err(_) => {}
    }
    File::open(path).map_err(|source| match lock_file_by_name(&name) {
        Some((what, todo)) => SheetError::NotASheet { name, what, todo },
        None => SheetError::Open { name, source },
    })
}

fn prefix(name: &str, reader: &mut impl Read) -> Result<Vec<u8>, SheetError> {
    let mut prefix = Vec::new();
    match reader.take(PREFIX as u64).read_to_end(&mut prefix) {
        Ok(_) => Ok(prefix),
        Err(source) => Err(SheetError::Read { name: name.to_owned(), line: 1, source }),
    }
}

fn text(prefix: Vec<u8>, skip: usize, start: Start, rest: Box<dyn Read + Send>) -> Opened {
    let mut first = Cursor::new(prefix);
    first.set_position(skip as u64);
    Opened::Text(Text::new(Box::new(first.chain(rest)), start, skip > 0))
}

fn workbook(name: &str, reader: Box<dyn ReadSeek>) -> Result<Opened, SheetError> {
    check_archive(name, reader).map(Opened::Workbook)
}

/// Holds a workbook in memory if its source cannot seek.
fn held(name: &str, mut bytes: Vec<u8>, rest: &mut impl Read) -> Result<Opened, SheetError> {
    let left = STREAMED_WORKBOOK + 1 - bytes.len() as u64;
    rest.take(left).read_to_end(&mut bytes).map_err(|source| SheetError::Read {
        name: name.to_owned(),
        line: 1,
        source,
    })?;
    if bytes.len() as u64 > STREAMED_WORKBOOK {
        return Err(SheetError::TooLarge { name: name.to_owned(), limit: STREAMED_WORKBOOK });
    }
    workbook(name, Box::new(Cursor::new(bytes)))
}

enum Kind {
    /// Text, after a byte order mark of this many bytes.
    Text(usize, Start),
    Workbook,
}

/// Finds the kind of a file by its first bytes.
fn kind(name: &str, bytes: &[u8]) -> Result<Kind, SheetError> {
    let not = |what: &str, todo: &str| {
        let (what, todo) = (what.to_owned(), todo.to_owned());
        Err(SheetError::NotASheet { name: name.to_owned(), what, todo })
    };
    if let Some((what, todo)) = lock_file(name, bytes) {
        return not(&what, &todo);
    }
    if let Some((what, todo)) = packed(bytes).or_else(|| other_bytes(bytes)) {
        return not(what, todo);
    }
    match bytes {
        [] => return Err(SheetError::Empty { name: name.to_owned(), headings: "" }),
        // Also if the archive is cut off and has no list of its files.
        [b'P', b'K', 3, 4, ..] if holds(bytes, b"application/vnd.oasis.opendocument") => {
            return not("an OpenDocument file (.ods)", SAVE);
        }
        [b'P', b'K', 3, 4, ..] => return Ok(Kind::Workbook),
        [b'P', b'K', 5, 6, ..] => return not("an empty ZIP archive", "name the file itself"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            let (what, todo) = compound(bytes);
            return not(what, todo);
        }
        [b'%', b'P', b'D', b'F', ..] => return not("a PDF", "export the table as CSV or XLSX"),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            return not("UTF-32 text", "save it as CSV UTF-8");
        }
        _ => {}
    }
    let (mark, start) = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (3, Start::Eight),
        [0xFF, 0xFE, ..] => (2, Start::SixteenLittle),
        [0xFE, 0xFF, ..] => (2, Start::SixteenBig),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (0, Start::SixteenLittle),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => (0, Start::SixteenBig),
        _ => (0, Start::Eight),
    };
    let text = &bytes[mark..];
    let other = match start {
        Start::SixteenLittle => other_text_of_16(text, true),
        Start::SixteenBig => other_text_of_16(text, false),
        Start::Eight => other_encoding(bytes).or_else(|| other_text(text)),
    };
    let other = other.or_else(|| printed_table(text, start));
    if let Some((what, todo)) = other {
        return not(what, todo);
    }
    match mark == 0 && start == Start::Eight && binary(bytes) {
        true => not("binary data", SAVE),
        false => Ok(Kind::Text(mark, start)),
    }
}

/// Names a table that is printed for people: with columns made of spaces, or with lines.
fn printed_table(bytes: &[u8], start: Start) -> Option<Told> {
    let looked_at = &bytes[..bytes.len().min(FIXED_WIDTH)];
    let units = |of: fn([u8; 2]) -> u16| {
        let pairs = looked_at.chunks_exact(2).map(|pair| of([pair[0], pair[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<u16>>())
    };
    let text = match start {
        Start::SixteenLittle => units(u16::from_le_bytes),
        Start::SixteenBig => units(u16::from_be_bytes),
        // In other encodings, each byte is a character.
        Start::Eight => match std::str::from_utf8(looked_at) {
            Ok(text) => text.to_owned(),
            Err(error) if error.error_len().is_none() => {
                String::from_utf8_lossy(looked_at).into_owned()
            }
            Err(_) => looked_at.iter().copied().map(char::from).collect(),
        },
    };
    if is_drawn(&text) {
        return Some(("a text table with lines drawn around its cells", AS_CSV));
    }
    is_fixed_width(&text, looked_at.len() < bytes.len()).then_some((
        "a text table with columns made of spaces",
        "open it in a spreadsheet program, which can split such columns, and save it as .xlsx or as CSV UTF-8",
    ))
}

/// Names a compressed file or an archive, and says what to do.
fn packed(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let what = match bytes {
        [0x1F, 0x8B, ..] => "a compressed file (gzip)",
        [b'7', b'z', 0xBC, 0xAF, ..] => "a 7-Zip archive",
        [b'R', b'a', b'r', b'!', ..] => "a RAR archive",
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => "a compressed file (bzip2)",
        [0xFD, b'7', b'z', b'X', b'Z', ..] => "a compressed file (xz)",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "a compressed file (Zstandard)",
        _ => return None,
    };
    Some((what, "unpack it first"))
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes[..bytes.len().min(256)].windows(part.len()).any(|window| window == part)
}

/// Whether bytes are binary: text of any encoding has hardly any control characters. A stray NUL in a row is
/// reported with that row.
fn binary(bytes: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C);
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_empty());
    // The mark with which older programs end a file (Ctrl-Z) does not count.
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0x1A | b'\n' | b'\r'));
    let bytes = &bytes[..end.map_or(0, |end| end + 1)];
    line.is_some_and(|line| line.contains(&0))
        || bytes.iter().filter(|byte| control(byte)).count() * 20 > bytes.len()
}
