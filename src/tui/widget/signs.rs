//! Text in which what is gained and what is lost have their colours.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::tui::theme::{Theme, Tone};

/// A text word by word: `+` and `−` with a number other than zero, and words that say the same, in
/// the colour of what they mean.
pub fn signed(text: &str, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for word in text.split_inclusive(' ') {
        let style = meaning(word).map_or(style, |tone| style.patch(tone.style(theme)));
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(word),
            _ => spans.push(Span::styled(word.to_owned(), style)),
        }
    }
    spans
}

fn meaning(word: &str) -> Option<Tone> {
    let word = word.trim_end_matches([' ', ',', ';', ':', '.']);
    let counts = |number: &str| number.contains(|digit: char| ('1'..='9').contains(&digit));
    match word {
        "added" | "gained" => Some(Tone::Gained),
        "removed" | "lost" => Some(Tone::Lost),
        _ => match (word.strip_prefix('+'), word.strip_prefix('−')) {
            (Some(number), _) if counts(number) => Some(Tone::Gained),
            (_, Some(number)) if counts(number) => Some(Tone::Lost),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_words_have_the_colour_of_what_they_mean() {
        let theme = Theme::named("dark").unwrap();
        let (head, gained) = (theme.head, theme.head.patch(theme.gained));
        let lost = theme.head.patch(theme.lost);
        let text = "1 tag added, 2 removed; rows +1,204 −0; IPv4 −7: note";
        let spans = signed(text, head, &theme);
        let found: Vec<(&str, Style)> = spans
            .iter()
            .map(|span| (span.content.as_ref(), span.style))
            .collect();
        assert_eq!(
            found,
            [
                ("1 tag ", head),
                ("added, ", gained),
                ("2 ", head),
                ("removed; ", lost),
                ("rows ", head),
                ("+1,204 ", gained),
                ("−0; IPv4 ", head),
                ("−7: ", lost),
                ("note", head),
            ]
        );
        assert!(signed("", head, &theme).is_empty());
        assert_eq!(signed("+ − +x", head, &theme).len(), 1);
    }
}
