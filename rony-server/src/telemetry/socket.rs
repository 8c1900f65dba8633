//! How many gateway connections there are, and how they end.

pub(super) const SOCKETS: &str = "rony_gateway_sockets";
pub(super) const SOCKETS_CLOSED: &str = "rony_gateway_closed_total";

/// A connection counts for as long as this lives.
pub(crate) struct OpenSocket(());

impl OpenSocket {
    /// One more.
    pub(crate) fn count() -> Self {
        metrics::gauge!(SOCKETS).increment(1.0);
        Self(())
    }

    /// It ended, with this code.
    pub(crate) fn closed(self, code: u16) {
        metrics::counter!(SOCKETS_CLOSED, "code" => code.to_string()).increment(1);
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        metrics::gauge!(SOCKETS).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn connections_are_counted_while_they_are_open() {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            let (first, _second) = (OpenSocket::count(), OpenSocket::count());
            first.closed(4008);
            let text = recorder.handle().render();
            assert!(text.contains("rony_gateway_sockets 1"), "{text}");
            assert!(text.contains(r#"rony_gateway_closed_total{code="4008"} 1"#), "{text}");
        });
    }
}
