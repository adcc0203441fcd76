//! What `help` shows at the prompt.

use crate::cli::{term::Term, tree};

/// Shows the commands, and what the prompt adds.
pub(super) fn show() -> anyhow::Result<()> {
    let mut term = Term::new();
    term.text("Commands, each with --help:\n")?;
    for command in tree(None).get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        term.text(&format!("  {:17} {about}\n", command.get_name()))?;
    }
    term.text(&format!("\n{PROMPT_HELP}"))?;
    term.finish(true)
}

/// What the prompt adds.
pub(crate) const PROMPT_HELP: &str = "\
At the prompt:
  a line is a command line without foil; what is more than a command is run by sh:
  chain cat @ | jq .record.values > values; ls *.json; for n in 1 2; do show $n.json; done
  use LEDGER [KEY]  makes LEDGER, a folder or a URL, what @ stands for, and KEY the key where -k is absent
  cd [DIR]          changes the folder, not the ledger; cd - goes back
  history [N]       shows what was typed, or the last N lines of it; Ctrl-R searches it
  help [COMMAND]    shows help
  exit [STATUS]     leaves, as Ctrl-D does; Ctrl-C clears the line or stops the command
Of a command and a program of the same name the command is meant: man is foil man, command man is the program.
cold-room(31) [3]> says that the last line ended with status 3. What a line leaves in the background is told about, and
goes on when the prompt is left.
";
