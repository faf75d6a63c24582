//! What searches and lists show: the organization as it was some time ago.
//!
//! Atlassian answers searches, lists and membership reads from indexes that are updated after the change. (Its
//! documentation promises no time; administrators report seconds.) Here the index is a second organization. Each
//! change reaches it after the lag, in the order in which the changes were made, so that positions mean the same
//! in both. Without a lag there is no second organization.

use std::collections::VecDeque;

use super::change::Change;
use super::world::Org;

/// The index, and the changes that have not reached it yet.
#[derive(Debug, Default)]
pub(crate) struct Lagging {
    lag_ms: i64,
    by_id: bool,
    /// `None` if nothing lags.
    shown: Option<Org>,
    /// The changes with the time of the sandbox's clock at which each is shown, in order.
    waiting: VecDeque<(i64, Change)>,
}

impl Lagging {
    /// Sets the lag of later changes, in milliseconds. With `by_id`, reads by id lag, too. Changes that wait
    /// already keep their time.
    pub(crate) fn set(&mut self, lag_ms: i64, by_id: bool, org: &Org) {
        self.lag_ms = lag_ms.max(0);
        self.by_id = by_id;
        if self.lag_ms > 0 && self.shown.is_none() {
            self.shown = Some(org.clone());
        }
    }

    /// Notes a change.
    pub(crate) fn note(&mut self, change: &Change, now_ms: i64) {
        if self.shown.is_none() {
            return;
        }
        let last = self.waiting.back().map_or(0, |(due, _)| *due);
        self.waiting.push_back((last.max(now_ms + self.lag_ms), change.clone()));
    }

    /// Shows all changes.
    pub(crate) fn settle(&mut self, org: &Org) {
        self.waiting.clear();
        self.shown = (self.lag_ms > 0).then(|| org.clone());
    }

    /// The organization as searches show it now; `None` if that is the organization itself.
    pub(crate) fn shown(&mut self, now_ms: i64) -> Option<&Org> {
        let shown = self.shown.as_mut()?;
        while let Some((_, change)) = self.waiting.pop_front_if(|(due, _)| *due <= now_ms) {
            shown.apply(&change);
        }
        if self.lag_ms == 0 && self.waiting.is_empty() {
            self.shown = None;
        }
        self.shown.as_ref()
    }

    /// The same for a read by id.
    pub(crate) fn shown_by_id(&mut self, now_ms: i64) -> Option<&Org> {
        if self.by_id { self.shown(now_ms) } else { None }
    }

    pub(crate) fn lag_ms(&self) -> i64 {
        self.lag_ms
    }

    pub(crate) fn by_id(&self) -> bool {
        self.by_id
    }

    /// Changes that are not shown yet.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
