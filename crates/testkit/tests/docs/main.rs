//! Keeps the pages under `docs/` equal to the code.
//!
//! `docs/reasons.md` is generated from the table of reasons. Of the other pages, the tests compare tables and
//! names with the code. `UPDATE_DOCS=1 cargo test -p headcount-testkit --test docs` rewrites `docs/reasons.md`.

mod guide;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use headcount_model::event::{Envelope, Event};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::reason::Reason;
use headcount_people::jobs::{self, Creates};
use headcount_people::rows::{
    Columns, Field, SheetJob as Job, every_heading, every_word_of_old_and_new,
};
use headcount_report::ADDED;
use headcount_sheet::Options;
use jiff::Timestamp;
use serde_json::Value;

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(page(name)).unwrap_or_default()
}

#[test]
fn reasons_are_the_code_s() {
    let wanted = reasons();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page("reasons.md"), &wanted).unwrap();
    }
    assert!(
        text("reasons.md") == wanted,
        "docs/reasons.md is stale; rewrite it: UPDATE_DOCS=1 cargo test -p headcount-testkit --test docs"
    );
}

#[test]
fn headings_are_the_code_s() {
    let wanted = headings();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page("headings.md"), &wanted).unwrap();
    }
    assert!(
        text("headings.md") == wanted,
        "docs/headings.md is stale; rewrite it: UPDATE_DOCS=1 cargo test -p headcount-testkit --test docs"
    );
}

#[test]
fn the_table_of_jobs_is_the_code_s() {
    const MARKS: [&str; 2] = ["<!-- written from the code -->\n", "<!-- to here -->\n"];
    let page_now = text("jobs.md");
    let (before, rest) = page_now.split_once(MARKS[0]).expect("docs/jobs.md has the first mark");
    let (_, after) = rest.split_once(MARKS[1]).expect("docs/jobs.md has the second mark");
    let wanted = format!("{before}{}{}{}{after}", MARKS[0], jobs(), MARKS[1]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page("jobs.md"), &wanted).unwrap();
    }
    assert!(
        text("jobs.md") == wanted,
        "the table of docs/jobs.md is stale; rewrite it: UPDATE_DOCS=1 cargo test -p headcount-testkit --test docs"
    );
}

fn jobs() -> String {
    let mut table =
        String::from("| job | does | a row holds | credential | undo |\n|---|---|---|---|---|\n");
    for (spec, tile) in jobs::tiles() {
        let undo = match (spec.undo_sends, spec.creates != Creates::Nothing) {
            (true, true) => format!("`{}`, with `--remove-created`", spec.inverse),
            (true, false) => format!("`{}`", spec.inverse),
            (false, _) => "none".to_owned(),
        };
        let (job, about, with) = (spec.job, tile.about, spec.credentials().words());
        let needs = tile.needs.replace(" in each row", "");
        let with = if with.contains(" or ") { "either" } else { with };
        let _ = writeln!(table, "| `{job}` | {about} | {needs} | {with} | {undo} |");
    }
    table
}

/// The section of each field's headings, by source. Headings that several jobs share are listed once.
fn headings() -> String {
    let mut page = String::from(
        "# Headings\n\n\
         The headings that headcount knows without `--map`, by field and by where they are from. \
         Case, accents, spaces, punctuation and wrappings (`[Required]`, `*`, `(optional)`, \
         `Name [displayName] Required`) do not count.\n\n\
         This page is written from the code (`./task docs`).\n\n\
         | `--map` name | from | headings |\n|---|---|---|\n",
    );
    let mut rows: Vec<((&str, &str), Vec<&str>)> = Vec::new();
    for (_, field, source, heading) in every_heading() {
        if matches!(field, Field::Gone(_)) {
            continue;
        }
        let key = (field.name(), source);
        let at = rows.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            rows.push((key, Vec::new()));
            rows.len() - 1
        });
        if !rows[at].1.contains(&heading) {
            rows[at].1.push(heading);
        }
    }
    rows.sort_by_key(|((field, _), _)| rank(field));
    for ((field, source), headings) in rows {
        let quoted: Vec<String> = headings.iter().map(|heading| format!("`{heading}`")).collect();
        let _ = writeln!(page, "| `{field}` | {source} | {} |", quoted.join(", "));
    }
    page + &words_of_old_and_new()
}

/// The words by which `user email` distinguishes the old address from the new one.
fn words_of_old_and_new() -> String {
    let mut page = String::from(
        "\n## Words for old and new addresses\n\n\
         For `user email`, one of these words before or after a heading of `email` says which address it is: \
         `Nuova e-mail`, `E-mailadres (oud)`.\n\n\
         | `--map` name | from | words |\n|---|---|---|\n",
    );
    let words: Vec<_> = every_word_of_old_and_new().collect();
    for same in words.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let quoted: Vec<String> = same.iter().map(|(.., word)| format!("`{word}`")).collect();
        let _ =
            writeln!(page, "| `{}` | {} | {} |", same[0].0.name(), same[0].1, quoted.join(", "));
    }
    page
}

