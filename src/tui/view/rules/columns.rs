//! The columns of the rows: what stands in them, which have room, and how wide they are.

use crate::query::endpoints::Level;
use crate::query::rules::impact::{Followed, ImpactStatus, RowImpact};
use crate::rules::{Access, Direction, Entry, RegistryFacts, Row};
use crate::space::AddressSet;
use crate::text::{clean, cut_end, cut_middle, pad, width};
use crate::tui::theme::Tone;
use crate::tui::view::rules::RulesView;
use crate::tui::view::rules::loaded_rules::{Position, WeekEffect};

/// Entries in a few letters.
pub fn entries(list: &[Entry]) -> String {
    match list {
        [] => String::new(),
        [one] => clean(&one.to_string()).into_owned(),
        list => {
            let is_all = |is: fn(&Entry) -> bool| list.iter().all(is);
            let count = list.len();
            if is_all(|entry| matches!(entry, Entry::Span(_))) {
                format!("{count} prefixes")
            } else if is_all(|entry| matches!(entry, Entry::Tag(_))) {
                format!("{count} tags")
            } else if is_all(|entry| matches!(entry, Entry::Fqdn(_))) {
                format!("{count} names")
            } else {
                format!("{count} entries")
            }
        }
    }
}

/// What the weeks do to a row, in a few letters.
pub fn effect_text(effect: &RowImpact) -> String {
    let gone = effect.stale.len();
    let moved: usize = effect.moved.iter().map(|moved| moved.prefixes.len()).sum();
    let missing = effect.missing.len();
    match effect.status {
        ImpactStatus::Unaffected => "unaffected".to_owned(),
        ImpactStatus::Automatic => {
            let count = |set: fn(&Followed) -> &AddressSet| {
                let sets = effect.followed.iter().map(set);
                sets.map(|set| set.cover().len()).sum::<usize>()
            };
            let (gained, lost) = (count(|it| &it.gained), count(|it| &it.lost));
            format!("automatic +{gained} −{lost}")
        }
        ImpactStatus::Stale if gone + moved == 0 => "✗ tag is gone".to_owned(),
        _ => {
            let parts = [(missing, "missing"), (gone, "stale"), (moved, "moved")];
            let parts = parts.iter().filter(|(count, _)| *count > 0);
            let parts: Vec<String> = parts
                .map(|(count, word)| format!("{word} {count}"))
                .collect();
            let is_old =
                missing > 0 && effect.missing == effect.missing_before && gone + moved == 0;
            let before = if is_old { " before" } else { "" };
            format!("✗ {}{before}", parts.join(", "))
        }
    }
}

/// What a registry does with everybody that no rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultAction {
    Allow,
    Deny,
    /// Nobody comes in from outside, whatever its rules and its default action say.
    PublicAccessOff,
}

impl DefaultAction {
    /// What the document of a registry says of it.
    pub const fn of(registry: &RegistryFacts) -> Option<Self> {
        match (registry.public_access, registry.default_allows) {
            (Some(false), _) => Some(Self::PublicAccessOff),
            (_, Some(true)) => Some(Self::Allow),
            (_, Some(false)) => Some(Self::Deny),
            (_, None) => None,
        }
    }

    pub fn cells(self) -> Cells {
        let (name, word, access) = match self {
            Self::Allow => ("default action", "allow", Tone::Allow),
            Self::Deny => ("default action", "deny", Tone::Deny),
            Self::PublicAccessOff => ("public access off", "deny", Tone::Deny),
        };
        Cells {
            sign: (" ", Tone::Plain),
            texts: ["", name, "*", "", "", word, ""].map(str::to_owned),
            wide: None,
            tone: Tone::Muted,
            access,
            effect: Tone::Plain,
        }
    }
}

pub const fn effect_tone(status: ImpactStatus) -> Tone {
    match status {
        ImpactStatus::Unaffected => Tone::Muted,
        ImpactStatus::Automatic => Tone::Good,
        ImpactStatus::Missing | ImpactStatus::Stale | ImpactStatus::MissingAndStale => Tone::Bad,
    }
}

/// A row that is wider than needed stands out among the warnings.
pub const fn level_tone(level: Level, is_of_width: bool) -> Tone {
    match (level, is_of_width) {
        (Level::Error, _) | (Level::Warning, true) => Tone::Bad,
        (Level::Warning, false) => Tone::Warn,
        (Level::Info, _) => Tone::Plain,
    }
}

