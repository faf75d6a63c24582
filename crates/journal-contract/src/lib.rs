//! What every store of the journal must do, as tests that any store can run.
//!
//! A store calls [`suite`] from a test of its own:
//!
//! ```ignore
//! #[test]
//! fn the_store_keeps_the_contract() {
//!     let folder = tempfile::tempdir().unwrap();
//!     headcount_journal_contract::suite(&|name| open(&folder.path().join(name)).unwrap());
//! }
//! ```
//!
//! Only a dev-dependency of stores. A store tests itself what only it has: files, migrations, servers.

mod approvals;
mod commits;
mod copies;
mod drafts;
pub mod fixture;
mod lives;
mod locks;
mod moves;
mod rows;
mod steps;
mod timeline;
mod undos;
mod waits;

use headcount_journal::Journal;

/// Opens the journal with a name: a new journal, or the existing one again.
pub type Open<'o> = &'o (dyn Fn(&str) -> Journal + Sync);

/// A part of the contract.
struct Case {
    name: &'static str,
    holds: fn(&Opener<'_>),
}

/// The cases of the modules, named after their functions.
macro_rules! cases {
    ($($module:ident::$case:ident),* $(,)?) => {
        &[$(Case { name: stringify!($case), holds: $module::$case }),*]
    };
}

const CASES: &[Case] = cases![
    lives::a_run_goes_through_its_life_and_rows_follow_their_steps,
    lives::runs_make_the_moves_of_the_table_and_no_other,
    lives::runs_are_found_by_id_number_and_last,
    lives::options_are_added_and_replaced,
    approvals::a_run_keeps_who_did_what,
    approvals::a_plan_that_needs_approval_waits_for_another_account,
    approvals::approvals_are_counted_by_account,
    approvals::a_rejected_plan_is_never_started,
    approvals::an_approval_counts_only_for_the_plan_that_was_sealed,
    copies::a_copy_is_the_same_journal,
    copies::a_journal_in_use_is_not_copied,
    copies::old_runs_are_removed_with_their_undos,
    drafts::drafts_are_swept_once_no_process_holds_them_and_never_started,
    drafts::a_draft_is_held_from_its_first_moment,
    drafts::a_draft_takes_everything_along_when_it_is_discarded,
    drafts::names_are_distinct_in_order_and_dropped_by_the_seal,
    drafts::what_was_known_before_outlives_the_seal,
    drafts::rows_come_in_pages_with_their_cells,
    drafts::steps_settled_in_the_plan_have_no_time,
    locks::a_run_has_one_holder_over_all_open_journals,
    locks::checking_a_runs_lock_does_not_block_taking_it,
    locks::a_second_opening_sees_what_is_committed_and_nothing_else,
    locks::writers_wait_for_each_other,
    moves::steps_make_the_moves_of_the_table_and_no_other,
    moves::many_steps_move_as_one_by_one,
    moves::steps_that_were_read_settle_as_others,
    moves::steps_that_were_read_settle_only_from_their_states,
    steps::steps_come_in_pages_in_the_order_of_the_plan,
    steps::the_same_step_is_added_once,
    steps::a_step_is_read_as_it_was_added,
    steps::steps_that_wait_are_ready_once_theirs_is_done,
    steps::what_an_answer_names_is_given_to_what_waits_for_it,
    steps::what_waits_for_a_step_that_had_nothing_to_do_is_unseen,
    steps::an_unknown_step_is_looked_at_again_with_what_waited_for_it,
    steps::what_another_run_sent_too_is_found,
    steps::the_machines_clock_shows_no_age,
    steps::what_never_left_is_no_request,
    steps::what_came_back_unclear_is_counted,
    steps::doors_ahead_and_doors_taken,
    rows::rows_are_found_by_outcome_reason_and_text_and_come_in_pages,
    rows::rows_come_in_the_order_that_is_asked_for_page_by_page,
    rows::rows_to_be_checked_are_found,
    rows::a_run_is_found_by_what_it_is_about,
    rows::rows_are_counted_by_outcome_and_reason,
    commits::a_dropped_batch_leaves_no_trace,
    commits::a_batch_counts_as_a_whole_wherever_the_process_ends,
    commits::each_change_is_one_commit,
    timeline::a_course_shows_when_steps_settled_and_how_long_calls_took,
    timeline::requests_are_read_the_last_one_first,
    undos::what_undos_took_back_and_what_was_put_back_again,
    undos::undone_rows_are_found_in_a_long_run,
    waits::waits_are_kept_by_place_and_call_the_longest_counts_and_they_end,
    waits::a_wrong_clock_makes_no_wait_longer,
    waits::a_wait_that_is_due_again_gives_way_to_a_shorter_one,
];

/// Runs every case on journals of its own, all at the same time (they wait for the disk).
///
/// # Panics
/// If a case fails, with the names of all failed cases.
pub fn suite(open: Open<'_>) {
    let broken: Vec<&str> = std::thread::scope(|scope| {
        let started: Vec<_> = CASES
            .iter()
            .map(|case| {
                let opener = Opener { open, case: case.name };
                // A panic's message contains the thread's name.
                let thread = std::thread::Builder::new().name(case.name.to_owned());
                (case.name, thread.spawn_scoped(scope, move || (case.holds)(&opener)).unwrap())
            })
            .collect();
        let broken = started.into_iter().filter_map(|(name, case)| case.join().err().map(|_| name));
        broken.collect()
    });
    assert!(broken.is_empty(), "the store does not keep these parts of the contract: {broken:#?}");
}

/// Opens the journals of a case.
struct Opener<'o> {
    open: Open<'o>,
    case: &'static str,
}

impl Opener<'_> {
    /// The journal of the case. A second call opens it again.
    fn open(&self) -> Journal {
        self.other("")
    }

    /// Another journal of the case.
    fn other(&self, name: &str) -> Journal {
        (self.open)(&format!("{}{name}", self.case))
    }
}
