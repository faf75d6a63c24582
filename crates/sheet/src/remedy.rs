//! What to do where it is not certain which column is what. Each advice is tried before it is shown: a
//! `--map` that would only lead to the next error is worse than none.

use super::address::looks_like_mail;
use super::column_name::lettered;
use super::error::{SheetError, list, shell, shown};
use super::nearest::nearest;
use super::search::{Trouble, attempt, column};
use super::secret::is_secret;
use super::seeming::{Seeming, seeming, seems_to_tell};
use super::wanted::{Field, Job, LEFT_OUT, Need, Wanted, headings_of, wanted};

/// `--map` options: the field's name and the heading.
type Maps = Vec<(String, String)>;

/// More than these in a row are no advice.
const STEPS: usize = 6;

/// What the columns were looked for with.
struct Sought<'a> {
    job: Job,
    headings: &'a [String],
    map: &'a [(String, String)],
}

/// The error of a trouble, with advice.
pub(super) fn error(
    job: Job,
    headings: &[String],
    map: &[(String, String)],
    trouble: Trouble,
) -> SheetError {
    let sought = Sought { job, headings, map };
    let name = "the sheet".to_owned();
    match trouble {
        Trouble::Map(error) => error,
        Trouble::Two(field, first, second) => SheetError::TwoColumns {
            name,
            what: field.meaning(),
            first: headings[first].clone(),
            second: headings[second].clone(),
            advice: sought.of_two(field, first, second),
        },
        Trouble::Passed(passed) => SheetError::PassedOver {
            name,
            columns: sought.passed_over(&passed),
            advice: sought.of_passed(&passed),
        },
        Trouble::Missing(needs) => sought.missing(&needs),
        Trouble::Data(at) => SheetError::DataAsHeading {
            name,
            heading: headings[at].clone(),
            advice: sought.without_headings(),
        },
    }
}

