//! What a word is, for every store.

/// Letters or digits of a word that count; the rest of a longer one is no help in finding it.
const LONGEST: usize = 64;

/// The words of `text`, in lower case, as often and in the order they stand there.
///
/// - A word is a run of letters and digits (Unicode's), with the marks that combine with them; an apostrophe in it does
///   not end it and is left out. Accents stay: `café` is not `cafe`.
/// - Chinese and Japanese are written without spaces: there each character is a word.
/// - The English plural goes, by the S-stemmer of D. Harman, *How effective is suffixing?* (1991): `meetings` and
///   `meeting` are one word. Nothing else is stemmed.
///
/// ```
/// use theo_calendar::search::words;
///
/// let found: Vec<String> = words("Ada's CAFÉ meetings, 歯医者").collect();
/// assert_eq!(found, ["ada", "café", "meeting", "歯", "医", "者"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        while let Some(first) = rest.next() {
            if stands_alone(first) {
                return Some(first.to_string());
            }
            if !first.is_alphanumeric() {
                continue;
            }
            let mut word = String::with_capacity(16);
            push_lower(first, &mut word);
            let mut length = 1;
            while let Some(next) = rest.next_if(|next| continues(*next)) {
                length += 1;
                if length <= LONGEST && !is_apostrophe(next) {
                    push_lower(next, &mut word);
                }
            }
            return Some(singular(word));
        }
        None
    })
}

/// ASCII by itself: most of what is stored, and many times faster.
fn push_lower(char: char, word: &mut String) {
    if char.is_ascii() { word.push(char.to_ascii_lowercase()) } else { word.extend(char.to_lowercase()) }
}

fn continues(char: char) -> bool {
    let combines = matches!(char, '\u{300}'..='\u{36f}');
    !stands_alone(char) && (char.is_alphanumeric() || combines || is_apostrophe(char))
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’')
}

/// Hiragana, Katakana, and the unified ideographs: Unicode's blocks of these names.
fn stands_alone(char: char) -> bool {
    char.is_alphanumeric()
        && matches!(char, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The first of Harman's three rules that fits.
fn singular(mut word: String) -> String {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if ends(&["ies"]) && !ends(&["eies", "aies"]) {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if ends(&["es"]) && !ends(&["aes", "ees", "oes"]) || ends(&["s"]) && !ends(&["us", "ss"]) {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_their_singulars_are_one_word() {
        for (plural, singular) in [
            ("Parties", "party"),
            ("releases", "release"),
            ("boss", "boss"),
            ("status", "status"),
            ("bus", "bus"),
            ("1990s", "1990"),
        ] {
            assert_eq!(words(plural).collect::<Vec<_>>(), [singular]);
        }
    }

    #[test]
    fn what_stands_between_words_is_none() {
        assert_eq!(
            words("--  'a' b_c ada@example.com\0").collect::<Vec<_>>(),
            ["a", "b", "c", "ada", "example", "com"]
        );
        assert_eq!(words("").count() + words("!?…👩‍💻").count(), 0);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let cut: Vec<String> = words(&"ü".repeat(100)).collect();
        assert_eq!(cut, ["ü".repeat(64)]);
    }
}
