//! Headings that say what to do with a row, in many languages: `Action à effectuer`, `Keep?`, `Deactivate`. A row
//! may say in such a column that it should not be changed.
//!
//! Every word of such a heading is a verb of a job, a word for an action, or a word that goes with one. `Request
//! number` and `Last change` are something else.

use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_sheet::Heading;
use headcount_sheet::heading::words::{folded, normalized, words};

/// Nouns for actions.
const ACTIONS: &str = "action actions change changes request requests decision decisions command \
                       commands task tasks instruction instructions todo operation operations verb \
                       aktion aktionen aufgabe aufgaben anweisung anweisungen entscheidung änderung \
                       auftrag antrag maßnahme befehl vorgang tâche demande décision consigne \
                       changement commande opération acción tarea solicitud petición cambio orden \
                       instrucción decisión operación ação tarefa solicitação pedido alteração \
                       decisão instrução operação azione compito richiesta modifica decisione \
                       istruzione operazione akcja zadanie zmiana decyzja polecenie wniosek \
                       operacja actie taak wijziging verzoek opdracht besluit beslissing instructie \
                       bewerking アクション 操作 処理 依頼 指示 変更 決定 タスク 対応";

/// Verbs for actions. (`Active`, `Created` and similar words are states.)
const VERBS: &str = "add invite onboard assign provision create remove revoke unassign leave delete \
                     deactivate disable offboard activate enable reactivate suspend unsuspend restore \
                     reinstate keep retain exclude include skip ignore terminate \
                     hinzufügen einladen anlegen entfernen austragen löschen deaktivieren aktivieren \
                     sperren entsperren behalten ausschließen überspringen ignorieren \
                     ajouter inviter retirer enlever supprimer désactiver activer suspendre rétablir \
                     garder conserver exclure ignorer añadir agregar invitar quitar retirar eliminar \
                     desactivar activar suspender restaurar mantener conservar excluir omitir \
                     adicionar convidar remover desativar ativar manter aggiungere invitare rimuovere \
                     eliminare disattivare attivare sospendere ripristinare mantenere escludere \
                     dodaj zaproś usuń dezaktywuj aktywuj zawieś przywróć zachowaj wyklucz pomiń \
                     toevoegen uitnodigen verwijderen deactiveren activeren opschorten behouden \
                     uitsluiten overslaan inaktivera aktivera behåll behålla uteslut fjern slet slette \
                     deaktiver deaktiverer behold poista lisää säilytä 追加 招待 削除 除外 無効化 有効化 停止 復元 維持 保持";

/// Words that go with a noun or verb.
const AROUND: &str = "ja nein j oui non si sí sim não tak nie zur zum soll werden wird sollen can should must may \
                      ready x marked final manager hr boss to be do done not don t now please what y n yes no a à the this for of from in \
                      it effectuer faire realizar hacer fazer eseguire da de la le du di uit te \
                      voeren zu erledigen durchführen durchzuführende gewünschte wykonania \
                      wanted desired type needed taken requested pending next user users account \
                      accounts row line member membership access jira confluence atlassian";

/// Words for approving a row or not. Above answers they decide. (`Email confirmed` concerns the email:
/// [`OTHER_THINGS`].)
const AGREED: &str = "approved approval approve authorized authorised authorization authorisation confirmed \
                      confirm confirmation signoff signed ok okay go accepted agreed agree granted permitted \
                      cleared validated validation execute proceed process apply \
                      genehmigt genehmigung freigegeben freigabe bestätigt bestätigung erlaubt zugestimmt \
                      zustimmung einverstanden ausführen durchführen approuvé approuvée approbation validé \
                      validée confirmé confirmée autorisé autorisée accord aprobado aprobada aprobación \
                      autorizado autorizada validado confirmado confirmada aprovado aprovada aprovação \
                      approvato approvata approvazione confermato confermata autorizzato zatwierdzone \
                      zatwierdzony zatwierdzono potwierdzone potwierdzony potwierdzono zaakceptowano zgoda \
                      goedgekeurd goedkeuring bevestigd akkoord godkänd godkänt godkendt godkjent bekräftad \
                      schváleno potvrzeno onaylandı onay утверждено подтверждено одобрено согласовано 可否 \
                      要否 確認済 確認済み";

