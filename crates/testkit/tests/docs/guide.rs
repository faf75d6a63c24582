//! The guide's page for each job, written from the code. `crates/headcount/tests/cli/guide.rs` runs its commands.

use std::collections::BTreeMap;
use std::fmt::Write;

use headcount_people::jobs::{self, Creates, JobSpec, Tile};

use super::{page, text};

/// Cells of the templates, and what takes their place so that the sandbox has such a user or group.
const IN_THE_SANDBOX: [(&str, &str); 4] = [
    ("jane@example.com", "vdillow@banc.ly"),
    ("jane@old.example.com", "vdillow@banc.ly"),
    ("berlin-support", "hanoi-legal"),
    ("sam@example.com", "ssolheim@banc.ly"),
];

#[test]
fn every_job_has_its_page_in_the_guide() {
    let wanted: BTreeMap<String, String> =
        jobs::tiles().map(|(spec, tile)| (file_of(spec), page_of(spec, tile))).collect();
    let folder = page("guide/jobs");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &wanted {
            std::fs::write(folder.join(name), text).unwrap();
        }
        std::fs::write(page("guide/README.md"), index()).unwrap();
    }
    let found: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| (name.clone(), text(&format!("guide/jobs/{name}"))))
        .collect();
    assert!(
        found == wanted && text("guide/README.md") == index(),
        "docs/guide/jobs is stale; rewrite it: UPDATE_DOCS=1 cargo test -p headcount-testkit --test docs"
    );
}

/// The guide's index, with a line for the jobs of each kind (`user`, `member`, …).
fn index() -> String {
    const MARKS: [&str; 2] = ["<!-- written from the code -->\n", "<!-- to here -->\n"];
    let now = text("guide/README.md");
    let (before, rest) = now.split_once(MARKS[0]).expect("the index has the first mark");
    let (_, after) = rest.split_once(MARKS[1]).expect("the index has the second mark");
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for (spec, _) in jobs::tiles() {
        let command = spec.job.command();
        let (kind, verb) = command.split_once(' ').unwrap_or((command, command));
        let link = format!("[{verb}](jobs/{})", file_of(spec));
        match kinds.iter_mut().find(|(of, _)| *of == kind) {
            Some((_, links)) => links.push(link),
            None => kinds.push((kind, vec![link])),
        }
    }
    let lines = kinds.iter().fold(String::new(), |lines, (kind, links)| {
        format!("{lines}   - `{kind}`: {}\n", links.join(", "))
    });
    format!("{before}{}{lines}{}{after}", MARKS[0], MARKS[1])
}

/// No page of the guide has a link to a file that does not exist.
#[test]
fn links_of_the_guide_lead_to_files() {
    for folder in ["guide", "guide/jobs"] {
        for entry in std::fs::read_dir(page(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for part in text.split("](").skip(1) {
                let link = part.split([')', '#']).next().unwrap();
                if link.is_empty() || link.contains("://") {
                    continue;
                }
                let target = path.parent().unwrap().join(link);
                assert!(target.exists(), "{} links to {link}", path.display());
            }
        }
    }
}

fn file_of(spec: &JobSpec) -> String {
    format!("{}.md", spec.job.command().replace(' ', "-"))
}

fn page_of(spec: &JobSpec, tile: &Tile) -> String {
    let command = spec.job.command();
    let undo = match (spec.undo_sends, spec.creates == Creates::Nothing) {
        (true, true) => format!("`run undo`, as `{}` would", spec.inverse),
        (true, false) => "`run undo --remove-created`".to_owned(),
        (false, _) => "none".to_owned(),
    };
    let mut page = format!(
        "# {command}\n\n{}\n\n| | |\n|---|---|\n| a row holds | {} |\n| credential | {} |\n| undo | {undo} |\n",
        tile.about,
        tile.needs.replace(" in each row", ""),
        spec.credentials().words(),
    );
    if let Some(article) = article(command) {
        let anchor = article.to_lowercase().replace(' ', "-");
        let _ = writeln!(
            page,
            "| replaces | Atlassian's recipe [{article}](../../postman-to-headcount.md#{anchor}) |"
        );
    }
    let (headings, cells) = spec.template;
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell_of(spec, cell))).collect();
    let _ = write!(
        page,
        "\nA plan on the sandbox, for a spreadsheet with one row:\n\n```sh\nprintf '%s\\n' '{}' '{}' > {}.csv\n",
        headings.join(","),
        cells.join(","),
        command.replace(' ', "-"),
    );
    let _ = write!(
        page,
        "headcount --profile sandbox {command} {}.csv --plan\nheadcount run show last --rows\n```\n\n",
        command.replace(' ', "-")
    );
    let bound = if spec.takes_away { ", which asks for the number of changes" } else { "" };
    let _ = write!(
        page,
        "`headcount run apply last` applies it{bound}; `headcount {command} --help` has the options, \
         [jobs.md](../../jobs.md) the details, [headings.md](../../headings.md) the headings that it knows, and \
         [reasons.md](../../reasons.md) what to do about rows that were not changed.\n\n\
         This page is written from the code (`./task docs`).\n",
    );
    page
}

/// A cell as it is written in a CSV file.
fn quoted(cell: &str) -> String {
    if cell.contains(',') { format!("\"{cell}\"") } else { cell.to_owned() }
}

fn cell_of(spec: &JobSpec, cell: &'static str) -> &'static str {
    // What the job creates must not exist yet.
    let known =
        IN_THE_SANDBOX.iter().find(|(from, _)| spec.creates == Creates::Nothing && *from == cell);
    known.map_or(cell, |(_, to)| to)
}

/// The section of docs/postman-to-headcount.md that names the job's command.
fn article(command: &str) -> Option<String> {
    let page = text("postman-to-headcount.md");
    let mut sections = page.split("\n## ").skip(1);
    let section = sections.find(|section| section.contains(&format!("\nheadcount {command} ")))?;
    section.lines().next().map(str::to_owned)
}
