//! Texts of other programs that are no table, recognized by how they begin.

use crate::source::container::SAVE;

/// What a text is, and what to do with it.
pub(crate) type Told = (&'static str, &'static str);

pub(super) const AS_CSV: &str = "export the list as CSV or XLSX";

/// How many bytes of a text are looked at.
const LOOKED_AT: usize = 4096;

/// Names a text that is no table. `bytes` are its beginning, without a byte order mark.
pub(crate) fn other_text(bytes: &[u8]) -> Option<Told> {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    let begin = begin.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    of_markup(&begin)
        .or_else(|| of_data(&begin))
        .or_else(|| of_mail(&begin))
        .or_else(|| of_files(&begin))
}

/// The same for UTF-16: its ASCII characters are enough.
pub(crate) fn other_text_of_16(bytes: &[u8], is_little: bool) -> Option<Told> {
    let from = usize::from(!is_little);
    let narrow: Vec<u8> = bytes.iter().skip(from).step_by(2).copied().take(LOOKED_AT).collect();
    other_text(&narrow)
}

fn of_markup(begin: &str) -> Option<Told> {
    let is_tag = || {
        let mut chars = begin.chars();
        chars.next() == Some('<')
            && chars.next().is_some_and(|c| c.is_alphabetic() || matches!(c, '!' | '?'))
            && begin.find('>').is_some_and(|end| {
                !begin[..end].contains(['@', '\n', ',', ';']) || begin[..end].contains("=\"")
            })
    };
    let starts = ["<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<!--"];
    if starts.iter().any(|tag| begin.starts_with(tag)) || is_tag() {
        let has = |part: &str| begin.contains(part);
        return Some(
            if has("urn:schemas-microsoft-com:office:spreadsheet") || has("excel.sheet") {
                ("an XML spreadsheet of Excel 2003", SAVE)
            } else if has("opendocument") {
                ("a flat OpenDocument spreadsheet (.fods)", SAVE)
            } else if has("<table") && !has("<form") && !has("password") {
                ("a web page or XML with a table, which some programs call .xls", SAVE)
            } else if has("<?xml") && !has("<html") {
                ("a web page or XML: data for programs", AS_CSV)
            } else {
                (
                    "a web page or XML",
                    "was it saved from a sign-in page? Download the export again, or save the table as CSV",
                )
            },
        );
    }
    begin
        .starts_with("{\\rtf")
        .then_some(("a text document (RTF)", "save the table as CSV or XLSX"))
}

