//! Lines as `sh` reads them: a loop, a quote or a here-document goes on over several.

use super::shell;

/// Lines up to the one that ends a command.
#[derive(Debug, Default)]
pub(crate) struct CommandLines(String);

impl CommandLines {
    /// The commands of a text. The last one may be unfinished.
    pub(in crate::cli) fn all(text: &str) -> Vec<String> {
        let mut lines = Self::default();
        let mut commands: Vec<String> = text.split('\n').filter_map(|line| lines.push(line)).collect();
        commands.extend(lines.rest());
        commands.retain(|command| !command.trim().is_empty());
        commands
    }

    /// Whether the last command of a text is unfinished.
    pub(super) fn are_open(text: &str) -> bool {
        let mut lines = Self::default();
        text.split('\n').for_each(|line| drop(lines.push(line)));
        lines.rest().is_some()
    }

    /// Adds a line, and gives the command that it ends. `None`: the command goes on.
    pub(crate) fn push(&mut self, line: &str) -> Option<String> {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(line);
        (!shell::goes_on(&self.0)).then(|| std::mem::take(&mut self.0))
    }

    /// How long the command is so far, in bytes. 0: the next line begins one.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// What there is of a command that no line has ended; `None`: the last one was ended.
    pub(crate) fn rest(self) -> Option<String> {
        (!self.0.is_empty()).then_some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_as_far_as_sh_reads() {
        for whole in [
            "chain cat @ |\njq .",
            "chain \\\ncat",
            "echo 'a\nb'",
            "for n in 1 2; do\n  echo it\\'s $n\n\ndone | cat",
            "if true\nthen ls\nfi",
            "case a in\na) ls;;\nesac",
            "cat <<E\nit's\n}\nE",
            "ls; \\\nls",
            "ls &&\nls",
            "x() {\nls\n}",
            "echo $(ls\n)",
            "(ls; cat <<'E'\n$x\nE\n)",
        ] {
            assert_eq!(CommandLines::all(&format!("ls a\n{whole}\n\nls b")), ["ls a", whole, "ls b"]);
            let (begun, _) = whole.rsplit_once('\n').unwrap();
            assert!(CommandLines::are_open(begun) && !CommandLines::are_open(whole), "{whole}");
        }
    }

    #[test]
    fn what_is_wrong_does_not_go_on() {
        for wrong in ["ls; )", "done", "}", "fi; ls 'a", "ls | | ls", "for; do", "ls; # it's", "a; ;; b"] {
            assert!(!CommandLines::are_open(wrong), "{wrong}");
        }
    }
}
