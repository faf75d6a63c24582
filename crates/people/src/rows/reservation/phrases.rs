//! Words with which people say that a row is to be kept, by language.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use headcount_sheet::heading::words::{folded, words};
use jiff::civil::Date;

use super::dates;
use crate::rows::deciding::{folded_words, is_imperative};

/// Single words. `Keep mailbox` is about something else: [`THINGS`].
const WORDS: &str = "keep retain wait hold postpone postponed defer deferred delay delayed exclude excluded skip exempt \
                     exempted exemption exception loa maternity paternity parental sabbatical furlough furloughed \
                     secondment seconded rehired reinstated tbc litigation staying stays returning \
                     behalten warten zurückgestellt verschoben ausnahme ausnehmen elternzeit mutterschutz \
                     mutterschaftsurlaub mutterschaft vaterschaftsurlaub beurlaubt krankgeschrieben bleibt bleiben \
                     wiedereingestellt rückkehr sabbatjahr verlängert pausieren \
                     garder conserver attendre maternité paternité congé exception revient reporté réintégré prolongé \
                     mantener conservar maternidad paternidad excedencia esperar excepción regresa reincorporado \
                     prorrogado manter maternidade paternidade aguardar exceção licença readmitido \
                     mantenere conservare maternità paternità congedo aspettare eccezione rientra prorogato \
                     zachować zachowaj macierzyński macierzyńskim wychowawczy wychowawczym urlop urlopie poczekać \
                     wyjątek wraca przedłużono behouden ouderschapsverlof zwangerschapsverlof verlof wachten \
                     uitzondering behåll föräldraledig mammaledig barsel orlov äitiysvapaa";

/// Several words in a row.
const PHRASES: &str = "on leave|leave of absence|maternity leave|paternity leave|parental leave|sick leave|\
                       medical leave|long term sick|on hold|legal hold|hold off|not yet|please keep|must keep|\
                       keep until|keep active|keep access|keep account|keep user|will return|returns in|returns on|\
                       returns from|returns to|back in|back on|back from|back after|back to work|comes back|\
                       coming back|re hired|still active|still employed|still working|still works|\
                       still needed|still needs|still used|still in use|still uses|still here|needs access|need access|contract extended|extended until|\
                       extended to|extended by|notice withdrawn|resignation withdrawn|withdrew|not leaving|\
                       leave active|leave enabled|leave as is|leave alone|no action|ask hr|ask first|check with|\
                       confirm with|to be confirmed|break glass|further notice|wait for|wait until|change of plan|\
                       noch nicht|in elternzeit|in urlaub|bitte warten|noch aktiv|noch beschäftigt|noch benötigt|\
                       kommt zurück|kehrt zurück|wieder eingestellt|bis auf weiteres|erst ab|erst im|erst am|erst zum|\
                       en congé|en attente|pas encore|de retour|retour le|toujours actif|arrêt maladie|\
                       en espera|todavía no|aún no|baja por maternidad|baja médica|vuelve en|ainda não|volta em|\
                       in attesa|non ancora|torna in|jeszcze nie|do odwołania|nog niet|komt terug|terug op|nog actief|\
                       inte än|ikke endnu|ikke ennå|ei vielä";

/// Words for a day up to which something stays.
const UNTIL: &str = "until till bis hasta jusqu";

/// Beginnings of an instruction not to do something, before a verb.
const NOT_TO: &str = "do not|don t|dont|never|must not|should not|shall not|not to be|not be|nicht|ne pas|niet|nie|não|no|\
                      non|cannot be|can t be";

/// Verbs after [`NOT_TO`], besides those of jobs.
const TOUCH: &str = "touch change modify alter process offboard deactivated disabled removed deleted suspended \
                     anfassen ändern toucher modifier tocar modificar toccare modificare aanraken wijzigen";

/// Parts of texts in languages without spaces.
const PARTS: &[&str] = &[
    "休職",
    "育休",
    "産休",
    "育児休",
    "休暇中",
    "保留",
    "残す",
    "残して",
    "維持",
    "待って",
    "しないで",
    "しないこと",
    "復職",
    "延長",
    "除外",
    "产假",
    "休假",
    "保留",
    "暂缓",
    "不要",
    "留职",
    "육아휴직",
    "휴직",
    "유지",
    "보류",
];

