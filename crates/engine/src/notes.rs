//! Notes of steps that send several requests: each is committed before its step goes on.
//!
//! A step is started in the journal before its first request. Where it sends more, a crash between two of
//! them has to show which were sent; so its executor hands a note to the dispatcher, which commits it
//! together with everything else that is due, and waits until it is on the disk.

use tokio::sync::{mpsc, oneshot};

use headcount_journal::{Batch, JournalError};

/// A note on its way to the disk.
#[derive(Debug)]
pub(super) struct Note {
    step: u64,
    record: String,
    committed: oneshot::Sender<()>,
}

/// The dispatcher's end: receives notes.
#[derive(Debug)]
pub struct Notes(mpsc::UnboundedReceiver<Note>);

/// The executor's end: writes notes.
#[derive(Clone, Debug)]
pub struct NoteWriter(mpsc::UnboundedSender<Note>);

/// The run has ended, and nothing is written any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal does not take notes any more")]
pub struct Closed;

/// Both ends.
pub fn notes() -> (NoteWriter, Notes) {
    let (writer, notes) = mpsc::unbounded_channel();
    (NoteWriter(writer), Notes(notes))
}

impl NoteWriter {
    /// Adds to the records of a started step; returns once that is on the disk.
    ///
    /// # Errors
    /// The run has ended: it is not written, and nothing that depends on it may be done.
    pub async fn write(&self, step: u64, record: String) -> Result<(), Closed> {
        let (committed, heard) = oneshot::channel();
        self.0.send(Note { step, record, committed }).map_err(|_| Closed)?;
        heard.await.map_err(|_| Closed)
    }
}

impl Notes {
    /// Waits for the next note.
    pub(super) async fn next(&mut self) -> Option<Note> {
        self.0.recv().await
    }

    /// A note that is there already.
    pub(super) fn ready(&mut self) -> Option<Note> {
        self.0.try_recv().ok()
    }
}

impl Note {
    /// Writes it in a batch.
    pub(super) fn write_down(&self, batch: &mut Batch<'_>) -> Result<(), JournalError> {
        batch.add_record(self.step, &self.record)
    }

    /// It is on the disk. A step that does not wait for it any more is no error.
    pub(super) fn committed(self) {
        let _ = self.committed.send(());
    }
}
