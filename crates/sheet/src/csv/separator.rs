//! Finds the dialect of a CSV text by its first lines: lines that other programs write above the headings, the
//! separator, and whether whole lines are in quotes.

use crate::csv::quotes::Lines;

/// The separators that are tried, the most frequent first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Separators that a few programs write.
const RARE: [u8; 9] = [b':', b'~', b'^', b'#', b'*', b'/', b'\\', 0x1f, 0x1e];

/// How many lines are searched if the first line shows nothing.
const LOOKED_AT: usize = 30;

/// How a CSV text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The separator between the cells of a record.
    pub(crate) separator: u8,
    /// Set if every line is in quotes as a whole: the separator between the cells inside the quotes.
    pub(crate) within: Option<u8>,
    /// How many bytes are above the records: PowerShell's `#TYPE` line, Excel's `sep=` line.
    pub(crate) preamble: usize,
}

/// Finds the dialect by the beginning of a text. `heading` is the line of the headings, if an option names it;
/// `known` returns whether a heading has a meaning for the job.
pub(crate) fn dialect(start: &[u8], heading: Option<u64>, known: impl Fn(&str) -> bool) -> Dialect {
    let (declared, preamble) = preamble(start);
    let rest = &start[preamble..];
    let rest = heading.map_or(rest, |line| from_line(start, line).unwrap_or(rest));
    if let Some((separator, within)) = wrapped(first_line(rest), &known) {
        return Dialect { separator, within: Some(within), preamble };
    }
    let sniffed = sniffed(rest, &known);
    let separator = match declared {
        Some(declared) if score(rest, declared, &known).0 >= score(rest, sniffed, &known).0 => {
            declared
        }
        _ => sniffed,
    };
    Dialect { separator, within: None, preamble }
}

/// The separator that a line above the records declares, and the number of bytes above the records.
fn preamble(start: &[u8]) -> (Option<u8>, usize) {
    let (mut separator, mut length) = (None, 0);
    loop {
        let rest = &start[length..];
        let line = first_line(rest);
        let is_type = bare(line).starts_with(b"#TYPE ");
        let found = declared(line);
        if !is_type && found.is_none() {
            return (separator, length);
        }
        separator = found.or(separator);
        let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        length += rest.iter().take_while(is_end).count() + line.len();
        length += start[length..].iter().take_while(is_end).count();
    }
}

/// A line without its quotes and without leading white space.
fn bare(line: &[u8]) -> &[u8] {
    let from = line.iter().position(|byte| !matches!(byte, b'"' | b' ' | b'\'')).unwrap_or(0);
    &line[from..]
}

/// Excel's own declaration of the separator: a first line `sep=;`. Programs that save the file again put it in
/// quotes and add separators after it.
fn declared(line: &[u8]) -> Option<u8> {
    let [s, e, p, b'=', separator, rest @ ..] = bare(line) else { return None };
    let is_sep = [*s, *e, *p].eq_ignore_ascii_case(b"sep");
    let is_padding = |byte: &u8| matches!(byte, b'"' | b' ') || SEPARATORS.contains(byte);
    let separator = *separator;
    let is_sign = separator.is_ascii() && !separator.is_ascii_alphanumeric() && separator != b'"';
    (is_sep && is_sign && rest.iter().all(is_padding)).then_some(separator)
}

fn first_line(text: &[u8]) -> &[u8] {
    let begin = text.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    let line = &text[begin..];
    let end = line.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(line.len());
    &line[..end]
}

/// The text from a line on; lines count from 1.
fn from_line(text: &[u8], line: u64) -> Option<&[u8]> {
    let mut lines = Lines::default();
    for at in 0..text.len() {
        // The LF of a CRLF still belongs to the line before it.
        let is_second = text[at] == b'\n' && at > 0 && text[at - 1] == b'\r';
        if lines.now == line && !is_second {
            return Some(&text[at..]);
        }
        lines.pass(&text[at..=at]);
    }
    None
}

