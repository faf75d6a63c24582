//! Texts of every encoding, right and misread.

use super::*;

fn of(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

/// encoding_rs writes no Mac Roman for the web; here are the letters the tests use.
fn mac(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'Ä' => 0x80,
        'Å' => 0x81,
        'Ö' => 0x85,
        'Ü' => 0x86,
        'á' => 0x87,
        'ä' => 0x8a,
        'ç' => 0x8d,
        'é' => 0x8e,
        'è' => 0x8f,
        'ö' => 0x9a,
        'ü' => 0x9f,
        'ß' => 0xa7,
        c => c as u8,
    };
    text.chars().map(byte).collect()
}

#[test]
fn western_text_is_not_doubted() {
    for text in [
        "Email;Group\njosé@example.com;Zürich €\n",
        "Müller",
        "Ångström",
        "O’Brien",
        "Köln–Bonn",
        "“Großmaß”",
        "Café®",
        "Ærø",
        "Š",
        "Miloš",
        "Žižek",
        "ÉCOLE",
        "Noël",
        "Zoë",
        "mañana",
        "¿Qué?",
        "Ça va",
        "señor",
        "Œuvre",
        "5 €",
        "£5",
        "McÉlroy",
        "SØREN",
        "Þór",
        "fußball",
        "Lefèvre",
        "1º",
        "Nº 5",
        "naïve",
        "§ 5",
        "ANDRÉ\u{a0}",
        "Juárez",
        "Suárez Guzmán",
        "Nagymaros Vásárhelyi",
        "Voská",
        "Novotný",
        "Petr Nový",
    ] {
        let bytes = of(WINDOWS_1252, text);
        assert_eq!(doubt(&bytes, true), None, "{text}");
    }
}

#[test]
fn mac_roman_is_named() {
    for (text, read, meant) in [
        ("Email\na@b.c\njürgen@example.com\n", "jŸrgen", "jürgen"),
        ("Größe", "Grš§e", "Größe"),
        ("André", "AndrŽ", "André"),
        ("Åsa", "\u{81}sa", "Åsa"),
        ("François", "Fran\u{8d}ois", "François"),
        ("Groß", "Gro§", "Groß"),
        ("Schröder, Jürgen", "Schršder", "Schröder"),
    ] {
        let doubt = doubt(&mac(text), true).expect(text);
        assert_eq!((doubt.read.as_str(), doubt.meant.as_str()), (read, meant), "{text}");
        assert_eq!(doubt.encoding, "Mac Roman");
    }
    assert_eq!(doubt(&mac("a\r\nb\rc\njürgen"), true).map(|doubt| doubt.lines), Some(3));
}

#[test]
fn other_encodings_are_named() {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1251};
    for (encoding, text) in [
        (WINDOWS_1250, "Email;Imię\nl@example.com;Łukasz Wałęsa\nx@example.com;Paweł Żak\n"),
        (WINDOWS_1251, "Email;Имя\ni@example.com;Иван Петров\n"),
        (SHIFT_JIS, "メール;名前\na@example.com;山田太郎\n"),
    ] {
        let doubt = doubt(&of(encoding, text), true).expect(text);
        assert_eq!(doubt.encoding, encoding.name(), "{doubt:?}");
    }
}

/// A reading that is none is worse than no reading.
#[test]
fn nonsense_is_not_suggested() {
    use encoding_rs::SHIFT_JIS;
    for (encoding, text, read) in [(WINDOWS_1250, "Łukasz", "£ukasz"), (SHIFT_JIS, "山田", "ŽR“c")]
    {
        let bytes = of(encoding, text);
        if let Some(doubt) = doubt(&bytes, true) {
            let is_right = [text, ""].contains(&doubt.meant.as_str());
            assert!(is_right && doubt.read == read, "{text}: {doubt:?}");
        } else {
            assert_eq!(read, "", "{text}");
        }
    }
    for text in ["Иван", "Мария", "Email;Имя\na@b.co;Иван\n"] {
        let doubt = doubt(&of(WINDOWS_1251, text), true).expect(text);
        assert!(text.contains(&doubt.meant) && !doubt.meant.is_empty(), "{text}: {doubt:?}");
    }
}

