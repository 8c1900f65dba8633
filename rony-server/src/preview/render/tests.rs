use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// Red on the left, blue on the right.
fn two_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(
        width,
        height,
        |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) },
    )
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("an encoder");
    bytes.into_inner()
}

fn decoded(preview: &[u8]) -> RgbImage {
    image::load_from_memory(preview).expect("a picture").into_rgb8()
}

/// A JPEG with Exif data: which side is up, and where it was taken.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // The place (GPSInfo), as an offset to a directory with one entry: the reference `N`.
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS-LATITUDE-52.5200");
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    let length = u16::try_from(segment.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &segment, &jpeg[2..]].concat()
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel[0] > 150 && pixel[2] < 100
}

#[test]
fn a_large_picture_gets_two_sizes_and_a_small_one_stays_as_small() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        let rendered = render(&encoded(&two_colours(2000, 500).into(), format)).expect("a picture");
        assert_eq!((rendered.width, rendered.height), (2000, 500), "{format:?}");
        let [(_, small), (_, large)] = &rendered.previews;
        assert_eq!(decoded(small).dimensions(), (256, 64));
        assert_eq!(decoded(large).dimensions(), (1280, 320));
        assert_eq!(media_type(small), "image/jpeg");
        assert!(is_red(*decoded(large).get_pixel(10, 10)) && !is_red(*decoded(large).get_pixel(1270, 10)));
    }
    let rendered = render(&encoded(&two_colours(20, 10).into(), ImageFormat::Png)).expect("a picture");
    assert!(rendered.previews.iter().all(|(_, preview)| decoded(preview).dimensions() == (20, 10)));
}

#[test]
fn what_shines_through_goes_on_to() {
    let mut glass = RgbaImage::from_pixel(300, 300, Rgba([10, 200, 10, 255]));
    let rendered = render(&encoded(&glass.clone().into(), ImageFormat::Png)).expect("a picture");
    assert_eq!(media_type(&rendered.previews[0].1), "image/jpeg", "nothing shines through");
    glass.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    let rendered = render(&encoded(&glass.into(), ImageFormat::Png)).expect("a picture");
    assert_eq!(media_type(&rendered.previews[0].1), "image/webp");
    let small = image::load_from_memory(&rendered.previews[0].1).expect("a picture").into_rgba8();
    assert!(small.get_pixel(0, 0)[3] < 255 && small.get_pixel(200, 200)[3] == 255);
}

#[test]
fn a_picture_is_shown_as_it_was_held_and_tells_no_place() {
    let jpeg = encoded(&two_colours(800, 400).into(), ImageFormat::Jpeg);
    // Turned by a quarter to the right to be shown: what was left is on top.
    let rendered = render(&with_exif(&jpeg, 6)).expect("a picture");
    assert_eq!((rendered.width, rendered.height), (400, 800));
    let small = decoded(&rendered.previews[0].1);
    assert_eq!(small.dimensions(), (128, 256));
    assert!(is_red(*small.get_pixel(64, 10)) && !is_red(*small.get_pixel(64, 245)));
    // Upside down.
    let small = decoded(&render(&with_exif(&jpeg, 3)).expect("a picture").previews[0].1);
    assert!(!is_red(*small.get_pixel(10, 10)) && is_red(*small.get_pixel(245, 10)));
    for (_, preview) in rendered.previews {
        let holds = |what: &[u8]| preview.windows(what.len()).any(|window| window == what);
        assert!(!holds(b"Exif") && !holds(b"GPS-LATITUDE"));
    }
}

/// The head of a PNG of so many pixels, with next to nothing behind it.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(&two_colours(1, 1).into(), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// The checksum of PNG's chunks (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

#[test]
fn a_bomb_is_refused_before_there_is_room_for_it() {
    for (width, height) in [(100_000, 100_000), (u32::MAX >> 1, 1), (7_100, 7_100)] {
        let refused = render(&png_that_claims(width, height)).expect_err("a bomb");
        assert!(matches!(refused, RenderError::TooLarge(_) | RenderError::Unreadable(_)), "{refused}");
    }
    // Few enough pixels, of twice as many bytes each as usual.
    let mut deep = png_that_claims(7_000, 7_000);
    deep[24..26].copy_from_slice(&[16, 6]);
    let sum = crc(&deep[12..29]);
    deep[29..33].copy_from_slice(&sum.to_be_bytes());
    let refused = render(&deep).expect_err("a bomb");
    assert!(matches!(refused, RenderError::Unreadable(image::ImageError::Limits(_))), "{refused}");
    // A GIF whose first frame is said to be huge.
    let mut gif = encoded(&two_colours(1, 1).into(), ImageFormat::Gif);
    gif[6..10].fill(0xff);
    assert!(matches!(render(&gif), Err(RenderError::TooLarge(_))));
}

#[test]
fn what_is_no_picture_has_no_preview_whatever_it_is_called() {
    let png = encoded(&two_colours(600, 600).into(), ImageFormat::Png);
    let jpeg = encoded(&two_colours(600, 600).into(), ImageFormat::Jpeg);
    let corpus: [&[u8]; 9] = [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"PK\x03\x04 a zip",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        &png[..png.len() / 2],
        &jpeg[..20],
    ];
    for bytes in corpus {
        assert!(render(bytes).is_err(), "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(20)]));
    }
}
