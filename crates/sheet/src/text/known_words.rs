//! Frequent names and words that still look like words after they were misread as Windows-1252: `Yılmaz` as
//! `Yýlmaz`, `Jiří` as `Jiøí`. Their letters alone do not distinguish them from Icelandic or Danish words, so the
//! words themselves are listed.

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::{MACINTOSH, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254};

use crate::text::candidate::Candidate;

/// Frequent Turkish first and family names, places, and words in company names.
const TURKISH: &str = "ayşe şahin şimşek şerif şule şükran şeyma şevket ışık ışıl yılmaz yıldız yıldırım \
    kılıç aydın altın akın balcı aslı sıla ırmak nazlı sıdıka tanrıverdi kızıl kırmızı \
    doğan doğukan doğu çağlar çağrı çağla oğuz oğuzhan yiğit uğur tuğba tuğçe tuğrul ertuğrul buğra \
    buğday dağ dağhan eroğlu hasanoğlu karaoğlu kocaoğlu barış cansın gülşen gülşah nurşen \
    ayşegül ayşenur bahşi taş aktaş yaşar maşuk koşar işler karakuş kuş güneş gümüş baş başar başak \
    savaş ateş aktaş erdoğan erdoğdu öztürk özdoğan bağcı bağış ağaç İbrahim İsmail \
    İrem İlker İlkay İlhan İnci İpek İsmet İnan İstanbul İzmir İzmit İletişim İnsan İşlem İdari kadıköy \
    beşiktaş şişli şişe eskişehir muğla ağrı diyarbakır şanlıurfa balıkesir aydınlık çalışkan çalışan \
    çalışanlar başkan müşteri satış yazılım geliştirme eğitim kullanıcı yönetici bilişim dağıtım sağlık \
    mağaza işletme işçi arşiv şube şirket danışman danışmanlık bakım yardım hazırlık tanıtım altyapı \
    ilişkiler iş";

/// The same for Central Europe, without words that French, Spanish or Danish may have.
const CENTRAL: &str = "jiří ondřej přemysl kateřina bedřich jindřich dvořák kovář řezníček \
    kolář bednář tesař mlynář pekař rybář šafář hřebíček křížek kříž řezáč beneš němec vojtěch zdeněk \
    zbyněk věra alžběta jaroměr oldřich přerov příbram kroměříž středočeský říčany čeněk čermák černý \
    černá čapek kučera vaněk hájek vlček blažek růžička růžena šťastný doležal paweł michał \
    rafał władysław stanisław bolesław jarosław przemysław zdzisław mirosław łukasz małgorzata wałęsa \
    żaneta grażyna elżbieta bożena kamiński zieliński wiśniewski dąbrowski kozłowski jabłoński piątek \
    wójcik wróbel świerczyński święcicki śliwa śląsk łódź gdańsk poznań toruń wrocław białystok kraków \
    imię dział księgowość sprzedaż rozwój wsparcie użytkownicy użytkownik pracownicy kierownik \
    erdős szőke győr győző gergő első őri őszi kőszegi kővári szűcs fűzfa hűvös műszaki \
    ügyfélszolgálat értékesítő fejlesztő vezető pénzügyi felhasználók vuković petrović jovanović \
    nikolić marković horvatić kovačević babić jurić perić matić knežević božić đorđević đuro";

/// Names and words of Europe and Latin America whose letters alone do not show (`letters.rs`) that they were written
/// in Mac Roman or on DOS: `Mart’n` was `Martín`, `Mu–oz` was `Muñoz`, `Mšller` was `Möller`, `Miloç` was `Miloš`.
const EUROPEAN: &str = include_str!("names.txt");

/// The misread words, each with the original word and its encoding. If a word was misread in the same way from two
/// encodings, the first one counts.
static KNOWN: LazyLock<HashMap<String, (String, Candidate)>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for (words, encoding) in [
        (CENTRAL, Candidate::Web(WINDOWS_1250)),
        (CENTRAL, Candidate::DosCentral),
        (TURKISH, Candidate::Web(WINDOWS_1254)),
        (EUROPEAN, Candidate::Web(MACINTOSH)),
        (EUROPEAN, Candidate::Dos),
        (EUROPEAN, Candidate::DosCentral),
    ] {
        for word in words.split_whitespace() {
            let capital = word.chars().next().map(char::to_uppercase).into_iter().flatten();
            let title: String = capital.chain(word.chars().skip(1)).collect();
            let turkish = word.replace('i', "İ").to_uppercase();
            for form in [word.to_owned(), title, turkish_title(word), word.to_uppercase(), turkish]
            {
                let Some(bytes) = encoding.bytes(&form) else { continue };
                let read = WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned();
                if read != form {
                    known.entry(read).or_insert((form, encoding));
                }
            }
        }
    }
    known
});

/// In Turkish, the capital of `i` is `İ`.
fn turkish_title(word: &str) -> String {
    match word.strip_prefix('i') {
        Some(rest) => format!("İ{rest}"),
        None => word.to_owned(),
    }
}

/// The original of a word that was misread as Windows-1252, if it is a known word.
pub(crate) fn misread(word: &str) -> Option<(&'static str, Candidate)> {
    KNOWN.get(word).map(|(meant, encoding)| (meant.as_str(), *encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_found_in_each_form_and_no_others() {
        for (read, meant) in [
            ("Ayþe", "Ayşe"),
            ("ayþe", "ayşe"),
            ("YILDIRIM", ""),
            ("Yýldýz", "Yıldız"),
            ("Þahin", "Şahin"),
            ("Ýbrahim", "İbrahim"),
            ("Ýþlem", "İşlem"),
            ("Jiøí", "Jiří"),
            ("Dvoøák", "Dvořák"),
            ("Pawe³", "Paweł"),
            ("£ukasz", "Łukasz"),
            ("Erdõs", "Erdős"),
            ("Kamiñski", "Kamiński"),
        ] {
            assert_eq!(misread(read).map_or("", |(meant, _)| meant), meant, "{read}");
        }
        for fine in
            ["Þór", "Ýmir", "Týr", "Guðni", "Sigþór", "Novotný", "Søren", "cœur", "Ayşe", "m³"]
        {
            assert_eq!(misread(fine), None, "{fine}");
        }
        // No misread form is ASCII: each has a letter that was misread.
        assert!(KNOWN.keys().all(|read| !read.is_ascii()));
    }
}
