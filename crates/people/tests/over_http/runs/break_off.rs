//! The run is interrupted after each event in turn, as a crash would do, and then resumed.

use headcount_engine::Ending;

use super::world::{CASES, Case, World, how};

#[tokio::test]
async fn broken_off_after_each_event_and_resumed_every_row_is_done_once() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        // A whole run has one event for each row, and one for the canary.
        for after in 1..=rows as usize + 1 {
            let mut world = World::with(keys).await;
            let run = world.plan(job, sheet).await;
            world.go_until(&run, &how(), Some(after)).await;
            let (ending, _) = world.go(&run, &how()).await;
            assert_eq!(ending, Ending::Finished, "{job} after {after}");
            let outcomes = world.outcomes(&run);
            assert_eq!(
                outcomes,
                [rows, 0, 0, 0, 0, 0],
                "{job} after {after}: {:?}",
                world.rows(&run)
            );
            assert_eq!(world.effects().await, rows, "{job} after {after}");
        }
    }
}

#[tokio::test]
async fn broken_off_again_and_again_it_still_ends_and_nothing_is_done_twice() {
    for Case { job, sheet, keys } in CASES {
        let rows = sheet.lines().count() as u64 - 1;
        let mut world = World::with(keys).await;
        let run = world.plan(job, sheet).await;
        let mut times = 0;
        while world.go_until(&run, &how(), Some(1)).await.0.is_none() {
            times += 1;
            assert!(times < 50, "{job} does not get on: {:?}", world.rows(&run));
        }
        assert_eq!(world.outcomes(&run), [rows, 0, 0, 0, 0, 0], "{job}");
        assert_eq!(world.effects().await, rows, "{job}");
    }
}
