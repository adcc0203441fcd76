//! Man pages set as plain text, for machines without man(1).
//!
//! Only what our own pages use of man(7) is known: `.SH .SS .PP .TP .IP .RS .RE .nf .fi .EX .EE .br .B .I` and their
//! pairs, `.UR`, and tables of two columns. A test sets every page beside man(1) and compares the letters.

use super::roff_text::{self, NO_BREAK_SPACE};

/// Columns, as man(1) has them on a narrow terminal.
const WIDTH: usize = 78;
/// How far paragraphs stand in, and what a tag has in front of its text.
const INDENT: usize = 7;

/// A page in the form of man(7) as text of at most 78 columns; lines of examples keep their length.
pub(super) fn typeset(page: &str) -> String {
    let mut setter = Typesetter::default();
    for line in page.lines() {
        setter.line(line);
    }
    setter.end_paragraph();
    setter.text.trim_start_matches('\n').to_owned()
}

#[derive(Default)]
struct Typesetter {
    text: String,
    /// Of the paragraph that is being filled
    words: Vec<String>,
    /// What stands in front of the next paragraph
    tag: Option<String>,
    /// The next line is a tag
    awaits_tag: bool,
    /// The left edge of paragraphs, and how far the text behind a tag stands to its right
    margin: usize,
    hang: usize,
    /// The edges outside, of `.RS`
    outer: Vec<(usize, usize)>,
    /// Lines stay as they are
    verbatim: bool,
    /// The rows of a table
    rows: Option<Vec<String>>,
    link: String,
}

impl Typesetter {
    fn line(&mut self, line: &str) {
        let request = line.strip_prefix('.').map(|request| request.split_once(' ').unwrap_or((request, "")));
        match (request, &mut self.rows) {
            // the line that says which filters man(1) needs
            (None, None) if line.starts_with('\'') => {}
            (Some(("TE", _)), _) => self.table(),
            (_, Some(rows)) => rows.push(roff_text::plain(line)),
            (Some((name, arguments)), None) => self.request(name, &roff_text::arguments(arguments)),
            (None, None) => self.words(&roff_text::plain(line)),
        }
    }

    fn request(&mut self, name: &str, arguments: &[String]) {
        let first = arguments.first().map_or("", String::as_str);
        match name {
            "TH" => self.put(0, &format!("{first}({})", arguments.get(1).map_or("", String::as_str))),
            "SH" => self.heading(&arguments.join(" "), 0),
            "SS" => self.heading(&arguments.join(" "), 3),
            "PP" => self.paragraph(0),
            "TP" => {
                self.paragraph(INDENT);
                self.awaits_tag = true;
            }
            "IP" => {
                self.paragraph(arguments.get(1).and_then(|width| width.parse().ok()).unwrap_or(INDENT));
                self.tag = Some(first.to_owned());
            }
            "RS" => {
                self.end_paragraph();
                self.outer.push((self.margin, self.hang));
                self.margin += first.parse().unwrap_or(INDENT);
                self.hang = 0;
            }
            "RE" => {
                self.end_paragraph();
                (self.margin, self.hang) = self.outer.pop().unwrap_or((INDENT, 0));
            }
            "nf" | "EX" | "fi" | "EE" => {
                self.end_paragraph();
                self.verbatim = matches!(name, "nf" | "EX");
            }
            "br" => self.end_paragraph(),
            "B" | "I" => self.words(&arguments.join(" ")),
            "BR" | "RB" | "BI" | "IB" | "IR" | "RI" => self.words(&arguments.concat()),
            "UR" => first.clone_into(&mut self.link),
            "UE" => self.words(&format!("<{}>{first}", self.link)),
            "TS" => self.rows = Some(Vec::new()),
            // comments, and the definitions at the head of generated pages
            _ => {}
        }
    }

    fn heading(&mut self, text: &str, indent: usize) {
        self.end_paragraph();
        self.outer.clear();
        (self.margin, self.hang) = (INDENT, 0);
        self.text.push('\n');
        self.put(indent, text);
    }

    /// Begins a paragraph behind an empty line, unless a heading stands above it.
    fn paragraph(&mut self, hang: usize) {
        self.end_paragraph();
        self.hang = hang;
        self.gap();
    }

    fn gap(&mut self) {
        let last = self.text.trim_end_matches('\n').lines().next_back().unwrap_or_default();
        let below_heading = last.len() - last.trim_start().len() < INDENT;
        if !below_heading && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn words(&mut self, line: &str) {
        if self.awaits_tag {
            self.tag = Some(line.to_owned());
            self.awaits_tag = false;
        } else if self.verbatim {
            self.put(self.margin + self.hang, line);
        } else if line.is_empty() {
            self.end_paragraph();
            self.gap();
        } else {
            self.words.extend(line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }

    /// Fills lines with the words so far, the first one behind the tag if it is short enough.
    fn end_paragraph(&mut self) {
        let left = self.margin + self.hang;
        let words = std::mem::take(&mut self.words);
        let mut line = String::new();
        if let Some(tag) = self.tag.take() {
            let (margin, hang) = (self.margin, self.hang);
            if tag.chars().count() < hang && !words.is_empty() {
                line = format!("{:margin$}{tag:hang$}", "");
            } else {
                self.put(margin, &tag);
            }
        }
        for word in words {
            let begun = line.chars().count();
            if begun > left && begun + 1 + word.chars().count() > WIDTH {
                self.put(0, &std::mem::take(&mut line));
            }
            let before = if line.is_empty() { left } else { usize::from(line.chars().count() > left) };
            line.extend(std::iter::repeat_n(' ', before));
            line.push_str(&word);
        }
        if !line.is_empty() {
            self.put(0, &line);
        }
    }

    /// The rows of two columns that a table has; its first line says how they are set.
    fn table(&mut self) {
        self.end_paragraph();
        let rows = self.rows.take().unwrap_or_default();
        let cells = || rows.iter().skip(1).filter_map(|row| row.split_once('\t'));
        let width = cells().map(|(first, _)| first.chars().count()).max().unwrap_or_default() + 3;
        for (first, second) in cells() {
            self.put(self.margin + self.hang, &format!("{first:width$}{second}"));
        }
    }

    fn put(&mut self, indent: usize, line: &str) {
        let line = format!("{:indent$}{line}", "").replace(NO_BREAK_SPACE, " ");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
