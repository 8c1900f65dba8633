//! Which part of a file a request asks for, and whether the client has it already (RFC 9110, sections 13 and 14).

use std::ops::Range;

use axum::http::HeaderMap;
use axum::http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE};
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use rony_core::time::Timestamp;

/// What an answer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it (200).
    Whole,
    /// These bytes (206).
    Of(Range<u64>),
    /// Nothing: the range begins behind the end (416).
    Unsatisfiable,
    /// Nothing: the client has it (304).
    Known,
    /// Nothing: it is not what the client takes it for any more (412).
    Changed,
}

/// The version of a file that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version<'a> {
    /// The entity tag, in its quotation marks.
    pub(crate) etag: &'a str,
    /// When it was last changed.
    pub(crate) modified: Timestamp,
    /// Its length in bytes.
    pub(crate) length: u64,
}

impl Version<'_> {
    /// What a request with these headers gets.
    pub(crate) fn part(&self, headers: &HeaderMap) -> Part {
        match self.precondition(headers) {
            Some(part) => part,
            None if self.may_be_cut(headers) => range(text(headers, &RANGE), self.length),
            None => Part::Whole,
        }
    }

    /// The order is that of RFC 9110, section 13.2.2: tags come before dates.
    fn precondition(&self, headers: &HeaderMap) -> Option<Part> {
        let since = |name| text(headers, name).and_then(seconds);
        let modified = self.modified.as_millis().div_euclid(1000);
        let changed = match headers.contains_key(IF_MATCH) {
            true => !names(headers, &IF_MATCH, |tag| tag == self.etag),
            false => since(&IF_UNMODIFIED_SINCE).is_some_and(|date| modified > date),
        };
        if changed {
            return Some(Part::Changed);
        }
        let known = match headers.contains_key(IF_NONE_MATCH) {
            true => names(headers, &IF_NONE_MATCH, |tag| tag.strip_prefix("W/").unwrap_or(tag) == self.etag),
            false => since(&IF_MODIFIED_SINCE).is_some_and(|date| modified <= date),
        };
        known.then_some(Part::Known)
    }

    /// A part is only of use to who has the rest of the same version.
    fn may_be_cut(&self, headers: &HeaderMap) -> bool {
        match text(headers, &IF_RANGE) {
            None => !headers.contains_key(IF_RANGE),
            Some(tag) if tag.starts_with(['"', 'W']) && !tag.starts_with("We") => tag == self.etag,
            Some(date) => seconds(date) == Some(self.modified.as_millis().div_euclid(1000)),
        }
    }
}

