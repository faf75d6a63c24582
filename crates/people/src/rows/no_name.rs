//! Cells that are certainly not names: what people and programs write for "nothing" (`-`, `n/a`, `(blank)`), the
//! last line of a pivot table (`Grand Total`), a boolean, a number that a spreadsheet program rounded. A group
//! with such a name would stay forever.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_model::spelling::name_key;
use headcount_sheet::heading::words::{folded, words};
use headcount_sheet::quoting::excerpt;

use super::cell::{self, Fault};
use super::columns::told_by;
use super::wanted::{Field, Job};

/// Words for "nothing"; case is ignored.
const NOTHING: &str = "n/a|na|n.a.|none|null|nil|nan|undefined|unknown|tbd|tba|tbc|todo|blank|empty|(blank)|no name|\
                       unnamed|not applicable|not available|leer|(leer)|keine|kein|keiner|k.a.|keine angabe|nicht \
                       zutreffend|unbekannt|aucun|aucune|néant|vide|(vide)|sans objet|s.o.|inconnu|ninguno|ninguna|\
                       vacío|en blanco|nenhum|nenhuma|vazio|nessuno|nessuna|vuoto|(vuoto)|brak|puste|geen|leeg|\
                       (leeg)|なし|無し|無|空白|該当なし|(空白)|未定|нет|пусто|(пусто)|yok|boş|ingen|inget";

/// Words for the sum of the rows above.
const SUMS: &str = "total|totals|subtotal|sub total|grand total|sum|count|summe|gesamt|gesamtsumme|gesamtergebnis|\
                    ergebnis|zwischensumme|somme|total général|sous-total|suma|total general|totale|totale \
                    complessivo|totaal|eindtotaal|razem|suma końcowa|合計|総計|小計|計|итого|общий итог|toplam|\
                    genel toplam|totalt|i alt|yhteensä";

/// Booleans.
const TRUTHS: &str = "true|false|yes|no|wahr|falsch|ja|nein|vrai|faux|oui|non|verdadero|falso|sí|verdadeiro|sim|não|\
                      vero|prawda|fałsz|tak|nie|waar|onwaar|nee|истина|ложь|はい|いいえ|doğru|yanlış";

static NO_NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let all = NOTHING.split('|').chain(SUMS.split('|')).chain(TRUTHS.split('|'));
    all.map(name_key).collect()
});

/// Reads the name of a group to be created.
pub(super) fn new_group(text: &str) -> Result<Cow<'_, str>, Fault> {
    if !is_no_name(text) {
        return cell::name(text, "the group's name");
    }
    Err(Fault::new(
        format!("“{}” seems to be no name of a group", excerpt(text)),
        "write the group's name, or remove the row; a group that really has this name can be created on the \
         site",
    ))
}

fn is_no_name(text: &str) -> bool {
    let has_letter = text.chars().any(char::is_alphanumeric);
    !has_letter
        || cell::is_rounded(text)
        || NO_NAMES.contains(&name_key(text))
        || is_footer(text)
        || told_by(Job::CreateGroups, text) == Some(Field::Name)
}

/// Words of lines that programs write below a table, next to its sum: `43 groups`, `(3 rows affected)`.
const ROWS: &str = "row rows record records item items entry entries line lines group groups result results zeile zeilen \
                    zeile(n) datensatz datensätze eintrag einträge gruppen ligne lignes fila filas linha linhas riga righe \
                    wiersz wierszy rij rijen 件 行";

/// Words that go with them.
const WITH_ROWS: &str = "s n affected selected returned exported found in set of total listed the number count betroffen gefunden \
                         exportiert insgesamt";

/// Words for a page, and those that go with its number.
const PAGES: &str = "page seite página pagina strona pagina sida side";
const WITH_PAGES: &str = "of von de sur di z van av af";

/// Words of the line at the end of a report.
const ENDS: &str = "end of the report file list data export document page table eof ende des berichts der liste datei fin du \
                    rapport fichier fine fim koniec einde";

/// Words with which that line begins.
const END: &str = "end eof ende fin fine fim koniec einde";

/// Words of a notice of confidentiality, and those with which it begins.
const NOTICES: &str = "confidential strictly internal use only for and proprietary company do not distribute private business \
                       vertraulich streng nur für den internen gebrauch intern";
const NOTICE: &str = "confidential strictly vertraulich streng";

/// Beginnings of a line that says when and where a report was made.
const MADE: &str = "generated|exported|printed|report generated|report created|run date|report date|as of|last updated|\
                    data as of|date|erstellt am|erstellt von|gedruckt|exportiert|stand|généré|exporté|imprimé|generado|\
                    exportado|gerado|generato|wygenerowano|gegenereerd";

