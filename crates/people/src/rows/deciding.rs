//! Headings that say what is to be done with a row, in the words of many languages: `Action à effectuer`,
//! `Keep?`, `Deactivate`. A row of such a column may say that it is not to be changed.
//!
//! Every word of such a heading is a verb of a job, a word for an action, or a word around one:
//! `Request number` and `Last change` are something else.

use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_sheet::heading::words::{folded, is_of_another_program, words};

/// What is to be done, as a noun.
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

/// What is done, as a verb. (`Active`, `Created` and the like are states.)
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
                     uitsluiten overslaan 追加 招待 削除 除外 無効化 有効化 停止 復元 維持 保持";

/// What may be around one of these.
const AROUND: &str = "to be do done not don t now please what y n yes no a à the this for of from in \
                      it effectuer faire realizar hacer fazer eseguire da de la le du di uit te \
                      voeren zu erledigen durchführen durchzuführende gewünschte wykonania \
                      wanted desired type needed taken requested pending next user users account \
                      accounts row line member membership access jira confluence atlassian";

/// Verbs that are names of other things as well: a leave, a provision.
const NOUNS_TOO: &str = "leave provision include exclude skip ignore";

/// Whether a word, as [`normalized`](super::normalized), tells to do something with a row, or not to.
pub fn is_imperative(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| &folded_words(VERBS) - &folded_words(NOUNS_TOO));
    KNOWN.contains(word)
}

fn folded_words(all: &str) -> HashSet<String> {
    all.split_whitespace().map(folded).collect()
}

/// Whether a heading says what is to be done with its row.
pub(super) fn says_what_to_do(heading: &str) -> bool {
    static DECIDING: LazyLock<HashSet<String>> =
        LazyLock::new(|| &folded_words(ACTIONS) | &folded_words(VERBS));
    static BESIDE: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(AROUND));
    let words = words(heading);
    let decides = |word: &String| DECIDING.contains(word);
    let is_todo = matches!(words.concat().as_str(), "todo" | "whattodo");
    !is_of_another_program(heading)
        && (words.iter().any(decides) || is_todo)
        && words.iter().all(|word| {
            decides(word) || BESIDE.contains(word) || word.chars().all(char::is_numeric)
        })
}
