//! How a user says on the page how a sheet is read, and what is then understood of it. The
//! fields of the sheet's form are kept with the sheet, each time they come: whatever leads back to its
//! page finds them as they were.

use std::sync::Arc;

use headcount_people::jobs;
use headcount_people::plan::{Checked, PlanError, check_rows};
use headcount_people::rows::{
    Columns, Field, LEFT_OUT, SheetJob, is_doubtful, looks_like_mail, open, told_by,
};
use headcount_sheet::{HiddenRows, HiddenRowsChoice, Options, Raw, Sheet, SheetError, map_name};

use crate::fault::Fault;
use crate::state::fields::Fields;
use crate::state::uploads::Paper;

/// Rows shown next to the choice of columns.
pub const PEEKED: usize = 6;

/// Hidden rows shown where it is asked what to do with them.
const HIDDEN_SHOWN: usize = 20;

/// The options of a new plan, from the page's form.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which column is what, which sheet of a workbook.
    pub options: Options,
    /// Go on without unreadable rows.
    pub skip_bad: bool,
    /// A message that travels with a deactivation.
    pub message: Option<String>,
    /// Products of new users whose row names none.
    pub products: Option<Vec<headcount_model::user::Product>>,
    /// New users are invited by the organization.
    pub invite: bool,
}

/// How a spreadsheet is read, by the user's choices.
pub struct Reading {
    /// As the reader takes it.
    pub options: Options,
    /// The chosen meaning of each column, by number.
    pub chosen: Vec<Option<String>>,
}

impl Reading {
    /// Only what differs from the headings is a mapping.
    fn of(fields: &Fields, headings: &[String], job: SheetJob) -> Self {
        let mut map = Vec::new();
        let mut chosen = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            let told = told_by(job, heading).map_or(LEFT_OUT, Field::name);
            let wanted = fields.one(&format!("column{at}"));
            // A plain word is used where no heading fits, unless that is refused.
            let is_refused = |wanted: &str| wanted == LEFT_OUT && is_doubtful(job, heading);
            if let Some(wanted) = wanted.filter(|wanted| *wanted != told || is_refused(wanted)) {
                map.push((wanted.to_owned(), map_name(headings, at)));
            }
            chosen.push(wanted.map(str::to_owned));
        }
        Self { options: Options { map, ..named(fields) }, chosen }
    }
}

/// How a sheet is opened before its headings are known.
fn named(fields: &Fields) -> Options {
    Options {
        sheet: fields.one("sheet").map(str::to_owned),
        map: Vec::new(),
        no_headings: fields.has("no_headings"),
        heading: fields.one("heading").and_then(|line| line.parse().ok()),
        hidden_rows: hidden_rows(fields),
        // The page writes what helps in its own words.
        asked: &[],
    }
}

/// What was said of hidden rows; without a word the sheet is not read.
fn hidden_rows(fields: &Fields) -> HiddenRowsChoice {
    match fields.one("hidden_rows") {
        Some("include") => HiddenRowsChoice::Include,
        Some("skip") => HiddenRowsChoice::Skip,
        Some(_) | None => HiddenRowsChoice::Stop,
    }
}

/// What was understood.
pub struct Understood {
    /// How it was read.
    pub reading: Reading,
    /// Its headings.
    pub headings: Vec<String>,
    /// How the file is written, for a person.
    pub dialect: String,
    /// The first lines of the file: the headings may be on another.
    pub first_lines: Vec<(u64, Vec<String>)>,
    /// The first rows, where it is not known yet which column is what.
    pub peeked: Vec<Raw>,
    /// Which column is what.
    pub columns: Result<Columns, SheetError>,
    /// Its rows.
    pub checked: Result<Checked, PlanError>,
}

impl Understood {
    /// Whether a plan can be made of it, but for rows that cannot be read.
    pub fn is_ready(&self) -> bool {
        self.columns.is_ok() && self.checked.is_ok()
    }

    /// Rows that cannot be read.
    pub fn bad(&self) -> u64 {
        self.checked.as_ref().map_or(0, |checked| checked.read.bad)
    }

    /// Whether the headings may be on another line: they were looked for in vain, or were chosen.
    pub fn may_have_other_headings(&self) -> bool {
        self.first_lines.len() > 1
            && (self.reading.options.heading.is_some() || self.columns.is_err())
            && !self.reading.options.no_headings
    }

