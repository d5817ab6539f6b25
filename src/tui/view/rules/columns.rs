//! The columns of the rows: what stands in them, which have room, and how wide they are.

use crate::query::endpoints::Level;
use crate::query::rules::impact::{Followed, ImpactStatus, RowImpact};
use crate::rules::{Access, Entry};
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

/// The cells of what a registry does with everybody that no rule names.
pub fn default_action(allows: bool) -> [String; 7] {
    let access = if allows { "allow" } else { "deny" };
    ["", "default action", "*", "", "", access, ""].map(str::to_owned)
}

pub const fn effect_tone(status: ImpactStatus) -> Tone {
    match status {
        ImpactStatus::Unaffected => Tone::Muted,
        ImpactStatus::Automatic => Tone::Good,
        ImpactStatus::Missing | ImpactStatus::Stale | ImpactStatus::MissingAndStale => Tone::Bad,
    }
}

/// The cells of a row: sign, priority, name, from, to, ports, what it does, the week's effect.
pub struct Cells {
    pub sign: &'static str,
    pub texts: [String; 7],
    pub tone: Tone,
}

/// The heads of the columns.
pub const HEADS: [&str; 7] = ["prio", "name", "from", "to", "port", "access", "week"];
const PRIORITY: usize = 0;
const NAME: usize = 1;
const FROM: usize = 2;
const TO: usize = 3;
const PORT: usize = 4;
const EFFECT: usize = 6;

pub fn cells(view: &RulesView, position: Position) -> Option<Cells> {
    let set = view.loaded_rules.set(position)?;
    let effect = view.loaded_rules.row_effect(position);
    let week = match (&view.loaded_rules.effect, effect) {
        (WeekEffect::Running, _) => "…".to_owned(),
        (_, Some(effect)) => effect_text(effect),
        _ => String::new(),
    };
    let tone = match effect.map(|effect| effect.status) {
        Some(status) if status != ImpactStatus::Unaffected => effect_tone(status),
        _ => Tone::Plain,
    };
    let is_deciding = view.test.is_deciding(position);
    let sign = match view.loaded_rules.worst(position) {
        _ if is_deciding => "▶",
        Some(level @ (Level::Error | Level::Warning)) => level.mark(),
        _ => " ",
    };
    let Some(row) = view.loaded_rules.row(position) else {
        let name = format!("(lacking in {})", set.name);
        let mut texts = [const { String::new() }; 7];
        let [_, own, _, _, _, _, last] = &mut texts;
        (*own, *last) = (name, week);
        return Some(Cells { sign, texts, tone });
    };
    let ports = match (set.kind.has_members(), row.ports.is_all()) {
        (true, _) => String::new(),
        (_, true) => "*".to_owned(),
        _ => row.ports.to_string(),
    };
    let name = clean(row.name.as_str()).into_owned();
    // A registry's rule is named by its one source.
    let from = entries(&row.sources);
    let from = if from == name { String::new() } else { from };
    let does = match row.access {
        Access::Listed => String::new(),
        // What is not understood could do otherwise.
        _ if row.is_unread() => format!("{} ?", row.does()),
        _ => row.does().into_owned(),
    };
    Some(Cells {
        sign,
        texts: [
            row.priority.map_or_else(String::new, |it| it.to_string()),
            name,
            from,
            entries(&row.destinations),
            ports,
            does,
            week,
        ],
        tone: if row.is_default { Tone::Muted } else { tone },
    })
}

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
        let shrinkable = [NAME, FROM, TO, PORT, EFFECT];
        let widest = shrinkable
            .into_iter()
            .filter(|&place| wide.get(place) > least.get(place))
            .max_by_key(|&place| wide.get(place).copied());
        if let Some(own) = widest.and_then(|place| wide.get_mut(place)) {
            *own -= 1;
            continue;
        }
        let dropped = [FROM, PORT, PRIORITY, TO, 5, EFFECT]
            .into_iter()
            .find(|&place| wide.get(place).is_some_and(|width| *width > 0));
        match dropped.and_then(|place| wide.get_mut(place)) {
            Some(own) => *own = 0,
            None => break,
        }
    }
    wide
}

pub fn row_text(sign: &str, texts: &[String; 7], widths: [usize; 7]) -> String {
    let mut line = pad(sign, 1, false);
    for (place, (text, columns)) in texts.iter().zip(widths).enumerate() {
        if columns == 0 {
            continue;
        }
        line.push(' ');
        let text = match place {
            NAME | FROM | TO => cut_middle(text, columns),
            _ => cut_end(text, columns),
        };
        line.push_str(&pad(&text, columns, place == PRIORITY));
    }
    line
}
