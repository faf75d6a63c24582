//! Reads what a row asks for, and checks that no cell of it asks for something else. Pure.
//!
//! A job makes the same kind of change for every row. If a spreadsheet says `remove` in some rows and `add` in
//! others, it is meant for several jobs, and some rows would be changed in the opposite way.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::jobs;
use crate::rows::{
    Chosen, Columns, DECISIONS, Field, Intent, SheetJob, Yes, decision, is_asked, is_imperative,
    of_yes,
};
use headcount_model::job::Job;
use headcount_sheet::heading::words::words;
use headcount_sheet::quoting::{excerpt, list, shown};
use headcount_sheet::{Problem, Raw, cell_text, normalized};
use jiff::civil::Date;

/// Why a row asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoIntent {
    /// All its problems at once.
    Unreadable(Vec<Problem>),
    /// A cell of the row says that it should not be changed; in words.
    NotAsked(String),
    /// An access review decides `keep` for what the row names; in words.
    Kept(String, Box<Intent>),
}

/// Reads what a row asks for. Days in its cells are compared with this day.
pub fn read(job: Job, raw: &Raw, columns: &Columns, today: Date) -> Result<Intent, NoIntent> {
    let carried = columns.with_carried_faint(raw);
    let raw = carried.as_ref().unwrap_or(raw);
    if let Some(problem) = &raw.problem {
        return Err(NoIntent::Unreadable(vec![problem.clone()]));
    }
    if let Some((at, Chosen::No)) = columns.chosen(&raw.cells) {
        return Err(NoIntent::NotAsked(not_asked(raw, columns, at)));
    }
    let intent = (jobs::of(job).read)(raw, columns);
    let intent = match (decided(job, raw, columns), intent) {
        (Decided::Here, intent) => intent,
        (Decided::Elsewhere(words), _) => return Err(NoIntent::NotAsked(words)),
        (Decided::Keep(words), Ok(intent)) => {
            return Err(NoIntent::Kept(words, Box::new(intent)));
        }
        (Decided::Keep(words), Err(_)) => return Err(NoIntent::NotAsked(words)),
        (Decided::Unclear(problem), Ok(_)) => Err(vec![problem]),
        (Decided::Unclear(problem), Err(mut problems)) => {
            problems.push(problem);
            Err(problems)
        }
    };
    // The row says which of several jobs it asks for.
    let of_row = intent.as_ref().ok().and_then(|intent| intent.job);
    if jobs::of(job).sheet == SheetJob::Actions && of_row.is_none() {
        return intent.map_err(NoIntent::Unreadable);
    }
    let job = of_row.unwrap_or(job);
    let against = another(job, raw, columns).or_else(|| kept(job, raw, columns, today));
    match (against, intent) {
        (None, intent) => intent.map_err(NoIntent::Unreadable),
        (Some(problem), Ok(_)) => Err(NoIntent::Unreadable(vec![problem])),
        (Some(problem), Err(mut problems)) => {
            problems.push(problem);
            Err(NoIntent::Unreadable(problems))
        }
    }
}

/// What an access review decides about a row.
enum Decided {
    /// This job, or there is no such column.
    Here,
    /// Another job, in words.
    Elsewhere(String),
    /// Nothing is to be changed, in words.
    Keep(String),
    /// No decision, or none that a review knows.
    Unclear(Problem),
}

fn decided(job: Job, raw: &Raw, columns: &Columns) -> Decided {
    let Some(at) = columns.index(Field::Decision) else { return Decided::Here };
    let Some(own) = jobs::of(job).decision else {
        return Decided::Unclear(problem(job, raw, columns, at));
    };
    let cell = raw.cells.get(at).map_or("", String::as_str);
    match decision(cell) {
        Some(word) if word == own => Decided::Here,
        Some("keep") => Decided::Keep(not_asked(raw, columns, at)),
        Some(_) => Decided::Elsewhere(not_asked(raw, columns, at)),
        None => {
            let what = match cell_text(cell) {
                "" => "the cell is empty, so nothing is decided about the row".to_owned(),
                other => format!("“{}” is no decision of an access review", excerpt(other)),
            };
            let todo = format!("write {}, or remove the row", list(&DECISIONS.map(str::to_owned)));
            Decided::Unclear(Problem {
                line: raw.line,
                column: Some(columns.heading(at)),
                what,
                todo,
            })
        }
    }
}

fn not_asked(raw: &Raw, columns: &Columns, at: usize) -> String {
    let heading = shown(&columns.heading(at));
    match cell_text(raw.cells.get(at).map_or("", String::as_str)) {
        "" => format!("{heading} is empty in this row"),
        cell => format!("{heading} says “{}” in this row", excerpt(cell)),
    }
}

/// Words that only say which user or group an action is for.
const OBJECT_WORDS: &str = "user users account accounts member members person to from in into the group \
                      groups site access token tokens";

