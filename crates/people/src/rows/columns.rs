//! Finds the columns of a job.
//!
//! Headings are compared by their words ([`normalized`]); `--map` has precedence. If two columns could both decide
//! which user a change applies to (a user, a group, apps), that is an error even if they agree in the first rows,
//! because they may differ in later ones. It is also an error if a column looks like one of the job's and is not
//! read. Columns that are only shown may occur twice; the best match is used.

use headcount_model::reading::Reading;
use headcount_sheet::heading::names::{column, column_name, letters, name_of};
use headcount_sheet::quoting::shell;
use jiff::civil::Date;

use headcount_sheet::{
    Advice, Change, Faint, Heading, HeadingLine, Options, Raw, Sheet, SheetError, cell_text,
    secret_columns,
};

use super::answers::{Answer, answer};
use super::finding::{ChosenBy, Found, Mark, Sought, Twin};
use super::foreign_ids::is_of_any_program;
use super::heading_line;
use super::names::is_name;
use super::remedy;
use super::reservation::{self, Kind};
use super::setting;
use super::wanted::{Field, Job, LEFT_OUT, field, fields_of, is_export, told, wanted};

/// The columns of one job in one spreadsheet.
#[derive(Clone, Debug)]
pub struct Columns {
    headings: HeadingLine,
    found: Found,
    secret: Vec<usize>,
    /// Columns that no option names and whose answers would decide about rows, each with the yes that all of the
    /// first rows have.
    undecided: Vec<(usize, Option<Answer>)>,
    /// Columns with the same mark in all of the first rows: another mark in a later row may mean something.
    marked: Vec<(usize, Mark)>,
    /// Whether the ids of users may be those of another program: their heading does not say whose they are.
    pub(super) has_ids_of_any_program: bool,
    /// What each column holds, if the job does not read it.
    carried: Vec<Kind>,
}

/// What a row's own cell says about the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A yes: the row applies.
    Yes,
    /// A no, or nothing: the row must not be changed.
    No,
    /// Anything else: the meaning is uncertain.
    Unclear,
}

impl Columns {
    /// Finds the columns of a job.
    ///
    /// # Errors
    /// A required column is missing; the heading of a used column is data; two columns match the same field; a
    /// column without a known heading looks like one of the job's; a `--map` names an unknown field or heading.
    /// The errors call the file "the sheet"; see [`Columns::of`] for errors with its name.
    pub fn find(job: Job, headings: &[String], options: &Options) -> Result<Self, SheetError> {
        let headings = &HeadingLine::of(headings);
        Self::find_by_rows(&Sought { job, headings, first: &[] }, options)
    }

    /// The same, if the first rows are known.
    fn find_by_rows(sought: &Sought<'_>, options: &Options) -> Result<Self, SheetError> {
        let found = sought.found(&options.map);
        let found = found.map_err(|trouble| remedy::error(sought, options, trouble))?;
        let secret = secret_columns(sought.headings, &options.map);
        let mut undecided = sought.undecided(&options.map);
        undecided.retain(|at| !found.fields.iter().any(|(_, used)| used == at));
        let undecided = undecided.into_iter().map(|at| (at, sought.same_yes(at))).collect();
        let marked = sought.marked(&options.map, &found).into_iter();
        let marked = marked.filter_map(|(at, mark)| Some((at, mark?))).collect();
        let has_ids_of_any_program = found.fields.iter().any(|(known, at)| {
            *known == Field::AccountId
                && is_of_any_program(sought.job, sought.headings, *at, &options.map)
        });
        let has_ids = found.fields.iter().any(|(known, _)| *known == Field::AccountId);
        let carried = reservation::kinds(sought.job, sought.headings, has_ids);
        let headings = sought.headings.clone();
        Ok(Self { headings, found, secret, undecided, marked, has_ids_of_any_program, carried })
    }

    /// Finds the columns of a spreadsheet. Errors name the file and the line of the headings.
    ///
    /// # Errors
    /// As for [`Columns::find`]; a column that the job would use is hidden; the headings seem to be on another
    /// line.
    pub fn of(sheet: &Sheet, job: Job, options: &Options) -> Result<Self, SheetError> {
        let place = match options.no_headings {
            true => sheet.name().to_owned(),
            false => format!("{}, line {}", sheet.name(), sheet.heading_line()),
        };
        setting::check(sheet, job, options).map_err(|error| error.at(&place))?;
        let sought = Sought { job, headings: sheet.heading_words(), first: sheet.first_rows() };
        let found = Self::find_by_rows(&sought, options);
        let found = found.map_err(|error| match options.no_headings {
            true => error,
            false => {
                let above = (sheet.heading_line(), sheet.lines_above());
                heading_line::better(error, &sought, above, options)
            }
        });
        let columns = found.and_then(|columns| {
            sheet.check_headings()?;
            let title = heading_line::below_a_title(&sought, options);
            title.map_or(Ok(()), Err)?;
            columns.only_seen(sheet, job, options)
        });
        columns.map_err(|error| error.at(&place).with_hidden_sheets(sheet.hidden_sheets()))
    }

