//! What a row's `Action` cell asks for: it must be what the job does. Pure.
//!
//! A job does one thing to every row. A spreadsheet that says `remove` in some rows and `add` in others
//! is meant for several jobs, and its rows would be changed the wrong way round.

use headcount_model::job::Job;
use headcount_sheet::{Columns, Field, Problem, Raw, cell_text, normalised};

const ADD: &str = "add added create created new invite invited onboard join grant assign provision \
                   hinzufügen anlegen neu einladen erstellen ajouter créer inviter añadir agregar \
                   crear invitar adicionar criar convidar aggiungere aggiungi creare invitare \
                   dodaj utwórz zaproś toevoegen aanmaken uitnodigen 追加 作成 招待";

const REMOVE: &str = "remove removed revoke unassign leave entfernen austragen retirer enlever \
                      quitar retirar remover rimuovere rimuovi usuń verwijderen 削除 除外";

const DELETE: &str = "delete deleted löschen supprimer eliminar borrar excluir eliminare skasuj";

const DEACTIVATE: &str = "deactivate deactivated disable disabled inactive deaktivieren deaktiviert \
                          inaktiv désactiver desactivar desativar disattivare dezaktywuj \
                          deactiveren uitschakelen 無効化 無効";

const ACTIVATE: &str = "activate activated enable enabled active reactivate aktivieren aktiv \
                        reaktivieren activer réactiver activar reactivar ativar reativar attivare \
                        aktywuj activeren inschakelen 有効化 有効";

const SUSPEND: &str = "suspend suspended sperren gesperrt suspendre suspender sospendere zawieś \
                       opschorten 停止";

const RESTORE: &str = "restore restored unsuspend reinstate entsperren wiederherstellen rétablir \
                       restaurer restaurar restablecer ripristinare przywróć herstellen 復元";

/// The words that ask for what a job does.
fn words(job: Job) -> &'static [&'static str] {
    match job {
        Job::CreateUsers | Job::AddMembers | Job::CreateGroups => &[ADD],
        Job::DeactivateUsers => &[DEACTIVATE],
        Job::ActivateUsers => &[ACTIVATE],
        Job::SuspendUsers => &[SUSPEND],
        Job::RestoreUsers => &[RESTORE, ACTIVATE],
        Job::RemoveUsers => &[REMOVE],
        Job::RemoveMembers | Job::RemoveGroups => &[REMOVE, DELETE],
    }
}

/// Words that say to whom or what it is done, and nothing else.
const BESIDE: &str = "user users account accounts member members person to from in into the group \
                      groups site access";

/// Whether a cell asks for what the job does: `Add`, `add to group`, `user create`; not `do not add`.
fn asks_for(job: Job, written: &str) -> bool {
    let is_in =
        |list: &str, word: &str| list.split_whitespace().any(|known| normalised(known) == word);
    let is_meant = |word: &String| words(job).iter().any(|list| is_in(list, word));
    let asked: Vec<String> = written.split_whitespace().map(normalised).collect();
    asked.iter().any(is_meant) && asked.iter().all(|word| is_meant(word) || is_in(BESIDE, word))
}

/// What is wrong with a row that asks for something else than the job does, or for nothing.
pub(super) fn another(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let at = columns.index(Field::Action)?;
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    if asks_for(job, written) {
        return None;
    }
    let command = job.command();
    let what = match written.is_empty() {
        true => {
            format!("the cell is empty, so nothing says that `{command}` is meant for this row")
        }
        false => {
            let written: String = written.chars().take(40).collect();
            format!("the row asks for “{written}”, and this job is `{command}`")
        }
    };
    let without = columns.option_to_leave_out(at).map_or_else(String::new, |option| {
        format!(", or say that the column means nothing here: {option}")
    });
    let todo = format!("keep the rows of each action in a file of their own{without}");
    Some(Problem { line: raw.line, column: Some(columns.heading(at)), what, todo })
}
