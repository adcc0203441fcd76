//! What `docs/`, `README.md` and the unit tell people to type: every line is one that `foil` takes, and the watch of cron
//! mails when it should.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use counterfoil::device::decode::DECODERS;
use regex::Regex;

use crate::{
    ledgers::{self, Ledger},
    run::{Folder, Run},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, by their names.
fn pages() -> BTreeMap<String, String> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|page| page.unwrap().path());
    let others = ["README.md", "SECURITY.md", "packaging/foil@.service"].map(|page| root().join(page));
    let pages = docs.chain(others).map(|path| {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        (name, fs::read_to_string(path).unwrap())
    });
    pages.collect()
}

/// The commands that a page shows: what stands behind `foil` up to the next stage, in code alone.
fn commands(page: &str) -> Vec<Vec<String>> {
    let code = Regex::new(r"(?ms)^ *```\w*\n.*?^ *```|`foil [^`\n]*`|^ExecStart=.*$").unwrap();
    let command = Regex::new(r"(?m)(?:^|[\s`'(|;&])foil((?: [^|;&'`#\n>)]+)?)").unwrap();
    let code = code.find_iter(page).map(|found| found.as_str());
    let commands = code.flat_map(|code| command.captures_iter(code).map(|found| found[1].trim().to_owned()));
    commands.map(|words| words.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The page of the manual of the command that these words begin with; `None`: they are no command.
fn manual(words: &[String]) -> Option<String> {
    let name = |count: usize| words.get(..count).map(|words| format!("man/foil-{}.1", words.join("-")));
    let paths = [name(2), name(1)].into_iter().flatten().map(|path| root().join(path));
    // A family, such as chain, has commands and does nothing itself.
    paths.filter_map(|path| fs::read_to_string(path).ok()).find(|page| !page.contains("\n.SH COMMANDS\n"))
}

#[test]
fn every_command_of_the_pages_is_one_that_foil_takes() {
    let global = fs::read_to_string(root().join("man/foil.1")).unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for (name, text) in pages() {
        // Output that is shown is no command, `a\|b` names several, and in a crontab the user foil stands before cd.
        let shown = |words: &&Vec<String>| {
            words.first().is_some_and(|word| word != "cd")
                && words.iter().all(|word| !word.contains(['\\', ':', '…']))
        };
        for words in commands(&text).iter().filter(shown) {
            seen += 1;
            let Some(page) = manual(words).or_else(|| words[0].starts_with('-').then(|| global.clone()))
            else {
                wrong.push(format!("{name}: no command: foil {}", words.join(" ")));
                continue;
            };
            let flags = words.iter().take_while(|word| *word != "--").filter(|word| {
                word.starts_with('-') && word.chars().nth(1).is_some_and(|c| c == '-' || c.is_alphabetic())
            });
            for flag in flags {
                let flag = flag.split('=').next().unwrap();
                let known = format!("\\fB{}\\fR", flag.replace('-', "\\-"));
                if !page.contains(&known) && !global.contains(&known) {
                    wrong.push(format!("{name}: no flag {flag}: foil {}", words.join(" ")));
                }
            }
        }
    }
    assert!(seen > 40, "only {seen} commands were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_test_that_a_page_names_is_there() {
    let page = fs::read_to_string(root().join("docs/decoders.md")).unwrap();
    let named = Regex::new(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`").unwrap();
    let mut tests = named.captures_iter(&page).map(|found| format!("fn {}(", &found[1])).peekable();
    assert!(tests.peek().is_some(), "no test is named");
    let (mut folders, mut code) = (vec![root().join("src"), root().join("tests")], String::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(end) if end == "rs" => code += &fs::read_to_string(path).unwrap(),
                _ => {}
            }
        }
    }
    let absent: Vec<String> = tests.filter(|name| !code.contains(name)).collect();
    assert!(absent.is_empty(), "{absent:?}");
}

#[test]
fn every_format_is_on_the_page_of_decoders() {
    let page = fs::read_to_string(root().join("docs/decoders.md")).unwrap();
    let table = page.split("## Formats").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let rows: String = table.lines().filter(|line| line.starts_with("| `")).collect();
    let absent: Vec<_> =
        DECODERS.iter().map(|known| known.name).filter(|name| !rows.contains(&format!("`{name}`"))).collect();
    assert!(absent.is_empty(), "{absent:?}");
}

/// The lines of a crontab in a page, without when and as whom, in another folder than the gateway's, with a device that is
/// simulated.
fn crontab(page: &str, folder: &Folder) -> Vec<String> {
    let line =
        Regex::new(r"(?m)^[*/0-9,-]+ +[*/0-9,-]+ +[*/0-9,-]+ +[*/0-9,-]+ +[*/0-9,-]+ +\w+ (.*)$").unwrap();
    let here = folder.path("").display().to_string();
    let home = here.trim_end_matches('/');
    let web = format!("{home}/web");
    let stand_ins = [("/var/lib/foil", home), ("/dev/cold-room", "sim:cold-room"), ("/mnt/web/logs", &web)];
    let here = |line: &str| stand_ins.iter().fold(line.to_owned(), |line, (from, to)| line.replace(from, to));
    line.captures_iter(page).map(|found| here(&found[1])).collect()
}

fn sh(folder: &Folder, line: &str) -> Run {
    let bin = Path::new(env!("CARGO_BIN_EXE_foil")).parent().unwrap().display().to_string();
    let mut sh = Command::new("/bin/sh");
    sh.args(["-c", line])
        .env_clear()
        .env("PATH", format!("{bin}:/usr/bin:/bin"))
        .env("HOME", folder.path(""));
    sh.output().unwrap().into()
}

/// The first block of a page in this language.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let start = format!("```{language}\n");
    page.split(&start).nth(1).unwrap().split("```").next().unwrap()
}

#[test]
fn the_gateway_of_the_page_is_one_that_runs() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    let page = &pages()["docs/gateway.md"];
    fs::write(folder.path("gateway.toml"), block(page, "toml")).unwrap();
    let run = folder.run(&["gateway", "run", "gateway.toml", "--dry-run", "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.contains(r#""devices":["cold-room-3","meter","sdm120"#), "{}", run.out);
}

#[test]
fn the_unit_of_the_page_is_that_of_the_package() {
    let unit = fs::read_to_string(root().join("packaging/foil-gateway.service")).unwrap();
    let lines = unit.lines().skip_while(|line| !line.starts_with('['));
    let lines = lines.filter(|line| !line.starts_with("Documentation="));
    let pages = pages();
    let shown = block(&pages["docs/gateway.md"], "ini");
    assert_eq!(shown.lines().collect::<Vec<_>>(), lines.collect::<Vec<_>>());
}

#[test]
fn the_lines_of_cron_mail_nothing_while_all_is_well() {
    let folder = Folder::new();
    let page = &pages()["docs/gateway.md"];
    let made = "foil keygen -q gateway >/dev/null && foil chain init -q cold-room -k gateway >/dev/null \
                && foil device read sim:cold-room --count 3 -q | foil sign -k gateway | foil chain append -q cold-room -k gateway";
    let home = folder.path("").display().to_string();
    let run = sh(&folder, &format!("cd {home} && export XDG_STATE_HOME={home}/state && {made}"));
    assert_eq!((run.code, &*run.err), (Some(0), ""));
    fs::create_dir(folder.path("web")).unwrap();
    let lines = crontab(page, &folder);
    assert_eq!(lines.len(), 4, "{lines:?}");
    let story = include_str!("story/tools/cron.md").replace("\n> ", "\n");
    assert_eq!(crontab(&story, &folder), lines, "the story tells of these lines");
    for line in &lines {
        let run = sh(&folder, line);
        assert_eq!((run.code, run.out + &run.err), (Some(0), String::new()), "{line}");
    }
    // A changed entry: the line that verifies says where.
    let entries = folder.path("cold-room/entries/000000000000.jsonl");
    let text = fs::read_to_string(&entries).unwrap();
    fs::write(&entries, text.replacen("closed", "opened", 1)).unwrap();
    let run = sh(&folder, &lines[3]);
    assert_eq!(run.code, Some(1));
    assert!((run.out + &run.err).contains("modified"));
}

#[test]
fn the_line_of_cron_names_the_device_that_is_silent() {
    let folder = Folder::new();
    let hours_ago = |n: u64, hours: i64, record: &str| {
        let received = counterfoil::machine::wall()
            .saturating_add(counterfoil::time::Span::from_millis(-3_600_000 * hours));
        format!("{{\"n\":{n},\"received\":\"{received}\",\"record\":{record}}}")
    };
    let genesis = ledgers::genesis(counterfoil::record::writers::Writers::Anyone).to_canonical();
    let reading = r#"{"device":"probe","type":"reading","values":{"temperature":4}}"#;
    let lines = vec![hours_ago(0, 5, genesis.as_str()), hours_ago(1, 3, reading)];
    ledgers::write(&Ledger::written(lines).view, &folder.path("cold-room"));
    let run = sh(&folder, &crontab(&pages()["docs/gateway.md"], &folder)[2]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(
        run.out.is_empty() && run.err.lines().count() == 1 && run.err.contains("probe"),
        "{}{}",
        run.out,
        run.err
    );
}