#[test]
fn the_code_page_of_dos_is_named() {
    for text in [
        "jürgen@example.com",
        "Größe",
        "André",
        "Müller; Jörg",
        "Peñalver",
        "Straße",
        "Groß",
        "Hauptstraße",
        "Fußball",
        "Weiß",
        "Strauß",
        "Email;Group\na@b.co;Voß\n",
    ] {
        let bytes = Candidate::Dos.bytes(text).expect(text);
        let doubt = doubt(&bytes, true).expect(text);
        assert!(doubt.encoding.contains("850") && text.contains(&doubt.meant), "{doubt:?}");
    }
}

#[test]
fn turkish_and_central_european_letters_are_not_read_as_western_ones() {
    let western = "Müller;Zürich\nJosé;Peña\nFrançois;Lefèvre\nSøren;Århus\n".repeat(20);
    for (encoding, text) in [
        (WINDOWS_1254, "Email;Name\na@b.co;Ayşe Yılmaz\n"),
        (WINDOWS_1254, "Doğan"),
        (WINDOWS_1254, "İstanbul"),
        (WINDOWS_1254, "ayşe@example.com"),
        (WINDOWS_1250, "Jiří Dvořák"),
        (WINDOWS_1250, "Erdős"),
    ] {
        assert!(doubt(&of(encoding, text), true).is_some(), "{text}");
    }
    for name in ["Ayşe", "Yılmaz", "Doğan", "Barış"] {
        let bytes = [of(WINDOWS_1252, &western), of(WINDOWS_1254, name)].concat();
        let doubt = doubt(&bytes, true).expect(name);
        assert_eq!((doubt.meant.as_str(), doubt.lines), (name, 80), "{doubt:?}");
    }
    for icelandic in [
        "Guðrún;Týr\nÞór;Ýmir\n",
        "Sigurður",
        "Friðrik Þór",
        "Davíð;Ýr\nBjörk Guðmundsdóttir",
        "Týr",
        "Ýmir",
        "Ýr",
        "Lýður",
        "Hafþór",
        "Kýpur",
        "Nýbýlavegur",
        "Email;Name\na@b.is;Týr Ýmisson\n",
    ] {
        assert_eq!(doubt(&of(WINDOWS_1252, icelandic), true), None, "{icelandic}");
    }
}

#[test]
fn a_text_that_was_misread_before_is_seen_in_any_file() {
    for (read, meant) in [
        ("jŸrgen", "jürgen"),
        ("AndrŽ", "André"),
        ("Gro§", "Groß"),
        ("M”ller", "Möller"),
        ("Andr‚", "André"),
        ("Èâàí", "Иван"),
        ("Ïåòðîâ", "Петров"),
        ("Ìàðèÿ", "Мария"),
        ("ÈÂÀÍ", "ИВАН"),
        ("Èâàí Ïåòðîâ", "Иван"),
        ("Ãéþñãïò", "Γιώργος"),
        ("ŽR“c", "山田"),
        ("Ayþe", "Ayşe"),
        ("Mehmet Yýlmaz", "Yılmaz"),
        ("Doðan", "Doğan"),
        ("ÞAHÝN", "ŞAHİN"),
        ("Satýþ", "Satış"),
        ("Jiøí", "Jiří"),
        ("Wa³êsa", "Wałęsa"),
        ("Kamiñski", "Kamiński"),
        ("Erdõs", "Erdős"),
    ] {
        assert_eq!(doubt_of_text(read).map(|doubt| doubt.meant).as_deref(), Some(meant), "{read}");
    }
}

