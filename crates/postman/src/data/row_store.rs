//! Stores the rows of a data file outside of memory, so that a run with very many rows needs no more memory than
//! one with few. A small file's rows stay in memory. Those of a larger file are in a temporary file without a
//! name, so that a change of the data file during the run does not change what is sent. Rows of JSON stay in
//! memory, because their file is read completely.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::spool::Spool;
use crate::variables::Row;

/// The size of a block of rows that are read together, in bytes.
const BLOCK: usize = 16 * 1024;

/// How many blocks are kept for the rows that follow.
const HELD: usize = 4;

/// A row that the temporary file does not return, so that nothing of it may be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row} of the data could not be read from the temporary file: {why}")]
pub struct RowLost {
    row: usize,
    why: String,
}

/// The position of a block, and its first row.
#[derive(Clone, Copy, Debug)]
struct Block {
    row: usize,
    start: u64,
}

#[derive(Debug)]
struct State {
    /// Lines of JSON, one for each row: the number of its set of columns, and its cells.
    kept: Spool,
    held: VecDeque<(usize, Arc<[Arc<Row>]>)>,
}

/// The rows.
#[derive(Debug)]
pub struct RowStore {
    /// The sets of columns of rows; most files have one.
    shapes: Vec<Arc<[String]>>,
    /// Rows with other values than texts.
    all: Vec<Arc<Row>>,
    blocks: Vec<Block>,
    rows: usize,
    size: u64,
    state: Mutex<State>,
}

impl Default for RowStore {
    fn default() -> Self {
        let state = State { kept: Spool::default(), held: VecDeque::new() };
        let (shapes, all, blocks) = (Vec::new(), Vec::new(), Vec::new());
        Self { shapes, all, blocks, rows: 0, size: 0, state: Mutex::new(state) }
    }
}

impl From<Vec<Row>> for RowStore {
    /// Rows in memory.
    fn from(rows: Vec<Row>) -> Self {
        let all: Vec<_> = rows.into_iter().map(Arc::new).collect();
        let mut seen = HashSet::new();
        let shapes = all.iter().map(|row| row.names()).filter(|names| seen.insert(*names));
        let shapes = shapes.map(Arc::clone).collect();
        Self { shapes, rows: all.len(), all, ..Self::default() }
    }
}

impl RowStore {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The columns of the first row, in their order.
    pub fn first_columns(&self) -> &[String] {
        self.shapes.first().map(|it| &**it).unwrap_or_default()
    }

    /// Every column of a row; one may occur several times.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.shapes.iter().flat_map(|shape| shape.iter()).map(String::as_str)
    }

    /// The row with this index, from 0; `None` after the last one.
    ///
    /// # Errors
    /// It can't be read from the temporary file.
    pub fn get(&self, row: usize) -> Result<Option<Arc<Row>>, RowLost> {
        if row >= self.rows || !self.all.is_empty() {
            return Ok(self.all.get(row).cloned());
        }
        let block = self.blocks.partition_point(|block| block.row <= row) - 1;
        let found = self.block(block).map(|rows| rows.get(row - self.blocks[block].row).cloned());
        found.map_err(|error| RowLost { row: row + 1, why: error.to_string() })
    }

    /// The rows with a column renamed; `None` if there is no such column.
    #[must_use]
    pub fn renamed(mut self, column: &str, name: &str) -> Option<Self> {
        if !self.columns().any(|known| known == column) {
            return None;
        }
        let rename = |names: &Arc<[String]>| -> Arc<[String]> {
            let new = |known: &String| if known == column { name } else { known }.to_owned();
            names.iter().map(new).collect()
        };
        self.shapes = self.shapes.iter().map(rename).collect();
        for row in &mut self.all {
            *row = Arc::new(row.with_names(rename(row.names())));
        }
        self.state().held.clear();
        Some(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn block(&self, number: usize) -> io::Result<Arc<[Arc<Row>]>> {
        let mut state = self.state();
        if let Some((_, rows)) = state.held.iter().find(|(held, _)| *held == number) {
            return Ok(Arc::clone(rows));
        }
        let start = self.blocks[number].start;
        let end = self.blocks.get(number + 1).map_or(self.size, |next| next.start);
        let rows: Arc<[_]> = self.read(&mut state.kept, start, end)?.into();
        if state.held.len() >= HELD {
            state.held.pop_front();
        }
        state.held.push_back((number, Arc::clone(&rows)));
        Ok(rows)
    }

    fn read(&self, kept: &mut Spool, start: u64, end: u64) -> io::Result<Vec<Arc<Row>>> {
        let bytes = kept.read(start, end - start)?;
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| self.row(line)).collect()
    }

    fn row(&self, line: &[u8]) -> io::Result<Arc<Row>> {
        let (shape, cells): (usize, Vec<String>) = serde_json::from_slice(line)?;
        let names = self.shapes.get(shape).ok_or(io::ErrorKind::InvalidData)?;
        let values = cells.into_iter().map(Value::String).collect();
        Ok(Arc::new(Row::of(Arc::clone(names), values)))
    }
}

