//! Notes of steps that send several requests. Each note is committed before its step continues.
//!
//! A step is `started` in the journal before its first request. If it sends more requests, the journal has to show
//! after a crash which ones were sent. So the executor gives a note to the dispatcher, which commits it with
//! everything else that is due, and the executor waits for this commit.

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

/// The run has ended; the journal takes no more notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal does not take notes any more")]
pub struct Closed;

/// Both ends.
pub fn notes() -> (NoteWriter, Notes) {
    let (writer, notes) = mpsc::unbounded_channel();
    (NoteWriter(writer), Notes(notes))
}

impl NoteWriter {
    /// Adds a note to the records of a started step. Returns when the note is on the disk.
    ///
    /// # Errors
    /// The run has ended. The note is not written, and nothing that depends on it may be done.
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

    /// The next note, if there is one already.
    pub(super) fn ready(&mut self) -> Option<Note> {
        self.0.try_recv().ok()
    }
}

impl Note {
    /// Writes the note in a batch.
    pub(super) fn write_down(&self, batch: &mut Batch<'_>) -> Result<(), JournalError> {
        batch.add_record(self.step, &self.record)
    }

    /// Reports that the note is on the disk. It is no error if the step does not wait for it any more.
    pub(super) fn committed(self) {
        let _ = self.committed.send(());
    }
}
