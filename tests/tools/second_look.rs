//! What is remembered of proofs, where it cannot be relied on or kept: of other users, on a disk that is full or read-only, of
//! a run that was killed while it wrote.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use counterfoil::json;

use crate::{
    books::{self, good, numbered},
    disk::SmallDisk,
    publishing::files,
    run::{Folder, Run, feed},
    support::{
        needs::{self, Lacking, Tested},
        trial::trials,
    },
};

trials![
    another_users_memory_is_not_believed_and_ones_own_is,
    a_state_folder_that_takes_nothing_is_a_warning,
    killed_at_every_call_that_changes_the_memory,
];

/// Nobody in particular.
const OTHER: u32 = 65_534;

/// A ledger of signed records, and a user's folder that holds no state yet.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    good(&folder, &["chain", "init", "book", "-k", "gateway", "--origin", "plant7/book", "-q"]);
    append(&folder, 0, 20);
    folder
}

fn append(folder: &Folder, from: u64, to: u64) {
    let signed = folder.feed(&["sign", "-k", "gateway"], numbered(from, to)).out;
    books::appended(folder, signed);
}

/// The verdict, and of how many first entries the proofs were evaluated before.
fn told(run: &Run) -> (String, Option<u64>) {
    let mut object = json::parse_object(run.out.trim_end().as_bytes()).unwrap();
    let before = object.remove("checked_before");
    let entries = before.as_ref().and_then(|before| before.as_object()?.get("entries")?.as_u64());
    (object.to_canonical(), entries)
}

/// `verify` by another user, or by the one who asks, with this state folder.
fn look(folder: &Folder, user: Option<u32>, state: &Path) -> Run {
    let foil = folder.foil(&["verify", "book", "--json", "--key", "gateway.did"]);
    let mut command = Command::new(if user.is_some() { "setpriv" } else { "env" });
    if let Some(user) = user {
        command.args([format!("--reuid={user}"), format!("--regid={user}")]).args(["--clear-groups", "--"]);
    }
    command.arg(foil.get_program()).args(foil.get_args()).current_dir(folder);
    command.env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("XDG_STATE_HOME", state).output().unwrap().into()
}

fn memories(state: &Path) -> Vec<PathBuf> {
    let of_proofs = |name: &String| name.ends_with(".proven");
    files(state).into_keys().filter(of_proofs).map(|name| state.join(name)).collect()
}

