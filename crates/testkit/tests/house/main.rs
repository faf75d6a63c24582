//! The rules of the house, computed from the source: sizes of files and functions, circles between files and folders,
//! the crates that each crate may use, and the files that a row enters.
//!
//! An exception is listed with its reason. An exception that no longer applies fails the test, so the lists only
//! become shorter.

mod circles;
mod imports;
mod naming;
mod source;
mod trip;
mod wildcards;

use std::collections::BTreeSet;

use source::{Crate, crates};

/// Code lines of a file, without blank lines and comments.
const FILE_LINES: usize = 400;

/// Lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 60;

/// Files that are longer today. None.
const LONG_FILES: &[&str] = &[];

/// Functions that are longer today, each with its file. None.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// Circles that exist today: a folder, and its files and folders that import each other. None.
const CIRCLES: &[(&str, &[&str])] = &[];

/// Dependencies that are not allowed: a crate, and the crates that it must not use.
const FORBIDDEN: &[(&str, &[&str])] = &[
    // The crates under the faces do not know the faces.
    ("app", &["headcount-web", "clap", "axum", "maud"]),
    // The page does not know the command line. Only the command that starts the page knows the page.
    ("web", &["clap", "console", "indicatif"]),
    // The client and the sandbox share no types, so that a wrong type shows as a difference between them.
    ("sandbox", &["headcount-atlassian", "headcount-model", "headcount-people"]),
    ("journal", &["headcount-people", "headcount-atlassian", "headcount-app"]),
    ("sheet", &["headcount-people", "headcount-atlassian", "headcount-journal", "headcount-app"]),
    ("model", &["headcount-people", "headcount-atlassian", "headcount-journal", "headcount-sheet"]),
    // The engine knows only steps.
    ("engine", &["headcount-people", "headcount-atlassian", "headcount-sheet", "headcount-app"]),
    ("postman", &["headcount-journal", "headcount-engine", "headcount-people", "headcount-app"]),
    ("collections", &["headcount-people", "headcount-atlassian", "headcount-app", "headcount-web"]),
    ("people", &["headcount-postman", "headcount-collections"]),
    ("report", &["headcount-app", "headcount-web", "headcount-people", "headcount-atlassian"]),
    ("people", &["headcount-app", "headcount-web", "headcount-report"]),
];

/// The crates that may name a store of the journal and its database. All others know only the port.
const NAMES_A_STORE: &[(&str, &[&str])] = &[
    ("headcount-journal-sqlite", &["app"]),
    ("rusqlite", &["journal-sqlite"]),
    ("headcount-journal-postgres", &["app"]),
    ("tokio-postgres", &["journal-postgres"]),
];

/// Compares what was found with what is listed, in both directions.
fn assert_listed<T: Ord + Clone + std::fmt::Debug>(what: &str, found: &[T], listed: &[T]) {
    let (found, listed): (BTreeSet<_>, BTreeSet<_>) =
        (found.iter().cloned().collect(), listed.iter().cloned().collect());
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(new.is_empty(), "{what}: {new:#?}");
    assert!(gone.is_empty(), "{what}: no exception any more, take it off the list: {gone:#?}");
}

#[test]
fn files_and_functions_are_short() {
    let (mut files, mut functions) = (Vec::new(), Vec::new());
    for file in crates().iter().flat_map(|of| &of.files) {
        if file.code_lines() > FILE_LINES {
            files.push(file.name.clone());
        }
        for (function, lines) in file.functions() {
            if lines > FUNCTION_LINES {
                functions.push((file.name.clone(), function));
            }
        }
    }
    let long_files: Vec<_> = LONG_FILES.iter().map(|name| (*name).to_owned()).collect();
    let long_functions: Vec<_> = LONG_FUNCTIONS
        .iter()
        .map(|(file, name)| ((*file).to_owned(), (*name).to_owned()))
        .collect();
    assert_listed("files over 400 code lines", &files, &long_files);
    assert_listed("functions over 60 lines", &functions, &long_functions);
}