/// Nouns and participles that concern the row only if the cells below them are answers.
const DONE: &str = "kept retained excluded skipped deletion removal deactivation suspension termination offboarding \
                    onboarding rejected declined denied löschung entfernung deaktivierung sperrung \
                    kündigung suppression désactivation eliminación borrar baja desactivación remoção \
                    exclusão desativação eliminazione rimozione cancellare disattivazione usunięcie \
                    usunięcia skasuj dezaktywacja verwijdering deactivering удалить удаление \
                    отключить деактивировать сохранить оставить sil silinecek silinsin slet slett radera \
                    smazat odstranit leaver leavers leaving left stay stays staying austritt ausgeschieden \
                    bleibt bleiben departed departing departs departure exit terminated employed scope \
                    reviewed review certified austritt verlässt verlassen kündigen gekündigt démission \
                    départ salida saída uscita zwolniony vertrek needed needs necessary benötigt nötig nécessaire necesario necessário necessario \
                    potrzebny potrzebne nodig";

/// Participles: the state of an account (`Suspended`), unless the heading asks or refers to the future
/// (`Deleted?`, `To be removed`).
const STATES: &str = "deleted removed deactivated disabled suspended terminated offboarded revoked gelöscht \
                      entfernt deaktiviert gesperrt supprimé désactivé retiré suspendu eliminado borrado \
                      desactivado suspendido removido excluído desativado eliminato rimosso cancellato \
                      disattivato sospeso usunięty usunięte verwijderd gedeactiveerd";

/// Words that turn a state into a request.
const AHEAD: &str = "to be should must can zu zur soll werden wird para da do te a";

/// Words of languages without spaces: a part of the heading is enough.
const PARTS: &[&str] = &[
    "承認",
    "批准",
    "审批",
    "核准",
    "削除",
    "删除",
    "刪除",
    "除外",
    "無効",
    "禁用",
    "停用",
    "停止",
    "保持",
    "維持",
    "保留",
    "退職",
    "離職",
    "삭제",
    "승인",
    "비활성",
    "유지",
];

/// The words among [`PARTS`] that approve a row.
const AGREEMENT_PARTS: &[&str] = &["承認", "批准", "审批", "核准", "승인"];

/// Next to one of these words, the heading does not concern the row.
const OTHER_THINGS: &str = "email mail mails phone mobile address identity domain mfa sso fa password device \
                            policy terms training newsletter notification notifications mailbox invoice \
                            adresse telefon telefono";

/// Words that say not to do something.
const NEGATIONS: &str = "not don dont never without except keep keeps kept retain retained exclude excluded skip \
                         skipped ignore leave nicht kein keine nie behalten bleibt bleiben ausschließen \
                         überspringen ignorieren ausnahme garder conserver exclure ignorer ne pas sauf mantener \
                         conservar excluir omitir não nao manter mantenere escludere non zachowaj wyklucz pomiń \
                         niet geen behouden uitsluiten overslaan не оставить сохранить stay stays staying \
                         rejected declined denied active employed employee exception exempt exempted \
                         exemption angestellt beschäftigt needed needs necessary benötigt nötig nécessaire necesario necessário \
                         necessario potrzebny potrzebne nodig";

/// The same for languages without spaces.
const NEGATION_PARTS: &[&str] = &["除外", "保持", "維持", "保留", "しない", "不要", "유지"];

/// Verbs that are also nouns: a leave, a provision.
const NOUNS_TOO: &str = "leave provision include exclude skip ignore";

/// Whether a word, as [`normalized`](super::normalized), asks to do something with a row, or not to.
pub fn is_imperative(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| &folded_words(VERBS) - &folded_words(NOUNS_TOO));
    KNOWN.contains(word)
}

pub(super) fn folded_words(all: &str) -> HashSet<String> {
    all.split_whitespace().map(folded).collect()
}

