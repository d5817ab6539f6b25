//! The question over the panes, its verdict, and the titles of the rows.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text::cut_end;
use crate::tui::layout::top;
use crate::tui::theme::Tone;
use crate::tui::view::rules::files::counted;
use crate::tui::view::rules::loaded_rules::WeekEffect;
use crate::tui::view::rules::trial::TrialLine;
use crate::tui::view::rules::{Picked, RulesView};
use crate::tui::widget::draw_input;
use crate::tui::{Place, Theme};

/// Most lines of what the rules say.
const MOST_LINES: u16 = 5;
/// Below this many rows it has one line.
const LOW: u16 = 16;

impl RulesView {
    pub fn draw_head(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let (line, rest) = top(area, 1);
        let has_focus = self.place == Place::RuleTest;
        let label = if area.width < 60 {
            " pass? "
        } else {
            " would this pass?  "
        };
        let hint = "i, then: 10.0.0.4 > 20.61.97.129 443";
        draw_input(
            frame,
            line,
            (label, hint),
            &self.test.input,
            has_focus,
            theme,
        );
        let room = usize::from(rest.width);
        let mut lines = self.test.lines(self.has_rules());
        // What has no line of its own stands in the verdict in full.
        let most = usize::from(rest.height);
        if lines.len() > most {
            let more = lines.len() - most + 1;
            lines.truncate(most.saturating_sub(1).max(1));
            if most > 1 {
                lines.push(TrialLine {
                    text: format!("  and {more} more: Enter shows all"),
                    tone: Tone::Muted,
                });
            }
        }
        let drawn = lines.iter().map(|line| {
            let text = cut_end(&format!(" {}", line.text), room).into_owned();
            Line::from(Span::styled(text, line.tone.style(theme)))
        });
        frame.render_widget(Paragraph::new(drawn.collect::<Vec<_>>()), rest);
    }

    /// Rows of the question and of what the rules say.
    pub fn head_rows(&self, body: Rect) -> u16 {
        // On a low screen the panes need the rows.
        let most = if body.height >= LOW { MOST_LINES } else { 1 };
        let lines = self.test.line_count();
        1 + u16::try_from(lines).unwrap_or(most).clamp(1, most)
    }

    /// Whether the filter has a line of its own above the rows.
    pub fn has_filter_line(&self) -> bool {
        self.place == Place::RuleFilter || !self.filter.value().is_empty()
    }

    /// How many rows there are, and of what.
    pub fn rows_title(&self) -> String {
        let of = match self.picked {
            Picked::All => String::new(),
            Picked::File(file) | Picked::Set(file, _) => {
                let file = self.loaded_rules.files.get(file);
                let name = file.and_then(|file| file.path.file_name());
                name.map_or_else(String::new, |name| {
                    format!(" of {}", name.to_string_lossy())
                })
            }
        };
        let is_row = |line: &&super::RowLine| {
            line.position()
                .is_some_and(|position| position.row.is_some())
        };
        let shown = self.lines.iter().filter(is_row).count();
        format!("{}{of}", counted(shown, "rule", "rules"))
    }

    /// The weeks, and what is left out.
    pub fn rows_note(&self) -> String {
        let only = if self.is_affected_only {
            "a: all rules · "
        } else {
            ""
        };
        let week = match &self.loaded_rules.effect {
            WeekEffect::Unasked => String::new(),
            WeekEffect::Running => "weeks: opening …".to_owned(),
            WeekEffect::Failed(_) => "week's effect unknown".to_owned(),
            WeekEffect::Ready(_) if self.loaded_rules.is_asking => {
                format!("week: {}, opening others …", self.weeks_shown())
            }
            WeekEffect::Ready(_) => format!("week: {}", self.weeks_shown()),
        };
        let stale = match self.loaded_rules.stale_files() {
            0 => String::new(),
            count => format!("{} as last read · ", counted(count, "file", "files")),
        };
        format!("{stale}{only}{week}")
    }

    /// Both weeks for people.
    pub fn weeks_shown(&self) -> String {
        let WeekEffect::Ready(run) = &self.loaded_rules.effect else {
            return String::new();
        };
        let [from, to] = [&run.base, &run.target].map(|week| week.info().marked());
        format!("{from} → {to}")
    }

    /// What the view is for, while no file is open.
    pub fn welcome() -> Vec<String> {
        [
            "Rules: hold the rules in use against the published addresses.",
            "",
            "o opens files, :rules FILE… does too, L opens a saved list of files:",
            "  az acr show, az acr network-rule list",
            "  az network nsg show, nsg rule list",
            "  az network firewall policy rule-collection-group list",
            "  az network ip-group list, route-table list",
            "  ARM exports of these; lists: one address, CIDR, range or tag a line",
            "",
            "Then: what is wrong with them, whether an address would get through (i), what a \
             week's publication does to each row, and the patch (p).",
        ]
        .map(str::to_owned)
        .to_vec()
    }
}
