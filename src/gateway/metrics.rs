//! What a gateway knows, in the text form of Prometheus.
//!
//! ```text
//! # HELP foil_readings_total Readings of a device.
//! # TYPE foil_readings_total counter
//! foil_readings_total{device="cold-room-3"} 17
//! foil_value{device="cold-room-3",name="temperature",unit="Cel"} 4.2
//! ```
//!
//! Format: <https://prometheus.io/docs/instrumenting/exposition_formats/>. Values that are no numbers are not told.

use std::fmt::Write;

use super::state::{GatewayHealth, PortHealth, PortLink};
use crate::json::{Object, Value, parse_object};

/// A metric: its name, its type, what it is, and its samples, each with its labels.
type Metric = (&'static str, &'static str, &'static str, Vec<(String, String)>);

/// Everything that is known.
pub(super) fn text(health: &GatewayHealth) -> String {
    let mut text = String::new();
    for (name, kind, help, samples) in metrics(health) {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    }
    text
}

fn metrics(health: &GatewayHealth) -> [Metric; 10] {
    let each = |value: &dyn Fn(&PortHealth) -> String| {
        health.ports.iter().map(|port| (device(port), value(port))).collect::<Vec<_>>()
    };
    let one = |value: String| vec![(String::new(), value)];
    let last_at =
        health.ports.iter().filter_map(|port| Some((device(port), seconds(port.last_at?.millis()))));
    [
        (
            "foil_up",
            "gauge",
            "Whether the ledger can be written.",
            one(u8::from(health.can_keep()).to_string()),
        ),
        (
            "foil_ledger_entries",
            "gauge",
            "Entries of the ledger.",
            health.size.map(|size| one(size.to_string())).unwrap_or_default(),
        ),
        ("foil_queued_records", "gauge", "Records that wait in memory.", one(health.queued.to_string())),
        (
            "foil_spilled_records",
            "gauge",
            "Records that wait in the spill file.",
            one(health.spilled.to_string()),
        ),
        (
            "foil_refused_records_total",
            "counter",
            "Records that the rules of the ledger refused.",
            one(health.refused.to_string()),
        ),
        (
            "foil_port_open",
            "gauge",
            "Whether a device can be read.",
            each(&|port| u8::from(port.link == PortLink::Open).to_string()),
        ),
        ("foil_readings_total", "counter", "Readings of a device.", each(&|port| port.readings.to_string())),
        (
            "foil_bad_frames_total",
            "counter",
            "Frames of a device that were refused.",
            each(&|port| port.bad_frames.to_string()),
        ),
        ("foil_last_reading_timestamp_seconds", "gauge", "When the last reading came.", last_at.collect()),
        (
            "foil_value",
            "gauge",
            "Values of the last reading of a device.",
            health.ports.iter().flat_map(values).collect(),
        ),
    ]
}

fn device(port: &PortHealth) -> String {
    format!("{{device={}}}", quoted(&port.device))
}

/// The numbers of a port's last reading; true and false are 1 and 0.
fn values(port: &PortHealth) -> Vec<(String, String)> {
    let last = port.last.as_deref().and_then(|last| parse_object(last.as_bytes()).ok());
    let Some(last) = last else { return Vec::new() };
    let unit = |name: &str| last.get("units")?.as_object()?.str(name).map(str::to_owned);
    let values = last.get("values").and_then(Value::as_object).into_iter().flat_map(Object::iter);
    let number = |value: &Value| match value {
        Value::Number(_) => Some(value.to_canonical()),
        Value::Bool(truth) => Some(u8::from(*truth).to_string()),
        _ => None,
    };
    let sample = |(name, value): (&str, &Value)| {
        let unit = unit(name).map(|unit| format!(",unit={}", quoted(&unit))).unwrap_or_default();
        Some((format!("{{device={},name={}{unit}}}", quoted(&port.device), quoted(name)), number(value)?))
    };
    values.filter_map(sample).collect()
}

fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

/// A label's value: backslashes, quotes and line feeds are escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gateway::state::GatewayState, time::Time};

    #[test]
    fn numbers_are_samples_and_names_are_escaped() {
        let state = GatewayState::new(["pro\"be\\".to_owned(), "silent".to_owned()].into_iter());
        let mut health = state.lock().clone();
        health.ports[0].last = Some(
            r#"{"type":"reading","units":{"t":"Cel"},"values":{"door":true,"s\n":1e-7,"t":4.2,"text":"x","void":null}}"#
                .to_owned(),
        );
        (health.ports[0].last_at, health.ports[0].readings) = (Time::from_millis(1_500), 3);
        health.ports[0].link = PortLink::Open;
        let text = text(&health);
        for line in [
            r#"foil_value{device="pro\"be\\",name="t",unit="Cel"} 4.2"#,
            r#"foil_value{device="pro\"be\\",name="door"} 1"#,
            r#"foil_value{device="pro\"be\\",name="s\n"} 1e-7"#,
            r#"foil_port_open{device="silent"} 0"#,
            r#"foil_readings_total{device="pro\"be\\"} 3"#,
            r#"foil_last_reading_timestamp_seconds{device="pro\"be\\"} 1.500"#,
            "foil_up 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert!(!text.contains("void") && !text.contains("name=\"text\""));
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("foil_")));
    }
}