fn of_data(begin: &str) -> Option<Told> {
    let second =
        || begin.lines().map(str::trim).filter(|line| !line.is_empty()).nth(1).unwrap_or_default();
    let first = begin.lines().next().unwrap_or_default().trim();
    let after = |open: char| begin.strip_prefix(open).map(|rest| rest.trim_start().chars().next());
    let is_setting = first.starts_with('[') && first.ends_with(']') && second().contains('=');
    let is_json = matches!(after('{'), Some(Some('"' | '}') | None))
        || (matches!(after('['), Some(Some('{' | '[') | None)) && !is_setting);
    if is_json {
        let of_google = begin.contains("docs.google.com") || begin.contains("\"doc_id\"");
        return Some(match of_google {
            true => (
                "a link to a Google document, not the document",
                "open it, and download it as CSV or XLSX",
            ),
            false => ("JSON", "give the rows as CSV or XLSX"),
        });
    }
    let is_item = |line: &str| {
        let item = line.strip_prefix("- ").and_then(|item| item.split_once(": "));
        item.is_some_and(|(key, _)| {
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    let is_yaml = is_item(first)
        || (first == "---"
            && (is_item(second()) || second().ends_with(':') || second().contains(": ")));
    if is_yaml {
        return Some(("YAML", AS_CSV));
    }
    if first == "[internetshortcut]" {
        return Some((
            "a link to a web page",
            "open the link, and download the list as CSV or XLSX",
        ));
    }
    is_setting.then_some(("a settings file (INI or TOML)", AS_CSV))
}

/// Headers with which mail messages begin.
const HEADERS: [&str; 13] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "reply-to",
    "mime-version",
    "x-mozilla-status",
    "dkim-signature",
];

fn of_mail(begin: &str) -> Option<Told> {
    const TODO: &str = "save its attachment, or copy the list from it into a spreadsheet";
    let header = |line: &str| {
        let name = line.split_once(':').map(|(name, _)| name)?;
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_name.then(|| name.to_owned())
    };
    let mut lines = begin.lines().filter(|line| !line.starts_with([' ', '\t']));
    let first = lines.next().unwrap_or_default();
    let is_known = |line: &str| header(line).is_some_and(|name| HEADERS.contains(&name.as_str()));
    let is_page = begin.contains("x-document-type") || begin.contains("multipart/related");
    if begin.starts_with("mime-version:") && is_page && !begin.contains("\nto:") {
        return Some(("a web page saved as a single file", SAVE));
    }
    let is_mbox = first.starts_with("from ") && first.contains('@') && first.contains(':');
    if (is_known(first) || is_mbox) && lines.next().is_some_and(|line| header(line).is_some()) {
        return Some(("a mail message", TODO));
    }
    begin.starts_with("mime-version:").then_some(("a web page saved as a single file", SAVE))
}

fn of_files(begin: &str) -> Option<Told> {
    let starts = |start: &str| begin.starts_with(start);
    let has_line = |start: &str| begin.lines().any(|line| line.starts_with(start));
    if starts("begin:vcard") {
        return Some(("contacts (vCard)", "export the contacts as CSV"));
    }
    if starts("-----begin pgp message") {
        return Some(("an encrypted file (PGP)", "decrypt it first"));
    }
    if starts("begin:vcalendar") {
        return Some(("a calendar (iCalendar)", AS_CSV));
    }
    if starts("dn: ") || starts("dn:: ") || (starts("version: 1") && has_line("dn:")) {
        return Some(("an export of a directory (LDIF)", "export the users as CSV"));
    }
    if starts("version https://git-lfs.github.com/spec") {
        return Some(("a pointer of Git LFS, not the file", "get the file itself: git lfs pull"));
    }
    if starts("insert into ")
        || starts("create table ")
        || (starts("select ") && begin.contains(" from "))
    {
        return Some(("SQL", "run it, and export the result as CSV"));
    }
    if starts("id;p") && (has_line("c;") || has_line("b;") || has_line("f;")) {
        return Some(("a SYLK file (.slk)", SAVE));
    }
    (starts("table\n0,1") || starts("table\r\n0,1")).then_some(("a DIF file (.dif)", SAVE))
}

/// Names bytes that are no text and of no spreadsheet program.
pub(crate) fn other_bytes(bytes: &[u8]) -> Option<Told> {
    const AS_LIST: &str = "write the list as CSV or XLSX";
    Some(match bytes {
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => {
            ("a picture", AS_LIST)
        }
        [b'P', b'A', b'R', b'1', ..] => ("a Parquet file", AS_CSV),
        [0, 5, 0x16, 7, ..] => {
            ("a companion file of macOS", "name the file without `._` at the beginning of its name")
        }
        [b'L', 0, 0, 0, 1, 0x14, 2, 0, ..] => {
            ("a Windows shortcut (.lnk)", "name the file that it leads to")
        }
        // Excel 2 to 4, and later versions without a compound file.
        [9, 0 | 2 | 4 | 8, 4 | 6 | 8 | 0x10, 0, ..] => ("an old Excel workbook (.xls)", SAVE),
        [0, 0, 2 | 0x1A, 0, ..] => ("a Lotus 1-2-3 workbook", SAVE),
        _ if bytes.starts_with(b"bplist00") => ("a property list of macOS", AS_CSV),
        _ if bytes.starts_with(b"b0VIM ") => ("a swap file of Vim", "name the file itself"),
        _ if bytes.get(4..).is_some_and(is_access) => ("an Access database", AS_CSV),
        _ if bytes.len() > 1 && bytes.iter().all(|byte| *byte == 0) => (
            "a file that holds only zero bytes, so its content was lost",
            "download or copy it again",
        ),
        _ if bytes.starts_with(b"SQLite format 3\0") => ("an SQLite database", AS_CSV),
        _ if bytes.get(257..262) == Some(b"ustar") => ("a tar archive", "unpack it first"),
        _ => return None,
    })
}

fn is_access(bytes: &[u8]) -> bool {
    bytes.starts_with(b"Standard Jet DB") || bytes.starts_with(b"Standard ACE DB")
}

/// Names a compound file (OLE), as far as the names of its streams are in its beginning.
pub(crate) fn compound(bytes: &[u8]) -> Told {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if holds("DRMEncrypted") {
        return (
            "a workbook that rights management protects (a sensitivity label)",
            "save a copy without the protection, or export the list as CSV",
        );
    }
    if holds("EncryptedPackage") || holds("EncryptionInfo") {
        return (
            "a workbook with a password",
            "open it, remove the password, and save it as .xlsx or as CSV UTF-8",
        );
    }
    if holds("__substg1.0_") || holds("__nameid_version") {
        return (
            "a mail message of Outlook (.msg)",
            "save its attachment, or copy the list from it into a spreadsheet",
        );
    }
    if holds("WordDocument") {
        return (
            "an old Word document (.doc)",
            "copy the table into a spreadsheet program and save it as .xlsx or CSV",
        );
    }
    if holds("Workbook") || holds("Book") {
        return ("an old Excel workbook (.xls)", SAVE);
    }
    ("an old Excel workbook (.xls) or one with a password", SAVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_other_programs_are_named() {
        for (text, wanted) in [
            (
                "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "Excel 2003",
            ),
            (
                "<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">",
                ".fods",
            ),
            ("<?xml version=\"1.0\"?><users><user/></users>", "XML"),
            ("<users><user email=\"a@b.co\"/></users>", "XML"),
            ("<html><body><table><tr><td>Email</td></tr></table>", "with a table"),
            ("<table border=1>\n<tr><th>Email</th></tr>", "with a table"),
            ("<!DOCTYPE html><title>Sign in</title><form><table>", "a web page"),
            ("{\\rtf1\\ansi Email}", "RTF"),
            ("{\n \"users\": [", "JSON"),
            ("[\n  {\"email\": \"a@b.co\"}", "JSON"),
            ("\u{feff}[{\"email\": 1}]", "JSON"),
            ("{}", "JSON"),
            ("{\"url\": \"https://docs.google.com/open?id=1\", \"doc_id\": \"1\"}", "Google"),
            ("- email: a@b.co\n- email: c@d.co\n", "YAML"),
            ("---\nusers:\n  - email: a@b.co\n", "YAML"),
            ("[[users]]\nemail = \"a@b.co\"\n", "TOML"),
            ("[InternetShortcut]\nURL=https://x.example\n", "a link"),
            ("From: a@b.co\nTo: c@d.co\nSubject: leavers\n\nhi", "a mail message"),
            ("Received: from x by y;\n\tMon, 30 Nov\nFrom: a@b.co\n", "a mail message"),
            ("From a@b.co Mon Nov 30 01:00:00 2026\nTo: c@d.co\n", "a mail message"),
            (
                "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related\n",
                "single file",
            ),
            ("BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@b.co\n", "vCard"),
            ("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n", "PGP"),
            ("BEGIN:VCALENDAR\n", "iCalendar"),
            ("dn: cn=Ann,dc=x\nmail: a@b.co\n", "LDIF"),
            ("version: 1\n\ndn: cn=Ann,dc=x\n", "LDIF"),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:a\n", "Git LFS"),
            ("INSERT INTO users (email) VALUES ('a@b.co');", "SQL"),
            ("SELECT email FROM users;", "SQL"),
            ("ID;PWXL;N;E\nC;Y1;X1;K\"Email\"\nE\n", "SYLK"),
            ("TABLE\n0,1\n\"EXCEL\"\n", "DIF"),
        ] {
            let (what, todo) = other_text(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert!(what.contains(wanted), "{text}: {what}");
            assert!(!todo.is_empty());
            let text = text.trim_start_matches('\u{feff}');
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(other_text_of_16(&wide, false).map(|(what, _)| what), Some(what), "{text}");
        }
        for text in [
            "Email\na@b.co\n",
            "<ann@b.co>\n<ben@b.co>\n",
            "From,To\na@b.co,c@d.co\n",
            "Date,Email\n",
            "To: all\nEmail,Group\n",
            "ID;Person;Email\n1;2;a@b.co\n",
            "Select,Email\nx,a@b.co\n",
            "[Email],Group\na@b.co,x\n",
            "- Email\na@b.co\n",
            "---\nEmail\n",
            "Table 1\nEmail\n",
            "version:v1.0\nuser_name,email\n",
            "Subject\nx\n",
            "\"Email\",\"Group\"\n",
        ] {
            assert_eq!(other_text(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn compound_files_are_named_by_their_streams() {
        for (stream, wanted) in [
            ("EncryptedPackage", "a password"),
            ("DRMEncryptedTransform EncryptedPackage", "rights management"),
            ("Workbook", "(.xls)"),
            ("__substg1.0_0037001F", "Outlook"),
            ("WordDocument", "Word"),
            ("x", "or one with a password"),
        ] {
            let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0];
            bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
            assert!(compound(&bytes).0.contains(wanted), "{stream}");
        }
    }
}
