//! Finds the columns of a job by headings, `--map` options and the first rows together.

use super::answers::{Answer, answer, is_decision, mark};
use super::cell::trim;
use super::deciding::{Yes, decides, is_fact, is_imperative, is_state, of_yes_below};
use super::fitting::{Fit, are_equal, filled, fit};
use super::foreign_ids::foreign_ids;
use super::names::is_name;
use super::search::{Trouble, attempt};
use super::telling_cells::doubt;
use super::wanted::{Field, Job, LEFT_OUT, field, fields_of, is_export, told};
use headcount_sheet::heading::names::{by_letter, column};
use headcount_sheet::heading::words::normalized;
use headcount_sheet::quoting::shell;
use headcount_sheet::{FirstRows, HeadingLine, KEPT, SheetError};

/// The data for finding the columns.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) job: Job,
    pub(super) headings: &'a HeadingLine,
    /// The first rows below the headings; empty if only the headings are known.
    pub(super) first: &'a FirstRows,
}

/// Two columns that match the same field and are equal as far as known. Every row must confirm it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Twin {
    pub(super) field: Field,
    /// The column that is used, from 0.
    pub(super) used: usize,
    /// The other one.
    pub(super) other: usize,
}

/// The columns that were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) fields: Vec<(Field, usize)>,
    pub(super) twins: Vec<Twin>,
    /// Columns that an option leaves out.
    pub(super) left_out: Vec<usize>,
    /// The column whose answers choose the rows.
    pub(super) chosen_by: Option<ChosenBy>,
}

/// A column whose answers choose the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChosenBy {
    /// The column, from 0.
    pub(super) at: usize,
    /// Whether it has ticks or words for a yes, so that an `x` is not a yes.
    pub(super) has_ticks: bool,
}

/// A cell of a column with only marks: nothing, or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(Option<Answer>);

impl Mark {
    /// `None` if the cell holds something else.
    pub(super) fn of(cell: &str) -> Option<Self> {
        match mark(cell) {
            None => trim(cell).is_empty().then_some(Self(None)),
            found => Some(Self(found)),
        }
    }
}

