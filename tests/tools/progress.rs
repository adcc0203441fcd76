//! What a long command shows of itself on a terminal.

use std::{collections::BTreeMap, sync::Mutex, thread, time::Duration};

use crate::{
    books,
    publishing::{files, published},
    repl::Prompt,
    server::{Answer, Server},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![a_clone_tells_how_far_it_is_and_how_long_it_takes];

/// Serves files one after the other, each after a while, whatever is asked for at once.
fn slow(files: BTreeMap<String, Vec<u8>>) -> Server {
    let turn = Mutex::new(());
    Server::start(move |path| {
        let _turn = turn.lock().unwrap();
        thread::sleep(Duration::from_millis(200));
        files.get(path).cloned().map_or(Answer::Status(404), Answer::Bytes)
    })
}

fn a_clone_tells_how_far_it_is_and_how_long_it_takes() -> Tested {
    needs::tool("setsid")?;
    let folder = books::folder();
    books::appended(&folder, books::numbered(1, 4_000));
    published(&folder);
    let server = slow(files(&folder.path("public")));
    let mut terminal = Prompt::start(folder.as_ref(), &["chain", "clone", &server.url(), "copy"]);
    terminal.expect("\rfoil chain clone: ");
    terminal.expect(" of 4,000 entries, ");
    terminal.expect(" a second, ");
    terminal.expect(" left\x1b[K");
    // The line is gone before anything else is said.
    terminal.expect("\r\x1b[K");
    terminal.expect("copy: is kept");
    // Who asks for silence, and who has no terminal, sees none of it.
    let mut terminal = Prompt::start(folder.as_ref(), &["chain", "clone", &server.url(), "quiet", "-q"]);
    terminal.expect("not decided (3)");
    assert!(!terminal.since_last.contains(" of 4,000"), "{:?}", terminal.since_last);
    let run = folder.run(&["chain", "clone", &server.url(), "piped"]);
    assert!(!run.err.contains(" of 4,000"), "{}", run.err);
    Ok(())
}
