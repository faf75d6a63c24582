//! Standard output for data. If the reader is gone (`run list | head`), it has read what it wanted: the rest is
//! dropped, and the exit code stays. Any other failure, such as a full disk, is an error.

use std::io::{ErrorKind, Result, Write};

/// Standard output.
#[derive(Clone, Copy, Debug, Default)]
pub struct Data {
    is_gone: bool,
}

/// Standard output.
pub fn data() -> Data {
    Data::default()
}

impl Data {
    fn keep<T>(&mut self, written: Result<T>, dropped: T) -> Result<T> {
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe || is_closed_terminal(&error) => {
                self.is_gone = true;
                Ok(dropped)
            }
            written => written,
        }
    }
}

/// Whether the error is that of a closed terminal.
#[cfg(unix)]
fn is_closed_terminal(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
}

#[cfg(not(unix))]
fn is_closed_terminal(_: &std::io::Error) -> bool {
    false
}

impl Write for Data {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.is_gone {
            return Ok(bytes.len());
        }
        let written = std::io::stdout().write(bytes);
        self.keep(written, bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        if self.is_gone {
            return Ok(());
        }
        let flushed = std::io::stdout().flush();
        self.keep(flushed, ())
    }
}