static SUM_WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| SUMS.split('|').map(|sum| words(sum).join(" ")).collect());

/// Whether a text is a line that programs write below a table: its sum, the number of its rows, a page number, the end
/// of a report, when it was made.
fn is_footer(text: &str) -> bool {
    let all = words(text);
    let is_number = |word: &&String| word.chars().all(char::is_numeric);
    let (numbers, others): (Vec<&String>, Vec<&String>) = all.iter().partition(is_number);
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|known| folded(known) == word);
    let are_in = |list: &str| others.iter().all(|word| is_in(list, word));
    let Some(first) = others.first() else { return false };
    let line = others.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let is_sum = || {
        let begins = |sum: &&String| {
            line == **sum
                || line.strip_prefix(sum.as_str()).is_some_and(|rest| {
                    rest.starts_with(' ')
                        && rest
                            .split_whitespace()
                            .all(|word| is_in(ROWS, word) || is_in(WITH_ROWS, word))
                })
        };
        !numbers.is_empty() && SUM_WORDS.iter().any(|sum| begins(&sum))
    };
    let is_count = || {
        all.first().is_some_and(|word| is_number(&word))
            && others.iter().any(|word| is_in(ROWS, word))
            && others.iter().all(|word| is_in(ROWS, word) || is_in(WITH_ROWS, word))
    };
    let is_page = || {
        let has_number = !numbers.is_empty() && all.first().is_some_and(|word| is_in(PAGES, word));
        has_number && others[1..].iter().all(|word| is_in(WITH_PAGES, word) || is_in(PAGES, word))
    };
    let is_end = || {
        is_in(END, first)
            && (others.len() > 1 || !text.starts_with(char::is_alphanumeric))
            && are_in(ENDS)
    };
    let is_notice = || is_in(NOTICE, first) && others.len() > 1 && are_in(NOTICES);
    let is_made = || {
        let has_date = numbers.len() > 1 || text.contains([':', '@']);
        has_date
            && MADE
                .split('|')
                .any(|made| format!("{line} ").starts_with(&format!("{} ", words(made).join(" "))))
    };
    text.starts_with('©')
        || is_sum()
        || is_count()
        || is_page()
        || is_end()
        || is_notice()
        || is_made()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_without_a_name_are_distinguished_from_names() {
        for none in [
            "-",
            "–",
            "…",
            "?",
            "***",
            "n/a",
            "N/A",
            "n.a.",
            "NA",
            "None",
            "null",
            "(blank)",
            "(Leer)",
            "TBD",
            "total",
            "Grand Total",
            "Gesamtergebnis",
            "Total général",
            "合計",
            "TRUE",
            "falsch",
            "VRAI",
            "1E+15",
            "5,12E+15",
            "6.05e+23",
            "なし",
            "Keine Angabe",
            "Total: 43",
            "Total 43",
            "Total groups: 43",
            "Grand total = 1,024",
            "Count 3",
            "Gesamt: 3",
            "Summe (12)",
            "合計 3",
            "43 groups",
            "(3 rows affected)",
            "3 row(s) returned",
            "1 row",
            "3 rows in set",
            "Page 1 of 2",
            "Page 3",
            "Seite 1 von 2",
            "-- end of report --",
            "End of report",
            "*** END ***",
            "--- Ende ---",
            "EOF of file",
            "Generated on 2026-11-30 by HR",
            "Exported 30.11.2026",
            "Report generated: 30 Nov 2026 10:00",
            "As of 2026-11-30",
            "Stand: 30.11.2026",
            "Confidential - internal use only",
            "© 2026 Acme",
            "Group name",
            "GROUP NAME",
            "Gruppe",
        ] {
            assert!(is_no_name(none), "{none}");
        }
        for name in [
            "ops",
            "Total Rewards",
            "Nono",
            "R&D",
            "2024",
            "1e5",
            "東京",
            "North America (NA)",
            "TRUE-Team",
            "no-reply",
            "Null Island",
            "Sumo",
            "C++",
            "⭐ team",
            "Total Rewards 2026",
            "Total 2 Win",
            "Group 7",
            "Groups of interest",
            "2 Rows Brewing",
            "Page Design",
            "Page 1 editors",
            "End Users",
            "END",
            "Confidential Projects",
            "Date Night",
            "Standby 2026",
            "Generated Content 2026",
            "As of now",
            "Counter Fraud 2",
            "3 Amigos",
            "Team",
            "Report readers",
            "7",
        ] {
            assert!(!is_no_name(name), "{name}");
        }
    }
}