/// A set of words, normalized.
fn set_of<'t>(words: impl Iterator<Item = &'t str>) -> HashSet<String> {
    words.map(normalized).collect()
}

static OBJECTS: LazyLock<HashSet<String>> =
    LazyLock::new(|| set_of(OBJECT_WORDS.split_whitespace()));

/// The verbs that ask for each job, normalized once: every row is compared with them.
static ASKED: LazyLock<HashMap<Job, HashSet<String>>> = LazyLock::new(|| {
    let verbs = |job: Job| jobs::of(job).asked.iter().flat_map(|list| list.split_whitespace());
    Job::ALL.into_iter().map(|job| (job, set_of(verbs(job)))).collect()
});

/// Whether a cell asks for the job's action: `Add`, `add to group`, `user create`; not `do not add`.
fn asks_for(job: Job, written: &str) -> bool {
    let is_meant = |word: &String| ASKED.get(&job).is_some_and(|verbs| verbs.contains(word));
    let asked: Vec<String> = written.split_whitespace().map(normalized).collect();
    asked.iter().any(is_meant) && asked.iter().all(|word| is_meant(word) || OBJECTS.contains(word))
}

/// The problem of a row that asks for another action, or for none.
fn another(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let answered = columns.chosen(&raw.cells);
    let of_action = match answered {
        Some((at, chosen)) => by_answer(job, raw, columns, at, chosen),
        None => in_action(job, raw, columns),
    };
    of_action.or_else(|| passed_answer(raw, columns)).or_else(|| elsewhere(job, raw, columns))
}

/// Checks a cell that chooses its row: a yes below a heading that asks for the job's action, or a verb.
fn by_answer(job: Job, raw: &Raw, columns: &Columns, at: usize, chosen: Chosen) -> Option<Problem> {
    let heading = columns.heading(at);
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    if chosen == Chosen::Yes {
        let is_job = matches!(of_yes(&heading), Yes::Asks(verbs) if verbs.iter().all(|verb| is_asked(verb, jobs::of(job).asked)));
        return (!is_job).then(|| Problem {
            what: format!(
                "a yes below {} asks for something else than `{}`",
                shown(&heading),
                job.command()
            ),
            todo: format!(
                "if it does mean that this job is to change the row, rename the column to the job's verb \
                 with a question mark; or put only the rows that are meant into a file; or leave the column \
                 out: {}",
                columns.option_to_leave_out(at)
            ),
            ..problem(job, raw, columns, at)
        });
    }
    let what = format!(
        "it is not clear whether “{}” says that the row is meant",
        written.chars().take(40).collect::<String>()
    );
    let todo = "write yes or no".to_owned();
    let is_unclear = !asks_for(job, written);
    is_unclear.then_some(Problem { line: raw.line, column: Some(heading), what, todo })
}

/// Checks a yes or no in a column that no option names, below a heading that makes it decide.
fn passed_answer(raw: &Raw, columns: &Columns) -> Option<Problem> {
    let at = columns.passed_answer(&raw.cells)?;
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    let what = match written {
        "" => "the cell is empty, so the row may not be meant".to_owned(),
        _ => format!(
            "“{}” seems to say whether the row is meant, and headcount would not read it",
            excerpt(written)
        ),
    };
    let todo = format!(
        "put only the rows that are meant into a file; or, only if this column means something else, \
         leave it out: {}",
        columns.option_to_leave_out(at)
    );
    Some(Problem { line: raw.line, column: Some(columns.heading(at)), what, todo })
}

/// Checks cells that say that a row is to be kept, if the job takes something away.
fn kept(job: Job, raw: &Raw, columns: &Columns, today: Date) -> Option<Problem> {
    // Memberships are taken away, too.
    static REMOVING: LazyLock<HashSet<Job>> =
        LazyLock::new(|| Job::ALL.into_iter().filter(|job| asks_for(*job, "remove")).collect());
    if !jobs::of(job).takes_away && !REMOVING.contains(&job) {
        return None;
    }
    if let Some((at, what)) = columns.reservation_in_comment(&raw.comments, today) {
        return Some(Problem {
            line: raw.line,
            column: Some(columns.heading(at)),
            what: format!("the comment on the cell, {what}"),
            todo: "remove the row, or the comment".to_owned(),
        });
    }
    let (at, what) = columns.reservation(&raw.cells, today)?;
    let todo = match columns.uses(at) {
        true => "write only the address, or remove the row".to_owned(),
        false => format!(
            "remove the row; or, to change all rows whatever this column says, leave it out: {}",
            columns.option_to_leave_out(at)
        ),
    };
    Some(Problem { line: raw.line, column: Some(columns.heading(at)), what, todo })
}