/// The order in which jobs.md names the fields.
fn rank(field: &str) -> usize {
    let fields = [
        "accountId",
        "email",
        "groupId",
        "groupName",
        "group",
        "displayName",
        "products",
        "groups",
        "orgRole",
        "action",
        "name",
        "description",
        "userStatus",
    ];
    fields.iter().position(|known| *known == field).unwrap_or(fields.len())
}

fn reasons() -> String {
    let mut page = String::from(
        "# Reasons\n\n\
         Every row ends with an outcome and a reason. The reason's word never changes; the \
         sentence (`detail`) may.\n\n\
         `run failed` exports `failed` and `unknown` rows, and skipped rows with a reason marked \
         *needs correction*. Rows skipped as *harmless* do not change the exit code. `not-sent` is \
         *skipped* if headcount could not read the user or group, for the plan or again before sending; \
         otherwise it is *failed*.\n\n\
         This page is written from the code (`./task docs`).\n",
    );
    for outcome in Outcome::ALL {
        let _ = write!(page, "\n## {outcome}\n\n| reason | meaning, and what to do |");
        page.push_str(if outcome == Outcome::Skipped {
            " in `run failed`? |\n|---|---|---|\n"
        } else {
            "\n|---|---|\n"
        });
        for reason in Reason::ALL.iter().filter(|reason| reason.outcomes().contains(&outcome)) {
            let _ = write!(page, "| `{reason}` | {} |", reason.meaning());
            if outcome == Outcome::Skipped {
                page.push_str(match (reason.harmless(), reason.wants_target()) {
                    (true, _) => " no: harmless |",
                    (_, true) => " yes: needs correction |",
                    _ => " no |",
                });
            }
            page.push('\n');
        }
    }
    page
}

/// One event of each kind, with every field filled in.
fn events() -> [Event; 7] {
    let counts = Counts::default();
    [
        Event::Planned {
            counts,
            seats: BTreeMap::from([("jira-software", 1)]),
            mails: 1,
            read: Some(Box::default()),
        },
        Event::Canary { row: 1, ok: true, wanted: "w".into(), found: "f".into() },
        Event::Settled {
            row: 1,
            outcome: Outcome::Changed,
            reason: Reason::Done,
            detail: "d".into(),
        },
        Event::Waiting { until: Timestamp::UNIX_EPOCH, why: "w".into() },
        Event::Stopped { why: "w".into() },
        Event::Seats { apps: Vec::new() },
        Event::Finished { state: "finished".into(), exit: 0, counts },
    ]
}

/// The names of an object's fields, and of the fields of its `counts`.
fn fields(event: &Value) -> BTreeSet<String> {
    let names = |value: &Value, prefix: &str| -> Vec<String> {
        let object = value.as_object().into_iter().flatten();
        object.map(|(name, _)| format!("{prefix}{name}")).collect()
    };
    let mut all: BTreeSet<_> = names(event, "").into_iter().collect();
    all.extend(names(&event["counts"], "counts."));
    all
}