    /// Refuses a hidden column that the job would use, unless it is mapped.
    fn only_seen(self, sheet: &Sheet, job: Job, options: &Options) -> Result<Self, SheetError> {
        for field in fields_of(job) {
            let Some(at) = self.index(field) else { continue };
            let is_mapped =
                options.map.iter().any(|(_, mapped)| column(&self.headings, mapped) == Ok(at));
            if sheet.hides(at) && !is_mapped {
                let (name, letters) = (sheet.name().to_owned(), letters(at));
                let (heading, advice) = (self.heading(at), self.that_it_is_meant(job, field, at));
                return Err(SheetError::HiddenColumn { name, heading, letters, advice });
            }
        }
        Ok(self)
    }

    fn that_it_is_meant(&self, job: Job, field: Field, at: usize) -> Advice {
        // Exports are read as Atlassian writes them.
        if is_export(job) {
            return Advice::default();
        }
        let mut advice = Advice::words("; to use it anyway: ");
        let map = vec![(field.name().to_owned(), name_of(&self.headings, at))];
        advice.offer(vec![Change::of_map(map)]);
        advice
    }

    /// How headcount understood the file; complete after all rows were read.
    pub fn reading(&self, sheet: &Sheet, job: Job) -> Reading {
        let place = |field: Field| Some((field.name(), self.index(field)?));
        let found: Vec<_> = fields(job).into_iter().filter_map(place).collect();
        let twins = self.found.twins.iter();
        let same: Vec<_> = twins.map(|twin| (twin.other, twin.used)).collect();
        sheet.reading(&found, &same)
    }

    /// The index of a field's column, from 0.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.found.fields.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// Whether the heading of a column names a person.
    pub fn names_a_person(&self, at: usize) -> bool {
        self.headings.get(at).is_some_and(is_name)
    }

    /// The fields that the job reads, each with the index of its column, from 0.
    pub(super) fn used(&self) -> &[(Field, usize)] {
        &self.found.fields
    }

    /// Whether the job reads a column.
    pub fn uses(&self, at: usize) -> bool {
        self.found.fields.iter().any(|(_, known)| *known == at)
    }

    /// The heading of a column; its letter if it has none.
    pub fn heading(&self, at: usize) -> String {
        column_name(&self.headings, at)
    }

    /// The option that leaves a column out, as you type it.
    pub fn option_to_leave_out(&self, at: usize) -> String {
        format!("--map {LEFT_OUT}={}", shell(&name_of(&self.headings, at)))
    }

    /// What to do about an id of another program.
    pub(super) fn to_leave_ids_out(&self) -> String {
        let option = self.index(Field::AccountId).map(|at| self.option_to_leave_out(at));
        format!(
            "write the user's Atlassian account id, or leave the column out: {}",
            option.unwrap_or_default()
        )
    }

    /// Whether an option says that a column has no meaning.
    pub fn is_left_out(&self, at: usize) -> bool {
        self.found.left_out.contains(&at)
    }

    /// The column whose answers choose the rows, and its answer in a row.
    pub fn chosen(&self, cells: &[String]) -> Option<(usize, Chosen)> {
        let ChosenBy { at, has_ticks } = self.found.chosen_by?;
        let cell = cells.get(at).map_or("", String::as_str);
        let chosen = match answer(cell) {
            Some(Answer::Yes) => Chosen::Yes,
            Some(Answer::Cross) if !has_ticks => Chosen::Yes,
            Some(Answer::No) => Chosen::No,
            None if cell_text(cell).is_empty() => Chosen::No,
            Some(Answer::Cross | Answer::YesBut) | None => Chosen::Unclear,
        };
        Some((at, chosen))
    }

    /// A column that is not read and seems to decide about the row: with an answer, or with something else than
    /// the yes or the mark of the first rows.
    pub fn passed_answer(&self, cells: &[String]) -> Option<usize> {
        let decides = |(at, yes): &&(usize, Option<Answer>)| {
            let answer = cells.get(*at).and_then(|cell| answer(cell));
            if yes.is_some() { answer != *yes } else { answer.is_some() }
        };
        let differs = |(at, same): &&(usize, Mark)| {
            let cell = cells.get(*at).map_or("", String::as_str);
            Mark::of(cell).is_some_and(|mark| mark != *same)
        };
        let of_marks = self.marked.iter().find(differs).map(|(at, _)| *at);
        self.undecided.iter().find(decides).map(|(at, _)| *at).or(of_marks)
    }

