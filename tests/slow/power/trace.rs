//! What a process asked of the kernel, as `strace -f -y -xx` writes it down.
//!
//! ```text
//! 4711 pwrite64(4</tmp/x/book/lock>, "\x7b\x22", 2, 0) = 2
//! 4711 fsync(4</tmp/x/book> <unfinished ...>
//! 4712 write(1<pipe:[77]>, "\x7b\x7d\x0a", 3) = 3
//! 4711 <... fsync resumed>) = 0
//! ```

use std::{
    collections::HashMap,
    fs,
    process::{Child, Command, Stdio},
};

use crate::{run::Folder, support::trial::trials};

trials![calls_of_threads_are_put_together];

/// The calls that change files, or that say which file a descriptor is and where it stands.
pub const CALLS: &[&str] = &[
    "open",
    "openat",
    "creat",
    "close",
    "dup",
    "dup2",
    "dup3",
    "read",
    "lseek",
    "write",
    "writev",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "copy_file_range",
    "sendfile",
    "splice",
    "fallocate",
    "truncate",
    "ftruncate",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "rmdir",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "sync",
    "syncfs",
];

/// One call that came to its end.
#[derive(Debug)]
pub struct Call {
    pub thread: u32,
    pub name: String,
    pub args: Vec<String>,
    /// What it answered; an error is negative
    pub result: i64,
    /// The lines of the trace in which it began and ended: threads overlap
    pub began: usize,
    pub ended: usize,
    /// The path of the descriptor that it answered
    opened: String,
}

/// Starts `foil` under `strace` with these options; the trace goes to the file `trace` of the folder.
pub fn start(folder: &Folder, options: &[&str], words: &[&str]) -> Child {
    let foil = folder.foil(words);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(folder.path("trace")).args(options);
    // Quick; but behind a filter strace 6.1 forgets faults after the first call.
    strace.args(["--seccomp-bpf"].iter().filter(|_| !options.iter().any(|option| is_fault(option))));
    strace.arg(foil.get_program()).args(foil.get_args()).current_dir(folder).env_clear();
    strace.envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Whether an option of `strace` injects a fault.
pub fn is_fault(option: &str) -> bool {
    option.starts_with("inject=")
}

/// The options with which a trace says everything.
pub fn everything() -> [String; 6] {
    let trace = format!("trace={}", CALLS.join(","));
    ["-y", "-xx", "-s", "10000000", "-e", &trace].map(ToOwned::to_owned)
}

/// The calls that [`start`] wrote down, of all threads, in the order in which they ended.
pub fn calls(folder: &Folder) -> Vec<Call> {
    parse(&fs::read_to_string(folder.path("trace")).unwrap())
}

/// The thread that a process began with.
pub fn main_thread(folder: &Folder) -> u32 {
    let text = fs::read_to_string(folder.path("trace")).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn parse(text: &str) -> Vec<Call> {
    let mut open: HashMap<&str, (usize, String)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some((thread, said)) = line.split_once(' ') else { continue };
        let said = said.trim_start();
        if let Some(begin) = said.strip_suffix("<unfinished ...>") {
            open.insert(thread, (at, begin.trim_end().to_owned()));
            continue;
        }
        let resumed = said.strip_prefix("<... ").and_then(|said| said.split_once(" resumed>"));
        let (began, whole) = match resumed.and_then(|(_, end)| Some((open.remove(thread)?, end))) {
            Some(((began, first), rest)) => (began, first + rest),
            None => (at, said.to_owned()),
        };
        calls.extend(Call::parse(thread, &whole, began, at));
    }
    calls
}

impl Call {
    fn parse(thread: &str, text: &str, began: usize, ended: usize) -> Option<Self> {
        let (call, result) = text.rsplit_once(" = ")?;
        let (name, args) = call.trim_end().strip_suffix(')')?.split_once('(')?;
        let number = result.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(result.len());
        let opened = in_angles(&result[number..]);
        let (thread, result) = (thread.parse().ok()?, result[..number].parse().ok()?);
        // Text is in hexadecimal, so a comma separates.
        let args = args.split(", ").map(ToOwned::to_owned).collect();
        Some(Self { thread, name: name.to_owned(), args, result, began, ended, opened })
    }

    /// The descriptor that an argument is.
    pub fn descriptor(&self, at: usize) -> i64 {
        self.args[at].split('<').next().and_then(|number| number.parse().ok()).unwrap_or(-1)
    }

    /// The path that `strace` says a descriptor has, of an argument.
    pub fn path_of(&self, at: usize) -> String {
        in_angles(&self.args[at])
    }

    /// The path that `strace` says the descriptor has that a call answered.
    pub fn path_of_result(&self) -> String {
        self.opened.clone()
    }

    /// The bytes that an argument is.
    pub fn bytes(&self, at: usize) -> Vec<u8> {
        unescape(self.args[at].trim_matches('"'))
    }

    /// The text that an argument is.
    pub fn text(&self, at: usize) -> String {
        String::from_utf8(self.bytes(at)).unwrap()
    }

    /// The number that an argument is.
    pub fn number(&self, at: usize) -> u64 {
        self.args[at].parse().unwrap_or_else(|_| panic!("no number: {self:?}"))
    }
}

fn in_angles(text: &str) -> String {
    let path = text.split_once('<').and_then(|(_, path)| path.strip_suffix('>'));
    String::from_utf8(unescape(path.unwrap_or_default())).unwrap()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

fn calls_of_threads_are_put_together() {
    let text = "7 ftruncate(4<\\x2f\\x61>, 5 <unfinished ...>\n8 write(1<pipe:[7]>, \"\\x7b\\x0a\", 2) = 2\n\
        7 <... ftruncate resumed>) = 0\n7 unlink(\"\\x61\") = -1 ENOENT (No such file or directory)\n\
        7 +++ exited with 0 +++\n";
    let calls = parse(text);
    assert_eq!((calls[0].name.as_str(), calls[0].bytes(1), calls[0].result), ("write", b"{\n".to_vec(), 2));
    let truncated = &calls[1];
    assert_eq!((truncated.path_of(0).as_str(), truncated.number(1)), ("/a", 5));
    assert_eq!((truncated.began, truncated.ended), (0, 2));
    assert_eq!((calls[2].text(0).as_str(), calls[2].result, calls.len()), ("a", -1, 3));
}
