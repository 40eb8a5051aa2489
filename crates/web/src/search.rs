// SPDX-License-Identifier: MIT OR Apache-2.0
//! Search that forgives how a word was typed: Latin or Russian letters for Kazakh ones, an ending, one wrong letter.
//!
//! Query and text are folded to the same letters, and so compared: `қорғаншылық`, `корганшылык` and `korganshylyk` are one
//! word. Nothing is kept between two searches: the texts are those of the regulations, a few hundred words each.

use regulation::model::Regulation;

/// What a word is worth in the name of a service.
const TITLE: u32 = 4;
/// What a word is worth among those that people search by.
const KEYWORD: u32 = 3;
/// What a word is worth in the promise.
const OUTCOME: u32 = 1;
/// Longest query that is looked at, in characters.
pub const QUERY_CHARS_MAX: usize = 200;
/// Words of a query that are looked at.
pub const QUERY_WORDS_MAX: usize = 12;
/// Letters that a word needs before it stands for a longer one.
const BEGINNING_LETTERS_MIN: usize = 3;
/// Letters that a word needs before one wrong letter is forgiven.
const TYPO_LETTERS_MIN: usize = 5;
/// Letters that two words must have in common at their beginning to be forms of one word.
const STEM_LETTERS_MIN: usize = 6;

/// Letters that stand for others, and what they become; the longest come first.
const LETTERS: &[(&str, &str)] = &[
    ("shch", "S"),
    ("sch", "S"),
    ("sh", "S"),
    ("ch", "C"),
    ("zh", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ts", "c"),
    ("tc", "c"),
    ("ng", "n"),
    ("ya", "ia"),
    ("yu", "iu"),
    ("yo", "io"),
    ("ja", "ja"),
    ("w", "u"),
    ("y", "i"),
    ("q", "k"),
    ("x", "ks"),
    // Latin letters of the Kazakh alphabets.
    ("ä", "a"),
    ("á", "a"),
    ("ğ", "g"),
    ("ǵ", "g"),
    ("ı", "i"),
    ("í", "i"),
    ("ñ", "n"),
    ("ń", "n"),
    ("ö", "o"),
    ("ó", "o"),
    ("ş", "S"),
    ("ç", "C"),
    ("ū", "u"),
    ("ü", "u"),
    ("ú", "u"),
    ("ý", "u"),
    // Cyrillic, Kazakh and Russian.
    ("а", "a"),
    ("ә", "a"),
    ("б", "b"),
    ("в", "v"),
    ("нг", "n"),
    ("г", "g"),
    ("ғ", "g"),
    ("д", "d"),
    ("е", "e"),
    ("ё", "e"),
    ("э", "e"),
    ("ж", "j"),
    ("з", "z"),
    ("и", "i"),
    ("й", "i"),
    ("і", "i"),
    ("ы", "i"),
    ("к", "k"),
    ("қ", "k"),
    ("л", "l"),
    ("м", "m"),
    ("н", "n"),
    ("ң", "n"),
    ("о", "o"),
    ("ө", "o"),
    ("п", "p"),
    ("р", "r"),
    ("с", "s"),
    ("т", "t"),
    ("у", "u"),
    ("ұ", "u"),
    ("ү", "u"),
    ("ф", "f"),
    ("х", "h"),
    ("һ", "h"),
    ("ц", "c"),
    ("ч", "C"),
    ("ш", "S"),
    ("щ", "S"),
    ("ю", "iu"),
    ("я", "ia"),
];

/// How well two words agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agrees {
    Stem = 1,
    Typo = 2,
    Inside = 3,
    Beginning = 4,
    Whole = 5,
}

/// Returns the words of a text in letters in which all spellings are one.
pub fn folded(text: &str) -> Vec<String> {
    let text: String =
        text.to_lowercase().chars().filter(|it| !matches!(it, '\u{300}'..='\u{36f}' | 'ь' | 'ъ')).collect();
    let words = text.split(|it: char| !it.is_alphanumeric() && !matches!(it, '\'' | 'ʼ' | '’'));
    words.map(fold_word).filter(|it| !it.is_empty()).collect()
}

