//! The parts of an XLSX file that calamine does not show: the XML part of each sheet, whether the sheet is hidden,
//! and its tables.
//!
//! Source of the names: ECMA-376, part 1 (`workbook.xml`, 18.2.19 `sheet`, 18.2.2 `calcPr`) and part 2
//! (relationships). Only local names are compared, as in calamine: prefixes and the two families of namespaces
//! (transitional, strict) are ignored.

use std::collections::HashSet;
use std::io::{BufReader, Chain, Cursor, Read, Seek};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

/// The bytes of a workbook.
pub(crate) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// The error of a part that cannot be read.
pub(crate) type Broken = Box<dyn std::error::Error + Send + Sync>;

/// The XML of one part, as a stream.
pub(crate) type PartXml<'a> = Reader<BufReader<Chain<Cursor<Vec<u8>>, PartBytes<'a>>>>;

type PartBytes<'a> = ZipFile<'a, Box<dyn ReadSeek>>;

/// How many bytes of a part are read to find its encoding.
const DECLARATION: u64 = 256;

/// How many bytes of a part are unpacked at a time.
const PIECE: usize = 64 * 1024;

/// One sheet of a workbook.
#[derive(Clone, Debug)]
pub(crate) struct SheetPart {
    pub(crate) name: String,
    pub(crate) path: String,
    /// Whether its state is `hidden` or `veryHidden`: the spreadsheet program does not show it.
    pub(crate) hidden: bool,
    /// Whether it has cells; a chart sheet has none.
    pub(crate) has_cells: bool,
}

/// An open workbook.
pub(crate) struct Package {
    zip: ZipArchive<Box<dyn ReadSeek>>,
    /// The relationships of the workbook's main part.
    relations: Vec<Relation>,
    pub(crate) sheets: Vec<SheetPart>,
    /// Whether the program that opens the workbook computes every formula again (`fullCalcOnLoad`). Then stored
    /// results are placeholders.
    pub(crate) recalculates: bool,
}

impl Package {
    /// Opens a workbook and reads its list of sheets.
    pub(crate) fn open(reader: Box<dyn ReadSeek>) -> Result<Self, Broken> {
        let zip = ZipArchive::new(reader)?;
        check_names(&zip)?;
        let (relations, sheets) = (Vec::new(), Vec::new());
        let mut package = Self { zip, relations, sheets, recalculates: false };
        let start = package.relations("")?;
        let is_workbook = |relation: &&Relation| relation.kind == "officeDocument";
        let workbook = start.iter().find(is_workbook).map(|relation| relation.target.clone());
        let workbook = workbook.unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let relations = package.relations(&workbook)?;
        let (mut sheets, mut recalculates) = (Vec::new(), false);
        package.each_element(&workbook, |element| {
            match element.local_name().as_ref() {
                "sheet" => sheets.push(sheet(element, &relations)?),
                "calcPr" => recalculates |= is_on(attribute(element, "fullCalcOnLoad")),
                _ => {}
            }
            Ok(true)
        })?;
        if let Some(name) = twice(sheets.iter().map(|sheet: &SheetPart| sheet.name.clone())) {
            return Err(format!("two sheets have the name `{name}`").into());
        }
        Ok(Self { relations, sheets, recalculates, ..package })
    }

    /// The path of the workbook's part of a kind, such as `styles`. If no relationship names it, the path that
    /// calamine reads.
    pub(crate) fn part(&self, kind: &str) -> String {
        let found = self.relations.iter().find(|relation| relation.kind == kind);
        let usual = match kind {
            "theme" => "xl/theme/theme1.xml".to_owned(),
            kind => format!("xl/{kind}.xml"),
        };
        found.map_or(usual, |relation| relation.target.clone())
    }

    /// The underlying reader, rewound, so that calamine can read the workbook.
    pub(crate) fn into_reader(self) -> std::io::Result<Box<dyn ReadSeek>> {
        let mut reader = self.zip.into_inner();
        reader.rewind()?;
        Ok(reader)
    }

