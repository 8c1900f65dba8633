//! What stands beside HTTPS on a port of its own, in plain HTTP: the page that explains how a device is told to trust the authority. Everything
//! else there leads to HTTPS.
//!
//! Plain HTTP can be changed on its way, so a certificate that was taken from here is compared by its fingerprint, which the terminal of the
//! server shows too.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;
use uuid::Uuid;

use super::{Authority, Hosts};
use crate::config::PublicUrl;
use crate::security::{self, Brake};

const PAGE: &str = include_str!("../../assets/lan/index.html");
const STYLE: &str = include_str!("../../assets/lan/page.css");
const SCRIPT: &str = include_str!("../../assets/lan/page.js");

/// A picture of one point, which a page of another origin may load: that it could says that the certificate is trusted.
const TRUSTED: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;

/// Where it is.
const TRUSTED_AT: &str = "/lan/trusted.svg";

/// What the plain page tells, and to which hosts it leads on.
#[derive(Debug)]
pub(crate) struct Site {
    /// Where people are sent who come by a name that is not known.
    pub(crate) public_url: PublicUrl,
    /// The port of HTTPS.
    pub(crate) port: u16,
    /// By which hosts people come.
    pub(crate) hosts: Hosts,
    /// The address of this page, for a code to scan.
    pub(crate) address: String,
    /// What is to be trusted.
    pub(crate) certificate: Certificate,
}

/// The public part of an authority, as devices take it.
#[derive(Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    pem: String,
    fingerprint: String,
    profile: String,
}

impl Certificate {
    pub(crate) fn of(authority: &Authority) -> Self {
        let der = authority.der().to_vec();
        let profile = profile(&der);
        Self { der, pem: authority.pem().to_owned(), fingerprint: authority.fingerprint(), profile }
    }
}

impl Site {
    /// All that the plain port answers.
    pub(crate) fn routes(self) -> Router {
        let site = Arc::new(self);
        Router::new()
            .route("/", get(async || Redirect::temporary("/lan")))
            .route("/lan", get(page))
            .route("/lan/page.css", get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
            .route("/lan/page.js", get(async || ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)))
            .route("/lan/rony.crt", get(crt))
            .route("/lan/rony.pem", get(pem))
            .route("/lan/rony.mobileconfig", get(mobileconfig))
            .fallback(lead_on)
            .with_state(site)
            .layer(from_fn_with_state(Arc::new(Brake::default()), security::brake))
            .layer(from_fn(security::set_headers))
    }

    /// The address by HTTPS of the host that the request was for, if it is one of ours: a redirect must not lead to where somebody else wrote.
    fn secure(&self, request: &Request) -> String {
        match security::host_of(request) {
            Some(host) if security::is_loopback(&host) || self.hosts.contains(&host) => {
                PublicUrl::https(&host, self.port).to_string()
            }
            _ => self.public_url.origin().to_string(),
        }
    }
}

async fn page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let secure = site.secure(&request);
    let text = PAGE
        .replace("{secure}", &secure)
        .replace("{address}", &site.address)
        .replace("{fingerprint}", &in_pieces(&site.certificate.fingerprint))
        .replace("{qr}", &qr_svg(&site.address));
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src {secure}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::try_from(policy).ok().map(|policy| [(CONTENT_SECURITY_POLICY, policy)]);
    (policy.map(HeaderMap::from_iter), [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

async fn crt(State(site): State<Arc<Site>>) -> impl IntoResponse {
    download("application/x-x509-ca-cert", "rony.crt", site.certificate.der.clone())
}

async fn pem(State(site): State<Arc<Site>>) -> impl IntoResponse {
    download("application/x-pem-file", "rony.pem", site.certificate.pem.clone())
}

async fn mobileconfig(State(site): State<Arc<Site>>) -> impl IntoResponse {
    download("application/x-apple-aspen-config", "rony.mobileconfig", site.certificate.profile.clone())
}

fn download(kind: &'static str, name: &str, body: impl IntoResponse) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))],
        body,
    )
}

/// Temporary, since a machine may serve something else in plain HTTP tomorrow, and a browser keeps what is permanent.
async fn lead_on(State(site): State<Arc<Site>>, request: Request) -> Redirect {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path } else { "/" };
    Redirect::temporary(&format!("{}{path}", site.secure(&request)))
}

/// `router`, and the picture by which the plain page finds out whether the certificate is trusted already.
pub(crate) fn secure_routes(router: Router) -> Router {
    let open = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    let trusted = get(async move || (open, TRUSTED)).layer(from_fn(security::set_headers));
    Router::new().route(TRUSTED_AT, trusted).fallback_service(router)
}

/// The fingerprint in pieces of equal length, of which one fits on a phone.
fn in_pieces(fingerprint: &str) -> String {
    let bytes: Vec<&str> = fingerprint.split_inclusive(':').collect();
    bytes.chunks(8).map(|piece| format!("<span>{}</span>", piece.concat())).collect()
}

/// A code to scan, dark on light in every colour scheme: not every reader knows the reverse.
fn qr_svg(text: &str) -> String {
    let Ok(code) = QrCode::new(text) else { return String::new() };
    let image = code.render::<svg::Color<'_>>().min_dimensions(180, 180).build();
    // What stands before the element is for a file of its own.
    image.find("<svg").map_or_else(String::new, |at| image[at..].to_owned())
}

/// The same for a terminal, two rows of it in each line.
pub(crate) fn qr_text(text: &str) -> String {
    use qrcode::render::unicode::Dense1x2;
    let Ok(code) = QrCode::new(text) else { return String::new() };
    // Terminals are dark more often than light, and readers want the code dark on light.
    code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build()
}

/// A configuration profile that installs the certificate on Apple's devices (Apple, Configuration Profile Reference: Certificate Root payload).
fn profile(der: &[u8]) -> String {
    use sha2::Digest as _;
    let digest: [u8; 32] = sha2::Sha256::digest(der).into();
    let id = |at: usize| {
        let bytes: Option<[u8; 16]> = digest.get(at..at + 16).and_then(|bytes| bytes.try_into().ok());
        Uuid::from_bytes(bytes.unwrap_or_default()).to_string().to_uppercase()
    };
    include_str!("../../assets/lan/profile.xml")
        .replace("{certificate}", &STANDARD.encode(der))
        .replace("{certificate_id}", &id(0))
        .replace("{profile_id}", &id(16))
}
