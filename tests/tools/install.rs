//! What people install: by cargo, as a package of Debian, as static binaries. `.ci/run` builds the last two.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::{
    run::Folder,
    support::{
        needs::{Lacking, Tested},
        trial::trials,
    },
};

trials![
    cargo_installs_the_command,
    the_package_installs_records_and_goes,
    static_binaries_need_nothing_of_the_machine,
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file that `.ci/run` has built, and by which line.
fn built(file: &Path, by: &str) -> Result<PathBuf, Lacking> {
    if file.exists() {
        return Ok(file.to_owned());
    }
    Err(Lacking::new(&file.display().to_string(), &format!("{by} builds it")))
}

fn succeeded(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn cargo_installs_the_command() -> Tested {
    let folder = Folder::new();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["install", "--quiet", "--locked", "--offline", "--debug", "--no-track", "--path", "."]);
    cargo.arg("--root").arg(folder.path("")).current_dir(root()).stdin(Stdio::null());
    let installed = cargo.output().map_err(|error| Lacking::new("cargo", &error.to_string()))?;
    succeeded(&installed);
    let foil = folder.path("bin/foil");
    assert_eq!(
        succeeded(&Command::new(&foil).arg("--version").output().unwrap()),
        format!("foil {VERSION}\n")
    );
    let page = succeeded(&Command::new(&foil).args(["man", "foil-contract.5"]).output().unwrap());
    assert!(page.starts_with("foil-contract(5)\n"), "{page}");
    Ok(())
}

/// What is done with the package, in a view of this machine's files that forgets what was changed.
const TRY_PACKAGE: &str = r#"
set -e
dpkg -i /package.deb >/dev/null
test "$(foil --version)" = "foil $VERSION"
test "$(foil man chain append | head -n 1)" = "foil-chain-append(1)"
for page in foil.7 foil-sign.1 foil-contract.5; do
  test -f /usr/share/man/man${page##*.}/$page.gz
done
bash -c '. /usr/share/bash-completion/completions/foil; complete -p foil' >/dev/null
getent passwd foil >/dev/null
id -nG foil | grep -qw dialout
test "$(stat -c %U /var/lib/foil)" = foil

# what systemd would run for foil@probe
cd /etc/foil && foil keygen -q gateway >/dev/null
install -d -o foil -m 0700 /creds && install -o foil -m 0400 gateway.pem /creds/
cd /var/lib/foil
export XDG_STATE_HOME=/var/lib/foil/state CREDENTIALS_DIRECTORY=/creds
export PORT=sim:cold-room OPTIONS='--seed 7 --count 5' LEDGER=/var/lib/foil/probe
as_foil() { setpriv --reuid foil --regid foil --init-groups "$@"; }
as_foil foil chain init probe -k gateway >/dev/null
line=$(sed -n "s/^ExecStart=//p" /usr/lib/systemd/system/foil@.service | sed 's/%i/probe/g')
printf 'exec %s\n' "$line" > /unit.sh
as_foil bash /unit.sh
test "$(as_foil foil chain cat probe --type reading | wc -l)" = 5
as_foil foil verify probe >/dev/null

files=$(dpkg -L counterfoil | while read -r file; do [ -d "$file" ] || echo "$file"; done)
dpkg -P counterfoil >/dev/null 2>&1
for file in $files; do
  test ! -e "$file" || { echo "left behind: $file" >&2; exit 1; }
done
test -f /var/lib/foil/probe/checkpoint
"#;

fn the_package_installs_records_and_goes() -> Tested {
    let package =
        built(&root().join(format!("target/debian/counterfoil_{VERSION}-1_amd64.deb")), "packaging/deb.sh")?;
    let folder = Folder::new();
    for name in ["upper", "work", "view"] {
        fs::create_dir(folder.path(name)).unwrap();
    }
    fs::copy(package, folder.path("package.deb")).unwrap();
    fs::write(folder.path("try.sh"), TRY_PACKAGE).unwrap();
    let mount = "mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work view && mount --bind /proc view/proc \
                 && mount --bind /dev view/dev";
    let in_view = |line: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "sh", "-c"]).arg(format!("{mount} && {line}"));
        unshare
            .env_clear()
            .env("VERSION", VERSION)
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        unshare.current_dir(folder.path("")).stdin(Stdio::null()).output().unwrap()
    };
    if !in_view("chroot view dpkg --version").status.success() {
        return Err(Lacking::new("root on Debian", "no view of its files can be mounted here"));
    }
    succeeded(&in_view("cp package.deb try.sh view/ && exec chroot view sh /try.sh"));
    Ok(())
}

/// Whether a program asks for a dynamic linker: a program header of type `PT_INTERP` (3) in the 64-bit little-endian form of ELF.
fn has_interpreter(program: &[u8]) -> bool {
    let number = |at: usize, bytes: usize| {
        (0..bytes).rev().fold(0, |sum, byte| sum << 8 | usize::from(program[at + byte]))
    };
    let (table, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    (0..count).any(|header| number(table + header * size, 4) == 3)
}

fn static_binaries_need_nothing_of_the_machine() -> Tested {
    records_and_verifies("x86_64-unknown-linux-musl", None)?;
    records_and_verifies("aarch64-unknown-linux-musl", Some("qemu-aarch64"))?;
    assert!(has_interpreter(&fs::read("/bin/sh").unwrap()), "the test knows one that is dynamic");
    Ok(())
}

/// From a key to a verdict, by the binary of a target, run by an emulator where this machine is another one.
fn records_and_verifies(target: &str, emulator: Option<&str>) -> Tested {
    let program = root().join(format!("target/{target}/dist/foil"));
    let program = built(&program, &format!("packaging/static.sh {target}"))?;
    assert!(!has_interpreter(&fs::read(&program).unwrap()), "{target} wants a dynamic linker");
    let folder = Folder::new();
    let foil = |words: &str, input: &str| {
        let mut sh = Command::new("sh");
        sh.args(["-c", &format!("{} \"$FOIL\" {words}", emulator.unwrap_or_default())]);
        sh.env_clear().env("HOME", folder.path("")).env("PATH", "/usr/bin:/bin").env("FOIL", &program);
        fs::write(folder.path("input"), input).unwrap();
        sh.current_dir(folder.path("")).stdin(fs::File::open(folder.path("input")).unwrap());
        succeeded(&sh.output().unwrap())
    };
    if let Some(emulator) = emulator
        && Command::new(emulator).arg("--version").output().is_err()
    {
        return Err(Lacking::new(emulator, "it is not on the PATH"));
    }
    foil("keygen -q gateway", "");
    foil("chain init book -k gateway", "");
    let read = foil("device read sim:cold-room --seed 7 --count 5 -q", "");
    let signed = foil("sign -k gateway", &read);
    foil("chain append book -k gateway", &signed);
    let verdict = foil("verify book --json", "");
    assert!(
        verdict.contains(r#""sound":true"#) && verdict.contains(r#""findings_total":0"#),
        "{target}: {verdict}"
    );
    Ok(())
}