    /// The XML of a part; `None` if there is no such part.
    pub(crate) fn xml(&mut self, path: &str) -> Result<Option<PartXml<'_>>, Broken> {
        let Some(at) = self.position(path) else { return Ok(None) };
        let mut part = self.zip.by_index(at)?;
        let mut start = Vec::new();
        part.by_ref().take(DECLARATION).read_to_end(&mut start)?;
        if let Some(encoding) = other_encoding(&start) {
            return Err(format!("its part {path} is in {encoding}, not in UTF-8").into());
        }
        let mut xml =
            Reader::from_reader(BufReader::with_capacity(PIECE, Cursor::new(start).chain(part)));
        let config = xml.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Ok(Some(xml))
    }

    /// A part's index in the archive.
    fn position(&self, path: &str) -> Option<usize> {
        let wanted = plain(path);
        let named = |name: zip::result::ZipResult<std::borrow::Cow<'_, str>>| {
            name.is_ok_and(|name| plain(&name) == wanted)
        };
        self.zip.file_names().position(named)
    }

    /// Calls `each` for every element of a part until it returns `false`.
    pub(crate) fn each_element(
        &mut self,
        path: &str,
        mut each: impl FnMut(&BytesStart<'_>) -> Result<bool, Broken>,
    ) -> Result<(), Broken> {
        let Some(mut xml) = self.xml(path)? else { return Ok(()) };
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(element) if !each(&element)? => return Ok(()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The relationships of a part; their targets are paths in the archive.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Broken> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut relations = Vec::new();
        self.each_element(&format!("{folder}{slash}_rels/{file}.rels"), |element| {
            if element.local_name().as_ref() == "Relationship" {
                let text = |name| attribute(element, name).unwrap_or_default();
                let kind = text("Type");
                relations.push(Relation {
                    id: text("Id"),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolved(folder, &text("Target")),
                });
            }
            Ok(true)
        })?;
        // Programs differ in which of the two they follow.
        match twice(relations.iter().map(|relation| relation.id.clone())) {
            Some(id) => Err(format!("two relationships of `{part}` have the id `{id}`").into()),
            None => Ok(relations),
        }
    }
}

/// A part's name in the form that is compared: case, `\` and a leading `/` are ignored, because some programs write
/// names differently.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// Checks that no two parts have one name: a program reads only one of them, and the rows of the other would vanish.
fn check_names(zip: &ZipArchive<Box<dyn ReadSeek>>) -> Result<(), Broken> {
    if zip.has_duplicate_names() {
        return Err("it has two parts with one name".into());
    }
    let names = zip.file_names().filter_map(Result::ok).map(|name| plain(&name));
    match twice(names) {
        Some(name) => Err(format!("it has two parts with the name {name}").into()),
        None => Ok(()),
    }
}

/// The first name that comes twice.
fn twice(names: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(name.clone()))
}

/// The encoding of an XML part that is not UTF-8 or another one that begins with ASCII; calamine reads only UTF-8.
///
/// Source: Extensible Markup Language (XML) 1.0, appendix F, “Autodetection of Character Encodings”.
fn other_encoding(start: &[u8]) -> Option<String> {
    let first = start.get(..4).unwrap_or(start);
    if first.starts_with(&[0xfe, 0xff]) || first.starts_with(&[0xff, 0xfe]) || first.contains(&0) {
        return Some("UTF-16 or UTF-32".to_owned());
    }
    if first == [0x4c, 0x6f, 0xa7, 0x94] {
        return Some("EBCDIC".to_owned());
    }
    let text = String::from_utf8_lossy(start);
    let (declaration, _) =
        text.trim_start_matches('\u{feff}').strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let name = value.trim_start().strip_prefix('=')?.trim().split(['"', '\'']).nth(1)?;
    let known = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "windows-125"];
    let lower = name.to_ascii_lowercase();
    (!known.iter().any(|known| lower.starts_with(known))).then(|| name.to_owned())
}

/// A relationship of one part to another.
pub(crate) struct Relation {
    id: String,
    /// The last word of its type, such as `worksheet` or `table`.
    pub(crate) kind: String,
    pub(crate) target: String,
}

/// Turns a target into a path in the archive: it is relative to the part's folder, or begins with `/`.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn sheet(element: &BytesStart<'_>, relations: &[Relation]) -> Result<SheetPart, Broken> {
    let id = attribute(element, "id").unwrap_or_default();
    let relation = relations.iter().find(|relation| relation.id == id);
    let relation = relation.ok_or("a sheet of the workbook has no part")?;
    let state = attribute(element, "state").unwrap_or_default();
    Ok(SheetPart {
        name: attribute(element, "name").unwrap_or_default(),
        path: relation.target.clone(),
        hidden: state.eq_ignore_ascii_case("hidden") || state.eq_ignore_ascii_case("veryHidden"),
        has_cells: relation.kind == "worksheet",
    })
}

/// The value of an attribute, by its local name.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = element.attributes();
    let mut all = all.with_checks(false).filter_map(Result::ok);
    let found = all.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), |text| text.into_owned()))
}

/// Whether a boolean attribute is true: XML Schema writes `1` or `true`.
pub(crate) fn is_on(value: Option<String>) -> bool {
    value.is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}

/// The names of the files in an archive; empty if the archive is damaged.
pub(crate) fn names(reader: impl Read + Seek) -> Vec<String> {
    let Ok(zip) = ZipArchive::new(reader) else { return Vec::new() };
    zip.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect()
}
