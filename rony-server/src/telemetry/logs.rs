//! Where log lines go and how they look.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;
use tracing_subscriber::{fmt, prelude::*};

use crate::config::LogFormat;

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The level is none.
    #[error("`{0}` is no log level. Write `error`, `warn`, `info`, `debug` or `trace`.")]
    Level(String),
    /// Somebody else set up logging in this process.
    #[error("Logging was set up before.")]
    Again(#[from] TryInitError),
}

/// Sends log lines to the standard error stream for the rest of the process's life; the standard output stays free for
/// what a command prints.
///
/// # Errors
///
/// When `level` cannot be read, or logging was set up before.
pub fn start_logs(format: LogFormat, level: &str) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(level).map_err(|_| LogError::Level(level.to_owned()))?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            registry.with(lines.with_ansi(colours)).try_init()?;
        }
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(true)).try_init()?;
        }
    }
    Ok(())
}
