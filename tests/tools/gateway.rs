//! A gateway on real pseudo-terminals, and what befalls it: plugs, locks, disks, kills.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use counterfoil::json::{self, Object};

use crate::{
    disk::SmallDisk,
    run::{Folder, Run},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    two_devices_are_read_and_an_absent_one_is_waited_for,
    a_plug_that_comes_loose_stops_no_other_device,
    a_bus_is_polled_beside_a_port_that_is_read,
    what_cannot_be_appended_is_spilled_and_appended_first,
    without_a_spill_file_ports_wait_and_nothing_acknowledged_is_lost,
    a_full_disk_fills_the_spill_file_instead,
    a_ledger_that_another_holds_is_waited_for,
    kills_lose_nothing_acknowledged_and_double_nothing,
    a_gateway_says_how_it_is_and_slow_clients_hold_up_themselves,
    the_service_manager_is_told,
    a_gateway_that_may_not_write_does_not_begin,
    init_writes_a_gateway_that_runs,
    init_listens_for_what_the_devices_speak,
    systemd_takes_the_units,
];

/// A folder with a key and a ledger.
fn folder(writers: &str) -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    folder.fixed_key("other", 201);
    let init = ["chain", "init", "book", "-k", "gateway", "--writers", writers, "--origin", "plant7/book"];
    assert_eq!(folder.run(&init).code, Some(0));
    folder
}

/// Writes `gateway.toml`, with these ports.
fn configure(folder: &Folder, head: &str, ports: &[String]) {
    let tables: Vec<_> = ports.iter().map(|port| format!("\n[[port]]\n{port}\n")).collect();
    let text = format!("ledger = \"book\"\nkey = \"gateway\"\n{head}\n{}", tables.concat());
    fs::write(folder.path("gateway.toml"), text).unwrap();
}

/// A child that is stopped when the test is over.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Stopped {
    fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }
}

fn device(folder: &Folder, link: &str, arguments: &[&str]) -> Stopped {
    let mut command = folder.foil(&["device", "simulate", "--seed", "1", "--link", link]);
    let child = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for("a port", || folder.path(link).exists());
    Stopped(child)
}

/// A gateway whose output goes to the files `out` and `err`.
fn gateway(folder: &Folder, arguments: &[&str]) -> Stopped {
    let mut command = folder.foil(&["gateway", "run"]);
    let file = |name: &str| fs::File::options().append(true).create(true).open(folder.path(name)).unwrap();
    Stopped(command.args(arguments).stdout(file("out")).stderr(file("err")).spawn().unwrap())
}

/// Ends a gateway in order; answers its exit status.
fn end(mut gateway: Stopped) -> Option<i32> {
    gateway.signal("TERM");
    gateway.0.wait().unwrap().code()
}

fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path(name)).unwrap_or_default()
}

fn lines(folder: &Folder, name: &str) -> Vec<Object> {
    let text = read(folder, name);
    text.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect()
}

fn size_of(receipt: &Object) -> u64 {
    receipt.get("size").and_then(json::Value::as_u64).unwrap()
}

