//! Searches the columns of a job: `--map` first, then headings by name, then frequent words. A column that looks
//! like one of the job's and is none of these is a trouble.

use super::address::looks_like_mail;
use super::needs::{Need, needs};
use super::seeming::{Seeming, plain_word, seeming, seems_to_tell, seems_weakly_to_tell};
use super::wanted::{Field, Job, LEFT_OUT, Older, field, told, wanted};
use headcount_sheet::heading::names::{column, name_of};
use headcount_sheet::quoting::{list, shell, shown};
use headcount_sheet::{Heading, HeadingLine, SheetError};

/// Why the columns are uncertain. Columns are counted from 0.
pub(super) enum Trouble {
    /// A `--map` does not match the file.
    Map(SheetError),
    /// Two columns match the same field.
    Two(Field, usize, usize),
    /// Columns that look like one of the job's and are not read.
    Passed(Vec<(Field, usize)>),
    /// A column of user ids holds ids of another program.
    ForeignIds(usize),
    /// A column that says with yes or no whether a row applies, and no option says what it means.
    Answers(usize),
    /// No column has something that the job requires.
    Missing(Vec<&'static Need>),
    /// The heading of a used column is an email.
    Data(usize),
}

/// The columns according to the headings and the `--map` options.
pub(super) fn attempt(
    job: Job,
    headings: &HeadingLine,
    map: &[(String, String)],
) -> Result<Vec<(Field, usize)>, Trouble> {
    let mapped = mapped(job, headings, map).map_err(Trouble::Map)?;
    let mut search = Search { job, headings, found: mapped.fields.clone(), mapped };
    search.by_name()?;
    search.by_plain_words()?;
    search.missing()?;
    search.passed()?;
    // Whatever its mapping: a row would be taken for the headings and lost.
    let data = search.found.iter().find(|(_, at)| looks_like_mail(&headings[*at]));
    data.map_or(Ok(()), |(_, at)| Err(Trouble::Data(*at)))?;
    Ok(search.found)
}

/// A search in progress.
struct Search<'a> {
    job: Job,
    headings: &'a HeadingLine,
    mapped: Mapped,
    found: Vec<(Field, usize)>,
}

