//! Which uploads this node writes to.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use crate::{Error, Result, id::UploadId};

/// Uploads that somebody writes to on this node. Two nodes are kept apart by the offset, which the database moves for one of them only.
#[derive(Default)]
pub(crate) struct State(Mutex<HashSet<UploadId>>);

impl State {
    /// The right to write to an upload, until it is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `upload_busy` while somebody has it.
    pub(super) fn turn(&self, upload: UploadId) -> Result<Turn<'_>> {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(upload) {
            return Ok(Turn { state: self, upload });
        }
        Err(Error::conflict("upload_busy", "This upload is being written to now. Try again in a moment."))
    }
}

/// See [`State::turn`].
pub(super) struct Turn<'s> {
    state: &'s State,
    upload: UploadId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.upload);
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
