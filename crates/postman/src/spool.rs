//! Bytes that are kept until the end of a run: a few in memory, more in a temporary file without a name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// How many bytes stay in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// The bytes.
#[derive(Debug)]
pub enum Spool {
    /// A small number of bytes.
    Memory(Vec<u8>),
    /// Bytes that no file may contain, not even a temporary one.
    Held(Vec<u8>),
    /// A larger number of bytes.
    File(File),
}

impl Default for Spool {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Spool {
    /// Bytes that stay in memory.
    pub fn in_memory() -> Self {
        Self::Held(Vec::new())
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Self::Memory(all) = self
            && all.len() + bytes.len() > IN_MEMORY
            // If no temporary file can be created, the bytes stay in memory.
            && let Ok(mut file) = tempfile::tempfile()
        {
            file.write_all(all)?;
            *self = Self::File(file);
        }
        match self {
            Self::Memory(all) | Self::Held(all) => all.extend_from_slice(bytes),
            Self::File(file) => file.write_all(bytes)?,
        }
        Ok(())
    }

    /// Reads a part; after that, nothing may be added.
    ///
    /// # Errors
    /// The part does not exist.
    pub fn read(&mut self, start: u64, length: u64) -> io::Result<Vec<u8>> {
        let size = usize::try_from(length).map_err(io::Error::other)?;
        let mut bytes = Vec::with_capacity(size);
        match self {
            Self::Memory(all) | Self::Held(all) => {
                let start = usize::try_from(start).map_err(io::Error::other)?;
                bytes.extend_from_slice(all.get(start..start + size).unwrap_or_default());
            }
            Self::File(file) => {
                file.seek(SeekFrom::Start(start))?;
                file.take(length).read_to_end(&mut bytes)?;
            }
        }
        match bytes.len() == size {
            true => Ok(bytes),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Copies all bytes.
    ///
    /// # Errors
    /// They can't be read or written.
    pub fn copy_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Memory(all) | Self::Held(all) => out.write_all(all),
            Self::File(file) => {
                file.rewind()?;
                io::copy(file, out).map(drop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_memory_and_from_a_file() {
        for parts in [0, 3, 20] {
            let mut spool = Spool::default();
            let part = |number: u8| vec![number; 100_000];
            (0..parts).for_each(|number| spool.add(&part(number)).unwrap());
            assert_eq!(matches!(spool, Spool::File(_)), parts == 20);
            let all: Vec<u8> = (0..parts).flat_map(part).collect();
            let mut copied = Vec::new();
            spool.copy_to(&mut copied).unwrap();
            assert!(copied == all, "{parts}");
            if parts > 0 {
                assert_eq!(spool.read(99_999, 2).unwrap(), all[99_999..100_001]);
            }
            assert!(spool.read(all.len() as u64, 1).is_err());
        }
    }
}
