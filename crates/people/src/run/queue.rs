//! Steps that may be started, in the plan's order, and how many of each kind are under way. Pure.
//!
//! Each kind of step is another call with a pace of its own, so a kind that has no room holds back no
//! other: who waits for one call is passed by. Of a job with one kind of step nothing is passed by,
//! and row 1 stays first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::dispatcher::Finished;
use headcount_model::step::{Step, StepKind};

/// The steps that wait for their start.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: BTreeMap<u64, Step>,
    under_way: HashMap<StepKind, usize>,
}

/// The rows that go first, and what became of their steps.
#[derive(Debug)]
pub(super) struct Canary {
    most: u64,
    rows: BTreeSet<u64>,
    pub(super) finished: Vec<Finished>,
}

impl Canary {
    pub(super) fn of(rows: u64) -> Self {
        Self { most: rows, rows: BTreeSet::new(), finished: Vec::new() }
    }

    /// A row that is in it already, or the next one while there is room. All steps of a row belong to
    /// it: somebody is created and in their groups before others follow.
    fn may_take(&self, row: u64) -> bool {
        self.rows.contains(&row) || (self.rows.len() as u64) < self.most
    }
}

impl Queue {
    /// Adds a step at its place in the plan.
    pub(super) fn add(&mut self, step: Step) {
        self.ready.insert(step.number, step);
    }

    /// Nothing is ready any more.
    pub(super) fn clear(&mut self) {
        self.ready.clear();
    }

    /// A step of this kind is under way, or has come back.
    pub(super) fn started(&mut self, kind: StepKind) {
        *self.under_way.entry(kind).or_default() += 1;
    }

    /// See [`Queue::started`].
    pub(super) fn came_back(&mut self, kind: StepKind) {
        if let Some(many) = self.under_way.get_mut(&kind) {
            *many = many.saturating_sub(1);
        }
    }

    /// Takes every step that may be started now: as many of each kind under way as there is `room` for,
    /// of a canary only those of its rows.
    pub(super) fn take(
        &mut self,
        room: impl Fn(StepKind) -> usize,
        mut canary: Option<&mut Canary>,
    ) -> Vec<Step> {
        let mut left: HashMap<StepKind, usize> = HashMap::new();
        let mut taken = Vec::new();
        for step in self.ready.values() {
            let under_way = self.under_way(step.kind);
            let left = (left.entry(step.kind))
                .or_insert_with(|| room(step.kind).saturating_sub(under_way));
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
        let taken: Vec<Step> = taken.iter().filter_map(|at| self.ready.remove(at)).collect();
        taken.iter().for_each(|step| self.started(step.kind));
        taken
    }

    /// Whether more should be taken from the journal, once nothing that is ready can be started:
    /// nothing is left, or all that is left waits for one call while another has room. Of these no
    /// more than `most` are kept.
    pub(super) fn wants_more(&self, room: impl Fn(StepKind) -> usize, most: usize) -> bool {
        let has_room = |(kind, many): (&StepKind, &usize)| *many < room(*kind);
        self.ready.is_empty() || (self.ready.len() < most && self.under_way.iter().any(has_room))
    }

    /// Whether anything that is ready may be started when nothing is under way.
    pub(super) fn can_go_on(&self, canary: Option<&Canary>) -> bool {
        self.ready.values().any(|step| canary.is_none_or(|canary| canary.may_take(step.row)))
    }

    fn under_way(&self, kind: StepKind) -> usize {
        self.under_way.get(&kind).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_model::step::{Before, StepState, Target, Wanted};

    fn step(number: u64, row: u64, kind: StepKind) -> Step {
        Step {
            number,
            row,
            kind,
            door: None,
            target: Target::default(),
            before: Before::Absent,
            wanted: Wanted::default(),
            attempts: 0,
            unclear: 0,
            sent_at: None,
            needs: None,
            state: StepState::Pending,
        }
    }

    fn numbers(taken: Vec<Step>) -> Vec<u64> {
        taken.iter().map(|step| step.number).collect()
    }

    const ADD: StepKind = StepKind::AddMember;
    const CREATE: StepKind = StepKind::CreateUser;

    #[test]
    fn steps_go_in_the_plans_order_and_a_kind_without_room_is_passed_by() {
        let mut queue = Queue::default();
        for (number, kind) in [(4, ADD), (1, CREATE), (2, CREATE), (3, CREATE)] {
            queue.add(step(number, number, kind));
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
        for (number, row, kind) in [(1, 1, CREATE), (4, 2, CREATE)] {
            queue.add(step(number, row, kind));
        }
        assert_eq!(numbers(queue.take(|_| 9, Some(&mut canary))), [1]);
        assert!(!queue.can_go_on(Some(&canary)));
        // What waited for the first step follows it.
        queue.add(step(2, 1, ADD));
        queue.add(step(3, 1, ADD));
        assert!(queue.can_go_on(Some(&canary)));
        assert_eq!(numbers(queue.take(|_| 9, Some(&mut canary))), [2, 3]);
        assert_eq!(numbers(queue.take(|_| 9, None)), [4]);
    }
}
