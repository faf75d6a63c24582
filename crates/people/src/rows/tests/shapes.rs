//! Texts as other programs and people write them: each row is used as it reads, or reported with its line.

use super::*;

/// Each row's line, its cells, and whether it has a problem.
fn read(text: impl AsRef<[u8]>) -> Vec<(u64, String, bool)> {
    let rows = rows(text).into_iter();
    rows.map(|row| (row.line, row.cells.join("/"), row.problem.is_some())).collect()
}

fn lines_with_problems(text: &str) -> Vec<u64> {
    rows(text).iter().filter(|row| row.problem.is_some()).map(|row| row.line).collect()
}

#[test]
fn a_quote_that_swallows_rows_is_reported_for_each_of_them() {
    for (text, wanted) in [
        // It closes in front of a cell that was quoted.
        (
            "Email,Group,Note\na@b.co,x,\"urgent\nc@d.co,x,none\ne@f.co,x,\"see\"\ng@h.co,x,ok\n",
            &[2, 3, 4][..],
        ),
        ("Email,Group,Note\r\na@b.co,x,\"urgent\r\nc@d.co,x,\"see\"\r\n", &[2, 3]),
        ("Email;Note;Group\na@b.co;\"urgent;x\nc@d.co;none;x\ne@f.co;\"a;b\";x\n", &[2, 3, 4]),
        // At the end of a cell: the lines between are rows of their own.
        ("Email,Group,Note\na@b.co,x,\"urgent\nc@d.co,x,none\ne@f.co,x,see\"\n", &[2, 3, 4]),
        ("Email,Group\n\"a@b.co,x\nc@d.co,y\"\n", &[2, 3]),
        ("Note,Email\n\"urgent,a@b.co\nnone,c@d.co\nsee\",e@f.co\n", &[2, 3, 4]),
        // On one line: cells vanish.
        ("Email,Group,Note\na@b.co,\"x\"y,z\nc@d.co,x,\n", &[2]),
        ("Email,Group,Note\na@b.co,\"x,y\" z,n\n", &[2]),
        ("Email\tGroup\na@b.co\t\"x\rc@d.co\t\"y\"\r", &[2, 3]),
    ] {
        assert_eq!(lines_with_problems(text), wanted, "{text:?}");
        let all = rows(text);
        let numbers: Vec<_> = all.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..=all.len() as u64).collect::<Vec<_>>(), "{text:?}");
    }
    let problem = rows("Email,Note\na@b.co,\"urgent\nc@d.co,\"x\"\n")[0].problem.clone().unwrap();
    assert!(problem.what.contains("line 2") && problem.what.contains("line 3"), "{problem}");
    assert_eq!(problem.column.as_deref(), Some("Note"));
}

#[test]
fn notes_of_several_lines_are_one_cell() {
    for text in [
        "Email,Note\na@b.co,\"one\ntwo\"\nc@d.co,x\n",
        "Email,Note\na@b.co,\"Call: 5 pm, or later\n\nMail boss@b.co\"\nc@d.co,x\n",
        "Email,Note\na@b.co,\"he said \"\"yes\"\"\nand went\"\nc@d.co,x\n",
        "Email,Note\r\na@b.co,\"Street 1\r\n12345 Town\" \r\nc@d.co,x\r\n",
        "Note,Email\n\"Cc:\nann@b.co\",a@b.co\nx,c@d.co\n",
    ] {
        let rows = rows(text);
        assert_eq!(rows.len(), 2, "{text:?}");
        assert!(rows.iter().all(|row| row.problem.is_none()), "{text:?}: {:?}", rows[0].problem);
    }
}

#[test]
fn cells_that_a_row_lacks_at_its_end_are_empty() {
    for text in [
        "Email,Group,Note\na@b.co,x,n\nc@d.co,x\ne@f.co,x\n",
        "Email;Group;Note\na@b.co;x;n\nc@d.co;x;\ne@f.co;x",
        "Email,Group,Note,,,\na@b.co,x,n,,,\nc@d.co,x\ne@f.co,x,,,,,,\n",
        "Email|Group|Note\r\na@b.co|x|n\r\nc@d.co|x\r\ne@f.co|x\r\n",
        "\"Email\",\"Group\",\"Note\"\n\"a@b.co\",\"x\",\"n\"\n\"c@d.co\",\"x\"\n\"e@f.co\",\"x\"\n",
    ] {
        let read = read(text);
        let wanted = [(2, "a@b.co/x/n"), (3, "c@d.co/x/"), (4, "e@f.co/x/")];
        let wanted = wanted.map(|(line, cells)| (line, cells.to_owned(), false));
        assert_eq!(read, wanted, "{text:?}");
    }
    // Which separator the row has is another question.
    assert_eq!(lines_with_problems("Email,Group\na@b.co;x\nc@d.co,y\n"), [2]);
    assert_eq!(lines_with_problems("Email,Group\na@b.co,x,too much\nc@d.co,y\n"), [2]);
}

