//! From a file to rows and every problem, as a stream.
//!
//! The sheet is the administrator's own: saved by Excel in some country's dialect, exported by
//! Atlassian, or typed by hand. Three rules follow.
//!
//! 1. **Nothing is guessed that could hit the wrong person.** An id that a spreadsheet turned into
//!    a number is a problem, two columns that could both be the mail are an error.
//! 2. **Every problem is reported with its place** (line, column) **and what to do**; a bad row is data
//!    ([`Raw::problem`], the `Err` of [`CreateRow::read`] and its like), only an unusable file is
//!    an `Err` ([`SheetError`]).
//! 3. **Memory does not grow with the rows.** A row is read, handed on and forgotten; the longest
//!    row is bounded ([`ROW_LIMIT`]).
//!
//! ```text
//! source   what kind of file is it            bytes → text or workbook (container: of an archive)
//! text     UTF-8, UTF-16, Windows-1252        bytes → UTF-8 (encoding: what it may be instead)
//! csv      separators, quotes, lines          text → records (separator, quotes, lines)
//! xlsx     sheets, cells, numbers             workbook → records (package, layout, merged, value)
//! read     open, Sheet                        records → Raw rows, numbered (row_problem, swallowed)
//! heading_line  where the headings are        the first lines → another line, tried
//! heading  Field, Columns                     headings → which column is what
//! deciding headings that say what to do     heading → whether
//! telling_cells  cells that show what no heading says  the first rows → trouble
//! names    columns of people's names         headings → whether
//! secret   columns of passwords and keys     headings → which; their cells are masked
//! cell     ids, names, damage                 one cell → value or fault
//! address  mail addresses                     one cell → value or fault, down to the character
//! row      CreateRow, UserRow, …              Raw + Columns → typed row or all its problems
//! export   ExportedUser, ExportedGroup        the same for Atlassian's exports, as far as usable
//! ```
//!
//! [`open`] is the one place through which foreign bytes come in.
//!
//! ```
//! use headcount_sheet::{Input, Options, Source, open};
//!
//! let bytes = "Email;Team\nann@example.com;R&D\n".as_bytes().to_vec();
//! let source = Source { name: "people.csv".into(), input: Input::Bytes(bytes) };
//! let mut sheet = open(source, &Options::default())?;
//! assert_eq!(sheet.headings(), ["Email", "Team"]);
//! # Ok::<(), headcount_sheet::SheetError>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod address;
mod advice;
mod advised;
mod cell;
mod column_name;
mod container;
mod csv;
mod deciding;
mod encoding;
mod error;
mod export;
mod finding;
mod fitting;
mod formula;
mod heading;
mod heading_line;
mod heading_words;
mod headings;
mod hidden;
mod layout;
mod lines;
mod merged;
mod names;
mod nearest;
mod options;
mod package;
mod products;
mod quotes;
mod quoting;
mod raw;
mod read;
mod read_twice;
mod reading;
mod record;
mod records;
mod remedy;
mod row;
mod row_problem;
mod search;
mod secret;
mod seeming;
mod separator;
mod source;
mod swallowed;
mod telling_cells;
mod text;
mod value;
mod wanted;
mod words_of_letters;
mod xlsx;

#[cfg(test)]
mod tests;

pub use address::looks_like_mail;
pub use advice::{Advice, Change};
pub use advised::advised;
pub use cell::{text as cell_text, trim};
pub use column_name::name_of as map_name;
pub use deciding::is_imperative;
pub use error::SheetError;
pub use export::{ExportedGroup, ExportedUser};
pub use formula::safe;
pub use heading::{Columns, fields, told_by};
pub use hidden::{Hidden, HiddenRows};
pub use names::names_a_person;
pub use nearest::{Letters, nearest, nearest_of};
pub use options::{Corrections, HiddenRowsChoice, Options};
pub use raw::{Problem, Raw};
pub use read::{Sheet, open};
pub use row::{CreateRow, GroupRow, MemberRow, ProductsCell, UserRow, WhichGroupRow};
pub use secret::{MASKED, secret_columns};
pub use seeming::is_doubtful;
pub use source::{Input, Source};
pub use wanted::{Field, Job, LEFT_OUT, Older, every_heading, normalized};

/// The longest row that is read, in bytes: a line of two gigabytes, or a quote that is never
/// closed, must not fill the memory. A cell of a spreadsheet holds 32,767 characters at most.
pub const ROW_LIMIT: usize = 1024 * 1024;
