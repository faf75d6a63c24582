//! The hot parts of reading and looking up, one by one: `cargo bench -p headcount-people`.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::fmt::Write;

use divan::Bencher;
use divan::counter::ItemsCount;
use headcount_model::job::Job;
use headcount_model::user::mail_key;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::read_users;
use headcount_people::plan::check_rows;
use headcount_people::plan::map::Map;
use headcount_people::rows::{Columns, SheetJob, open};
use headcount_sheet::{Input, Options, Sheet, Source};

const ROWS: usize = 10_000;

fn main() {
    divan::main();
}

fn sheet(text: &str) -> Sheet {
    let input = Input::Bytes(text.as_bytes().to_vec());
    open(Source { name: "a.csv".into(), input }, &Options::default()).unwrap()
}

fn users() -> String {
    let mut text = "User id,User name,email,User status\n".to_owned();
    for n in 0..ROWS {
        let id = format!("712020:{n:08x}-0000-4000-8000-000000000000");
        writeln!(text, "{id},Person {n},person.{n}@example.com,Active").unwrap();
    }
    text
}

fn rows() -> String {
    let mut text = "Email,Group\n".to_owned();
    for n in 0..ROWS {
        writeln!(text, "person.{n}@example.com,team-{}", n % 100).unwrap();
    }
    text
}

#[divan::bench]
fn rows_are_read(bencher: Bencher<'_, '_>) {
    let text = rows();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| sheet(&text).count());
}

#[divan::bench]
fn rows_are_checked(bencher: Bencher<'_, '_>) {
    let text = rows();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut sheet = sheet(&text);
        let columns = Columns::of(&sheet, SheetJob::Memberships, &Options::default()).unwrap();
        let job = Job::from_command("member add").unwrap();
        check_rows(&mut sheet, job, &columns, jiff::Timestamp::UNIX_EPOCH).unwrap().read.rows
    });
}

#[divan::bench]
fn an_export_is_read(bencher: Bencher<'_, '_>) {
    let text = users();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut directory = Directory::default();
        read_users(&mut directory, sheet(&text), &Options::default()).unwrap();
        directory
    });
}

#[divan::bench]
fn rows_are_mapped(bencher: Bencher<'_, '_>) {
    let (text, users) = (rows(), users());
    let mut directory = Directory::default();
    read_users(&mut directory, sheet(&users), &Options::default()).unwrap();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let sheet = sheet(&text);
        let map = Map::new(&sheet, &Options::default()).unwrap();
        sheet
            .map(|raw| map.row(raw.unwrap(), &directory))
            .filter(|mapped| mapped.person.is_none())
            .count()
    });
}

#[divan::bench(args = ["person.1@example.com", "Person.1@Example.com", "jörg@exämple.de"])]
fn a_mail_key(mail: &str) -> String {
    mail_key(mail)
}
