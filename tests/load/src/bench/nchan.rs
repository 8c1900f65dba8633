//! nginx with its module nchan, the broadcaster that Debian has: how it is configured here.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use super::peer::{Peer, nginx_in_words};

/// Where its WebSocket is.
pub(crate) const PATH: &str = "/room";

/// Where Debian puts the module.
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// One worker, as Rony has one core; no log of requests; limits so high that none is met. Messages live in memory only.
fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log stderr warn;
load_module {MODULE};
events {{
    worker_connections 32768;
    multi_accept on;
}}
http {{
    access_log off;
    tcp_nodelay on;
    # Connections that are WebSockets are not ended by a time limit.
    keepalive_timeout 1h;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    nchan_shared_memory_size 256m;
    server {{
        listen 127.0.0.1:{port} backlog=16384;
        location = {PATH} {{
            nchan_pubsub websocket;
            nchan_channel_id room;
            nchan_message_buffer_length 1000;
            nchan_message_timeout 1m;
            nchan_subscriber_first_message newest;
            nchan_subscriber_timeout 0;
            nchan_websocket_ping_interval 30;
        }}
    }}
}}
"
    )
}

/// Its version and its configuration.
pub(crate) async fn in_words() -> String {
    nginx_in_words(Some("libnginx-mod-nchan"), |folder| configuration(folder, 0)).await
}

/// Starts it.
///
/// # Errors
/// When it is not installed, or does not start.
pub(crate) async fn start(folder: &Path) -> Result<Peer> {
    ensure!(
        Path::new(MODULE).is_file(),
        "nginx with nchan is not installed: `apt-get install nginx libnginx-mod-nchan` as root does it on Debian"
    );
    let file = folder.join("nginx.conf");
    Peer::start("nchan", folder, |port| {
        std::fs::write(&file, configuration(folder, port))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let mut command = Command::new("nginx");
        command.arg("-e").arg("stderr").arg("-c").arg(&file).arg("-p").arg(folder);
        Ok(command)
    })
    .await
}