#[test]
fn no_files_or_folders_import_each_other_in_a_circle() {
    let found: Vec<_> = crates().iter().flat_map(circles::of).collect();
    let listed: Vec<(String, Vec<String>)> = (CIRCLES.iter())
        .map(|(folder, parts)| {
            ((*folder).to_owned(), parts.iter().map(|part| (*part).to_owned()).collect())
        })
        .collect();
    assert_listed("circles", &found, &listed);
}

#[test]
fn one_crate_chooses_the_store_of_the_journal() {
    for (store, names_it) in NAMES_A_STORE {
        let all = crates();
        let found: Vec<&str> = (all.iter())
            .filter(|of| of.dependencies().contains(store))
            .map(|of| of.name.as_str())
            .collect();
        assert_eq!(found, *names_it, "{store}");
    }
}

#[test]
fn crates_know_only_what_they_may() {
    for (name, forbidden) in FORBIDDEN {
        let Some(of) = crates().into_iter().find(|of| of.name == *name) else { continue };
        let known = of.dependencies();
        let wrong: Vec<_> = forbidden.iter().filter(|other| known.contains(**other)).collect();
        assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}");
    }
}

/// The command line starts the page and knows nothing else of it.
#[test]
fn only_the_command_that_starts_the_page_knows_it() {
    let headcount = crates().into_iter().find(|of: &Crate| of.name == "headcount");
    let files = headcount.map(|of| of.files).unwrap_or_default();
    let knows: Vec<_> = (files.iter())
        .filter(|file| file.text.contains("headcount_web"))
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(knows, ["crates/headcount/src/cmd/ui.rs"]);
}

/// A forgotten job must not fall into the arm of another job.
#[test]
fn no_match_over_jobs_or_steps_has_a_wildcard() {
    let all = crates();
    let files = all.iter().filter(|of| of.name != "sandbox").flat_map(|of| &of.files);
    let found: Vec<String> = files
        .flat_map(|file| {
            wildcards::wildcards(file).into_iter().map(move |line| format!("{}:{line}", file.name))
        })
        .collect();
    assert!(found.is_empty(), "wildcards over jobs, step kinds, or APIs: {found:#?}");
}

/// Files that name a job or a kind of step in addition to its own file.
const NAMES_A_JOB: &[(&str, &str)] = &[
    // Jira's request that creates a group has no description; the program says so before it makes a plan.
    ("crates/app/src/plan.rs", "StepKind::CreateGroup"),
    // The job of collections. Its rows are not about users or groups.
    ("crates/collections/src/plan.rs", "Job::RunCollection"),
    // A later run of a collection does not change a user or group, so an undo does not look at it.
    ("crates/people/src/plan/later_runs.rs", "Job::RunCollection"),
];

/// A job or a kind of step is one file and one line in the list. Nothing else has to be edited to add one.
#[test]
fn only_its_own_file_names_a_job_or_a_kind_of_step() {
    let all = crates();
    let files = all.iter().flat_map(|of| &of.files).filter(|file| {
        let own =
            ["crates/people/src/jobs/", "crates/people/src/steps/", "crates/model/src/job.rs"];
        // Files of tests, and the sandbox, which knows no jobs.
        let others = ["_tests.rs", "/tests.rs", "/tests/", "crates/journal-contract/"];
        !own.iter().any(|own| file.name.starts_with(own))
            && !others.iter().any(|other| file.name.contains(other))
    });
    let found: Vec<(String, String)> = files
        .flat_map(|file| {
            naming::of_jobs(&file.text).into_iter().map(|name| (file.name.clone(), name))
        })
        .collect();
    let listed: Vec<_> =
        (NAMES_A_JOB.iter()).map(|(file, name)| ((*file).to_owned(), (*name).to_owned())).collect();
    assert_listed("names a job or a kind of step", &found, &listed);
    let code = "use headcount_model::job::Job;\nif job == Job::AddMembers {}\n// Job::RemoveUsers";
    assert!(naming::of_jobs(code).iter().eq(["Job::AddMembers"]));
    assert!(naming::of_jobs(&code.replace("Job::Add", "Job::ALL; SheetJob::Add")).is_empty());
}

