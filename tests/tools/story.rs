//! Stories that need more than the project: tools, clocks that are made up, a disk of their own.

use std::{fs, path::Path};

use crate::{
    disk::SmallDisk,
    run::Folder,
    support::{
        needs::{self, Tested},
        transcript,
        trial::trials,
    },
};

trials![
    an_auditor_gets_a_zip_by_mail,
    thirty_excavators_are_let,
    a_gateway_is_run_by_cron,
    no_story_is_left_out
];

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/story/tools");

/// Replays a story in a folder that was prepared for it.
fn tell(story: &str, tools: &[&str], folder: &Folder) -> Tested {
    tools.iter().try_for_each(|tool| needs::tool(tool))?;
    transcript::check_in(&Path::new(FOLDER).join(story), folder.as_ref());
    Ok(())
}

fn an_auditor_gets_a_zip_by_mail() -> Tested {
    tell("auditor.md", &["jq", "zip"], &Folder::new())
}

fn thirty_excavators_are_let() -> Tested {
    tell("fleet.md", &["faketime", "jq"], &Folder::new())
}

fn a_gateway_is_run_by_cron() -> Tested {
    let folder = Folder::new();
    let _disk = SmallDisk::mount(folder.path("gateway"), "1m")?;
    tell("cron.md", &["faketime", "jq", "strace"], &folder)
}

fn no_story_is_left_out() {
    let mut there: Vec<_> = fs::read_dir(FOLDER).unwrap().map(|file| file.unwrap().file_name()).collect();
    there.sort();
    assert_eq!(there, ["auditor.md", "cron.md", "fleet.md"]);
}
