//! What may be done with links.

use std::{net::IpAddr, time::Duration};

use super::{
    AddShare, AddTicket, KeptTicket, NewShare, Offer, OpenShare, Opened, Opening, Share, ShareMade,
    ShareStore, SharedView, Ticket, TicketHolder, good, live, rule::unknown, shortened,
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    audit::Entry,
    file::{Content, LinkLevel, Reader, VersionStore},
    id::{ItemId, ShareId, uuid_at},
    password::{PasswordHasher, hash_given},
    secret::{Secret, Token, TokenKind},
    session::{Links, limit::share_password},
    time::Clock,
    upload,
};

/// How long a pass lasts.
const PASS: Duration = Duration::from_secs(60 * 60);
/// The longest life of a ticket, in minutes.
const MOST_MINUTES: i64 = 24 * 60;
/// The longest life of a ticket of a link's holder, in minutes: as long as it lasts it can be handed on, and counts as one download.
const MOST_MINUTES_OF_HOLDER: i64 = 10;
/// The longest name of a program that is noted, in characters.
const PROGRAM: usize = 200;
/// How long it is noted who opened a link.
const NOTED: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// The use cases of links. Made by [`crate::Rony::shares`].
pub struct Shares<'r> {
    pub(crate) store: &'r dyn ShareStore,
    pub(crate) versions: &'r dyn VersionStore,
    pub(crate) uploads: &'r upload::State,
    pub(crate) links: Links<'r>,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
}

