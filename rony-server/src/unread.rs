//! What a client still sends when its request was refused already.
//!
//! A server that answers and closes the connection while the body is on its way makes most clients see a broken
//! connection instead of the answer. So a refusal waits for the rest of the body, within bounds.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

/// Whoever has more on the way, in bytes, is not worth waiting for.
const MOST: usize = 16 * 1024 * 1024;

/// Whoever takes longer is not either.
const PATIENCE: Duration = Duration::from_secs(5);

/// A middleware that reads what a refused request did not read of its body, and throws it away.
pub(crate) async fn read_to_the_end(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    // Such a client sends its body only when it is asked for, which reading it does.
    let waits_to_be_asked = request.headers().contains_key(EXPECT);
    let mut rest = Shared::default();
    let request = request.map(|body| {
        *rest.lock() = body;
        Body::new(rest.clone())
    });
    let response = next.run(request).await;
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if refused && (rest.was_asked_for() || !waits_to_be_asked) {
        // Too slow, broken off: the answer goes out all the same.
        let _ = tokio::time::timeout(PATIENCE, rest.throw_away()).await;
    }
    response
}

/// A body that the handler reads, and of which the rest is left when it is done.
#[derive(Clone, Default)]
struct Shared {
    body: Arc<Mutex<Body>>,
    asked: Arc<AtomicBool>,
}

impl Shared {
    /// Nothing panics while the lock is held, but a body may be somebody else's code.
    fn lock(&self) -> MutexGuard<'_, Body> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn was_asked_for(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    async fn throw_away(&mut self) {
        let mut read = 0;
        while let Some(Ok(frame)) = self.frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read > MOST {
                return;
            }
        }
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.asked.store(true, Ordering::Relaxed);
        let frame = ready!(Pin::new(&mut *self.lock()).poll_frame(context));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::DefaultBodyLimit;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::error::{ApiError, ApiResult};
    use crate::testing::serve_on_free_port;

    /// A server that refuses everything: on one path without a look at the body, on the other when it gets too long.
    async fn connect() -> TcpStream {
        let refuse = async || -> ApiResult<()> { Err(ApiError::unauthenticated("Sign in.")) };
        let app = Router::new()
            .route("/unseen", post(refuse))
            .route("/limited", post(async |_: Bytes| ()))
            .layer(DefaultBodyLimit::max(1024))
            .layer(from_fn(read_to_the_end));
        let port = serve_on_free_port(app, None);
        TcpStream::connect(("127.0.0.1", port)).await.expect("a connection")
    }

    /// Sends everything before it looks at the answer, as simple clients do.
    async fn post_and_read(path: &str, bytes: usize) -> String {
        let mut client = connect().await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n"
        );
        client.write_all(head.as_bytes()).await.expect("the head is sent");
        client.write_all(&vec![b'x'; bytes]).await.expect("the body is sent");
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("the answer arrives");
        answer
    }

    #[tokio::test]
    async fn a_client_that_sends_too_much_still_gets_its_answer() {
        assert!(post_and_read("/limited", 8 * 1024 * 1024).await.starts_with("HTTP/1.1 413"));
    }

    #[tokio::test]
    async fn a_client_that_is_refused_unseen_still_gets_its_answer() {
        assert!(post_and_read("/unseen", 8 * 1024 * 1024).await.starts_with("HTTP/1.1 401"));
    }

    #[tokio::test]
    async fn a_client_that_waits_to_be_asked_is_not_asked_in_vain() {
        let mut client = connect().await;
        let head =
            "POST /unseen HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n";
        client.write_all(head.as_bytes()).await.expect("the head is sent");
        let mut answer = [0; 12];
        client.read_exact(&mut answer).await.expect("the answer arrives");
        assert_eq!(&answer, b"HTTP/1.1 401");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_ends_is_not_waited_for() {
        use tower::ServiceExt;
        let app = Router::new()
            .route("/", post(async || -> ApiResult<()> { Err(ApiError::unauthenticated("Sign in.")) }))
            .layer(from_fn(read_to_the_end));
        let endless = futures_util::stream::pending::<Result<Bytes, axum::Error>>();
        let request = Request::post("/").body(Body::from_stream(endless)).expect("a valid request");
        assert_eq!(app.oneshot(request).await.expect("a router never fails").status(), 401);
    }
}
