//! Advice for a column whose answers say whether a row applies.

use headcount_sheet::quoting::{excerpt, shown};
use headcount_sheet::{Advice, Change};

use super::answers::{Answer, answer};
use super::cell::text;
use super::deciding::{Yes, decides, is_asked, of_yes};
use super::finding::Sought;
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
        let all = self.tried(vec![self.left_out(at)]);
        let all = all.filter(|maps| !maps.iter().any(|(name, _)| self.is_action(name)));
        if let Some(maps) = all {
            advice.say(
                "; or, only if this column means something else, change every row, also those \
                        with a no: ",
            );
            advice.offer(vec![Change::of_map(maps)]);
        }
        advice
    }

    /// A new heading with which the column would choose the rows, if its current heading names another job.
    fn renamed(&self, at: usize) -> Option<String> {
        if self.may_choose(at) || of_yes(&self.sought.headings[at]) == Yes::Forbids {
            return None;
        }
        let verb = self.options.asked.first()?.split_whitespace().next()?;
        let capital = verb.chars().next()?.to_uppercase().chain(verb.chars().skip(1));
        let heading: String = capital.chain(['?']).collect();
        let mut headings = self.sought.headings.to_vec();
        headings[at].clone_from(&heading);
        let renamed = Sought { headings: &headings, ..*self.sought };
        let remedy = Remedy { sought: &renamed, options: self.options };
        remedy.tried(vec![remedy.is(Field::Action, at)]).map(|_| heading)
    }
}
