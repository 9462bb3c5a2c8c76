//! The text of a description, without its HTML.

/// Elements whose content is no text.
const UNSHOWN: [&str; 2] = ["script", "style"];

/// `html` as plain text: tags become spaces, scripts and style sheets go, and the entities people meet are read.
///
/// A description may be plain text that never was HTML: a `<` counts as a tag only before a letter, `/` or `!`.
pub(super) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match tag(rest) {
            Some((name, after)) => {
                text.push(' ');
                skip_unshown(name, after)
            }
            None => match entity(rest) {
                Some((shown, after)) => {
                    text.push(shown);
                    after
                }
                None => {
                    text.push_str(&rest[..1]);
                    &rest[1..]
                }
            },
        };
    }
    text.push_str(rest);
    text
}

/// The name of the tag that `text` begins with, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    if !inside.starts_with(|char: char| char.is_ascii_alphabetic() || char == '/' || char == '!') {
        return None;
    }
    let end = inside.find('>')?;
    let name = inside.split(|char: char| !char.is_ascii_alphanumeric()).next().unwrap_or_default();
    Some((name, &inside[end + 1..]))
}

fn skip_unshown<'a>(name: &str, after: &'a str) -> &'a str {
    if !UNSHOWN.iter().any(|unshown| name.eq_ignore_ascii_case(unshown)) {
        return after;
    }
    let mut ends = after.match_indices("</").map(|(at, _)| &after[at + 2..]);
    let end = ends.find(|end| end.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)));
    end.and_then(|end| end.split_once('>')).map_or("", |(_, after)| after)
}

/// The character the entity that `text` begins with stands for, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.strip_prefix('&')?.split_once(';')?;
    let shown = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((shown, after))
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn html_becomes_its_text() {
        let html = "<p>Bring the <b>slides</b> &amp; pens</p><script>x<y</script><br>a&#233;b&nbsp;&#x41;";
        let words: Vec<String> = plain_text(html).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["Bring", "the", "slides", "&", "pens", "aéb", "A"]);
    }

    #[test]
    fn what_only_looks_like_html_stays() {
        for text in ["a < b && c > d", "R&D; 5 <3", "<unclosed", "&#x110000; &nosuch;", "Ünïcödé &"] {
            assert_eq!(plain_text(text), text);
        }
        assert_eq!(plain_text("<style>never closed"), " ");
    }
}
