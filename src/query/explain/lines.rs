//! An explanation as lines: what each is, not how it looks.

use crate::query::explain::{AdviceStep, ExplainAnswer, Explained, SeenClient, Sentence};
use crate::text::pad;

/// What is said of a text that is no such failure.
pub const NONE: &str = "no failure of a registry is known in this text";
/// What can be explained.
pub const PASTE: &str = "paste the text of a failed docker, containerd, kubectl, helm, oras or az \
                         acr command, a code of az acr check-health, or a subnet's serviceEndpoints";

/// A line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExplainLine {
    /// What has failed.
    Title(String),
    /// The head of a part.
    Head(&'static str),
    /// A sentence.
    Text(String),
    /// A name and what belongs to it.
    Fact(&'static str, String),
    /// An entry of a list behind its mark.
    Item(String, String),
    /// For a shell, whole.
    Command(String),
    /// Nothing.
    Blank,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainExtent {
    /// All.
    Whole,
    /// Without the tags of the client's address, which stand elsewhere.
    WithoutTags,
}

impl ExplainAnswer {
    /// All explanations, one below the other.
    #[must_use]
    pub fn lines(&self, extent: ExplainExtent) -> Vec<ExplainLine> {
        let mut lines = Vec::new();
        for explained in &self.complaints {
            if !lines.is_empty() {
                lines.push(ExplainLine::Blank);
            }
            explained.push_lines(extent, &mut lines);
        }
        lines
    }
}

impl Explained {
    fn push_lines(&self, extent: ExplainExtent, lines: &mut Vec<ExplainLine>) {
        lines.push(ExplainLine::Title(format!("{} ({})", self.title, self.id)));
        lines.push(ExplainLine::Text(self.meaning.clone()));
        self.push_facts(extent, lines);
        let numbers = (1..).map(|number| format!("{number}."));
        push_said(
            "Likely causes, the likeliest first",
            &self.causes,
            numbers,
            lines,
        );
        push_steps("Check", &self.checks, lines);
        push_steps("The smallest change", &self.changes, lines);
        push_steps("Another change", &self.alternatives, lines);
        push_steps("Verify", &self.verify, lines);
        let dashes = || std::iter::repeat_with(|| "-".to_owned());
        push_said("What would not help", &self.would_not_help, dashes(), lines);
        push_said("Good to know", &self.notes, dashes(), lines);
        if !self.also.is_empty() {
            lines.push(ExplainLine::Head("Also seen"));
            let also = self.also.iter();
            lines.extend(also.map(|also| {
                ExplainLine::Item("-".to_owned(), format!("{} ({})", also.title, also.id))
            }));
        }
        if !self.placeholders.is_empty() {
            lines.push(ExplainLine::Head("To fill in"));
            let open = self.placeholders.iter();
            lines.extend(open.map(|open| ExplainLine::Fact(open.name, open.meaning.to_owned())));
        }
    }

    fn push_facts(&self, extent: ExplainExtent, lines: &mut Vec<ExplainLine>) {
        if let [first, _, ..] = self.lines.as_slice() {
            let text = format!("{} times, first on line {first}", self.lines.len());
            lines.push(ExplainLine::Fact("seen", text));
        }
        if let Some(registry) = &self.registry {
            let login = registry.login_server.as_ref().map(ToString::to_string);
            let name = login.or_else(|| registry.name.clone());
            let cloud = registry.cloud.map(|cloud| format!("cloud {cloud}"));
            let words: Vec<String> = name.into_iter().chain(cloud).collect();
            lines.push(ExplainLine::Fact("registry", words.join(" · ")));
        }
        if let Some(image) = &self.image {
            lines.push(ExplainLine::Fact("image", image.to_string()));
        }
        if let Some(host) = &self.host {
            lines.push(ExplainLine::Fact("host", host.to_string()));
        }
        if let Some(program) = self.program {
            lines.push(ExplainLine::Fact("program", program.to_owned()));
        }
        if !self.statuses.is_empty() {
            let statuses: Vec<String> = self.statuses.iter().map(ToString::to_string).collect();
            lines.push(ExplainLine::Fact("status", statuses.join(", ")));
        }
        if let Some(client) = &self.client {
            lines.push(ExplainLine::Fact("client", client.words()));
            if extent == ExplainExtent::Whole {
                push_tags(client, lines);
            }
        }
        if let Some(server) = &self.server {
            lines.push(ExplainLine::Fact("server", server.words()));
            push_tags(server, lines);
        }
    }
}

fn push_tags(client: &SeenClient, lines: &mut Vec<ExplainLine>) {
    let tags = || client.tags.iter().flatten();
    let widest = tags().map(|tag| tag.prefix.to_string().len()).max();
    lines.extend(tags().map(|tag| {
        let prefix = pad(&tag.prefix.to_string(), widest.unwrap_or(0), false);
        ExplainLine::Fact("", format!("{prefix}  {}", tag.tag))
    }));
}

fn push_said(
    head: &'static str,
    list: &[Sentence],
    marks: impl Iterator<Item = String>,
    lines: &mut Vec<ExplainLine>,
) {
    if list.is_empty() {
        return;
    }
    lines.push(ExplainLine::Head(head));
    for (said, mark) in list.iter().zip(marks) {
        lines.push(ExplainLine::Item(mark, said.shown()));
    }
}

fn push_steps(head: &'static str, steps: &[AdviceStep], lines: &mut Vec<ExplainLine>) {
    if steps.is_empty() {
        return;
    }
    lines.push(ExplainLine::Head(head));
    for step in steps {
        let end = if step.commands.is_empty() || step.text.ends_with('.') {
            ""
        } else {
            ":"
        };
        lines.push(ExplainLine::Text(format!("{}{end}", step.text)));
        lines.extend(step.commands.iter().cloned().map(ExplainLine::Command));
    }
}
