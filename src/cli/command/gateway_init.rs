//! `foil gateway init`: everything that a gateway needs, in one folder.

mod heard;

use std::{
    fs,
    io::Write as _,
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::{Command, FromArgMatches as _};

use super::{chain_init, device_read::typed, gateway_run::config::GatewayConfig, keygen};
use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        keys, paste,
        term::{Term, Tty, escape},
    },
    device::port::{
        access,
        address::DeviceAddress,
        list::{self, PortInfo},
    },
    json::Value,
    key::file,
    object,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a gateway for the devices that are plugged in; asks about each",
        line: "foil gateway init plant -y --port sim:cold-room",
    },
    Example {
        does: "one for two devices, by the names that they shall have",
        line: "foil gateway init plant --port probe=/dev/ttyUSB0 --port meter=tcp://10.0.0.7:2001 --origin plant7.example/log",
    },
];

/// Write what a gateway needs: a key, a ledger, gateway.toml and a unit of systemd
///
/// Looks for serial ports, and asks on the terminal which of them are to be read; -y takes all, --port names them. Listens at
/// each, as foil device doctor does, for the format and the speed of what it speaks. Writes
/// into DIR: NAME.pem and NAME.did, the ledger's folder, gateway.toml, and foil-gateway.service, which is the unit for
/// this folder and this user. What is there already is never overwritten: then nothing is written. At the end it
/// says what to run next.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder; made if it is not there
    #[arg(default_value = ".", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// A device, repeated: PORT of foil device read, or NAME=PORT
    #[arg(long, value_name = "[NAME=]PORT", value_parser = named_port)]
    port: Vec<NamedPort>,

    /// What the key is called
    #[arg(long, value_name = "NAME", default_value = "gateway")]
    key: String,

    /// What the ledger's folder is called
    #[arg(long, value_name = "NAME", default_value = "ledger")]
    ledger: String,

    /// The ledger's name in its checkpoints, best a domain and a path; HOSTNAME/LEDGER where absent
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,

    /// How long to listen at the ports for what they speak; 0s: not at all
    #[arg(long = "for", value_name = "DURATION", value_parser = typed::span, default_value = "15s")]
    duration: Span,

    /// Ask nothing: read all ports that are there
    #[arg(short, long)]
    yes: bool,
}

/// A port, and what its device is to be called.
#[derive(Clone, Debug)]
struct NamedPort {
    name: String,
    port: DeviceAddress,
}

fn named_port(text: &str) -> Result<NamedPort, String> {
    let (name, port) = match text.split_once('=') {
        Some((name, port)) if !name.is_empty() && !name.contains('/') => (Some(name), port),
        _ => (None, text),
    };
    let port: DeviceAddress = port.parse()?;
    if matches!(port, DeviceAddress::Stdin) {
        return Err("a gateway reads ports, not standard input".to_owned());
    }
    Ok(NamedPort { name: name.map_or_else(|| port.device_name(), str::to_owned), port })
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    for name in [&args.key, &args.ledger] {
        ensure!(!name.is_empty() && !name.contains('/'), "{name:?}: a name of a file in DIR");
    }
    let files = GatewayFiles::of(args);
    files.refuse_existing()?;
    let ports = ports(args, term)?;
    let heard = heard::settings(&ports, args.duration, term);
    let text = config(args, &ports, &heard);
    // What would be refused later is said now, before anything is there.
    if let Err(problems) = GatewayConfig::parse(&text, &args.dir) {
        let why: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        anyhow::bail!("{}", why.join("; "));
    }
    fs::create_dir_all(&args.dir).with_context(|| args.dir.display().to_string())?;
    let key = keygen::Args::from_arg_matches(&matches::<keygen::Args>(&[&shown(&files.key)])?)?;
    keygen::run(&key, term)?;
    let mut words = vec![shown(&files.ledger), format!("--key={}", shown(&files.secret()))];
    words.extend(args.origin.iter().map(|origin| format!("--origin={origin}")));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ledger = chain_init::Args::from_arg_matches(&matches::<chain_init::Args>(&words)?)?;
    chain_init::run(&ledger, term)?;
    create(&files.config, &text)?;
    create(&files.unit, &unit(args, &ports)?)?;
    tell(&files, &ports, term)?;
    Ok(Outcome::Yes)
}

