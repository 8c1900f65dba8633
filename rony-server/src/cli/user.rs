//! `rony user …`: accounts, for who sits at the server. What is done here is in the audit log as the server's own doing.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use clap::Subcommand;
use rony_core::id::UserId;
use rony_core::page::Limit;
use rony_core::password::Argon2Hasher;
use rony_core::permission::ServerRole;
use rony_core::secret::Secret;
use rony_core::user::{AccountChange, FindUsers, NewUser, User};
use rony_core::username::{DisplayName, Username, UsernameKey};
use rony_core::{Rony, Store};
use rony_storage::SystemClock;

use super::{SYSTEM, say};
use crate::config::{self, Config, Flags, Sources};
use crate::pages::Link;
use crate::server::open_store;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account, and print the link by which its owner sets the password
    Add {
        /// The name to sign in with
        username: Username,
        /// The name that others see [default: the username]
        #[arg(long, value_name = "NAME", value_parser = DisplayName::parse)]
        display_name: Option<DisplayName>,
        /// Make an administrator
        #[arg(long)]
        admin: bool,
        /// Take the password from the first line of the input, instead of printing a link
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        settings: Flags<false>,
    },
    /// List all accounts
    List {
        #[command(flatten)]
        settings: Flags<false>,
    },
    /// Switch an account off: it is signed out everywhere, what it wrote stays
    Deactivate {
        /// Whose account
        username: String,
        #[command(flatten)]
        settings: Flags<false>,
    },
    /// Switch an account on again
    Reactivate {
        /// Whose account
        username: String,
        #[command(flatten)]
        settings: Flags<false>,
    },
    /// Print a link by which somebody sets a new password
    ResetPassword {
        /// Whose password
        username: String,
        #[command(flatten)]
        settings: Flags<false>,
    },
}

/// Does it, and says what was done.
pub(super) async fn run(command: UserCommand) -> Result<ExitCode> {
    match command {
        UserCommand::Add { username, display_name, admin, password_stdin, settings } => {
            let role = if admin { ServerRole::Administrator } else { ServerRole::Member };
            let password = if password_stdin { Some(read_password()?) } else { None };
            let new = NewUser { password, display_name, role, ..NewUser::named(username) };
            Office::open(settings).await?.add(new).await?;
        }
        UserCommand::List { settings } => Office::open(settings).await?.list().await?,
        UserCommand::Deactivate { username, settings } => {
            let user = Office::open(settings).await?.switch(&username, false).await?;
            say(format!("The account {} is switched off and signed out everywhere.", user.username))?;
        }
        UserCommand::Reactivate { username, settings } => {
            let user = Office::open(settings).await?.switch(&username, true).await?;
            say(format!("The account {} is switched on.", user.username))?;
        }
        UserCommand::ResetPassword { username, settings } => {
            let office = Office::open(settings).await?;
            let user = office.find(&username).await?;
            office.print_link(user, &username).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read_password() -> Result<Secret> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).context("the password could not be read from the input")?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// The database, opened for this one errand. A server that runs on it meanwhile learns of the changes by itself.
struct Office {
    rony: Rony,
    store: Arc<dyn Store>,
    config: Config,
}

impl Office {
    async fn open(settings: Flags<false>) -> Result<Self> {
        let config = config::load(&Sources::of_process(settings))?.config;
        let store = open_store(&config).await?;
        let hasher = Arc::new(Argon2Hasher::new()?);
        let rony = Rony::builder(Arc::clone(&store), Arc::new(SystemClock), hasher).build();
        Ok(Self { rony, store, config })
    }

    async fn add(&self, new: NewUser) -> Result<()> {
        let has_password = new.password.is_some();
        let user = self.rony.users().create(&SYSTEM, new).await?;
        say(format!("The account {} was made.", user.username))?;
        if has_password { Ok(()) } else { self.print_link(user.id, user.username.as_str()).await }
    }

    async fn list(&self) -> Result<()> {
        let everybody = FindUsers { query: String::new(), deactivated: true };
        let mut cursor = None;
        loop {
            let page = self.rony.users().find(&SYSTEM, &everybody, Limit::MAX, cursor.as_ref()).await?;
            page.items.iter().try_for_each(|user| say(line(user)))?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn switch(&self, username: &str, on: bool) -> Result<User> {
        let user = self.find(username).await?;
        let change = AccountChange { deactivated: Some(!on), ..AccountChange::default() };
        Ok(self.rony.users().administer(&SYSTEM, user, change).await?)
    }

    async fn print_link(&self, user: UserId, username: &str) -> Result<()> {
        let made = self.rony.accounts().reset_link(&SYSTEM, user).await?;
        let address = self.config.public_url_on(self.config.first_port());
        say(format!(
            "Give this link to {username}. It sets a password once, until {}:\n{}",
            made.expires_at,
            Link::Reset.to(&address, &made.token.reveal())
        ))
    }

    async fn find(&self, username: &str) -> Result<UserId> {
        let found = self.store.users_by_name(&[UsernameKey::of(username)]).await?;
        let (_, id) = found
            .into_iter()
            .next()
            .ok_or_else(|| anyhow!("There is no account {username}. `rony user list` shows all of them."))?;
        Ok(id)
    }
}

/// Somebody in one line, as `list` shows them.
fn line(user: &User) -> String {
    let role = match user.role {
        ServerRole::Administrator => "administrator",
        ServerRole::Member => "member",
    };
    let kind = if user.bot { ", bot" } else { "" };
    let state = if user.deactivated_at.is_some() { ", switched off" } else { "" };
    format!("{:<24} {:<24} {role}{kind}{state}", user.username.as_str(), user.display_name.as_str())
}
