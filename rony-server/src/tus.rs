//! The headers of tus 1.0, the open protocol for uploads that go on where they broke off (<https://tus.io/protocols/resumable-upload>).
//!
//! Only reading and writing of headers; what an upload is, [`rony_core`] says, and the routes bring the two together.

use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{ApiError, ApiResult};

/// The one version that there is.
pub(crate) const VERSION: &str = "1.0.0";
/// What Rony knows beyond the core of the protocol.
pub(crate) const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
/// How a part may be checked.
pub(crate) const CHECKSUMS: &str = "sha256";

/// The version that client and server speak.
pub(crate) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
/// The versions that the server knows.
pub(crate) const SERVER_VERSION: HeaderName = HeaderName::from_static("tus-version");
/// The extensions that the server knows.
pub(crate) const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
/// The largest upload, in bytes.
pub(crate) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
/// The checksums that the server knows.
pub(crate) const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
/// How many bytes are there.
pub(crate) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How many bytes there will be.
pub(crate) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// What the client says about the file.
pub(crate) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// Until when it can go on.
pub(crate) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// What the bytes of a request add up to.
pub(crate) const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// The type of a part of an upload.
const PART: &str = "application/offset+octet-stream";

/// Refuses a client that speaks another version.
///
/// # Errors
///
/// 412 `tus_version`; the answer then has to name the server's version.
pub(crate) fn expect_version(headers: &HeaderMap) -> ApiResult<()> {
    if headers.get(RESUMABLE).is_some_and(|version| version == VERSION) {
        return Ok(());
    }
    let detail = "Uploads speak tus 1.0 here: send the header `Tus-Resumable: 1.0.0`.";
    Err(ApiError::new(StatusCode::PRECONDITION_FAILED, "tus_version", detail))
}

/// Whether the body of a request is a part of an upload.
pub(crate) fn has_part(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind == PART)
}

/// Refuses a body that is no part of an upload.
///
/// # Errors
///
/// 415 `unsupported_media_type`.
pub(crate) fn expect_part(headers: &HeaderMap) -> ApiResult<()> {
    if has_part(headers) {
        return Ok(());
    }
    let detail = "Send the bytes with the header `Content-Type: application/offset+octet-stream`.";
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail))
}

/// A number of bytes that a header must have.
///
/// # Errors
///
/// 400 `invalid_header` when there is none, or it is no number.
pub(crate) fn number(headers: &HeaderMap, name: &HeaderName) -> ApiResult<i64> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| digits(text));
    let number = text.and_then(|text| text.parse().ok());
    number.ok_or_else(|| invalid(name, "a number of bytes, such as 1048576"))
}

/// The checksum of the bytes of a request, when it names one.
///
/// # Errors
///
/// 400 `invalid_header` when it is not `sha256` and the sum in base64.
pub(crate) fn checksum(headers: &HeaderMap) -> ApiResult<Option<[u8; 32]>> {
    let Some(value) = headers.get(CHECKSUM) else { return Ok(None) };
    let sum = value.to_str().ok().and_then(|text| text.trim().split_once(' ')).and_then(|(kind, sum)| {
        let bytes = kind.eq_ignore_ascii_case(CHECKSUMS).then(|| STANDARD.decode(sum.trim()).ok());
        bytes.flatten()?.try_into().ok()
    });
    sum.map(Some).ok_or_else(|| invalid(&CHECKSUM, "`sha256` and the sum in base64"))
}

/// What a client says about the file that it sends: names with values, as in `filename d29ybGQ=,is_new`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata(Vec<(String, String)>);

impl Metadata {
    /// The longest list, in bytes: a name of 255 bytes and the ids fit many times.
    const LONGEST: usize = 8 * 1024;

