//! Pictures of people: which bytes are taken as one.
//!
//! A picture goes to every browser as it came, so it must be what it says: its first bytes decide, not its name, and only
//! formats that cannot carry scripts are known (SVG can). Its size in pixels is read too, since a small file may unfold to
//! gigabytes in whoever shows it.

use crate::{Error, Result};

/// The most bytes of a picture.
pub const PICTURE_LIMIT: usize = 256 * 1024;
/// The most pixels of a picture's side.
const SIDE_LIMIT: u32 = 2_048;

/// The formats of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

impl PictureKind {
    const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp];

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// The format with this media type.
    #[must_use]
    pub fn of_media_type(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == text)
    }
}

/// A picture that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its format.
    pub kind: PictureKind,
    /// It, as it came.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Looks at what somebody sent.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for what is no picture of a format that is known, or a picture that is too large.
    pub fn parse(bytes: Vec<u8>) -> Result<Self> {
        let refuse = |message: String| Error::invalid("body", message);
        if bytes.len() > PICTURE_LIMIT {
            let limit = PICTURE_LIMIT / 1024;
            return Err(refuse(format!("A picture has at most {limit} KiB: make it smaller.")));
        }
        let unknown =
            || refuse("This is no picture that can be shown: send PNG, JPEG, GIF or WebP.".to_owned());
        let (kind, (width, height)) = measure(&bytes).ok_or_else(unknown)?;
        if width == 0 || height == 0 {
            return Err(unknown());
        }
        if width.max(height) > SIDE_LIMIT {
            return Err(refuse(format!(
                "A picture has at most {SIDE_LIMIT} pixels a side: make it smaller."
            )));
        }
        Ok(Self { kind, bytes })
    }
}

/// The format, and width and height in pixels; `None` for anything else.
fn measure(bytes: &[u8]) -> Option<(PictureKind, (u32, u32))> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";
    if let Some(header) = bytes.strip_prefix(PNG) {
        return Some((PictureKind::Png, (big(header, 0, 4)?, big(header, 4, 4)?)));
    }
    if let Some(header) = bytes.strip_prefix(b"GIF87a").or_else(|| bytes.strip_prefix(b"GIF89a")) {
        return Some((PictureKind::Gif, (little(header, 0, 2)?, little(header, 2, 2)?)));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some((PictureKind::Jpeg, measure_jpeg(bytes)?));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
        return Some((PictureKind::Webp, measure_webp(bytes.get(12..)?)?));
    }
    None
}

/// JPEG is a row of segments `FF kind length…` (ITU T.81, annex B); a "start of frame" one has the size.
fn measure_jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match *bytes.get(at + 1)? {
            // A segment may begin with any number of these.
            0xFF => at += 1,
            // These have no length.
            0x01 | 0xD0..=0xD7 => at += 2,
            // The picture begins, or ends, without having said its size.
            0xD9 | 0xDA => return None,
            // C4, C8 and CC are other things than frames.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            _ => at += 2 + usize::try_from(big(bytes, at + 2, 2)?.max(2)).ok()?,
        }
    }
}

/// WebP begins with one of three chunks (RFC 9649, 2.5 to 2.7).
fn measure_webp(chunk: &[u8]) -> Option<(u32, u32)> {
    let content = chunk.get(8..)?;
    match chunk.get(..4)? {
        b"VP8X" => Some((little(content, 4, 3)? + 1, little(content, 7, 3)? + 1)),
        b"VP8L" if *content.first()? == 0x2F => {
            let bits = little(content, 1, 4)?;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " if content.get(3..6)? == b"\x9d\x01\x2a" => {
            Some((little(content, 6, 2)? & 0x3FFF, little(content, 8, 2)? & 0x3FFF))
        }
        _ => None,
    }
}

/// The number in `length` bytes (at most four) from `at` on, its largest part first.
fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// As [`big`], the smallest part first.
fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()]
            .concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let exif = [b"\xff\xe1\x00\x06Exif".as_slice(), b"\xff"].concat();
        let frame =
            [b"\xff\xc2\x00\x11\x08".as_slice(), &height.to_be_bytes(), &width.to_be_bytes(), b"\x03"]
                .concat();
        [b"\xff\xd8".as_slice(), &exif, &frame].concat()
    }

    fn gif(width: u16, height: u16) -> Vec<u8> {
        [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes()].concat()
    }

    fn webp(chunk: &[u8]) -> Vec<u8> {
        [b"RIFF\x20\x00\x00\x00WEBP".as_slice(), chunk].concat()
    }

    #[track_caller]
    fn taken(bytes: Vec<u8>, kind: PictureKind) {
        assert_eq!(Picture::parse(bytes).unwrap().kind, kind);
        assert_eq!(PictureKind::of_media_type(kind.media_type()), Some(kind));
    }

    #[track_caller]
    fn refused(bytes: Vec<u8>, expected: &str) {
        let message = Picture::parse(bytes).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn pictures_are_known_by_their_bytes() {
        taken(png(64, 2_048), PictureKind::Png);
        taken(jpeg(640, 480), PictureKind::Jpeg);
        taken(gif(1, 1), PictureKind::Gif);
        // 64 × 48, in each of the three ways.
        taken(webp(b"VP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x3f\x00\x00\x2f\x00\x00"), PictureKind::Webp);
        taken(webp(b"VP8L\x0a\x00\x00\x00\x2f\x3f\xc0\x0b\x00\x00"), PictureKind::Webp);
        taken(webp(b"VP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x40\x00\x30\x00"), PictureKind::Webp);
    }

    #[test]
    fn the_size_is_read_and_not_guessed() {
        assert_eq!(measure(&jpeg(640, 480)), Some((PictureKind::Jpeg, (640, 480))));
        let lossless = webp(b"VP8L\x0a\x00\x00\x00\x2f\x3f\xc0\x0b\x00\x00");
        assert_eq!(measure(&lossless), Some((PictureKind::Webp, (64, 48))));
        let extended = webp(b"VP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x3f\x00\x00\x2f\x00\x00");
        assert_eq!(measure(&extended), Some((PictureKind::Webp, (64, 48))));
    }

    #[test]
    fn what_unfolds_to_gigabytes_is_refused() {
        refused(png(2_049, 1), "2048 pixels");
        refused(png(1, u32::MAX), "2048 pixels");
        refused(jpeg(65_535, 65_535), "2048 pixels");
        refused(png(0, 5), "PNG, JPEG, GIF or WebP");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in
            ["", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<html>", "GIF", "RIFF    WAVE", "%PDF-1.4"]
        {
            refused(bytes.as_bytes().to_vec(), "PNG, JPEG, GIF or WebP");
        }
        refused(png(1, 1)[..20].to_vec(), "PNG, JPEG, GIF or WebP");
    }

    #[test]
    fn a_picture_of_too_many_bytes_is_refused() {
        let mut large = png(10, 10);
        large.resize(PICTURE_LIMIT + 1, 0);
        refused(large, "256 KiB");
    }

    proptest! {
        #[test]
        fn no_bytes_make_looking_panic(start in 0..6_usize, bytes: Vec<u8>) {
            let starts = [b"".as_slice(), b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
                b"RIFF\x00\x00\x00\x00WEBPVP8X", b"RIFF\x00\x00\x00\x00WEBPVP8L"];
            let _ = Picture::parse([starts[start], &bytes].concat());
        }
    }
}
