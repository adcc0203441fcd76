//! `gateway.toml`: what a gateway reads, and where it keeps it.
//!
//! ```toml
//! ledger = "cold-room"
//! key = "gateway"
//!
//! [[port]]
//! port = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"
//! format = "json"
//! device = "cold-room-3"
//! ```
//!
//! A `[[port]]` takes what `foil device read` takes, under the same names. Paths are those from the folder of the file.

use std::{
    net::SocketAddr,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{ArgAction, Command, FromArgMatches as _};

use crate::{
    cli::command::device_read,
    json::{Object, Value},
    likeness,
    time::Span,
    toml_file::{TomlFile, TomlProblem},
};

/// What a gateway's file says.
pub(in crate::cli::command) struct GatewayConfig {
    /// The ledger's folder
    pub(super) ledger: PathBuf,
    /// The key that signs; `None`: it is named elsewhere
    pub(super) key: Option<String>,
    /// How long a batch waits for more records
    pub(super) delay: Option<Span>,
    /// How long to wait for the ledger's lock
    pub(super) wait: Option<Span>,
    /// Where records are kept that cannot be appended
    pub(super) spill: Option<PathBuf>,
    /// Where the gateway says how it is
    pub(super) listen: Option<SocketAddr>,
    /// Whether that may be an address that others reach
    pub(super) expose: bool,
    /// What is read
    pub(super) ports: Vec<device_read::Args>,
}

/// Options of `device read` that a gateway decides itself: its ports are read until it ends.
const OWN: [&str; 7] = ["for", "idle-timeout", "no-reconnect", "wait", "bad", "tee", "port"];

impl GatewayConfig {
    /// Reads a file that stands in this folder.
    ///
    /// # Errors
    /// Everything that is wrong with it, with places.
    pub(in crate::cli::command) fn parse(text: &str, folder: &Path) -> Result<Self, Vec<TomlProblem>> {
        let file = TomlFile::parse(text)?;
        let mut reading = ConfigReading { file: &file, problems: Vec::new() };
        let root = &file.root;
        let in_folder = |path: &str| folder.join(path);
        reading.refuse_unknown(
            root,
            "",
            &["ledger", "key", "delay", "wait", "spill", "listen", "expose", "port"],
        );
        let ledger = reading.text(root, "ledger").filter(|ledger| !ledger.is_empty()).map(in_folder);
        if ledger.is_none() && root.get("ledger").is_none() {
            reading
                .problem(0..0, "`ledger` is missing: the folder of the ledger that the readings are kept in");
        }
        let config = Self {
            ledger: ledger.unwrap_or_default(),
            key: reading.text(root, "key").map(str::to_owned),
            delay: reading.parsed(root, "delay", |text| device_read::typed::span(text)),
            wait: reading.parsed(root, "wait", |text| device_read::typed::span(text)),
            spill: reading.text(root, "spill").map(in_folder),
            listen: reading.parsed(root, "listen", super::address),
            expose: reading.truth(root, "expose"),
            ports: reading.ports(root),
        };
        reading.problems.sort_by_key(|problem| problem.bytes.start);
        if reading.problems.is_empty() { Ok(config) } else { Err(reading.problems) }
    }
}

/// A file that is being read, and what is wrong with it so far.
struct ConfigReading<'a> {
    file: &'a TomlFile,
    problems: Vec<TomlProblem>,
}

impl<'a> ConfigReading<'a> {
    fn problem(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        self.problems.push(TomlProblem { bytes, message: message.into() });
    }

    /// The places of a member's name and value.
    fn places(&self, path: &str) -> [Range<usize>; 2] {
        self.file.nearest(path).cloned().unwrap_or([0..0, 0..0])
    }

    fn refuse_unknown(&mut self, table: &Object, path: &str, known: &[&str]) {
        for (name, _) in table.iter().filter(|(name, _)| !known.contains(name)) {
            let near = likeness::nearest(name, known.iter().copied());
            let near = near.map_or_else(String::new, |near| format!(", did you mean {near:?}?"));
            let [place, _] = self.places(&member(path, name));
            self.problem(place, format!("unknown key {name:?}{near} (there is {})", known.join(", ")));
        }
    }

