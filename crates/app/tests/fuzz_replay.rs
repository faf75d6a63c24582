//! The corpora of the fuzz targets, replayed: what once broke does not break again. The targets
//! themselves live outside the workspace, in `fuzz/`; both call the same functions.

#[path = "../../../fuzz/entries.rs"]
mod entries;

use std::fs;
use std::path::Path;

#[test]
fn every_corpus_passes_its_target() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, target) in entries::TARGETS {
        let mut count = 0;
        for entry in fs::read_dir(corpora.join(name)).expect("the target has a corpus") {
            let path = entry.expect("a file").path();
            let bytes = fs::read(&path).expect("a file can be read");
            let told = std::panic::catch_unwind(|| target(&bytes));
            assert!(told.is_ok(), "{} breaks the target {name}", path.display());
            count += 1;
        }
        assert!(count >= 5, "{name}: only {count} files");
    }
}

#[test]
fn every_target_is_built_and_replayed() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut targets: Vec<String> = fs::read_dir(fuzz.join("fuzz_targets"))
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("a file")
                .path()
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    targets.sort();
    let mut replayed: Vec<&str> = entries::TARGETS.iter().map(|(name, _)| *name).collect();
    replayed.sort_unstable();
    assert_eq!(targets, replayed);
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("a manifest");
    for target in targets {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
    }
}