#[test]
fn a_text_that_was_read_right_is_not_doubted() {
    for fine in [
        "Müller",
        "Ops • Oslo",
        "foo•bar",
        "A–B",
        "McÉlroy",
        "Týr",
        "Ýmir",
        "Miloš",
        "Zoë’s",
        "§ 5",
        "Œuvre",
        "“R&D”",
        "L’Haÿ-les-Roses",
        "team™",
        "20°C",
        "日本",
        "naïve",
        "O‘Brien",
        "Novotný",
        "Černý",
        "Hafþór",
        "Guðni",
        "Þorsteinn",
        "Ragnheiður",
        "Tórshavn",
        "Høgni",
        "Sørensen",
        "TeamÖsterreich",
        "ÅÄÖ",
        "Bình",
        "João",
        "Kõiv",
        "Iñigo",
        "Œdipe",
        "m³",
    ] {
        assert_eq!(doubt_of_text(fine), None, "{fine}");
    }
}

/// The letters of a language in a file of one word, misread and not.
#[test]
fn letters_that_only_their_neighbors_show_are_seen_in_files_and_texts() {
    for (bytes, meant) in [
        (&b"Bj\x9arn"[..], "Björn"),
        (b"M\x9aller", "Möller"),
        (b"K\x9aln", "Köln"),
        (b"Mart\x92nez", "Martínez"),
        (b"Mu\x96oz", "Muñoz"),
        (b"Su\xa0rez", "Suárez"),
        (b"Pawe\x88", "Paweł"),
        (b"Kami\xe4ski", "Kamiński"),
        (b"Milo\xe7", "Miloš"),
        (b"Dvo\xfd\xa0k", "Dvořák"),
        (b"Kj\x91r", "Kjær"),
    ] {
        let of_file = doubt(bytes, true).map(|doubt| doubt.meant);
        let read = WESTERN.text(bytes).expect("any bytes are");
        let of_text = doubt_of_text(&read).map(|doubt| doubt.meant);
        for found in [of_file, of_text] {
            assert_eq!(found.as_deref(), Some(meant), "{read}");
        }
    }
    // Other words of the text may have letters that Windows-1252 lacks.
    let found = doubt_of_text("Łukasz Bjšrn").map(|doubt| doubt.meant);
    assert_eq!(found.as_deref(), Some("Björn"));
}

/// chardetng takes single words such as these for Polish, Latvian or Turkish.
#[test]
fn a_single_western_word_is_not_doubted() {
    for text in [
        "Tromsø",
        "Samsø",
        "Hélène",
        "Irène",
        "Benoît",
        "Anaïs",
        "Château",
        "Zúñiga",
        "Guimarães",
        "Zaïre",
        "Sýkora",
        "Švýcarsko",
        "Böðvar",
        "Guðný",
        "Selçuk",
        "Kâmil",
        "Lâm",
        "Tây",
        "Vâlcea",
        "Spøttrup",
        "Omã",
        "Thaïlande",
    ] {
        let bytes = of(WINDOWS_1252, &format!("Email;Name\na@b.co;{text}\n"));
        assert_eq!(doubt(&bytes, true), None, "{text}");
    }
}

#[test]
fn asian_text_whose_bytes_are_signs_is_doubted() {
    for bytes in
        [&b"\xb3\xaf\xa4\x40"[..], b"\xa4\xfd\xa4\x70\xa9\xfa", b"\xba\xa3\xc6\xae\xb3\xb2"]
    {
        assert!(doubt(bytes, true).is_some(), "{bytes:x?}");
        let read = WESTERN.text(bytes).expect("any bytes are");
        assert!(doubt_of_text(&read).is_some(), "{read}");
    }
    for fine in
        ["“…”", "«»", "½", "±5", "5 µm", "20 °C", "m³", "¿?", "§§ 4", "£5", "––", "¯\\_(ツ)_/¯"]
    {
        assert_eq!(doubt_of_text(fine), None, "{fine}");
    }
}
