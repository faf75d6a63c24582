//! Every command of the guide (docs/guide), as it is written there: each page in a world of its own, with a site and
//! credentials in the environment.

use std::path::{Path, PathBuf};

use crate::answers::at_once;
use crate::harness::World;

/// The pages of the guide.
fn pages() -> Vec<PathBuf> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
    let folders = [guide.clone(), guide.join("jobs")];
    let entries = folders.iter().flat_map(|folder| folder.read_dir().expect("a folder"));
    let mut pages: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    pages
}

#[test]
fn every_command_of_the_guide_runs() {
    let pages = pages();
    assert!(pages.len() > 15, "{pages:?}");
    at_once(&pages, |page| {
        let text = std::fs::read_to_string(page).expect("a page");
        let blocks = text.split("```sh\n").skip(1).map(|part| part.split("```").next().unwrap_or(part));
        let world = World::new();
        for block in blocks {
            // A block stops at its first failure.
            let script = format!("set -e\nprogram=$0\nheadcount() {{ \"$program\" \"$@\"; }}\n{block}");
            let output = world.command("").under(&["sh", "-c", &script]).run();
            assert_eq!(output.code, 0, "{}\n{block}\n{}", page.display(), output.transcript());
        }
        // A plan of the guide has something to show.
        let runs = world.run("run list").exit(0).stdout;
        assert!(!text.contains("--plan\n") || runs.contains('1'), "{}", page.display());
    });
}
