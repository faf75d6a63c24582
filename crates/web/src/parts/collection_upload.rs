//! The place where the files of a collection are dropped.

use maud::{Markup, html};

/// The place, with a text about the files; `is_empty` if no file was chosen.
pub fn drop_zone(words: &str, is_empty: bool) -> Markup {
    html! {
        div.card.drop data-drop {
            h2 { "Upload your files" }
            p { (words) }
            div.field {
                label for="file" { "The files" }
                input #file type="file" name="file" multiple accept=".json,.csv,.tsv,.txt,.xlsx"
                    aria-invalid=[is_empty.then_some("true")] aria-describedby=[is_empty.then_some("file-wrong")] data-focus[is_empty];
                @if is_empty { p.wrong role="alert" #file-wrong { "No file was chosen. Choose the collection and its files." } }
            }
            p.faint { "The files stay in memory until the run ends. The plan keeps the data file's rows, but no secrets, in the journal on this computer, for the report." }
        }
    }
}

/// The upload on a run's page, if the run's files are missing here.
pub fn give_again(run: &str, words: &str) -> Markup {
    html! {
        form #decide method="post" action="/collections" enctype="multipart/form-data" {
            input type="hidden" name="run" value=(run);
            (drop_zone(words, false))
            p.actions { button type="submit" { "Read them" } span.faint { "Nothing is sent yet." } }
        }
    }
}