/// What is written.
struct GatewayFiles {
    key: PathBuf,
    ledger: PathBuf,
    config: PathBuf,
    unit: PathBuf,
}

impl GatewayFiles {
    fn of(args: &Args) -> Self {
        let file = |name: &str| args.dir.join(name);
        Self {
            key: file(&args.key),
            ledger: file(&args.ledger),
            config: file("gateway.toml"),
            unit: file(UNIT_NAME),
        }
    }

    fn secret(&self) -> PathBuf {
        file::pair(&self.key).0
    }

    fn refuse_existing(&self) -> anyhow::Result<()> {
        file::refuse_existing(&self.key).map_err(keys::with_hint)?;
        for path in [&self.ledger, &self.config, &self.unit] {
            if path.symlink_metadata().is_ok() {
                return Err(anyhow::anyhow!(
                    "{}: is there already, and nothing is overwritten",
                    path.display()
                ))
                .hint("another DIR, or --key and --ledger with other names");
            }
        }
        Ok(())
    }
}

const UNIT_NAME: &str = "foil-gateway.service";

/// The unit of the package, for the folder and the user of this gateway.
fn unit(args: &Args, ports: &[NamedPort]) -> anyhow::Result<String> {
    let dir = fs::canonicalize(&args.dir).with_context(|| args.dir.display().to_string())?;
    let program = std::env::current_exe().context("where this program lies")?;
    let (dir, program, key) = (in_unit(&dir), in_unit(&program), &args.key);
    let user = access::user(Path::new("/"));
    let text = include_str!("../../../packaging/foil-gateway.service");
    let lines = text.lines().skip_while(|line| line.starts_with('#') || line.is_empty()).filter_map(|line| {
        Some(match line {
            "User=foil" => format!("User={user}"),
            "StateDirectory=foil" => format!("ReadWritePaths={dir}"),
            // The key lies in the folder.
            line if line.starts_with("LoadCredential=") => return None,
            "ProtectHome=yes" if dir.starts_with("/home/") || dir.starts_with("/root") => return None,
            line if line.starts_with("ExecStart=") => {
                format!("ExecStart={program} gateway run {dir}/gateway.toml -q")
            }
            "IPAddressAllow=localhost" => format!("IPAddressAllow={}", hosts(ports)),
            line => line.replace("/var/lib/foil", &dir),
        })
    });
    let head = format!("# What {dir}/gateway.toml names, signed with {dir}/{key}.pem\n");
    Ok(lines.fold(head, |text, line| text + &line + "\n"))
}

/// Which addresses the service may talk with: this machine, and the servers of ports. A server's name may come to be any.
fn hosts(ports: &[NamedPort]) -> String {
    let servers = ports.iter().filter_map(|port| match &port.port {
        DeviceAddress::Tcp(server) => server.rsplit_once(':').map(|(host, _)| host.trim_matches(['[', ']'])),
        _ => None,
    });
    let mut hosts = vec!["localhost".to_owned()];
    for host in servers.filter(|host| *host != "localhost") {
        let Ok(address) = host.parse::<IpAddr>() else { return "any".to_owned() };
        let text = address.to_string();
        if !address.is_loopback() && !hosts.contains(&text) {
            hosts.push(text);
        }
    }
    hosts.join(" ")
}

/// A path in a unit, where a percent sign and a blank mean something.
fn in_unit(path: &Path) -> String {
    path.display().to_string().replace('%', "%%").replace(' ', "\\x20")
}

/// `heard`: for each port what was heard there, as lines of its table.
fn config(args: &Args, ports: &[NamedPort], heard: &[Option<String>]) -> String {
    let quoted = |text: &str| Value::from(text).to_canonical();
    let mut text = format!(
        "# What this gateway reads, and where it keeps it: man foil-gateway-run\n\nledger = {}\nkey = {}\n\n\
         # A batch a second: longer spares flash, and costs as much when the power fails\ndelay = \"1s\"\n\n\
         # What cannot be appended now\nspill = \"spill.jsonl\"\n\n\
         # How it is: curl http://127.0.0.1:9464/health\n# listen = \"127.0.0.1:9464\"\n",
        quoted(&args.ledger),
        quoted(&args.key),
    );
    for (NamedPort { name, port }, heard) in ports.iter().zip(heard) {
        let (port_name, device) = (quoted(&port.to_string()), quoted(name));
        text.extend(["\n[[port]]\nport = ", &port_name, "\ndevice = ", &device, "\n"]);
        match heard {
            Some(heard) => text += heard,
            None if matches!(port, DeviceAddress::Simulated(_)) => {}
            None => {
                text += "# What it speaks (foil device formats), and how fast\n# format = \"json\"\n# baud = 9600\n";
            }
        }
    }
    text
}