/// Reads a heading line that is one quoted cell with headings in it, such as `"Email,Group"`. Returns the
/// separator outside the quotes and the one inside.
fn wrapped(line: &[u8], known: &impl Fn(&str) -> bool) -> Option<(u8, u8)> {
    let inner = line.strip_prefix(b"\"")?;
    let close = inner.iter().rposition(|byte| *byte == b'"')?;
    let (inner, behind) = (&inner[..close], &inner[close + 1..]);
    let outer = behind.first().copied().unwrap_or(b',');
    if !behind.iter().all(|byte| *byte == outer) || !SEPARATORS.contains(&outer) {
        return None;
    }
    // A quote that is not doubled closes the cell, so the line has several cells.
    let text = String::from_utf8_lossy(inner).replace("\"\"", "");
    if text.contains('"') {
        return None;
    }
    let inner = String::from_utf8_lossy(inner).replace("\"\"", "\"");
    let (found, cells, within) = SEPARATORS
        .into_iter()
        .map(|separator| {
            let (found, cells) = score(inner.as_bytes(), separator, known);
            (found, cells, separator)
        })
        .reduce(|best, next| if (next.0, next.1) > (best.0, best.1) { next } else { best })?;
    (found > 0 && cells > 1).then_some((outer, within))
}

/// How many known headings and how many cells the first record has with this separator.
fn score(text: &[u8], separator: u8, known: &impl Fn(&str) -> bool) -> (usize, usize) {
    let record = records(text, separator).next().unwrap_or_default();
    (record.iter().filter(|cell| known(cell)).count(), record.len())
}

/// The separator that splits the first line into the most known headings. If the first line has none, the lines
/// below decide; if they have none either, the separator that gives the most cells in the same number of lines.
fn sniffed(start: &[u8], known: &impl Fn(&str) -> bool) -> u8 {
    let best = |score: &dyn Fn(u8) -> (usize, usize)| {
        let mut best = (SEPARATORS[0], score(SEPARATORS[0]));
        for separator in SEPARATORS {
            let score = score(separator);
            if score > best.1 {
                best = (separator, score);
            }
        }
        best
    };
    let (separator, (found, cells)) = best(&|separator| score(start, separator, known));
    // A title may be spelled like a heading. Then a line below it shows the separator.
    let parted = |separator| {
        let found = |record: &Vec<String>| record.iter().filter(|cell| known(cell)).count();
        let wide = records(start, separator).take(LOOKED_AT).filter(|record| record.len() > 1);
        (wide.map(|record| found(&record)).max().unwrap_or(0), 0)
    };
    if found > 0 && cells == 1 {
        let (below, (known_below, _)) = best(&parted);
        return if known_below > 0 { below } else { separator };
    }
    if found > 0 {
        return separator;
    }
    let below = |separator| {
        let found = |record: Vec<String>| record.iter().filter(|cell| known(cell)).count();
        (records(start, separator).take(LOOKED_AT).map(found).max().unwrap_or(0), 0)
    };
    let (separator, (found, _)) = best(&below);
    if found > 0 {
        return separator;
    }
    let common = best(&|separator| regular(start, separator));
    match rare(start, known) {
        Some(separator) if common.1.1 < 2 => separator,
        _ => common.0,
    }
}

/// A rare separator, accepted only if it gives known headings and the same number of cells in every line.
fn rare(start: &[u8], known: &impl Fn(&str) -> bool) -> Option<u8> {
    RARE.into_iter().find(|separator| {
        let all: Vec<_> = records(start, *separator).take(LOOKED_AT).collect();
        let width = all.first().map_or(0, Vec::len);
        width > 1
            && all.len() > 1
            && all.iter().all(|record| record.len() == width)
            && all[0].iter().any(|heading| known(heading))
    })
}

/// In how many of the first records the separator occurs as often as in the first record that has it, and how
/// often that is.
fn regular(start: &[u8], separator: u8) -> (usize, usize) {
    let widths: Vec<usize> =
        records(start, separator).take(LOOKED_AT).map(|record| record.len()).collect();
    let Some(&width) = widths.iter().find(|width| **width > 1) else { return (0, 0) };
    (widths.iter().filter(|other| **other == width).count(), width)
}

