//! The steps that may start, in the plan's order, and how many of each lane are under way. Pure.
//!
//! Each lane has its own pace, so a full lane does not hold back the others: their steps pass. Within a lane, the
//! order stays, so row 1 of a job with one lane is sent first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::executor::Lane;
use super::worker::Finished;
use headcount_model::step::Step;

/// The steps that wait to be started.
#[derive(Debug)]
pub(super) struct Queue<P> {
    ready: BTreeMap<u64, (Lane, Step<P>)>,
    under_way: HashMap<Lane, usize>,
}

/// The rows that are sent first, and the results of their steps.
#[derive(Debug)]
pub(super) struct Canary<P> {
    most: u64,
    rows: BTreeSet<u64>,
    pub(super) finished: Vec<Finished<P>>,
}

impl<P> Canary<P> {
    pub(super) fn of(rows: u64) -> Self {
        Self { most: rows, rows: BTreeSet::new(), finished: Vec::new() }
    }

    /// Whether this row belongs to the canary; a new row joins while there is room. All steps of a row belong to it:
    /// a user is created and added to groups before other rows follow.
    fn may_take(&self, row: u64) -> bool {
        self.rows.contains(&row) || (self.rows.len() as u64) < self.most
    }
}

impl<P> Default for Queue<P> {
    fn default() -> Self {
        Self { ready: BTreeMap::new(), under_way: HashMap::new() }
    }
}

impl<P> Queue<P> {
    /// Adds a step at its place in the plan.
    pub(super) fn add(&mut self, lane: Lane, step: Step<P>) {
        self.ready.insert(step.number, (lane, step));
    }

    /// Removes all steps that wait.
    pub(super) fn clear(&mut self) {
        self.ready.clear();
    }

    /// Counts a step of this lane as under way.
    pub(super) fn started(&mut self, lane: Lane) {
        *self.under_way.entry(lane).or_default() += 1;
    }

    /// Counts a step of this lane as ended.
    pub(super) fn came_back(&mut self, lane: Lane) {
        if let Some(many) = self.under_way.get_mut(&lane) {
            *many = many.saturating_sub(1);
        }
    }

    /// Takes all steps that may start now: in each lane as many as there is `room` for; with a canary, only the steps
    /// of its rows.
    pub(super) fn take(
        &mut self,
        room: impl Fn(Lane) -> usize,
        mut canary: Option<&mut Canary<P>>,
    ) -> Vec<Step<P>> {
        let mut left: HashMap<Lane, usize> = HashMap::new();
        let mut taken = Vec::new();
        for (lane, step) in self.ready.values() {
            let under_way = self.under_way(*lane);
            let left = (left.entry(*lane)).or_insert_with(|| room(*lane).saturating_sub(under_way));
            if *left == 0 {
                continue;
            }
            if let Some(canary) = canary.as_deref_mut() {
                if !canary.may_take(step.row) {
                    continue;
                }
                canary.rows.insert(step.row);
            }
            *left -= 1;
            taken.push(step.number);
        }
        let taken: Vec<_> = taken.iter().filter_map(|at| self.ready.remove(at)).collect();
        taken.iter().for_each(|(lane, _)| self.started(*lane));
        taken.into_iter().map(|(_, step)| step).collect()
    }

    /// Whether to take more steps from the journal when no waiting step can start: none is left, or all of them wait
    /// for a full lane while another lane has room. At most `most` steps are kept.
    pub(super) fn wants_more(&self, room: impl Fn(Lane) -> usize, most: usize) -> bool {
        let has_room = |(lane, many): (&Lane, &usize)| *many < room(*lane);
        self.ready.is_empty() || (self.ready.len() < most && self.under_way.iter().any(has_room))
    }

    /// Whether a waiting step may start once nothing is under way.
    pub(super) fn can_go_on(&self, canary: Option<&Canary<P>>) -> bool {
        self.ready.values().any(|(_, step)| canary.is_none_or(|canary| canary.may_take(step.row)))
    }

    /// How many steps of this lane are under way.
    pub(super) fn under_way(&self, lane: Lane) -> usize {
        self.under_way.get(&lane).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_model::step::StepState;

    fn step(number: u64, row: u64) -> Step<()> {
        Step {
            number,
            row,
            kind: "change".into(),
            door: None,
            payload: (),
            unseen: false,
            given: None,
            named: None,
            attempts: 0,
            unclear: 0,
            sent_by: None,
            needs: None,
            state: StepState::Pending,
        }
    }

    fn numbers(taken: Vec<Step<()>>) -> Vec<u64> {
        taken.iter().map(|step| step.number).collect()
    }

    const ADD: Lane = Lane("add");
    const CREATE: Lane = Lane("create");

    #[test]
    fn steps_go_in_the_plans_order_and_a_lane_without_room_is_passed_by() {
        let mut queue = Queue::default();
        for (number, lane) in [(4, ADD), (1, CREATE), (2, CREATE), (3, CREATE)] {
            queue.add(lane, step(number, number));
        }
        assert_eq!(numbers(queue.take(|_| 2, None)), [1, 2, 4]);
        assert_eq!(numbers(queue.take(|_| 2, None)), [] as [u64; 0]);
        assert!(queue.wants_more(|_| 2, 9), "adding has room");
        assert!(!queue.wants_more(|_| 1, 9), "nothing has");
        assert!(!queue.wants_more(|_| 2, 1), "enough is kept");
        queue.came_back(CREATE);
        assert_eq!(numbers(queue.take(|_| 2, None)), [3]);
        assert!(queue.wants_more(|_| 0, 0), "nothing is left");
    }

    #[test]
    fn a_canary_takes_all_steps_of_its_rows_and_no_other() {
        let mut queue = Queue::default();
        let mut canary = Canary::of(1);
        for (number, row, lane) in [(1, 1, CREATE), (4, 2, CREATE)] {
            queue.add(lane, step(number, row));
        }
        assert_eq!(numbers(queue.take(|_| 9, Some(&mut canary))), [1]);
        assert!(!queue.can_go_on(Some(&canary)));
        // What waited for the first step follows it.
        queue.add(ADD, step(2, 1));
        queue.add(ADD, step(3, 1));
        assert!(queue.can_go_on(Some(&canary)));
        assert_eq!(numbers(queue.take(|_| 9, Some(&mut canary))), [2, 3]);
        assert_eq!(numbers(queue.take(|_| 9, None)), [4]);
    }
}
