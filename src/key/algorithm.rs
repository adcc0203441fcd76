//! Keys of other algorithms, and what else is handed over as a key, in words: so that an RSA key is called one, and not
//! a damaged key.

/// The algorithms of keys in PKCS#8 and in public keys, by their object identifiers (RFC 8410, RFC 5480, RFC 3279).
const ALGORITHMS: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.1", "an RSA key"),
    ("1.2.840.113549.1.1.10", "an RSA key (PSS)"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.2.840.113549.1.3.1", "a Diffie-Hellman key"),
    ("1.3.101.110", "an X25519 key, which agrees on secrets and cannot sign"),
    ("1.3.101.111", "an X448 key, which agrees on secrets and cannot sign"),
    ("1.3.101.113", "an Ed448 key"),
    ("2.16.840.1.101.3.4.3.17", "an ML-DSA-44 key"),
    ("2.16.840.1.101.3.4.3.18", "an ML-DSA-65 key"),
    ("2.16.840.1.101.3.4.3.19", "an ML-DSA-87 key"),
];

const EC: &str = "1.2.840.10045.2.1";

/// Elliptic curves, by the DER of their object identifiers.
const CURVES: &[(&[u8], &str)] = &[
    (&[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "P-256"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], "P-384"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23], "P-521"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a], "secp256k1"),
];

/// What PEM blocks hold that are no keys of ours, by their labels.
const LABELS: &[(&str, &str)] = &[
    ("CERTIFICATE", "a certificate"),
    ("X509 CERTIFICATE", "a certificate"),
    ("TRUSTED CERTIFICATE", "a certificate"),
    ("CERTIFICATE REQUEST", "a request for a certificate"),
    ("NEW CERTIFICATE REQUEST", "a request for a certificate"),
    ("X509 CRL", "a list of revoked certificates"),
    ("PKCS7", "PKCS#7 data"),
    ("CMS", "CMS data"),
    ("RSA PRIVATE KEY", "an RSA key"),
    ("RSA PUBLIC KEY", "an RSA public key"),
    ("DSA PRIVATE KEY", "a DSA key"),
    ("DH PARAMETERS", "Diffie-Hellman parameters"),
    ("EC PARAMETERS", "the parameters of an EC key"),
    ("PGP PRIVATE KEY BLOCK", "an OpenPGP key"),
    ("PGP PUBLIC KEY BLOCK", "an OpenPGP public key"),
    ("PGP MESSAGE", "an OpenPGP message"),
    ("SSH SIGNATURE", "an OpenSSH signature"),
    ("AGE ENCRYPTED FILE", "a file that age encrypted"),
];

/// Keys of OpenSSH, by their types.
const SSH_TYPES: &[(&str, &str)] = &[
    ("ssh-rsa", "an RSA key"),
    ("ssh-dss", "a DSA key"),
    ("ecdsa-sha2-nistp256", "an EC key on P-256"),
    ("ecdsa-sha2-nistp384", "an EC key on P-384"),
    ("ecdsa-sha2-nistp521", "an EC key on P-521"),
    ("ssh-ed448", "an Ed448 key"),
    ("sk-ssh-ed25519@openssh.com", "a key that a security token keeps, which signs in another form"),
    ("sk-ecdsa-sha2-nistp256@openssh.com", "an EC key on P-256 that a security token keeps"),
    ("ssh-ed25519-cert-v01@openssh.com", "an OpenSSH certificate"),
];

/// Text files that begin so.
const BEGINNINGS: &[(&str, &str)] = &[
    ("PuTTY-User-Key-File-", "a PuTTY key"),
    ("AGE-SECRET-KEY-", "an age key, which encrypts and cannot sign"),
    ("# created: ", "an age key, which encrypts and cannot sign"),
    ("untrusted comment: minisign", "a minisign key"),
    ("untrusted comment: signify", "a signify key"),
    ("SSH PRIVATE KEY FILE FORMAT", "an OpenSSH key of version 1"),
];

/// As much of a name that is not known as goes into a message.
const SHOWN: usize = 40;

/// What a key of another algorithm is, by its object identifier; `curve` is the content of that of an EC key's curve.
pub(super) fn named(oid: &str, curve: Option<&[u8]>) -> String {
    if oid == EC {
        let known = CURVES.iter().find(|(der, _)| curve == Some(&der[2..])).map(|(_, name)| *name);
        return format!("an EC key on {}", known.unwrap_or("some curve"));
    }
    let known = ALGORITHMS.iter().find(|(known, _)| *known == oid);
    known.map_or_else(|| format!("a key of the algorithm {oid}"), |(_, name)| (*name).to_owned())
}

/// What a PEM block of this label holds, if it is not a key of a form that is read here.
pub(super) fn of_label(label: &[u8], der: Option<&[u8]>) -> String {
    let label = String::from_utf8_lossy(label);
    if label == "EC PRIVATE KEY" {
        let is_in = |curve: &[u8]| der.is_some_and(|der| der.windows(curve.len()).any(|part| part == curve));
        let name = CURVES.iter().find(|(curve, _)| is_in(curve)).map(|(_, name)| *name);
        return format!("an EC key on {}", name.unwrap_or("some curve"));
    }
    let known = LABELS.iter().find(|(known, _)| *known == label);
    known.map_or_else(|| format!("a PEM block {}", quoted(&label)), |(_, name)| (*name).to_owned())
}

/// What an OpenSSH key of this type is.
pub(super) fn of_ssh_type(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let known = SSH_TYPES.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| format!("an OpenSSH key of type {}", quoted(&name)), |(_, name)| (*name).to_owned())
}

/// Whether this is a type of OpenSSH's keys that are not read here.
pub(super) fn is_ssh_type(word: &str) -> bool {
    SSH_TYPES.iter().any(|(known, _)| *known == word)
}

/// What a text is that begins as the keys of another program do.
pub(super) fn of_beginning(text: &str) -> Option<&'static str> {
    BEGINNINGS.iter().find(|(begin, _)| text.starts_with(begin)).map(|(_, name)| *name)
}

/// A name that others chose, made harmless and short.
pub(super) fn quoted(name: &str) -> String {
    let short: String = name.chars().take(SHOWN).collect();
    format!("{short:?}")
}

/// What other DER is, as far as its first members tell.
pub(super) fn of_other_der(der: &[u8]) -> Option<&'static str> {
    let ([0x30, 0x82, _, _, content @ ..]
    | [0x30, 0x81, _, content @ ..]
    | [0x30, 0x00..=0x7f, content @ ..]) = der
    else {
        return None;
    };
    Some(match content {
        [0x02, 0x01, 0x03, ..] => "a PKCS#12 file (.p12, .pfx)",
        [0x02, 0x01, 0x00, 0x02, ..] => "an RSA key",
        [0x02, 0x01, 0x01, 0x04, ..] => "an EC key",
        [0x30, ..] => "a certificate, or something else in DER",
        _ => "something in DER that is no key",
    })
}