/// The records of a text, as csv-core reads them.
pub(crate) fn records(text: &[u8], separator: u8) -> impl Iterator<Item = Vec<String>> + '_ {
    let reader = ::csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let cells = |record: ::csv::ByteRecord| {
        record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    };
    reader.into_byte_records().map_while(Result::ok).map(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, heading: Option<u64>) -> Dialect {
        let known = |heading: &str| ["Email", "Group"].contains(&heading);
        dialect(text.as_bytes(), heading, known)
    }

    #[test]
    fn separators_are_found_on_the_line_that_has_the_headings() {
        for (text, separator) in [
            ("Email,Group\n", b','),
            ("Email|Group\na@b.c|x, y\n", b'|'),
            ("Leavers, November, final\n\nEmail;Group\n", b';'),
            ("\"Email\"\t\"Group\"\n", b'\t'),
            ("Mail;Hours, all\na@b.c;1,5\nd@e.f;2,25\ng@h.i;3\n", b';'),
            ("Email:Group\na@b.c:x\nd@e.f:y\n", b':'),
            ("Email~Group~Note\na@b.c~x~\n", b'~'),
            ("Email\x1fGroup\na@b.c\x1fx\n", 0x1f),
            // Characters that also occur in headings and ids.
            ("Email/Login\na@b.c\n", b','),
            ("Group: Email\nEmail;Group\na@b.c;x\n", b';'),
            ("Email:\na@b.c\n", b','),
            ("a@b.c;x\nd@e.f;y, z\n", b';'),
            // A title that is spelled like a heading.
            ("Email\n\nName;Email\nx;a@b.c\n", b';'),
            ("Group\nName\tGroup\n", b'\t'),
        ] {
            assert_eq!(found(text, None).separator, separator, "{text}");
        }
        assert_eq!(found("a;b;c\nEmail,Group\n", Some(2)).separator, b',');
        assert_eq!(found("a;b;c\r\nEmail,Group\r\n", Some(2)).separator, b',');
    }

    #[test]
    fn lines_of_other_programs_are_passed_over() {
        for (text, separator, preamble) in [
            ("sep=;\r\nEmail;Group\r\n", b';', 7),
            ("SEP=|\nEmail|Group\n", b'|', 6),
            ("\"sep=,\",\r\nEmail,Group\r\n", b',', 10),
            ("sep=;,,,\nEmail;Group\n", b';', 9),
            ("sep=\t\nEmail\tGroup\n", b'\t', 6),
            ("sep=; \nEmail;Group\n", b';', 7),
            // A file that was saved again with another separator.
            ("\"sep=,\";\nEmail;Group\n", b';', 9),
            ("#TYPE System.Management.Automation.PSCustomObject\nEmail,Group\n", b',', 50),
            ("\"#TYPE X\"\nEmail;Group\n", b';', 10),
            ("#TYPE X\nsep=;\nEmail;Group\n", b';', 14),
            ("separate,Email\n", b',', 0),
        ] {
            let found = found(text, None);
            assert_eq!((found.separator, found.preamble), (separator, preamble), "{text:?}");
        }
    }

    #[test]
    fn whole_lines_in_quotes_are_seen() {
        for (text, wanted) in [
            ("\"Email,Group\"\n", Some((b',', b','))),
            ("\"Email;Group\"\n", Some((b',', b';'))),
            ("\"Email,Group\";;\n", Some((b';', b','))),
            ("\"Email,\"\"Group\"\"\"\n", Some((b',', b','))),
            ("\"Email\",\"Group\"\n", None),
            ("\"Email\"\n", None),
            ("\"Other, thing\"\n", None),
        ] {
            let found = found(text, None);
            let wrapped = found.within.map(|within| (found.separator, within));
            assert_eq!(wrapped, wanted, "{text}");
        }
    }
}
