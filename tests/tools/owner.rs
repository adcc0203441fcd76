//! Whose files they are: an administrator mends as root what a service goes on to write as another user.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    books::{self, numbered},
    run::Folder,
    support::{
        needs::{self, Lacking, Tested},
        trial::trials,
    },
};

trials![
    what_root_makes_belongs_to_the_owner_of_the_folder,
    a_folder_that_cannot_be_synced_is_used_with_a_warning
];

const SERVICE: u32 = 65_534;

/// A ledger, a published log and a state folder that belong to a service.
fn of_service() -> Result<Folder, Lacking> {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    fs::create_dir(folder.path("public")).unwrap();
    if chown(folder.path("public"), Some(SERVICE), Some(SERVICE)).is_err() {
        return Err(Lacking::new("root", "a folder cannot be given away"));
    }
    let all =
        Command::new("chown").arg("-R").arg(format!("{SERVICE}:{SERVICE}")).arg(folder.path("")).status();
    assert!(all.unwrap().success());
    Ok(folder)
}

/// What belongs to somebody else.
fn strangers(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::symlink_metadata(&path).unwrap();
        if data.is_dir() {
            found.extend(strangers(&path));
        }
        if (data.uid(), data.gid()) != (SERVICE, SERVICE) {
            found.push(path);
        }
    }
    found
}

fn what_root_makes_belongs_to_the_owner_of_the_folder() -> Tested {
    let folder = of_service()?;
    let none = |what: &str| assert_eq!(strangers(&folder.path("")), Vec::<PathBuf>::new(), "{what}");
    let run = |words: &[&str]| {
        let run = folder.run(words);
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.err);
        none(&words.join(" "));
    };
    none("the folder itself");
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    run(&["chain", "repair", "book"]);
    // A line behind the end, to be set aside, and one that is damaged, to be taken from a copy.
    books::copy_into(&folder, "book", &folder, "copy");
    let entries = folder.path("book/entries/000000000000.jsonl");
    let text = fs::read_to_string(&entries).unwrap();
    fs::write(&entries, text.replace("{\"n\":7}}", "{\"n\":8}}")).unwrap();
    run(&["chain", "repair", "book", "--from", "copy"]);
    fs::remove_dir_all(folder.path("book/replaced")).unwrap();
    fs::write(&entries, fs::read_to_string(&entries).unwrap() + "torn").unwrap();
    fs::remove_file(folder.path("book/lock")).unwrap();
    fs::remove_dir_all(folder.path("state/foil")).unwrap();
    books::appended(&folder, numbered(300, 301));
    none("an append");
    assert!(folder.path("book/replaced").exists() && folder.path("state/foil/machine").exists());
    run(&["chain", "publish", "book", "public"]);
    run(&["chain", "init", "new", "-k", "gateway", "--origin", "plant7/new"]);
    Ok(())
}

fn a_folder_that_cannot_be_synced_is_used_with_a_warning() -> Tested {
    needs::tool("strace")?;
    let folder = books::folder();
    let append = |error: &str| {
        let foil = folder.foil(books::APPEND);
        let mut strace = Command::new("strace");
        strace.env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
        strace.current_dir(&folder).args(["-f", "-o", "/dev/null", "-P"]).arg(folder.path("book"));
        strace.args(["-e", &format!("inject=fsync:error={error}")]).arg(foil.get_program());
        strace.args(foil.get_args()).arg("-");
        let input = numbered(1, 2);
        strace.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        crate::run::feed(strace.stderr(std::process::Stdio::piped()).spawn().unwrap(), input.into())
    };
    for error in ["EINVAL", "EOPNOTSUPP"] {
        let run = append(error);
        assert_eq!(run.code, Some(0), "{error}: {}", run.err);
        assert!(run.out.contains("\"checkpoint\""), "{}", run.out);
        let warning = "warning: book: this file system cannot sync a folder: a power cut may take away";
        assert_eq!(run.err.matches(warning).count(), 1, "{error}: {}", run.err);
    }
    let run = append("EIO");
    assert!(run.code == Some(2) && run.out.is_empty(), "{}{}", run.out, run.err);
    assert!(run.err.contains("book: Input/output error"), "{}", run.err);
    Ok(())
}
