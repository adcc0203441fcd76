//! Disks that are full or read-only, and files of a size that not every disk takes.

use std::{
    fs::{self, File},
    os::unix::fs::{FileExt, MetadataExt},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    books::{self, APPEND, numbered},
    run::{Run, feed},
    support::{
        needs::{Lacking, Tested},
        trial::trials,
    },
};

trials![
    a_full_disk_loses_nothing,
    a_clone_that_fills_the_disk_is_gone_on_with,
    a_read_only_disk_can_be_read,
    an_existing_empty_folder_becomes_a_ledger,
    a_huge_tail_takes_neither_time_nor_room,
];

/// A small disk in memory, mounted for as long as this lives.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    pub(crate) fn mount(path: PathBuf, size: &str) -> Result<Self, Lacking> {
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(&path).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        let disk = mounted.then_some(Self(path));
        disk.ok_or_else(|| Lacking::new("a disk of its own", "nothing can be mounted here"))
    }

    pub(crate) fn remount(&self, options: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn a_full_disk_loses_nothing() -> Tested {
    let folder = books::folder();
    let disk = SmallDisk::mount(folder.path("disk"), "200k")?;
    books::copy_into(&folder, "book", &folder, "disk/book");
    let words = &["chain", "append", "disk/book", "-k", "gateway"];
    let mut acknowledged = 0;
    let refused = loop {
        let part = numbered(acknowledged, acknowledged + 300);
        let run = folder.feed(words, &*part);
        if run.code != Some(0) {
            assert_eq!(run.out, "");
            break (part, run);
        }
        acknowledged += 300;
    };
    let named = |err: &str| {
        let error = err.lines().find(|line| line.contains(" error: ")).unwrap_or_default();
        assert!(error.contains(" error: disk/") && error.contains("No space left on device"), "{err}");
        assert!(err.contains("hint: df shows what is full"), "{err}");
    };
    named(&refused.1.err);
    let verify = &["verify", "disk/book", "--key", "gateway.did"];
    assert_eq!(folder.run(verify).code, Some(0));
    // It stays full: each try says so, and none makes it worse.
    for _ in 0..3 {
        let run = folder.feed(words, &*refused.0);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        named(&run.err);
    }
    // So does whoever writes a file of records there.
    let records = numbered(0, 5_000);
    let run = folder.feed(&["sign", "-k", "gateway", "-o", "disk/out.jsonl"], &*records);
    assert!(run.code == Some(2) && !folder.path("disk/out.jsonl").exists(), "{}", run.err);
    named(&run.err);
    let mut sign = folder.foil(&["sign", "-k", "gateway"]);
    let out = File::create(folder.path("disk/out.jsonl")).unwrap();
    let run = feed(sign.stdin(Stdio::piped()).stdout(out).spawn().unwrap(), records.into());
    assert!(run.code == Some(2) && run.err.contains("standard output, /"), "{}", run.err);
    assert!(run.err.contains("/disk/out.jsonl: No space left on device"), "{}", run.err);
    fs::remove_file(folder.path("disk/out.jsonl")).unwrap();
    let kept = fs::read_dir(folder.path("disk/book/replaced")).map_or(0, Iterator::count);
    assert!(kept <= 1, "{kept} pieces of the same tail");
    assert_eq!(folder.run(verify).code, Some(0));
    disk.remount("size=4m");
    assert_eq!(folder.feed(words, &*refused.0).code, Some(0));
    assert_eq!(folder.run(verify).code, Some(0));
    let said = folder.run(&["chain", "cat", "disk/book", "1..", "--records"]).out;
    assert_eq!(said, numbered(0, acknowledged + 300));
    Ok(())
}

fn a_clone_that_fills_the_disk_is_gone_on_with() -> Tested {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 5_000));
    let disk = SmallDisk::mount(folder.path("disk"), "200k")?;
    let words = &["chain", "clone", "book", "disk/copy", "--key", "gateway.did"];
    for _ in 0..2 {
        let run = folder.run(words);
        let error = run.err.lines().find(|line| line.contains(" error: ")).unwrap_or_default();
        let named = error.contains("disk/copy.cloning/") && error.contains("No space left on device");
        assert!(run.code == Some(2) && named, "{:?} {}", run.code, run.err);
        assert!(run.err.contains("rm -r disk/copy.cloning gives it up"), "{}", run.err);
        assert!(!folder.path("disk/copy").exists());
    }
    disk.remount("size=4m");
    assert_eq!(folder.run(words).code, Some(0));
    assert!(!folder.path("disk/copy.cloning").exists());
    let entries = |ledger: &str| fs::read(folder.path(ledger).join("entries/000000000000.jsonl")).unwrap();
    assert!(entries("disk/copy") == entries("book"));
    Ok(())
}

fn a_read_only_disk_can_be_read() -> Tested {
    let folder = books::folder();
    let disk = SmallDisk::mount(folder.path("disk"), "1m")?;
    books::copy_into(&folder, "book", &folder, "disk/book");
    disk.remount("ro");
    let run = folder.feed(&["chain", "append", "disk/book", "-k", "gateway"], numbered(0, 1));
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("disk/book/lock: Read-only file system"), "{}", run.err);
    let run = folder.run(&["chain", "init", "disk/new", "-k", "gateway"]);
    assert!(run.code == Some(2) && run.err.contains("Read-only file system"), "{}", run.err);
    for words in [&["chain", "cat", "disk/book"][..], &["chain", "status", "disk/book"]] {
        assert_eq!(folder.run(words).code, Some(0), "{words:?}");
    }
    let verified = folder.run(&["verify", "disk/book", "--key", "gateway.did"]);
    assert_eq!(verified.code, Some(0), "{}", verified.err);
    // A memory that cannot be written is worth a warning, no more.
    let mut append = folder.foil(APPEND);
    let child = append.env("XDG_STATE_HOME", folder.path("disk")).stdin(Stdio::piped()).spawn().unwrap();
    let run = feed(child, numbered(0, 1).into());
    assert_eq!((run.code, books::receipts(&run).len()), (Some(0), 1));
    assert!(run.err.contains("warning: what was seen cannot be remembered: "), "{}", run.err);
    Ok(())
}

fn an_existing_empty_folder_becomes_a_ledger() -> Tested {
    let folder = books::folder();
    fs::create_dir(folder.path("here")).unwrap();
    let mut init = folder.foil(&["chain", "init", ".", "-k", "../gateway.pem"]);
    let run: Run = init.current_dir(folder.path("here")).output().unwrap().into();
    assert_eq!(run.code, Some(0), "{}", run.err);
    let _disk = SmallDisk::mount(folder.path("disk"), "1m")?;
    let run = folder.run(&["chain", "init", "disk", "-k", "gateway"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    Ok(())
}

fn a_huge_tail_takes_neither_time_nor_room() -> Tested {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    let entries = folder.path("book/entries/000000000000.jsonl");
    let file = File::options().write(true).open(entries).unwrap();
    let huge = file.set_len(1 << 40);
    huge.map_err(|why| Lacking::new("files of 2^40 bytes", &why.to_string()))?;
    file.write_all_at(b"the end\n", (1 << 40) - 8).unwrap();
    let begin = Instant::now();
    books::appended(&folder, numbered(3, 4));
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    let kept =
        fs::read_dir(folder.path("book/replaced")).unwrap().next().unwrap().unwrap().metadata().unwrap();
    assert!(
        kept.len() > 1 << 39 && kept.blocks() < 10_000,
        "{} bytes in {} blocks",
        kept.len(),
        kept.blocks()
    );
    books::assert_sound(&folder, "a huge tail");
    Ok(())
}
