use super::*;
use crate::key::{BadKey, export};

const OPEN: &str = "PRIVATE KEY";
const LOCKED: &str = "ENCRYPTED PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn refusal(text: &str) -> BadKeyText {
    match parse(text.as_bytes()) {
        Ok(_) => panic!("taken: {text}"),
        Err(bad) => bad,
    }
}

/// A PEM block of these bytes, whatever they are.
fn block(label: &str, hex: &str) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(hex::decode(hex).unwrap());
    let lines: String =
        text.as_bytes().chunks(64).flat_map(|line| [line, b"\n"].concat()).map(char::from).collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}

#[test]
fn version_1_to_the_byte_and_back() {
    let text = pem::write(&key()).unwrap();
    let version_1 = format!("302e020100300506032b657004220420{}", "07".repeat(32));
    assert_eq!(*text, block(OPEN, &version_1));
    let Ok(KeyText::Open(read)) = parse(text.as_bytes()) else { panic!("not read back") };
    assert_eq!(read.public(), key().public());
    assert!(parse(text.replace('\n', "\r\n").as_bytes()).is_ok());
}

#[test]
fn version_2_is_read_if_its_halves_fit() {
    let version_2 = |public: &[u8; 32]| {
        let seed = "07".repeat(32);
        block(OPEN, &format!("3051020101300506032b657004220420{seed}812100{}", hex::encode(public)))
    };
    assert!(matches!(parse(version_2(key().public().as_bytes()).as_bytes()), Ok(KeyText::Open(_))));
    let other = SecretKey::from_seed(&[8; 32]).public();
    assert_eq!(refusal(&version_2(other.as_bytes())), BadKeyText::Mismatch);
}

#[test]
fn every_bit_around_the_seed_counts() {
    let version_1 = format!("302e020100300506032b657004220420{}", "07".repeat(32));
    for bit in 0..16 * 8 {
        let mut der = hex::decode(&version_1).unwrap();
        der[bit / 8] ^= 1 << (bit % 8);
        refusal(&block(OPEN, &hex::encode(der)));
    }
}

#[test]
fn only_the_right_passphrase_opens() {
    let text = pem::write_locked(&key(), b"correct horse", &[1; 16], [2; 16]).unwrap();
    let Ok(KeyText::Locked(locked)) = parse(text.as_bytes()) else { panic!("not locked") };
    assert_eq!(locked.open(b"correct horse").unwrap().public(), key().public());
    assert_eq!(locked.open(b"").unwrap_err(), BadKeyText::Passphrase);
    assert_eq!(locked.open(b"correct horsf").unwrap_err(), BadKeyText::Passphrase);
}

#[test]
fn a_passphrase_never_costs_minutes() {
    let text = pem::write_locked(&key(), b"x", &[1; 16], [2; 16]).unwrap();
    let hex = hex::encode(&*pem_block::find(text.as_bytes()).whole[0].decode().unwrap());
    let cheap = "02024000020108020101";
    assert!(hex.contains(cheap), "N = 2^14, r = 8, p = 1");
    for (cost, why) in [
        ("02027fff020108020101", "N is no power of two"),
        ("02010002020080020101", "N is zero"),
        ("0202400002017f02017f", "31 GiB"),
    ] {
        let text = block(LOCKED, &hex.replace(cheap, cost));
        let Ok(KeyText::Locked(locked)) = parse(text.as_bytes()) else { panic!("not locked") };
        assert_eq!(locked.open(b"x").unwrap_err(), BadKeyText::Scheme, "{why}");
    }
}