/// The column of the far end; of its name where that is all it has.
fn wide_end(row: &Row, texts: &[String; 7]) -> usize {
    let far = match row.direction {
        Direction::In => FROM,
        Direction::Out => TO,
    };
    let is_there = texts.get(far).is_some_and(|text| !text.is_empty());
    if is_there { far } else { NAME }
}

const fn access_tone(access: &Access) -> Tone {
    match access {
        Access::Allow => Tone::Allow,
        Access::Deny => Tone::Deny,
        Access::Route(_) | Access::Listed | Access::Unread => Tone::Plain,
    }
}

/// The cells of a row: sign, priority, name, from, to, ports, what it does, the week's effect. Each of
/// those that mean something has a tone of its own; the tone of the row is none of theirs.
pub struct Cells {
    sign: (&'static str, Tone),
    texts: [String; 7],
    /// Which of them says that the row is wider than needed.
    wide: Option<usize>,
    tone: Tone,
    access: Tone,
    effect: Tone,
}

/// The heads of the columns.
const HEADS: [&str; 7] = ["prio", "name", "from", "to", "port", "access", "week"];
const PRIORITY: usize = 0;
const NAME: usize = 1;
const FROM: usize = 2;
const TO: usize = 3;
const PORT: usize = 4;
const DOES: usize = 5;
const EFFECT: usize = 6;

/// What stands behind an end of an allow row that lets in or out what nobody meant.
const WIDE: &str = " wide";

pub fn cells(view: &RulesView, position: Position) -> Option<Cells> {
    let set = view.loaded_rules.set(position)?;
    let effect = view.loaded_rules.row_effect(position);
    let week = match (&view.loaded_rules.effect, effect) {
        (WeekEffect::Running, _) => "…".to_owned(),
        (_, Some(effect)) => effect_text(effect),
        _ => String::new(),
    };
    let effect = effect.map_or(Tone::Plain, |effect| effect_tone(effect.status));
    let is_deciding = view.test.is_deciding(position);
    let is_wide = view.loaded_rules.is_wide(position);
    let sign = match view.loaded_rules.worst(position) {
        _ if is_deciding => ("▶", Tone::Accent),
        Some(level @ (Level::Error | Level::Warning)) => (level.mark(), level_tone(level, is_wide)),
        _ => (" ", Tone::Plain),
    };
    let Some(row) = view.loaded_rules.row(position) else {
        let name = format!("(lacking in {})", set.name);
        let mut texts = [const { String::new() }; 7];
        let [_, own, _, _, _, _, last] = &mut texts;
        (*own, *last) = (name, week);
        return Some(Cells {
            sign,
            texts,
            wide: None,
            tone: Tone::Plain,
            access: Tone::Plain,
            effect,
        });
    };
    let ports = match (set.kind.has_members(), row.ports.is_all()) {
        (true, _) => String::new(),
        (_, true) => "*".to_owned(),
        _ => row.ports.to_string(),
    };
    let name = short_id(&clean(row.name.as_str()));
    // A registry's rule is named by its one source.
    let from = entries(&row.sources);
    let from = if from == name { String::new() } else { from };
    let does = match row.access {
        Access::Listed => String::new(),
        // What is not understood could do otherwise.
        _ if row.is_unread() => format!("{} ?", row.does()),
        _ => row.does().into_owned(),
    };
    let mut texts = [
        row.priority.map_or_else(String::new, |it| it.to_string()),
        name,
        from,
        entries(&row.destinations),
        ports,
        does,
        week,
    ];
    let wide = is_wide.then(|| wide_end(row, &texts));
    if let Some(text) = wide.and_then(|place| texts.get_mut(place)) {
        text.push_str(WIDE);
    }
    Some(Cells {
        sign,
        texts,
        wide,
        tone: if row.is_default {
            Tone::Muted
        } else {
            Tone::Plain
        },
        access: access_tone(&row.access),
        effect,
    })
}

/// A subnet by its network and its own name; another name as it is.
fn short_id(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["", "subscriptions", .., network, kind, subnet]
            if kind.eq_ignore_ascii_case("subnets") =>
        {
            format!("{network}/{subnet}")
        }
        _ => name.to_owned(),
    }
}

/// Columns of a rule's name that tell most of them apart.
const GOOD_NAME: usize = 16;

