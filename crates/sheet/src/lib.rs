//! Reads a file into rows, as a stream, and reports every problem.
//!
//! The file is the administrator's own: saved by Excel in the format of some country, exported by Atlassian, or
//! typed by hand. Three rules follow.
//!
//! 1. **headcount acts only on what a person sees** in the spreadsheet program: it never uses hidden rows, merged
//!    cells and formulas without a result silently.
//! 2. **Every problem is reported with its place** (line, column) **and with what to do.** A bad row is data
//!    ([`Raw::problem`]); only an unusable file is an `Err` ([`SheetError`]).
//! 3. **Memory does not grow with the rows.** A row is read, returned and dropped; the longest row is bounded
//!    ([`ROW_LIMIT`]).
//!
//! This crate does not know what the columns mean. The caller passes in what the reader has to know (which headings
//! have a meaning, which cells name a row's subject) as a [`Vocabulary`].
//!
//! ```text
//! source   the kind of a file           bytes → text or workbook (container: archives)
//! text     UTF-8, UTF-16, Windows-1252  bytes → UTF-8 (encoding: other encodings that fit)
//! csv      separators, quotes, lines    text → records
//! xlsx     sheets, cells, numbers       workbook → records
//! heading  words, names, secrets        headings in normalized form, and their names
//! token    the shape of API tokens      masked in each record
//! rows     raw rows and their problems  records → rows (problem: also lines inside quotes)
//! sheet    open, Sheet                  all of these, as a stream
//! ```
//!
//! All bytes from outside enter through [`open`].
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
mod read_ahead;
mod record;
mod rows;
mod sheet;
mod source;
mod text;
mod token;
mod told_password;
mod vocabulary;
mod xlsx;

pub use advice::{Advice, Change};
pub use cell::{text as cell_text, trim};
pub use error::SheetError;
pub use formula::safe;
pub use heading::line::{Heading, HeadingLine};
pub use heading::masked::{secret_cells, secret_columns};
pub use heading::names::name_of as map_name;
pub use heading::secret::MASKED;
pub use heading::words::normalized;
pub use hidden::{Hidden, HiddenRows};
pub use nearest::{Letters, nearest, nearest_of};
pub use options::{Corrections, HiddenRowsChoice, Options};
pub use read_ahead::read_ahead;
pub use rows::raw::{Faint, Problem, Raw};
pub use rows::records::KEPT;
pub use sheet::{FirstRows, Sheet, open};
pub use source::{Input, STREAMED_WORKBOOK, Source};
pub use text::{has_lost_letter, meant};
pub use token::MASKED_TOKEN;
pub use told_password::MASKED_PASSWORD;
pub use vocabulary::{Identifier, Vocabulary};

/// The longest row that is read, in bytes. It bounds the memory for a line of two gigabytes or a quote that is
/// never closed. A spreadsheet's cell holds at most 32,767 characters.
pub const ROW_LIMIT: usize = 1024 * 1024;