    fn text(&mut self, table: &'a Object, name: &str) -> Option<&'a str> {
        let value = table.get(name)?;
        if value.as_str().is_none() {
            let [_, place] = self.places(name);
            self.problem(place, format!("expected text, found {}", value.kind()));
        }
        value.as_str()
    }

    fn parsed<T>(
        &mut self,
        table: &'a Object,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(table, name)?;
        let [_, place] = self.places(name);
        parse(text).map_err(|why| self.problem(place, format!("{text:?}: {why}"))).ok()
    }

    fn truth(&mut self, table: &Object, name: &str) -> bool {
        let Some(value) = table.get(name) else { return false };
        if value.as_bool().is_none() {
            let [_, place] = self.places(name);
            self.problem(place, format!("expected true or false, found {}", value.kind()));
        }
        value.as_bool().unwrap_or(false)
    }

    fn ports(&mut self, root: &Object) -> Vec<device_read::Args> {
        let Some(value) = root.get("port") else {
            self.problem(0..0, "no [[port]]: a gateway reads one device at least");
            return Vec::new();
        };
        let tables: Option<Vec<&Object>> =
            value.as_array().and_then(|tables| tables.iter().map(Value::as_object).collect());
        let Some(tables) = tables.filter(|tables| !tables.is_empty()) else {
            let [place, _] = self.places("port");
            self.problem(place, "expected tables ([[port]])");
            return Vec::new();
        };
        let mut ports: Vec<device_read::Args> = Vec::new();
        for (at, table) in tables.into_iter().enumerate() {
            let path = format!("port[{at}]");
            let Some(port) = self.port(table, &path) else { continue };
            if ports.iter().any(|other| other.device_name() == port.device_name()) {
                let [place, _] = self.places(&path);
                let name = port.device_name();
                self.problem(place, format!("two ports are called {name:?}: `device` tells them apart"));
            }
            ports.push(port);
        }
        ports
    }

    /// One `[[port]]`: each key is an option of `device read`.
    fn port(&mut self, table: &Object, path: &str) -> Option<device_read::Args> {
        let command =
            <device_read::Args as clap::Args>::augment_args(Command::new("port").no_binary_name(true));
        let options: Vec<&clap::Arg> = command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some_and(|long| !OWN.contains(&long)))
            .collect();
        let known: Vec<&str> =
            std::iter::once("port").chain(options.iter().filter_map(|arg| arg.get_long())).collect();
        let before = self.problems.len();
        self.refuse_unknown(table, path, &known);
        let Some(port) = table.get("port").and_then(Value::as_str) else {
            let [place, _] = self.places(&member(path, "port"));
            self.problem(place, "`port` is missing: a device file, usb:…, tcp://… or sim:…, as text");
            return None;
        };
        if port == "-" {
            let [_, place] = self.places(&member(path, "port"));
            self.problem(place, "a gateway reads ports, not standard input");
        }
        let mut words = vec![port.to_owned()];
        if let Err(why) = command.clone().try_get_matches_from(&words) {
            let [_, place] = self.places(&member(path, "port"));
            self.problem(place, format!("{port:?}: {}", told(&why)));
            return None;
        }
        for (name, value) in table.iter().filter(|(name, _)| *name != "port") {
            let Some(option) = options.iter().find(|option| option.get_long() == Some(name)) else {
                continue;
            };
            let is_flag = matches!(option.get_action(), ArgAction::SetTrue);
            let [_, place] = self.places(&member(path, name));
            let word = match value {
                Value::Bool(true) if is_flag => format!("--{name}"),
                Value::Bool(false) if is_flag => continue,
                Value::String(text) if !is_flag => format!("--{name}={text}"),
                Value::Number(_) if !is_flag => format!("--{name}={}", value.to_canonical()),
                other => {
                    let wanted = if is_flag { "true or false" } else { "text or a number" };
                    self.problem(place, format!("expected {wanted}, found {}", other.kind()));
                    continue;
                }
            };
            match command.clone().try_get_matches_from([port, &word]) {
                Ok(_) => words.push(word),
                Err(why) => self.problem(place, told(&why)),
            }
        }
        if self.problems.len() > before {
            return None;
        }
        let read = command
            .try_get_matches_from(&words)
            .and_then(|matches| device_read::Args::from_arg_matches(&matches));
        let [place, _] = self.places(path);
        let read = read.map_err(|why| self.problem(place.clone(), told(&why))).ok()?;
        read.check().map_err(|why| self.problem(place, format!("{why:#}"))).ok()?;
        Some(read)
    }
}

