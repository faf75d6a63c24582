//! From a file to rows and every problem, as a stream.
//!
//! The sheet is the administrator's own: saved by Excel in some country's dialect, exported by
//! Atlassian, or typed by hand. Three rules follow.
//!
//! 1. **What headcount acts on is what a person sees** in the spreadsheet program: hidden rows, merged
//!    cells and formulas without a result are never used silently.
//! 2. **Every problem is told with its place** (line, column) **and what to do**; a bad row is data
//!    ([`Raw::problem`]), only an unusable file is an `Err` ([`SheetError`]).
//! 3. **Memory does not grow with the rows.** A row is read, handed on and forgotten; the longest
//!    row is bounded ([`ROW_LIMIT`]).
//!
//! What the columns are about is not known here. What the reader has to know of it (which headings mean
//! something, which cells name what a row is about) is handed in as a [`Vocabulary`].
//!
//! ```text
//! source   what kind of file is it      bytes → text or workbook (container: of an archive)
//! text     UTF-8, UTF-16, Windows-1252  bytes → UTF-8 (encoding: what it may be instead)
//! csv      separators, quotes, lines    text → records
//! xlsx     sheets, cells, numbers       workbook → records
//! heading  words, names, secrets        headings as they are compared and named
//! rows     raw rows and their problems  records → rows (swallowed: lines within quotes)
//! sheet    open, Sheet                  all of them, as a stream
//! ```
//!
//! [`open`] is the one place through which foreign bytes come in.
//!
//! ```
//! use headcount_sheet::{Input, Options, Source, Vocabulary, open};
//!
//! let bytes = "Email;Team\nann@example.com;R&D\n".as_bytes().to_vec();
//! let source = Source { name: "people.csv".into(), input: Input::Bytes(bytes) };
//! let mut sheet = open(source, &Options::default(), &Vocabulary::NONE)?;
//! assert_eq!(sheet.headings(), ["Email", "Team"]);
//! # Ok::<(), headcount_sheet::SheetError>(())
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod advice;
mod cell;
mod csv;
mod error;
mod formula;
pub mod heading;
mod hidden;
mod nearest;
mod options;
pub mod quoting;
mod record;
mod rows;
mod sheet;
mod source;
mod text;
mod vocabulary;
mod xlsx;

pub use advice::{Advice, Change};
pub use cell::{text as cell_text, trim};
pub use error::SheetError;
pub use formula::safe;
pub use heading::names::name_of as map_name;
pub use heading::secret::{MASKED, secret_columns};
pub use heading::words::normalized;
pub use hidden::{Hidden, HiddenRows};
pub use nearest::{Letters, nearest, nearest_of};
pub use options::{Corrections, HiddenRowsChoice, Options};
pub use rows::raw::{Problem, Raw};
pub use rows::records::KEPT;
pub use sheet::{FirstRows, Sheet, open};
pub use source::{Input, STREAMED_WORKBOOK, Source};
pub use text::{has_lost_letter, meant};
pub use vocabulary::{Identifier, Vocabulary};

/// The longest row that is read, in bytes: a line of two gigabytes, or a quote that is never
/// closed, must not fill the memory. A cell of a spreadsheet holds 32,767 characters at most.
pub const ROW_LIMIT: usize = 1024 * 1024;
