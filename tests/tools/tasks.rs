//! What people do, done in `foil repl` alone, in a terminal that draws its screen: tmux.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![
    a_gateway_keeps_readings_and_an_analyst_reads_them,
    a_firm_writes_a_contract_and_checks_it,
    a_rental_firm_says_who_has_what,
    a_peer_looks_at_what_another_published,
    lines_are_searched_pasted_and_go_on,
    what_is_typed_ahead_and_what_runs_on_is_not_lost,
];

/// A machine may be slow.
const PATIENCE: Duration = Duration::from_secs(120);

/// `foil repl` in a terminal of its own.
struct Screen {
    folder: tempfile::TempDir,
}

impl Screen {
    /// The prompt in a fresh folder. `foil` is not in its `PATH`.
    fn open() -> Result<Self, needs::Lacking> {
        needs::tool("tmux")?;
        let screen = Self { folder: tempfile::tempdir().unwrap() };
        let foil = format!("exec '{}' repl", env!("CARGO_BIN_EXE_foil"));
        screen.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", "230", "-y", "50", &foil]);
        screen.wait("the prompt", |text| text.ends_with("foil>"));
        Ok(screen)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn tmux(&self, args: &[&str]) -> Output {
        let mut tmux = Command::new("tmux");
        tmux.arg("-u").arg("-S").arg(self.path().join(".tmux")).args(args).current_dir(self.path());
        tmux.env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", self.path());
        let output = tmux.env("TERM", "screen").env("TZ", "UTC").output().unwrap();
        assert!(output.status.success(), "tmux {args:?}: {output:?}");
        output
    }

    /// All that stands there, what has scrolled away included.
    fn text(&self) -> String {
        let output = self.tmux(&["capture-pane", "-p", "-J", "-S", "-"]);
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    fn wait(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if is_there(&text) {
                return text;
            }
            assert!(Instant::now() < end, "no {what}:\n{text}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn keys(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Types a line, waits for this prompt behind it, and gives what it said.
    fn run(&self, line: &str, prompt: &str) -> String {
        self.keys(line);
        self.wait(line, |text| text.ends_with(line.trim_end()));
        self.press("Enter");
        self.answer(line, prompt)
    }

    /// What stands between a line and the prompt behind it.
    fn answer(&self, line: &str, prompt: &str) -> String {
        let echoed = format!("> {line}\n");
        let end = format!("\n{prompt}>");
        let text = self.wait(&format!("{prompt}> behind {line}"), |text| {
            text.rsplit_once(&echoed).is_some_and(|(_, answer)| format!("\n{answer}").ends_with(&end))
        });
        text.rsplit_once(&echoed).unwrap().1.to_owned()
    }

    /// Runs a line that says this.
    fn says(&self, line: &str, answer: &str, prompt: &str) {
        let said = self.run(line, prompt);
        assert!(said.contains(answer), "{line}: no {answer:?} in:\n{said}");
    }

    /// Pastes lines, and tells the prompt so.
    fn paste(&self, text: &str) {
        self.paste_with(text, &["paste-buffer", "-p"]);
    }

    fn paste_with(&self, text: &str, how: &[&str]) {
        let file = self.path().join(".pasted");
        fs::write(&file, text).unwrap();
        self.tmux(&["load-buffer", file.to_str().unwrap()]);
        self.tmux(how);
    }

    /// A key `gateway`, and a ledger of it with four readings, in use.
    fn with_ledger() -> Result<Self, needs::Lacking> {
        let screen = Self::open()?;
        screen.run("keygen gateway -q", "foil");
        screen.run("chain init cold-room -k gateway --origin test/cold-room -q", "foil");
        screen.run("use cold-room gateway", "cold-room(1)");
        screen.run("device read sim:cold-room --count 4 -q | sign | chain append -q", "cold-room(7)");
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It has ended already where the prompt was left.
        let _ = Command::new("tmux").arg("-S").arg(self.path().join(".tmux")).arg("kill-server").output();
    }
}

fn a_gateway_keeps_readings_and_an_analyst_reads_them() -> Tested {
    let screen = Screen::with_ledger()?;
    let at = "cold-room(7)";
    screen.says("chain status", "size      7", at);
    screen.says("chain cat", "temperature", at);
    screen.says("verify", "sound: 7 entries", at);
    screen.run("chain cat --as csv > readings.csv", at);
    screen.says("wc -l < readings.csv; ls *.csv", "readings.csv", at);
    screen.run("mkdir site && cd site", at);
    screen.says("pwd", "/site", at);
    // The ledger and the key stay what they are.
    screen.run("chain tick -q", "cold-room(8)");
    screen.says("chain cat @ --type tick | jq -r .record.type", "tick", "cold-room(8)");
    screen.says("cd -; ls", "cold-room", "cold-room(8)");
    screen.says("chain status --stale 10d && echo heard of", "heard of", "cold-room(8)");
    screen.says("chain cat --device nosuch", "no entry of it", "cold-room(8) [2]");
    screen.says("verify $HOME/cold-room", "sound", "cold-room(8)");
    Ok(())
}

const DRAFT: &str = r#"cat > draft.toml <<END
contract = "foil/1"
title    = "Cold room"
period   = { from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }
[parties.tenant]
key = "$(cat gateway.did)"
[devices.probe]
id = "cold-room"
signed_by = ["$(cat gateway.did)"]
fields = { temperature = "Cel" }
[[terms]]
id = "cold"
on = "probe"
require = "temperature >= 2.0 && temprature <= 8"
gap = "hold"
[time]
hold = "11m"
END"#;

fn a_firm_writes_a_contract_and_checks_it() -> Tested {
    let screen = Screen::with_ledger()?;
    let at = "cold-room(7)";
    screen.paste(DRAFT);
    screen.wait("what was pasted", |text| text.ends_with("\nEND"));
    screen.press("Enter");
    screen.wait("the prompt", |text| text.ends_with(&format!("END\n{at}>")));
    screen.says("contract lint draft.toml", "there is no `temprature` here", &format!("{at} [1]"));
    screen.run("sed -i s/temprature/temperature/ draft.toml", at);
    screen.run("contract lint draft.toml", at);
    screen.says("contract check draft.toml @ --draft", "a draft", &format!("{at} [3]"));
    screen.says("help contract check", "Usage: foil contract check", at);
    Ok(())
}

fn a_rental_firm_says_who_has_what() -> Tested {
    let screen = Screen::open()?;
    screen.run("for who in yard owner renter digger; do keygen $who -q > /dev/null; done", "foil");
    screen.run("chain init book -k yard --origin yard.example/book --writers enrolled -q", "foil");
    screen.run("use book yard", "book(1)");
    screen
        .run("registry enroll @ --party owner --key owner -k owner -k yard -q | chain append -q", "book(2)");
    screen.run(
        "registry enroll @ --party renter --key renter -k renter -k yard -q | chain append -q",
        "book(3)",
    );
    let digger = "registry enroll @ --device digger --key digger --owner owner -k owner -k digger -q";
    screen.run(&format!("{digger} | chain append -q"), "book(4)");
    let lease =
        "registry lease @ digger --to renter --from 2026-01-01 --until 2090-01-01 -k owner -k renter -q";
    screen.run(&format!("{lease} | chain append -q"), "book(5)");
    screen.run(
        "sleep 1; moment=$(date +%Y-%m-%dT%H:%M:%S%z | sed 's/..$/:&/'); echo $moment > moment",
        "book(5)",
    );
    let handover = "registry handover @ digger --to renter --note '1204 h' -k owner -k renter -q";
    screen.run(&format!("sleep 1; {handover} | chain append -q"), "book(6)");
    screen.says("registry show @ digger", "renter", "book(6)");
    screen.says("registry show @ digger --json | jq -r .custodian.name", "renter", "book(6)");
    let then = "registry show @ digger --at $(cat moment) --json | jq -r '\"with \" + .custodian.name'";
    screen.says(then, "with owner", "book(6)");
    screen.says("registry show @ diger", "did you mean digger?", "book(6) [2]");
    Ok(())
}

fn a_peer_looks_at_what_another_published() -> Tested {
    let screen = Screen::with_ledger()?;
    screen.run("chain publish @ site -q", "cold-room(7)");
    screen.run("use site", "site(7)");
    screen.says("chain cat --last 2", "temperature", "site(7)");
    screen.says("chain status", "size      7", "site(7)");
    screen.says("verify", "sound: 7 entries", "site(7)");
    screen.run("chain clone site copy -q", "site(7)");
    screen.run("use copy", "copy(7)");
    screen.says("chain diff cold-room copy", "copy", "copy(7)");
    screen.says("chain tick -k nobody", "no key \"nobody\"", "copy(7) [2]");
    screen.says("chain diff cold-room nosuch || echo seen", "seen", "copy(7)");
    Ok(())
}

fn lines_are_searched_pasted_and_go_on() -> Tested {
    let screen = Screen::open()?;
    screen.says("chian cat", "did you mean chain?", "foil [127]");
    screen.run("echo said before", "foil");
    screen.run(" echo kept from all", "foil");
    screen.press("C-r");
    screen.keys("aid bef");
    screen.wait("what was found", |text| text.ends_with("`aid bef': echo said before"));
    screen.press("Enter");
    screen.answer("echo said before", "foil");
    let shown = screen.run("history 9", "foil");
    assert!(shown.contains("  echo said before\n") && !shown.contains("kept"), "{shown}");
    // A loop goes on over lines, and is one line of the history.
    screen.keys("for n in 1 2");
    screen.press("Enter");
    screen.keys("do echo $n$n; done");
    screen.wait("the loop", |text| text.ends_with("\ndo echo $n$n; done"));
    screen.press("Enter");
    screen.wait("its end", |text| text.ends_with("done\n11\n22\nfoil>"));
    // Of several lines the first that fails is the last.
    screen.paste("echo a\nif true; then\n  (exit 3)\nfi\necho b\n");
    screen.wait("what was pasted", |text| text.ends_with("\necho b"));
    screen.press("Enter");
    let text = screen.wait("their end", |text| text.ends_with("\nfoil [3]>"));
    let ran = "foil> echo a\na\nfoil> if true; then\n  (exit 3)\nfi\nfoil repl: that ended with status 3, the rest (1 more) is not run\n";
    assert!(text.contains(ran), "{text}");
    Ok(())
}

fn what_is_typed_ahead_and_what_runs_on_is_not_lost() -> Tested {
    let screen = Screen::open()?;
    screen.run("mkfifo pipe", "foil");
    // The second line is typed while the first one waits.
    screen.keys("cat pipe");
    screen.press("Enter");
    screen.keys("echo ahead");
    screen.press("Enter");
    fs::write(screen.path().join("pipe"), "given\n").unwrap();
    screen.wait("both answers", |text| text.contains("given\n") && text.ends_with("ahead\nfoil>"));
    // What does not say that it is pasted is as if it were typed.
    screen.paste_with("echo one\necho two\necho three\n", &["paste-buffer"]);
    screen.wait("all lines", |text| text.ends_with("\nthree\nfoil>") && text.contains("\ntwo\n"));
    screen.says("cat pipe > kept &", "goes on in the background, process ", "foil");
    fs::write(screen.path().join("pipe"), "late\n").unwrap();
    let end = Instant::now() + PATIENCE;
    while !screen.run("true", "foil").contains("ended: cat pipe > kept &") {
        assert!(Instant::now() < end, "never told:\n{}", screen.text());
    }
    Ok(())
}
