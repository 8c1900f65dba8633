//! From the bytes of a picture to two small ones. Pure, and slow: it has a thread of its own.
//!
//! What comes in may be anything: the bytes alone say what it is, its size is looked at before room is made for it, and what comes
//! out is drawn anew, so that nothing but colours is left of it: no place where it was taken, no camera, no comment.

use std::io::Cursor;

use axum::body::Bytes;
use fast_image_resize::{ResizeError, Resizer};
use image::codecs::{jpeg::JpegEncoder, webp::WebPEncoder};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageReader, Limits, metadata::Orientation,
};
use rony_core::blob::PreviewSize;

/// The most bytes of a picture that gets a preview: 64 MiB.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;
/// The most pixels: what the cameras of phones make.
const PIXELS: u64 = 50_000_000;
/// The most pixels of a side.
const SIDE: u32 = 30_000;
/// The most memory that decoding may take, the picture included, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Of 100; below it, edges of text get shadows.
const JPEG_QUALITY: u8 = 82;

/// What was made of a picture.
#[derive(Debug)]
pub(super) struct Rendered {
    /// Of the original as it is shown, in pixels.
    pub(super) width: u32,
    /// Of the original as it is shown, in pixels.
    pub(super) height: u32,
    /// JPEG, or WebP where something shines through.
    pub(super) previews: [(PreviewSize, Bytes); 2],
}

/// Why there is no preview of something.
#[derive(Debug, thiserror::Error)]
pub(super) enum RenderError {
    #[error("it has {0} pixels, more than a preview is made of")]
    TooLarge(u64),
    #[error("it is no picture that can be read: {0}")]
    Unreadable(#[from] ImageError),
    #[error("it cannot be made smaller: {0}")]
    Resize(#[from] ResizeError),
    #[error("it has a form that cannot be made smaller: {0}")]
    Form(#[from] fast_image_resize::ImageBufferError),
}

/// Makes the previews of a picture.
pub(super) fn render(bytes: &[u8]) -> Result<Rendered, RenderError> {
    let mut decoder = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(ImageError::IoError)?
        .into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS {
        return Err(RenderError::TooLarge(pixels));
    }
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(SIDE), Some(SIDE), Some(MEMORY));
    // What a decoder is told is for what it needs besides the picture.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder)?;
    let large = shrink(&picture, PreviewSize::Large)?;
    drop(picture);
    let small = shrink(&large, PreviewSize::Small)?;
    let (small, large) = (encode(turn(small, orientation))?, encode(turn(large, orientation))?);
    let (width, height) = if lies_on_its_side(orientation) { (height, width) } else { (width, height) };
    Ok(Rendered { width, height, previews: [(PreviewSize::Small, small), (PreviewSize::Large, large)] })
}

/// No larger than it is.
fn shrink(picture: &DynamicImage, size: PreviewSize) -> Result<DynamicImage, RenderError> {
    let longest = picture.width().max(picture.height());
    if longest <= size.pixels() {
        return Ok(picture.clone());
    }
    let scaled = |side: u32| {
        let scaled = u64::from(side) * u64::from(size.pixels()) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(1).max(1)
    };
    let mut result = DynamicImage::new(scaled(picture.width()), scaled(picture.height()), picture.color());
    Resizer::new().resize(picture, &mut result, None)?;
    Ok(result)
}

/// As it was held when it was taken.
fn turn(mut picture: DynamicImage, orientation: Orientation) -> DynamicImage {
    picture.apply_orientation(orientation);
    picture
}

fn lies_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn encode(picture: DynamicImage) -> Result<Bytes, RenderError> {
    let mut bytes = Vec::new();
    if shines_through(&picture) {
        let picture = picture.into_rgba8();
        let encoder = WebPEncoder::new_lossless(&mut bytes);
        encoder.encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgba8)?;
    } else {
        JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&picture.into_rgb8())?;
    }
    Ok(bytes.into())
}

fn shines_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel[3] < 255)
}

/// The type of a preview, by how it begins.
pub(crate) fn media_type(preview: &[u8]) -> &'static str {
    if preview.starts_with(&[0xff, 0xd8]) { "image/jpeg" } else { "image/webp" }
}

#[cfg(test)]
mod tests;
