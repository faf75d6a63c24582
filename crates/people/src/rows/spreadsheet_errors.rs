//! The error values of spreadsheet programs in each language: `#N/A` is `#NV` in German.

/// The names without `#` and without signs around a word: `!`, `?`, `¡`, `¿`. They are Excel's names of the errors
/// in its languages (the function `ERROR.TYPE`, support.microsoft.com), and those of Google Sheets and
/// LibreOffice.
const NAMES: &str = "N/A NAME REF VALUE DIV/0 NULL NUM SPILL CALC FIELD ERROR GETTING_DATA DATA BLOCKED BUSY \
                     CONNECT UNKNOWN PYTHON EXTERNAL TIMEOUT LOADING NV BEZUG WERT ZAHL ÜBERLAUF KALK FELD \
                     NOM VALEUR NOMBRE PROPAGATION CALCUL CHAMP N/D VALOR NÚM DESBORDAMIENTO DESPEJAR CAMPO \
                     NOME RIF VALORE NULLO ARG ADR NAZWA LICZBA ROZLANIE N/B WAARDE VERW NAAM LEEG GETAL DEEL/0 \
                     OVERLOOP SAKNAS REFERENS VÄRDEFEL NAMN OGILTIGT SKÄRNING I/T REFERENCE VÆRDI NAVN VERDI \
                     PUUTTUU VIITTAUS ARVO NIMI LUKU JAKO/0 TYHJÄ YOK BAŞV DEĞER AD SAYI BÖL/0 BOŞ SAYI/0 \
                     HIÁNYZIK HIV ÉRTÉK NÉV SZÁM ZÉRÓOSZTÓ NINCS HODNOTA ODKAZ NÁZEV ČÍSLO DĚLENÍ_NULOU \
                     NENÍ_K_DISPOZICI Н/Д ЗНАЧ ССЫЛКА ИМЯ ДЕЛ/0 ЧИСЛО ПУСТО ПЕРЕНОС ERREUR ERRO ERRORE FEHLER";

/// The words before the number of an error in LibreOffice: `Err:502`.
const NUMBERED: &str = "err erreur errore erro error fehler fel fout chyba błąd virhe hiba ошибка";

/// Whether a text is an error value, ignoring case.
pub(super) fn is_spreadsheet_error(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('#') {
        // The text of a column that was too narrow.
        if name.len() > 1 && name.chars().all(|c| c == '#') {
            return true;
        }
        let is_around = |c: char| matches!(c, '!' | '?' | '¡' | '¿' | '.' | '…');
        let name = name.trim_matches(is_around).to_uppercase();
        return NAMES.split_whitespace().any(|known| known == name);
    }
    let Some((word, number)) = text.split_once(':') else { return false };
    let number = number.trim();
    // The part after the colon of an account id is longer.
    let is_number = number.len() == 3 && number.chars().all(|c| c.is_ascii_digit());
    is_number && {
        let word = word.to_lowercase();
        NUMBERED.split(' ').any(|known| known == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_values_are_known_in_several_languages() {
        for error in [
            "#N/A",
            "#NV",
            "#REF!",
            "#BEZUG!",
            "#¡REF!",
            "#¡VALOR!",
            "#¿NOMBRE?",
            "#NOM?",
            "#N/D",
            "#RIF!",
            "#ADR!",
            "#N/B",
            "#SAKNAS!",
            "#I/T",
            "#YOK",
            "#BAŞV!",
            "#HIV!",
            "#ODKAZ!",
            "#ССЫЛКА!",
            "#Н/Д",
            "#ref!",
            "#Loading...",
            "####",
            "Err:502",
            "Fehler:504",
            "#DIV/0!",
        ] {
            assert!(is_spreadsheet_error(error), "{error}");
        }
        for text in
            ["#general", "#", "R&D", "#team-a", "Err: none", "error:42", "#1", "N/A", "557058:123"]
        {
            assert!(!is_spreadsheet_error(text), "{text}");
        }
    }
}
