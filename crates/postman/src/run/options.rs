//! The run, and its options.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::data::{RowLost, RowStore};
use crate::model::{Collection, RequestItem};
use crate::variables::{Mode, Row, Scopes};

/// When a run ends early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bail {
    /// Never.
    #[default]
    No,
    /// At the first failed assertion, script error or missing answer: `--bail`.
    Failure,
    /// At the first script error or missing answer, not at assertions: `--bail folder`.
    Folder,
}

/// How a collection is run.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Safe, or like Newman.
    pub mode: Mode,
    /// When to end early.
    pub bail: Bail,
    /// The pause before each request.
    pub delay: Duration,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// The folder of relative file paths in bodies; `None` means that bodies have no files.
    pub folder: Option<PathBuf>,
}

/// A collection with all its inputs. It does not change during the run.
#[derive(Debug)]
pub struct Run {
    /// The collection.
    pub collection: Collection,
    /// Its requests, or those of the chosen folders.
    pub items: Vec<Arc<RequestItem>>,
    /// All variables in the files, without data.
    pub scopes: Scopes,
    /// The data rows; without a data file, one empty row.
    pub rows: RowStore,
    /// How many iterations.
    pub iterations: usize,
    /// The options.
    pub options: RunOptions,
}

impl Run {
    /// The row of an iteration, from 0; the last row also serves all later iterations.
    ///
    /// # Errors
    /// It can't be read again.
    pub fn row(&self, iteration: usize) -> Result<Arc<Row>, RowLost> {
        let last = self.rows.len().saturating_sub(1);
        Ok(self.rows.get(iteration.min(last))?.unwrap_or_default())
    }

    /// The names from the collection down to a request.
    pub fn location<'r>(&'r self, item: &'r RequestItem) -> Vec<&'r str> {
        let groups = item.groups.iter().filter_map(|group| self.collection.groups.get(*group));
        groups.map(|group| group.name.as_str()).chain([item.name.as_str()]).collect()
    }
}
