//! The tables of a journal as plain lines: for copies of whole journals, and for the digest of a plan.
//!
//! Every store has these tables with these columns; `headcount-journal-contract` compares them with the list.

use super::error::JournalError;
use super::run::RunId;

/// A table of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// The columns of its key, which give the lines their order.
    pub key: &'static [&'static str],
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The kind of its values.
    pub kind: Kind,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A text.
    Text,
}

/// A value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Nothing,
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(String),
}

/// The values of a line, in the order of the table's columns.
pub type Line = Vec<Cell>;

/// Receives lines. Its error ends the reading.
pub type TellLine<'t> = &'t mut dyn FnMut(Line) -> Result<(), JournalError>;

const fn number(name: &'static str) -> Column {
    Column { name, kind: Kind::Number }
}

const fn flag(name: &'static str) -> Column {
    Column { name, kind: Kind::Flag }
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

/// Runs.
pub const RUNS: Table = Table {
    name: "runs",
    columns: &[
        number("run"),
        text("job"),
        text("state"),
        text("site"),
        text("organization"),
        text("profile"),
        text("input"),
        text("headings"),
        text("options"),
        number("undoes"),
        text("created_at"),
        text("sealed_at"),
        text("started_at"),
        text("ended_at"),
        text("stop"),
        number("approvals"),
    ],
    key: &["run"],
};

/// Rows.
pub const ROWS: Table = Table {
    name: "rows",
    columns: &[
        number("run"),
        number("row"),
        number("line"),
        text("cells"),
        text("outcome"),
        text("reason"),
        text("detail"),
        number("step"),
    ],
    key: &["run", "row"],
};

/// Steps.
pub const STEPS: Table = Table {
    name: "steps",
    columns: &[
        number("run"),
        number("step"),
        number("row"),
        text("kind"),
        text("subject"),
        number("door"),
        text("payload"),
        text("common"),
        text("label"),
        text("about"),
        flag("unseen"),
        flag("warned"),
        number("needs"),
        flag("needs_name"),
        text("given"),
        text("state"),
        number("attempts"),
        number("unclear"),
        number("request"),
        text("outcome"),
        text("reason"),
        text("detail"),
        number("http_status"),
        text("named"),
        text("settled_at"),
    ],
    key: &["run", "step"],
};

/// Which rows a step serves.
pub const SERVES: Table = Table {
    name: "serves",
    columns: &[number("run"), number("step"), number("row")],
    key: &["run", "step", "row"],
};

/// Doors.
pub const DOORS: Table = Table {
    name: "doors",
    columns: &[number("run"), number("door"), text("value")],
    key: &["run", "door"],
};

const ACTS: Table = Table {
    name: "acts",
    columns: &[
        number("run"),
        number("act"),
        text("did"),
        text("actor"),
        text("name"),
        text("at"),
        text("note"),
        text("plan"),
    ],
    key: &["run", "act"],
};

const REQUESTS: Table = Table {
    name: "requests",
    columns: &[
        number("run"),
        number("request"),
        number("step"),
        text("call"),
        text("sent_at"),
        text("sent_by"),
        text("ended_at"),
        number("status"),
        text("result"),
    ],
    key: &["run", "request"],
};

const RECORDS: Table = Table {
    name: "records",
    columns: &[number("run"), number("step"), number("number"), text("record")],
    key: &["run", "step", "number"],
};

const KNOWN_BEFORE: Table =
    Table { name: "known_before", columns: &[number("run"), text("name")], key: &["run", "name"] };

const WAITS: Table = Table {
    name: "waits",
    columns: &[text("place"), text("call"), text("until"), text("heard")],
    key: &["place", "call"],
};

/// All tables that a copy has, each after those that its lines refer to.
pub const TABLES: [Table; 10] =
    [RUNS, ACTS, ROWS, STEPS, SERVES, DOORS, REQUESTS, RECORDS, KNOWN_BEFORE, WAITS];

/// Tables that a copy leaves out: scratch of drafts, which are not copied, and who carries runs, which no process does
/// during a copy.
pub const LEFT_OUT: [&str; 4] = ["draft_names", "leases", "queue", "workers"];

impl Table {
    /// The names of its columns, with commas.
    pub fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// The places of these columns in a line.
    pub(crate) fn places(&self, names: &[&str]) -> Vec<usize> {
        let place = |name: &&str| self.columns.iter().position(|column| column.name == *name);
        names.iter().filter_map(place).collect()
    }
}

/// Reads whole tables.
pub trait ReadTables {
    /// Passes the lines of a table to `tell`, in the order of its key; with a run, only those of the run.
    fn read_lines(
        &self,
        table: &Table,
        run: Option<&RunId>,
        tell: TellLine<'_>,
    ) -> Result<(), JournalError>;

    /// Calls `read`, during which all reading through this store sees the same moment.
    fn at_one_moment(
        &self,
        read: &mut dyn FnMut() -> Result<(), JournalError>,
    ) -> Result<(), JournalError>;

    /// The largest number that a run ever had, also a run that was removed.
    fn last_number(&self) -> Result<i64, JournalError>;
}

/// Writes whole tables.
pub trait WriteTables {
    /// Adds lines to a table.
    fn add_lines(&mut self, table: &Table, lines: Vec<Line>) -> Result<(), JournalError>;

    /// How many lines a table has.
    fn count_lines(&mut self, table: &Table) -> Result<u64, JournalError>;

    /// Makes new runs get larger numbers than this one.
    fn set_last_number(&mut self, number: i64) -> Result<(), JournalError>;
}
