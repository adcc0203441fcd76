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
        let config = Self {
            ledger: ledger.unwrap_or_default(),
            key: reading.text(root, "key").map(str::to_owned),
            delay: reading.parsed(root, "delay", device_read::typed::span),
            wait: reading.parsed(root, "wait", device_read::typed::span),
            spill: reading.text(root, "spill").map(in_folder),
            listen: reading.parsed(root, "listen", super::address),
            expose: reading.truth(root, "expose"),
            ports: reading.ports(root),
            polls: reading.polls(root),
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

    fn polls(&mut self, root: &'a Object) -> Vec<device_poll::Args> {
        let tables = self.tables(root, "poll");
        tables.into_iter().filter_map(|(path, table)| self.options(table, &path)).collect()
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
    fn a_poll_takes_what_device_poll_takes() {
        let text = "ledger = \"a\"\n[[poll]]\nport = \"/dev/ttyUSB1\"\nmap = \"sdm120\"\nunit = [1, 2]\nevery = \"10s\"\nalign = true\n[[poll]]\nport = \"tcp://h:1\"\nunit = 3\nreg = [\"input 0 f32 voltage V\", \"input 6 f32 current A\"]";
        let config = GatewayConfig::parse(text, Path::new("")).map_err(|_| problems(text)).unwrap();
        assert_eq!((config.ports.len(), config.polls.len()), (0, 2));
        for (text, line, column, says) in [
            ("ledger = \"a\"\n[[poll]]\nport = \"b\"\nmap = \"sdm120\"\nunit = [0]", 5, 8, "0 is not in"),
            (
                "ledger = \"a\"\n[[poll]]\nport = \"b\"\nmap = \"sdm120\"\nunit = [true]",
                5,
                8,
                "a list of them",
            ),
            ("ledger = \"a\"\n[[poll]]\nport = \"b\"", 2, 1, "required"),
            ("ledger = \"a\"\n[[poll]]\nport = \"b\"\nreg = \"input\"", 4, 7, ""),
        ] {
            let found = problems(text);
            assert!(
                found.iter().any(|(l, c, message)| (*l, *c) == (line, column) && message.contains(says)),
                "{text}\n{found:?}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let good = "ledger = \"a\"\n";
        for (text, line, column, says) in [
            ("[[port]]\nport = \"sim:gps\"", 1, 1, "`ledger` is missing"),
            (good, 1, 1, "no [[port]], no [[poll]]"),
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
                4,
                1,
                "two ports are called \"a\"",
            ),
            (
                "ledger = \"a\"\n[[port]]\nport = \"/dev/null\"\n[[port]]\nport = \"/dev/../dev/null\"\ndevice = \"b\"",
                4,
                1,
                "\"b\" and \"null\" are one port",
            ),
            (
                "ledger = \"a\"\n[[port]]\nport = \"tcp://h:1\"\n[[port]]\nport = \"tcp://h:1\"\ndevice = \"b\"",
                4,
                1,
                "\"b\" and \"h:1\" are one port",
            ),
            ("ledger = \"a\"\nport = 3", 2, 1, "expected tables"),
        ] {
            let found = problems(text);
            assert!(
                found.iter().any(|(l, c, message)| (*l, *c) == (line, column) && message.contains(says)),
                "{text}\n{found:?}"
            );
        }
        let twins = "ledger = \"a\"\nkey = \"k\"\n[[port]]\nport = \"sim:gps\"\n[[port]]\nport = \"sim:gps\"\ndevice = \"b\"";
        assert!(!problems(twins).iter().any(|(.., message)| message.contains("one port")));
    }
}
