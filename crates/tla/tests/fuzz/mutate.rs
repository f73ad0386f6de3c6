//! Breaking texts.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::dictionary::{CONFIG, FRAGMENTS, tokens};
use super::specs::Spec;

/// What is repeated to nest: opening, and what may close it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("{", "}"),
    ("<<", ">>"),
    ("[a |-> ", "]"),
    ("[x EXCEPT ![1] = ", "]"),
    ("[i \\in {1} |-> ", "]"),
    ("[{1} -> ", "]"),
    ("~", ""),
    ("-", ""),
    ("SUBSET ", ""),
    ("UNION ", ""),
    ("DOMAIN ", ""),
    ("ENABLED ", ""),
    ("[]", ""),
    ("<>", ""),
    ("/\\ ", ""),
    ("\\/ ", ""),
    ("", "'"),
    ("", " + 1"),
    ("", " /\\ TRUE"),
    ("", " \\cup {1}"),
    ("", " \\o <<1>>"),
    ("", "[1]"),
    ("", ".a"),
    ("IF TRUE THEN ", " ELSE 1"),
    ("LET l == 1 IN ", ""),
    ("\\A z \\in {1} : ", ""),
    ("\\E z \\in 1..2 : ", ""),
    ("CHOOSE z \\in {1} : ", ""),
    ("CASE TRUE -> ", ""),
    ("(LAMBDA l : l)(", ")"),
    ("1 + (", ")"),
    ("Len(", ")"),
];

/// Operators between two values.
const INFIX: &[&str] = &[
    "=",
    "#",
    "<",
    ">",
    "<=",
    ">=",
    "+",
    "-",
    "*",
    "^",
    "%",
    "\\div",
    "..",
    "\\in",
    "\\notin",
    "\\subseteq",
    "\\cup",
    "\\cap",
    "\\",
    "\\o",
    "\\X",
    ":>",
    "@@",
    "/\\",
    "\\/",
    "=>",
    "<=>",
];

/// Words that nothing else can stand for.
const KEPT: &[&str] = &[
    "MODULE",
    "EXTENDS",
    "CONSTANT",
    "CONSTANTS",
    "VARIABLE",
    "VARIABLES",
    "ASSUME",
    "IF",
    "THEN",
    "ELSE",
    "LET",
    "IN",
    "CASE",
    "OTHER",
    "EXCEPT",
    "CHOOSE",
    "RECURSIVE",
    "LAMBDA",
    "INSTANCE",
    "WITH",
    "LOCAL",
    "UNCHANGED",
    "ENABLED",
    "SUBSET",
    "UNION",
    "DOMAIN",
    "in",
    "A",
    "E",
    "vars",
    "WF_vars",
    "SF_vars",
    "Naturals",
    "Integers",
    "Sequences",
    "FiniteSets",
    "TLC",
];

/// A source of mutations.
pub(crate) struct Mutator {
    pub(crate) rng: ChaCha8Rng,
    tokens: Vec<&'static str>,
}

impl Mutator {
    pub(crate) fn new(rng: ChaCha8Rng) -> Mutator {
        Mutator {
            rng,
            tokens: tokens(),
        }
    }

