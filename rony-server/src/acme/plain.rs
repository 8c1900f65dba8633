//! Port 80 beside a name: what the authority asks for, and for everybody else the way to HTTPS.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;

use crate::config::PublicUrl;
use crate::security::{self, Brake};

/// The texts that the authority is to find, by their tokens. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens(Arc<RwLock<HashMap<String, String>>>);

impl Tokens {
    pub(super) fn set(&self, token: &str, text: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned(), text.to_owned());
    }

    pub(super) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, token: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }
}

/// What is answered in plain HTTP. All leads to `public_url`, whatever host a request names.
pub(crate) fn plain_routes(tokens: &Tokens, public_url: &PublicUrl) -> Router {
    let origin = public_url.origin().to_string();
    let lead_on = async move |request: Request| {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path } else { "/" };
        Redirect::permanent(&format!("{origin}{path}"))
    };
    Router::new()
        .route("/.well-known/acme-challenge/{token}", get(answer))
        .with_state(tokens.clone())
        .fallback(lead_on)
        .layer(from_fn_with_state(Arc::new(Brake::default()), security::brake))
        .layer(from_fn(security::set_headers))
}

async fn answer(State(tokens): State<Tokens>, Path(token): Path<String>) -> Result<String, StatusCode> {
    tokens.get(&token).ok_or(StatusCode::NOT_FOUND)
}