/// Columns of the terminal for each column; 0 leaves it out. Columns in which no row says anything
/// are left out; then `from` or `to`, ports and priority give way to the name and the week.
pub fn widths(cells: &[Cells], room: usize) -> [usize; 7] {
    let mut wide = [0_usize; 7];
    for (place, own) in wide.iter_mut().enumerate() {
        let texts = cells.iter().filter_map(|it| it.texts.get(place));
        let widest = texts.clone().map(|text| width(text)).max().unwrap_or(0);
        let says = texts.clone().any(|text| !text.is_empty() && text != "*");
        let least = HEADS.get(place).map_or(0, |head| width(head));
        *own = if widest > 0 && (says || place == NAME) {
            widest.max(least)
        } else {
            0
        };
    }
    let most = [5, 30, 34, 34, 11, 9, 26];
    for (own, most) in wide.iter_mut().zip(most) {
        *own = (*own).min(most);
    }
    let used = |wide: &[usize; 7]| {
        let shown = wide.iter().filter(|width| **width > 0);
        shown.clone().sum::<usize>() + shown.count()
    };
    // The widest of the texts shrink first, each down to what still says something.
    let least = [0, 12, 10, 12, 5, 5, 19];
    while used(&wide) > room {
        // The name of a rule gives way before the tags that it is about.
        if let Some(name) = wide.get_mut(NAME).filter(|name| **name > GOOD_NAME) {
            *name -= 1;
            continue;
        }
        let shrinkable = [NAME, FROM, TO, PORT, EFFECT];
        let widest = shrinkable
            .into_iter()
            .filter(|&place| wide.get(place) > least.get(place))
            .max_by_key(|&place| wide.get(place).copied());
        if let Some(own) = widest.and_then(|place| wide.get_mut(place)) {
            *own -= 1;
            continue;
        }
        let dropped = [FROM, PORT, PRIORITY, TO, DOES, EFFECT]
            .into_iter()
            .find(|&place| wide.get(place).is_some_and(|width| *width > 0));
        match dropped.and_then(|place| wide.get_mut(place)) {
            Some(own) => *own = 0,
            None => break,
        }
    }
    wide
}

/// The texts at their widths, each with its place and the gap before it.
fn fitted(texts: &[String; 7], widths: [usize; 7]) -> impl Iterator<Item = (usize, String)> {
    let shown = texts.iter().zip(widths).enumerate();
    let shown = shown.filter(|(_, (_, columns))| *columns > 0);
    shown.map(|(place, (text, columns))| {
        let text = match place {
            NAME | FROM | TO => cut_middle(text, columns),
            _ => cut_end(text, columns),
        };
        (
            place,
            format!(" {}", pad(&text, columns, place == PRIORITY)),
        )
    })
}

/// What stands over the rows.
pub fn head_text(widths: [usize; 7]) -> String {
    let texts = HEADS.map(str::to_owned);
    let cells = fitted(&texts, widths).map(|(_, text)| text);
    format!(" {}", cells.collect::<String>())
}

impl Cells {
    /// The row in pieces, each with its tone.
    pub fn pieces(&self, widths: [usize; 7]) -> Vec<(String, Tone)> {
        let (sign, tone) = self.sign;
        let mut pieces = vec![(pad(sign, 1, false), tone)];
        for (place, text) in fitted(&self.texts, widths) {
            let word = text.rfind(WIDE).filter(|_| self.wide == Some(place));
            match (place, word) {
                (_, Some(at)) => {
                    let (end, word) = text.split_at(at);
                    pieces.push((end.to_owned(), self.tone));
                    pieces.push((word.to_owned(), Tone::Bad));
                }
                (DOES, None) => pieces.push((text, self.access)),
                (EFFECT, None) => pieces.push((text, self.effect)),
                (_, None) => pieces.push((text, self.tone)),
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_is_closed_lets_nobody_in_by_default() {
        let of = |public_access, default_allows| {
            DefaultAction::of(&RegistryFacts {
                public_access,
                default_allows,
                ..RegistryFacts::default()
            })
        };
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some(true), Some(true)), Some(DefaultAction::Allow));
        assert_eq!(of(None, Some(false)), Some(DefaultAction::Deny));
        for default_allows in [None, Some(true), Some(false)] {
            let closed = of(Some(false), default_allows);
            assert_eq!(closed, Some(DefaultAction::PublicAccessOff));
        }
    }

    #[test]
    fn a_subnet_is_known_by_its_network_and_name() {
        let id = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub/subnets/build";
        assert_eq!(short_id(id), "hub/build");
        for other in ["allow-acr", "10.0.0.0/24", "/subscriptions/x", ""] {
            assert_eq!(short_id(other), other);
        }
    }
}