#[test]
fn every_event_has_an_example_with_the_fields_it_has() {
    let page = text("events.md");
    let examples: Vec<Value> = page
        .lines()
        .filter(|line| line.starts_with("{\"v\":"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for event in events() {
        let envelope = Envelope {
            v: 1,
            run: "20261121-1",
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            site: "sandbox",
            event: &event,
        };
        let wanted = serde_json::to_value(&envelope).unwrap();
        let name = wanted["event"].as_str().unwrap();
        let of_name: Vec<_> =
            examples.iter().filter(|example| example["event"] == wanted["event"]).collect();
        assert!(!of_name.is_empty(), "docs/events.md has no example of `{name}`");
        for example in of_name {
            assert_eq!(fields(example), fields(&wanted), "docs/events.md, example of `{name}`");
        }
        for field in fields(&wanted) {
            let field = field.trim_start_matches("counts.");
            assert!(page.contains(&format!("`{field}`")), "docs/events.md does not have `{field}`");
        }
    }
}

#[test]
fn the_report_s_columns_are_in_docs_in_their_order() {
    let page = text("reports.md");
    let told: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| ADDED.contains(name))
        .collect();
    assert_eq!(told, ADDED);
}

/// The rows `| field | headings | … |` of docs/jobs.md: the field, and the headings in back quotes.
fn told_headings() -> Vec<(String, Vec<String>)> {
    let quoted =
        |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    text("jobs.md")
        .lines()
        .skip_while(|line| !line.starts_with("| `--map` name |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<_> = line.split('|').collect();
            (quoted(cells[1]).remove(0), quoted(cells[2]))
        })
        .collect()
}

#[test]
fn headings_in_docs_are_understood() {
    let every = [
        (Field::AccountId, Job::Users),
        (Field::Email, Job::Users),
        (Field::NewEmail, Job::NewEmails),
        (Field::GroupId, Job::Memberships),
        (Field::GroupName, Job::Memberships),
        (Field::Group, Job::Memberships),
        (Field::DisplayName, Job::CreateUsers),
        (Field::Products, Job::CreateUsers),
        (Field::Groups, Job::CreateUsers),
        (Field::OrgRole, Job::Users),
        (Field::Action, Job::Users),
    ];
    let told = told_headings();
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, every.map(|(field, _)| field.name()));
    for ((field, job), (name, headings)) in every.into_iter().zip(&told) {
        assert!(!headings.is_empty(), "{name}");
        for heading in headings {
            // The words that a heading must contain, unless one is the heading itself.
            let mut all = vec![heading.clone()];
            if !matches!(field, Field::AccountId | Field::Email) {
                all.push("Email".into());
            }
            if job == Job::Memberships
                && !matches!(field, Field::GroupId | Field::GroupName | Field::Group)
            {
                all.push("groupId".into());
            }
            let columns = Columns::find(job, &all, &Options::default())
                .unwrap_or_else(|error| panic!("`{heading}`: {error}"));
            assert_eq!(columns.index(field), Some(0), "docs/jobs.md: `{heading}` for `{name}`");
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let architecture = read("ARCHITECTURE.md");
    let dependencies = manifest["workspace"]["dependencies"].as_table().unwrap();
    let untold: Vec<_> = dependencies
        .iter()
        .filter(|(_, value)| value.get("path").is_none())
        .filter(|(name, _)| !architecture.contains(&format!("`{name}`")))
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(untold.is_empty(), "ARCHITECTURE.md does not say why there is {untold:?}");
}

/// The table of legal moves in the page equals the code's.
#[test]
fn the_moves_of_a_step_are_the_code_s() {
    use headcount_model::outcome::Outcome;
    use headcount_model::step::Move;
    let word = |state| format!("{state:?}").to_lowercase();
    let lines: String = Move::ALL
        .iter()
        .map(|legal| {
            let ended = match legal.ended {
                Some(outcome @ (Outcome::Unknown | Outcome::Skipped)) => format!(" as {outcome}"),
                Some(other) => panic!("no words for {other:?}"),
                None => String::new(),
            };
            format!("| {}{ended} | {} | {} |\n", word(legal.from), word(legal.to), legal.when)
        })
        .collect();
    let table = format!("\n| from | to | when |\n|---|---|---|\n{lines}\n");
    assert!(text("reliability.md").contains(&table), "docs/reliability.md needs:\n{table}");
}

/// Every promise in docs/reliability.md names its test, and every named test exists.
#[test]
fn every_promise_is_shown_by_a_test_that_exists() {
    let sources = sources();
    let page = text("reliability.md");
    let promises = page.split("## The life of a step").next().unwrap();
    for line in promises.lines().filter(|line| line.starts_with("| ") && !line.contains("shown by"))
    {
        let shown = line.trim_end_matches('|').rsplit('|').next().unwrap();
        let named: Vec<_> =
            shown.split('`').skip(1).step_by(2).filter(|word| !word.contains('/')).collect();
        assert!(!named.is_empty(), "no test is named: {line}");
        for test in named.iter().filter(|word| !word.starts_with('_')) {
            assert!(sources.contains(&format!("fn {test}(")), "there is no test {test}: {line}");
        }
    }
}

/// Every path in the pages for contributors exists: `crates/model/src/reason.rs`, or from a crate's source
/// `engine/executor.rs`.
#[test]
fn paths_in_pages_for_contributors_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let outside_blocks: String = text.split("```").step_by(2).collect();
        let quoted = outside_blocks.split('`').skip(1).step_by(2);
        for path in quoted.filter(|path| path.ends_with(".rs") || path.starts_with("crates/")) {
            let in_a_crate =
                path.split_once('/').map(|(name, rest)| format!("crates/{name}/src/{rest}"));
            let exists = root.join(path).exists()
                || in_a_crate.is_some_and(|path| root.join(path).exists())
                || !path.contains('/');
            assert!(exists, "{page} names `{path}`, which does not exist");
        }
    }
}

/// The text of all source files of the workspace.
fn sources() -> String {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")];
    let mut all = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    all
}
