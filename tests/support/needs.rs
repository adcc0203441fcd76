//! What a test needs of the machine and may not find there: tools, rights, the test data of other projects.
//!
//! A test that needs such a thing asks here and answers [`Tested`]. Where the thing is missing the test is reported
//! as ignored, with the reason; under `FOIL_REQUIRE=all`, which `.ci/run` sets, it fails.

use std::process::{Command, Stdio};

/// How a test ends that needs something of the machine.
pub type Tested = Result<(), Lacking>;

/// The reason for which a test did not run.
#[derive(Debug)]
pub struct Lacking(pub String);

impl Lacking {
    /// `thing` is what is missing, `proof` what showed it. Fails the test where nothing may be missing.
    pub fn new(thing: &str, proof: &str) -> Self {
        let reason = format!("needs {thing}: {proof}");
        assert!(!is_all_required(), "{reason} (and FOIL_REQUIRE=all is set)");
        Self(reason)
    }
}

/// Whether no test may be left out.
pub fn is_all_required() -> bool {
    match std::env::var("FOIL_REQUIRE").as_deref() {
        Ok("all") => true,
        Ok("") | Err(_) => false,
        Ok(other) => panic!("FOIL_REQUIRE={other}: it may only be \"all\""),
    }
}

/// Tools, and a line for `sh` that succeeds where the tool does what the tests ask of it.
const TOOLS: &[(&str, &str)] = &[
    ("cc", "cc --version"),
    ("faketime", "test $(faketime -f '2035-03-01 07:00:00' date +%Y) = 2035"),
    ("gnuplot", "gnuplot --version"),
    ("jq", "jq --version"),
    ("man", "man --version"),
    ("openssl", "openssl version"),
    ("setsid", "setsid --version"),
    ("ssh-keygen", "command -v ssh-keygen"),
    // Tracing may be forbidden.
    ("strace", "strace -f -o /dev/null true"),
    ("systemd-analyze", "systemd-analyze --version"),
    // The processor may not be ours.
    ("taskset", "taskset -c 0 true"),
    ("tmux", "tmux -V"),
    ("zbarimg", "zbarimg --version"),
    ("zip", "zip --version && unzip -v"),
];

/// Asks for a tool that works.
pub fn tool(name: &str) -> Tested {
    let (_, line) = TOOLS.iter().find(|(tool, _)| *tool == name).expect("a line of TOOLS");
    let mut sh = Command::new("sh");
    sh.args(["-c", line]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let works = sh.status().is_ok_and(|status| status.success());
    if works { Ok(()) } else { Err(Lacking::new(name, &format!("`{line}` does not work here"))) }
}
