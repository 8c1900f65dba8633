//! nginx, the file server that Debian has: how it is configured here.

use std::path::Path;

use anyhow::{Context, Result};
use tokio::process::Command;

use crate::bench::peer::{Peer, nginx_in_words};

/// One worker a core, no log of requests, `sendfile` as Debian has it by default, uploads by its DAV module. It does not sync what it takes.
fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes auto;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{
    worker_connections 4096;
}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        location / {{
            dav_methods PUT;
        }}
    }}
}}
"
    )
}

/// Its version and its configuration.
pub(super) async fn in_words() -> String {
    nginx_in_words(None, |folder| configuration(folder, 0)).await
}

/// Starts it with an empty folder.
///
/// # Errors
/// When it is not installed, or does not start.
pub(super) async fn start(folder: &Path) -> Result<Peer> {
    let files = folder.join("files");
    std::fs::create_dir_all(&files).with_context(|| format!("cannot make {}", files.display()))?;
    // Its workers are another user's when it is started by root, and must be able to reach and to fill the folder.
    open_to_all(folder)?;
    open_to_all(&files)?;
    let file = folder.join("nginx-files.conf");
    Peer::start("nginx", folder, |port| {
        std::fs::write(&file, configuration(folder, port))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let mut command = Command::new("nginx");
        command.arg("-e").arg("stderr").arg("-c").arg(&file).arg("-p").arg(folder);
        Ok(command)
    })
    .await
}

fn open_to_all(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(folder, permissions).with_context(|| format!("cannot open {}", folder.display()))
}
