//! Archives and files of other programs that hold a table but are neither text nor XLSX.

use crate::error::SheetError;
use crate::xlsx::package::{self, ReadSeek};

/// What to do with a file of another spreadsheet program.
pub(crate) const SAVE: &str =
    "open it in a spreadsheet program and save it as .xlsx or as CSV UTF-8";

/// Names a ZIP archive that is not an XLSX workbook.
///
/// # Errors
/// The archive is of another known kind. A damaged archive is accepted here, because the workbook's reader gives a
/// better message.
pub(crate) fn check_archive(
    name: &str,
    mut reader: Box<dyn ReadSeek>,
) -> Result<Box<dyn ReadSeek>, SheetError> {
    let files = package::names(&mut reader);
    if let Some((what, todo)) = other(&files) {
        return Err(SheetError::NotASheet { name: name.to_owned(), what, todo });
    }
    reader.rewind().map_err(|source| SheetError::Open { name: name.to_owned(), source })?;
    Ok(reader)
}

fn other(files: &[String]) -> Option<(String, String)> {
    let has = |name: &str| files.iter().any(|file| file.eq_ignore_ascii_case(name));
    let ends = |ending: &str| files.iter().find(|file| file.to_lowercase().ends_with(ending));
    let told = |what: &str, todo: &str| Some((what.to_owned(), todo.to_owned()));
    if files.is_empty() || has("xl/workbook.xml") {
        return None;
    }
    if has("xl/workbook.bin") {
        return told("a binary Excel workbook (.xlsb)", SAVE);
    }
    if has("content.xml") && has("mimetype") {
        return told("an OpenDocument file (.ods)", SAVE);
    }
    if ends(".iwa").is_some() || has("Index.zip") || has("index.apxl") {
        return told(
            "a document of Apple Numbers or another iWork program",
            "open it in Numbers and export it as Excel or CSV",
        );
    }
    if has("word/document.xml") || has("ppt/presentation.xml") {
        return told(
            "a document of Word or PowerPoint",
            "copy the table into a spreadsheet program and save it as .xlsx or CSV",
        );
    }
    // Files that macOS adds to an archive do not count.
    let is_table = |file: &&String| {
        let file = file.to_lowercase();
        !file.starts_with("__macosx/")
            && [".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"]
                .iter()
                .any(|end| file.ends_with(end))
    };
    let tables: Vec<&String> = files.iter().filter(is_table).collect();
    match tables.as_slice() {
        // A workbook whose main part has an unusual name is left to the workbook's reader.
        [] if has("[Content_Types].xml") => None,
        [] => told("a ZIP archive", "unpack it and name the CSV or XLSX file in it"),
        [one] => Some((
            format!("a ZIP archive with {} in it", crate::quoting::shown(one)),
            "unpack it and name that file".to_owned(),
        )),
        several => Some((
            format!("a ZIP archive with {} tables in it", several.len()),
            "unpack it and name the file you mean".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_named_by_what_is_in_them() {
        for (files, wanted) in [
            (&["[Content_Types].xml", "xl/workbook.xml"][..], None),
            (&["[Content_Types].xml", "xl/workbook2.xml"], None),
            (&["xl/workbook.bin"], Some("xlsb")),
            (&["mimetype", "content.xml"], Some("OpenDocument")),
            (&["Index/Document.iwa", "preview.jpg"], Some("Numbers")),
            (&["[Content_Types].xml", "word/document.xml"], Some("Word")),
            (&["export/users.CSV", "__MACOSX/export/._users.csv"], Some("`export/users.CSV`")),
            (&["a.csv", "b.csv"], Some("2 tables")),
            (&["readme.md"], Some("a ZIP archive")),
        ] {
            let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
            let told = other(&files);
            match wanted {
                Some(words) => {
                    let (what, todo) = told.expect(words);
                    assert!(what.contains(words), "{what}");
                    assert!(!todo.is_empty());
                }
                None => assert_eq!(told, None),
            }
        }
    }
}
