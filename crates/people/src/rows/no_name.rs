//! Cells that are certainly not names: what people and programs write for "nothing" (`-`, `n/a`, `(blank)`), the
//! last line of a pivot table (`Grand Total`), a boolean, a number that a spreadsheet program rounded. A group
//! with such a name would stay forever.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_model::spelling::name_key;
use headcount_sheet::quoting::excerpt;

use super::cell::{self, Fault};

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
    !has_letter || cell::is_rounded(text) || NO_NAMES.contains(&name_key(text))
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
            "7",
        ] {
            assert!(!is_no_name(name), "{name}");
        }
    }
}