/// Checks cells under a neutral heading (`Status`, `Change`) for a verb of another job: `delete`, `keep`.
fn elsewhere(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let is_carried = |at: &usize| {
        !columns.uses(*at)
            && !columns.is_left_out(*at)
            && !columns.secret_indexes().contains(at)
            && !columns.names_a_person(*at)
    };
    let asks_for_another = |at: &usize| {
        let written = cell_text(&raw.cells[*at]);
        (is_order(written) && !asks_for(job, written))
            || forbids(written)
            || is_of_others(job, &columns.heading(*at), written)
    };
    let at = (0..raw.cells.len()).filter(is_carried).find(asks_for_another)?;
    Some(problem(job, raw, columns, at))
}

/// What exports of HR systems write into the rows of users who come.
const COMES: &str = "joiner|new joiner|starter|new starter|new hire|newhire|onboarding|new employee|neueintritt|\
                     eintritt|neuzugang|arrivée|nouvel arrivant|alta|nueva alta|nowy pracownik";

/// The same for users who leave.
const LEAVES: &str = "leaver|terminated|termination|resigned|resignation|dismissed|deceased|offboarding|former|\
                      former employee|austritt|ausgeschieden|départ|sortant|baja|zwolniony";

/// The same for users who work.
const WORKS: &str = "active|employed|current|aktiv|beschäftigt";

/// Whether a cell says that the row's user comes, in a job that takes something away, or leaves, in a job that gives
/// something: a list of all events of a month, or of all employees.
fn is_of_others(job: Job, heading: &str, written: &str) -> bool {
    if written.len() > 40 {
        return false;
    }
    static OF_COMING: LazyLock<HashSet<String>> = LazyLock::new(|| set_of(COMES.split('|')));
    static OF_LEAVING: LazyLock<HashSet<String>> = LazyLock::new(|| set_of(LEAVES.split('|')));
    static OF_WORKING: LazyLock<HashSet<String>> = LazyLock::new(|| set_of(WORKS.split('|')));
    let text = normalized(written);
    let gives = || {
        let of_giving = |word: &&str| asks_for(job, word);
        ["add", "create", "activate", "restore", "grant"].iter().any(of_giving)
    };
    if !jobs::of(job).takes_away {
        return OF_LEAVING.contains(&text) && gives();
    }
    if OF_COMING.contains(&text) {
        return true;
    }
    let of_work = words(heading);
    let is_of_work = ["employment", "employee", "worker", "hr"]
        .iter()
        .any(|word| of_work.iter().any(|known| known == word));
    is_of_work && OF_WORKING.contains(&text)
}

/// Beginnings of an instruction not to do something.
const NOT_TO: &str = "do not|don t|dont|never|must not|should not|shall not|not to be|nicht|bitte nicht|noch nicht|\
                      ne pas|no|não|non|niet|nie|please do not|please don t|not yet";

/// Words that may follow, besides the verbs of jobs.
const TOUCH: &str = "touch change modify alter process anfassen ändern verändern toucher modifier tocar \
                     cambiar modificar mexer toccare modificare cambiare aanraken wijzigen zmieniać";

/// Whether a cell of any length begins with an instruction not to change the row: `DO NOT DEACTIVATE - on leave`.
fn forbids(written: &str) -> bool {
    static BEGINNINGS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
        let words = |beginning: &str| beginning.split(' ').map(normalized).collect();
        NOT_TO.split('|').map(words).collect()
    });
    static TOUCHES: LazyLock<HashSet<String>> =
        LazyLock::new(|| TOUCH.split_whitespace().map(normalized).collect());
    let words = words(written);
    let is_verb = |word: &String| is_imperative(word) || TOUCHES.contains(word);
    BEGINNINGS.iter().any(|beginning| {
        words.starts_with(beginning) && words.get(beginning.len()).is_some_and(is_verb)
    })
}

/// Whether a cell is only a verb of a job, or one that says not to change the row.
fn is_order(written: &str) -> bool {
    // Longer cells are sentences.
    written.len() <= 40 && written.split_whitespace().count() <= 3 && {
        let words = || written.split_whitespace().map(normalized);
        words().any(|word| is_imperative(&word))
            && words().all(|word| is_imperative(&word) || is_beside(&word))
    }
}

fn is_beside(word: &str) -> bool {
    OBJECTS.contains(word)
}

fn in_action(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let at = columns.index(Field::Action)?;
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    if asks_for(job, written) {
        return None;
    }
    Some(problem(job, raw, columns, at))
}

fn problem(job: Job, raw: &Raw, columns: &Columns, at: usize) -> Problem {
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    let command = job.command();
    let what = match written.is_empty() {
        true => {
            format!("the cell is empty, so it does not ask for `{command}`")
        }
        false => {
            let written: String = written.chars().take(40).collect();
            format!("the row asks for “{written}”, and this job is `{command}`")
        }
    };
    let without = columns.option_to_leave_out(at);
    let todo = format!(
        "put the rows of each action into a file of their own; or, to change all of them whatever this \
         column says: {without}"
    );
    Problem { line: raw.line, column: Some(columns.heading(at)), what, todo }
}
