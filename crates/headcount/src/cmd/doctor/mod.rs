//! `doctor`: what a bug report needs, without credentials.

mod surroundings;

use std::io::Write;

use headcount_app::doctor::{redactor, sections};
use headcount_app::failure::{Failure, OK};
use headcount_app::findings::{Fact, Section};
use headcount_app::words::clean;

use crate::context::Context;
use crate::terminal::stdout;
use crate::version;

/// Runs the command. It succeeds whatever it finds.
pub async fn run(is_offline: bool, context: &Context) -> Result<u8, Failure> {
    let mut all = vec![program(), surroundings::system()];
    all.extend(sections(&context.app, is_offline).await);
    all.extend([surroundings::terminal(context), surroundings::network(context)]);
    let text = match context.json {
        true => format!("{}\n", Section::json(&all)),
        false => shown(&all),
    };
    let mut out = stdout::data();
    write!(out, "{}", redactor(&context.app).clean(&text))?;
    Ok(out.flush().map(|()| OK)?)
}

fn program() -> Section {
    let mut section = Section::new("program");
    section.text("version", version::NUMBER);
    section.text("commit", version::commit().unwrap_or("not recorded"));
    section.some("date", version::date());
    section.text("target", version::TARGET);
    section.text("build", if cfg!(debug_assertions) { "debug" } else { "release" });
    section
}

/// Sections as text: a line for each fact.
fn shown(sections: &[Section]) -> String {
    let names = sections.iter().flat_map(|section| &section.facts).map(|(name, _)| name.len());
    let width = names.max().unwrap_or_default();
    let mut text = String::new();
    for section in sections {
        text.push_str(section.name);
        text.push('\n');
        for (name, fact) in &section.facts {
            let name = name.replace('_', " ");
            let value = words(fact);
            text.push_str(&format!("  {name:width$}  {}\n", clean(&value)));
        }
    }
    text
}

fn words(fact: &Fact) -> String {
    match fact {
        Fact::Text(text) => text.clone(),
        Fact::Number(number) => number.to_string(),
        Fact::Bytes(bytes) => size(*bytes),
        Fact::Flag(true) => "yes".into(),
        Fact::Flag(false) => "no".into(),
        Fact::List(list) if list.is_empty() => "none".into(),
        Fact::List(list) => list.join(", "),
    }
}

/// `820 bytes`, `4.2 MB`.
fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match units.into_iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, wanted) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (4_249_999, "4.2 MB"),
            (70_000_000_000, "70.0 GB"),
        ] {
            assert_eq!(size(bytes), wanted);
        }
    }
}