#[test]
fn other_files_are_told_apart() {
    let text = pem::write(&key()).unwrap();
    assert_eq!(refusal(""), BadKeyText::NoKey);
    assert_eq!(refusal("a note\n"), BadKeyText::NoKey);
    assert_eq!(refusal(&text[..60]), BadKeyText::Damaged);
    assert_eq!(refusal(&text.replace("MC4C", "MC4D")), BadKeyText::Damaged);
    assert_eq!(refusal(&block("OPENSSH PRIVATE KEY", "3000")), BadKeyText::Damaged);
    let pkcs8 = |algorithm: &str| {
        let inner = format!("020100{algorithm}04020400");
        block(OPEN, &format!("30{:02x}{inner}", inner.len() / 2))
    };
    let p256 = "301306072a8648ce3d020106082a8648ce3d030107";
    for (text, what) in [
        (pkcs8("300506032b656e"), "an X25519 key"),
        (pkcs8("300506032b6571"), "an Ed448 key"),
        (pkcs8("300d06092a864886f70d0101010500"), "an RSA key"),
        (pkcs8(p256), "an EC key on P-256"),
        (block(PUBLIC, &format!("301a{p256}03030004ff")), "an EC key on P-256"),
        (pkcs8("300506032b6502"), "a key of the algorithm 1.3.101.2"),
        (block("CERTIFICATE", "3000"), "a certificate"),
        (block("RSA PRIVATE KEY", "3000"), "an RSA key"),
        (block("EC PRIVATE KEY", "06052b81040022"), "an EC key on P-384"),
        (block("\u{1b}[2J KEY", "3000"), r#"a PEM block "\u{1b}[2J KEY""#),
        ("PuTTY-User-Key-File-3: ssh-ed25519\n".to_owned(), "a PuTTY key"),
        ("ssh-rsa AAAAB3NzaC1yc2E me\n".to_owned(), "an RSA key"),
        ("ssh-ed25519 AAAA a\nssh-ed25519 AAAA b\n".to_owned(), "2 public keys of OpenSSH"),
        ("<!DOCTYPE html>\n".to_owned(), "a web page (HTML)"),
    ] {
        let refused = refusal(&text);
        assert!(matches!(&refused, BadKeyText::Other(told) if told.starts_with(what)), "{what}: {refused}");
    }
    assert_eq!(refusal(&"07".repeat(32)), BadKeyText::Bare);
    let Err(BadKeyText::Other(what)) = parse(b"PK\x03\x04\x14\0") else { panic!("taken") };
    assert_eq!(what, "a ZIP archive");
}

#[test]
fn what_openssl_passes_over_does_no_harm() {
    let text = pem::write(&key()).unwrap().to_string();
    let (certificate, spki) = (block("CERTIFICATE", "3000"), block(PUBLIC, "3000"));
    let blank = text.replace('\n', "\n\n");
    let spaces = text.replace('\n', " \t\n");
    let indented = text.replace('M', "\n  M").replacen("\n  M", "\nM", 1);
    for around in [
        format!("{text}{certificate}"),
        format!("{certificate}{text}"),
        format!("{spki}\n{text}{spki}"),
        format!("Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n{text}\n# the end"),
        format!("\u{feff}{text}"),
        format!("\n\n{blank}\n"),
        spaces,
        indented,
        text.replace('\n', "\r\n") + "\r\n",
        text.trim_end().to_owned(),
    ] {
        let Ok(KeyText::Open(read)) = parse(around.as_bytes()) else { panic!("not read: {around}") };
        assert_eq!(read.public(), key().public());
    }
    let latin = [b"# Schl\xfcssel\n", text.as_bytes()].concat();
    assert!(matches!(parse(&latin), Ok(KeyText::Open(_))));
    let second = block(OPEN, &format!("302e020100300506032b657004220420{}", "08".repeat(32)));
    let Ok(KeyText::Open(first)) = parse(format!("{text}{second}").as_bytes()) else { panic!() };
    assert_eq!(first.public(), key().public(), "of several the first, as with OpenSSL");
}

#[test]
fn version_2_of_ring_is_read_if_its_halves_fit() {
    let ring = |public: &[u8; 32]| {
        let seed = "07".repeat(32);
        block(OPEN, &format!("3053020101300506032b657004220420{seed}a123032100{}", hex::encode(public)))
    };
    assert!(matches!(parse(ring(key().public().as_bytes()).as_bytes()), Ok(KeyText::Open(_))));
    let other = SecretKey::from_seed(&[8; 32]).public();
    assert_eq!(refusal(&ring(other.as_bytes())), BadKeyText::Mismatch);
}

#[test]
fn names_and_der_are_read() {
    let (did, multibase) = (key().public().did(), key().public().multibase());
    for text in [format!("{did}\n"), format!("{did}#{multibase}\r\n"), export::ssh(&key().public(), "me")] {
        let Ok(KeyText::Public(read)) = parse(text.as_bytes()) else { panic!("not read: {text}") };
        assert_eq!(read, key().public());
    }
    assert_eq!(refusal(&format!("{did}#z6Mk")), BadKeyText::Key(BadKey::Two));
    assert_eq!(refusal(&format!("{did}\n{did}\n")), BadKeyText::Key(BadKey::Form));
    let text = pem::write(&key()).unwrap();
    let der = pem_block::find(text.as_bytes()).whole[0].decode().unwrap();
    assert!(matches!(parse(&der), Ok(KeyText::Open(read)) if read.public() == key().public()));
    let vkey = "a.example/x+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n";
    assert!(matches!(parse(vkey.as_bytes()), Ok(KeyText::Verifier(line)) if line == vkey.trim_end()));
}

#[test]
fn public_keys_are_read_too() {
    let spki = format!("302a300506032b6570032100{}", hex::encode(key().public().as_bytes()));
    let Ok(KeyText::Public(read)) = parse(block(PUBLIC, &spki).as_bytes()) else { panic!("not read") };
    assert_eq!(read, key().public());
    let mut weak = "302a300506032b6570032100".to_owned() + &"00".repeat(32);
    weak.replace_range(24..26, "01");
    assert_eq!(refusal(&block(PUBLIC, &weak)), BadKeyText::Key(BadKey::Weak));
}

#[test]
fn a_secret_key_and_its_public_half_are_one_key() {
    let secret = |fill: u8| pem::write(&SecretKey::from_seed(&[fill; 32])).unwrap();
    let public = |fill: u8| {
        let key = SecretKey::from_seed(&[fill; 32]).public();
        block(PUBLIC, &format!("302a300506032b6570032100{}", hex::encode(key.as_bytes())))
    };
    let locked = pem::write_locked(&key(), b"x", &[1; 16], [2; 16]).unwrap();
    let certificate = block("CERTIFICATE", "3000");
    let count = |parts: &[&str]| count_keys(parts.concat().as_bytes());
    assert_eq!(count(&["did:key:z6Mk"]), 0);
    assert_eq!(count(&[&secret(7), &certificate, &public(7), &secret(7)]), 1);
    assert_eq!(count(&[&locked, &public(7)]), 1);
    assert_eq!(count(&[&secret(7), &public(8)]), 2);
    assert_eq!(count(&[&locked, &public(7), &public(8)]), 2);
    // a key of another algorithm
    assert_eq!(count(&[&secret(7), &block(OPEN, "302e020100300506032b656e042204200707")]), 2);
}