    /// Reads the header; without it, nothing is said.
    ///
    /// # Errors
    ///
    /// 400 `invalid_header` when it is no such list, has a name twice, or a value that is not UTF-8.
    pub(crate) fn read(headers: &HeaderMap) -> ApiResult<Self> {
        let Some(value) = headers.get(METADATA) else { return Ok(Self::default()) };
        let text = value.to_str().ok().filter(|text| text.len() <= Self::LONGEST);
        text.and_then(Self::parse).ok_or_else(|| {
            invalid(&METADATA, "pairs such as `filename d29ybGQudHh0`, with commas between them")
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in text.split(',').map(str::trim) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            let twice = pairs.iter().any(|(known, _)| known == key);
            if twice || (key.is_empty() && !text.is_empty()) {
                return None;
            }
            pairs.push((key.to_owned(), value));
        }
        Some(Self(pairs))
    }

    /// A value by its name.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// Text for a header that has only characters which headers have.
pub(crate) fn header(text: &impl ToString) -> HeaderValue {
    HeaderValue::try_from(text.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn invalid(name: &HeaderName, wanted: &str) -> ApiError {
    ApiError::bad_request("invalid_header", format!("The header `{name}` must be {wanted}."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(name: &HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.clone(), HeaderValue::from_str(value).expect("a header"))])
    }

    fn metadata(text: &str) -> ApiResult<Metadata> {
        Metadata::read(&headers(&METADATA, text))
    }

    #[test]
    fn a_number_of_bytes_has_only_digits() {
        assert_eq!(number(&headers(&LENGTH, "0"), &LENGTH).ok(), Some(0));
        assert_eq!(number(&headers(&LENGTH, "9223372036854775807"), &LENGTH).ok(), Some(i64::MAX));
        for wrong in ["", "-1", "+1", "1.5", "0x10", " 1", "1 ", "9223372036854775808", "ten"] {
            let refused = number(&headers(&LENGTH, wrong), &LENGTH).expect_err(wrong);
            assert_eq!((refused.code(), refused.status().as_u16()), ("invalid_header", 400), "{wrong}");
        }
        assert!(number(&HeaderMap::new(), &OFFSET).is_err());
    }

    #[test]
    fn metadata_are_pairs() {
        let both = metadata("filename d29ybGQudHh0, is_new").expect("pairs");
        assert_eq!(
            (both.get("filename"), both.get("is_new"), both.get("x")),
            (Some("world.txt"), Some(""), None)
        );
        assert_eq!(Metadata::read(&HeaderMap::new()).expect("nothing").get("filename"), None);
        for wrong in ["filename d29ybGQ", "filename /w==", "a YQ==,a YQ==", "a YQ==,,b YQ==", ",", "a b c"] {
            assert!(metadata(wrong).is_err(), "{wrong}");
        }
        assert!(metadata(&format!("a {}", "YWFh".repeat(3_000))).is_err());
    }

    #[test]
    fn a_checksum_is_sha256_in_base64() {
        let sum = STANDARD.encode([7; 32]);
        assert_eq!(checksum(&headers(&CHECKSUM, &format!("sha256 {sum}"))).expect("one"), Some([7; 32]));
        assert_eq!(checksum(&HeaderMap::new()).expect("none"), None);
        let short = STANDARD.encode([7; 20]);
        for wrong in [format!("sha1 {short}"), format!("sha256 {short}"), sum, "sha256 ???".to_owned()] {
            assert!(checksum(&headers(&CHECKSUM, &wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_version_one_is_spoken() {
        assert!(expect_version(&headers(&RESUMABLE, "1.0.0")).is_ok());
        for other in [HeaderMap::new(), headers(&RESUMABLE, "0.2.2")] {
            assert_eq!(expect_version(&other).unwrap_err().status(), StatusCode::PRECONDITION_FAILED);
        }
        assert!(expect_part(&headers(&CONTENT_TYPE, PART)).is_ok());
        assert_eq!(expect_part(&HeaderMap::new()).unwrap_err().code(), "unsupported_media_type");
    }

    proptest! {
        #[test]
        fn metadata_come_back_as_they_were_sent(values in prop::collection::btree_map("[a-z_]{1,12}", "\\PC{0,40}", 1..6)) {
            let text: Vec<_> = values.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
            let read = metadata(&text.join(",")).expect("pairs");
            for (key, value) in &values {
                prop_assert_eq!(read.get(key), Some(value.as_str()));
            }
        }

        #[test]
        fn no_header_breaks_the_reader(text in "[ -~]{0,200}") {
            let _ = metadata(&text);
            let _ = checksum(&headers(&CHECKSUM, &text));
            let _ = number(&headers(&LENGTH, &text), &LENGTH);
        }
    }
}
