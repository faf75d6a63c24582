//! The small files that office programs keep next to an open document, with the user who has it open. In a folder or
//! a pattern such as `*.xlsx` they are easily taken for the document.

/// How many bytes such a file has at most.
const MOST: usize = 1024;

/// The longest user name in a lock file of Microsoft Office, and the length of the file (Excel, Word).
const OWNER: usize = 54;
const OFFICE_LENGTHS: [usize; 2] = [165, 162];

/// What a lock file is, and what to do: which file to name instead. `name` is the file's path or name, `bytes` its
/// beginning.
pub(super) fn lock_file(name: &str, bytes: &[u8]) -> Option<(String, String)> {
    if bytes.len() > MOST {
        return None;
    }
    let is_office = match by_name(name) {
        Some(Named { is_office: true, .. }) => bytes.is_empty() || bytes.contains(&0),
        Some(Named { is_office: false, .. }) | None => is_of_office(bytes),
    };
    let is_libre = match by_name(name) {
        Some(Named { is_office: false, .. }) => is_one_line(bytes),
        Some(Named { is_office: true, .. }) | None => is_of_libre_office(bytes),
    };
    (is_office || is_libre).then(|| told(name, is_office))
}

/// The same if the file cannot be opened: Excel on Windows lets no other program read it.
pub(super) fn lock_file_by_name(name: &str) -> Option<(String, String)> {
    by_name(name).map(|named| told(name, named.is_office))
}

/// A name that a program gives its lock files.
struct Named {
    is_office: bool,
    /// The path of the document.
    document: String,
}

fn by_name(name: &str) -> Option<Named> {
    let from = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (folder, file) = name.split_at(from);
    let of_office = file.strip_prefix("~$").map(|document| (true, document));
    let of_libre = file.strip_prefix(".~lock.").and_then(|document| document.strip_suffix('#'));
    let (is_office, document) = of_office.or(of_libre.map(|document| (false, document)))?;
    Some(Named { is_office, document: format!("{folder}{document}") })
}

fn told(name: &str, is_office: bool) -> (String, String) {
    let what = match is_office {
        true => "a lock file, which Excel keeps while a workbook is open",
        false => "a lock file, which LibreOffice keeps while a document is open",
    };
    let todo = match by_name(name) {
        Some(Named { document, .. }) => format!("save the document there, and name it: {document}"),
        None => "save the document there, and name it".to_owned(),
    };
    (what.to_owned(), todo)
}

/// The length of the user's name and the name in one byte a character, padded with spaces; then both again in UTF-16.
fn is_of_office(bytes: &[u8]) -> bool {
    let (Some(&length), true) = (bytes.first(), OFFICE_LENGTHS.contains(&bytes.len())) else {
        return false;
    };
    let length = usize::from(length);
    let is_padding = |byte: &u8| matches!(byte, 0 | b' ');
    (1..=OWNER).contains(&length)
        && bytes[1..=length].iter().all(|byte| *byte >= b' ')
        && bytes[length + 1..=OWNER].iter().all(is_padding)
        && bytes[OWNER + 1..].contains(&0)
}

/// `,ann,ann-laptop,30.11.2026 06:10,file:///home/ann/.config/libreoffice/4;`
fn is_of_libre_office(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some(line) = text.trim().strip_suffix(';').filter(|_| is_one_line(bytes)) else {
        return false;
    };
    let mut cells = line.rsplit(',');
    let is_folder = cells.next().is_some_and(|cell| cell.starts_with("file://"));
    let is_time = |cell: &str| {
        cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ':' | ' '))
            && cell.contains(['.'])
            && cell.contains(':')
    };
    is_folder && cells.next().is_some_and(is_time) && cells.count() >= 3
}

fn is_one_line(bytes: &[u8]) -> bool {
    !bytes.trim_ascii().contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Excel writes it.
    fn owner(name: &str) -> Vec<u8> {
        let mut bytes = vec![name.len() as u8];
        bytes.extend(name.bytes());
        bytes.resize(55, b' ');
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        while bytes.len() < 165 {
            bytes.extend([b' ', 0]);
        }
        bytes.truncate(165);
        bytes
    }

    #[test]
    fn the_document_of_a_lock_file_is_named() {
        for (name, document) in [
            ("~$leavers.xlsx", "leavers.xlsx"),
            ("lists/~$leavers.xlsx", "lists/leavers.xlsx"),
            ("C:\\lists\\~$leavers.xlsx", "C:\\lists\\leavers.xlsx"),
            ("in/.~lock.leavers.csv#", "in/leavers.csv"),
        ] {
            let (_, todo) = lock_file(name, b"").unwrap();
            assert!(todo.ends_with(&format!(": {document}")), "{todo}");
            assert_eq!(lock_file_by_name(name).unwrap().1, todo);
        }
        assert!(lock_file_by_name("leavers~$.xlsx").is_none());
    }

    #[test]
    fn a_lock_file_is_known_by_its_bytes_too() {
        for name in ["Ann", "Ann Example", "a", &"n".repeat(54)] {
            assert!(lock_file("upload", &owner(name)).unwrap().0.contains("Excel"), "{name}");
        }
        let line = ",ann,ann-laptop,30.11.2026 06:10,file:///home/ann/.config/libreoffice/4;";
        assert!(lock_file("-", line.as_bytes()).unwrap().0.contains("LibreOffice"));
    }
}
