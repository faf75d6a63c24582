//! The requests that the program's own sandboxes have received, as they recorded them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::world::World;

/// A folder in which the program's own sandboxes record requests.
pub struct Recorded(PathBuf);

impl Recorded {
    /// Records the requests to sandboxes that this world's commands start.
    pub fn of(world: &mut World) -> Self {
        let folder = world.path("recorded");
        world.set("HEADCOUNT_RECORD", &folder.display().to_string());
        Self(folder)
    }

    /// The requests of headcount that each sandbox received: `METHOD template`.
    pub fn sandboxes(&self) -> Vec<BTreeSet<String>> {
        let files = fs::read_dir(&self.0).expect("exchanges were kept");
        files.map(|file| asked(&file.expect("a file").path())).collect()
    }

    /// Asserts that such a sandbox has recorded this call.
    #[track_caller]
    pub fn has(&self, call: &str) {
        let all = self.sandboxes();
        assert!(all.iter().any(|one| one.contains(call)), "{call}: {all:#?}");
    }
}

fn asked(file: &std::path::Path) -> BTreeSet<String> {
    let kept = fs::read_to_string(file).expect("exchanges can be read");
    let text = |line: &Value, field: &str| line[field].as_str().expect("a text").to_owned();
    let lines = kept.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    lines
        .inspect(|line| assert!(text(line, "agent").starts_with("headcount/"), "{line}"))
        .map(|line| format!("{} {}", text(&line, "method"), text(&line, "template")))
        .collect()
}
