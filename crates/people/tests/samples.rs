//! The files under `samples/` through the public API: the articles' sample gives the articles' result, from CSV
//! and from the same table as a workbook.

use std::path::{Path, PathBuf};

use headcount_model::reason::Reason;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::{Notices, read_groups, read_users};
use headcount_people::plan::map::{Map, Mapped};
use headcount_people::rows::{Columns, CreateRow, MemberRow, SheetJob as Job, UserRow, open};
use headcount_sheet::{Input, Options, Problem, Raw, Sheet, Source};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name)
}

fn sheet(name: &str) -> Sheet {
    open(Source::file(sample(name)), &Options::default()).unwrap()
}

fn text_sheet(text: &str) -> Sheet {
    let source = Source { name: "in.csv".to_owned(), input: Input::Bytes(text.into()) };
    open(source, &Options::default()).unwrap()
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    let users = read_users(&mut directory, sheet("users.csv"), &Options::default()).unwrap();
    let groups = read_groups(&mut directory, sheet("groups.csv"), &Options::default()).unwrap();
    let five = Notices { rows: 5, added: 5, ..Notices::default() };
    assert_eq!((users, groups), (five.clone(), five));
    directory
}

fn map(sheet: Sheet) -> (Vec<String>, Vec<Mapped>) {
    let map = Map::new(&sheet, &Options::default()).unwrap();
    let directory = directory();
    let rows = sheet.map(|raw| map.row(raw.unwrap(), &directory)).collect();
    (map.headings().to_vec(), rows)
}

fn csv(headings: &[String], rows: &[Mapped]) -> String {
    let lines = std::iter::once(headings).chain(rows.iter().map(|row| row.cells.as_slice()));
    lines.map(|cells| cells.join(",") + "\n").collect()
}

fn read_all<T>(
    name: &str,
    job: Job,
    read: fn(&Raw, &Columns) -> Result<T, Vec<Problem>>,
) -> Vec<T> {
    let sheet = sheet(name);
    let columns = Columns::of(&sheet, job, &Options::default()).unwrap();
    sheet.map(|raw| read(&raw.unwrap(), &columns).ok().unwrap()).collect()
}

#[test]
fn every_sample_is_read_without_a_problem() {
    assert_eq!(read_all("create-users.csv", Job::CreateUsers, CreateRow::read).len(), 5);
    assert_eq!(read_all("member-add.csv", Job::Memberships, MemberRow::read).len(), 3);
    assert_eq!(read_all("member-add-mapped.csv", Job::Memberships, MemberRow::read).len(), 3);
    let users = read_all("deactivate.csv", Job::Users, UserRow::read);
    assert_eq!(users[0].account_id.as_deref(), Some("3c5e0172a629xxx061259ed9"));
    assert_eq!(users.len(), 2);
}

#[test]
fn the_articles_sample_gives_the_articles_four_columns() {
    let (headings, rows) = map(sheet("member-add.csv"));
    assert!(rows.iter().all(Mapped::is_found));
    let wanted = std::fs::read_to_string(sample("member-add-mapped.csv")).unwrap();
    assert_eq!(csv(&headings, &rows), wanted);
    // A second mapping changes nothing.
    let (headings, rows) = map(sheet("member-add-mapped.csv"));
    assert_eq!(csv(&headings, &rows), wanted);
}

#[test]
fn a_workbook_with_the_same_table_gives_the_same() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let worksheet = workbook.add_worksheet().set_name("Joiners").unwrap();
    let text = std::fs::read_to_string(sample("member-add.csv")).unwrap();
    for (row, line) in text.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            worksheet.write(row as u32, column as u16, cell).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("member-add.xlsx");
    workbook.save(&path).unwrap();
    let (headings, rows) = map(open(Source::file(path), &Options::default()).unwrap());
    let wanted = std::fs::read_to_string(sample("member-add-mapped.csv")).unwrap();
    assert_eq!(csv(&headings, &rows), wanted);
}

#[test]
fn an_uncertain_name_is_left_empty_and_reported() {
    let (headings, rows) = map(text_sheet(
        "Note;E-mail;Group;Password\n\
         1;VDILLOW@banc.ly;Oslo-Engineering;s3cret\n\
         2;vdilow@banc.ly;oslo-enginering;\n\
         3;vdillow;hanoi-legal;\n\
         4;vdillow@banc.ly;705e51a5-b12b-4587-xxxx-f42bc099b777;\n",
    ));
    assert_eq!(headings, ["Note", "E-mail", "Group", "Password", "accountId", "groupId"]);
    let ids: Vec<_> = rows.iter().map(|row| (&*row.cells[4], &*row.cells[5])).collect();
    let verna = "e2345d51eaa4xxx984e377ce";
    assert_eq!(
        ids,
        [
            (verna, "d6750b14-1aa8-4ab2-xxxx-a6d44016da32"),
            ("", ""),
            ("", ""),
            (verna, "705e51a5-b12b-4587-xxxx-f42bc099b777"),
        ]
    );
    assert_eq!(rows[0].cells[3], "[masked]", "a password goes nowhere");
    let person = rows[1].person.as_ref().unwrap();
    assert_eq!(person.reason, Reason::UserNotFound);
    assert!(person.detail.contains("nearest: vdillow@banc.ly"), "{}", person.detail);
    let group = rows[1].group.as_ref().unwrap();
    assert!(group.detail.contains("nearest: oslo-engineering"), "{}", group.detail);
    assert_eq!((rows[2].line, rows[2].problems.len()), (4, 1));
    assert!(!rows[2].is_found());
}

#[test]
fn existing_ids_stay_and_contradictions_are_reported() {
    let (headings, rows) = map(text_sheet(
        "User id,email,Group\n\
         e2345d51eaa4xxx984e377ce,,oslo-engineering\n\
         e2345d51eaa4xxx984e377ce,ftoten2@banc.ly,oslo-engineering\n\
         712020:00000000-0000-4000-8000-000000000000,,oslo-engineering\n\
         ,ftoten2@banc.ly,oslo-engineering\n",
    ));
    assert_eq!(headings, ["User id", "email", "Group", "groupId"]);
    let reasons: Vec<_> = rows.iter().map(|row| row.person.as_ref().map(|no| no.reason)).collect();
    assert_eq!(reasons, [None, Some(Reason::Mismatch), Some(Reason::UserNotFound), None]);
    let ids: Vec<_> = rows.iter().map(|row| row.cells[0].as_str()).collect();
    let verna = "e2345d51eaa4xxx984e377ce";
    assert_eq!(
        ids,
        [verna, verna, "712020:00000000-0000-4000-8000-000000000000", "982bfd68520fxxx71daccb32"]
    );
}
