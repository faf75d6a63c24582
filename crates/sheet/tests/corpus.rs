//! Spreadsheets as real programs write them (`corpus/build.py` makes them): each row is read as it is
//! shown there, or reported; each file that cannot be used is refused with the word that names why.

use std::path::{Path, PathBuf};

use headcount_sheet::{
    HiddenRowsChoice, Identifier, Options, Raw, Sheet, SheetError, Source, Vocabulary, open,
};
use serde_json::Value;

/// What a reader of these files would hand in.
const VOCABULARY: Vocabulary = Vocabulary {
    is_heading: |heading| ["Email", "E-Mail", "Group", "Name"].contains(&heading),
    identifier: Identifier {
        name: "email address",
        example: "ann@example.com",
        is_one: |cell| cell.contains('@') && cell.contains('.'),
        is_meant: |cell| cell.contains('@'),
        columns: |headings, _| {
            headings.iter().position(|one| one.text() == "Email").into_iter().collect()
        },
    },
};

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/files")
}

fn options(said: &Value) -> Options {
    Options {
        heading: said["heading"].as_u64(),
        hidden_rows: match said["hidden_rows"].as_str() {
            Some("skip") => HiddenRowsChoice::Skip,
            Some("include") => HiddenRowsChoice::Include,
            Some(_) | None => HiddenRowsChoice::Stop,
        },
        ..Options::default()
    }
}

fn read(path: &Path, options: &Options) -> Result<Vec<Raw>, SheetError> {
    open(Source::file(path), options, &VOCABULARY).and_then(Sheet::collect)
}

#[test]
fn every_file_of_the_corpus_is_read_as_a_person_sees_it() {
    let mut many = 0;
    for entry in std::fs::read_dir(files()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if name.ends_with(".json") {
            continue;
        }
        many += 1;
        let wanted: Value =
            serde_json::from_str(&std::fs::read_to_string(format!("{name}.json")).unwrap())
                .unwrap();
        let read = read(&path, &options(&wanted["options"]));
        if let Some(words) = wanted["refused"].as_str() {
            let error = read.err().unwrap_or_else(|| panic!("{name} was taken")).to_string();
            assert!(error.contains(words), "{error}");
            continue;
        }
        let rows = read.unwrap_or_else(|error| panic!("{error}"));
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|row| match row.problem {
                Some(_) => serde_json::json!([row.line, null]),
                None => serde_json::json!([row.line, row.cells]),
            })
            .collect();
        assert_eq!(Value::from(rows), wanted["rows"], "{name}");
    }
    assert!(many > 55, "the corpus is there");
}
