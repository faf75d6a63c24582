//! `member map`: only the lookup of ids, offline.

use headcount_app::failure::{Failure, OK, ROWS, USAGE};
use headcount_app::words;
use headcount_people::directory::Directory;
use headcount_people::plan::map::Map;
use headcount_people::rows::SheetJob;
use headcount_sheet::read_ahead;

use super::sheet;
use crate::args::MapArgs;
use crate::context::Context;
use crate::show::output;
use crate::terminal::talk;

/// How many rows without an id are listed; the others are in the output.
const TOLD: u64 = 20;

/// Runs the command.
pub fn run(args: &MapArgs, context: &Context) -> Result<u8, Failure> {
    let exports = sheet::exports(&args.plan);
    let read =
        [Some(&args.file), args.plan.exports.users.as_ref(), args.plan.exports.groups.as_ref()];
    for read in read.into_iter().flatten() {
        output::check_is_not(read, args.output.as_deref())?;
    }
    let options = sheet::options(&args.plan, &[])?;
    let mut sheet = sheet::open_sheet(&args.file, SheetJob::Memberships, &options)?;
    let map = Map::new(&sheet, &options)?;
    let mut directory = Directory::default();
    exports.read(&mut directory, &mut |name, notices| sheet::tell(&notices, name, context))?;
    let mut out = csv::Writer::from_writer(output::open(args.output.as_deref())?);
    out.write_record(map.headings()).map_err(unwritable)?;
    let (mut rows, mut lacking) = (0, 0);
    read_ahead(
        &mut sheet,
        |raw| map.read(raw),
        |read| {
            for row in read {
                let mapped = map.look_up(row?, &directory);
                rows += 1;
                if !mapped.is_found() {
                    lacking += 1;
                    tell(&mapped, lacking);
                }
                out.write_record(&mapped.cells).map_err(unwritable)?;
            }
            Ok::<_, Failure>(())
        },
    )?;
    out.flush()?;
    if lacking > TOLD {
        talk::line(format_args!("  and {} more", words::many(lacking - TOLD, "row")));
    }
    let found = rows - lacking;
    context.say(format!(
        "{} mapped, {} without an id",
        words::many(found, "row"),
        words::thousands(lacking)
    ));
    Ok(if lacking == 0 { OK } else { ROWS })
}

fn tell(mapped: &headcount_people::plan::map::Mapped, lacking: u64) {
    if lacking > TOLD {
        return;
    }
    for problem in &mapped.problems {
        talk::line(format_args!("  {}", words::clean(&problem.to_string())));
    }
    for no in [&mapped.person, &mapped.group].into_iter().flatten() {
        talk::line(format_args!("  line {}: {}", mapped.line, words::clean(&no.detail)));
    }
}

fn unwritable(error: csv::Error) -> Failure {
    Failure::new(USAGE, "the output cannot be written").because(&error)
}