/// The ports that were named, or those of the machine that the operator wants.
fn ports(args: &Args, term: &mut Term) -> anyhow::Result<Vec<NamedPort>> {
    if !args.port.is_empty() {
        return Ok(args.port.clone());
    }
    let found = list::ports(Path::new("/"));
    let mut terminal = if args.yes { None } else { Tty::open() };
    if !args.yes && terminal.is_none() {
        return Err(anyhow::anyhow!("no terminal to ask at which ports to read"))
            .hint("--port [NAME=]PORT names one, -y takes all that are there");
    }
    let mut wanted = Vec::new();
    for info in &found {
        let path = info.by_id.as_ref().unwrap_or(&info.path);
        let Ok(port) = named_port(&path.display().to_string()) else { continue };
        let is_wanted = match &mut terminal {
            Some(terminal) => terminal.confirm("", &format!("read {}?", escape(&described(info, path))))?,
            None => true,
        };
        if is_wanted {
            wanted.push(port);
        }
    }
    if wanted.is_empty() {
        let why = if found.is_empty() { "no serial port is there" } else { "no port is to be read" };
        return Err(anyhow::anyhow!("{why}"))
            .hint("--port [NAME=]PORT names one, also one that is not plugged in yet");
    }
    term.detail(format!("{} of {} ports", wanted.len(), found.len()));
    Ok(wanted)
}

fn described(info: &PortInfo, path: &Path) -> String {
    let about = info.usb.as_ref().and_then(|usb| usb.name.clone()).or_else(|| info.driver.clone());
    about.map_or_else(|| path.display().to_string(), |about| format!("{} ({about})", path.display()))
}

fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = fs::File::create_new(path);
    file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    })
    .with_context(|| path.display().to_string())
}

fn tell(files: &GatewayFiles, ports: &[NamedPort], term: &mut Term) -> anyhow::Result<()> {
    let (config, unit) = (paste::path(&files.config), paste::path(&files.unit));
    let next = [
        format!("foil gateway run {config} --dry-run"),
        format!("foil gateway run {config}"),
        format!("sudo cp {unit} /etc/systemd/system/ && sudo systemctl enable --now foil-gateway"),
    ];
    if term.human() {
        let names: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
        term.text(&format!(
            "{config} reads {}; look it over: format and baud\nnext:\n  {}\n",
            escape(&names.join(", ")),
            next.join("\n  ")
        ))
    } else {
        term.data(&object! {
            "config": shown(&files.config),
            "unit": shown(&files.unit),
            "devices": ports.iter().map(|port| port.name.clone()).collect::<Vec<_>>(),
            "next": next.to_vec(),
        })
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The arguments of another command, as if they had been typed.
fn matches<A: clap::Args>(words: &[&str]) -> anyhow::Result<clap::ArgMatches> {
    let command = A::augment_args(Command::new("gateway init").no_binary_name(true));
    Ok(command.try_get_matches_from(words)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_may_talk_with_the_servers_of_its_ports() {
        let hosts =
            |ports: &[&str]| hosts(&ports.iter().map(|port| named_port(port).unwrap()).collect::<Vec<_>>());
        assert_eq!(hosts(&["/dev/ttyUSB0", "tcp://127.0.0.1:1", "tcp://localhost:2"]), "localhost");
        assert_eq!(
            hosts(&["m=tcp://10.0.0.7:2001", "n=tcp://10.0.0.7:2002", "tcp://[fd00::1]:1"]),
            "localhost 10.0.0.7 fd00::1"
        );
        assert_eq!(hosts(&["tcp://10.0.0.7:2001", "tcp://meter.lan:2001"]), "any");
    }
}
