#!/usr/bin/env python3
"""Builds the corpus: spreadsheets as real programs write them, each with what is to be read of it.

    python3 -m venv v && v/bin/pip install openpyxl XlsxWriter
    npm install xlsx csv-stringify papaparse fast-csv   # in this folder or above
    apt-get install libreoffice-calc-nogui
    v/bin/python build.py

Every file has a NAME.json next to it: options, the rows that must be read (line, cells, or null for a
row that must be reported), or the words of the refusal. `crates/sheet/tests/corpus.rs` reads them all.
"""

import csv
import io
import json
import pathlib
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
OUT = HERE / "files"
HEAD = ["Email", "Group", "Note"]
PEOPLE = [
    ["ann@example.com", "R&D", "first"],
    ["jürgen@example.com", "Größe/Maß", "zweite; mit Trenner"],
    ["łukasz@example.com", "Sales, EMEA", 'says "yes"'],
    ["山田@example.com", "東京", "三"],
]


def expect(name, rows=None, refused=None, **options):
    """Writes what is to be read of a file."""
    what = {"options": options}
    if refused is not None:
        what["refused"] = refused
    else:
        what["rows"] = rows
    text = json.dumps(what, ensure_ascii=False, indent=1)
    (OUT / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def numbered(rows, first=2):
    return [[first + at, row] for at, row in enumerate(rows)]


def csv_by_python():
    for name, dialect, encoding in [
        ("python-excel.csv", {}, "utf-8"),
        ("python-excel-mark.csv", {}, "utf-8-sig"),
        ("python-semicolon.csv", {"delimiter": ";"}, "utf-8"),
        ("python-tab-utf16.csv", {"delimiter": "\t"}, "utf-16"),
        ("python-unix.csv", {"dialect": "unix"}, "utf-8"),
        ("python-bar.csv", {"delimiter": "|"}, "utf-8"),
    ]:
        out = io.StringIO(newline="")
        csv.writer(out, **dialect).writerows([HEAD, *PEOPLE])
        (OUT / name).write_bytes(out.getvalue().encode(encoding))
        expect(name, numbered(PEOPLE))
    western = PEOPLE[:2]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEAD, *western])
    (OUT / "python-1252.csv").write_bytes(out.getvalue().encode("cp1252"))
    expect("python-1252.csv", numbered(western))
    (OUT / "python-mac.csv").write_bytes(out.getvalue().encode("mac_roman"))
    expect("python-mac.csv", refused="Mac Roman")
    (OUT / "python-twice.csv").write_bytes(out.getvalue().encode("utf-8").decode("cp1252").encode())
    # The reader's rows are as they are; what is wrong with a cell is told where it is used.
    twice = [[cell.encode().decode("cp1252") for cell in row] for row in western]
    expect("python-twice.csv", numbered(twice))


def csv_by_hand():
    files = {
        # Export-Csv of Windows PowerShell 5.1, which writes the type and quotes everything.
        "powershell-type.csv": (
            '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n"Email","Group","Note"\r\n'
            '"ann@example.com","R&D","first"\r\n"ben@example.com",,\r\n',
            [[3, ["ann@example.com", "R&D", "first"]], [4, ["ben@example.com", "", ""]]],
        ),
        # Export-Csv of PowerShell 7 with -UseCulture in Germany, quotes as needed.
        "powershell-7.csv": (
            'Email;Group;Note\r\nann@example.com;R&D;first\r\nben@example.com;;"a; b"\r\n',
            [[2, ["ann@example.com", "R&D", "first"]], [3, ["ben@example.com", "", "a; b"]]],
        ),
        # Excel's own sep= line, saved again by another program.
        "excel-sep.csv": (
            '"sep=;",,\r\nEmail;Group;Note\r\nann@example.com;R&D;first\r\n',
            [[3, ["ann@example.com", "R&D", "first"]]],
        ),
        # Outlook's export: notes of several lines, empty cells left out at the end.
        "outlook.csv": (
            '"Email","Group","Note"\r\n"ann@example.com","R&D","Street 1\r\n12345 Town\r\nTel. 1, 2"\r\n'
            '"ben@example.com","R&D"\r\n,,\r\n"cid@example.com"\r\n',
            [
                [2, ["ann@example.com", "R&D", "Street 1\r\n12345 Town\r\nTel. 1, 2"]],
                [5, ["ben@example.com", "R&D", ""]],
                [7, ["cid@example.com", "", ""]],
            ],
        ),
        # A file that was opened in Excel with the wrong separator and saved.
        "whole-lines.csv": (
            '"Email,Group,Note";;\r\n"ann@example.com,R&D,""first, of all""";;\r\n',
            [[2, ["ann@example.com", "R&D", "first, of all"]]],
        ),
        "forgotten-quote.csv": (
            'Email,Group,Note\nann@example.com,R&D,"urgent\nben@example.com,R&D,none\n'
            'cid@example.com,R&D,"see ticket"\ndan@example.com,R&D,ok\n',
            [[2, None], [3, None], [4, None], [5, ["dan@example.com", "R&D", "ok"]]],
        ),
    }
    for name, (text, rows) in files.items():
        (OUT / name).write_bytes(text.encode("utf-8"))
        expect(name, rows)
    title = "Leavers, November;;\r\n;;\r\nName;E-Mail;Note\r\nAnn;ann@example.com;x\r\n"
    (OUT / "title.csv").write_bytes(title.encode())
    expect("title.csv", [[4, ["Ann", "ann@example.com", "x"]]], heading=3)