    pub(crate) fn choose<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.rng.random_range(0..from.len())]
    }

    /// A module and a configuration made of a specification, with parts of another.
    pub(crate) fn mutate(&mut self, spec: &Spec, other: &Spec) -> (String, String) {
        let mut pieces = pieces(&spec.module);
        let spliced = self::pieces(&other.module);
        for _ in 0..self.count(6) {
            match self.rng.random_range(0..20) {
                0..10 => self.change_alike(&mut pieces),
                10..14 => self.change_token(&mut pieces),
                14 => self.nest(&mut pieces),
                15 => self.splice(&mut pieces, &spliced),
                16 => self.swap_lines(&mut pieces),
                17 | 18 => self.grow_number(&mut pieces),
                _ => self.move_range(&mut pieces),
            }
        }
        let mut module: String = pieces.concat();
        if self.rng.random_ratio(1, 12) {
            module = self.noise(module);
        }
        if self.rng.random_ratio(1, 25) {
            let end = self.rng.random_range(0..=module.len());
            module.truncate(module.floor_char_boundary(end));
        }
        (module, self.config(&spec.config, &other.config))
    }

    /// Mostly few.
    fn count(&mut self, most: u32) -> u32 {
        let bound = self.rng.random_range(1..=most);
        let bound = self.rng.random_range(1..=bound);
        self.rng.random_range(1..=bound)
    }

    fn config(&mut self, text: &str, other: &str) -> String {
        if !self.rng.random_ratio(1, 4) {
            return text.to_owned();
        }
        let mut pieces = pieces(text);
        for _ in 0..self.count(3) {
            match self.rng.random_range(0..5) {
                0 => pieces.push(format!("\n{}", self.choose(CONFIG))),
                1 => {
                    let at = self.rng.random_range(0..=pieces.len());
                    let added = *self.choose(CONFIG);
                    pieces.insert(at, added.to_owned());
                }
                2 => self.splice(&mut pieces, &self::pieces(other)),
                3 => self.grow_number(&mut pieces),
                _ => self.change_token(&mut pieces),
            }
        }
        pieces.concat()
    }

    /// The place of a piece that is not blank.
    fn place(&mut self, pieces: &[String]) -> Option<usize> {
        (0..20)
            .filter(|_| !pieces.is_empty())
            .map(|_| self.rng.random_range(0..pieces.len()))
            .find(|&at| !pieces[at].trim().is_empty())
    }

    /// Replaces a token by what may well stand in its place, so that most such mutants run.
    fn change_alike(&mut self, pieces: &mut [String]) {
        let Some(at) = self.place(pieces) else { return };
        let class = |piece: &str| match piece.chars().next() {
            Some('0'..='9') => 0,
            Some('a'..='z' | 'A'..='Z') if KEPT.contains(&piece) => 3,
            Some('a'..='z' | 'A'..='Z') => 1,
            _ if INFIX.contains(&piece) => 2,
            _ => 3,
        };
        let value = |mutator: &mut Mutator| format!("({})", mutator.choose(FRAGMENTS));
        pieces[at] = match class(&pieces[at]) {
            2 => (*self.choose(INFIX)).to_owned(),
            0 | 1 if self.rng.random_ratio(1, 6) => value(self),
            own @ (0 | 1) => {
                let alike: Vec<&String> = pieces.iter().filter(|p| class(p) == own).collect();
                (*self.choose(&alike)).clone()
            }
            _ => return,
        };
    }

    /// Deletes, inserts, doubles, exchanges or replaces a token.
    fn change_token(&mut self, pieces: &mut Vec<String>) {
        let (Some(at), Some(other)) = (self.place(pieces), self.place(pieces)) else {
            return;
        };
        let word = (*self.choose(&self.tokens.clone())).to_owned();
        match self.rng.random_range(0..8) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, format!(" {word} ")),
            2 => pieces.insert(at, pieces[at].clone()),
            3 => pieces.swap(at, other),
            4 | 5 => pieces[at] = pieces[other].clone(),
            _ => pieces[at] = word,
        }
    }

    /// Wraps a few tokens many times.
    fn nest(&mut self, pieces: &mut Vec<String>) {
        let Some(at) = self.place(pieces) else { return };
        let end = (at + self.rng.random_range(0..8)).min(pieces.len() - 1);
        let (open, close) = *self.choose(NESTS);
        let times = *self.choose(&[1, 2, 5, 20, 100, 600, 3_000]);
        pieces[end].push_str(&close.repeat(times));
        pieces.insert(at, open.repeat(times));
    }

    fn splice(&mut self, pieces: &mut Vec<String>, other: &[String]) {
        let Some(start) = self.place(other) else {
            return;
        };
        let end = (start + self.rng.random_range(1..60)).min(other.len());
        let at = self.rng.random_range(0..=pieces.len());
        let removed = self.rng.random_range(0..20).min(pieces.len() - at);
        pieces.splice(at..at + removed, other[start..end].iter().cloned());
    }

    fn swap_lines(&mut self, pieces: &mut Vec<String>) {
        let text = pieces.concat();
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (a, b) = (
            self.rng.random_range(0..lines.len().max(1)),
            self.rng.random_range(0..lines.len().max(1)),
        );
        if a < lines.len() && b < lines.len() {
            lines.swap(a, b);
        }
        *pieces = self::pieces(&lines.concat());
    }

    fn grow_number(&mut self, pieces: &mut [String]) {
        let numbers: Vec<usize> = (0..pieces.len())
            .filter(|&at| pieces[at].bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        if !numbers.is_empty() {
            let at = *self.choose(&numbers);
            pieces[at] = (*self.choose(&[
                "-1",
                "0",
                "5",
                "17",
                "60",
                "1000",
                "1000000",
                "2147483648",
                "4000000000",
                "9223372036854775807",
                "9223372036854775808",
            ]))
            .to_owned();
        }
    }

    /// Moves, copies or deletes a few tokens.
    fn move_range(&mut self, pieces: &mut Vec<String>) {
        let Some(start) = self.place(pieces) else {
            return;
        };
        let end = (start + self.rng.random_range(1..15)).min(pieces.len());
        let taken = pieces[start..end].to_vec();
        let what = self.rng.random_range(0..3);
        if what != 1 {
            pieces.drain(start..end);
        }
        if what != 2 {
            let at = self.rng.random_range(0..=pieces.len());
            pieces.splice(at..at, taken);
        }
    }

    fn noise(&mut self, text: String) -> String {
        let mut bytes = text.into_bytes();
        for _ in 0..self.count(8) {
            if !bytes.is_empty() {
                let at = self.rng.random_range(0..bytes.len());
                bytes[at] = self.rng.random();
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A text cut into words, numbers, blanks and signs.
fn pieces(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => 0,
        ' ' => 1,
        '\n' => 2,
        '(' | ')' | '[' | ']' | '{' | '}' | ',' | '\'' | '!' => 3,
        _ => 4,
    };
    let mut pieces = Vec::<String>::new();
    let mut last = 3;
    for c in text.chars() {
        let now = class(c);
        match pieces.last_mut() {
            Some(piece) if now == last && now != 3 => piece.push(c),
            // An operator such as `\in` is one sign.
            Some(piece) if now == 0 && piece == "\\" => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last = now;
    }
    pieces
}
