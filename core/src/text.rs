//! Text of others, made safe to stand beside our own.

/// `text` as one line of at most `limit` characters, in which nothing can forge what stands beside it: control
/// characters and marks that change the direction of writing become spaces, runs of space become one, and curly
/// double quotes become straight ones. What is cut off shows as `…`.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in
        text.split(|char: char| char.is_whitespace() || is_hidden(char)).filter(|word| !word.is_empty())
    {
        let space = (length > 0).then_some(' ');
        for char in space.into_iter().chain(word.chars()) {
            if length == limit {
                line.push('…');
                return line;
            }
            line.push(if matches!(char, '“' | '”') { '"' } else { char });
            length += 1;
        }
    }
    line
}

/// Controls, and characters that reorder or hide others. The joiners of emoji and of Persian (U+200C, U+200D) stay.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn hostile_text_becomes_one_plain_line() {
        assert_eq!(one_line("Pay\r\n\u{1b}[31mHigh:\u{202e}“x”\t ", 50), "Pay [31mHigh: \"x\"");
        assert_eq!(one_line("👩\u{200d}💻 day", 50), "👩\u{200d}💻 day");
    }

    #[test]
    fn long_text_is_clipped_between_characters() {
        assert_eq!(one_line("öööö", 4), "öööö");
        assert_eq!(one_line("ööööö", 4), "öööö…");
        assert_eq!(one_line("abcd   ", 4), "abcd");
    }
}
