//! Advice for a column whose answers say whether a row applies.

use headcount_sheet::quoting::{excerpt, shown};
use headcount_sheet::{Advice, Change, HeadingLine};

use super::answers::{Answer, answer};
use super::cell::text;
use super::deciding::{Yes, decides, is_asked, of_yes};
use super::finding::{Found, Sought};
use super::remedy::Remedy;
use super::wanted::{Field, field, told};

impl Remedy<'_> {
    pub(super) fn is_action(&self, name: &str) -> bool {
        field(self.sought.job, name) == Some(Field::Action)
    }

    /// Whether a yes in a column asks for the job's action.
    pub(super) fn may_choose(&self, at: usize) -> bool {
        let heading = &self.sought.headings[at];
        match of_yes(heading) {
            Yes::Asks(verbs) if verbs.is_empty() && !decides(heading) && !self.is_told(at) => false,
            Yes::Asks(verbs) => verbs.iter().all(|verb| is_asked(verb, self.options.asked)),
            Yes::Forbids => false,
        }
    }

    fn is_told(&self, at: usize) -> bool {
        told(self.sought.job, &self.sought.headings[at]).is_some()
    }

    /// The first yes, no and empty cell of a column, with their lines.
    pub(super) fn answers_seen(&self, at: usize) -> String {
        let mut seen: Vec<(Option<Answer>, String)> = Vec::new();
        for (line, cells) in self.sought.first {
            let cell = text(cells.get(at).map_or("", String::as_str));
            let kind = answer(cell);
            let is_new = !seen.iter().any(|(known, _)| *known == kind);
            if is_new && (kind.is_some() || cell.is_empty()) {
                let what = match cell.is_empty() {
                    true => "nothing".to_owned(),
                    false => format!("“{}”", excerpt(cell)),
                };
                seen.push((kind, format!("{what} on line {line}")));
            }
        }
        seen.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }

    /// The first cells of a column, with their lines.
    pub(super) fn foreign_ids_seen(&self, at: usize) -> String {
        let cells = self.sought.first.iter().filter_map(|(line, cells)| {
            let cell = text(cells.get(at)?);
            (!cell.is_empty()).then(|| format!("“{}” on line {line}", excerpt(cell)))
        });
        cells.take(2).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn of_foreign_ids(&self, at: usize) -> Advice {
        let Some(map) = self.tried(vec![self.left_out(at)]) else {
            return Advice::words("Add a column with the users' emails or Atlassian account ids");
        };
        let mut advice = Advice::words("To leave the column out: ");
        advice.offer(vec![Change::of_map(map)]);
        advice
    }

    pub(super) fn of_answers(&self, at: usize) -> Advice {
        let mut advice = Advice::words("Put only the rows that are meant into a file");
        let has_action = self.options.map.iter().any(|(name, _)| self.is_action(name));
        let of_yes = self.may_choose(at) && !has_action;
        if let Some(maps) = of_yes.then(|| self.tried(vec![self.is(Field::Action, at)])).flatten() {
            advice.say(
                "; or, if a yes means that the row is to be changed, change only those rows: ",
            );
            advice.offer(vec![Change::of_map(maps)]);
        }
        if let Some(heading) = self.renamed(at).filter(|_| !has_action) {
            advice.say(&format!(
                "; or, if a yes means that this job is to change the row, rename the column to {} and try \
                 again",
                shown(&heading)
            ));
        }
        // Another column may then choose the rows, so this would not be "every row".
        let others = self.other_marks(at);
        let columns = std::iter::once(at).chain(others.iter().copied());
        let all = self.tried(columns.map(|at| self.left_out(at)).collect());
        let all = all.filter(|maps| !maps.iter().any(|(name, _)| self.is_action(name)));
        if let Some(maps) = all {
            let these = match others.as_slice() {
                [] => "this column means something else",
                [_, ..] => "these columns mean something else",
            };
            advice.say(&format!("; or, only if {these}, change every row, also those with a no: "));
            advice.offer(vec![Change::of_map(maps)]);
        }
        advice
    }

    /// The other columns with marks under headings that say nothing about the row. One of them would stop the job
    /// next. (`Do not touch` is never among them: it is asked about alone.)
    fn other_marks(&self, at: usize) -> Vec<usize> {
        let marked = self.sought.marked(&self.options.map, &Found::default()).into_iter();
        let differing = marked.filter(|(other, mark)| *other != at && mark.is_none());
        let says_nothing = |other: &usize| of_yes(&self.sought.headings[*other]) != Yes::Forbids;
        differing.map(|(other, _)| other).filter(says_nothing).collect()
    }

    /// A new heading with which the column would choose the rows, if its current heading names another job.
    fn renamed(&self, at: usize) -> Option<String> {
        if self.may_choose(at) || of_yes(&self.sought.headings[at]) == Yes::Forbids {
            return None;
        }
        let verb = self.options.asked.first()?.split_whitespace().next()?;
        let capital = verb.chars().next()?.to_uppercase().chain(verb.chars().skip(1));
        let heading: String = capital.chain(['?']).collect();
        let mut headings = self.sought.texts();
        headings[at].clone_from(&heading);
        let headings = HeadingLine::of(&headings);
        let renamed = Sought { headings: &headings, ..*self.sought };
        let remedy = Remedy { sought: &renamed, options: self.options };
        remedy.tried(vec![remedy.is(Field::Action, at)]).map(|_| heading)
    }
}
