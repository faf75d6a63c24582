//! The rows of a spreadsheet of people: which column is what, and what a row asks for.
//!
//! The reader of bytes knows nothing of people ([`headcount_sheet`]); here are the headings that each
//! job looks for, what a doubtful column means, and the cells.
//!
//! ```text
//! headings    the headings by field, source and language
//! wanted      Job, Field: what each job looks for
//! address, cell, products, spreadsheet_errors   one cell → value or fault, down to the character
//! seeming, deciding, names  what a heading seems to tell that no table has
//! answers     cells that answer it: yes, no, x
//! search      headings and `--map` → which column is what, or the trouble
//! fitting, telling_cells    what the first rows tell of a column
//! finding     all of these together
//! remedy, heading_line, advised   what to do about a trouble, tried before it is shown
//! columns     Columns
//! row, export   a row + Columns → typed row or all its problems
//! intent      what a row asks for; what all rows of a draft ask for
//! ```

mod address;
mod advised;
mod answer_advice;
mod answers;
mod cell;
mod columns;
mod deciding;
mod export;
mod finding;
mod fitting;
mod heading_line;
mod headings;
mod intent;
mod names;
mod no_name;
mod products;
mod remedy;
mod row;
mod search;
mod seeming;
mod side_by_side;
mod spreadsheet_errors;
mod telling_cells;
mod wanted;

#[cfg(test)]
mod tests;

use headcount_sheet::{Identifier, Options, Sheet, SheetError, Source, Vocabulary};

pub use address::looks_like_mail;
pub use advised::advised;
pub(crate) use cell::is_uuid;
pub use columns::{Chosen, Columns, fields, told_by};
pub use deciding::{Yes, is_asked, is_imperative, of_yes};
pub use export::{ExportedGroup, ExportedUser};
pub use intent::*;
pub use names::names_a_person;
pub use row::{CreateRow, GroupRow, MemberRow, ProductsCell, UserRow, WhichGroupRow};
pub use seeming::is_doubtful;
pub use wanted::{Field, Job as SheetJob, LEFT_OUT, Older, every_heading};

/// What the reader has to know of spreadsheets of people.
pub const VOCABULARY: Vocabulary = Vocabulary {
    is_heading: wanted::is_known,
    identifier: Identifier {
        name: "email address",
        example: "ann@example.com",
        is_one: address::looks_like_mail,
        is_meant: address::has_mails_form,
        columns: seeming::mail_columns,
    },
};

/// Opens a spreadsheet of people and reads its headings.
///
/// # Errors
/// The file is no sheet, or it is not certain how it is to be read.
pub fn open(source: Source, options: &Options) -> Result<Sheet, SheetError> {
    headcount_sheet::open(source, options, &VOCABULARY)
}
