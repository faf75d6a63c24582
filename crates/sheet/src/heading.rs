//! Which column is what.
//!
//! Headings are compared without regard to case, white space, `-` and `_`; `--map` goes before
//! everything. Where two columns could both be what decides whom a change hits (a person, a group,
//! products), that is an error, even if they agree in the first rows: it is not known whether they
//! do in the last. Columns that are only shown may come twice; the likeliest is taken.

use super::cell::{looks_like_mail, trim};
use super::error::{SheetError, list, shell, shown};
use super::nearest::nearest;
use super::read::Options;
use super::secret::{is_secret, secret_columns};
use super::wanted::{
    Field, Job, Need, Older, every_heading, every_plain_word, field, needs, normalised,
    plain_words, wanted,
};

/// Which column is what, for one job and one sheet.
#[derive(Clone, Debug)]
pub struct Columns {
    headings: Vec<String>,
    found: Vec<(Field, usize)>,
    secret: Vec<usize>,
}

/// Whether a heading means something to any job, or is named by a `--map`.
pub(super) fn known(heading: &str, map: &[(String, String)]) -> bool {
    let heading = normalised(heading);
    every_heading().chain(every_plain_word()).any(|known| normalised(known) == heading)
        || map.iter().any(|(_, mapped)| normalised(mapped) == heading)
}

impl Columns {
    /// Finds the columns a job uses.
    ///
    /// # Errors
    /// A needed column is missing; one that is used is headed by data; two columns tell the same; a `--map` names a field or a heading
    /// that is not there. The errors call the sheet "the sheet"; see [`Sheet::columns`] for ones
    /// that name it.
    ///
    /// [`Sheet::columns`]: super::Sheet::columns
    pub fn find(job: Job, headings: &[String], options: &Options) -> Result<Self, SheetError> {
        let Mapped { fields: mapped, left_out } = mapped(job, headings, &options.map)?;
        let plain: Vec<String> = headings.iter().map(|heading| normalised(heading)).collect();
        let mut found = mapped.clone();
        for (field, names) in wanted(job) {
            if mapped.iter().any(|(known, _)| same_meaning(*known, *field)) {
                continue;
            }
            // In the order of preference; a column that is mapped to something else is that.
            let mut hits = names.iter().flat_map(|name| {
                let name = normalised(name);
                plain
                    .iter()
                    .enumerate()
                    .filter_map(move |(at, heading)| (*heading == name).then_some(at))
            });
            let free =
                |at: &usize| !left_out.contains(at) && !mapped.iter().any(|(_, taken)| taken == at);
            let Some(first) = hits.by_ref().find(free) else { continue };
            let rival = found.iter().find(|(other, _)| same_meaning(*other, *field));
            let second = hits.find(free).or(rival.map(|(_, at)| *at));
            if let Some(second) = second
                && !field.harmless()
            {
                return Err(two_columns(*field, &headings[first], &headings[second]));
            }
            found.push((*field, first));
        }
        let is_met = |need: &Need, found: &[(Field, usize)]| {
            need.one_of.iter().any(|field| found.iter().any(|(known, _)| known == field))
        };
        let unmet: Vec<&Need> = needs(job).iter().filter(|need| !is_met(need, &found)).collect();
        for need in &unmet {
            let free =
                |at: &usize| !left_out.contains(at) && !found.iter().any(|(_, taken)| taken == at);
            found.extend(told_plainly(need, &plain, headings, free)?);
        }
        let missed: Vec<&Need> = unmet.into_iter().filter(|need| !is_met(need, &found)).collect();
        if !missed.is_empty() {
            return Err(missing(job, &missed, headings));
        }
        // However it was mapped: who stands there would be taken for a heading and forgotten.
        let mut used = found.iter().map(|(_, at)| &headings[*at]);
        if let Some(heading) = used.find(|heading| looks_like_mail(heading.trim())) {
            let (name, heading) = ("the sheet".to_owned(), heading.clone());
            return Err(SheetError::DataAsHeading { name, heading });
        }
        let secret = secret_columns(headings, &options.map);
        Ok(Self { headings: headings.to_vec(), found, secret })
    }

