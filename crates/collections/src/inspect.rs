//! Inspects an uploaded file.

use headcount_postman::data::read_rows_in_memory;
use headcount_postman::document::Document;
use headcount_postman::load::File;
use headcount_postman::model::{Collection, Scope};
use headcount_postman::recognize::{FileKind, recognize};
use headcount_postman::variables::Mode;

use super::shown_files::{holds_collection, holds_rows, holds_variables};

/// A file that was inspected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Its kind; `None` if it is damaged too early to know.
    pub kind: Option<FileKind>,
    /// Its content in words, or why it cannot be used, with its name and the position of the error.
    pub holds: Result<String, String>,
}

/// Inspects a file.
pub fn inspect(file: &File) -> Inspected {
    match recognize(file) {
        Ok(kind) => Inspected { kind: Some(kind), holds: holds(kind, file) },
        Err(error) => Inspected { kind: None, holds: Err(error.to_string()) },
    }
}

fn holds(kind: FileKind, file: &File) -> Result<String, String> {
    let document = || Document::new(&file.name, file.bytes.clone());
    let scope = |what| {
        let scope = document().and_then(|document| Scope::read(&document, what));
        scope.map(|scope| holds_variables(&scope)).map_err(|error| error.to_string())
    };
    match kind {
        FileKind::Collection => {
            let read = document().and_then(|document| Collection::read(&document));
            let read = read.map_err(|error| error.to_string())?;
            match read.items.len() {
                0 => Err(format!("{}: the collection has no request", file.name)),
                requests => Ok(holds_collection(&read.name, requests)),
            }
        }
        FileKind::Environment => scope("an environment"),
        FileKind::Globals => scope("an export of globals"),
        FileKind::Data => {
            let rows = read_rows_in_memory(&file.name, file.bytes.as_slice(), Mode::Safe, None);
            rows.map(|rows| holds_rows(&rows)).map_err(|error| error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_says_what_it_holds_or_why_it_cannot_be_used() {
        for (name, text, wanted) in [
            (
                "c.json",
                r#"{"info": {"name": "Users"}, "item": [{"name": "a", "request": "http://a"}]}"#,
                Ok("“Users”, 1 request"),
            ),
            (
                "c.json",
                r#"{"info": {"name": "Users"}, "item": []}"#,
                Err("c.json: the collection has no request"),
            ),
            (
                "e.json",
                r#"{"name": "site", "values": [{"key": "a", "value": "b"}]}"#,
                Ok("“site”, 1 variable"),
            ),
            ("d.csv", "name,mail\na,b\n", Ok("1 row: name, mail")),
            ("d.csv", "name,mail\n", Err("d.csv: there is no row below the headings")),
            ("d.csv", "a\n\"b", Err("d.csv, line 2: a quote is opened and never closed")),
        ] {
            let file = File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
            let wanted = wanted.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(inspect(&file).holds, wanted, "{text}");
        }
        let broken = File { name: "c.json".to_owned(), bytes: b"{\"info\": ".to_vec() };
        assert_eq!(inspect(&broken).kind, None);
    }
}
