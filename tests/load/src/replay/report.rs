//! The result: one line of JSON, and what is wrong with it in words.

use serde::Serialize;

/// What a replay came to, in the order in which it is printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    /// Posts that the server acknowledged.
    pub(crate) posted: u64,
    /// How many times a post must have reached a member: for each post, once for each member of its conversation.
    pub(crate) expected_deliveries: u64,
    /// How many times one did.
    pub(crate) delivered: u64,
    /// Deliveries that did not happen, and acknowledged posts that are not stored.
    pub(crate) lost: u64,
    /// What came or is stored once too often.
    pub(crate) duplicated: u64,
    /// What came or is stored after something that stands behind it in the log.
    pub(crate) out_of_order: u64,
    /// How many times a client connected again.
    pub(crate) reconnects: u64,
    /// How long it took from the first connection to the last delivery, in seconds.
    pub(crate) seconds: f64,
}

impl Report {
    /// The line that programs read.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
    }

    /// What must not be, in words; empty when all is well.
    pub(crate) fn faults(&self) -> Vec<String> {
        let counted =
            [("lost", self.lost), ("duplicated", self.duplicated), ("out of order", self.out_of_order)];
        let wrong = counted.into_iter().filter(|(_, count)| *count > 0);
        wrong.map(|(what, count)| format!("{count} deliveries {what}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_these_fields_in_this_order() {
        let report =
            Report { posted: 2, expected_deliveries: 6, delivered: 6, seconds: 1.5, ..Report::default() };
        let expected = concat!(
            r#"{"posted":2,"expected_deliveries":6,"delivered":6,"lost":0,"duplicated":0,"#,
            r#""out_of_order":0,"reconnects":0,"seconds":1.5}"#
        );
        assert_eq!(report.line(), expected);
        assert_eq!(report.faults(), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_named() {
        let report = Report { lost: 1, duplicated: 2, out_of_order: 3, ..Report::default() };
        assert_eq!(
            report.faults(),
            ["1 deliveries lost", "2 deliveries duplicated", "3 deliveries out of order"]
        );
    }
}