    /// Whether the first line looks like a row, or nothing in it was understood.
    pub fn may_have_no_headings(&self, job: SheetJob) -> bool {
        let is_mail = |heading: &String| looks_like_mail(heading.trim());
        self.reading.options.no_headings
            || self.columns.is_err()
            || self.tells_nothing(job)
            || self.headings.iter().any(is_mail)
    }

    /// Whether no heading is one that the job knows: what the columns are was said by hand, and the
    /// first line may be a row that would be lost.
    pub fn tells_nothing(&self, job: SheetJob) -> bool {
        let tells = |heading: &String| told_by(job, heading).is_some() || is_doubtful(job, heading);
        !self.reading.options.no_headings && !self.headings.iter().any(tells)
    }
}

fn opened(paper: &Paper, options: &Options) -> Result<Sheet, SheetError> {
    open(paper.source(), options)
}

fn reading(paper: &Paper) -> Result<(Reading, Vec<String>), SheetError> {
    let fields = paper.said().fields;
    let headings = opened(paper, &named(&fields))?.headings().to_vec();
    Ok((Reading::of(&fields, &headings, jobs::of(paper.job).sheet), headings))
}

/// Reads a spreadsheet by its form's fields.
///
/// # Errors
/// It cannot be used at all, or has several sheets.
pub fn understand(paper: &Paper) -> Result<Understood, SheetError> {
    let (reading, headings) = reading(paper)?;
    let mut sheet = opened(paper, &reading.options)?;
    let dialect = sheet.dialect();
    let first_lines = sheet.first_lines();
    let columns = Columns::of(&sheet, jobs::of(paper.job).sheet, &reading.options);
    sheet = sheet.corrected(paper.said().corrected);
    let mut peeked = Vec::new();
    let checked = match &columns {
        Ok(columns) => check_rows(&mut sheet, paper.job, columns),
        // Without columns rows cannot be checked; they help to see what each column is.
        Err(_) => {
            peeked = peek(&mut sheet);
            Ok(Checked::default())
        }
    };
    Ok(Understood { reading, headings, dialect, first_lines, peeked, columns, checked })
}

/// The hidden rows of a sheet, as far as they are shown, with their headings.
pub fn hidden_rows_of(paper: &Paper, hidden: &[HiddenRows]) -> (Vec<String>, Vec<Raw>) {
    let fields = paper.said().fields;
    let options = Options { hidden_rows: HiddenRowsChoice::Include, ..named(&fields) };
    let Ok(sheet) = opened(paper, &options) else { return (Vec::new(), Vec::new()) };
    let headings = sheet.headings().to_vec();
    let is_hidden =
        |raw: &Raw| hidden.iter().any(|rows| (rows.first..=rows.last).contains(&raw.line));
    let last = hidden.last().map_or(0, |rows| rows.last);
    let rows = sheet.map_while(Result::ok).take_while(|raw| raw.line <= last);
    (headings, rows.filter(is_hidden).take(HIDDEN_SHOWN).collect())
}

/// The same, on a thread that may wait for the disk.
pub async fn understand_apart(paper: &Arc<Paper>) -> Result<Result<Understood, SheetError>, Fault> {
    let paper = Arc::clone(paper);
    tokio::task::spawn_blocking(move || understand(&paper)).await.map_err(|_| Fault::defect())
}

/// The options of the plan, from its form.
///
/// # Errors
/// The sheet cannot be used at all.
pub fn wanted(paper: &Paper) -> Result<Wanted, SheetError> {
    let (reading, _) = reading(paper)?;
    let fields = paper.said().fields;
    let job = jobs::of(paper.job);
    Ok(Wanted {
        options: reading.options,
        skip_bad: fields.has("skip_bad"),
        message: fields.one("message").map(str::to_owned),
        products: fields.products().filter(|_| job.takes("products")),
        invite: job.takes("by") && fields.invites(),
    })
}

/// The first rows that can be shown: none whose cells may be under other headings.
fn peek(sheet: &mut Sheet) -> Vec<Raw> {
    let rows = sheet.take(PEEKED * 4).map_while(Result::ok);
    rows.filter(|raw| raw.problem.is_none()).take(PEEKED).collect()
}