    /// The place of a field's column in a row, from 0.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.found.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// Whether a column is read for the job.
    pub fn uses(&self, at: usize) -> bool {
        self.found.iter().any(|(_, known)| *known == at)
    }

    /// The heading of a column, or its letter where it has none.
    pub fn heading(&self, at: usize) -> String {
        column_name(&self.headings, at)
    }

    /// The columns that hold passwords or keys, from 0, whatever the job: the reader masks their
    /// cells.
    pub fn secret_indexes(&self) -> &[usize] {
        &self.secret
    }
}

/// What plain words tell of a need that no heading told by its name: `Mail`, `Team`. Two columns that
/// could both be it are none.
fn told_plainly(
    need: &Need,
    plain: &[String],
    headings: &[String],
    free: impl Fn(&usize) -> bool,
) -> Result<Option<(Field, usize)>, SheetError> {
    let Some((field, words)) = plain_words(need) else { return Ok(None) };
    let is_one = |at: &usize| words.iter().any(|word| normalised(word) == plain[*at]);
    let mut hits = (0..plain.len()).filter(|at| is_one(at) && free(at));
    match (hits.next(), hits.next()) {
        (Some(first), Some(second)) => Err(two_columns(field, &headings[first], &headings[second])),
        (first, _) => Ok(first.map(|at| (field, at))),
    }
}

/// Whether a heading is a plain word that is taken for something this job needs where no other heading
/// tells it.
pub fn is_plain_word(job: Job, heading: &str) -> bool {
    let heading = normalised(heading);
    let words = needs(job).iter().filter_map(plain_words).flat_map(|(_, words)| words);
    words.into_iter().any(|word| normalised(word) == heading)
}

/// `Group` and `Group name` both tell a group's name.
fn same_meaning(one: Field, other: Field) -> bool {
    let group = |field| matches!(field, Field::Group | Field::GroupName);
    one == other || (group(one) && group(other))
}

/// The name by which a `--map` leaves a column out.
pub const LEFT_OUT: &str = "-";

/// What `--map` says.
struct Mapped {
    fields: Vec<(Field, usize)>,
    /// Columns that are only carried into the report, whatever their headings say.
    left_out: Vec<usize>,
}

/// Follows `--map`.
fn mapped(job: Job, headings: &[String], map: &[(String, String)]) -> Result<Mapped, SheetError> {
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
            // Without it organisation administrators could be hit.
            if told_by(job, &headings[at]) == Some(Field::OrgRole) {
                return Err(refuse("this column keeps organisation administrators safe".into()));
            }
            left_out.push(at);
            continue;
        }
        let field = field(job, name).ok_or_else(|| refuse(no_such_field(job, name)))?;
        if found.iter().any(|(known, _)| same_meaning(*known, field)) {
            return Err(refuse(format!("{} is mapped twice; leave one out", field.meaning())));
        }
        let at = column(headings, heading).map_err(refuse)?;
        if is_secret(&headings[at]) && field != Field::Gone(Older::Password) {
            return Err(refuse(
                "by its heading this column holds passwords or keys, which headcount never reads; \
                 if it holds none, give it another heading"
                    .to_owned(),
            ));
        }
        found.push((field, at));
    }
    Ok(Mapped { fields: found, left_out })
}

/// The field that a heading tells by its name, for this job.
pub fn told_by(job: Job, heading: &str) -> Option<Field> {
    let heading = normalised(heading);
    let names =
        |(_, names): &&(Field, &[&str])| names.iter().any(|name| normalised(name) == heading);
    wanted(job).iter().find(names).map(|(field, _)| *field)
}

/// The fields a job can use, in the order in which they are told; none of those that the API no
/// longer takes.
pub fn fields(job: Job) -> Vec<Field> {
    let all = wanted(job).iter().map(|(field, _)| *field);
    all.filter(|field| !matches!(field, Field::Gone(_))).collect()
}

