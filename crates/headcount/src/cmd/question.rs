//! The question before a run is sent.

use headcount_app::report_subject::organization;
use headcount_app::words;
use headcount_journal::Run;
use headcount_people::jobs;

/// The site, and for a job of the admin APIs, the organization.
pub fn place(run: &Run) -> String {
    match organization(run) {
        Some(organization) => format!("{} (organization {organization})", run.site),
        None => run.site.clone(),
    }
}

/// `Add 3,000 users to groups`.
pub fn sentence(run: &Run, steps: u64) -> String {
    let phrases = jobs::of(run.job).phrases_of(run);
    phrases.capitalized(&words::many(steps, phrases.one))
}

pub fn verb(run: &Run, steps: u64) -> String {
    let phrases = jobs::of(run.job).phrases_of(run);
    phrases.sentence(&words::many(steps, phrases.one))
}
