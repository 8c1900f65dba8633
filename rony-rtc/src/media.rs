//! How media gets from one peer to the others: the port [`MediaEngine`], and [`Mesh`], where each peer connects with each.

use std::{collections::HashMap, fmt};

use crate::{
    id::PeerId,
    now::Now,
    signal::{Candidate, Description, Mode, Nid, Refusal, Sdp},
};

/// What a room does with descriptions and candidates. The room checks who may speak with whom before it asks; an engine only
/// knows how media flows. A media router takes the offers itself (target [`PeerId::ROUTER`]), the mesh passes them on.
pub trait MediaEngine: fmt::Debug + Send {
    /// How media flows.
    fn mode(&self) -> Mode;

    /// A peer is in the room.
    fn join(&mut self, now: Now, peer: PeerId) -> Vec<MediaEffect>;

    /// A peer proposes a description.
    ///
    /// # Errors
    /// When it is stale, or nobody takes it.
    fn offer(&mut self, now: Now, from: PeerId, to: PeerId, nid: Nid, sdp: Sdp) -> Answered;

    /// A peer answers.
    ///
    /// # Errors
    /// When the offer is not the newest any more.
    fn answer(&mut self, now: Now, from: PeerId, to: PeerId, nid: Nid, sdp: Sdp) -> Answered;

    /// A peer tells a way to reach it; `last` says that none will follow.
    ///
    /// # Errors
    /// When nobody takes it.
    fn candidate(
        &mut self,
        now: Now,
        from: PeerId,
        to: PeerId,
        nid: Nid,
        candidate: Option<Candidate>,
        last: bool,
    ) -> Answered;

    /// A peer is in the room no more.
    fn leave(&mut self, now: Now, peer: PeerId) -> Vec<MediaEffect>;
}

/// What an engine answers.
pub type Answered = Result<Vec<MediaEffect>, Refusal>;

/// What an engine wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaEffect {
    /// Tell `to` what `from` (or the router) describes.
    Tell {
        /// Whom.
        to: PeerId,
        /// Whose it is.
        from: PeerId,
        /// What.
        description: Description,
    },
}

/// Each peer connects with each. The server passes descriptions on, and drops answers to offers that were replaced.
///
/// Good for up to [`MESH_PEOPLE`] people: each sends their picture to each other one.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// The newest offer from one to another.
    offered: HashMap<(PeerId, PeerId), Nid>,
}

/// How many people a mesh carries well; more do better with a media router.
pub const MESH_PEOPLE: usize = 4;

impl Mesh {
    /// A mesh without anybody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

fn tell(from: PeerId, to: PeerId, description: Description) -> Answered {
    if to == PeerId::ROUTER || from == to {
        return Err(Refusal::NoSuchPeer);
    }
    Ok(vec![MediaEffect::Tell { to, from, description }])
}

impl MediaEngine for Mesh {
    fn mode(&self) -> Mode {
        Mode::Mesh
    }

    fn join(&mut self, _: Now, _: PeerId) -> Vec<MediaEffect> {
        Vec::new()
    }

    fn offer(&mut self, _: Now, from: PeerId, to: PeerId, nid: Nid, sdp: Sdp) -> Answered {
        let newest = self.offered.entry((from, to)).or_insert(nid);
        // The newest again is one that was lost further on.
        if nid < *newest {
            return Err(Refusal::Stale);
        }
        *newest = nid;
        tell(from, to, Description::Offer { nid, sdp })
    }

    fn answer(&mut self, _: Now, from: PeerId, to: PeerId, nid: Nid, sdp: Sdp) -> Answered {
        if self.offered.get(&(to, from)) != Some(&nid) {
            return Err(Refusal::Stale);
        }
        tell(from, to, Description::Answer { nid, sdp })
    }

    fn candidate(
        &mut self,
        _: Now,
        from: PeerId,
        to: PeerId,
        nid: Nid,
        candidate: Option<Candidate>,
        last: bool,
    ) -> Answered {
        tell(from, to, Description::Trickle { nid, candidate, last })
    }

    fn leave(&mut self, _: Now, peer: PeerId) -> Vec<MediaEffect> {
        self.offered.retain(|(from, to), _| *from != peer && *to != peer);
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rony_core::time::Timestamp;

    use super::*;

    const NOW: fn() -> Now = || Now { elapsed: Duration::ZERO, at: Timestamp::from_millis(0) };

    fn sdp() -> Sdp {
        Sdp("v=0".to_owned())
    }

    #[test]
    fn an_answer_to_an_offer_that_was_replaced_goes_nowhere() {
        let mut mesh = Mesh::new();
        let (a, b) = (PeerId(1), PeerId(2));
        mesh.offer(NOW(), a, b, Nid(2), sdp()).unwrap();
        mesh.offer(NOW(), a, b, Nid(4), sdp()).unwrap();
        assert_eq!(mesh.answer(NOW(), b, a, Nid(2), sdp()), Err(Refusal::Stale));
        assert_eq!(mesh.offer(NOW(), a, b, Nid(2), sdp()), Err(Refusal::Stale));
        assert_eq!(mesh.answer(NOW(), b, a, Nid(4), sdp()).unwrap().len(), 1);
        // Not the one who was asked.
        assert_eq!(mesh.answer(NOW(), PeerId(3), a, Nid(4), sdp()), Err(Refusal::Stale));
    }

    #[test]
    fn who_left_is_forgotten() {
        let mut mesh = Mesh::new();
        mesh.offer(NOW(), PeerId(1), PeerId(2), Nid(2), sdp()).unwrap();
        mesh.leave(NOW(), PeerId(2));
        assert!(mesh.offered.is_empty());
    }

    #[test]
    fn a_mesh_has_no_router() {
        let answer = Mesh::new().offer(NOW(), PeerId(1), PeerId::ROUTER, Nid(2), sdp());
        assert_eq!(answer, Err(Refusal::NoSuchPeer));
    }
}