impl Search<'_> {
    fn is_free(&self, at: usize) -> bool {
        !self.mapped.left_out.contains(&at) && !self.found.iter().any(|(_, taken)| *taken == at)
    }

    fn free(&self) -> impl Iterator<Item = (usize, &Heading)> {
        self.headings.iter().enumerate().filter(|(at, _)| self.is_free(*at))
    }

    fn is_mapped(&self, field: Field) -> bool {
        self.mapped.fields.iter().any(|(known, _)| same_meaning(*known, field))
    }

    fn column_of(&self, field: Field) -> Option<usize> {
        self.found.iter().find(|(known, _)| same_meaning(*known, field)).map(|(_, at)| *at)
    }

    fn by_name(&mut self) -> Result<(), Trouble> {
        for (field, _) in wanted(self.job) {
            if self.is_mapped(*field) {
                continue;
            }
            let is_it = |(at, heading): (usize, &Heading)| {
                let (told, rank) = told(self.job, heading)?;
                (told == *field).then_some((rank, at))
            };
            let mut hits: Vec<(usize, usize)> = self.free().filter_map(is_it).collect();
            if field.harmless() {
                hits.sort_unstable();
            }
            let mut hits = hits.into_iter().map(|(_, at)| at);
            let Some(first) = hits.next() else { continue };
            if let Some(second) = hits.next().or(self.column_of(*field))
                && !field.harmless()
            {
                return Err(Trouble::Two(*field, first, second));
            }
            self.found.push((*field, first));
        }
        Ok(())
    }

    fn unmet(&self) -> Vec<&'static Need> {
        let is_met = |need: &&Need| {
            need.one_of.iter().any(|field| self.found.iter().any(|(known, _)| known == field))
        };
        needs(self.job).iter().filter(|need| !is_met(need)).collect()
    }

    /// Uses frequent words for needs without a heading: `Mail`, `Team`.
    fn by_plain_words(&mut self) -> Result<(), Trouble> {
        for need in self.unmet() {
            let hit = |(at, heading): (usize, &Heading)| {
                plain_word(need, heading).map(|field| (field, at))
            };
            let mut hits = self.free().filter_map(hit);
            match (hits.next(), hits.next()) {
                (Some((field, first)), Some((_, second))) => {
                    return Err(Trouble::Two(field, first, second));
                }
                (Some(one), None) => {
                    drop(hits);
                    self.found.push(one);
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn missing(&self) -> Result<(), Trouble> {
        let unmet = self.unmet();
        // `Current group` and `New group`: two possible columns are not a missing one.
        for need in &unmet {
            let seems = |(at, heading): (usize, &Heading)| {
                let field = seems_to_tell(self.job, heading)?;
                let is_it = need.one_of.contains(&field) && !heading.is_secret();
                (is_it && field != Field::GroupId).then_some((field, at))
            };
            let mut all = self.free().filter_map(seems);
            if let (Some((field, first)), Some((_, second))) = (all.next(), all.next()) {
                return Err(Trouble::Two(field, first, second));
            }
        }
        if unmet.is_empty() { Ok(()) } else { Err(Trouble::Missing(unmet)) }
    }

    /// Finds columns that look like one of the job's.
    fn passed(&self) -> Result<(), Trouble> {
        let mut passed = Vec::new();
        let is_report = self.is_report();
        for (at, heading) in self.free() {
            let is_added =
                || is_report && matches!(heading.normalized(), "groupid" | "headcountgroupid");
            if heading.is_secret() || told(self.job, heading).is_some() || is_added() {
                continue;
            }
            let weak = || {
                let field = seems_weakly_to_tell(self.job, heading)?;
                self.column_of(field).is_none().then_some(field)
            };
            let Some(field) = seems_to_tell(self.job, heading).or_else(weak) else { continue };
            if self.is_mapped(field) || self.is_told_by_id(field) {
                continue;
            }
            // Ids of groups are left out if the job takes names.
            let is_id = seeming(heading) == Seeming::GroupId;
            let is_alike = |(known, _): &&(Field, usize)| *known == field && !is_id;
            let before = self.column_of(field);
            match before.or(passed.iter().find(is_alike).map(|(_, first)| *first)) {
                Some(first) => return Err(Trouble::Two(field, first, at)),
                None => passed.push((field, at)),
            }
        }
        if passed.is_empty() { Ok(()) } else { Err(Trouble::Passed(passed)) }
    }

    /// Whether it is a report of headcount, with the columns that it adds.
    fn is_report(&self) -> bool {
        let has = |name: &str| self.headings.iter().any(|heading| heading.normalized() == name);
        has("httpstatus") && has("outcome") && has("attempts")
    }

    /// If there is an id, names and emails are only compared.
    fn is_told_by_id(&self, field: Field) -> bool {
        match field {
            Field::Email => self.column_of(Field::AccountId).is_some(),
            Field::Group | Field::GroupName => self.column_of(Field::GroupId).is_some(),
            _ => false,
        }
    }
}

/// `Group` and `Group name` both hold a group's name.
pub(super) fn same_meaning(one: Field, other: Field) -> bool {
    let group = |field| matches!(field, Field::Group | Field::GroupName);
    one == other || (group(one) && group(other))
}

/// The `--map` options.
struct Mapped {
    fields: Vec<(Field, usize)>,
    /// Columns that only appear in the report, whatever their headings.
    left_out: Vec<usize>,
}

/// Reads the `--map` options.
fn mapped(
    job: Job,
    headings: &HeadingLine,
    map: &[(String, String)],
) -> Result<Mapped, SheetError> {
    let mut found: Vec<(Field, usize)> = Vec::new();
    let mut left_out = Vec::new();
    for (name, heading) in map {
        let refuse = |why: String| SheetError::Map {
            name: "the sheet".to_owned(),
            map: format!("{}={}", shell(name), shell(heading)),
            why,
        };
        if name == LEFT_OUT {
            let at = column(headings, heading).map_err(refuse)?;
            // Without this column, organization administrators could be changed.
            if told(job, &headings[at]).is_some_and(|(field, _)| field == Field::OrgRole) {
                return Err(refuse(
                    "this column cannot be left out: it shows who is an administrator".into(),
                ));
            }
            left_out.push(at);
            continue;
        }
        let field = field(job, name).ok_or_else(|| refuse(no_such_field(job, name)))?;
        if found.iter().any(|(known, _)| same_meaning(*known, field)) {
            return Err(refuse(format!(
                "two --map options name {}; remove one of them",
                field.meaning()
            )));
        }
        let at = column(headings, heading).map_err(refuse)?;
        if headings[at].is_secret() && field != Field::Gone(Older::Password) {
            return Err(refuse(
                "the heading says passwords or keys, which headcount never reads; if this is wrong, \
                 rename it"
                    .to_owned(),
            ));
        }
        found.push((field, at));
    }
    if let Some((field, at)) = found.iter().find(|(_, at)| left_out.contains(at)) {
        let heading = shell(&name_of(headings, *at));
        return Err(SheetError::Map {
            name: "the sheet".to_owned(),
            map: format!("{}={heading}", field.name()),
            why: format!(
                "--map {LEFT_OUT}={heading} ignores the same column; remove one of the two options"
            ),
        });
    }
    Ok(Mapped { fields: found, left_out })
}

pub(super) fn no_such_field(job: Job, name: &str) -> String {
    let fields: Vec<String> =
        wanted(job).iter().map(|(field, _)| field.name().to_owned()).collect();
    format!("this job has no field {}; it has {}", shown(name), list(&fields))
}
