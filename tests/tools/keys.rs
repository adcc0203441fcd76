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
    openssh_keys_are_imported_with_and_without_a_passphrase,
    what_openssl_reads_is_read_whatever_stands_around_it,
    keys_of_other_algorithms_are_called_what_they_are,
    an_imported_key_is_new_closed_and_never_overwrites,
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

/// Runs a line of a shell, which must succeed.
fn shell(folder: &Folder, line: &str) -> String {
    let run = peer("sh", folder, &["-ec", line]);
    assert_eq!(run.code, Some(0), "{line}: {}", run.err);
    run.out.trim().to_owned()
}

fn openssh_keys_are_imported_with_and_without_a_passphrase() -> Tested {
    needs::tool("ssh-keygen")?;
    let folder = Folder::new();
    shell(&folder, "umask 077; echo 'correct horse' > pw; echo wrong > no");
    for (name, passphrase, options) in
        [("open", "", ""), ("usual", "correct horse", ""), ("costly", "correct horse", "-a 40")]
    {
        let make = format!("ssh-keygen -q -t ed25519 {options} -N '{passphrase}' -C me@host -f {name}");
        shell(&folder, &make);
        let words = ["key", "import", name, &format!("{name}-new"), "--passphrase-file", "pw"];
        let run = folder.run(&words);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        let line = folder.run(&["key", "export", &format!("./{name}-new.did"), "--as", "ssh"]).out;
        let theirs = shell(&folder, &format!("ssh-keygen -y -P '{passphrase}' -f {name}"));
        let key = |line: &str| line.split(' ').nth(1).unwrap().trim().to_owned();
        assert_eq!(key(&line), key(&theirs), "{name}");
        // The public line of OpenSSH names the same key, and so does the private one where it lies.
        let did = fs::read_to_string(folder.path(&format!("{name}-new.did"))).unwrap();
        for file in [format!("./{name}.pub"), format!("./{name}")] {
            let run = folder.run(&["key", "show", &file, "--passphrase-file", "pw"]);
            assert!(run.out.contains(did.trim()), "{file}: {} {}", run.out, run.err);
        }
    }
    let run = folder.run(&["key", "import", "usual", "no-new", "--passphrase-file", "no"]);
    assert_eq!((run.code, folder.path("no-new.pem").exists()), (Some(2), false));
    assert!(run.err.contains("usual: the passphrase does not open it"), "{}", run.err);
    let kept = fs::read_to_string(folder.path("usual-new.pem")).unwrap();
    assert!(kept.starts_with("-----BEGIN ENCRYPTED"), "a passphrase stays: {kept}");
    Ok(())
}

fn what_openssl_reads_is_read_whatever_stands_around_it() -> Tested {
    needs::tool("openssl")?;
    let folder = Folder::new();
    let make = "umask 077; openssl genpkey -algorithm ed25519 -out k.pem
        openssl req -x509 -new -key k.pem -subj /CN=gw -days 1 -out c.pem
        openssl pkey -in k.pem -pubout -out p.pem
        openssl pkey -in k.pem -text -out text.pem
        openssl pkcs12 -export -inkey k.pem -in c.pem -out k.p12 -passout pass:x
        openssl pkcs12 -in k.p12 -passin pass:x -nodes -out bag.pem
        openssl pkey -in k.pem -outform DER -out der.pem
        cat k.pem c.pem > behind.pem; cat c.pem k.pem > before.pem; cat p.pem c.pem k.pem p.pem > among.pem
        sed 's/$/\\r/' k.pem > crlf.pem; sed 's/$/ /' k.pem > spaces.pem; sed '1s/$/\\n/' k.pem > blank.pem
        { printf 'our key: \\374\\n# do not lose\\n\\n'; cat k.pem; echo; echo 'see also: nothing'; } > words.pem";
    shell(&folder, make);
    let hex = hex_of(&folder, &["./k.pem"]);
    let theirs = shell(
        &folder,
        "openssl pkey -in k.pem -pubout -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \\n'",
    );
    assert_eq!(hex, theirs);
    let files = "text bag behind before among crlf spaces blank words der";
    for name in files.split(' ') {
        let file = format!("./{name}.pem");
        if name != "der" {
            shell(&folder, &format!("openssl pkey -in {file} -noout"));
        }
        assert_eq!(hex_of(&folder, &[&file]), hex, "{name}");
        let run = folder.run(&["key", "import", &file, &format!("{name}-new")]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        let same = shell(
            &folder,
            &format!("openssl pkey -in {name}-new.pem -outform DER | cmp - der.pem && echo same"),
        );
        assert_eq!(same, "same", "{name}");
    }
    Ok(())
}

fn keys_of_other_algorithms_are_called_what_they_are() -> Tested {
    needs::tool("openssl")?;
    needs::tool("ssh-keygen")?;
    let folder = Folder::new();
    for (make, what) in [
        ("openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024 -out k", "an RSA key"),
        ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k", "an EC key on P-256"),
        ("openssl ecparam -genkey -name secp384r1 -out k", "an EC key on P-384"),
        ("openssl genpkey -algorithm x25519 -out k", "an X25519 key"),
        ("openssl genpkey -algorithm ed448 -out k", "an Ed448 key"),
        ("openssl genpkey -algorithm ed448 -out p; openssl pkey -in p -pubout -out k", "an Ed448 key"),
        ("ssh-keygen -q -t ecdsa -N '' -f k", "an EC key on P-256"),
        ("ssh-keygen -q -t rsa -b 1024 -N secret -f k", "an RSA key"),
        ("ssh-keygen -q -t rsa -b 1024 -N '' -f k; mv k.pub k", "an RSA key"),
        ("openssl req -x509 -newkey ed25519 -nodes -keyout p -subj /CN=x -days 1 -out k", "a certificate"),
        (
            "openssl req -x509 -newkey ed25519 -nodes -keyout p -subj /CN=x -days 1 -outform DER -out k",
            "a certificate",
        ),
    ] {
        shell(&folder, &format!("umask 077; rm -f k k.pub p; {make} 2>/dev/null"));
        for words in [&["key", "show", "./k"][..], &["key", "import", "k", "new"]] {
            let run = folder.run(words);
            assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{make}");
            assert!(run.err.contains(&format!("k: holds {what}")), "{make}: {}", run.err);
            assert!(!run.err.contains("damaged"), "{make}: {}", run.err);
        }
    }
    assert!(!folder.path("new.pem").exists() && !folder.path("new.did").exists());
    Ok(())
}

fn an_imported_key_is_new_closed_and_never_overwrites() {
    let folder = Folder::new();
    fs::write(folder.path("seed"), format!("{}\n", "07".repeat(32))).unwrap();
    let run = folder.run(&["key", "import", "seed", "-o", "gateway"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let (pem, did) = (folder.path("gateway.pem"), folder.path("gateway.did"));
    assert_eq!(fs::metadata(&pem).unwrap().permissions().mode() & 0o7777, 0o600);
    let key = SecretKey::from_seed(&[7; 32]).public();
    assert_eq!(fs::read_to_string(&did).unwrap(), format!("{key}\n"));
    let before = fs::read(&pem).unwrap();
    fs::write(folder.path("other"), "08".repeat(32)).unwrap();
    assert_eq!(folder.run(&["key", "import", "other", "gateway"]).code, Some(2));
    fs::remove_file(&did).unwrap();
    assert_eq!(folder.run(&["key", "import", "other", "gateway.pem"]).code, Some(2));
    assert_eq!((fs::read(&pem).unwrap(), did.exists()), (before, false));
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
