//! The command line as users see it: the real binary, over real HTTP, against the sandbox.
//!
//! All tests are one test binary. Snapshots (`snapshots/`) contain the output of every command.
//! `INSTA_UPDATE=always cargo test -p headcount --test cli` rewrites them; then read the difference as a user
//! would.

mod harness;
mod old;

/// Declares the test modules, and keeps their names for [`no_test_file_is_forgotten`].
macro_rules! modules {
    ($($name:ident)+) => {
        $(mod $name;)+
        const MODULES: &[&str] = &[$(stringify!($name)),+];
    };
}

modules! {
    access
    account_types
    choosing
    chosen_by_script
    claims
    collection_runs
    columns
    readers
    rehearse
    rehearse_jobs
    answers
    approval
    cannot_look
    invite
    delete_accounts
    delete_groups
    cuts
    directory
    doctor
    emails
    doors
    exports
    faults
    field
    files
    find_inactive
    group_names
    guide
    guards
    half_characters
    journal
    journal_copies
    journal_server
    journal_tls
    keys
    kill
    killed
    later_runs
    leases
    map
    network
    odd_cells
    outcomes
    outputs
    postman
    postman_export
    provisioning
    profiles
    recorded
    roster
    row_answers
    runs
    samples
    screen
    secrets
    shapes
    seen
    sheets
    spelling
    sync
    sync_actions
    sync_products
    sync_workbooks
    teams
    turns
    unlink
    signals
    since_plan
    small_disk
    unseen_places
    waits
    words
    workers
}

/// The folder of these tests.
fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli")
}

/// The names, without extension, of all files in a folder with this extension.
fn names(folder: &std::path::Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(ending).map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[test]
fn no_test_file_is_forgotten() {
    let files: Vec<_> = names(&folder(), ".rs").into_iter().filter(|name| name != "main").collect();
    let mut declared: Vec<_> = MODULES.iter().map(ToString::to_string).collect();
    declared.sort();
    assert_eq!(files, declared);
}

#[test]
fn no_snapshot_is_left_over() {
    let files = names(&folder(), ".rs");
    let sources: String = files
        .iter()
        .map(|name| std::fs::read_to_string(folder().join(format!("{name}.rs"))).expect("a file"))
        .collect();
    for name in names(&folder().join("snapshots"), ".snap") {
        assert!(sources.contains(&format!("\"{name}\"")), "no test uses the snapshot {name}");
    }
}