#[test]
fn empty_rows_are_passed_over_and_counted() {
    for (blank, many) in [
        (",\n", 1),
        (",,,,\n", 1),
        (" , \n", 1),
        ("\u{a0},\u{200b}\n", 1),
        ("\"\",\"\"\n", 1),
        ("\"  \",\n,\n", 2),
    ] {
        let text = format!("Email,Group\na@b.co,x\n{blank}c@d.co,y\n{blank}");
        let mut sheet = open_bytes(&text).unwrap();
        let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
        let rows: Vec<_> = sheet.by_ref().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2, "{blank:?}");
        assert_eq!((rows[1].number, rows[1].line), (2, 3 + many), "{blank:?}");
        let reading = columns.reading(&sheet, Job::Memberships);
        assert_eq!(reading.left_out.len(), 1);
        assert_eq!(reading.left_out[0].rows, many, "those at the end are no rows: {blank:?}");
    }
}

#[test]
fn lines_of_other_programs_and_whole_lines_in_quotes() {
    let wanted = [(0, "a@b.co/x, y".to_owned(), false)];
    for text in [
        "#TYPE System.Management.Automation.PSCustomObject\n\"Email\",\"Group\"\n\"a@b.co\",\"x, y\"\n",
        "\u{feff}#TYPE X\r\nEmail;Group\r\na@b.co;x, y\r\n",
        "sep=|\nEmail|Group\na@b.co|x, y\n",
        "\"sep=;\";\nEmail;Group\na@b.co;x, y\n",
        "\"sep=,\",\r\nEmail,Group\r\na@b.co,\"x, y\"\r\n",
        "\"Email,Group\"\n\"a@b.co,\"\"x, y\"\"\"\n",
        "\"Email;Group\"\n\"a@b.co;x, y\"\n",
        "\"Email;Group\",,\n\"a@b.co;x, y\",,\n",
        "Email|Group\na@b.co|x, y\n",
        "Email,Group\n\u{feff}a@b.co,\"x, y\"\n",
        "Email,Group\r\n\u{feff}\"a@b.co\",\"x, y\"\r\n",
        "Email,Group\r\n\r\n\u{feff}a@b.co,\"x, y\"\r\n",
        "Email,Group\r\u{feff}\"a@b.co\",\"x, y\"\r",
        "Email,Group\r\ra@b.co,\"x, y\"\r",
    ] {
        let read: Vec<_> =
            read(text).into_iter().map(|(_, cells, problem)| (0, cells, problem)).collect();
        assert_eq!(read, wanted, "{text:?}");
    }
}

