//! A plan that is applied later does exactly what was shown, or reports why it does not.

use headcount_engine::{Ending, RunOptions};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_people::steps::of_row;

use super::world::{CASES, Case, World, how};

fn later() -> RunOptions {
    RunOptions { recheck: true, ..how() }
}

#[tokio::test]
async fn what_another_person_did_meanwhile_is_unchanged_and_not_sent() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        // Another run applies the first two rows before this one.
        let first: String = sheet.lines().take(3).map(|line| format!("{line}\n")).collect();
        let other = world.plan(job, &first).await;
        world.go(&other, &how()).await;
        let (ending, _) = world.go(&run, &later()).await;
        assert_eq!(ending, Ending::Finished, "{job}");
        let outcomes = world.outcomes(&run);
        assert_eq!(outcomes, [rows - 2, 2, 0, 0, 0, 0], "{job}: {:?}", world.rows(&run));
        assert_eq!(world.effects().await, rows, "{job}");
    }
}

#[tokio::test]
async fn a_user_removed_from_the_site_meanwhile_is_reported_and_not_sent() {
    let mut world = World::new().await;
    let Case { job, sheet, .. } = CASES[0];
    assert_eq!(job, Job::AddMembers);
    let run = world.plan(job, sheet).await;
    let step = of_row(&world.journal.rows(&run.id, 0, 1).unwrap()[0]).unwrap();
    let jira = world.play.site.jira.clone().unwrap();
    let permit =
        crate::support::permit(&world.play.site, headcount_atlassian::Endpoint::JiraRemoveUser);
    jira.remove_user(permit, step.payload.target.account.as_ref().unwrap()).await.unwrap();
    world.go(&run, &later()).await;
    let rows = world.rows(&run);
    assert_eq!(rows[0].0, Some(Outcome::Skipped), "{rows:?}");
    assert!(rows[1..].iter().all(|row| row.0 == Some(Outcome::Changed)), "{rows:?}");
}
