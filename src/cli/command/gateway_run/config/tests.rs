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
        ("ledger = \"a\"\n[[poll]]\nport = \"b\"\nmap = \"sdm120\"\nunit = [true]", 5, 8, "a list of them"),
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
fn a_bus_is_polled_by_one_table_and_read_by_none() {
    let poll = |port: &str| format!("[[poll]]\nport = \"{port}\"\nmap = \"sdm120\"\nunit = [1]\n");
    let read = |port: &str| format!("[[port]]\nport = \"{port}\"\n");
    for (tables, says) in [
        ([poll("/dev/ttyNone"), poll("/dev/ttyNone")], Some("two [[poll]] are of one bus")),
        ([poll("tcp://h:1"), poll("tcp://h:1")], Some("two [[poll]] are of one bus")),
        ([poll("/dev/ttyNone"), read("/dev/ttyNone")], Some("a [[port]] reads this port already")),
        ([poll("/dev/ttyNone"), poll("/dev/ttyNothing")], None),
        ([poll("tcp://h:1"), read("tcp://h:2")], None),
    ] {
        let text = format!("ledger = \"a\"\n{}", tables.concat());
        let found = problems(&text);
        match says {
            Some(says) => {
                let is_said = found.iter().any(|(.., message)| message.contains(says));
                assert!(is_said, "{text}\n{found:?}");
            }
            None => assert!(found.is_empty(), "{text}\n{found:?}"),
        }
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
        ("ledger = \"a\"\n[[port]]\nport = \"a\"\nno-reconnect = true", 4, 1, "unknown key \"no-reconnect\""),
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