/// What people keep after a user has left.
const THINGS: &str = "mailbox mail mails email emails laptop phone mobile device devices number files file data drive \
                      license licenses backup documents equipment car badge keys forwarding forward autoreply \
                      onedrive sharepoint archive copy";

/// What a status says about a user who is employed, in one cell.
const NOW: &str = "active|aktiv|actif|active employee|activo|activa|ativo|ativa|attivo|attiva|aktywny|aktywna|actief|\
                   employed|current|current employee|working|at work|in service|beschäftigt|angestellt|employé|en poste|\
                   empleado|empregado|impiegato|zatrudniony|in dienst|returned|rehired|retained|leave|extended|renewed|\
                   probation|onboarding|new|有効|在職|在籍|在职|재직";

/// How much of a text is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Single words too.
    Any,
    /// Only several words in a row.
    Phrases,
}

struct Known {
    /// Finds what begins one of the lists below, so that most cells are not split into words. `None` searches all.
    search: Option<AhoCorasick>,
    words: HashSet<String>,
    phrases: Vec<String>,
    until: HashSet<String>,
    not_to: Vec<String>,
    touch: HashSet<String>,
    things: HashSet<String>,
    now: HashSet<String>,
    parts: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let in_row = |text: &str| format!(" {} ", words(text).join(" "));
    let all = |list: &'static str| list.split('|').map(in_row).collect::<Vec<_>>();
    Known {
        search: search(),
        words: folded_words(WORDS),
        phrases: all(PHRASES),
        until: folded_words(UNTIL),
        not_to: all(NOT_TO),
        touch: folded_words(TOUCH),
        things: folded_words(THINGS),
        now: all(NOW).into_iter().collect(),
        parts: PARTS.iter().map(|part| folded(part)).collect(),
    }
});

/// A search for the first words of all lists in a text of ASCII.
fn search() -> Option<AhoCorasick> {
    let several = PHRASES.split('|').chain(NOT_TO.split('|'));
    let firsts = several.filter_map(|phrase| words(phrase).into_iter().next());
    let single = folded_words(WORDS).into_iter().chain(folded_words(UNTIL));
    let all: Vec<String> = firsts.chain(single).collect();
    AhoCorasick::builder().ascii_case_insensitive(true).build(&all).ok()
}

/// Whether a text says that its row is not to be changed, or not yet.
pub(super) fn holds_back(text: &str, scope: Scope, today: Date) -> bool {
    let known = &*KNOWN;
    if text.is_ascii() && known.search.as_ref().is_some_and(|search| !search.is_match(text)) {
        return false;
    }
    if !text.is_ascii() {
        let folded = folded(text);
        if known.parts.iter().any(|part| folded.contains(part.as_str())) {
            return true;
        }
    }
    let words = words(text);
    let line = format!(" {} ", words.join(" "));
    if known.phrases.iter().any(|phrase| line.contains(phrase.as_str())) || forbids(&line) {
        return true;
    }
    scope == Scope::Any && (0..words.len()).any(|at| is_said(&words[at..], today))
}

/// Whether the first of these words says it.
fn is_said(words: &[String], today: Date) -> bool {
    let known = &*KNOWN;
    let [word, after @ ..] = words else { return false };
    if known.until.contains(word) {
        // `until 31.03.2025` has passed.
        return !after.is_empty() && !dates::is_past(&after.join(" "), today);
    }
    let is_of_things = || after.iter().take(3).any(|next| known.things.contains(next));
    known.words.contains(word) && !is_of_things()
}

/// Whether a line of words, each between spaces, says not to do something.
fn forbids(line: &str) -> bool {
    let known = &*KNOWN;
    let is_verb = |word: &str| is_imperative(word) || known.touch.contains(word);
    known.not_to.iter().any(|start| {
        // `No change of address` forbids nothing.
        let is_noun = |word: &str| start == " no " && matches!(word, "change" | "process");
        let mut places = line.match_indices(start.as_str());
        places.any(|(at, _)| {
            let next = line[at + start.len()..].split(' ').next();
            next.is_some_and(|word| is_verb(word) && !is_noun(word))
        })
    })
}

/// Whether a status says that a user is employed.
pub(super) fn is_of_now(text: &str) -> bool {
    text.len() <= 40 && KNOWN.now.contains(&format!(" {} ", words(text).join(" ")))
}