impl Sought<'_> {
    /// A heading as it is written behind `--map`: on one line.
    fn heading(&self, at: usize) -> String {
        let visible = self.headings[at].replace(char::is_control, " ");
        visible.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn is(&self, field: Field, at: usize) -> (String, String) {
        (field.name().to_owned(), self.heading(at))
    }

    fn left_out(&self, at: usize) -> (String, String) {
        (LEFT_OUT.to_owned(), self.heading(at))
    }

    /// These options and what else is needed, if the columns are certain with them.
    fn tried(&self, start: Maps) -> Option<Maps> {
        if self.is_export() {
            return None;
        }
        let mut added = start;
        for _ in 0..STEPS {
            let map: Maps = self.map.iter().chain(&added).cloned().collect();
            match attempt(self.job, self.headings, &map) {
                Ok(_) => return Some(added).filter(|added| !added.is_empty()),
                Err(trouble) => added.extend(self.next_step(&trouble, &map)?),
            }
        }
        None
    }

    /// Exports are read as Atlassian writes them: no option says otherwise.
    fn is_export(&self) -> bool {
        matches!(self.job, Job::UsersExport | Job::GroupsExport)
    }

    /// The likeliest answer to a trouble.
    fn next_step(&self, trouble: &Trouble, map: &[(String, String)]) -> Option<Maps> {
        match trouble {
            Trouble::Map(_) | Trouble::Data(_) => None,
            Trouble::Two(field, first, _) => Some(vec![self.is(*field, *first)]),
            Trouble::Passed(passed) => Some(self.taken(passed)),
            Trouble::Missing(needs) => {
                needs.iter().map(|need| self.candidates(need, map).into_iter().next()).collect()
            }
        }
    }

    /// Columns that look like one of the job, taken for it: the first for each field.
    fn taken(&self, passed: &[(Field, usize)]) -> Maps {
        let mut maps = Maps::new();
        for &(field, at) in passed {
            // Groups are named in the row; their ids are not taken.
            if seeming(&self.headings[at]) == Seeming::GroupId && field == Field::Groups {
                maps.push(self.left_out(at));
            } else if !maps.iter().any(|(name, _)| name == field.name()) {
                maps.push(self.is(field, at));
            }
        }
        maps
    }

    fn of_two(&self, field: Field, first: usize, second: usize) -> String {
        let which =
            [self.tried(vec![self.is(field, first)]), self.tried(vec![self.is(field, second)])];
        let without =
            [self.tried(vec![self.left_out(first)]), self.tried(vec![self.left_out(second)])];
        match (either(which), either(without)) {
            (Some(which), Some(without)) => {
                format!("say which is meant: {which}; or leave one out: {without}")
            }
            (Some(which), None) => format!("say which is meant: {which}"),
            (None, Some(without)) => format!("leave one out: {without}"),
            (None, None) => "give them different headings, or remove one".to_owned(),
        }
    }

    fn passed_over(&self, passed: &[(Field, usize)]) -> String {
        let looks = |&(field, at): &(Field, usize)| {
            format!("{} looks like {}", shown(&self.headings[at]), field.meaning())
        };
        passed.iter().map(looks).collect::<Vec<_>>().join(", and ")
    }

    fn of_passed(&self, passed: &[(Field, usize)]) -> String {
        let taken = self.tried(self.taken(passed));
        let without = self.tried(passed.iter().map(|(_, at)| self.left_out(*at)).collect());
        match either([taken, without]) {
            Some(advice) => format!("say what is meant: {advice}"),
            None => "give it another heading, or remove it".to_owned(),
        }
    }

    /// Columns that may be what is missing, the likeliest first; none that the options leave out.
    fn candidates(&self, need: &Need, map: &[(String, String)]) -> Maps {
        let is_left_out = |at: usize| {
            let mut names = map.iter().filter(|(name, _)| name == LEFT_OUT);
            names.any(|(_, heading)| column(self.headings, heading) == Ok(at))
        };
        let may_be = |at: &usize| {
            let heading = &self.headings[*at];
            !is_secret(heading) && seeming(heading) != Seeming::OtherMail && !is_left_out(*at)
        };
        let places: Vec<usize> = (0..self.headings.len()).filter(may_be).collect();
        let mut found: Vec<(Field, usize)> = Vec::new();
        for &at in &places {
            let field = seems_to_tell(self.job, &self.headings[at]);
            found
                .extend(field.filter(|field| need.one_of.contains(field)).map(|field| (field, at)));
        }
        let known = |field| headings_of(self.job).iter().find(|(known, _)| *known == field);
        for (field, names) in need.one_of.iter().filter_map(|field| known(*field)) {
            for name in names {
                let headings = places.iter().map(|at| self.headings[*at].as_str());
                for near in nearest(name, headings, 3) {
                    let at = places.iter().find(|at| self.headings[**at] == near);
                    found.extend(at.map(|at| (*field, *at)));
                }
            }
        }
        let mut maps = Maps::new();
        for (field, at) in found {
            if !maps.iter().any(|(_, heading)| *heading == self.heading(at)) {
                maps.push(self.is(field, at));
            }
        }
        maps
    }

    /// Everything that is missing, at once.
    fn missing(&self, needs: &[&'static Need]) -> SheetError {
        let words = |need: &Need| in_words(self.job, need);
        let (mut what, mut headings) = (needs[0].what.to_owned(), words(needs[0]));
        for more in &needs[1..] {
            what.push_str(&format!(", and none has {}", more.what));
            headings.push_str(&format!("; and {}", words(more)));
        }
        let mut advice = format!("The headings are {}.", list(self.headings));
        advice.push_str(needs[0].besides);
        if let Some(mail) = self.headings.iter().find(|heading| looks_like_mail(heading)) {
            advice.push_str(&format!(
                " {} looks like data: the first line must hold the headings. If there are none: {}",
                shown(mail),
                self.without_headings()
            ));
        } else if let Some(maps) = self.tried(Maps::new()) {
            let near: Vec<String> =
                self.candidates(needs[0], self.map).into_iter().map(|(_, h)| h).collect();
            let near = &near[..near.len().min(3)];
            if !near.is_empty() {
                advice.push_str(&format!(" Nearest: {}.", list(near)));
            }
            advice.push_str(&format!(" If that is meant, say so: {}", options(&maps)));
        } else if self.is_export() {
            advice.push_str(" Name the file as Atlassian exported it.");
        } else {
            let fields: Vec<String> =
                needs.iter().map(|need| format!("`{}`", need.one_of[0].name())).collect();
            advice.push_str(&format!(
                " Add such a column; if it is there under another heading, name that with --map \
                 (field {}).",
                fields.join(" and ")
            ));
        }
        SheetError::MissingColumn {
            name: "the sheet".to_owned(),
            need: what,
            wanted: headings,
            advice,
        }
    }

    /// What to say where the first line is a row: the whole command, if it is certain.
    fn without_headings(&self) -> String {
        if self.is_export() {
            return "name the file as Atlassian exported it".to_owned();
        }
        let columns = lettered(self.headings.len());
        let is_mail = |at: &usize| looks_like_mail(&self.headings[*at]);
        let mails: Vec<usize> = (0..columns.len()).filter(is_mail).collect();
        let others: Vec<usize> = (0..columns.len()).filter(|at| !is_mail(at)).collect();
        let mut maps = Maps::new();
        if let [mail] = mails[..] {
            maps.push((Field::Email.name().to_owned(), columns[mail].clone()));
        }
        if let ([group], Job::Memberships) = (&others[..], self.job) {
            maps.push((Field::Group.name().to_owned(), columns[*group].clone()));
        }
        match attempt(self.job, &columns, &maps) {
            Ok(_) => format!("--no-headings {}", options(&maps)),
            Err(_) => {
                "--no-headings, with a --map for each column (`Column A`, `Column B`, …)".into()
            }
        }
    }
}

/// The headings by which a need is known, in words: headcount's own.
fn in_words(job: Job, need: &Need) -> String {
    let of = |field: &Field| wanted(job).iter().find(|(known, _)| known == field);
    let own = need.one_of.iter().filter_map(of).filter_map(|(_, all): &Wanted| all.first());
    let names = own.flat_map(|headings| headings.iter());
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// Options as they are typed.
fn options(maps: &[(String, String)]) -> String {
    let typed = |(field, heading): &(String, String)| format!("--map {field}={}", shell(heading));
    maps.iter().map(typed).collect::<Vec<_>>().join(" ")
}

/// One or the other, as far as they were tried.
fn either(maps: [Option<Maps>; 2]) -> Option<String> {
    let typed: Vec<String> = maps.iter().flatten().map(|maps| options(maps)).collect();
    (!typed.is_empty()).then(|| typed.join(", or "))
}
