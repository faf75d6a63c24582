//! Notes rows that are read in the quick way of [`plain`](crate::xlsx::plain).

use std::io::BufRead;

use super::{Row, Scan};
use crate::xlsx::package::Broken;

impl Scan<'_> {
    /// Reads the plain rows that are in memory as a whole. The first other row, and one whose end is not yet in
    /// memory, are left to the general way.
    pub(super) fn plain_rows(&mut self, xml: &mut impl BufRead) -> Result<(), Broken> {
        // A row without a height is hidden.
        if self.is_flat {
            return Ok(());
        }
        loop {
            let bytes = xml.fill_buf()?;
            let mut passed = 0;
            while let Some(length) = self.plain.read(&bytes[passed..], self.recalculates) {
                passed += length;
                self.plain_row()?;
            }
            xml.consume(passed);
            if passed == 0 {
                return Ok(());
            }
        }
    }

    /// Notes a plain row.
    fn plain_row(&mut self) -> Result<(), Broken> {
        let at = self.plain.at;
        self.rows.add((at, at), 0, false);
        self.grouped.clear();
        self.cells.begin_row();
        for cell in &self.plain.cells {
            self.cells.add(at, cell.column)?;
            let runs = cell.shared.and_then(|number| self.formats.shared.get(&number).cloned());
            self.layout.runs.extend(runs.map(|runs| ((at, cell.column), runs)));
        }
        self.filled |= !self.plain.cells.is_empty();
        self.row = Row { at: at.saturating_add(1), ..Row::default() };
        self.column = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use quick_xml::Reader;

    use super::super::{End, Formats};
    use super::*;
    use crate::xlsx::rich::Runs;

    /// What the layout of a sheet shows, or why it is refused.
    fn layout(rows: &str, recalculates: bool, end: End) -> String {
        let struck = Runs { is_struck: true, ..Runs::default() };
        let shared = [(7, struck.into())].into_iter().collect();
        let formats = Formats { shared, ..Formats::default() };
        let mut scan = Scan::new(recalculates, &formats);
        let sheet = format!(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>{rows}</sheetData></worksheet>"
        );
        let mut xml = Reader::from_reader(sheet.as_bytes());
        let config = xml.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        match scan.run(xml, end) {
            Ok(()) => {
                let read = format!("{} {:?}", scan.filled, scan.cells);
                let mut layout = scan.finish();
                let runs: BTreeMap<_, _> = std::mem::take(&mut layout.runs).into_iter().collect();
                format!("{read} {runs:?} {layout:?}")
            }
            Err(error) => error.to_string(),
        }
    }

    /// Rows as programs write them, and odd ones between them.
    fn rows() -> impl Strategy<Value = String> {
        let attributes = "( spans=\"1:3\"| s=\"4\"| ht=\"(15.75|2|x)\"| customHeight=\"1\"| hidden=\"[01]\"\
            | outlineLevel=\"1\"| collapsed=\"1\"| x14ac:dyDescent=\"0.25\"| x:r=\"9\"){0,2}";
        let value = "(<v>(0|7|12|a&amp;b| |é|)</v>|<v/>|<is><t( xml:space=\"preserve\")?>(x| y|)</t></is>\
            |<f>A1</f><v>(0|5|)</v>|<f>A1</f>|<f t=\"shared\" si=\"0\"/><v>1</v>|<v>7</v><f/>|<!-- --><v>1</v>|)";
        let kind = "( s=\"1\"| t=\"(s|n|str|b|inlineStr)\"){0,2}";
        let cell = (prop_oneof![8 => Just(0_usize), 1 => 0..3_usize], kind, value);
        let cells = prop::collection::vec(cell, 0..4);
        let blank = "(|\n| )";
        let row = (prop_oneof![9 => Just(1_u32), 1 => 0..3_u32], attributes, cells, blank, blank);
        prop::collection::vec(row, 0..8).prop_map(|rows| {
            let (mut at, mut text) = (1, String::new());
            for (step, attributes, cells, outer, inner) in rows {
                at += step;
                text += &format!("<row r=\"{at}\"{attributes}>{inner}");
                for (column, (twist, kind, value)) in cells.into_iter().enumerate() {
                    let letter = ["A", "B", "C", "D", "A", "XFE"][column + twist];
                    text += &match value.is_empty() {
                        true => format!("<c r=\"{letter}{at}\"{kind}/>"),
                        false => format!("<c r=\"{letter}{at}\"{kind}>{value}</c>"),
                    };
                    text += &inner;
                }
                text += &format!("</row>{outer}");
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        /// Rows that are read in the quick way are noted as in the general way.
        #[test]
        fn plain_rows_are_noted_as_any_row(rows in rows(), recalculates: bool) {
            let quickly = layout(&rows, recalculates, End::Whole);
            prop_assert_eq!(quickly, layout(&rows, recalculates, End::Generally));
        }
    }

    #[test]
    fn the_quick_way_reads_what_programs_write() {
        let rows = "\n<row r=\"2\" spans=\"1:2\" ht=\"15\" customHeight=\"1\" x14ac:dyDescent=\"0.25\">\
            <c r=\"A2\" s=\"1\" t=\"s\"><v>7</v></c><c r=\"B2\"/>\
            <c r=\"C2\" t=\"str\"><f>UPPER(\"a\")</f><v>A</v></c></row><row r=\"3\"/>\
            <row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">x</t></is></c></row>rest";
        let mut scan_formats = Formats::default();
        scan_formats.shared.insert(7, Runs { is_struck: true, ..Runs::default() }.into());
        let mut scan = Scan::new(false, &scan_formats);
        let mut bytes = rows.as_bytes();
        scan.plain_rows(&mut bytes).unwrap();
        assert_eq!(bytes, b"rest");
        assert_eq!(scan.layout.runs.len(), 1);
        assert_eq!(scan.row.at, 5);
    }
}
