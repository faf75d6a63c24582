//! The rows of a spreadsheet of users or groups: the columns, and what a row asks for.
//!
//! The reader of bytes ([`headcount_sheet`]) knows nothing about users. This module has the headings of each job, the
//! meaning of uncertain columns, and the cells.
//!
//! ```text
//! headings    the headings by field, source and language
//! old_or_new  headings that say old or new next to an address
//! wanted      the fields of each job, with their headings
//! needs       the columns that a job requires
//! address, address_signs, cell, products, spreadsheet_errors   reads one cell, or reports what is wrong, down to the character
//! seeming, deciding, names  guesses the meaning of headings that are in no table
//! answers     reads cells that answer a heading: yes, no, x
//! search      finds columns by headings and `--map`, or reports the trouble
//! fitting, telling_cells    what the first rows show about a column
//! finding     finds columns by all of these together
//! remedy, heading_line, which_address, advised   advice, tried before it is shown
//! columns     the columns of a job
//! reservation what a cell says against taking something away
//! row, access_row, list_row, export   reads a typed row, or reports all its problems
//! intent      what a row asks for; the intents of a draft
//! ```

mod access_row;
mod address;
mod address_signs;
mod advised;
mod answer_advice;
mod answers;
mod cell;
mod columns;
mod deciding;
mod export;
mod finding;
mod fitting;
mod foreign_ids;
mod heading_line;
mod headings;
mod intent;
mod list_row;
mod names;
mod needs;
mod no_name;
mod old_or_new;
mod products;
mod remedy;
mod reservation;
mod row;
mod search;
mod seeming;
mod setting;
mod side_by_side;
mod spreadsheet_errors;
mod telling_cells;
mod wanted;
mod which_address;

#[cfg(test)]
mod tests;

use headcount_sheet::{Identifier, Options, Sheet, SheetError, Source, Vocabulary};

pub use access_row::{AccessRow, TokenRow};
pub use address::looks_like_mail;
pub use advised::advised;
pub use answers::{DECISIONS, decision};
pub(crate) use cell::is_uuid;
pub(crate) use columns::NameColumns;
pub use columns::{Chosen, Columns, fields, has_actions, told_by};
pub use deciding::{Yes, is_asked, is_imperative, of_yes};
pub use export::{ExportedGroup, ExportedUser};
pub(crate) use intent::which_user;
pub use intent::*;
pub use list_row::{ListRow, WantedStatus};
pub use names::names_a_person;
pub use row::{CreateRow, EmailRow, GroupRow, MemberRow, ProductsCell, UserRow, WhichGroupRow};
pub use seeming::is_doubtful;
pub use wanted::{
    Field, Job as SheetJob, LEFT_OUT, Older, every_heading, every_word_of_old_and_new,
};

/// What the reader has to know about spreadsheets of users and groups.
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

/// Opens a spreadsheet of users or groups and reads its headings.
///
/// # Errors
/// The file is not a spreadsheet, or it is not certain how to read it.
pub fn open(source: Source, options: &Options) -> Result<Sheet, SheetError> {
    headcount_sheet::open(source, options, &VOCABULARY)
}