def by_openpyxl():
    import openpyxl
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *PEOPLE]:
        sheet.append(row)
    book.save(OUT / "openpyxl-plain.xlsx")
    expect("openpyxl-plain.xlsx", numbered(PEOPLE))

    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.auto_filter.ref = "A1:C5"
    sheet.auto_filter.add_filter_column(2, ["first"])
    book.save(OUT / "openpyxl-filter.xlsx")
    expect("openpyxl-filter.xlsx", refused="rows 3 to 4 are hidden by a filter")
    shutil.copy(OUT / "openpyxl-filter.xlsx", OUT / "openpyxl-filter-skip.xlsx")
    expect("openpyxl-filter-skip.xlsx", [[2, PEOPLE[0]], [5, PEOPLE[3]]], hidden_rows="skip")

    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *PEOPLE]:
        sheet.append(row)
    sheet.row_dimensions.group(3, 4, outline_level=1, hidden=True)
    book.save(OUT / "openpyxl-group.xlsx")
    expect("openpyxl-group.xlsx", refused="hidden in a collapsed group")

    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, ["ann@example.com", "=UPPER(C2)", "x"], ["ben@example.com", "R&D", "y"]]:
        sheet.append(row)
    book.save(OUT / "openpyxl-formula.xlsx")
    expect("openpyxl-formula.xlsx", [[2, None], [3, ["ben@example.com", "R&D", "y"]]])

    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *PEOPLE]:
        sheet.append(row)
    sheet["B2"] = "one group"
    sheet.merge_cells("B2:B4")
    book.save(OUT / "openpyxl-merged.xlsx")
    rows = [[mail, "one group" if at < 3 else group, note] for at, (mail, group, note) in enumerate(PEOPLE)]
    expect("openpyxl-merged.xlsx", numbered(rows))

    book = openpyxl.Workbook()
    book.active.title = "Lists"
    book.active.append(["Group"])
    book.active.append(["R&D"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("People")
    for row in [HEAD, *PEOPLE]:
        sheet.append(row)
    sheet.add_table(Table(displayName="People", ref="A1:C5"))
    book.save(OUT / "openpyxl-hidden-sheet.xlsx")
    expect("openpyxl-hidden-sheet.xlsx", numbered(PEOPLE))


def by_xlsxwriter():
    import xlsxwriter

    def book(name, fill):
        with xlsxwriter.Workbook(OUT / name) as made:
            fill(made, made.add_worksheet("People"))

    def write(sheet, rows):
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    def plain(made, sheet):
        write(sheet, [HEAD, *PEOPLE])
        sheet.write_row(6, 0, ["eve@example.com", "R&D", "after an empty row"])

    book("xlsxwriter-plain.xlsx", plain)
    expect(
        "xlsxwriter-plain.xlsx",
        [*numbered(PEOPLE), [7, ["eve@example.com", "R&D", "after an empty row"]]],
    )

    def formulas(made, sheet):
        write(sheet, [HEAD, ["ann@example.com", "", "x"], ["ben@example.com", "", "y"]])
        # The writer computes nothing: without a value it writes 0.
        sheet.write_formula("B2", "=UPPER(C2)")
        sheet.write_formula("B3", "=UPPER(C3)", None, "Y")

    book("xlsxwriter-formula.xlsx", formulas)
    expect("xlsxwriter-formula.xlsx", [[2, None], [3, ["ben@example.com", "Y", "y"]]])

    def rich(made, sheet):
        write(sheet, [HEAD, ["", "", ""], ["ben@example.com", "", "y"]])
        bold = made.add_format({"bold": True})
        sheet.write_rich_string("A2", "ann", bold, "@example", ".com")
        sheet.write_number("B2", 7, made.add_format({"num_format": "00000"}))
        sheet.write_boolean("C2", True)
        sheet.write_number("B3", 7, made.add_format({"num_format": '"G"000'}))

    book("xlsxwriter-rich.xlsx", rich)
    expect(
        "xlsxwriter-rich.xlsx",
        [[2, ["ann@example.com", "00007", "TRUE"]], [3, ["ben@example.com", "G007", "y"]]],
    )

    def hidden(made, sheet):
        write(sheet, [HEAD, *PEOPLE])
        sheet.set_row(2, None, None, {"hidden": True})

    book("xlsxwriter-hidden-row.xlsx", hidden)
    expect("xlsxwriter-hidden-row.xlsx", refused="row 3 is hidden")

    def table(made, sheet):
        sheet.add_table("A1:C5", {"data": PEOPLE, "columns": [{"header": head} for head in HEAD]})

    book("xlsxwriter-table.xlsx", table)
    expect("xlsxwriter-table.xlsx", numbered(PEOPLE))

    def merged(made, sheet):
        write(sheet, [HEAD, *PEOPLE])
        sheet.merge_range("A3:B3", "merged")

    book("xlsxwriter-merged-columns.xlsx", merged)
    expect(
        "xlsxwriter-merged-columns.xlsx",
        [[2, PEOPLE[0]], [3, None], [4, PEOPLE[2]], [5, PEOPLE[3]]],
    )


SHEETJS = """
const X = require('xlsx'), fs = require('fs'), out = process.argv[1];
const rows = JSON.parse(process.argv[2]);
const sheet = () => X.utils.aoa_to_sheet(rows);
const book = (sheet, more) => {
  const made = X.utils.book_new();
  X.utils.book_append_sheet(made, sheet, 'People');
  if (more) more(made);
  return made;
};
X.writeFile(book(sheet()), out + '/sheetjs-plain.xlsx');
fs.writeFileSync(out + '/sheetjs.csv', X.utils.sheet_to_csv(sheet()));
const hidden = sheet();
hidden['!rows'] = [{}, {}, {hidden: true}];
X.writeFile(book(hidden), out + '/sheetjs-hidden-row.xlsx');
const formula = sheet();
formula['B2'] = {t: 'n', f: 'UPPER(C2)'};
X.writeFile(book(formula), out + '/sheetjs-formula.xlsx');
const secret = book(sheet(), made => {
  X.utils.book_append_sheet(made, X.utils.aoa_to_sheet([['Group'], ['R&D']]), 'Lists');
  made.Workbook = {Sheets: [{Hidden: 0}, {Hidden: 2}]};
});
X.writeFile(secret, out + '/sheetjs-very-hidden.xlsx');
X.writeFile(book(sheet()), out + '/sheetjs.ods');
X.writeFile(book(sheet()), out + '/sheetjs.xlsb');
X.writeFile(book(sheet()), out + '/sheetjs.xls', {bookType: 'biff8'});
"""


def by_sheetjs():
    rows = json.dumps([HEAD, *PEOPLE])
    subprocess.run(["node", "-e", SHEETJS, str(OUT), rows], check=True, cwd=HERE)
    expect("sheetjs-plain.xlsx", numbered(PEOPLE))
    expect("sheetjs.csv", numbered(PEOPLE))
    expect("sheetjs-hidden-row.xlsx", refused="row 3 is hidden")
    expect("sheetjs-formula.xlsx", [[2, None], *numbered(PEOPLE)[1:]])
    expect("sheetjs-very-hidden.xlsx", numbered(PEOPLE))
    expect("sheetjs.ods", refused="OpenDocument")
    expect("sheetjs.xlsb", refused=".xlsb")
    expect("sheetjs.xls", refused="old Excel workbook")


NODE_CSV = """
const fs = require('fs'), out = process.argv[1], rows = JSON.parse(process.argv[2]);
const { stringify } = require('csv-stringify/sync');
const papa = require('papaparse'), fast = require('fast-csv');
fs.writeFileSync(out + '/node-stringify.csv', stringify(rows));
fs.writeFileSync(out + '/node-stringify-bom.csv', stringify(rows, {bom: true, delimiter: ';', record_delimiter: 'windows'}));
fs.writeFileSync(out + '/node-papaparse.csv', papa.unparse(rows));
fs.writeFileSync(out + '/node-papaparse-quoted.csv', papa.unparse(rows, {quotes: true, delimiter: '\\t'}));
fast.writeToString(rows, {headers: false, quoteColumns: true}).then(text => fs.writeFileSync(out + '/node-fast-csv.csv', text));
"""


def csv_by_node():
    rows = json.dumps([HEAD, *PEOPLE])
    subprocess.run(["node", "-e", NODE_CSV, str(OUT), rows], check=True, cwd=HERE)
    for made in ["stringify", "stringify-bom", "papaparse", "papaparse-quoted", "fast-csv"]:
        expect(f"node-{made}.csv", numbered(PEOPLE))


def convert(office, source, made, filter_name):
    """Has LibreOffice write a file of the corpus once more."""
    with tempfile.TemporaryDirectory() as folder:
        command = [office, "--headless", "--convert-to", filter_name, "--outdir", folder, OUT / source]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.move(next(pathlib.Path(folder).iterdir()), OUT / made)


def by_libreoffice():
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise SystemExit("LibreOffice is not here (Debian: libreoffice-calc-nogui)")
    # Read as the file that LibreOffice opened is read.
    for name in [
        "openpyxl-plain.xlsx",
        "openpyxl-merged.xlsx",
        "openpyxl-filter.xlsx",
        "openpyxl-filter-skip.xlsx",
        "openpyxl-hidden-sheet.xlsx",
        "openpyxl-group.xlsx",
        "xlsxwriter-table.xlsx",
        "xlsxwriter-rich.xlsx",
        "xlsxwriter-hidden-row.xlsx",
        "xlsxwriter-merged-columns.xlsx",
        "sheetjs-very-hidden.xlsx",
    ]:
        made = f"libreoffice-{pathlib.Path(name).stem}.xlsx"
        convert(office, name, made, "xlsx")
        shutil.copy(OUT / f"{name}.json", OUT / f"{made}.json")
    # It computes what has no result.
    convert(office, "openpyxl-formula.xlsx", "libreoffice-formula.xlsx", "xlsx")
    rows = [["ann@example.com", "X", "x"], ["ben@example.com", "R&D", "y"]]
    expect("libreoffice-formula.xlsx", numbered(rows))
    convert(office, "openpyxl-plain.xlsx", "libreoffice.ods", "ods")
    expect("libreoffice.ods", refused="OpenDocument")
    convert(office, "openpyxl-plain.xlsx", "libreoffice.xls", "xls")
    expect("libreoffice.xls", refused="old Excel workbook")
    # Tokens: separator, quote, character set (76: UTF-8, 1: Windows-1252), first line, columns, …,
    # quote all text.
    csv_filter = "csv:Text - txt - csv (StarCalc):"
    convert(office, "openpyxl-plain.xlsx", "libreoffice.csv", csv_filter + "44,34,76,1")
    expect("libreoffice.csv", numbered(PEOPLE))
    convert(office, "openpyxl-plain.xlsx", "libreoffice-quoted.csv", csv_filter + "59,34,76,1,,0,true")
    expect("libreoffice-quoted.csv", numbered(PEOPLE))
    convert(office, "openpyxl-plain.xlsx", "libreoffice-utf16.csv", csv_filter + "9,34,65535,1")
    expect("libreoffice-utf16.csv", numbered(PEOPLE))
    convert(office, "python-1252.csv", "libreoffice-1252.csv", csv_filter + "59,34,1,1")
    expect("libreoffice-1252.csv", numbered(PEOPLE[:2]))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    csv_by_python()
    csv_by_hand()
    csv_by_node()
    by_openpyxl()
    by_xlsxwriter()
    by_sheetjs()
    by_libreoffice()


if __name__ == "__main__":
    main()