    /// A column that says that its row is to be kept, and what it says: a cell that the job does not read, or the text
    /// next to an address. Only for jobs that take something away.
    pub fn reservation(&self, cells: &[String], today: Date) -> Option<(usize, String)> {
        let is_free =
            |at: usize| !self.uses(at) && !self.is_left_out(at) && !self.secret.contains(&at);
        let of_mail = || {
            let at = self.index(Field::Email)?;
            Some((at, reservation::next_to_address(cells.get(at)?, today)?))
        };
        let carried = self.carried.iter().zip(cells).enumerate().filter(|(at, _)| is_free(*at));
        let said = |(at, (kind, cell)): (usize, (&Kind, &String))| {
            Some((at, reservation::reservation(*kind, cell, today)?))
        };
        carried.filter_map(said).next().or_else(of_mail)
    }

    /// A column with a comment that says that its row is to be kept, and what it says.
    pub fn reservation_in_comment(
        &self,
        comments: &[(usize, String)],
        today: Date,
    ) -> Option<(usize, String)> {
        let counts = |at: usize| !self.is_left_out(at) && !self.secret.contains(&at);
        comments
            .iter()
            .filter(|(at, _)| counts(*at))
            .find_map(|(at, text)| Some((*at, reservation::reservation(Kind::Text, text, today)?)))
    }

    /// A row whose cells that a person does not see are all in columns that are only carried into the report: without
    /// the problem that they would be in a column that is used or that may decide on the row.
    pub fn with_carried_faint(&self, raw: &Raw) -> Option<Raw> {
        let Faint { columns, otherwise } = raw.faint.as_ref()?;
        let decides = |at: &usize| {
            self.uses(*at)
                || self.found.chosen_by.is_some_and(|chosen| chosen.at == *at)
                || self.found.twins.iter().any(|twin| twin.other == *at)
                || self.undecided.iter().any(|(undecided, _)| undecided == at)
        };
        let is_carried = !columns.iter().any(decides);
        is_carried.then(|| Raw { problem: otherwise.clone(), faint: None, ..raw.clone() })
    }

    /// Columns that match the same field as another one, and must be equal in every row.
    pub(super) fn twins(&self) -> &[Twin] {
        &self.found.twins
    }

    /// The columns, from 0, that hold passwords or keys, for any job: the reader masks their cells.
    pub fn secret_indexes(&self) -> &[usize] {
        &self.secret
    }
}

/// The columns with the name of a row's user. The job does not send them; the plan compares them with the site.
pub(crate) struct NameColumns(Vec<usize>);

impl NameColumns {
    /// The headings that name a person and that the job does not read as another field.
    pub fn of(columns: &Columns) -> Self {
        let free = |at: &usize| !columns.uses(*at);
        let named = columns.headings.iter().enumerate().filter(|(_, heading)| is_name(heading));
        Self(named.map(|(at, _)| at).filter(free).collect())
    }

    /// The user's name in a row; `None` if there is no such column.
    pub fn written(&self, cells: &[String]) -> Option<String> {
        let written: Vec<&str> =
            self.0.iter().filter_map(|&at| cells.get(at)).map(String::as_str).collect();
        (!self.0.is_empty()).then(|| written.join(" "))
    }
}

/// The field that a heading names, for this job.
pub fn told_by(job: Job, heading: &str) -> Option<Field> {
    told(job, &Heading::of(heading)).map(|(field, _)| field)
}

/// Whether a sheet has a column that says what to do with each row, which no option leaves out.
pub fn has_actions(sheet: &Sheet, options: &Options) -> bool {
    let headings = sheet.heading_words();
    let is_action = |name: &String| field(Job::Actions, name) == Some(Field::Action);
    let left_out = |at: usize| {
        let mut given = options.map.iter().filter(|(name, _)| name == LEFT_OUT);
        given.any(|(_, mapped)| column(headings, mapped) == Ok(at))
    };
    let told = |at: &usize| {
        let named = told(Job::Actions, &headings[*at]).map(|(field, _)| field);
        named == Some(Field::Action) && !left_out(*at)
    };
    options.map.iter().any(|(name, _)| is_action(name)) || (0..headings.len()).any(|at| told(&at))
}

/// The fields of a job, in the order of messages, without those that the API no longer takes.
pub fn fields(job: Job) -> Vec<Field> {
    let all = wanted(job).iter().map(|(field, _)| *field);
    all.filter(|field| !matches!(field, Field::Gone(_))).collect()
}
