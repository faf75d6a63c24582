//! Every sentence that a user reads is plain American technical English: pages, the command's help, and the string
//! literals of all crates contain no word of the list in `words.rs`. Comments and names of tests contain no word
//! that readers stumble over, but they may use several words for one idea.
//!
//! `baseline.txt` has the number of allowed places of each file. A number may become smaller and never larger.
//! `UPDATE_PROSE=1 cargo test -p headcount-testkit --test prose` lowers the numbers. It also follows renamed
//! files, if the total does not grow.

mod text;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use words::{ALLOWED, AVOID, Avoid, ONE_WORD};

/// Files whose literals are SQL with the names of columns. No user reads them.
const SQL: &[&str] = &[
    "crates/journal-sqlite/src/decode.rs",
    "crates/journal-sqlite/src/schema.rs",
    "crates/journal-sqlite/src/runs.rs",
];

/// Files whose literals are headings and words of other programs and languages.
const FOREIGN: &[&str] = &["headings.rs", "secret.rs", "seeming.rs", "refusal.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Folders with build results or with files of others.
const NOT_OURS: &[&str] = &["target", "node_modules", "corpus"];

/// Collects the files in a folder whose names have this ending, without files and folders of the names in
/// `without`.
fn files(folder: &Path, ending: &str, without: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if without.contains(&&*name) || name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            files(&path, ending, without, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// The texts that users read, by file.
fn texts() -> Vec<(String, String)> {
    let root = root();
    let mut all = Vec::new();
    for ending in [".md", ".rs"] {
        let mut found = Vec::new();
        files(
            if ending == ".rs" { root.join("crates") } else { root.clone() }.as_path(),
            ending,
            &[NOT_OURS, &["tests", "tests.rs"]].concat(),
            &mut found,
        );
        for path in found {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            if name.ends_with("_tests.rs")
                || name.starts_with("crates/testkit/")
                || SQL.contains(&&*name)
                || FOREIGN.iter().any(|file| name.ends_with(&format!("/{file}")))
            {
                continue;
            }
            let content = std::fs::read_to_string(&path).unwrap();
            let text = if ending == ".md" {
                text::of_markdown(&content)
            } else {
                text::of_rust(&content, name.contains("/src/args/"))
            };
            all.push((name, text));
        }
    }
    all.sort();
    all
}

/// The words of the list in a text, each with what to write instead and why.
fn findings(text: &str) -> Vec<String> {
    findings_of(text, |_| true)
}

/// The words in a text that belong to the entries of the list that `asked` accepts.
fn findings_of(text: &str, asked: impl Fn(&Avoid) -> bool) -> Vec<String> {
    let mut text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    for (allowed, _) in ALLOWED {
        text = text.replace(allowed, "_");
    }
    let mut found = Vec::new();
    for avoid in AVOID.iter().filter(|avoid| asked(avoid)) {
        for word in avoid.words {
            for at in places(&text, word) {
                let (from, to) = (floor(&text, at.saturating_sub(40)), floor(&text, at + 50));
                found.push(format!(
                    "…{}…\n    `{word}`: write {}; {}",
                    &text[from..to],
                    avoid.instead,
                    avoid.why
                ));
            }
        }
    }
    found
}

/// The boundary of a character at or before this byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The places in a text where this word is a whole word.
fn places(text: &str, word: &str) -> Vec<usize> {
    let (stem, any_ending) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
    let inside = |character: Option<char>| {
        character
            .is_some_and(|character| character.is_alphanumeric() || matches!(character, '_' | '-'))
    };
    let is_word = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + stem.len()..].chars().next();
        !inside(before) && (any_ending || !inside(after))
    };
    text.match_indices(stem).map(|(at, _)| at).filter(is_word).collect()
}

fn baseline_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prose/baseline.txt")
}

/// The numbers of allowed places, by file.
fn baseline() -> BTreeMap<String, usize> {
    let lines = std::fs::read_to_string(baseline_file()).unwrap_or_default();
    let entry = |line: &str| {
        let (count, name) = line.split_once(' ')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    lines.lines().filter_map(entry).collect()
}

#[test]
fn prose_has_no_word_of_the_list_beyond_the_baseline() {
    let allowed = baseline();
    let found: BTreeMap<String, Vec<String>> = texts()
        .into_iter()
        .map(|(name, text)| (name, findings(&text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let count = found.values().map(Vec::len).sum::<usize>();
    if std::env::var_os("UPDATE_PROSE").is_some() {
        let before = allowed.values().sum::<usize>();
        assert!(allowed.is_empty() || count <= before, "{count} places; there were {before}");
        let lines: String = found.iter().fold(String::new(), |mut lines, (name, found)| {
            let _ = writeln!(lines, "{} {name}", found.len());
            lines
        });
        std::fs::write(baseline_file(), lines).unwrap();
        return;
    }
    let mut report = String::new();
    for (name, found) in &found {
        let most = allowed.get(name).copied().unwrap_or(0);
        if found.len() > most {
            let _ = writeln!(report, "{name}: {} places, at most {most} allowed", found.len());
            for one in found {
                let _ = writeln!(report, "  {one}");
            }
        }
    }
    assert!(report.is_empty(), "words to avoid:\n{report}");
}

#[test]
fn comments_and_names_of_tests_have_no_word_of_the_list() {
    let root = root();
    let mut found = Vec::new();
    files(&root.join("crates"), ".rs", NOT_OURS, &mut found);
    let mut report = String::new();
    for path in found {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        if name.starts_with("crates/testkit/tests/prose/") {
            continue;
        }
        let text = text::of_comments_and_test_names(&std::fs::read_to_string(&path).unwrap());
        for one in findings_of(&text, |avoid| avoid.why != ONE_WORD) {
            let _ = writeln!(report, "{name}: {one}");
        }
    }
    assert!(report.is_empty(), "words to avoid:\n{report}");
}

/// `PROSE=part-of-a-path cargo test … shows -- --nocapture` lists the places that are left in these files.
#[test]
fn prose_shows_what_is_left_in_a_file() {
    let Ok(part) = std::env::var("PROSE") else { return };
    for (name, text) in texts().into_iter().filter(|(name, _)| name.contains(&part)) {
        for one in findings(&text) {
            println!("{name}: {one}");
        }
    }
}

#[test]
fn words_are_found_in_help_messages_and_pages_and_nowhere_else() {
    let source = "/// Carries out\n//! whoever\nfn f() { g(\"is told \\\n    anew\", '\"', r#\"beside\"#) } // whom\n#[cfg(test)]\nmod tests { \"somebody\" }";
    let words = |text: String| findings(&text).len();
    assert_eq!(words(text::of_rust(source, false)), 3);
    assert_eq!(words(text::of_rust(source, true)), 4);
    assert_eq!(words(text::of_markdown("whom `whom`\n```\nwhom\n```\nWhom, whomever")), 2);
    assert_eq!(words("licence-limit unlicenced Licences".into()), 1);
}

#[test]
fn words_are_found_in_comments_and_names_of_tests_and_not_in_code() {
    let source = "/// Whom `whom\n/// whom` shows\nfn told() {} // whom\n#[test]\n#[ignore]\nfn it_is_told() {\n    // anew\n}\nfn beside() {}\n";
    let text = text::of_comments_and_test_names(source);
    assert_eq!(findings_of(&text, |avoid| avoid.why != ONE_WORD).len(), 3, "{text}");
}
