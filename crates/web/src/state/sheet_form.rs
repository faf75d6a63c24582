//! The form of a spreadsheet's page: the user's choices for reading it, and the result of reading it. Each time
//! the form is sent, its fields are stored with the spreadsheet, so that its page always shows them again.

use std::sync::Arc;

use headcount_people::jobs;
use headcount_people::plan::{Checked, PlanError, check_rows};
use headcount_people::rows::{
    Columns, Field, LEFT_OUT, SheetJob, is_doubtful, looks_like_mail, open, told_by,
};
use headcount_sheet::{
    HeadingLine, HiddenRows, HiddenRowsChoice, Options, Raw, Sheet, SheetError, map_name,
};

use crate::fault::Fault;
use crate::state::fields::Fields;
use crate::state::uploads::Paper;

/// How many rows are shown next to the choice of columns.
pub const PEEKED: usize = 6;

/// How many hidden rows are shown with the question about them.
const HIDDEN_SHOWN: usize = 20;

/// The options of a new plan from the page's form.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The columns, the workbook's sheet, and so on.
    pub options: Options,
    /// Whether to continue without unreadable rows.
    pub skip_bad: bool,
    /// The message that is sent with a deactivation.
    pub message: Option<String>,
    /// Whether groups are also deleted if they have members.
    pub with_members: bool,
    /// Whether a deactivation also revokes the user's API tokens.
    pub revoke_tokens: bool,
    /// Apps of new users whose row names none.
    pub products: Option<Vec<headcount_model::user::Product>>,
    /// Whether the organization invites new users.
    pub invite: bool,
    /// Whether the changes go through the identity provider's directory.
    pub scim: bool,
}

/// The user's choices for reading a spreadsheet.
pub struct Reading {
    /// The options of the reader.
    pub options: Options,
    /// The chosen field of each column, by its number.
    pub chosen: Vec<Option<String>>,
}

impl Reading {
    /// A choice becomes a mapping only if it differs from the headings.
    fn of(fields: &Fields, headings: &[String], job: SheetJob) -> Self {
        let names = HeadingLine::of(headings);
        let mut map = Vec::new();
        let mut chosen = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            let told = told_by(job, heading).map_or(LEFT_OUT, Field::name);
            let wanted = fields.one(&format!("column{at}"));
            // A frequent word is used if no heading fits, unless the user refused it.
            let is_refused = |wanted: &str| wanted == LEFT_OUT && is_doubtful(job, heading);
            if let Some(wanted) = wanted.filter(|wanted| *wanted != told || is_refused(wanted)) {
                map.push((wanted.to_owned(), map_name(&names, at)));
            }
            chosen.push(wanted.map(str::to_owned));
        }
        Self { options: Options { map, ..named(fields) }, chosen }
    }
}

/// The options before the headings are known.
pub(super) fn named(fields: &Fields) -> Options {
    Options {
        sheet: fields.one("sheet").map(str::to_owned),
        map: Vec::new(),
        set: Vec::new(),
        no_headings: fields.has("no_headings"),
        heading: fields.one("heading").and_then(|line| line.parse().ok()),
        hidden_rows: hidden_rows(fields),
        // The page has its own words for advice.
        asked: &[],
    }
}

/// The choice for hidden rows. Without one, the file is not read.
fn hidden_rows(fields: &Fields) -> HiddenRowsChoice {
    match fields.one("hidden_rows") {
        Some("include") => HiddenRowsChoice::Include,
        Some("skip") => HiddenRowsChoice::Skip,
        Some(_) | None => HiddenRowsChoice::Stop,
    }
}

/// The result of reading a spreadsheet.
pub struct Understood {
    /// The choices.
    pub reading: Reading,
    /// Its headings.
    pub headings: Vec<String>,
    /// How the file is written, for people.
    pub dialect: String,
    /// The first lines of the file; the headings may be on another line.
    pub first_lines: Vec<(u64, Vec<String>)>,
    /// The first rows, if the columns are not known yet.
    pub peeked: Vec<Raw>,
    /// The columns.
    pub columns: Result<Columns, SheetError>,
    /// Its rows.
    pub checked: Result<Checked, PlanError>,
}

impl Understood {
    /// Whether a plan can be made, apart from unreadable rows.
    pub fn is_ready(&self) -> bool {
        self.columns.is_ok() && self.checked.is_ok()
    }

    /// The number of unreadable rows.
    pub fn bad(&self) -> u64 {
        self.checked.as_ref().map_or(0, |checked| checked.read.bad)
    }

    /// Whether the headings may be on another line: they were not found, or the user chose the line.
    pub fn may_have_other_headings(&self) -> bool {
        self.first_lines.len() > 1
            && (self.reading.options.heading.is_some() || self.columns.is_err())
            && !self.reading.options.no_headings
    }

    /// Whether the first line looks like a row, or nothing in it was recognized.
    pub fn may_have_no_headings(&self, job: SheetJob) -> bool {
        let is_mail = |heading: &String| looks_like_mail(heading.trim());
        self.reading.options.no_headings
            || self.columns.is_err()
            || self.tells_nothing(job)
            || self.headings.iter().any(is_mail)
    }

    /// Whether the job recognizes no heading. The user chose all columns, and the first line may be a row that
    /// would be lost.
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

/// Reads a spreadsheet with its form's fields.
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
        Ok(columns) => check_rows(&mut sheet, paper.job, columns, jiff::Timestamp::now()),
        // Without columns, rows cannot be checked; they help to recognize the columns.
        Err(_) => {
            peeked = peek(&mut sheet);
            Ok(Checked::default())
        }
    };
    Ok(Understood { reading, headings, dialect, first_lines, peeked, columns, checked })
}

/// The first hidden rows of a file, with their headings.
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

/// The same on a thread that may block.
pub async fn understand_apart(paper: &Arc<Paper>) -> Result<Result<Understood, SheetError>, Fault> {
    let paper = Arc::clone(paper);
    tokio::task::spawn_blocking(move || understand(&paper)).await.map_err(|_| Fault::defect())
}

/// The options of the plan, from its form.
///
/// # Errors
/// The file cannot be used at all.
pub fn wanted(paper: &Paper) -> Result<Wanted, SheetError> {
    let (reading, _) = reading(paper)?;
    let fields = paper.said().fields;
    let job = jobs::of(paper.job);
    Ok(Wanted {
        options: reading.options,
        skip_bad: fields.has("skip_bad"),
        message: fields.one("message").map(str::to_owned),
        with_members: job.takes("with_members") && fields.has("with_members"),
        revoke_tokens: job.takes("revoke_tokens") && fields.has("revoke_tokens"),
        products: fields.products().filter(|_| job.takes("products")),
        invite: job.takes("by") && fields.invites(),
        scim: job.takes("scim") && fields.has("scim") && !fields.invites(),
    })
}

/// The first rows that can be shown: none whose cells may be under other headings.
fn peek(sheet: &mut Sheet) -> Vec<Raw> {
    let rows = sheet.take(PEEKED * 4).map_while(Result::ok);
    rows.filter(|raw| raw.problem.is_none()).take(PEEKED).collect()
}
