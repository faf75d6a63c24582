//! The journal on a real small disk, a tmpfs in a mount namespace of its own: the journal and its own log fill it, and
//! the run continues when there is room again.

use std::process::Command;

use serde_json::json;

use crate::harness::World;

const ROWS: usize = 300;

/// Mounts the disk, fills it by the commands, makes room on it, and then becomes the last command.
const SCRIPT: &str = r#"
disk=$1; size=$2; shift 2
mkdir -p "$disk" && mount -t tmpfs -o size="$size" tmpfs "$disk" || exit 77
"$0" member add add.csv --plan >/dev/null 2>&1; plan=$?
"$0" run apply last --yes --concurrency 4 >/dev/null 2>&1; apply=$?
"$0" run resume last --yes --concurrency 4 >/dev/null 2>&1; full=$?
mount -o remount,size=64m tmpfs "$disk" || exit 78
echo "plan $plan, apply $apply, full $full" >&2
"$0" run list >&2 || exit 79
if [ "$plan" != 0 ]; then "$0" member add add.csv --yes; else "$0" "$@"; fi
"#;

/// Why a file system cannot be mounted here; `None`: it can.
fn no_mount() -> Option<String> {
    let dir = tempfile::tempdir().expect("a folder");
    let tried = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "tmpfs"])
        .arg(dir.path())
        .output();
    match tried {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Some(format!("unshare: {error}")),
    }
}

/// A disk on which a plan has no room, disks that fill in the middle of a run, and one with room for all.
#[test]
fn a_disk_that_the_journal_fills_recovers_as_room_is_made() {
    if let Some(why) = no_mount() {
        eprintln!("SKIPPED: no small disk can be mounted here: {why}");
        return;
    }
    for (size, codes) in [
        ("400k", "plan 2, apply 2, full 2"),
        ("512k", "plan 0, apply 4, full 4"),
        ("640k", "plan 0, apply 4, full 4"),
        ("4m", "plan 0, apply 0, full 0"),
    ] {
        let mut world = World::new();
        let mail = |at: usize| format!("j{at}@banc.ly");
        let person = |at: usize| json!({ "email": mail(at), "name": format!("J {at}") });
        world.seed(json!({ "people": (1..=ROWS).map(person).collect::<Vec<_>>() }));
        let row = |at: usize| format!("{},houston-sales\n", mail(at));
        world.file("add.csv", format!("Email,Group\n{}", (1..=ROWS).map(row).collect::<String>()));
        let journal = world.journal();
        let disk = journal.parent().expect("a folder").to_str().expect("a path").to_owned();
        let script = ["unshare", "-rm", "sh", "-c", SCRIPT];
        let mut line = world.command(&format!("{disk} {size} run resume last --yes"));
        line = line.under(&script);
        let output = line.run();
        assert_eq!(output.code, 0, "{size}: {}", output.stderr);
        assert!(output.stderr.contains(codes), "{size}: {}", output.stderr);
        assert_eq!(world.members("houston-sales"), ROWS, "{size}: {}", output.stderr);
        world.nothing_twice();
    }
}
