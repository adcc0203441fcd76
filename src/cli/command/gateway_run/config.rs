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
//! A `[[port]]` takes what `foil device read` takes, a `[[poll]]` what `foil device poll` takes, under the same names. Paths are
//! those from the folder of the file.

use std::{
    net::SocketAddr,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{ArgAction, Command, error::ErrorKind};

use crate::{
    cli::command::{device_poll, device_read},
    device::port::address::DeviceAddress,
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
    /// The buses that are polled
    pub(super) polls: Vec<device_poll::Args>,
}

/// Options that a gateway decides itself: what it reads it reads until it ends.
const OWN: [&str; 8] = ["for", "idle-timeout", "no-reconnect", "wait", "bad", "tee", "print-map", "port"];

impl GatewayConfig {
    /// Reads a file that stands in this folder.
    ///
    /// # Errors
    /// Everything that is wrong with it, with places.
    pub(in crate::cli::command) fn parse(text: &str, folder: &Path) -> Result<Self, Vec<TomlProblem>> {
        let file = TomlFile::parse(text)?;
        let mut reading = ConfigReading { file: &file, folder, problems: Vec::new() };
        let root = &file.root;
        let in_folder = |path: &str| folder.join(path);
        reading.refuse_unknown(
            root,
            "",
            &["ledger", "key", "delay", "wait", "spill", "listen", "expose", "port", "poll"],
        );
        let ledger = reading.text(root, "ledger").filter(|ledger| !ledger.is_empty()).map(in_folder);
        if ledger.is_none() && root.get("ledger").is_none() {
            reading
                .problem(0..0, "`ledger` is missing: the folder of the ledger that the readings are kept in");
        }
        let ports = reading.ports(root);
        let config = Self {
            ledger: ledger.unwrap_or_default(),
            key: reading.text(root, "key").map(str::to_owned),
            delay: reading.parsed(root, "delay", device_read::typed::span),
            wait: reading.parsed(root, "wait", device_read::typed::span),
            spill: reading.text(root, "spill").map(in_folder),
            listen: reading.parsed(root, "listen", super::address),
            expose: reading.truth(root, "expose"),
            polls: reading.polls(root, &ports),
            ports,
        };
        if root.get("port").is_none() && root.get("poll").is_none() {
            reading.problem(0..0, "no [[port]], no [[poll]]: a gateway reads one device at least");
        }
        reading.problems.sort_by_key(|problem| problem.bytes.start);
        if reading.problems.is_empty() { Ok(config) } else { Err(reading.problems) }
    }
}

/// A file that is being read, and what is wrong with it so far.
struct ConfigReading<'a> {
    file: &'a TomlFile,
    folder: &'a Path,
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

    /// The tables of this name, with their paths.
    fn tables(&mut self, root: &'a Object, name: &str) -> Vec<(String, &'a Object)> {
        let Some(value) = root.get(name) else { return Vec::new() };
        let tables: Option<Vec<&Object>> =
            value.as_array().and_then(|tables| tables.iter().map(Value::as_object).collect());
        let Some(tables) = tables.filter(|tables| !tables.is_empty()) else {
            let [place, _] = self.places(name);
            self.problem(place, format!("expected tables ([[{name}]])"));
            return Vec::new();
        };
        tables.into_iter().enumerate().map(|(at, table)| (format!("{name}[{at}]"), table)).collect()
    }

    fn ports(&mut self, root: &'a Object) -> Vec<device_read::Args> {
        let mut ports: Vec<device_read::Args> = Vec::new();
        for (path, table) in self.tables(root, "port") {
            let Some(port) = self.options::<device_read::Args>(table, &path) else { continue };
            let [place, _] = self.places(&path);
            if let Err(why) = port.check() {
                self.problem(place, format!("{why:#}"));
                continue;
            }
            if ports.iter().any(|other| other.device_name() == port.device_name()) {
                let name = port.device_name();
                self.problem(
                    place.clone(),
                    format!("two ports are called {name:?}: `device` tells them apart"),
                );
            }
            if let Some(other) = ports.iter().find(|other| other.port.is_same_device(&port.port)) {
                let (name, other) = (port.device_name(), other.device_name());
                if name != other {
                    self.problem(
                        place,
                        format!("{name:?} and {other:?} are one port, which only one can read"),
                    );
                }
            }
            ports.push(port);
        }
        ports
    }

    /// The buses. Two that poll one bus would take each other's answers for their own, also at a server that lets both in.
    fn polls(&mut self, root: &'a Object, ports: &[device_read::Args]) -> Vec<device_poll::Args> {
        let mut polls: Vec<device_poll::Args> = Vec::new();
        for (path, table) in self.tables(root, "poll") {
            let Some(poll) = self.options::<device_poll::Args>(table, &path) else { continue };
            let [place, _] = self.places(&path);
            let is_ours =
                |other: &DeviceAddress| poll.port.as_ref().is_some_and(|port| port.is_same_device(other));
            if polls.iter().filter_map(|other| other.port.as_ref()).any(is_ours) {
                self.problem(
                    place,
                    "two [[poll]] are of one bus: one map with all its units asks them in turn",
                );
            } else if ports.iter().any(|other| is_ours(&other.port)) {
                self.problem(place, "a [[port]] reads this port already, and only one can have it");
            }
            polls.push(poll);
        }
        polls
    }

    /// One table: each key is an option of a command, but for `port`, which is its PORT.
    fn options<A: clap::Args>(&mut self, table: &Object, path: &str) -> Option<A> {
        let command = A::augment_args(Command::new("port").no_binary_name(true));
        let options: Vec<&clap::Arg> = command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some_and(|long| !OWN.contains(&long)))
            .collect();
        let known: Vec<&str> =
            std::iter::once("port").chain(options.iter().filter_map(|arg| arg.get_long())).collect();
        let before = self.problems.len();
        self.refuse_unknown(table, path, &known);
        let [_, place] = self.places(&member(path, "port"));
        let Some(port) = table.get("port").and_then(Value::as_str) else {
            self.problem(place, "`port` is missing: a device file, usb:…, tcp://… or sim:…, as text");
            return None;
        };
        if port == "-" {
            self.problem(place.clone(), "a gateway reads ports, not standard input");
        }
        if port
            .parse()
            .is_ok_and(|port: DeviceAddress| matches!(port.or_recording(), DeviceAddress::Recording { .. }))
        {
            self.problem(place.clone(), "a gateway reads ports, not recordings, whose times are past");
        }
        if let Err(why) = port.parse::<DeviceAddress>() {
            self.problem(place, format!("{port:?}: {why}"));
            return None;
        }
        let mut words = vec![port.to_owned()];
        for (name, value) in table.iter().filter(|(name, _)| *name != "port") {
            if let Some(option) = options.iter().find(|option| option.get_long() == Some(name)) {
                words.extend(self.option(option, name, value, path));
            }
        }
        // What is wrong with one value is told where that stands; what is wrong with all of them, at the table.
        for word in &words[1..] {
            let alone = command.clone().try_get_matches_from([port, word]);
            if let Err(why) = alone.map_err(|why| (why.kind(), told(&why)))
                && matches!(why.0, ErrorKind::InvalidValue | ErrorKind::ValueValidation)
            {
                let name = word.trim_start_matches("--").split('=').next().unwrap_or_default();
                let [_, place] = self.places(&member(path, name));
                self.problem(place, why.1);
            }
        }
        if self.problems.len() > before {
            return None;
        }
        let read = command.try_get_matches_from(&words).and_then(|matches| A::from_arg_matches(&matches));
        let [place, _] = self.places(path);
        read.map_err(|why| self.problem(place, told(&why))).ok()
    }

    /// The words of one option; a list repeats it.
    fn option(&mut self, option: &clap::Arg, name: &str, value: &Value, path: &str) -> Vec<String> {
        let is_flag = matches!(option.get_action(), ArgAction::SetTrue);
        let is_list = matches!(option.get_action(), ArgAction::Append);
        let word = |value: &Value| match value {
            Value::String(text) => Some(format!("--{name}={}", self.in_folder(name, text))),
            Value::Number(_) => Some(format!("--{name}={}", value.to_canonical())),
            _ => None,
        };
        let words = match value {
            Value::Bool(truth) if is_flag => Some(truth.then(|| format!("--{name}")).into_iter().collect()),
            Value::Array(elements) if is_list => elements.iter().map(word).collect(),
            value if !is_flag => word(value).map(|word| vec![word]),
            _ => None,
        };
        words.unwrap_or_else(|| {
            let wanted = match (is_flag, is_list) {
                (true, _) => "true or false",
                (_, true) => "text, a number, or a list of them",
                _ => "text or a number",
            };
            let [_, place] = self.places(&member(path, name));
            self.problem(place, format!("expected {wanted}, found {}", value.kind()));
            Vec::new()
        })
    }

    /// A map that lies in the folder of the file; others are built in.
    fn in_folder(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(text);
        if name == "map" && path.is_file() { path.display().to_string() } else { text.to_owned() }
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
mod tests;
