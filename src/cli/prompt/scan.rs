//! The scanner of prompt lines: where words begin and end, and which marks stand between them.

use std::fmt;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word { text: String, start: usize },
    Pipe,
    Into { append: bool },
    From,
    End,
}

/// Why a line cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPromptLine {
    /// It goes on in the next line
    Unfinished(&'static str),
    /// It is wrong, or asks for what the prompt does not do
    Refused(String),
}

impl fmt::Display for BadPromptLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfinished(what) => write!(f, "{what}"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for BadPromptLine {}

/// A scan over a line.
pub(super) struct PromptScan<'l> {
    line: &'l str,
    at: usize,
    home: Option<&'l str>,
    pub(super) tokens: Vec<Token>,
    /// The last token is a word to which the next letter would belong
    pub(super) in_word: bool,
    /// The first error; `None`: there is none so far
    pub(super) bad: Option<BadPromptLine>,
}

impl<'l> PromptScan<'l> {
    /// Walks over all of it.
    pub(super) fn of(line: &'l str, home: Option<&'l str>) -> Self {
        let mut scan = Self { line, at: 0, home, tokens: Vec::new(), in_word: false, bad: None };
        while let Some(c) = scan.next() {
            scan.take(c);
        }
        scan
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn take(&mut self, c: char) {
        match c {
            // A pipe goes on in the next line.
            '\n' if self.tokens.last() == Some(&Token::Pipe) => self.in_word = false,
            '\n' => self.operator(Token::End),
            ' ' | '\t' | '\r' => self.in_word = false,
            '#' if !self.in_word => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            }
            '|' => self.pipe(),
            '>' => self.into(),
            '<' if self.peek() == Some('<') => self.refuse("<< is not done here: write the text into a file"),
            '<' => self.operator(Token::From),
            ';' | '&' => self.refuse(format!("{c} is not done here: one command a line, or sh -c '…'")),
            '`' => self.refuse("` is not done here: quote it as '`'"),
            '$' => self.dollar(),
            '\'' => self.single(),
            '"' => self.double(),
            '\\' => self.backslash(),
            '~' if !self.in_word => self.tilde(),
            c => self.letter(c),
        }
    }

    fn operator(&mut self, token: Token) {
        self.in_word = false;
        self.tokens.push(token);
    }

    fn pipe(&mut self) {
        if self.peek() == Some('|') {
            self.refuse("|| is not done here: one command a line, or sh -c '…'");
        }
        self.operator(Token::Pipe);
    }

    fn into(&mut self) {
        let number = match self.tokens.last() {
            Some(Token::Word { text, .. }) => self.in_word && text.chars().all(|c| c.is_ascii_digit()),
            _ => false,
        };
        if number {
            self.refuse("only standard output can be redirected");
        }
        let append = self.peek() == Some('>');
        if append {
            self.next();
        }
        self.operator(Token::Into { append });
    }

    /// The word that letters are added to; a new one if none is begun.
    fn word(&mut self, start: usize) -> &mut String {
        if !self.in_word {
            self.in_word = true;
            self.tokens.push(Token::Word { text: String::new(), start });
        }
        match self.tokens.last_mut() {
            Some(Token::Word { text, .. }) => text,
            _ => unreachable!("a word was begun above, and every operator ends it"),
        }
    }

    fn letter(&mut self, c: char) {
        let start = self.at - c.len_utf8();
        self.word(start).push(c);
    }

    fn single(&mut self) {
        let start = self.at - 1;
        let rest = &self.line[self.at..];
        let end = rest.find('\'');
        self.word(start).push_str(&rest[..end.unwrap_or(rest.len())]);
        self.at += end.map_or(rest.len(), |end| end + 1);
        if end.is_none() {
            self.unfinished("a quote ' is not closed");
        }
    }

    fn double(&mut self) {
        let start = self.at - 1;
        self.word(start);
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '$' => self.dollar(),
                '`' => self.refuse("` is not done here: quote it as '`'"),
                '\\' => match self.peek() {
                    Some('\n') => drop(self.next()),
                    Some(c @ ('"' | '\\' | '$' | '`')) => {
                        self.next();
                        self.word(start).push(c);
                    }
                    _ => self.word(start).push('\\'),
                },
                c => self.word(start).push(c),
            }
        }
        self.unfinished("a quote \" is not closed");
    }

    fn backslash(&mut self) {
        let start = self.at - 1;
        match self.next() {
            Some('\n') => {}
            Some(c) => self.word(start).push(c),
            None => self.unfinished("nothing after \\"),
        }
    }

    fn dollar(&mut self) {
        if self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "_({?@*#!$-".contains(c)) {
            self.refuse("$ is not expanded here: quote it as '$'");
        }
        self.letter('$');
    }

    fn tilde(&mut self) {
        let alone = self.peek().is_none_or(|c| c == '/' || c.is_whitespace());
        let start = self.at - 1;
        match self.home.filter(|_| alone) {
            Some(home) => {
                let home = home.to_owned();
                self.word(start).push_str(&home);
            }
            None => self.letter('~'),
        }
    }

    fn refuse(&mut self, why: impl std::convert::Into<String>) {
        let why = why.into();
        self.bad.get_or_insert(BadPromptLine::Refused(why));
    }

    fn unfinished(&mut self, what: &'static str) {
        self.bad.get_or_insert(BadPromptLine::Unfinished(what));
    }
}