/// Only the executor knows what a step is about: the engine sends a payload, and the journal stores it. The tables
/// of earlier versions are in files of their own (`migrations`); a test of the journal checks today's tables.
#[test]
fn engine_and_journal_name_nothing_of_a_person() {
    // The address of a server names a user of the database.
    const ADDRESS: [&str; 3] = [
        "crates/journal-postgres/src/address.rs",
        "crates/journal-postgres/src/passwords.rs",
        "crates/journal-postgres/src/tests.rs",
    ];
    for name in ["engine", "journal", "journal-sqlite", "journal-postgres"] {
        let of =
            crates().into_iter().find(|of: &Crate| of.name == name).expect("the crate is there");
        let mut found = naming::of_people(&of);
        found.retain(|found| !ADDRESS.iter().any(|file| found.starts_with(file)));
        assert!(found.is_empty(), "{name} names users, groups, or apps: {found:#?}");
    }
    for (text, wanted) in [
        ("AccountId", true),
        ("made_account", true),
        ("SELECT kind, mails FROM steps", true),
        ("SELECT kind, count(*) FROM steps GROUP BY kind", false),
        ("named", false),
    ] {
        assert_eq!(naming::is_of_people(text), wanted, "{text}");
    }
}

/// The engine knows no jobs and no APIs.
#[test]
fn the_engine_names_no_job_and_no_api() {
    let engine = crates().into_iter().find(|of: &Crate| of.name == "engine");
    let files = engine.map(|of| of.files).unwrap_or_default();
    assert!(files.iter().any(|file| file.name.ends_with("reconcile.rs")), "the engine is there");
    for file in &files {
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        let named = ["headcount_model::job", "headcount_model::door"];
        let named: Vec<_> = named.iter().filter(|word| code.contains(**word)).collect();
        assert!(named.is_empty(), "{} names {named:?}", file.name);
    }
}

/// Only the caller of the spreadsheet reader knows what the columns mean. Messages that show an example may stay.
#[test]
fn the_sheet_names_no_job_address_or_group() {
    let sheet = crates().into_iter().find(|of: &Crate| of.name == "sheet");
    let files = sheet.map(|of| of.files).unwrap_or_default();
    assert!(files.iter().any(|file| file.name.ends_with("vocabulary.rs")), "the sheet is there");
    let words = ["Job::", "Field::", "looks_like_mail", "GroupId", "AccountId", "Product"];
    for file in &files {
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        let named: Vec<_> = words.iter().filter(|word| code.contains(**word)).collect();
        assert!(named.is_empty(), "{} names {named:?}", file.name);
    }
}

/// The list of the trip matches the code: its files exist and have the functions, and there are few of them.
#[test]
fn a_row_of_member_add_enters_at_most_40_files() {
    let files: BTreeSet<&str> = trip::TRIP.iter().map(|(file, _)| *file).collect();
    assert_eq!(files.len(), trip::TRIP.len(), "a file is listed twice");
    assert!(files.len() <= trip::MOST, "{} files are more than {}", files.len(), trip::MOST);
    let all = crates();
    for (name, function) in trip::TRIP {
        let file = all.iter().flat_map(|of| &of.files).find(|file| file.name == *name);
        let text = &file.unwrap_or_else(|| panic!("{name} does not exist")).text;
        let has = ["fn", "static"].iter().any(|kind| {
            ["(", "<", ":"].iter().any(|end| text.contains(&format!("{kind} {function}{end}")))
        });
        assert!(has, "{name} has no `{function}`");
    }
}
