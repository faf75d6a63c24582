//! What searches and lists show: the organization as it was a while ago.
//!
//! Atlassian answers searches, lists and membership reads from indexes that are filled after the
//! fact (its documentation promises nothing of how soon; administrators report seconds). Here the
//! index is a second organization to which every change comes once its time is there, in the order in
//! which they were made, so that indices mean the same in both. Without a lag there is none.

use std::collections::VecDeque;

use super::change::Change;
use super::world::Org;

/// The index, and what has not reached it yet.
#[derive(Debug, Default)]
pub(crate) struct Lagging {
    lag_ms: i64,
    by_id: bool,
    /// None while nothing lags.
    shown: Option<Org>,
    /// When each is shown, by the sandbox's clock; never before the one in front of it.
    waiting: VecDeque<(i64, Change)>,
}

impl Lagging {
    /// From now on changes are shown so much later; `by_id`: to reads by id too. What waits
    /// already keeps its time.
    pub(crate) fn set(&mut self, lag_ms: i64, by_id: bool, org: &Org) {
        self.lag_ms = lag_ms.max(0);
        self.by_id = by_id;
        if self.lag_ms > 0 && self.shown.is_none() {
            self.shown = Some(org.clone());
        }
    }

    /// A change was made.
    pub(crate) fn note(&mut self, change: &Change, now_ms: i64) {
        if self.shown.is_none() {
            return;
        }
        let last = self.waiting.back().map_or(0, |(due, _)| *due);
        self.waiting.push_back((last.max(now_ms + self.lag_ms), change.clone()));
    }

    /// Everything is shown: an organization that has come to rest.
    pub(crate) fn settle(&mut self, org: &Org) {
        self.waiting.clear();
        self.shown = (self.lag_ms > 0).then(|| org.clone());
    }

    /// The organization as a search shows it now; none where that is the organization itself.
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
