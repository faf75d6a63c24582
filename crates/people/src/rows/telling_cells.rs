//! Columns whose cells show a meaning that their heading does not: account ids under `ID`, a second email under
//! `Login`. Only the first rows are checked; in doubt, headcount asks.

use super::address::looks_like_mail;
use super::fitting::{filled, holds_account_ids};
use super::search::Trouble;
use super::seeming::is_of_another_person;
use super::wanted::{Field, Job, field};
use headcount_sheet::heading::names::column;
use headcount_sheet::{FirstRows, Heading, HeadingLine};

/// Headings under which programs write emails, in normalized form.
const LOGINS: &str = "profilelogin userlogin login logins loginname loginid user users username account \
                      accountname signin signinname logon logonname benutzer benutzername anmeldename \
                      nutzer nutzername identifiant utilisateur nomdutilisateur usuario \
                      nombredeusuario nomedeusuario utente nomeutente uzytkownik nazwauzytkownika \
                      gebruiker gebruikersnaam ユーサー ユーサー名 ロクイン";

/// What the first rows show about columns that are not read.
pub(super) fn doubt(
    job: Job,
    headings: &HeadingLine,
    first: &FirstRows,
    found: &[(Field, usize)],
    map: &[(String, String)],
) -> Option<Trouble> {
    if !matches!(job, Job::CreateUsers | Job::Users | Job::List | Job::Actions | Job::Memberships) {
        return None;
    }
    let index = |wanted: Field| found.iter().find(|(known, _)| *known == wanted).map(|(_, at)| *at);
    let is_mapped = |wanted: Field| map.iter().any(|(name, _)| field(job, name) == Some(wanted));
    let said: Vec<usize> =
        map.iter().filter_map(|(_, heading)| column(headings, heading).ok()).collect();
    let is_free = |at: &usize| {
        !found.iter().any(|(_, used)| used == at)
            && !headings[*at].is_secret()
            && !said.contains(at)
    };
    let has_id = index(Field::AccountId).is_some();
    if job == Job::CreateUsers || !has_id {
        let holds_mail = |at: &usize| match is_login(&headings[*at]) {
            true => filled(*at, first).any(looks_like_mail),
            // `Who is leaving?`: the email of the user who filled in the form is next to it.
            false => !is_of_another_person(&headings[*at]) && holds_mostly_mail(*at, first),
        };
        let mut free = (0..headings.len()).filter(is_free);
        if let Some(mail) = index(Field::Email).filter(|_| !is_mapped(Field::Email))
            && let Some(at) = free.find(holds_mail)
        {
            return Some(Trouble::Two(Field::Email, mail.min(at), mail.max(at)));
        }
    }
    if job == Job::CreateUsers || has_id {
        return None;
    }
    let is_id = |at: &usize| holds_account_ids(&headings[*at], *at, first);
    let free = (0..headings.len()).filter(is_free);
    let ids: Vec<_> = free.filter(is_id).map(|at| (Field::AccountId, at)).collect();
    (!ids.is_empty()).then_some(Trouble::Passed(ids))
}

fn holds_mostly_mail(at: usize, first: &FirstRows) -> bool {
    let (mut mails, mut all) = (0, 0);
    for cell in filled(at, first) {
        all += 1;
        mails += usize::from(looks_like_mail(cell));
    }
    mails * 2 > all
}

fn is_login(heading: &Heading) -> bool {
    LOGINS.split_whitespace().any(|known| known == heading.normalized())
}