fn told_columns(text: &str, job: Job, options: &Options) -> String {
    let sheet = open_with(text, options).unwrap();
    match Columns::of(&sheet, job, options) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_line_of_the_headings_is_shown_and_can_be_named() {
    for (text, line) in [
        ("Leavers, November\n\nName;E-Mail\nAnn;a@b.co\n", 3),
        ("version:v1.0\nEmail\na@b.co\n", 2),
        ("Table 1\nName,Email\nAnn,a@b.co\n", 2),
        ("Report,,\nCreated,2026-11-01,\n,,\nUser id,Email,Note\n1:a,a@b.co,\n", 4),
        ("\"A title,\nof two lines\"\nEmail,Note\na@b.co,x\n", 3),
    ] {
        let told = told_columns(text, Job::Users, &Options::default());
        assert!(told.contains(&format!("--heading {line}")), "{text:?}: {told}");
        assert!(told.contains("line 1:"), "{told}");
        // As the message says.
        let options = Options { heading: Some(line), ..Options::default() };
        assert_eq!(told_columns(text, Job::Users, &options), "", "{text:?}");
        let mut sheet = open_with(text, &options).unwrap();
        let columns = Columns::of(&sheet, Job::Users, &options).unwrap();
        let raw = sheet.next().unwrap().unwrap();
        assert_eq!(UserRow::read(&raw, &columns).unwrap().email.as_deref(), Some("a@b.co"));
    }
    for (line, words) in
        [(2, "the line is empty"), (9, "the last line with content is line 6"), (4, "one row")]
    {
        let text = "Leavers\n\n\"a\nb\",c\nEmail,x\na@b.co,y\n";
        let options = Options { heading: Some(line), ..Options::default() };
        let told = open_with(text, &options).err().unwrap().to_string();
        assert!(told.contains(&format!("on line {line}")) && told.contains(words), "{told}");
    }
}

#[test]
fn other_containers_are_named_with_what_to_do() {
    use std::io::{Cursor, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};
    for (files, words) in [
        (
            &["export/users.csv"][..],
            "with `export/users.csv` in it, not a CSV or XLSX file; unpack it",
        ),
        (&["a.csv", "b.csv"], "2 tables"),
        (&["Index/Document.iwa", "preview.jpg"], "Numbers"),
        (&["[Content_Types].xml", "xl/workbook.bin"], ".xlsb"),
        (&["mimetype", "content.xml"], "OpenDocument"),
        (&["[Content_Types].xml", "word/document.xml"], "Word"),
        (&["readme.md"], "a ZIP archive"),
    ] {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for file in files {
            zip.start_file(*file, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        let told = refusal(zip.finish().unwrap().into_inner());
        assert!(told.contains(words), "{told}");
    }
    for (bytes, words) in [
        (&b"MIME-Version: 1.0\nX-Document-Type: Workbook\n"[..], "web page"),
        (b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "web page"),
        (b"\xEF\xBB\xBF{\"users\": []}", "JSON"),
        (b"From: a@b.co\nTo: c@d.co\n", "a mail message"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook>", "XML"),
    ] {
        assert!(refusal(bytes).contains(words));
    }
}

#[test]
fn text_in_another_encoding_is_reported_before_a_name_is_made_of_it() {
    let bytes = b"Email,Group\nann@b.co,x\nj\x9frgen@b.co,x\n";
    let told = refusal(bytes);
    assert!(
        told.contains("line 3") && told.contains("jürgen") && told.contains("Mac Roman"),
        "{told}"
    );
    let twice = "Email,Group\na@b.co,GroÃŸ\n";
    let mut sheet = open_bytes(twice).unwrap();
    let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
    let problems = MemberRow::read(&sheet.next().unwrap().unwrap(), &columns).unwrap_err();
    assert!(problems[0].what.contains("“Groß”"), "{}", problems[0]);
}

/// An encoding, a name's bytes in it, and the name.
const MISREAD: &[(&str, &[u8], &str)] = &[
    ("Mac Roman", b"Jos\x8e", "José"),
    ("Mac Roman", b"Gro\xa7", "Groß"),
    ("Mac Roman", b"Bj\x9arn", "Björn"),
    ("Mac Roman", b"M\x9aller", "Möller"),
    ("Mac Roman", b"Mart\x92nez", "Martínez"),
    ("Mac Roman", b"Mu\x96oz", "Muñoz"),
    ("Mac Roman", b"Ram\x97n", "Ramón"),
    ("Mac Roman", b"Jes\x9cs", "Jesús"),
    ("Mac Roman", b"\x81ngela", "Ångela"),
    ("Mac Roman", b"Zo\x91", "Zoë"),
    ("DOS, German", b"M\x81ller", "Müller"),
    ("DOS, German", b"K\x94nig", "König"),
    ("DOS, German", b"Stra\xe1e", "Straße"),
    ("DOS, Danish", b"Kj\x91r", "Kjær"),
    ("DOS, Norwegian", b"S\x9bren", "Søren"),
    ("DOS, Spanish", b"Su\xa0rez", "Suárez"),
    ("DOS, Spanish", b"Mu\xa4oz", "Muñoz"),
    ("DOS, French", b"Ren\x82", "René"),
    ("DOS, Polish", b"Pawe\x88", "Paweł"),
    ("DOS, Polish", b"Kami\xe4ski", "Kamiński"),
    ("DOS, Polish", b"\x9dukasz", "Łukasz"),
    ("DOS, Czech", b"Nov\xa0k", "Novák"),
    ("DOS, Czech", b"Ale\xe7", "Aleš"),
    ("DOS, Hungarian", b"G\xa0bor", "Gábor"),
    ("DOS, Russian", b"\x88\xa2\xa0\xad", "Иван"),
    ("Windows, Croatian", b"Abramovi\xe6", "Abramović"),
    ("Windows, Russian", b"\xc8\xe2\xe0\xed", "Иван"),
    ("KOI8-R", b"\xe9\xd7\xc1\xce", "Иван"),
    ("Windows, Polish", b"Pawe\xb3", "Paweł"),
    ("Windows, Turkish", b"Ay\xfee", "Ayşe"),
    ("Windows, Greek", b"\xcd\xdf\xea\xef\xf2", "Νίκος"),
    ("Shift_JIS", b"\x8e\x52\x93\x63", "山田"),
    ("GBK", b"\xc0\xee\xce\xb0", "李伟"),
    ("EUC-KR", b"\xb1\xe8\xb9\xce\xbc\xf6", "김민수"),
    ("Big5", b"\xb3\xaf\xa4\x40", "陳一"),
    ("Big5", b"\xaa\x4c\xa7\xd3\xa9\xfa", "林志明"),
    ("Big5", b"\xa4\xfd\xa4\x70\xa9\xfa", "王小明"),
    ("Windows, Western", b"M\xfcller", "Müller"),
];

/// Texts in many encodings, each with one name: it is read as it was meant, or reported, and never as other letters.
#[test]
fn a_name_in_any_encoding_is_read_as_meant_or_reported() {
    let utf16 = |text: &str, little: bool| -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let wrong: Vec<String> = MISREAD
        .iter()
        .map(|&(encoding, name, meant)| {
            let bytes = [&b"Email,Group\na@b.co,"[..], name, b"\nc@d.co,x\n"].concat();
            (encoding, bytes, meant)
        })
        .chain([true, false].map(|little| {
            ("UTF-16 without a mark", utf16("Email,Group\na@b.co,Müller\n", little), "Müller")
        }))
        .filter_map(|(encoding, bytes, meant)| {
            let mut sheet = open_bytes(&bytes).ok()?;
            let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).ok()?;
            let raw = sheet.next()?.ok()?;
            let row = MemberRow::read(&raw, &columns).ok()?;
            let name = row.group_name.or(row.id_or_name).unwrap_or_default();
            (name != meant).then(|| format!("{encoding}: {meant} was read as {name}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The counterpart: no correct name is doubted, in any file that can hold it.
#[test]
fn names_of_many_languages_are_read_as_they_are() {
    const NAMES: &str = "Šimon Björn Željko Müller Łukasz Zoë D’Angelo O’Brien Ñuñez Århus Žižek Dušan Jakšić Kršnjavi \
        Mršnik Vršac Pštross Miloš Aleš Bartoš Košťál Škoda Štěpán Žofie Ivanišević Rašić Hašek Ušakov Teršek Golš Ėglė \
        Šarūnas Tõnu Tõnisson Kõiv Võru Õunapuu Sõrve Þór Guðrún Hafþór Ýmir Sigurður Ragnheiður Ísafold Ægir Søren Bjørn \
        Kjærgaard Åse Håkon Göran Jürgen Groß Weiß Straße Lœtitia Schœlcher Hœrdt Œdipe Œuvre Cœur Bœuf Noël Raphaël Maël \
        Citroën L’Haÿ Ysaÿe Benoît Brûlé François Hélène Élodie Çelik Koç Genç Çiçek Oruç Tunç Uçan Gökçe Özgür Ümit Gülşen \
        Niccolò Forlì Cantù Mosè Nicolò Lunedì Perché Città José Peña Muñoz Íñigo Ángel Úrsula Martín García João Conceição \
        Gonçalves Simões Luís Antônio Òscar Àlex Núria Lê Hà Bình Hòa Tùng Phùng Hùng Đặng Nguyễn Trần Iñaki Begoña Xosé \
        Caitlín Seán Siân Siôn Llŷr Tŷ Ó’Dálaigh Sa’id Qur’an N’Golo Dell’Acqua Hawai‘i O‘zbek Solov’yov Kuz’min Rock’n’Roll \
        Köln–Bonn Ürün İpek Ioannis Иван Γιώργος 山田 김민수 陳一 Ștefan Țepeș Mihăilă Győző Szűcs Béla Dömötör Zsófia Ådne \
        Malmö Växjö Örebro Tromsø Ærø Curaçao Crème Jalapeño Façade Naïve Résumé Ça Señor Año São 5µm 20°C 1º m³ ±5 §5 £5 €5 ½";
    for name in NAMES.split_whitespace() {
        let western = encoding_rs::WINDOWS_1252.encode(name);
        let mut files = vec![
            format!("\u{feff}Email,Group\na@b.co,{name}\n").into_bytes(),
            seen::one(seen::data(&[
                seen::row(1, "", &["Email", "Group"]),
                seen::row(2, "", &["a@b.co", name]),
            ])),
        ];
        if !western.2 {
            files.push([b"Email,Group\na@b.co,".as_slice(), &western.0, b"\n"].concat());
        }
        for bytes in files {
            let mut sheet = open_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
            let raw = sheet.next().unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
            let row = MemberRow::read(&raw, &columns);
            let row = row.unwrap_or_else(|problems| panic!("{name}: {}", problems[0]));
            assert_eq!(row.group_name.as_deref(), Some(name));
        }
    }
}
