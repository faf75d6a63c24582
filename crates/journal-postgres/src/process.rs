//! Which process this is, and whether another one of this machine has ended.
//!
//! A lease outlasts its process. Where the kernel can say that the process has ended, its runs need not wait for the
//! end of the lease. Linux says so for processes of the same start of the machine and the same process namespace (a
//! container has its own); elsewhere the lease has to end.

use std::sync::OnceLock;

/// A process, as a lease names it.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    /// The name of its machine.
    pub(crate) host: String,
    pub(crate) number: i64,
    /// The start of the machine and the namespace of the number; empty: not known.
    pub(crate) machine: String,
    /// When it was started, in the kernel's ticks: a number is given again.
    pub(crate) born: i64,
}

impl Process {
    /// This process.
    pub(crate) fn own() -> &'static Self {
        static OWN: OnceLock<Process> = OnceLock::new();
        OWN.get_or_init(|| {
            let number = i64::from(std::process::id());
            let born = state_of(number).map(|(_, born)| born);
            let machine = if born.is_some() { machine() } else { None };
            Self {
                host: host(),
                number,
                machine: machine.unwrap_or_default(),
                born: born.unwrap_or_default(),
            }
        })
    }

    /// Whether a process has certainly ended.
    pub(crate) fn has_ended(number: i64, machine: &str, born: i64) -> bool {
        let own = Self::own();
        let is_here = !machine.is_empty() && own.machine == machine;
        is_here && is_over(state_of(number), born, || is_there(number))
    }
}

/// Whether a process is over: by its state and start, if they can be read, and else by whether it is there. A state that
/// cannot be read (the process is another user's, or this process has too many open files) says nothing.
fn is_over(read: Option<(char, i64)>, born: i64, is_there: impl FnOnce() -> bool) -> bool {
    match read {
        Some((state, of)) => of != born || "ZX".contains(state),
        None => !is_there(),
    }
}

/// Whether there may be a process of this number. Only "no such process" says no.
#[cfg(unix)]
fn is_there(number: i64) -> bool {
    let number = i32::try_from(number).ok().and_then(rustix::process::Pid::from_raw);
    number.is_none_or(|number| {
        rustix::process::test_kill_process(number) != Err(rustix::io::Errno::SRCH)
    })
}

#[cfg(not(unix))]
fn is_there(_: i64) -> bool {
    true
}

/// State and start of a process, of `/proc/NUMBER/stat`, which puts its name in parentheses.
fn state_of(number: i64) -> Option<(char, i64)> {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

fn machine() -> Option<String> {
    let start = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", start.trim(), namespace.display()))
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    "a machine".to_owned()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_a_process_of_this_machine_that_is_gone_has_ended() {
        let own = Process::own();
        let ended = |number, machine, born| Process::has_ended(number, machine, born);
        assert!(!ended(own.number, &own.machine, own.born));
        assert!(ended(own.number, &own.machine, own.born + 1), "the number was given again");
        assert!(!ended(own.number, "elsewhere", own.born + 1));
        assert!(!ended(own.number, "", 0));
        // What cannot be read says nothing; a process that is not there has ended.
        assert!(!is_over(None, 1, || true) && is_over(None, 1, || false));
        assert!(is_there(1) && is_there(own.number) && is_there(0));
        assert!(is_over(Some(('Z', 1)), 1, || true) && !is_over(Some(('S', 1)), 1, || true));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let number = i64::from(child.id());
        child.wait().unwrap();
        assert!(ended(number, &own.machine, 1));
    }
}
