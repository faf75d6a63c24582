//! Reads a spreadsheet and checks each row, as before a plan, without writing anything; prints how many rows there
//! are, and how many cannot be read: `cargo run --release -p headcount-people --example check -- "member add" FILE`.

use std::error::Error;

use headcount_model::job::Job;
use headcount_people::jobs;
use headcount_people::plan::check_rows;
use headcount_people::rows::{Columns, open};
use headcount_sheet::{Options, Source};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().ok_or("which job?")?;
    let job = Job::from_command(&command).ok_or("no job has this name")?;
    let options = Options::default();
    let mut sheet = open(Source::file(arguments.next().ok_or("which file?")?), &options)?;
    let columns = Columns::of(&sheet, jobs::of(job).sheet, &options)?;
    let checked = check_rows(&mut sheet, job, &columns)?;
    println!("{} rows, {} unreadable", checked.read.rows, checked.read.bad);
    Ok(())
}
