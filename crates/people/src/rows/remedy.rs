//! Advice for uncertain columns. Each advice is tried before it is shown: a `--map` that only leads to the next
//! error would be worse than none.

use super::address::looks_like_mail;
use super::finding::Sought;
use super::fitting::{Fit, filled, fit, holds_account_ids};
use super::needs::{Need, example_headings, needs};
use super::search::Trouble;
use super::seeming::{Seeming, seeming, seems_to_tell};
use super::side_by_side::are_two_tables;
use super::wanted::{Field, Job, LEFT_OUT, Wanted, headings_of, is_export, wanted};
use headcount_sheet::heading::names::{column, lettered, name_of};
use headcount_sheet::nearest;
use headcount_sheet::quoting::{list, shown};
use headcount_sheet::{Advice, Change};
use headcount_sheet::{HeadingLine, Options, SheetError};

/// `--map` options: pairs of field and heading.
pub(super) type Maps = Vec<(String, String)>;

/// The most options in a row that are offered as advice.
const STEPS: usize = 6;

/// Which of two columns that match the same field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    First,
    Second,
}

/// The error of a trouble, with advice.
pub(super) fn error(sought: &Sought<'_>, options: &Options, trouble: Trouble) -> SheetError {
    let remedy = Remedy { sought, options };
    let name = "the sheet".to_owned();
    match trouble {
        Trouble::Map(error) => error,
        Trouble::Two(field, first, second) => SheetError::TwoColumns {
            name,
            what: field.meaning(),
            first: remedy.named(first),
            second: remedy.named(second),
            advice: remedy.of_two(field, first, second),
        },
        Trouble::Passed(passed) => SheetError::PassedOver {
            name,
            columns: remedy.passed_over(&passed),
            advice: remedy.of_passed(&passed),
        },
        Trouble::ForeignIds(at) => SheetError::ForeignIds {
            name,
            heading: remedy.named(at),
            seen: remedy.foreign_ids_seen(at),
            advice: remedy.of_foreign_ids(at),
        },
        Trouble::Answers(at) => SheetError::RowAnswers {
            name,
            heading: remedy.named(at),
            seen: remedy.answers_seen(at),
            advice: remedy.of_answers(at),
        },
        Trouble::Missing(needs) => remedy.missing(&needs),
        Trouble::Data(at) => SheetError::DataAsHeading {
            name,
            heading: sought.headings[at].text().to_owned(),
            advice: match without_headings(sought, options) {
                Some(change) => {
                    let mut advice = Advice::words("; or, without headings: ");
                    advice.offer(vec![change]);
                    advice
                }
                None => Advice::default(),
            },
        },
    }
}

/// The options that read the first line as a row, if the columns are then certain.
pub(super) fn without_headings(sought: &Sought<'_>, options: &Options) -> Option<Change> {
    // The two options exclude each other.
    if options.heading.is_some() || options.no_headings || is_export(sought.job) {
        return None;
    }
    // With one of several addresses in a line, the users of the others would be lost.
    if sought.headings.iter().filter(|heading| looks_like_mail(heading)).count() > 1 {
        return None;
    }
    let headings = HeadingLine::of(&lettered(sought.headings.len()));
    let first_row = (0, sought.texts());
    let first: Vec<_> = std::iter::once(first_row).chain(sought.first.iter().cloned()).collect();
    let lettered = Sought { job: sought.job, headings: &headings, first: &first };
    let without = Options { no_headings: true, map: Vec::new(), ..options.clone() };
    let map = Remedy { sought: &lettered, options: &without }.tried(Maps::new())?;
    options.map.is_empty().then_some(Change { no_headings: true, map, ..Change::default() })
}

/// The `--map` options that make the columns certain; `None` if none do.
pub(super) fn options_needed(sought: &Sought<'_>, options: &Options) -> Option<Maps> {
    Remedy { sought, options }.tried(Maps::new())
}

/// The data for finding the columns.
pub(super) struct Remedy<'a> {
    pub(super) sought: &'a Sought<'a>,
    pub(super) options: &'a Options,
}