impl Sought<'_> {
    /// The headings as they are in the file.
    pub(super) fn texts(&self) -> Vec<String> {
        self.headings.iter().map(|heading| heading.text().to_owned()).collect()
    }

    /// Finds the columns. Two that match the same field are accepted if they are equal.
    pub(super) fn found(&self, map: &[(String, String)]) -> Result<Found, Trouble> {
        let mut map = map.to_vec();
        map.extend(self.review(&map));
        self.found_with(&map)
    }

    /// The column with the decisions of an access review, as an option would name it: it is called `Decision`, and
    /// some of its first cells are decisions.
    fn review(&self, map: &[(String, String)]) -> Option<(String, String)> {
        let knows = fields_of(self.job).any(|field| field == Field::Decision);
        let said = |at: &usize| map.iter().any(|(_, one)| column(self.headings, one) == Ok(*at));
        let is_called = |at: &usize| normalized(&self.headings[*at]) == "decision";
        let mut called = (0..self.headings.len()).filter(is_called);
        let (at, None) = (called.next().filter(|_| knows)?, called.next()) else { return None };
        // Each cell is checked when its row is read, so one decision is enough; answers such as `yes` are people's own.
        let is_one = filled(at, self.first).any(is_decision)
            && !filled(at, self.first).any(|cell| answer(cell).is_some());
        (is_one && !said(&at)).then(|| (Field::Decision.name().to_owned(), by_letter(at)))
    }

    fn found_with(&self, map: &[(String, String)]) -> Result<Found, Trouble> {
        let found = self.found_by_names(map);
        let is_settled = match &found {
            Ok(_) | Err(Trouble::Two(..) | Trouble::Passed(_) | Trouble::Answers(_)) => true,
            // If the job's own columns are missing, that error comes first.
            Err(
                Trouble::Map(_) | Trouble::Missing(_) | Trouble::Data(_) | Trouble::ForeignIds(_),
            ) => false,
        };
        let mut undecided = self.undecided(map).into_iter();
        if let Some(at) = undecided.find(|at| is_settled && self.is_answered(*at)) {
            return Err(Trouble::Answers(at));
        }
        let found = found?;
        match self.marked(map, &found).into_iter().find(|(_, watch)| watch.is_none()) {
            Some((at, _)) => Err(Trouble::Answers(at)),
            None => self.with_answers(found, map),
        }
    }

    /// Finds out whether the answers in a column that an option names choose the rows.
    fn with_answers(&self, found: Found, map: &[(String, String)]) -> Result<Found, Trouble> {
        let is_it = |(name, _): &&(String, String)| field(self.job, name) == Some(Field::Action);
        let Some((_, heading)) = map.iter().find(is_it) else { return Ok(found) };
        let Ok(at) = column(self.headings, heading) else { return Ok(found) };
        let answers: Vec<Answer> = filled(at, self.first).filter_map(answer).collect();
        if answers.is_empty() {
            return Ok(found);
        }
        let is_known = told(self.job, &self.headings[at]).is_some() || decides(&self.headings[at]);
        let why = match of_yes_below(self.headings[at].words().to_vec()) {
            Yes::Forbids => {
                "a yes in this column says that the row is not to be changed, and headcount does not \
                 guess what the other cells say; put the rows that are meant into a file of their own"
            }
            Yes::Asks(_) if !is_known => {
                "its heading does not say what a yes means; if a yes means that this job is to change \
                 the row, rename the column to the job's verb with a question mark, such as `Remove?`"
            }
            Yes::Asks(_) => {
                let ticks = answers.contains(&Answer::Yes);
                return Ok(Found { chosen_by: Some(ChosenBy { at, has_ticks: ticks }), ..found });
            }
        };
        Err(Trouble::Map(SheetError::Map {
            name: "the sheet".to_owned(),
            map: format!("action={}", shell(heading)),
            why: why.to_owned(),
        }))
    }

    fn found_by_names(&self, map: &[(String, String)]) -> Result<Found, Trouble> {
        let Self { job, headings, first } = *self;
        let mut with_twins = map.to_vec();
        let mut twins = Vec::new();
        loop {
            let fields = attempt(job, headings, &with_twins);
            let settled = fields.and_then(|fields| {
                let doubt = foreign_ids((job, headings, first), &fields, &with_twins)
                    .or_else(|| doubt(job, headings, first, &fields, &with_twins));
                doubt.map_or(Ok(fields), Err)
            });
            match settled {
                Ok(fields) => {
                    let said = map.iter().filter(|(name, _)| name == LEFT_OUT);
                    let left_out = said.filter_map(|(_, heading)| column(headings, heading).ok());
                    let left_out = left_out.collect();
                    return Ok(Found { fields, twins, left_out, chosen_by: None });
                }
                Err(Trouble::Two(field, one, other)) if self.is_one(field, one, other) => {
                    let (used, other) = self.preferred(one, other);
                    with_twins.push((LEFT_OUT.to_owned(), by_letter(other)));
                    twins.push(Twin { field, used, other });
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// The columns that no option names and that may say with yes or no whether a row applies.
    pub(super) fn undecided(&self, map: &[(String, String)]) -> Vec<usize> {
        let said: Vec<usize> =
            map.iter().filter_map(|(_, one)| column(self.headings, one).ok()).collect();
        let decides = |at: &usize| {
            let heading = &self.headings[*at];
            !said.contains(at) && !heading.is_secret() && decides(heading) && !is_name(heading)
        };
        let all = 0..self.headings.len();
        if is_export(self.job) { Vec::new() } else { all.filter(decides).collect() }
    }

    /// The columns that are not read, whatever their headings, with only marks (`x`, yes, no, ticks) or nothing in
    /// the first rows: they may say which users are meant (`Do not touch`, `VIP`, `Selected`). Each with the mark
    /// that all first rows have; without one if the marks differ. Only for jobs whose rows are users or groups that
    /// a mistake would harm.
    pub(super) fn marked(
        &self,
        map: &[(String, String)],
        found: &Found,
    ) -> Vec<(usize, Option<Mark>)> {
        if !matches!(self.job, Job::Users | Job::Groups) {
            return Vec::new();
        }
        let said: Vec<usize> =
            map.iter().filter_map(|(_, one)| column(self.headings, one).ok()).collect();
        let is_twin = |at: usize| found.twins.iter().any(|twin| twin.other == at);
        let is_free = |at: &usize| {
            let heading = &self.headings[*at];
            !said.contains(at)
                && !is_twin(*at)
                && !found.fields.iter().any(|(_, used)| used == at)
                && told(self.job, heading).is_none()
                && !heading.is_secret()
                && !decides(heading)
                && !is_fact(heading)
                && !is_name(heading)
        };
        // The cells first: that costs less than the words of the heading.
        let all = (0..self.headings.len()).filter_map(|at| Some((at, self.marks(at)?)));
        all.filter(|(at, _)| is_free(at)).collect()
    }

    /// The mark that all first rows have in a column; `Some(None)` if they have different ones, `None` if a cell
    /// is no mark.
    fn marks(&self, at: usize) -> Option<Option<Mark>> {
        let cells = self.first.iter().map(|(_, cells)| cells.get(at).map_or("", String::as_str));
        let marks: Vec<Mark> = cells.map(Mark::of).collect::<Option<_>>()?;
        let same = marks.first().copied()?;
        Some(marks.iter().all(|mark| *mark == same).then_some(same))
    }

    /// The yes that each of the first rows has below a heading without a job's verb (`Approved`, `Leaving`). Then
    /// nothing has to be asked, as long as no row has another answer. (An `x` next to ticks may be a no.)
    pub(super) fn same_yes(&self, at: usize) -> Option<Answer> {
        let names_no_job = match of_yes_below(self.headings[at].words().to_vec()) {
            Yes::Asks(verbs) => !verbs.iter().any(|verb| is_imperative(verb) || is_state(verb)),
            Yes::Forbids => false,
        };
        let mut answers = self.first.iter().map(|(_, cells)| answer(cells.get(at)?));
        let yes = answers.next()?.filter(|first| matches!(first, Answer::Yes | Answer::Cross))?;
        (names_no_job && answers.all(|answer| answer == Some(yes))).then_some(yes)
    }

    /// Whether the cells of a column are answers, as far as known.
    fn is_answered(&self, at: usize) -> bool {
        let mut cells = filled(at, self.first).map(answer).peekable();
        // `Action` should have verbs; every row is checked for them.
        let is_action = told(self.job, &self.headings[at]).is_some();
        match cells.peek() {
            Some(_) if is_action => cells.all(|answer| answer.is_some()),
            Some(_) => cells.any(|answer| answer.is_some()) && self.same_yes(at).is_none(),
            // Answers may follow in later rows.
            None => !is_action && self.first.len() >= KEPT,
        }
    }

    /// Whether most of the first rows have no cell beyond the headings.
    fn has_a_heading_for_each_cell(&self) -> bool {
        let is_within = |(_, cells): &&(u64, Vec<String>)| {
            cells.iter().skip(self.headings.len()).all(|cell| trim(cell).is_empty())
        };
        self.first.iter().filter(is_within).count() * 2 >= self.first.len()
    }

    /// The first of the two, unless only the other has one of the job's headings.
    fn preferred(&self, one: usize, other: usize) -> (usize, usize) {
        let (first, second) = (one.min(other), one.max(other));
        let is_told = |at: usize| told(self.job, &self.headings[at]).is_some();
        if is_told(second) && !is_told(first) { (second, first) } else { (first, second) }
    }

    /// Whether two columns can count as one. (Not for a role, which protects administrators.)
    fn is_one(&self, field: Field, one: usize, other: usize) -> bool {
        let is_named = |at: usize| column(self.headings, &by_letter(at)) == Ok(at);
        field != Field::OrgRole && is_named(one) && is_named(other) && {
            let (used, other) = self.preferred(one, other);
            are_equal(field, used, other, self.first)
        }
    }

    /// Whether the cells of these options' columns hold what the options say, and whether a column shows which
    /// users the job means.
    pub(super) fn fits(&self, map: &[(String, String)], found: &Found) -> bool {
        let is_said = |(name, heading): &(String, String)| {
            let told = field(self.job, name).zip(column(self.headings, heading).ok());
            let holds = |(field, at)| fit(field, at, self.first) == Fit::Fits;
            self.first.is_empty() || told.is_none_or(holds)
        };
        let holds_other = |wanted: Field| {
            let mut all = found.fields.iter().filter(|(field, _)| *field == wanted);
            all.any(|(field, at)| fit(*field, *at, self.first) == Fit::Other)
        };
        let has_mail = found.fields.iter().any(|(field, _)| *field == Field::Email);
        let is_told = !holds_other(Field::Email) && (has_mail || !holds_other(Field::AccountId));
        map.iter().all(is_said) && is_told && self.has_a_heading_for_each_cell()
    }
}
