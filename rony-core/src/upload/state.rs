//! Which uploads this node writes to.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use crate::{Error, Result, id::UploadId};

/// What this node knows of uploads.
#[derive(Default)]
pub(crate) struct State {
    /// Those that somebody writes to. Two nodes are kept apart by the offset, which the database moves for one of them only.
    writing: Mutex<HashSet<UploadId>>,
    /// Those that ended while somebody may write to them yet: what was gathered of them is removed by the job, since nobody should wait
    /// for it. A node that dies forgets them; then the bytes are found like any that nothing speaks of.
    ended: Mutex<Vec<UploadId>>,
}

impl State {
    /// The right to write to an upload, until it is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `upload_busy` while somebody has it.
    pub(super) fn turn(&self, upload: UploadId) -> Result<Turn<'_>> {
        if self.writing.lock().unwrap_or_else(PoisonError::into_inner).insert(upload) {
            return Ok(Turn { state: self, upload });
        }
        Err(Error::conflict("upload_busy", "This upload is being written to now. Try again in a moment."))
    }

    /// Leaves it to the job to remove what was gathered of these.
    pub(crate) fn ended(&self, uploads: &[UploadId]) {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).extend(uploads);
    }

    /// Those of which it is to be removed.
    pub(super) fn take_ended(&self) -> Vec<UploadId> {
        std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// See [`State::turn`].
pub(super) struct Turn<'s> {
    state: &'s State,
    upload: UploadId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.state.writing.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.upload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writes_at_a_time() {
        let (state, upload) = (State::default(), UploadId(uuid::Uuid::nil()));
        let turn = state.turn(upload).unwrap();
        assert_eq!(state.turn(upload).err().unwrap().code(), "upload_busy");
        state.turn(UploadId(uuid::Uuid::max())).unwrap();
        drop(turn);
        state.turn(upload).unwrap();
    }
}
