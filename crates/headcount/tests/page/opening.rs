//! How the browser gets the page's address: the one-time token is in no argument, because every user of the
//! computer can read arguments.

use std::os::unix::fs::PermissionsExt;

use crate::browser::Browser;
use crate::harness::World;
use crate::page::Ui;

/// Replaces the desktop's opener: records its argument, and the file that it names.
const OPENER: &str = "#!/bin/sh
printf '%s\\n' \"$@\" > \"$OPENED.new\"
stat -c %a \"$1\" >> \"$OPENED.new\"
mv \"$OPENED.new\" \"$OPENED\"
";

#[test]
fn a_private_file_leads_to_the_page_and_goes_with_it() {
    let mut world = World::new();
    world.file("bin/xdg-open", OPENER);
    let opener = world.path("bin/xdg-open");
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).expect("a script");
    let opened = world.path("opened");
    world.set("OPENED", &opened.display().to_string());
    world.set("PATH", &format!("{}:/usr/bin:/bin", world.path("bin").display()));
    let ui = Ui::with(&world, "ui");
    let token = ui.address.split("token=").nth(1).expect("a token").to_owned();
    while !opened.exists() {
        std::thread::yield_now();
    }
    let text = std::fs::read_to_string(&opened).expect("the opener wrote it");
    let [file, mode] = text.lines().collect::<Vec<_>>()[..] else { panic!("one argument: {text}") };
    assert_eq!(mode, "600", "only its owner can read it");
    assert!(!text.contains(&token), "the token is an argument: {text}");
    let browser = Browser::start();
    browser.go(&format!("file://{file}"));
    browser.says("What do you want to do?");
    let file = std::path::PathBuf::from(file);
    assert!(file.exists());
    assert_eq!(ui.interrupt(), Some(0));
    assert!(!file.exists(), "the file is still there");
}