/// Writes rows of text one by one.
#[derive(Debug, Default)]
pub struct RowWriter {
    store: RowStore,
    shapes: HashMap<Arc<[String]>, usize>,
    /// The rows that are not in the store yet.
    block: Vec<u8>,
}

impl RowWriter {
    /// A writer of rows that no file may contain, not even a temporary one.
    pub fn in_memory() -> Self {
        let mut writer = Self::default();
        writer.store.state.get_mut().unwrap_or_else(PoisonError::into_inner).kept =
            Spool::in_memory();
        writer
    }

    /// Adds a row: its columns and its cells.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn add(&mut self, names: &Arc<[String]>, cells: &[String]) -> io::Result<()> {
        let shape = match self.shapes.get(names) {
            Some(shape) => *shape,
            None => {
                self.store.shapes.push(Arc::clone(names));
                self.shapes.insert(Arc::clone(names), self.store.shapes.len() - 1);
                self.store.shapes.len() - 1
            }
        };
        if self.block.is_empty() {
            self.store.blocks.push(Block { row: self.store.rows, start: self.store.size });
        }
        serde_json::to_writer(&mut self.block, &(shape, cells))?;
        self.block.push(b'\n');
        self.store.rows += 1;
        if self.block.len() >= BLOCK { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> io::Result<()> {
        let Self { store, block, .. } = self;
        let state = store.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.kept.add(block)?;
        store.size += block.len() as u64;
        block.clear();
        Ok(())
    }

    /// The store of all rows.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn finish(mut self) -> io::Result<RowStore> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        Ok(self.store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: usize) -> Row {
        let names = ["id", "more"].map(str::to_owned);
        let names = &names[..2 - usize::from(number.is_multiple_of(7))];
        let cells = [format!("{number:05}\n\"ä\""), "x".repeat(number % 300)];
        let values = cells.into_iter().take(names.len()).map(Value::String);
        Row::of(names.into(), values.collect())
    }

    fn store(rows: usize) -> RowStore {
        written(RowWriter::default(), rows)
    }

    fn written(mut writer: RowWriter, rows: usize) -> RowStore {
        for row in (0..rows).map(row) {
            let cells: Vec<_> =
                row.columns().map(|(_, value)| crate::value::shown(value)).collect();
            writer.add(row.names(), &cells).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn a_store_gives_each_row_back_in_any_order() {
        for rows in [0, 1, 50, 20_000] {
            let stores = [store(rows), (0..rows).map(row).collect::<Vec<_>>().into()];
            let is_in_memory = matches!(stores[0].state().kept, Spool::Memory(_));
            assert_eq!(is_in_memory, rows < 20_000, "{rows}");
            for store in stores {
                assert_eq!((store.len(), store.is_empty()), (rows, rows == 0));
                for number in (0..rows).chain((0..rows).rev().step_by(997)) {
                    assert_eq!(*store.get(number).unwrap().unwrap(), row(number), "{number}");
                }
                assert_eq!(store.get(rows), Ok(None));
                let columns: Vec<_> = store.columns().collect();
                let wanted: &[&str] = match rows {
                    0 => &[],
                    1 => &["id"],
                    _ => &["id", "id", "more"],
                };
                assert_eq!(columns, wanted);
                assert_eq!(store.first_columns().len(), rows.min(1));
            }
        }
    }

    #[test]
    fn rows_that_no_file_may_hold_stay_in_memory() {
        let store = written(RowWriter::in_memory(), 20_000);
        assert!(matches!(store.state().kept, Spool::Held(_)));
        assert_eq!(*store.get(19_999).unwrap().unwrap(), row(19_999));
    }

    #[test]
    fn a_store_whose_file_is_cut_off_gives_no_other_row() {
        let store = store(20_000);
        if let Spool::File(file) = &store.state().kept {
            file.set_len(1_000_000).unwrap();
        }
        let error = store.get(19_999).unwrap_err().to_string();
        assert!(error.starts_with("row 20000 of the data could not be read from"), "{error}");
        assert_eq!(*store.get(3).unwrap().unwrap(), row(3));
    }
}
