//! `foil sign` as a filter: hostile lines, streams that end in every way, and its speed of passing on.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use counterfoil::json;
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    run::{Folder, Run},
    signing::{folder, signed_by_us},
};

fn sign(folder: &Folder, input: impl Into<Vec<u8>>) -> Run {
    folder.feed(&["sign", "-k", "gateway"], input)
}

/// The child's status as a shell would show it.
fn status(child: &mut Child) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let status = child.wait().unwrap();
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

fn terminate(child: &Child) {
    kill_process(Pid::from_child(child), Signal::TERM).unwrap();
}

#[test]
fn hostile_lines_are_refused_by_number_and_place() {
    let folder = folder();
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let lines: &[(&[u8], &str)] = &[
        (deep.as_bytes(), "nested deeper than 128 at column 133"),
        (br#"{"a":1,"b":{"x":1,"x":2}}"#, "duplicate member \"x\" at column 21"),
        (br#"{"a":9007199254740993}"#, "integer 9007199254740993 is beyond 2^53-1"),
        (br#"{"a":-9007199254740993}"#, "integer -9007199254740993 is beyond 2^53-1"),
        (br#"{"a":1e400}"#, "number out of range"),
        (br#"{"a":NaN}"#, "expected value"),
        (br#"{"a":"\ud800"}"#, "half a surrogate pair"),
        (br#"{"a":"\udc00\ud800"}"#, "half a surrogate pair"),
        (b"{\"a\":\"\xed\xa0\x80\"}", "column"),
        (b"\xef\xbb\xbf{}", "a byte-order mark is not JSON"),
        (b"{\"a\":\"\xef\xbf\xbf\"}", "noncharacter U+FFFF"),
        (b"{\"a\":\"b\0c\"}", "control character"),
        (b"{}\0", "trailing characters"),
        (b"\0", "expected value"),
        (b"{\"a\":\"\x1b[2J\"}", "control character"),
        (br#"{"\u001b[2J":1,"\u001b[2J":2}"#, "duplicate member"),
        (b"{} {}", "trailing characters"),
        (b"'a'", "expected value"),
        (b"null", "expected an object, found null"),
        (br#"{"a":1,}"#, "trailing comma"),
        (br#"{"proof":null}"#, "proof"),
        (br#"{"proof":[]}"#, "proof"),
        (br#"{"proof":{"type":"\u001b[2J"}}"#, "type is not \"DataIntegrityProof\""),
    ];
    for (line, why) in lines {
        let input = [b"{\"first\":1}\n\n", *line, b"\n{\"last\":1}\n"].concat();
        let run = sign(&folder, input);
        let shown = String::from_utf8_lossy(&line[..line.len().min(40)]).into_owned();
        assert_eq!(run.code, Some(2), "{shown}: {}", run.err);
        assert!(
            run.err.starts_with("foil sign: error: line 3: ") && run.err.contains(why),
            "{shown}: {}",
            run.err
        );
        let errors = run.err.lines().filter(|line| !line.starts_with("foil sign: hint: ")).count();
        assert!(!run.err.contains(['\x1b', '\0']) && errors == 1, "{shown}: {}", run.err);
        assert_eq!(run.out.lines().count(), 1, "{shown}: the line before is signed, none after");
        assert!(signed_by_us(&run.out));
    }
}

#[test]
fn unusual_lines_that_mean_one_thing_are_signed() {
    let folder = folder();
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    for line in [
        "{}\r",
        " \t{ \"a\" : 1.0 }  ",
        r#"{"a":9007199254740991,"b":1e308,"c":-0.0,"d":9007199254740992}"#,
        r#"{"":null,"\u0000":"\u0000\u001b[2J","\ud83d\ude00":"\u00e9"}"#,
        &format!("{{\"a\":{}1{}}}", "[".repeat(127), "]".repeat(127)),
        &long,
    ] {
        for ending in ["", "\n"] {
            let run = sign(&folder, format!("{line}{ending}"));
            assert_eq!((run.code, run.out.lines().count()), (Some(0), 1), "{}", run.err);
            assert!(signed_by_us(&run.out));
        }
    }
}

#[test]
fn keep_going_reports_each_bad_line_and_signs_the_rest() {
    let folder = folder();
    let mut input = b"{\"n\":1}\nnope\n{\"n\":3}\n".to_vec();
    input.extend(vec![b'['; 3 << 20]);
    input.extend(b"\n{\"n\":5}\n{\"n\":6,\"n\":6}");
    let run = folder.feed(&["sign", "-k", "gateway", "--keep-going"], input);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let named: Vec<_> = run.err.lines().map(|line| line.split(": ").nth(2).unwrap()).collect();
    assert_eq!(named, ["line 2", "line 4", "line 6"], "{}", run.err);
    let numbers: Vec<_> = run
        .out
        .lines()
        .map(|line| json::parse_object(line.as_bytes()).unwrap().get("n").unwrap().to_string())
        .collect();
    assert_eq!(numbers, ["1", "3", "5"]);
}

#[test]
fn of_many_lines_each_keeps_its_place_whichever_processor_signs_it() {
    let folder = folder();
    let line = |n: usize| if n % 97 == 96 { "{bad\n".to_owned() } else { format!("{{\"n\":{n}}}\n") };
    let all = |lines: usize| (0..lines).map(line).collect::<String>();
    let run = folder.feed(&["sign", "-k", "gateway", "--keep-going"], all(1_000));
    let numbers: Vec<usize> = run
        .out
        .lines()
        .map(|line| {
            let number = line.strip_prefix("{\"n\":").and_then(|rest| rest.split(',').next());
            number.unwrap().parse().unwrap()
        })
        .collect();
    let good: Vec<usize> = (0..1_000).filter(|n| n % 97 != 96).collect();
    assert_eq!((run.code, numbers), (Some(1), good));
    let bad: Vec<String> = (0..1_000).filter(|n| n % 97 == 96).map(|n| format!("line {}: ", n + 1)).collect();
    let said: Vec<&str> = run.err.lines().collect();
    assert_eq!(said.len(), bad.len());
    assert!(said.iter().zip(&bad).all(|(said, bad)| said.contains(bad.as_str())), "{}", run.err);
    // Without --keep-going what stands before the bad line is out, and nothing of what stands behind it.
    let run = sign(&folder, all(300));
    assert_eq!((run.code, run.out.lines().count()), (Some(2), 96), "{}", run.err);
    assert_eq!(run.out, sign(&folder, all(96)).out);
}

#[test]
fn the_same_record_and_key_give_the_same_bytes() {
    let folder = folder();
    let one = sign(&folder, r#"{"b":1.0,"a":"é"}"#);
    let other = sign(&folder, "  {\"a\":\"\\u00e9\" ,\"b\":1}\n");
    assert_eq!(one.out, other.out);
}

#[test]
fn a_live_source_is_never_held_back() {
    let folder = folder();
    let mut child = folder.foil(&["sign", "-k", "gateway"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut lines = BufReader::new(stdout).lines();
    for n in 0..20 {
        writeln!(stdin, "{{\"n\":{n}}}").unwrap();
        assert!(signed_by_us(&lines.next().unwrap().unwrap()), "before the next is written");
    }
    drop(stdin);
    assert_eq!(status(&mut child), 0);
}

#[test]
fn a_reader_that_went_away_is_no_success() {
    let folder = folder();
    let mut child = folder.foil(&["sign", "-k", "gateway"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    stdin.write_all(b"{}\n").unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    let _ = stdin.write_all(b"{}\n");
    assert_eq!(status(&mut child), 141);
    let mut talk = String::new();
    child.stderr.unwrap().read_to_string(&mut talk).unwrap();
    assert_eq!(talk, "");
}

#[test]
fn a_full_disk_is_no_success() {
    let folder = folder();
    let full = || Stdio::from(File::create("/dev/full").unwrap());
    fs::write(folder.path("in"), "{}\n".repeat(1000)).unwrap();
    let output = folder.foil(&["sign", "-k", "gateway", "in"]).stdout(full()).output().unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("standard output: No space left on device"), "{}", run.err);
}

#[test]
fn half_a_file_never_gets_its_name() {
    let folder = folder();
    fs::write(folder.path("out"), "before").unwrap();
    let run = folder.feed(&["sign", "-k", "gateway", "-o", "out"], "{}\nnope\n");
    assert_eq!(run.code, Some(2));
    assert_eq!(fs::read_to_string(folder.path("out")).unwrap(), "before");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["gateway.did", "gateway.pem", "out"], "nothing is left behind");
    assert_eq!(folder.feed(&["sign", "-k", "gateway", "-o", "out"], "{}\n").code, Some(0));
    assert!(signed_by_us(&fs::read_to_string(folder.path("out")).unwrap()));
}

#[test]
fn terminated_in_the_middle_it_signs_what_its_source_still_sends() {
    let folder = folder();
    let mut child = folder.foil(&["sign", "-k", "gateway"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut lines = BufReader::new(stdout).lines();
    stdin.write_all(b"{\"n\":1}\n").unwrap();
    lines.next().unwrap().unwrap();
    terminate(&child);
    std::thread::sleep(Duration::from_millis(200));
    stdin.write_all(b"{\"n\":2}\n").unwrap();
    drop(stdin);
    assert!(signed_by_us(&lines.next().unwrap().unwrap()), "what came after the signal");
    assert_eq!(status(&mut child), 0, "the input was drained");
}

#[test]
fn terminated_before_an_endless_source_ends() {
    let folder = folder();
    let mut child = folder.foil(&["sign", "-k", "gateway"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let source = std::thread::spawn(move || while stdin.write_all(b"{\"n\":1}\n").is_ok() {});
    let sink = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    terminate(&child);
    assert_eq!(status(&mut child), 143);
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    source.join().unwrap();
    assert!(sink.join().unwrap() > 0);
}