fn another_users_memory_is_not_believed_and_ones_own_is() -> Tested {
    let folder = folder();
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let state = folder.path("theirs");
    fs::create_dir(&state).unwrap();
    let all =
        |owner: u32| Command::new("chown").args(["-R", &format!("{owner}:{owner}")]).arg(&state).status();
    if chown(&state, Some(OTHER), Some(OTHER)).is_err() || look(&folder, Some(OTHER), &state).code != Some(0)
    {
        return Err(Lacking::new("root and setpriv", "a command cannot be run as another user"));
    }
    let first = told(&look(&folder, None, &folder.path("mine"))).0;
    assert_eq!(told(&look(&folder, Some(OTHER), &state)).1, Some(21), "their own");
    let by_root = look(&folder, None, &state);
    assert_eq!(told(&by_root).1, None);
    assert!(by_root.err.contains("written by another user"), "{}", by_root.err);
    // It was written anew by root, who is believed, and it belongs to them, for root gives away what it makes.
    assert_eq!(told(&look(&folder, Some(OTHER), &state)).1, Some(21));
    // A third one's.
    all(1_234).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    for name in files(&state).keys() {
        fs::set_permissions(state.join(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let run = look(&folder, Some(OTHER), &state);
    assert_eq!((run.code, told(&run).1), (Some(0), None), "{}", run.err);
    assert!(run.err.contains("written by another user") && run.err.contains("cannot be"), "{}", run.err);
    let mut said = json::parse_object(first.as_bytes()).unwrap();
    said.remove("vouched");
    let mut theirs = json::parse_object(told(&run).0.as_bytes()).unwrap();
    theirs.remove("vouched");
    assert_eq!(theirs.to_canonical(), said.to_canonical());
    // Anybody can write it: neither its owner nor anybody else believes it.
    all(OTHER).unwrap();
    for memory in memories(&state) {
        fs::set_permissions(memory, fs::Permissions::from_mode(0o646)).unwrap();
    }
    let run = look(&folder, Some(OTHER), &state);
    assert_eq!(told(&run).1, None);
    assert!(run.err.contains("anybody can write it"), "{}", run.err);
    assert_eq!(told(&look(&folder, Some(OTHER), &state)).1, Some(21), "written anew, and private");
    Ok(())
}

fn a_state_folder_that_takes_nothing_is_a_warning() -> Tested {
    let folder = folder();
    let disk = SmallDisk::mount(folder.path("disk"), "64k")?;
    let state = folder.path("disk/state");
    let first = look(&folder, None, &state);
    assert_eq!((first.code, told(&first).1), (Some(0), None));
    append(&folder, 20, 30);
    disk.remount("ro");
    for _ in 0..2 {
        let run = look(&folder, None, &state);
        assert_eq!((run.code, told(&run).1), (Some(0), Some(21)), "what is known is of use: {}", run.err);
        assert!(run.err.contains("Read-only file system"), "{}", run.err);
    }
    disk.remount("rw");
    let mut full = fs::File::create(folder.path("disk/full")).unwrap();
    std::io::copy(&mut std::io::repeat(b'x'), &mut full).unwrap_err();
    let before: Vec<_> = memories(&state).iter().map(|path| fs::read(path).unwrap()).collect();
    for _ in 0..2 {
        let run = look(&folder, None, &state);
        assert_eq!((run.code, told(&run).1), (Some(0), Some(21)), "{}", run.err);
        assert!(run.err.contains("No space left on device"), "{}", run.err);
    }
    let after: Vec<_> = memories(&state).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!((before.len(), after), (1, before), "the old one is whole");
    drop(full);
    fs::remove_file(folder.path("disk/full")).unwrap();
    assert_eq!(told(&look(&folder, None, &state)).1, Some(21));
    let run = look(&folder, None, &state);
    assert_eq!(told(&run).1, Some(31), "{}", run.err);
    Ok(())
}

fn killed_at_every_call_that_changes_the_memory() -> Tested {
    needs::tool("strace")?;
    let folder = folder();
    let mut killed = 0;
    for call in ["openat", "write", "rename", "flock", "unlink", "mkdir"] {
        for nth in 1.. {
            let state = folder.path("state");
            look(&folder, None, &state);
            let size = books::size(&folder);
            append(&folder, size, size + 1);
            let fault = format!("inject={call}:signal=KILL:when={nth}");
            let run = traced(&folder, &state, &["-e", &fault]);
            let said = told(&look(&folder, None, &state));
            assert!(said.0.contains("\"sound\":true"), "{fault}: {}", said.0);
            // What was known before, or what the killed one had written.
            assert!([Some(size), Some(size + 1)].contains(&said.1), "{fault}: {size} {:?}", said.1);
            if run.code.is_some() {
                break;
            }
            killed += 1;
        }
    }
    assert!(killed > 8, "only {killed} calls");
    Ok(())
}

/// `verify` under `strace`, which looks at calls that are about the memory.
fn traced(folder: &Folder, state: &Path, options: &[&str]) -> Run {
    let foil = folder.foil(&["verify", "book", "--json", "--key", "gateway.did"]);
    let mut strace = Command::new("strace");
    strace.env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.current_dir(folder).args(["-f", "-o", "/dev/null"]).args(options);
    for path in paths(state) {
        strace.arg("-P").arg(path);
    }
    strace.arg(foil.get_program()).args(foil.get_args());
    feed(
        strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
        Vec::new(),
    )
}

/// The files of a memory, and those that take their place.
fn paths(state: &Path) -> Vec<PathBuf> {
    let made = files(state).into_keys().map(|name| state.join(name));
    let folder = |path: &PathBuf| path.parent().unwrap().to_owned();
    made.filter(|path| path.starts_with(state.join("foil/seen")))
        .flat_map(|path| {
            let mut temporary = path.clone().into_os_string();
            temporary.push(".tmp");
            [folder(&path), PathBuf::from(temporary), path]
        })
        .collect()
}