/// Whether a heading says what to do with its row.
pub(super) fn says_what_to_do(heading: &Heading) -> bool {
    static DECIDING: LazyLock<HashSet<String>> =
        LazyLock::new(|| &folded_words(ACTIONS) | &folded_words(VERBS));
    static BESIDE: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(AROUND));
    let words = heading.words();
    let decides = |word: &String| DECIDING.contains(word);
    let is_todo = matches!(words.concat().as_str(), "todo" | "whattodo");
    !heading.is_of_another_program()
        && (words.iter().any(decides) || is_todo)
        && words.iter().all(|word| {
            decides(word) || BESIDE.contains(word) || word.chars().all(char::is_numeric)
        })
}

/// Verbs and nouns for actions that have no other meaning.
static DOING: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let verbs = &folded_words(VERBS) - &folded_words(NOUNS_TOO);
    &verbs | &folded_words(DONE)
});

static STATE_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(STATES));
/// Whether a word is an account's state, or a requested one.
pub(super) fn is_state(word: &str) -> bool {
    STATE_WORDS.contains(word)
}

static AHEAD_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(AHEAD));

fn has_part(words: &[String], parts: &[&str]) -> bool {
    let whole = words.concat();
    parts.iter().any(|part| whole.contains(&folded(part)))
}

/// Whether answers below a heading (`yes`, `x`) decide about the row: `Approved`, `To be deleted`, `Delete in
/// Okta?`.
pub(super) fn decides(heading: &Heading) -> bool {
    static AGREES: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(AGREED));
    static OTHERS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(OTHER_THINGS));
    if says_what_to_do(heading) {
        return true;
    }
    let words = heading.words();
    let has = |list: &HashSet<String>| words.iter().any(|word| list.contains(word));
    let is_ahead = || has(&AHEAD_WORDS) || heading.contains(['?', '？']);
    !heading.is_of_another_program()
        && (has(&AGREES)
            || heading.trim_end().ends_with(['?', '？'])
            || has(&DOING)
            || has_part(words, PARTS)
            || (has(&STATE_WORDS) && is_ahead()))
        && !has(&OTHERS)
}

/// Facts that programs write with yes and no next to an account: `accountEnabled`, `2sv Enrolled`.
const FACTS: &str = "enabled managed synced licensed enrolled enforced verified archived external guest \
                     billable has is aktiviert lizenziert verwaltet";

/// Whether a heading names a fact about the account, so that marks below it do not concern the row.
pub(super) fn is_fact(heading: &Heading) -> bool {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| &folded_words(FACTS) | &folded_words(OTHER_THINGS));
    heading.is_of_another_program() || heading.words().iter().any(|word| KNOWN.contains(word))
}

/// The meaning of a yes below a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yes {
    /// Do what these verbs say; empty for `Approved`.
    Asks(Vec<String>),
    /// Do not change the row: `Keep?`, `Do not delete`.
    Forbids,
}

/// The meaning of a yes below a heading.
pub fn of_yes(heading: &str) -> Yes {
    of_yes_below(words(heading))
}

/// The same if the words of the heading are known.
pub(super) fn of_yes_below(mut words: Vec<String>) -> Yes {
    static NEGATED: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(NEGATIONS));
    let has = |one: &str| words.iter().any(|word| word == one);
    // `Delete (yes/no)` does not mean `No eliminar`.
    let is_no = has("no") && !["yes", "y", "si", "x"].into_iter().any(has);
    let is_negated = words.iter().any(|word| NEGATED.contains(word));
    if is_no || is_negated || has_part(&words, NEGATION_PARTS) {
        return Yes::Forbids;
    }
    let is_verb = |word: &String| DOING.contains(word) || STATE_WORDS.contains(word);
    words.retain(|word| is_verb(word) || has_part(std::slice::from_ref(word), PARTS));
    // A word for approval is not a verb of its own.
    words.retain(|word| !has_part(std::slice::from_ref(word), AGREEMENT_PARTS));
    Yes::Asks(words)
}

/// Whether a verb is one of a job's words, listed by language. In languages without spaces, it may be a part of a
/// word: `削除対象`.
pub fn is_asked(verb: &str, asked: &[&str]) -> bool {
    let is_it = |known: &str| {
        let known = normalized(known);
        known == verb || (known.chars().all(|c| c >= '\u{3000}') && verb.contains(&known))
    };
    asked.iter().any(|list| list.split_whitespace().any(is_it))
}
