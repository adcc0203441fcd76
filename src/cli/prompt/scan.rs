//! The scanner of prompt lines: where words begin and end, what stands between them, and what only `sh` can do.
//!
//! It knows of the shell's language what completion needs, and what tells a plain command from all else. Lines
//! that hold more are run by `sh`, which reads them itself: nothing that is scanned here is run in another sense.

/// How deep substitutions are followed; what is deeper is left to `sh`.
const DEEPEST: usize = 50;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word {
        text: String,
        start: usize,
    },
    Pipe {
        at: usize,
    },
    /// `>`, `2>>`, `<` and the like: a file's name is next
    Redirect,
    /// `;`, `&&`, a parenthesis, a line's end: another command may begin
    End,
}

/// What only `sh` can do with a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ShellNeeds {
    /// A word holds what is expanded: `$x`, `*`
    pub(super) expands: bool,
    /// A word holds the output of commands: `$(…)`
    pub(super) substitutes: bool,
    /// It is more than one pipe: a list, a loop, a here-document
    pub(super) lists: bool,
}

/// A scan over a line.
pub(super) struct PromptScan<'l> {
    line: &'l str,
    at: usize,
    home: Option<&'l str>,
    depth: usize,
    pub(super) tokens: Vec<Token>,
    /// The last token is a word to which the next letter would belong
    pub(super) in_word: bool,
    pub(super) needs: ShellNeeds,
    /// A quote or substitution is open, or a backslash or `|` is the last mark
    pub(super) open: bool,
}

impl<'l> PromptScan<'l> {
    /// Walks over all of it.
    pub(super) fn of(line: &'l str, home: Option<&'l str>) -> Self {
        let mut scan = Self {
            line,
            at: 0,
            home,
            depth: 0,
            tokens: Vec::new(),
            in_word: false,
            needs: ShellNeeds::default(),
            open: false,
        };
        while let Some(c) = scan.next() {
            scan.take(c);
        }
        scan.open |= matches!(scan.tokens.last(), Some(Token::Pipe { .. }));
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
            '\n' if matches!(self.tokens.last(), Some(Token::Pipe { .. })) => self.in_word = false,
            '\n' | ';' | '&' | '(' | ')' => self.end(),
            ' ' | '\t' | '\r' => self.in_word = false,
            '#' if !self.in_word => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            }
            '|' => self.pipe(),
            '>' | '<' => self.redirect(c),
            '`' => self.backquote(),
            '$' => self.dollar(),
            '\'' => self.single(),
            '"' => self.double(),
            '\\' => self.backslash(),
            '~' if !self.in_word => self.tilde(),
            c => {
                self.needs.expands |= "*?[".contains(c);
                self.letter(c);
            }
        }
    }

    fn operator(&mut self, token: Token) {
        self.in_word = false;
        self.tokens.push(token);
    }

    fn end(&mut self) {
        self.needs.lists |= self.depth == 0;
        self.operator(Token::End);
    }

    fn pipe(&mut self) {
        let at = self.at - 1;
        if self.peek() == Some('|') {
            self.next();
            return self.end();
        }
        self.operator(Token::Pipe { at });
    }

    fn redirect(&mut self, mark: char) {
        let number = matches!(self.tokens.last(), Some(Token::Word { text, .. })
            if self.in_word && text.chars().all(|c| c.is_ascii_digit()));
        if number {
            self.tokens.pop();
        }
        self.needs.lists |= mark == '<' && self.peek() == Some('<');
        while self.peek().is_some_and(|c| "<>&|-".contains(c)) {
            self.next();
        }
        self.operator(Token::Redirect);
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
        self.open |= end.is_none();
    }

    fn double(&mut self) {
        let start = self.at - 1;
        self.word(start);
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '$' => self.dollar(),
                '`' => self.backquote(),
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
        self.open = true;
    }

    fn backslash(&mut self) {
        let start = self.at - 1;
        match self.next() {
            Some('\n') => {}
            Some(c) => self.word(start).push(c),
            None => self.open = true,
        }
    }

    fn dollar(&mut self) {
        self.needs.expands |=
            self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "_({?@*#!$-".contains(c));
        let start = self.at - 1;
        match self.peek() {
            Some('(') => self.substitution(start, ')'),
            Some('{') => self.substitution(start, '}'),
            _ => self.letter('$'),
        }
    }

    fn backquote(&mut self) {
        let start = self.at - 1;
        self.needs.expands = true;
        // As if the backquote were the second of two marks.
        self.at -= 1;
        self.substitution(start, '`');
    }

    /// A command within a word. If it is unfinished, its words are those that are typed now; else it is a part of the
    /// word that `sh` makes something of.
    fn substitution(&mut self, start: usize, close: char) {
        self.next();
        self.needs.substitutes |= close != '}';
        if self.depth == DEEPEST {
            self.needs.lists = true;
            return self.letter('$');
        }
        self.word(start);
        let outer = std::mem::take(&mut self.tokens);
        (self.depth, self.in_word) = (self.depth + 1, false);
        while let Some(c) = self.next() {
            if c == close {
                self.depth -= 1;
                (self.tokens, self.in_word) = (outer, true);
                let raw = self.line[start..self.at].to_owned();
                self.word(start).push_str(&raw);
                return;
            }
            self.take(c);
        }
        self.open = true;
    }

    fn tilde(&mut self) {
        let alone = self.peek().is_none_or(|c| c == '/' || c.is_whitespace());
        let start = self.at - 1;
        if let Some(home) = self.home.filter(|_| alone) {
            let home = home.to_owned();
            self.word(start).push_str(&home);
        } else {
            self.needs.expands = true;
            self.letter('~');
        }
    }
}
