//! Finds the kind of a file by its content: files are dropped together, and their names prove nothing.

use crate::document::{Document, Kind, LoadError};
use crate::load::File;

/// The kind of a file of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A collection.
    Collection,
    /// An environment.
    Environment,
    /// An export of globals.
    Globals,
    /// Rows: CSV, XLSX or a JSON list.
    Data,
}

impl FileKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Collection, Self::Environment, Self::Globals, Self::Data];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Collection => "Collection",
            Self::Environment => "Environment",
            Self::Globals => "Globals",
            Self::Data => "Data file",
        }
    }
}

/// Finds the kind of a file. A JSON object without Postman's marks is taken for a collection, whose reader reports
/// what is missing.
///
/// # Errors
/// It begins as JSON and is not.
pub fn recognize(file: &File) -> Result<FileKind, LoadError> {
    if !begins_as_object(&file.bytes) {
        return Ok(FileKind::Data);
    }
    let document = Document::new(&file.name, file.bytes.clone())?;
    let root = document.root()?;
    if root.kind() != Kind::Object {
        return Ok(FileKind::Data);
    }
    let object = root.object("the file")?;
    let has = |name: &&str| object.get(name).is_some();
    let is_globals = object.text("_postman_variable_scope").as_deref() == Some("globals");
    Ok(if ["item", "info", "requests", "collection"].iter().any(has) {
        FileKind::Collection
    } else if is_globals || has(&"globals") {
        FileKind::Globals
    } else if has(&"values") || has(&"environment") {
        FileKind::Environment
    } else {
        FileKind::Collection
    })
}

/// Whether the first character opens an object, in UTF-8 or UTF-16.
fn begins_as_object(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    let bytes = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0) == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_utf_16_is_recognized_too() {
        let kind = |text: &str| {
            let letters = "\u{feff}".encode_utf16().chain(text.encode_utf16());
            let bytes = letters.flat_map(u16::to_le_bytes).collect();
            recognize(&File { name: "f".to_owned(), bytes }).unwrap()
        };
        assert_eq!(kind(r#" {"info": {}, "item": []}"#), FileKind::Collection);
        assert_eq!(kind(r#"{"values": []}"#), FileKind::Environment);
        assert_eq!(kind("name;mail\na;b\n"), FileKind::Data);
    }

    #[test]
    fn files_are_recognized_by_their_content() {
        use FileKind::{Collection, Data, Environment, Globals};
        for (text, kind) in [
            (r#"{"info": {"name": "a"}, "item": []}"#, Some(Collection)),
            (r#"{"collection": {"info": {}, "item": []}}"#, Some(Collection)),
            (r#"{"requests": []}"#, Some(Collection)),
            (r#"{"swagger": "2.0"}"#, Some(Collection)),
            (r#"{"name": "e", "values": []}"#, Some(Environment)),
            (
                "\u{feff} {\"values\": [], \"_postman_variable_scope\": \"environment\"}",
                Some(Environment),
            ),
            (r#"{"environment": {"values": []}}"#, Some(Environment)),
            (r#"{"values": [], "_postman_variable_scope": "globals"}"#, Some(Globals)),
            (r#"[{"name": "a"}]"#, Some(Data)),
            ("name,mail\na,b\n", Some(Data)),
            ("", Some(Data)),
            (r#"{"info": "#, None),
        ] {
            let file = File { name: "f".to_owned(), bytes: text.as_bytes().to_vec() };
            assert_eq!(recognize(&file).ok(), kind, "{text}");
        }
    }
}