fn member(table: &str, name: &str) -> String {
    crate::toml_file::member(table, name)
}

/// What the parser of arguments says of a value, in one line.
fn told(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.trim_start_matches("error: ").lines().map(str::trim);
    let lines =
        lines.take_while(|line| !line.is_empty() && !line.starts_with("tip:") && !line.starts_with("Usage:"));
    let text = lines.collect::<Vec<_>>().join(" ");
    // Arguments are not what the user has typed.
    text.split_once("': ").map_or(text.clone(), |(_, why)| why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toml_file::position_in;

    fn problems(text: &str) -> Vec<(usize, usize, String)> {
        let Err(problems) = GatewayConfig::parse(text, Path::new("/etc/foil")) else { return Vec::new() };
        let place = |problem: TomlProblem| {
            let spot = position_in(text, problem.bytes);
            (spot.line, spot.column, problem.message)
        };
        problems.into_iter().map(place).collect()
    }

    #[test]
    fn a_port_takes_what_device_read_takes() {
        let text = "ledger = \"cold-room\"\nspill = \"/var/spill\"\ndelay = \"1s\"\nlisten = \"127.0.0.1:9464\"\n[[port]]\nport = \"usb:0403:6001\"\nbaud = 9600\nformat = \"nmea\"\nallow-mismatch = true\n[[port]]\nport = \"sim:cold-room\"\ncount = 3\nseed = 1";
        let config = GatewayConfig::parse(text, Path::new("/etc/foil")).map_err(|_| problems(text)).unwrap();
        assert_eq!(config.ledger, Path::new("/etc/foil/cold-room"));
        assert_eq!(config.spill.as_deref(), Some(Path::new("/var/spill")));
        assert_eq!((config.delay, config.ports.len()), (Some(Span::from_millis(1_000)), 2));
        assert_eq!(config.ports[0].device_name(), "0403:6001");
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let good = "ledger = \"a\"\n";
        for (text, line, column, says) in [
            ("[[port]]\nport = \"sim:gps\"", 1, 1, "`ledger` is missing"),
            (good, 1, 1, "no [[port]]"),
            ("ledger = 3\n[[port]]\nport = \"sim:gps\"", 1, 10, "expected text, found a number"),
            ("ledgr = \"a\"\n", 1, 1, "unknown key \"ledgr\", did you mean \"ledger\"?"),
            (
                "ledger = \"a\"\n[[port]]\nprot = \"sim:gps\"",
                3,
                1,
                "unknown key \"prot\", did you mean \"port\"?",
            ),
            ("ledger = \"a\"\n[[port]]\nport = \"sim:toaster\"", 3, 8, "no simulated device"),
            ("ledger = \"a\"\n[[port]]\nport = \"-\"", 3, 8, "not standard input"),
            ("ledger = \"a\"\n[[port]]\nport = \"a\"\nformat = \"jsn\"", 4, 10, "not one of json"),
            ("ledger = \"a\"\n[[port]]\nport = \"a\"\nbaud = \"fast\"", 4, 8, "invalid digit"),
            ("ledger = \"a\"\n[[port]]\nport = \"a\"\nallow-mismatch = 1", 4, 18, "expected true or false"),
            (
                "ledger = \"a\"\n[[port]]\nport = \"a\"\nno-reconnect = true",
                4,
                1,
                "unknown key \"no-reconnect\"",
            ),
            ("ledger = \"a\"\n[[port]]\nport = \"a\"\nseed = 1", 2, 1, "simulated"),
            ("ledger = \"a\"\nlisten = \"9464\"\n[[port]]\nport = \"a\"", 2, 10, "wants"),
            (
                "ledger = \"a\"\n[[port]]\nport = \"a\"\n[[port]]\nport = \"/b/a\"",
                2,
                1,
                "two ports are called \"a\"",
            ),
            ("ledger = \"a\"\nport = 3", 2, 1, "expected tables"),
        ] {
            let found = problems(text);
            assert!(
                found.iter().any(|(l, c, message)| (*l, *c) == (line, column) && message.contains(says)),
                "{text}\n{found:?}"
            );
        }
    }
}