/// The records of the ledger, which is sound.
fn records(folder: &Folder) -> Vec<Object> {
    let verified = folder.run(&["verify", "book", "--key", "gateway.did"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    let run: Run = folder.run(&["chain", "cat", "book", "--records", "--no-verify", "-q"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    run.out.lines().skip(1).map(|line| json::parse_object(line.as_bytes()).unwrap()).collect()
}

/// The records of one device in one word each: the status, or `reading`.
fn words(records: &[Object], device: &str) -> Vec<String> {
    let of = records.iter().filter(|record| record.str("device") == Some(device));
    of.map(|record| record.str("status").unwrap_or("reading").to_owned()).collect()
}

/// Each stream counts from 0 without a hole, and nothing is there twice.
fn assert_each_once(records: &[Object]) {
    let mut next: BTreeMap<String, u64> = BTreeMap::new();
    for record in records {
        let stream = record.str("stream").unwrap().to_owned();
        let seq = record.get("seq").and_then(json::Value::as_u64).unwrap();
        let expected = next.entry(stream.clone()).or_default();
        assert_eq!(seq, *expected, "stream {stream}");
        *expected += 1;
    }
}

fn two_devices_are_read_and_an_absent_one_is_waited_for() {
    let folder = folder("signed");
    let _one = device(&folder, "one", &["cold-room", "--pace", "20ms"]);
    let _two = device(&folder, "two", &["meter", "--pace", "50ms"]);
    let ports =
        ["port = \"one\"", "port = \"two\"\nformat = \"dsmr\"\nrequire = \"crc\"", "port = \"three\""];
    configure(&folder, "", &ports.map(|port| format!("{port}\nbackoff = \"10ms..50ms\"")));
    let running = gateway(&folder, &[]);
    let size = |folder: &Folder| {
        lines(folder, "out").last().and_then(|receipt| receipt.get("size")?.as_u64()).unwrap_or(0)
    };
    wait_for("entries", || size(&folder) > 20);
    let three = device(&folder, "three", &["cold-room", "--pace", "20ms"]);
    wait_for("the third", || read(&folder, "err").contains("three: connected"));
    let before = size(&folder);
    wait_for("more entries", || size(&folder) > before + 10);
    drop(three);
    assert_eq!(end(running), Some(143));
    let records = records(&folder);
    assert_each_once(&records);
    assert_eq!(records.len() as u64 + 1, size(&folder), "every record has its receipt");
    for device in ["one", "two"] {
        let words = words(&records, device);
        assert_eq!((&*words[0], &*words[words.len() - 1]), ("started", "stopped"), "{words:?}");
        assert!(words.len() > 5, "{words:?}");
    }
    let third = words(&records, "three");
    assert_eq!(third[..3], ["started", "disconnected", "connected"], "{third:?}");
    assert!(third.contains(&"reading".to_owned()));
    let streams: BTreeSet<&str> = records.iter().filter_map(|record| record.str("stream")).collect();
    assert_eq!(streams.len(), 3);
}

fn a_plug_that_comes_loose_stops_no_other_device() {
    let folder = folder("signed");
    fs::write(folder.path("script"), "send {\"t\":1}\\n\nsend {\"t\":2}\\n\nunplug 300ms\n".repeat(3))
        .unwrap();
    let _loose = device(&folder, "loose", &["--script", "script", "--pace", "20ms"]);
    let _firm = device(&folder, "firm", &["cold-room", "--pace", "20ms"]);
    configure(
        &folder,
        "",
        &["loose", "firm"].map(|port| format!("port = \"{port}\"\nbackoff = \"10ms..20ms\"")),
    );
    let running = gateway(&folder, &[]);
    wait_for("three times", || read(&folder, "err").matches("loose: disconnected").count() >= 3);
    let firm = || records(&folder).iter().filter(|it| it.str("device") == Some("firm")).count();
    let before = firm();
    wait_for("the other one", || firm() > before + 5);
    assert_eq!(end(running), Some(143));
    let records = records(&folder);
    assert_each_once(&records);
    let loose = words(&records, "loose");
    assert!(loose.iter().filter(|word| *word == "disconnected").count() >= 3, "{loose:?}");
    assert!(!words(&records, "firm").contains(&"disconnected".to_owned()));
}

fn a_bus_is_polled_beside_a_port_that_is_read() {
    let folder = folder("signed");
    let mut bus = folder
        .foil(&["device", "simulate", "--modbus", "xy-md02", "--unit", "7", "--seed", "1", "--link", "bus"]);
    let _bus = Stopped(bus.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    wait_for("a bus", || folder.path("bus").exists());
    configure(&folder, "delay = \"10ms\"", &["port = \"sim:cold-room\"".to_owned()]);
    let poll = "[[poll]]\nport = \"bus\"\nmap = \"xy-md02\"\nunit = [7, 8]\nevery = \"100ms\"\ntimeout = \"200ms\"\nretries = 0\n";
    fs::write(folder.path("gateway.toml"), read(&folder, "gateway.toml") + poll).unwrap();
    let address = free_address();
    let running = gateway(&folder, &["--listen", &address.to_string()]);
    wait_for("values of the bus", || {
        TcpStream::connect(address).is_ok() && get(address, "/values").contains("xy-md02")
    });
    wait_for("values of the port", || get(address, "/values").contains("cold-room"));
    assert_eq!(end(running), Some(143), "{}", read(&folder, "err"));
    let records = records(&folder);
    assert_each_once(&records);
    let devices: BTreeSet<&str> = records.iter().filter_map(|record| record.str("device")).collect();
    assert_eq!(devices.len(), 3, "{devices:?}");
    let silent = devices.iter().find(|device| device.contains('8')).unwrap();
    assert!(!words(&records, silent).contains(&"reading".to_owned()), "nobody answers there");
}

/// Takes the checkpoint away, so that the ledger cannot be written. Under the lock: a batch would write another one.
fn break_ledger(folder: &Folder) {
    let _lock = lock(folder);
    fs::rename(folder.path("book/checkpoint"), folder.path("checkpoint.away")).unwrap();
}

fn mend_ledger(folder: &Folder) {
    let _lock = lock(folder);
    fs::rename(folder.path("checkpoint.away"), folder.path("book/checkpoint")).unwrap();
}

/// Keeps every writer of the ledger out as long as it lives.
fn lock(folder: &Folder) -> fs::File {
    let lock = fs::File::options().read(true).write(true).open(folder.path("book/lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    lock
}

fn what_cannot_be_appended_is_spilled_and_appended_first() {
    let folder = folder("signed");
    let port = "port = \"sim:cold-room\"\nseed = 1".to_owned();
    configure(&folder, "spill = \"spill\"\ndelay = \"10ms\"", &[port]);
    let running = gateway(&folder, &[]);
    wait_for("a receipt", || !lines(&folder, "out").is_empty());
    break_ledger(&folder);
    wait_for("the spill file", || !read(&folder, "spill").is_empty());
    let receipts = lines(&folder, "out").len();
    wait_for("more of it", || read(&folder, "spill").lines().count() >= 3);
    assert_eq!(lines(&folder, "out").len(), receipts, "nothing is acknowledged");
    mend_ledger(&folder);
    wait_for("the ledger", || read(&folder, "spill").is_empty());
    wait_for("a receipt", || lines(&folder, "out").len() > receipts + 1);
    // Broken to the end: what is left goes into the ledger at the next run.
    break_ledger(&folder);
    wait_for("the spill file", || !read(&folder, "spill").is_empty());
    assert_eq!(end(running), Some(143));
    let left = read(&folder, "spill").lines().count();
    assert!(read(&folder, "spill").contains("\"stopped\"") && left >= 2);
    mend_ledger(&folder);
    configure(&folder, "spill = \"spill\"", &["port = \"sim:gps\"\ncount = 1".to_owned()]);
    let run = folder.run(&["gateway", "run"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains(&format!("its {left} records are in the ledger now")), "{}", run.err);
    let records = records(&folder);
    assert_each_once(&records);
    assert_eq!(words(&records, "cold-room").last().unwrap(), "stopped");
    assert_eq!(words(&records, "gps"), ["started", "reading", "stopped"]);
}

fn without_a_spill_file_ports_wait_and_nothing_acknowledged_is_lost() {
    let folder = folder("signed");
    let port = "port = \"sim:cold-room\"\nseed = 1\ncount = 20000".to_owned();
    configure(&folder, "delay = \"10ms\"", &[port]);
    let running = gateway(&folder, &[]);
    wait_for("a receipt", || !lines(&folder, "out").is_empty());
    break_ledger(&folder);
    wait_for("a warning", || read(&folder, "err").contains("nothing can be appended now"));
    mend_ledger(&folder);
    wait_for("the end", || read(&folder, "out").contains("\"size\":20003"));
    let mut running = running;
    assert_eq!(running.0.wait().unwrap().code(), Some(0), "{}", read(&folder, "err"));
    let records = records(&folder);
    assert_each_once(&records);
    assert_eq!(records.len(), 20_002);
    // At the end there is no more time to wait: what is lost is said.
    let port = "port = \"sim:cold-room\"\nseed = 2".to_owned();
    configure(&folder, "delay = \"10ms\"", &[port]);
    let running = gateway(&folder, &[]);
    let receipts = lines(&folder, "out").len();
    wait_for("a receipt", || lines(&folder, "out").len() > receipts);
    break_ledger(&folder);
    wait_for("a warning", || read(&folder, "err").matches("nothing can be appended now").count() > 1);
    assert_eq!(end(running), Some(2));
    assert!(read(&folder, "err").contains("records are lost"), "{}", read(&folder, "err"));
}

fn a_full_disk_fills_the_spill_file_instead() -> Tested {
    let folder = folder("signed");
    let disk = SmallDisk::mount(folder.path("disk"), "400k")?;
    crate::books::copy_into(&folder, "book", &folder, "disk/book");
    let port = "port = \"sim:cold-room\"\nseed = 1\ncount = 3000".to_owned();
    configure(&folder, "spill = \"spill\"\ndelay = \"10ms\"", &[port]);
    let text = read(&folder, "gateway.toml").replace("\"book\"", "\"disk/book\"");
    fs::write(folder.path("gateway.toml"), text).unwrap();
    let run = folder.run(&["gateway", "run"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("No space left on device"), "{}", run.err);
    assert!(read(&folder, "spill").lines().count() > 1_000);
    disk.remount("size=20m");
    let run = folder.run(&["gateway", "run"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(read(&folder, "spill"), "");
    fs::rename(folder.path("book"), folder.path("book.old")).unwrap();
    crate::books::copy_into(&folder, "disk/book", &folder, "book");
    let records = records(&folder);
    assert_eq!(records.len(), 6_004);
    // The seed gives both runs one stream: the second counts anew.
    assert_each_once(&records[..3_002]);
    assert_each_once(&records[3_002..]);
    Ok(())
}

fn a_ledger_that_another_holds_is_waited_for() {
    let folder = folder("signed");
    let lock = lock(&folder);
    let port = "port = \"sim:cold-room\"\nseed = 1".to_owned();
    configure(&folder, "spill = \"spill\"\nwait = \"100ms\"", &[port]);
    let running = gateway(&folder, &[]);
    wait_for("the spill file", || read(&folder, "spill").lines().count() >= 2);
    assert!(lines(&folder, "out").is_empty());
    drop(lock);
    wait_for("the ledger", || read(&folder, "spill").is_empty() && !lines(&folder, "out").is_empty());
    assert_eq!(end(running), Some(143));
    assert_each_once(&records(&folder));
}

fn kills_lose_nothing_acknowledged_and_double_nothing() {
    let folder = folder("signed");
    let mut kept = BTreeSet::new();
    let mut acknowledged = 0;
    for round in 0..8u64 {
        let port = format!("port = \"sim:cold-room\"\nseed = {round}\ncount = 100000");
        configure(&folder, "spill = \"spill\"\ndelay = \"5ms\"", &[port]);
        let mut running = gateway(&folder, &[]);
        wait_for("a receipt", || read(&folder, "out").contains('\n'));
        // In every other round a spill file of several batches is filled, and in the next emptied in part.
        if round % 2 == 0 {
            break_ledger(&folder);
            wait_for("the spill file", || read(&folder, "spill").lines().count() > 3_000);
        }
        std::thread::sleep(Duration::from_millis(7 * (round % 5)));
        running.0.kill().unwrap();
        running.0.wait().unwrap();
        if round % 2 == 0 {
            mend_ledger(&folder);
        }
        let text = read(&folder, "spill");
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        kept.extend(whole.lines().map(|line| id(&json::parse_object(line.as_bytes()).unwrap())));
        // The last line may be torn.
        let text = read(&folder, "out");
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let last = whole.lines().last().map(|line| json::parse_object(line.as_bytes()).unwrap());
        acknowledged = last.and_then(|last| last.get("size")?.as_u64()).unwrap_or(acknowledged);
        fs::write(folder.path("out"), "").unwrap();
    }
    configure(&folder, "spill = \"spill\"", &["port = \"sim:gps\"\ncount = 1".to_owned()]);
    let run = folder.run(&["gateway", "run"]);
    assert_eq!((run.code, &*read(&folder, "spill")), (Some(0), ""), "{}", run.err);
    let records = records(&folder);
    let mut seen = BTreeSet::new();
    for record in &records {
        assert!(seen.insert(id(record)), "twice: {record}");
    }
    assert!(records.len() as u64 >= acknowledged && acknowledged > 0);
    let lost: Vec<_> = kept.difference(&seen).take(3).collect();
    assert!(lost.is_empty() && kept.len() > 1_000, "{} spilled, lost {lost:?}", kept.len());
}

fn id(record: &Object) -> (String, u64) {
    let seq = record.get("seq").and_then(json::Value::as_u64).unwrap();
    (record.str("stream").unwrap().to_owned(), seq)
}

/// An address of this machine that is free.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What a server answers to some bytes: everything until it closes.
fn answer(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let _ = stream.write_all(request.as_bytes());
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn get(address: SocketAddr, path: &str) -> String {
    answer(address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"))
}

fn body(answer: &str) -> Object {
    json::parse_object(answer.split("\r\n\r\n").nth(1).unwrap().as_bytes()).unwrap()
}

fn a_gateway_says_how_it_is_and_slow_clients_hold_up_themselves() {
    let folder = folder("signed");
    let ports = ["port = \"sim:cold-room\"\nseed = 1", "port = \"nowhere\""].map(str::to_owned);
    configure(&folder, "spill = \"spill\"\ndelay = \"10ms\"", &ports);
    let address = free_address();
    let refused = folder.run(&["gateway", "run", "--listen", "0.0.0.0:9464"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("other machines reach this address"), "{}", refused.err);
    let running = gateway(&folder, &["--listen", &address.to_string()]);
    wait_for("a reading", || {
        TcpStream::connect(address).is_ok() && get(address, "/metrics").contains("foil_value")
    });
    let health = get(address, "/health");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    let health = body(&health);
    assert_eq!(health.str("status"), Some("ok"));
    let ports = health.get("ports").and_then(json::Value::as_array).unwrap().to_vec();
    let state = |at: usize| ports[at].as_object().unwrap().str("state").unwrap().to_owned();
    assert_eq!((state(0), state(1)), ("open".to_owned(), "awaited".to_owned()));
    let values = body(&get(address, "/values"));
    let reading = values.get("cold-room").and_then(json::Value::as_object).unwrap();
    assert!(reading.get("proof").is_some() && reading.get("values").is_some(), "as it was signed");
    let metrics = get(address, "/metrics");
    assert!(
        metrics.contains("foil_value{device=\"cold-room\",name=\"temperature\",unit=\"Cel\"} "),
        "{metrics}"
    );
    assert!(metrics.contains("foil_port_open{device=\"nowhere\"} 0"), "{metrics}");
    assert!(get(address, "/../etc/passwd").starts_with("HTTP/1.1 404"));
    assert!(
        answer(address, "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            .starts_with("HTTP/1.1 405")
    );
    let long = answer(address, &format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(100_000)));
    assert!(!long.starts_with("HTTP/1.1 200"), "{long}");
    // So many that say nothing, and more than are served at once: they are sent away after a while.
    let slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /health HTTP/1.1\r\nX: ").unwrap();
            stream
        })
        .collect();
    let receipts = lines(&folder, "out").len();
    assert!(get(address, "/health").starts_with("HTTP/1.1 200"));
    wait_for("receipts", || lines(&folder, "out").len() > receipts);
    drop(slow);
    break_ledger(&folder);
    wait_for("trouble", || get(address, "/health").starts_with("HTTP/1.1 503"));
    assert!(body(&get(address, "/health")).str("error").unwrap().contains("no checkpoint"));
    mend_ledger(&folder);
    assert_eq!(end(running), Some(143));
}

fn the_service_manager_is_told() {
    let folder = folder("signed");
    let socket = UnixDatagram::bind(folder.path("notify")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let ports = ["port = \"sim:cold-room\"\nseed = 1", "port = \"nowhere\""].map(str::to_owned);
    configure(&folder, "", &ports);
    let mut command = folder.foil(&["gateway", "run", "-q"]);
    command.env("NOTIFY_SOCKET", folder.path("notify")).env("WATCHDOG_USEC", "300000");
    let mut running = Stopped(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let mut told: Vec<String> = Vec::new();
    let hear = |told: &mut Vec<String>, wanted: &str| {
        let count = told.iter().filter(|it| it.contains(wanted)).count();
        while told.iter().filter(|it| it.contains(wanted)).count() == count {
            let mut buffer = [0; 4096];
            let length = socket.recv(&mut buffer).unwrap();
            told.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
    };
    hear(&mut told, "READY=1");
    hear(&mut told, "STATUS=1 of 2 ports open");
    hear(&mut told, "WATCHDOG=1");
    hear(&mut told, "WATCHDOG=1");
    // A stopped process gives no sign of life; one that goes on does again.
    running.signal("TERM");
    hear(&mut told, "STOPPING=1");
    assert_eq!(running.0.wait().unwrap().code(), Some(143));
    assert!(
        told.iter().position(|it| it.contains("READY=1"))
            < told.iter().position(|it| it.contains("STOPPING=1"))
    );
}

fn a_gateway_that_may_not_write_does_not_begin() {
    let folder = folder("other.did");
    configure(&folder, "", &["port = \"sim:cold-room\"\ncount = 1".to_owned()]);
    let run = folder.run(&["gateway", "run"]);
    assert_eq!((run.code, &*run.out), (Some(2), ""));
    assert!(run.err.contains("no signer of the record is among the writers"), "{}", run.err);
    assert!(Path::new(&folder.path("book")).exists());
    configure(&folder, "", &["port = \"sim:cold-room\"".to_owned()]);
    let text = read(&folder, "gateway.toml").replace("\"book\"", "\"nowhere\"");
    fs::write(folder.path("gateway.toml"), text).unwrap();
    let run = folder.run(&["gateway", "run"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("nowhere") && run.err.contains("hint: foil chain init"), "{}", run.err);
}

fn init_writes_a_gateway_that_runs() {
    let folder = Folder::new();
    let words = ["gateway", "init", "plant", "--port", "probe=sim:cold-room", "--port", "away=/dev/nowhere"];
    let run = folder.run(&words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let said = run.out.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect::<Vec<_>>();
    assert_eq!(said[2].get("devices").unwrap().to_canonical(), r#"["probe","away"]"#);
    let again = folder.run(&words);
    assert_eq!((again.code, &*again.out), (Some(2), ""));
    assert!(again.err.contains("plant/gateway.pem"), "{}", again.err);
    // From any folder, and until it is stopped.
    let mut running = gateway(&folder, &["plant/gateway.toml", "--delay", "10ms"]);
    wait_for("a reading", || lines(&folder, "out").last().is_some_and(|last| size_of(last) > 4));
    running.signal("INT");
    assert_eq!(running.0.wait().unwrap().code(), Some(130));
    assert_eq!(folder.run(&["verify", "plant/ledger", "--key", "plant/gateway.did"]).code, Some(0));
    let unit = read(&folder, "plant/foil-gateway.service");
    let plant = fs::canonicalize(folder.path("plant")).unwrap();
    assert!(unit.contains(&format!("gateway run {}/gateway.toml -q", plant.display())), "{unit}");
    assert!(!unit.contains("/var/lib/foil") && !unit.contains("LoadCredential"), "{unit}");
    let silent = folder.run(&["gateway", "init", "other"]);
    assert_eq!(silent.code, Some(2));
    assert!(silent.err.contains("hint: --port") && !folder.path("other").exists(), "{}", silent.err);
}

fn init_listens_for_what_the_devices_speak() {
    let folder = Folder::new();
    let _gps = device(&folder, "gps", &["gps", "--pace", "20ms"]);
    let _linky = device(&folder, "linky", &["linky", "--pace", "20ms"]);
    let ports = ["gps", "linky"].map(|link| format!("{link}={}", folder.path(link).display()));
    let words =
        ["gateway", "init", "plant", "--port", &ports[0], "--port", &ports[1], "--port", "x=/dev/nowhere"];
    let run = folder.run(&words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("gps: --format nmea\n"), "{}", run.err);
    assert!(run.err.contains("/dev/nowhere: what it speaks is not known"), "{}", run.err);
    let config = read(&folder, "plant/gateway.toml");
    assert!(config.contains("device = \"gps\"\nformat = \"nmea\"\n"), "{config}");
    assert!(config.contains("format = \"tic\"\n") && config.contains("# format = \"json\"\n"), "{config}");
    let deaf = ["gateway", "init", "deaf", "--port", &ports[0], "--for", "0s"];
    assert_eq!(folder.run(&deaf).code, Some(0));
    let config = read(&folder, "deaf/gateway.toml");
    assert!(!config.contains("nmea") && config.contains("# format = \"json\"\n"), "{config}");
    // What was heard is read.
    let mut running = gateway(&folder, &["plant/gateway.toml", "--delay", "10ms"]);
    wait_for("readings", || lines(&folder, "out").last().is_some_and(|last| size_of(last) > 12));
    running.signal("INT");
    assert_eq!(running.0.wait().unwrap().code(), Some(130));
    let kept = folder.run(&["chain", "cat", "plant/ledger"]);
    for format in ["nmea", "tic"] {
        let started = format!("\"format\":\"{format}\"");
        assert!(kept.out.contains(&started) && kept.out.contains("\"type\":\"reading\""), "{}", kept.out);
    }
}

fn systemd_takes_the_units() -> Tested {
    needs::tool("systemd-analyze")?;
    let folder = Folder::new();
    let made = folder.run(&["gateway", "init", "plant", "--port", "sim:cold-room"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let packaged = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/foil-gateway.service");
    // What the package installs is not there: the program, its user, its manual.
    let packaged = fs::read_to_string(packaged).unwrap().replace("/usr/bin/foil", env!("CARGO_BIN_EXE_foil"));
    for (name, text) in [("packaged", packaged), ("made", read(&folder, "plant/foil-gateway.service"))] {
        let text = text.replace("User=foil", "User=root").replace("Documentation=", "#");
        fs::create_dir_all(folder.path(name)).unwrap();
        let unit = folder.path(name).join("foil-gateway.service");
        fs::write(&unit, text).unwrap();
        let output = Command::new("systemd-analyze").arg("verify").arg(&unit).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let about: Vec<&str> = said.lines().filter(|line| line.contains("foil-gateway")).collect();
        assert!(output.status.success() && about.is_empty(), "{name}: {said}");
    }
    Ok(())
}
