//! Reads the exchanges that sandboxes have recorded.

use std::path::Path;

use super::check::Check;

/// Checks all exchanges in the files of a folder.
pub fn folder(check: &mut Check, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the folder of exchanges") {
        let path = entry.expect("a file").path();
        if path.is_file() {
            file(check, &path);
        }
    }
}

fn file(check: &mut Check, path: &Path) {
    let kept = std::fs::read(path).expect("a file of exchanges");
    for (at, line) in whole_lines(&kept).enumerate() {
        let exchange = serde_json::from_slice(line)
            .unwrap_or_else(|error| panic!("{}, line {}: {error}", path.display(), at + 1));
        check.exchange(&exchange);
    }
}

/// The complete lines. A killed process may leave part of a line, cut even inside a letter; that answer was not
/// sent.
fn whole_lines(kept: &[u8]) -> impl Iterator<Item = &[u8]> {
    kept.split_inclusive(|byte| *byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"))
}
