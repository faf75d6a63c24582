//! Advice about which of two columns has the old and which the new address. It is never guessed: the wrong way round,
//! the users of yesterday's file would all get their old addresses back.

use headcount_sheet::heading::names::column;
use headcount_sheet::{Advice, Change};

use super::fitting::{Fit, fit, holds_account_ids};
use super::needs::Need;
use super::old_or_new::{Address, old_or_new};
use super::remedy::{Maps, Remedy};
use super::seeming::{Seeming, seeming, seems_to_tell};
use super::wanted::{Field, Job, field, told};

/// The most columns with addresses of which all pairs are offered.
const MOST: usize = 2;

impl Remedy<'_> {
    /// Whether only the user knows which column has this field.
    pub(super) fn is_users_choice(&self, field: Field) -> bool {
        self.sought.job == Job::NewEmails && matches!(field, Field::Email | Field::NewEmail)
    }

    /// Offers the possible columns of the old and the new address; `false` if there are none.
    pub(super) fn offer_addresses(&self, advice: &mut Advice) -> bool {
        let all: Vec<Maps> = self.addresses(&self.options.map);
        let tried: Vec<Maps> = all.into_iter().filter_map(|maps| self.tried(maps)).collect();
        advice.say(match &tried[..] {
            [] => return false,
            [one] if one.len() == 1 => " If this is the right column: ",
            [_] => " If these are the right columns: ",
            _ => {
                " headcount does not guess which address is the old and which the new one. Choose one: "
            }
        });
        advice.offer(tried.into_iter().map(Change::of_map).collect());
        true
    }

    /// All options that name the columns of the old and the new address next to those of `map`. A heading that says
    /// old or new leaves no choice.
    pub(super) fn addresses(&self, map: &[(String, String)]) -> Vec<Maps> {
        let headings = self.sought.headings;
        let is_named = |at: &usize| map.iter().any(|(_, one)| column(headings, one) == Ok(*at));
        let free: Vec<usize> =
            (0..headings.len()).filter(|at| !is_named(at) && self.may_be_address(*at)).collect();
        let is_mapped =
            |one: Field| map.iter().any(|(name, _)| field(self.sought.job, name) == Some(one));
        let new: Vec<Option<usize>> = match is_mapped(Field::NewEmail) {
            true => vec![None],
            false => self.possible(&free, Address::New),
        };
        let old: Vec<Option<usize>> = match is_mapped(Field::Email) || self.has_ids(map) {
            true => vec![None],
            false => self.possible(&free, Address::Old),
        };
        let mut all = Vec::new();
        for &new in &new {
            for &old in old.iter().filter(|old| old.is_none() || **old != new) {
                let old = old.map(|at| self.is(Field::Email, at));
                let new = new.map(|at| self.is(Field::NewEmail, at));
                all.push(old.into_iter().chain(new).collect());
            }
        }
        let ids = self.ids(map);
        all.iter_mut().for_each(|maps: &mut Maps| maps.extend(ids.clone()));
        all.retain(|maps| !maps.is_empty());
        if free.len() > MOST && all.len() > MOST { Vec::new() } else { all }
    }

    fn possible(&self, free: &[usize], address: Address) -> Vec<Option<usize>> {
        let of = |wanted: Option<Address>| {
            let is_it = move |at: &usize| self.said(*at) == wanted;
            free.iter().copied().filter(is_it).map(Some).collect::<Vec<_>>()
        };
        let said = of(Some(address));
        if said.is_empty() { of(None) } else { said }
    }

    /// What a heading says; also `New emial`.
    fn said(&self, at: usize) -> Option<Address> {
        let (job, heading) = (self.sought.job, &self.sought.headings[at]);
        let is_new = || {
            let known = told(job, heading).map(|(field, _)| field);
            known.or_else(|| seems_to_tell(job, heading)) == Some(Field::NewEmail)
        };
        old_or_new(heading).or_else(|| is_new().then_some(Address::New))
    }

    fn may_be_address(&self, at: usize) -> bool {
        let (job, first) = (self.sought.job, self.sought.first);
        let heading = &self.sought.headings[at];
        let known = told(job, heading).map(|(field, _)| field);
        let is_other = known.is_some_and(|field| !self.is_users_choice(field));
        let is_mail = match first.is_empty() {
            true => known.is_some() || seeming(heading) == Seeming::Mail,
            false => fit(Field::Email, at, first) == Fit::Fits,
        };
        is_mail && !is_other && !heading.is_secret() && seeming(heading) != Seeming::OtherMail
    }

    /// Whether a column with account ids shows which users the rows mean.
    fn has_ids(&self, map: &[(String, String)]) -> bool {
        let (job, headings) = (self.sought.job, self.sought.headings);
        let is_id = |found: Option<Field>| found == Some(Field::AccountId);
        map.iter().any(|(name, _)| is_id(field(job, name)))
            || headings.iter().any(|one| is_id(told(job, one).map(|(field, _)| field)))
            || !self.ids(map).is_empty()
    }

    /// The column whose cells are account ids, if its heading does not say it.
    fn ids(&self, map: &[(String, String)]) -> Maps {
        let (job, headings, first) = (self.sought.job, self.sought.headings, self.sought.first);
        let is_named = |at: usize| map.iter().any(|(_, one)| column(headings, one) == Ok(at));
        let is_it = |at: &usize| {
            told(job, &headings[*at]).is_none()
                && !is_named(*at)
                && holds_account_ids(&headings[*at], *at, first)
        };
        let has_heading = headings
            .iter()
            .any(|one| told(job, one).is_some_and(|(field, _)| field == Field::AccountId));
        let mut all = (0..headings.len()).filter(is_it);
        match (all.next(), all.next()) {
            (Some(only), None) if !has_heading => vec![self.is(Field::AccountId, only)],
            _ => Maps::new(),
        }
    }

    /// Whether one of these needs is the user's choice.
    pub(super) fn needs_choice(&self, needs: &[&'static Need]) -> bool {
        let mut fields = needs.iter().flat_map(|need| need.one_of);
        fields.any(|field| self.is_users_choice(*field))
    }
}