/// A single range. Several of them are answered with the whole, as the RFC allows, and so is what cannot be read.
fn range(header: Option<&str>, length: u64) -> Part {
    let Some(header) = header.filter(|header| length > 0 && !header.contains(',')) else {
        return Part::Whole;
    };
    let Ok(ranges) = http_range_header::parse_range_header(header) else { return Part::Whole };
    match ranges.validate(length).as_deref() {
        Ok([range]) => Part::Of(*range.start()..*range.end() + 1),
        _ => Part::Unsatisfiable,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &axum::http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Whether a list of tags has one that fits.
fn names(headers: &HeaderMap, name: &axum::http::HeaderName, fits: impl Fn(&str) -> bool) -> bool {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|tag| tag == "*" || fits(tag))
}

/// A date of HTTP in seconds since 1970.
fn seconds(date: &str) -> Option<i64> {
    DateTimeParser::new().parse_timestamp(date).ok().map(jiff::Timestamp::as_second)
}

/// A moment as HTTP writes it.
pub(crate) fn http_date(moment: Timestamp) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    const ETAG: &str = "\"abc\"";
    /// 2026-01-01T00:00:00.500Z, in milliseconds.
    const MODIFIED: i64 = 1_767_225_600_500;

    fn part(length: u64, headers: &[(HeaderName, &str)]) -> Part {
        let header = |(name, value): &(HeaderName, &str)| {
            (name.clone(), HeaderValue::from_str(value).expect("a header"))
        };
        let map = headers.iter().map(header).collect();
        Version { etag: ETAG, modified: Timestamp::from_millis(MODIFIED), length }.part(&map)
    }

    #[track_caller]
    fn ranged(header: &str, expected: &Part) {
        assert_eq!(part(1000, &[(RANGE, header)]), *expected, "{header}");
    }

    #[test]
    fn a_range_is_what_rfc_9110_says() {
        ranged("bytes=0-499", &Part::Of(0..500));
        ranged("bytes=500-", &Part::Of(500..1000));
        ranged("bytes=-200", &Part::Of(800..1000));
        ranged("bytes=-2000", &Part::Of(0..1000));
        ranged("bytes=999-5000", &Part::Of(999..1000));
        ranged("Bytes=0-0", &Part::Of(0..1));
        ranged("bytes=1000-", &Part::Unsatisfiable);
        ranged("bytes=-0", &Part::Unsatisfiable);
    }

    #[test]
    fn what_is_no_single_range_gets_the_whole() {
        for header in
            ["bytes=", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-9", "bytes=-1-2", "0-5", ""]
        {
            let got = part(1000, &[(RANGE, header)]);
            assert!(matches!(got, Part::Whole | Part::Unsatisfiable), "{header}: {got:?}");
        }
        ranged("bytes=0-1,5-9", &Part::Whole);
        ranged("lines=1-2", &Part::Whole);
        assert_eq!(part(0, &[(RANGE, "bytes=0-")]), Part::Whole);
    }

    #[test]
    fn a_part_of_another_version_is_not_given() {
        let cut = (RANGE, "bytes=0-9");
        for same in [ETAG, "Thu, 01 Jan 2026 00:00:00 GMT"] {
            assert_eq!(part(1000, &[cut.clone(), (IF_RANGE, same)]), Part::Of(0..10), "{same}");
        }
        for other in
            ["\"abd\"", "W/\"abc\"", "Wed, 31 Dec 2025 00:00:00 GMT", "Fri, 02 Jan 2026 00:00:00 GMT", "x"]
        {
            assert_eq!(part(1000, &[cut.clone(), (IF_RANGE, other)]), Part::Whole, "{other}");
        }
    }

    #[test]
    fn who_has_it_gets_nothing_again() {
        for tags in [ETAG, "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert_eq!(part(1000, &[(IF_NONE_MATCH, tags)]), Part::Known, "{tags}");
        }
        assert_eq!(part(1000, &[(IF_NONE_MATCH, "\"x\"")]), Part::Whole);
        let (then, earlier) = ("Thu, 01 Jan 2026 00:00:00 GMT", "Wed, 31 Dec 2025 00:00:00 GMT");
        assert_eq!(part(1000, &[(IF_MODIFIED_SINCE, then)]), Part::Known);
        assert_eq!(part(1000, &[(IF_MODIFIED_SINCE, earlier)]), Part::Whole);
        assert_eq!(part(1000, &[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, then)]), Part::Whole);
        assert_eq!(part(1000, &[(IF_MATCH, "\"x\"")]), Part::Changed);
        assert_eq!(part(1000, &[(IF_MATCH, ETAG)]), Part::Whole);
        assert_eq!(part(1000, &[(IF_UNMODIFIED_SINCE, earlier)]), Part::Changed);
    }

    #[test]
    fn dates_are_written_as_http_reads_them() {
        let moment = Timestamp::from_millis(MODIFIED);
        assert_eq!(http_date(moment).as_deref(), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "bytes=[0-9]{0,20}-[0-9]{0,20}(,[0-9-]{0,9})?|.{0,40}", length in 0_u64..5000) {
            prop_assume!(HeaderValue::from_str(&header).is_ok());
            if let Part::Of(range) = part(length, &[(RANGE, &header)]) {
                prop_assert!(range.start < range.end && range.end <= length);
            }
        }
    }
}
