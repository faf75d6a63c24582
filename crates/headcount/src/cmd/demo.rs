//! `demo`: three jobs on a fresh sandbox with sample files, and an undo, from plan to report.
//!
//! It runs the same commands that a user would type, so that each can be typed again afterwards.

use std::path::{Path, PathBuf};

use clap::Parser;
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_app::journal::make_private_folder;
use headcount_app::words;

use crate::args::Args;
use crate::context::Context;
use crate::terminal::talk;

/// The sample files, in the binary, so that `demo` works in any folder.
const SAMPLES: [(&str, &str); 4] = [
    ("create-users.csv", include_str!("../../../../samples/create-users.csv")),
    ("member-add.csv", include_str!("../../../../samples/member-add.csv")),
    ("users.csv", include_str!("../../../../samples/users.csv")),
    ("deactivate.csv", include_str!("../../../../samples/deactivate.csv")),
];

/// Runs the demonstration.
pub async fn run(context: &Context) -> Result<u8, Failure> {
    let folder = folder()?;
    for (name, text) in SAMPLES {
        std::fs::write(folder.join(name), text)?;
    }
    let sandbox = headcount_sandbox::start(context.app.sandbox_config()).await;
    let sandbox = sandbox.map_err(|error| Failure::new(USAGE, error.to_string()))?;
    let demo = Demo { context, folder: &folder, card: sandbox.card() };
    demo.say("This is a demonstration on its own sandbox; no real site is touched. The demo adds the options for this sandbox to each command.");
    demo.step(
        "Create five users",
        &["user", "create", "create-users.csv", "--yes", "--report", "created.csv"],
    )
    .await?;
    demo.step(
        "Add three users to groups",
        &["member", "add", "member-add.csv", "--yes", "--report", "added.csv"],
    )
    .await?;
    demo.step("Its report: every row with its outcome", &["run", "report", "last"]).await?;
    demo.step(
        "The same file again: nothing is sent",
        &["member", "add", "member-add.csv", "--yes"],
    )
    .await?;
    demo.step(
        "Deactivate the users who left",
        &[
            "user",
            "deactivate",
            "deactivate.csv",
            "--yes",
            "--max-changes",
            "2",
            "--report",
            "deactivated.csv",
        ],
    )
    .await?;
    demo.step("Undo the deactivation", &["run", "undo", "last", "--yes"]).await?;
    demo.step("All runs", &["run", "list"]).await?;
    demo.say(&format!(
        "\nThe sample files, the reports and the journal are in {}\n\
         Try it yourself:  headcount --profile sandbox member add {}",
        folder.display(),
        words::quoted(&folder.join("member-add.csv").display().to_string())
    ));
    sandbox.stop().await;
    Ok(OK)
}

fn folder() -> Result<PathBuf, Failure> {
    let folder = std::env::temp_dir().join(format!("headcount-demo-{}", std::process::id()));
    make_private_folder(&folder)?;
    Ok(folder)
}

struct Demo<'a> {
    context: &'a Context,
    folder: &'a Path,
    card: &'a headcount_sandbox::Card,
}

impl Demo<'_> {
    fn say(&self, text: &str) {
        talk::line(format_args!("{text}"));
    }

    /// Runs one command as a user would type it. A row with a bad outcome ends the demonstration.
    async fn step(&self, title: &str, words: &[&str]) -> Result<(), Failure> {
        let paint = self.context.paint;
        self.say(&format!("\n{}", paint.bold(&format!("── {title}"))));
        self.say(&paint.dim(&format!("$ headcount {}", words.join(" "))));
        let placed = words.iter().map(|word| match word.ends_with(".csv") {
            true => self.folder.join(word).display().to_string(),
            false => (*word).to_owned(),
        });
        let args = Args::try_parse_from(std::iter::once("headcount".to_owned()).chain(placed));
        let args = args.map_err(|error| Failure::new(USAGE, error.to_string()))?;
        let exit =
            Box::pin(super::run(args.command, &self.context.for_demo(self.folder, self.card)))
                .await?;
        if exit == OK {
            return Ok(());
        }
        Err(Failure::new(exit, format!("the demonstration stopped at “{title}”")))
    }
}
