//! What a column holds, by its heading, as far as it can say that a row is to be kept.

use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_sheet::Heading;

use crate::rows::deciding::folded_words;
use crate::rows::names::is_name;
use crate::rows::wanted::Job;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rows) enum Kind {
    /// A fact about a user or group, such as a name or a department. Words in it have other meanings.
    Fact,
    /// Any text.
    Text,
    /// A user's status at work.
    Status,
    /// The day on which a user leaves or starts, or on which something is to be done.
    End,
    /// The day up to which a row is to be kept.
    Until,
    /// The day on which a user comes back.
    Return,
    /// The reason why a row is not to be changed.
    Exception,
}

/// Words of headings whose cells are facts.
const FACTS: &str = "department dept division unit team teams squad tribe manager supervisor boss lead title role roles \
                     position function job grade location office site city country region company organization \
                     org employer cost center centre project name names vorname nachname surname email \
                     mail mails phone mobile telephone address street group groups product products app apps label \
                     id ids number nr username login abteilung bereich vorgesetzter vorgesetzte titel rolle funktion \
                     standort büro stadt land firma kostenstelle gruppe gruppen service département fonction poste \
                     lieu société groupe departamento puesto cargo ubicación ciudad empresa grupo departemento \
                     dipartimento ruolo sede azienda gruppo dział stanowisko lokalizacja firma grupa afdeling functie \
                     locatie bedrijf groep 部署 部門 役職 会社 氏名 名前 グループ";

/// Words for a status.
const STATUSES: &str =
    "status state stand zustand statut état estado stato stan 状態 ステータス 状況 状态 상태";

/// Words for what a status of an account or a program belongs to; people do not decide by it.
const ACCOUNTS: &str = "user account atlassian jira confluence okta google entra license subscription billing \
                        mfa 2fa sso approval ticket request sync provisioning invitation token email device benutzer \
                        konto compte cuenta conta";

/// Words for the day on which a user leaves or starts, or on which something is to be done.
const ENDS: &str = "leaving leave leaves left exit separation termination terminated terminates resignation effective \
                    deactivate deactivation offboarding offboard disable removal remove due scheduled until end ends \
                    ending last final start starts starting hire hired joining austritt austrittsdatum vertragsende \
                    enddatum ende kündigungsdatum kündigung letzter eintritt eintrittsdatum bis départ sortie fin \
                    dernier baja salida último fim desligamento saída término termino cessazione fine ultimo uscita \
                    zakończenia odejścia ostatni einddatum laatste uitdiensttreding";

/// Words for a day.
const DAYS: &str = "date day on until by from at end ends tag datum arbeitstag am bis zum date jour le fecha día data \
                    dia giorno dzień data dag werkdag per";

/// The same in languages without spaces.
const DAY_PARTS: &[&str] =
    &["退職日", "退社日", "最終出勤日", "終了日", "離職日", "离职日期", "퇴사일", "퇴직일"];

/// Words for other things that end.
const OTHER_ENDS: &str = "login logon seen sign access accessed activity used mailbox license password \
                          certificate laptop device badge visa passport training review updated modified changed sync \
                          synced created added invoice subscription order logged equipment hardware asset assets item items pay payroll salary bonus";

/// Words for the use of an account.
const USES: &str = "seen login logon accessed used synced logged";

/// Words for the last time of something.
const LASTS: &str = "last latest letzte letzter letztes letzten zuletzt dernier dernière última último \
                     ultimo ultima ostatnie ostatnia ostatni laatste senaste senest seneste siste viimeksi viimeisin \
                     最終 最后";

/// Words for the use of an account, next to one for the last time. (`Last access` may be a day that is still to come.)
const LAST_USES: &str = "seen login logon logins accessed logged signin sign active activity anmeldung angemeldet aktivität \
                         aktiv connexion activité conexión sesión conexão logowanie logowania aktywność \
                         inlog aanmelding activiteit inloggning aktivitet kirjautuminen ログイン";

/// Words for a return.
const RETURNS: &str = "return returns returning back rehire rehired rückkehr retour regreso retorno rientro powrót terugkeer \
                       復職日 復帰日";

/// Words for a reason to keep a row.
const EXCEPTIONS: &str = "exception exceptions exempt exempted exemption ausnahme ausnahmen excepción excepciones exceção \
                          exceções eccezione eccezioni wyjątek wyjątki uitzondering uitzonderingen undantag undtagelse \
                          whitelist allowlist keep retain retained behalten garder mantener manter mantenere hold \
                          holds extended verlängerung verlängert 例外 除外理由";

static LISTS: LazyLock<[HashSet<String>; 9]> = LazyLock::new(|| {
    [FACTS, STATUSES, ACCOUNTS, ENDS, DAYS, OTHER_ENDS, RETURNS, EXCEPTIONS, USES].map(folded_words)
});

/// Whether a column says when the account was last used.
pub(super) fn is_last_use(heading: &Heading) -> bool {
    static KNOWN: LazyLock<[HashSet<String>; 2]> =
        LazyLock::new(|| [LASTS, LAST_USES].map(folded_words));
    KNOWN.iter().all(|list| heading.words().iter().any(|word| list.contains(word)))
}

/// What the cells below a heading are. `status` is what those below a bare `Status` are.
pub(super) fn kind(job: Job, heading: &Heading, status: Kind) -> Kind {
    let [facts, statuses, accounts, ends, days, others, returns, exceptions, uses] = &*LISTS;
    let has = |list: &HashSet<String>| heading.words().iter().any(|word| list.contains(word));
    let of_users = matches!(job, Job::Users | Job::Memberships);
    // `Last active date`, but `Active until`.
    let is_of_use = has(uses)
        || ["last", "active"].iter().all(|word| heading.words().iter().any(|one| one == word));
    let is_of_a_program = heading.is_of_another_program();
    let has_part = || DAY_PARTS.iter().any(|part| heading.text().contains(part));
    let is_list = matches!(job, Job::UsersExport | Job::GroupsExport | Job::List);
    if is_list || is_name(heading) || is_of_a_program || is_of_use {
        return Kind::Fact;
    }
    if of_users && has(statuses) {
        return match heading.words() {
            _ if has(accounts) => Kind::Fact,
            [_] => status,
            _ => Kind::Status,
        };
    }
    if of_users && has_part() {
        return Kind::End;
    }
    if of_users && has(days) && has(returns) && !has(others) {
        return Kind::Return;
    }
    if of_users && has(ends) && (has(days) || heading.words().len() == 1) && !has(others) {
        return if has(exceptions) { Kind::Until } else { Kind::End };
    }
    if has(facts) || heading.normalized() == "description" {
        return Kind::Fact;
    }
    if has(exceptions) && !has(others) { Kind::Exception } else { Kind::Text }
}
