//! Keys on disk, and in the hands of OpenSSL, OpenSSH and a C compiler where these are installed.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use counterfoil::{
    hash::Hash,
    json,
    key::{PublicKey, SecretKey},
};

use crate::run::{Folder, Run};

use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![
    a_key_commits_to_its_successor,
    openssl_reads_our_keys_and_signs_as_we_do,
    openssl_and_we_open_each_others_passphrases,
    openssh_reads_our_public_keys,
    a_c_compiler_takes_the_header_without_a_warning,
    two_keygens_at_once_make_one_key,
    a_hostile_key_file_is_refused_quickly,
    no_secret_is_ever_told,
    a_passphrase_is_asked_on_the_terminal_and_not_shown,
    a_filter_without_input_says_so_instead_of_hanging,
];

/// Runs another program.
fn peer(program: &str, folder: &Folder, words: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).stdin(Stdio::null()).output().unwrap().into()
}

fn hex_of(folder: &Folder, words: &[&str]) -> String {
    let run = folder.run(&[&["key", "export", "--as", "hex"], words].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
    run.out.trim().to_owned()
}

fn a_key_commits_to_its_successor() {
    let folder = Folder::new();
    let run = folder.run(&["keygen", "acme", "--next"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let said = json::parse_object(run.out.as_bytes()).unwrap();
    let did = |file: &str| fs::read_to_string(folder.path(file)).unwrap().trim().to_owned();
    assert_eq!(said.str("did"), Some(did("acme.did").as_str()));
    let next = PublicKey::parse_did(&did("acme.next.did")).unwrap();
    assert_eq!(said.str("next"), Some(Hash::of(next.as_bytes()).to_string().as_str()));
    assert_eq!(hex_of(&folder, &["acme.next.pem"]), hex_of(&folder, &["acme.next.did"]));
}

fn openssl_reads_our_keys_and_signs_as_we_do() -> Tested {
    needs::tool("openssl")?;
    let folder = Folder::new();
    folder.fixed_key("gateway", 7);
    let words = ["pkey", "-in", "gateway.pem", "-pubout", "-out", "public.pem"];
    let run = peer("openssl", &folder, &words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(hex_of(&folder, &["./public.pem"]), hex_of(&folder, &["gateway.pem"]));
    fs::write(folder.path("message"), "4.2 °C").unwrap();
    let words = "pkeyutl -sign -rawin -inkey gateway.pem -in message -out signature";
    let words: Vec<_> = words.split(' ').collect();
    assert_eq!(peer("openssl", &folder, &words).code, Some(0));
    let ours = SecretKey::from_seed(&[7; 32]).sign("4.2 °C".as_bytes());
    assert_eq!(fs::read(folder.path("signature")).unwrap(), ours);
    Ok(())
}

fn openssl_and_we_open_each_others_passphrases() -> Tested {
    needs::tool("openssl")?;
    let folder = Folder::new();
    fs::write(folder.path("pw"), "correct horse\n").unwrap();
    fs::set_permissions(folder.path("pw"), fs::Permissions::from_mode(0o600)).unwrap();
    let with_passphrase = ["--passphrase-file", "pw"];
    assert_eq!(folder.run(&["keygen", "ours", "--passphrase-file", "pw"]).code, Some(0));
    let words = "pkey -in ours.pem -passin file:pw -pubout -out public.pem";
    let words: Vec<_> = words.split(' ').collect();
    let run = peer("openssl", &folder, &words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(
        hex_of(&folder, &["./public.pem"]),
        hex_of(&folder, &[&["ours.pem"][..], &with_passphrase].concat())
    );
    for scheme in ["-v2 aes-256-cbc -v2prf hmacWithSHA256", "-scrypt"] {
        let make = format!(
            "openssl genpkey -algorithm ed25519 -out plain.pem && openssl pkey -in plain.pem -pubout -out public.pem && openssl pkcs8 -topk8 -in plain.pem {scheme} -passout file:pw -out theirs.pem && chmod 600 *.pem"
        );
        let run = peer("sh", &folder, &["-c", &make]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        let ours = hex_of(&folder, &["theirs.pem", "--passphrase-file", "pw"]);
        assert_eq!(ours, hex_of(&folder, &["./public.pem"]), "{scheme}");
    }
    Ok(())
}

fn openssh_reads_our_public_keys() -> Tested {
    needs::tool("ssh-keygen")?;
    let folder = Folder::new();
    folder.fixed_key("gateway", 7);
    let run = folder.run(&["key", "export", "gateway", "--as", "ssh", "-o", "gateway.pub"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = peer("ssh-keygen", &folder, &["-l", "-f", "gateway.pub"]);
    assert!(run.out.starts_with("256 SHA256:") && run.out.ends_with("gateway (ED25519)\n"), "{}", run.out);
    Ok(())
}

fn a_c_compiler_takes_the_header_without_a_warning() -> Tested {
    needs::tool("cc")?;
    let folder = Folder::new();
    folder.fixed_key("probe", 7);
    let run = folder.run(&["key", "export", "probe.pem", "--as", "c", "-o", "probe.h"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let program = r#"#include <string.h>
        #include "probe.h"
        int main(void) {
            return !(strlen(FOIL_DID) == 56 && strstr(FOIL_PROOF, FOIL_VERIFICATION_METHOD)
                && FOIL_PROOF_SHA256[0] == 0x66 && FOIL_PUBLIC_KEY[31] == 0x2c);
        }"#;
    fs::write(folder.path("main.c"), program).unwrap();
    let words = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "main.c", "-o", "main"];
    let run = peer("cc", &folder, &words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(peer("./main", &folder, &[]).code, Some(0));
    Ok(())
}

fn two_keygens_at_once_make_one_key() {
    let folder = Folder::new();
    let runs: Vec<_> = (0..8).map(|_| folder.foil(&["keygen", "gateway"]).spawn().unwrap()).collect();
    let codes: Vec<_> = runs.into_iter().map(|run| Run::from(run.wait_with_output().unwrap()).code).collect();
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))), "{codes:?}");
    let did = fs::read_to_string(folder.path("gateway.did")).unwrap();
    let run = folder.run(&["key", "show", "./gateway.pem"]);
    assert!(run.out.contains(did.trim()), "{} {}", run.out, run.err);
}

fn a_hostile_key_file_is_refused_quickly() {
    let folder = Folder::new();
    let begin = Instant::now();
    let pem = |der: &[u8], label: &str| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    };
    let nested: Vec<u8> = [0x30, 0x80].repeat(10_000);
    let hostile = [
        ("endless", pem(&vec![0x30; 40_000], "PRIVATE KEY")),
        ("nested", pem(&nested, "PRIVATE KEY")),
        ("locked", pem(&nested, "ENCRYPTED PRIVATE KEY")),
        ("escape", pem(b"0", "\x1b[2J KEY")),
        ("half", "-----BEGIN PRIVATE KEY-----\n".to_owned()),
        ("dashes", "-".repeat(60_000)),
        ("begins", "-----BEGIN ".repeat(5_000)),
    ];
    for (name, text) in hostile {
        let path = folder.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(folder.path("pw"), "x\n").unwrap();
        fs::set_permissions(folder.path("pw"), fs::Permissions::from_mode(0o600)).unwrap();
        let run = folder.feed(&["sign", "-k", &format!("./{name}"), "--passphrase-file", "pw"], "{}\n");
        assert_eq!(run.code, Some(2), "{name}: {}", run.err);
        assert!(run.err.lines().count() <= 2 && !run.err.contains('\x1b'), "{name}: {:?}", run.err);
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
}

fn no_secret_is_ever_told() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 7);
    fs::set_permissions(folder.path("gateway.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    let secret = "BwcHBwcHBwc";
    assert!(fs::read_to_string(folder.path("gateway.pem")).unwrap().contains(secret));
    for words in [
        &["key", "show", "./gateway.pem"][..],
        &["sign", "-v", "-k", "gateway", "gateway.pem"],
        &["sign", "-v", "gateway.pem", "-k", "gateway"],
        &["contact", "add", "x", "./gateway.pem"],
    ] {
        for mode in [0o644, 0o600] {
            fs::set_permissions(folder.path("gateway.pem"), fs::Permissions::from_mode(mode)).unwrap();
            let run = folder.run(words);
            assert!(!run.out.contains(secret) && !run.err.contains(secret), "{words:?}: {}", run.err);
            assert!(!run.err.contains("07070707") && !run.out.contains("07070707"), "{words:?}");
        }
    }
}

/// A terminal of its own, and the file that a process would have as its standard input.
fn terminal() -> (File, File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = File::options().read(true).write(true).open(name).unwrap();
    (ours.into(), theirs)
}

/// Runs `foil` on a terminal where one line is typed at each prompt. `setsid` makes the terminal the
/// process's own. Whatever goes wrong ends within seconds.
fn type_to(folder: &Folder, words: &[&str], typed: &[&str]) -> (Run, String) {
    let (mut ours, theirs) = terminal();
    let foil = folder.foil(&[]);
    let mut command = Command::new("timeout");
    command.args(["20", "setsid", "--ctty", "--wait"]).arg(foil.get_program()).args(words);
    command.current_dir(folder).env("XDG_CONFIG_HOME", folder.path("config")).stdin(theirs);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(command);
    let mut shown = String::new();
    for (asked, line) in typed.iter().enumerate() {
        let prompted = wait_until(|| {
            shown.push_str(&read_now(&ours));
            shown.matches(": ").count() > asked && !echoes(&ours)
        });
        if !prompted {
            break;
        }
        writeln!(ours, "{line}").unwrap();
    }
    let run = Run::from(child.wait_with_output().unwrap());
    shown.push_str(&read_now(&ours));
    (run, shown)
}

fn wait_until(mut done: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        if done() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// What the terminal shows by now.
fn read_now(mut terminal: &File) -> String {
    rustix::io::ioctl_fionbio(terminal, true).unwrap();
    let mut shown = vec![0; 4096];
    let count = terminal.read(&mut shown).unwrap_or(0);
    String::from_utf8_lossy(&shown[..count]).into_owned()
}

/// Whether what is typed is shown.
fn echoes(terminal: &File) -> bool {
    let settings = rustix::termios::tcgetattr(terminal).unwrap();
    settings.local_modes.contains(rustix::termios::LocalModes::ECHO)
}

fn a_passphrase_is_asked_on_the_terminal_and_not_shown() -> Tested {
    needs::tool("setsid")?;
    let folder = Folder::new();
    let (run, shown) = type_to(&folder, &["keygen", "gateway", "-p"], &["hunter2", "hunter2"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(fs::read_to_string(folder.path("gateway.pem")).unwrap().contains("ENCRYPTED"));
    fs::write(folder.path("in"), "{}\n").unwrap();
    let (run, _) = type_to(&folder, &["sign", "-k", "gateway", "in"], &["hunter2"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(0), 1), "{}", run.err);
    let (run, _) = type_to(&folder, &["sign", "-k", "gateway", "in"], &["hunter3"]);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("the passphrase does not open it"), "{}", run.err);
    Ok(())
}

fn a_filter_without_input_says_so_instead_of_hanging() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 7);
    let (_ours, theirs) = terminal();
    let run = Run::from(folder.foil(&["sign", "-k", "gateway"]).stdin(theirs).output().unwrap());
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with("foil sign: error: no input: standard input is a terminal\n"), "{}", run.err);
}
