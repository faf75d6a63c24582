//! The words of an `Action` cell, by the action that they ask for, in the languages of spreadsheets.

pub(super) const ADD: &str = "add added join grant assign hinzufügen ajouter añadir agregar adicionar aggiungere \
                   aggiungi dodaj toevoegen 追加";

/// Words that ask for a new user or group, and in a sheet of memberships or roles also for these.
pub(super) const CREATE: &str = "create created new invite invited onboard provision anlegen neu einladen erstellen \
                      créer inviter crear invitar criar convidar creare invitare utwórz zaproś aanmaken uitnodigen \
                      作成 招待";

pub(super) const REMOVE: &str = "remove removed revoke unassign leave entfernen austragen retirer enlever \
                      quitar retirar remover rimuovere rimuovi usuń verwijderen 削除 除外 leaver leavers leaving";

pub(super) const DELETE: &str =
    "delete deleted löschen supprimer eliminar borrar excluir eliminare skasuj";

pub(super) const DEACTIVATE: &str = "deactivate deactivated disable disabled inactive deaktivieren deaktiviert \
                          inaktiv désactiver desactivar desativar disattivare dezaktywuj \
                          deactiveren uitschakelen 無効化 無効 leaver leavers leaving";

pub(super) const ACTIVATE: &str = "activate activated enable enabled active reactivate aktivieren aktiv \
                        reaktivieren activer réactiver activar reactivar ativar reativar attivare \
                        aktywuj activeren inschakelen 有効化 有効";

pub(super) const SUSPEND: &str = "suspend suspended sperren gesperrt suspendre suspender sospendere zawieś \
                       opschorten 停止 leaver leavers leaving";

pub(super) const RESTORE: &str = "restore restored unsuspend reinstate entsperren wiederherstellen rétablir \
                       restaurer restaurar restablecer ripristinare przywróć herstellen 復元";
