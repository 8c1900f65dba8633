//! Where files are put and fetched: a running Rony, or what stands beside it.

use anyhow::{Context, Result};

use super::line::{Content, Line};
use super::nginx;
use crate::bench::Options;
use crate::bench::ground::{Backend, Server};
use crate::bench::peer::Peer;
use crate::bench::usage::{self, Usage};
use crate::database::Database;
use crate::people;
use crate::work::Work;

/// A running server of files.
#[derive(Debug)]
pub(super) enum Place {
    /// With tokens of people who have a drive each.
    Rony {
        server: Server,
        tokens: Vec<String>,
    },
    Nginx(Peer),
}

/// Where a file is fetched, and by whom.
#[derive(Debug)]
pub(super) struct Address {
    path: String,
    token: Option<String>,
}

/// Nobody may upload very much at once, so a crowd is of several people.
const PEOPLE: usize = 5;

impl Place {
    /// Starts Rony with accounts of a few people.
    ///
    /// # Errors
    /// When it does not start.
    pub(super) async fn rony(options: &Options, work: &Work) -> Result<(Self, Database)> {
        let database = Backend::Sqlite.create(options, work).await?;
        let tokens = people::fill(database.url(), async |rony| {
            let mut tokens = Vec::with_capacity(PEOPLE);
            for number in 0..PEOPLE {
                tokens.push(people::enroll(rony, number, "Uploader").await?.token);
            }
            Ok(tokens)
        })
        .await?;
        let server = Server::start_with(&database, work, &[("RONY_FILES_QUOTA", "none")]).await?;
        Ok((Self::Rony { server, tokens }, database))
    }

    /// Starts nginx.
    ///
    /// # Errors
    /// When it is not installed, or does not start.
    pub(super) async fn nginx(work: &Work) -> Result<Self> {
        Ok(Self::Nginx(nginx::start(work.path()).await?))
    }

    fn port(&self) -> u16 {
        match self {
            Self::Rony { server, .. } => server.port(),
            Self::Nginx(peer) => peer.port(),
        }
    }

    /// A connection to it.
    ///
    /// # Errors
    /// When it does not listen any more.
    pub(super) async fn open(&self) -> Result<Line> {
        Line::open(self.port()).await
    }

    /// What it has used so far.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn usage(&self) -> Result<Usage> {
        match self {
            Self::Rony { server, .. } => server.usage(),
            Self::Nginx(peer) => usage::of(peer.id()?),
        }
    }

    /// Puts a file there under a `name` that is new; `number` says whose it is, for a server that knows people.
    ///
    /// # Errors
    /// When it is not taken.
    pub(super) async fn put(
        &self,
        line: &mut Line,
        name: &str,
        number: usize,
        content: Content,
    ) -> Result<Address> {
        let Self::Rony { tokens, .. } = self else {
            line.put(&format!("PUT /{name} HTTP/1.1"), content).await?;
            return Ok(Address { path: format!("/{name}"), token: None });
        };
        let token = &tokens[number % tokens.len()];
        let head = format!(
            "POST /api/v1/uploads HTTP/1.1\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
             Content-Type: application/offset+octet-stream\r\nUpload-Length: {}\r\nUpload-Metadata: filename {}",
            content.length,
            base64(name),
        );
        let answer = line.put(&head, content).await?;
        let id = answer.header("rony-file").context("the server does not say which file it made")?;
        Ok(Address { path: format!("/api/v1/files/{id}/content"), token: Some(token.clone()) })
    }

    /// A list, as the first of the people sees it.
    ///
    /// # Errors
    /// When it does not come.
    pub(super) async fn list(&self, line: &mut Line, query: &str) -> Result<String> {
        let token = match self {
            Self::Rony { tokens, .. } => tokens.first().cloned(),
            Self::Nginx(_) => None,
        };
        let address = Address { path: format!("/api/v1/files?{query}"), token };
        line.text(&address.asking()).await
    }

    /// Asks it to stop, and waits for it.
    ///
    /// # Errors
    /// When it ended before, or does not stop.
    pub(super) async fn stop(self) -> Result<()> {
        match self {
            Self::Rony { server, .. } => server.stop().await,
            Self::Nginx(peer) => peer.stop().await,
        }
    }
}

impl Address {
    /// Fetches what was put there, and looks at each byte.
    ///
    /// # Errors
    /// When it does not come, or is not the same.
    pub(super) async fn get(&self, line: &mut Line, content: Content) -> Result<()> {
        line.get(&self.asking(), content).await
    }

    fn asking(&self) -> String {
        let Self { path, token } = self;
        let authorization = token.as_ref().map(|token| format!("\r\nAuthorization: Bearer {token}"));
        format!("GET {path} HTTP/1.1{}", authorization.unwrap_or_default())
    }
}

/// A name as tus wants it.
fn base64(name: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(name)
}