impl Shares<'_> {
    /// Makes a link to an item.
    ///
    /// # Errors
    ///
    /// What [`NewShare::validate`] and [`super::may_make`] say; [`Error::NotFound`] for an item that is not there for the actor.
    pub async fn create(&self, actor: &Actor, file_id: ItemId, new: NewShare) -> Result<ShareMade> {
        let (created_by, at) = (actor.user(Scope::Manage)?, self.clock.now());
        let NewShare { name, level, expires_at, password, max_downloads, log_openings } = new.validate(at)?;
        let password = hash_given(self.hasher, password).await?;
        let token = Token::generate(TokenKind::Share)?;
        let share = Share {
            id: ShareId::new(at),
            file_id,
            name,
            level,
            created_by,
            created_at: at,
            expires_at,
            has_password: password.is_some(),
            max_downloads,
            downloads: 0,
            log_openings,
            opened: 0,
            last_opened_at: None,
        };
        let entry =
            Entry::new(at, "share.created").by(actor).to(share.id).with("file_id", file_id.to_string());
        let add = AddShare { share: share.clone(), token: token.hash(), password, entry };
        self.store.add_share(&add).await?;
        Ok(ShareMade { token, share })
    }

    /// Opens a link. Nobody needs to be signed in.
    ///
    /// # Errors
    ///
    /// What [`good`] says; [`Error::Forbidden`] with code `password_needed` or `password_wrong`; [`Error::RateLimited`] after too many wrong
    /// links from an address, and after too many wrong passwords from an address or for the link.
    pub async fn open(
        &self,
        token: &Secret,
        password: Option<&Secret>,
        address: Option<IpAddr>,
        user_agent: &str,
    ) -> Result<Opened> {
        let offer = self.links.follow(address, self.offer(token)).await?;
        let proven = self.prove(&offer, password, address).await?;
        let (at, pass) = (self.clock.now(), Token::generate(TokenKind::Pass)?);
        let lasting = at.plus(PASS);
        let expires_at = offer.share.expires_at.map_or(lasting, |end| end.min(lasting));
        let opening = Opening {
            at,
            address: address.map(shortened).unwrap_or_default(),
            user_agent: user_agent.chars().filter(|c| !c.is_control()).take(PROGRAM).collect(),
        };
        let open = OpenShare {
            id: offer.share.id,
            proven,
            pass: pass.hash(),
            expires_at,
            opening,
            note: uuid_at(at),
        };
        let (offer, item) = self.store.open_share(&open).await?;
        Ok(Opened { pass, expires_at, share: view(&offer), item })
    }

    /// The hash of the password that was shown, if the link wants one.
    async fn prove(
        &self,
        offer: &Offer,
        password: Option<&Secret>,
        address: Option<IpAddr>,
    ) -> Result<Option<String>> {
        let Some(hash) = &offer.password else { return Ok(None) };
        let Some(password) = password else {
            return Err(Error::forbidden("password_needed", "This link wants a password: ask who sent it."));
        };
        let charges = share_password(offer.share.id, address);
        if self.links.opens(&charges, self.hasher, password, hash).await? {
            return Ok(Some(hash.clone()));
        }
        Err(Error::forbidden("password_wrong", "This is not the link's password. Ask who sent it."))
    }

    async fn offer(&self, token: &Secret) -> Result<Offer> {
        let token = Token::parse_as(TokenKind::Share, token.reveal().trim()).map_err(|_| unknown())?;
        good(self.store.share_offer(&token.hash()).await?, self.clock.now())
    }

    /// Whoever holds a pass, as an actor who sees what the link leads to. The link is looked at now: one that was revoked or has ended opens
    /// nothing any more.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] with code `pass_expired`; what [`live`] says.
    pub async fn holder(&self, pass: &Secret) -> Result<Actor> {
        let over = || Error::Unauthenticated { code: "pass_expired", detail: "Open the link again." };
        let pass = Token::parse_as(TokenKind::Pass, pass.reveal()).map_err(|_| over())?;
        let now = self.clock.now();
        let offer = self.store.pass_offer(&pass.hash(), now).await?.ok_or_else(over)?;
        let Share { id, file_id, level, .. } = live(Some(offer), now)?.share;
        Ok(Actor::holder(id, file_id, level))
    }

    /// Where the bytes of a file are, for reading them at once. A link's holder whose downloads are counted needs a [`Self::ticket`] instead.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Forbidden`] with code `ticket_needed`.
    pub async fn content(&self, actor: &Actor, id: ItemId, version: Option<i64>) -> Result<Content> {
        if let Some(share) = actor.share() {
            let offer = live(self.store.offer_of(share).await?, self.clock.now())?;
            if offer.share.max_downloads.is_some() {
                return Err(Error::forbidden(
                    "ticket_needed",
                    "Downloads are counted here: ask for a link to this file first.",
                ));
            }
        }
        self.versions.content(actor.reader(Scope::Read)?, id, version).await
    }

    /// Makes the address of one download, good for so many minutes. For a link's holder it counts as one, and is good for 10 minutes at most.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for a file that is not there for the actor; [`Error::Invalid`] for less than 1 minute or more than a day; what
    /// [`good`] says to a link's holder.
    pub async fn ticket(
        &self,
        actor: &Actor,
        id: ItemId,
        version: Option<i64>,
        minutes: i64,
    ) -> Result<Ticket> {
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(Error::invalid("minutes", format!("Give a number from 1 to {MOST_MINUTES}.")));
        }
        let reader = actor.reader(Scope::Read)?;
        self.versions.content(reader, id, version).await?;
        let (holder, minutes) = match (actor.share(), reader) {
            (Some(share), _) => (TicketHolder::Share(share), minutes.min(MOST_MINUTES_OF_HOLDER)),
            (None, Reader::Person(person)) => (TicketHolder::Person(person), minutes),
            (None, Reader::Link { .. }) => return Err(Error::internal("a link's holder without a link")),
        };
        let (at, token) = (self.clock.now(), Token::generate(TokenKind::Ticket)?);
        let expires_at = at.plus(Duration::from_secs(60).saturating_mul(u32::try_from(minutes).unwrap_or(0)));
        let ticket = KeptTicket { file_id: id, version, holder, expires_at };
        self.store.add_ticket(&AddTicket { ticket, token: token.hash(), at }).await?;
        Ok(Ticket { token, expires_at })
    }

    /// What a ticket gives, as often as it is asked until it ends, as long as whoever made it may see the file.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn redeem(&self, ticket: &Secret) -> Result<Content> {
        let gone = || Error::NotFound("download");
        let token = Token::parse_as(TokenKind::Ticket, ticket.reveal()).map_err(|_| gone())?;
        let now = self.clock.now();
        let ticket = self.store.ticket(&token.hash(), now).await?.ok_or_else(gone)?;
        let reader = match ticket.holder {
            TicketHolder::Person(person) => Reader::Person(person),
            TicketHolder::Share(share) => {
                let offer = live(self.store.offer_of(share).await?, now).map_err(|_| gone())?;
                Reader::Link { root: offer.share.file_id, level: offer.share.level }
            }
        };
        self.versions.content(reader, ticket.file_id, ticket.version).await
    }

    /// Removes what ended: passes, tickets, links to what is gone, and old notes of who opened them. A job that [`crate::Rony::run`] does.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn collect(&self) -> Result<()> {
        let now = self.clock.now();
        self.store.prune_shares(now, now.minus(NOTED)).await
    }
}

fn view(offer: &Offer) -> SharedView {
    let Share { name, level, expires_at, max_downloads, downloads, .. } = &offer.share;
    SharedView {
        name: name.clone(),
        level: *level,
        shared_by: offer.shared_by.clone(),
        expires_at: *expires_at,
        downloads_left: max_downloads.map(|most| (most - downloads).max(0)),
    }
}

impl Offer {
    /// With whose eyes the link's holders look at what it leads to, to be told what it is called: those of a letter box see no more.
    #[must_use]
    pub fn shown_to(&self) -> Reader {
        let level = match self.share.level {
            LinkLevel::Drop => LinkLevel::Viewer,
            level => level,
        };
        Reader::Link { root: self.share.file_id, level }
    }
}