fn fold_word(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let found = LETTERS.iter().find_map(|(from, to)| Some((*to, rest.strip_prefix(from)?)));
        let (letters, behind) = found.unwrap_or_else(|| {
            let (letter, behind) = rest.split_at(first.len_utf8());
            (if matches!(first, '\'' | 'ʼ' | '’') { "" } else { letter }, behind)
        });
        for letter in letters.chars() {
            // `nn`, `ii` of «ный»: a letter written twice is heard once. Figures are kept.
            if letter.is_ascii_digit() || !out.ends_with(letter) {
                out.push(letter);
            }
        }
        rest = behind;
    }
    out
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<String>);

impl Query {
    /// Reads what was typed.
    pub fn new(typed: &str) -> Self {
        let typed: String = typed.chars().take(QUERY_CHARS_MAX).collect();
        let mut words = folded(&typed);
        words.truncate(QUERY_WORDS_MAX);
        Self(words)
    }

    /// Returns whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how well texts answer, each with its weight; nothing where a word of the query is in none of them.
    pub fn score<'a>(&self, texts: impl IntoIterator<Item = (&'a str, u32)>) -> Option<u32> {
        let texts: Vec<(Vec<String>, u32)> =
            texts.into_iter().map(|(text, weight)| (folded(text), weight)).collect();
        let mut whole = 0;
        for asked in &self.0 {
            let one = |(words, weight): &(Vec<String>, u32)| {
                words.iter().filter_map(|it| agree(asked, it)).max().map(|it| it as u32 * weight)
            };
            whole += texts.iter().filter_map(one).max()?;
        }
        Some(whole)
    }

    /// Returns the regulations that answer, the best first.
    pub fn find<'a>(&self, all: impl IntoIterator<Item = &'a Regulation>) -> Vec<&'a Regulation> {
        let scored = all.into_iter().filter_map(|it| Some((self.score_of(it)?, it)));
        let mut found: Vec<(u32, &Regulation)> = scored.collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, it)| it).collect()
    }

    fn score_of(&self, regulation: &Regulation) -> Option<u32> {
        let (title, outcome) = (&regulation.title, &regulation.outcome);
        let titles = [&title.kk, &title.ru, &title.en].map(|it| (it.as_str(), TITLE));
        let outcomes = [&outcome.kk, &outcome.ru, &outcome.en].map(|it| (it.as_str(), OUTCOME));
        let keywords = regulation.keywords.iter().map(|it| (it.as_str(), KEYWORD));
        self.score(titles.into_iter().chain(outcomes).chain(keywords))
    }
}

fn agree(asked: &str, word: &str) -> Option<Agrees> {
    let letters = asked.chars().count();
    if word == asked {
        Some(Agrees::Whole)
    } else if letters < BEGINNING_LETTERS_MIN {
        None
    } else if word.starts_with(asked) {
        Some(Agrees::Beginning)
    } else if letters >= 4 && word.contains(asked) {
        Some(Agrees::Inside)
    } else if letters >= TYPO_LETTERS_MIN && is_near(asked, word) {
        Some(Agrees::Typo)
    } else {
        let common = asked.chars().zip(word.chars()).take_while(|(one, other)| one == other).count();
        (common >= STEM_LETTERS_MIN && common * 5 >= letters * 3).then_some(Agrees::Stem)
    }
}

/// Whether one letter changed, added, left out or put on the other side of its neighbour makes `asked` the beginning of
/// `word`.
fn is_near(asked: &str, word: &str) -> bool {
    let (asked, word): (Vec<char>, Vec<char>) = (asked.chars().collect(), word.chars().collect());
    let same = asked.iter().zip(&word).take_while(|(one, other)| one == other).count();
    if same == 0 {
        // The first letter is what people do not mistype.
        return false;
    }
    let (Some(left), Some(right)) = (asked.get(same..), word.get(same..)) else { return false };
    let begins = |long: &[char], short: &[char]| long.starts_with(short);
    match (left, right) {
        ([], _) => true,
        ([a, b, left @ ..], [c, d, right @ ..]) if a == d && b == c => begins(right, left),
        ([_, left @ ..], right) => {
            begins(right.get(1..).unwrap_or_default(), left)
                || begins(right, left)
                || begins(right.get(1..).unwrap_or_default(), asked.get(same..).unwrap_or_default())
        }
    }
}
