//! What a client does with files.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, header};
use serde_json::{Value, json};

use super::{Answer, Client};

const BOUNDARY: &str = "------------------------a-line-that-no-file-has";

impl Client {
    /// Sends a form with fields and files.
    pub(crate) async fn form(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        let mut part = |head: String, value: &[u8]| {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in fields {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        for (name, bytes) in files {
            part(format!("name=\"file\"; filename=\"{name}\""), bytes);
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = self.request(Method::POST, "files");
        let request =
            request.header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        self.send(request, body.into()).await
    }

    /// Uploads a file into the own drive; the file.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> Value {
        self.form(&[], &[(name, bytes)]).await.ok()["items"][0].clone()
    }

    /// The id of a file that was uploaded into the own drive.
    pub(crate) async fn upload_id(&self, name: &str, bytes: &[u8]) -> String {
        self.upload(name, bytes).await["id"].as_str().expect("an id").to_owned()
    }

    /// Makes a folder at the top of the own drive; its id.
    pub(crate) async fn folder(&self, name: &str) -> String {
        let folder = self.post("folders", json!({"name": name})).await.ok();
        folder["id"].as_str().expect("an id").to_owned()
    }

    /// A request of tus, with more headers.
    pub(crate) fn tus(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> http::request::Builder {
        let request = self.request(method, path).header("tus-resumable", "1.0.0");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    /// Begins an upload by tus; its path.
    pub(crate) async fn begin(&self, name: &str, length: usize, more: &[(&str, &str)]) -> String {
        let answer = self.try_begin(name, length, more).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
        answer.headers[header::LOCATION].to_str().expect("text").to_owned()
    }

    /// The same, whatever comes of it.
    pub(crate) async fn try_begin(&self, name: &str, length: usize, more: &[(&str, &str)]) -> Answer {
        let pairs = [&[("filename", name)], more].concat();
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
        let headers = [("upload-length", &*length.to_string()), ("upload-metadata", &*pairs.join(","))];
        self.send(self.tus(Method::POST, "uploads", &headers), "".into()).await
    }

    /// Sends the bytes of an upload from `offset` on.
    pub(crate) async fn bring(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let headers =
            [("upload-offset", &*offset.to_string()), ("content-type", "application/offset+octet-stream")];
        self.send(self.tus(Method::PATCH, path, &headers), bytes.to_vec().into()).await
    }

    /// How many bytes of an upload are there.
    pub(crate) async fn offset(&self, path: &str) -> usize {
        let answer = self.send(self.tus(Method::HEAD, path, &[]), "".into()).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.headers["upload-offset"].to_str().expect("text").parse().expect("a number")
    }

    /// What a file holds.
    pub(crate) async fn content(&self, id: &str) -> Answer {
        self.get(&format!("files/{id}/content")).await
    }
}

/// So many bytes that look like nothing.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes: Vec<u8> = std::iter::repeat_with(&mut next).flatten().take(length).collect();
    // No known kind of file begins so.
    bytes.iter_mut().take(4).for_each(|byte| *byte = 0);
    bytes
}