fn no_such_field(job: Job, name: &str) -> String {
    let fields: Vec<String> =
        wanted(job).iter().map(|(field, _)| field.name().to_owned()).collect();
    format!("this job has no field {}; it has {}", shown(name), list(&fields))
}

/// The column of a heading in `--map`: spelt exactly so, else the only one that compares equal.
fn column(headings: &[String], wanted: &str) -> Result<usize, String> {
    let places = |fits: &dyn Fn(&String) -> bool| -> Vec<usize> {
        headings.iter().enumerate().filter(|(_, heading)| fits(heading)).map(|(at, _)| at).collect()
    };
    let mut at = places(&|heading| heading.trim() == wanted.trim());
    if at.is_empty() {
        let wanted = normalised(wanted);
        at = places(&|heading| !wanted.is_empty() && normalised(heading) == wanted);
    }
    match at.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!("there is no heading {}; there are {}", shown(wanted), list(headings))),
        several => Err(format!(
            "{} columns are headed {}; give them different headings",
            several.len(),
            shown(wanted)
        )),
    }
}

fn two_columns(field: Field, first: &str, second: &str) -> SheetError {
    SheetError::TwoColumns {
        name: "the sheet".to_owned(),
        what: field.meaning(),
        field: field.name(),
        first: first.to_owned(),
        second: second.to_owned(),
    }
}

/// Everything that is missing, at once.
fn missing(job: Job, needs: &[&Need], headings: &[String]) -> SheetError {
    let names_of = |need: &Need| -> Vec<&str> {
        let fields = need.one_of.iter();
        fields
            .flat_map(|field| wanted(job).iter().filter(move |(known, _)| known == field))
            .flat_map(|(_, names)| names.iter().copied())
            .collect()
    };
    let in_words = |need: &Need| {
        names_of(need).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
    };
    let need = needs[0];
    let (mut what, mut wanted_words) = (need.what.to_owned(), in_words(need));
    for more in &needs[1..] {
        what.push_str(&format!(", and none tells {}", more.what));
        wanted_words.push_str(&format!("; and {}", in_words(more)));
    }
    let names = names_of(need);
    let mut advice = format!("The headings are {}.", list(headings));
    advice.push_str(need.besides);
    if let Some(mail) = headings.iter().find(|heading| looks_like_mail(heading.trim())) {
        advice.push_str(&format!(
            " {} looks like data: the first line must hold the headings. If there are none, say so: \
             --no-headings, and --map for each column.",
            shown(mail)
        ));
    } else {
        let mut near: Vec<&str> = Vec::new();
        for name in names {
            for heading in nearest(name, headings.iter().map(String::as_str), 3) {
                if !near.contains(&heading) {
                    near.push(heading);
                }
            }
        }
        near.truncate(3);
        let field = need.one_of[0].name();
        let example = near.first().map_or("THE HEADING", |heading| heading.trim());
        if !near.is_empty() {
            let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
            advice.push_str(&format!(" Nearest: {}.", list(&near)));
        }
        advice.push_str(&format!(
            " If another is meant, say which: --map {field}={}",
            shell(example)
        ));
    }
    SheetError::MissingColumn {
        name: "the sheet".to_owned(),
        need: what,
        wanted: wanted_words,
        advice,
    }
}

/// The heading of a column, or its letter where it has none.
pub(super) fn column_name(headings: &[String], at: usize) -> String {
    match headings.get(at).map(|heading| trim(heading)) {
        Some(heading) if !heading.is_empty() => heading.to_owned(),
        _ => letters(at),
    }
}

/// The names of so many columns of a sheet without headings: `Column A`, `Column B`, ….
pub(super) fn lettered(columns: usize) -> Vec<String> {
    (0..columns).map(|at| format!("Column {}", letters(at))).collect()
}

/// A column's letters as a spreadsheet names it: A, B, …, Z, AA, ….
pub(super) fn letters(mut at: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return letters;
        }
        at = at / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_heading_have_letters() {
        for (at, wanted) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), wanted);
        }
    }
}
