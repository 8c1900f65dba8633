//! What an operator can see from outside: logs, and figures for Prometheus. Neither ever holds what people wrote, a
//! secret, a query string or a client's address.

mod files;
mod logs;
mod metrics;
mod process;
mod relay;
mod request;
mod socket;

pub(crate) use self::files::{count_download, count_preview, count_upload};
pub use self::logs::{LogError, start_logs};
pub use self::metrics::{MetricsError, Recorder};
pub use self::request::{REQUEST_ID, RequestId, observe};
pub(crate) use self::{relay::RelayFigures, socket::OpenSocket};