impl Remedy<'_> {
    /// A heading in a message, with its letters if others have the same heading.
    pub(super) fn named(&self, at: usize) -> String {
        let (headings, name) = (self.sought.headings, name_of(self.sought.headings, at));
        let heading = headings[at].trim();
        match column(headings, heading) == Ok(at) || heading.is_empty() {
            true if heading.is_empty() => name,
            true => headings[at].text().to_owned(),
            false => format!("{heading} ({})", name.trim_start_matches("Column ")),
        }
    }

    pub(super) fn is(&self, field: Field, at: usize) -> (String, String) {
        (field.name().to_owned(), name_of(self.sought.headings, at))
    }

    pub(super) fn left_out(&self, at: usize) -> (String, String) {
        (LEFT_OUT.to_owned(), name_of(self.sought.headings, at))
    }

    /// These options together with all others that are needed, if the columns are then certain and hold what the
    /// options say.
    pub(super) fn tried(&self, start: Maps) -> Option<Maps> {
        self.tried_with(start, Rank::First)
    }

    /// The same after one of two columns was chosen. Of two others that match the same field, the one with the
    /// same rank belongs to it (`Email 1`, `Group 1`, `Email 2`, `Group 2`).
    fn tried_with(&self, start: Maps, rank: Rank) -> Option<Maps> {
        if is_export(self.sought.job) {
            return None;
        }
        let mut added = start;
        for _ in 0..STEPS {
            let map: Maps = self.options.map.iter().chain(&added).cloned().collect();
            match self.sought.found(&map) {
                Ok(found) => return Some(added).filter(|added| self.sought.fits(added, &found)),
                Err(trouble) => added.extend(self.next_step(&trouble, &map, rank)?),
            }
        }
        None
    }

    /// The most probable solution of a trouble.
    fn next_step(&self, trouble: &Trouble, map: &[(String, String)], rank: Rank) -> Option<Maps> {
        match trouble {
            Trouble::Map(_) | Trouble::Data(_) => None,
            Trouble::Two(field, ..) if self.is_users_choice(*field) => None,
            Trouble::Two(field, first, second) => {
                let fits = |at: usize| fit(*field, at, self.sought.first) != Fit::Other;
                let (one, other) = match rank {
                    Rank::First => (*first, *second),
                    Rank::Second => (*second, *first),
                };
                Some(vec![self.is(*field, if fits(one) { one } else { other })])
            }
            Trouble::Passed(passed) => Some(self.taken(passed)),
            Trouble::ForeignIds(at) => Some(vec![self.left_out(*at)]),
            // Never left out silently, because that would use the rows with a no.
            Trouble::Answers(at) => {
                let has_action = map.iter().any(|(name, _)| self.is_action(name));
                (!has_action && self.may_choose(*at)).then(|| vec![self.is(Field::Action, *at)])
            }
            Trouble::Missing(needs) if self.needs_choice(needs) => {
                match &mut self.addresses(map)[..] {
                    [only] => Some(std::mem::take(only)),
                    _ => None,
                }
            }
            Trouble::Missing(needs) => {
                let mut maps = Maps::new();
                for need in needs {
                    let taken: Maps = map.iter().chain(&maps).cloned().collect();
                    maps.push(self.candidates(need, &taken).into_iter().next()?);
                }
                Some(maps)
            }
        }
    }

    /// Columns that look like one of the job's, mapped to it: the first for each field.
    fn taken(&self, passed: &[(Field, usize)]) -> Maps {
        let mut maps = Maps::new();
        for &(field, at) in passed {
            let fits = fit(field, at, self.sought.first) != Fit::Other;
            // The row names its groups, so ids of groups are not used.
            let is_id = seeming(&self.sought.headings[at]) == Seeming::GroupId;
            if (is_id && field == Field::Groups) || !fits {
                maps.push(self.left_out(at));
            } else if !maps.iter().any(|(name, _)| name == field.name()) {
                maps.push(self.is(field, at));
            }
        }
        maps
    }

    fn of_two(&self, field: Field, first: usize, second: usize) -> Advice {
        if are_two_tables(self.sought.headings, first, second) {
            return Advice::words(
                "these seem to be two tables next to each other: put one below the other, under one line of \
                 headings",
            );
        }
        let all = |maps: [Option<Maps>; 2]| -> Vec<Change> {
            maps.into_iter().flatten().map(Change::of_map).collect()
        };
        let which = all([
            self.tried_with(vec![self.is(field, first)], Rank::First),
            self.tried_with(vec![self.is(field, second)], Rank::Second),
        ]);
        let one = [
            self.tried_with(vec![self.left_out(first)], Rank::Second),
            self.tried_with(vec![self.left_out(second)], Rank::First),
        ];
        let (mut without, mut one_or_both) = (all(one), "one");
        // If the job does not require the field, leaving one out so that the other counts would be the same advice
        // twice.
        let is_needed = needs(self.sought.job).iter().any(|need| need.one_of.contains(&field));
        let takes = |change: &Change| change.map.iter().any(|(name, _)| name == field.name());
        if !is_needed && field != Field::Action && without.iter().all(takes) {
            let both = self.tried(vec![self.left_out(first), self.left_out(second)]);
            (without, one_or_both) = (both.map(Change::of_map).into_iter().collect(), "both");
        }
        let mut advice = Advice::default();
        if which.is_empty() && without.is_empty() {
            advice.say("give them different headings, or remove one");
        }
        if !which.is_empty() {
            advice.say("choose one: ");
            advice.offer(which.clone());
        }
        if !without.is_empty() {
            let or = if which.is_empty() { "" } else { "; or " };
            advice.say(&format!("{or}leave {one_or_both} out: "));
            advice.offer(without);
        }
        advice
    }

    fn passed_over(&self, passed: &[(Field, usize)]) -> String {
        let looks = |&(field, at): &(Field, usize)| {
            format!("{} looks like {}", shown(&self.named(at)), field.meaning())
        };
        passed.iter().map(looks).collect::<Vec<_>>().join(", and ")
    }

    fn of_passed(&self, passed: &[(Field, usize)]) -> Advice {
        let taken = self.taken(passed);
        let without: Maps = passed.iter().map(|(_, at)| self.left_out(*at)).collect();
        let mut maps = vec![self.tried(taken.clone())];
        if taken != without {
            maps.push(self.tried(without));
        }
        let maps: Vec<Change> = maps.into_iter().flatten().map(Change::of_map).collect();
        let mut advice = Advice::words(match maps.is_empty() {
            true => "give it another heading, or remove it",
            false => "choose one: ",
        });
        advice.offer(maps);
        advice
    }

    /// Columns that may be the missing one, the most probable first, without those that the options name.
    fn candidates(&self, need: &Need, map: &[(String, String)]) -> Maps {
        let (job, headings, first) = (self.sought.job, self.sought.headings, self.sought.first);
        let is_named = |at: usize| {
            let mut names = map.iter();
            names.any(|(_, heading)| column(headings, heading) == Ok(at))
        };
        let may_be = |at: &usize| {
            let heading = &headings[*at];
            !heading.is_secret() && seeming(heading) != Seeming::OtherMail && !is_named(*at)
        };
        let places: Vec<usize> = (0..headings.len()).filter(may_be).collect();
        let mut found: Vec<(Field, usize)> = self.by_cells(need, &places);
        for &at in &places {
            let field = seems_to_tell(job, &headings[at]);
            found
                .extend(field.filter(|field| need.one_of.contains(field)).map(|field| (field, at)));
        }
        let known = |field| headings_of(job).iter().find(|(known, _)| *known == field);
        for (field, names) in need.one_of.iter().filter_map(|field| known(*field)) {
            for name in names {
                let near = nearest(name, places.iter().map(|at| headings[*at].text()), 3);
                for near in near {
                    let at = places.iter().find(|at| headings[**at].text() == near);
                    found.extend(at.map(|at| (*field, *at)));
                }
            }
        }
        let fits =
            |(field, at): &(Field, usize)| first.is_empty() || fit(*field, *at, first) == Fit::Fits;
        let mut maps = Maps::new();
        for (field, at) in found.into_iter().filter(fits) {
            let one = self.is(field, at);
            if !maps.iter().any(|(_, heading)| *heading == one.1) {
                maps.push(one);
            }
        }
        maps
    }

    /// Columns whose cells show their meaning, whatever their heading: emails, ids. Without headings, the only
    /// column that is neither is the group's.
    fn by_cells(&self, need: &Need, places: &[usize]) -> Vec<(Field, usize)> {
        let (headings, first) = (self.sought.headings, self.sought.first);
        let all_are = |at: usize, is_it: &dyn Fn(&str) -> bool| {
            let mut cells = filled(at, first).peekable();
            cells.peek().is_some() && cells.all(is_it)
        };
        let is_mail = |at: usize| all_are(at, &looks_like_mail);
        let is_id = |at: usize| holds_account_ids(&headings[at], at, first);
        let needs = |field: Field| need.one_of.contains(&field);
        let mut found = Vec::new();
        for &at in places {
            if needs(Field::Email) && is_mail(at) {
                found.push((Field::Email, at));
            } else if needs(Field::AccountId) && is_id(at) {
                found.push((Field::AccountId, at));
            }
        }
        let others = places.iter().filter(|at| !is_mail(**at) && !is_id(**at));
        if let [only] = others.collect::<Vec<_>>()[..]
            && self.options.no_headings
        {
            let group = [Field::Group, Field::Name].into_iter().find(|field| needs(*field));
            found.extend(group.map(|field| (field, *only)));
        }
        found
    }

    /// Everything that is missing, in one error.
    fn missing(&self, needs: &[&'static Need]) -> SheetError {
        let job = self.sought.job;
        let (mut what, mut headings) = (needs[0].what.to_owned(), in_words(job, needs[0]));
        for more in &needs[1..] {
            what.push_str(&format!(", and none has {}", more.what));
            headings.push_str(&format!("; and {}", in_words(job, more)));
        }
        SheetError::MissingColumn {
            name: "the sheet".to_owned(),
            need: what,
            wanted: headings,
            advice: self.of_missing(needs),
        }
    }

    fn of_missing(&self, needs: &[&'static Need]) -> Advice {
        let headings = self.sought.headings;
        let mut advice = Advice::words(format!("The headings are {}.", list(headings)));
        advice.say(needs[0].besides);
        if let Some(mail) = headings.iter().find(|heading| looks_like_mail(heading)) {
            advice.say(&format!(
                " {} looks like data: this line must hold the headings, such as `{}`.",
                shown(mail),
                example_headings(self.sought.job)
            ));
            if let Some(change) = without_headings(self.sought, self.options) {
                advice.say(" If the file has no headings: ");
                advice.offer(vec![change]);
            }
        } else if self.needs_choice(needs) {
            if !self.offer_addresses(&mut advice) {
                advice.say(&self.add_columns(needs));
            }
        } else if let Some(maps) = self.tried(Maps::new()) {
            let near: Vec<String> =
                self.candidates(needs[0], &self.options.map).into_iter().map(|(_, h)| h).collect();
            let near = &near[..near.len().min(3)];
            if !near.is_empty() {
                advice.say(&format!(" Nearest: {}.", list(near)));
            }
            advice.say(match maps.len() {
                1 => " If this is the right column: ",
                _ => " If these are the right columns: ",
            });
            advice.offer(vec![Change::of_map(maps)]);
        } else if is_export(self.sought.job) {
            advice.say(" Name the file as Atlassian exported it.");
        } else {
            advice.say(&self.add_columns(needs));
        }
        advice
    }

    /// The columns that the spreadsheet lacks, if no option helps.
    fn add_columns(&self, needs: &[&'static Need]) -> String {
        let several = self.several_in_a_cell(needs).map(|at| {
            format!(
                " Column {} has several groups in one cell: write one group a row, under the heading \
                 `Group`.",
                shown(&self.named(at))
            )
        });
        let fields: Vec<String> =
            needs.iter().map(|need| format!("`{}`", need.one_of[0].name())).collect();
        several.unwrap_or_else(|| {
            format!(
                " Add such a column, or name the existing one with --map (field {}).",
                fields.join(" and ")
            )
        })
    }

    /// A column with several groups in a cell, if the job takes one per row.
    fn several_in_a_cell(&self, needs: &[&'static Need]) -> Option<usize> {
        let is_group = needs.iter().any(|need| need.one_of.contains(&Field::Group));
        let has_several = |at: &usize| {
            seeming(&self.sought.headings[*at]) == Seeming::Group
                && filled(*at, self.sought.first).any(|cell| cell.contains(';'))
        };
        (0..self.sought.headings.len()).filter(|_| is_group).find(has_several)
    }
}

/// The headings for a need, in words: headcount's own.
fn in_words(job: Job, need: &Need) -> String {
    let of = |field: &Field| wanted(job).iter().find(|(known, _)| known == field);
    let own = need.one_of.iter().filter_map(of).filter_map(|(_, all): &Wanted| all.first());
    let names = own.flat_map(|headings| headings.iter());
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
