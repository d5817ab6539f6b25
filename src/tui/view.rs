//! The screens, one file a topic: state, update, draw.

mod about;
mod diff;
mod endpoints;
mod export;
mod lookup;
mod rules;
mod tags;
mod traffic;

pub use diff::DiffView;
pub use endpoints::EndpointsView;
pub use lookup::LookupView;
pub use rules::{PatchChapter, RulesView};
pub use tags::TagsView;
pub use traffic::TrafficView;

/// What selects the addresses on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Tags by name.
    pub tags: Vec<String>,
    /// Files; `None` where no file holds exactly these addresses.
    pub files: Option<Vec<String>>,
}

impl Words {
    /// Addresses that files hold.
    #[must_use]
    pub fn of_files(files: Vec<String>) -> Self {
        Self {
            files: Some(files),
            ..Self::default()
        }
    }

    /// The words of `rules fit`, where something selects them.
    #[must_use]
    pub fn of_fit(&self) -> Option<Vec<String>> {
        let files = self.files.as_ref()?;
        let mut words = self.tags.clone();
        words.extend(
            files
                .iter()
                .flat_map(|file| ["--list".to_owned(), file.clone()]),
        );
        Some(words)
    }

    /// The words of `rules make`; none where nothing selects them.
    #[must_use]
    pub fn of_make(&self) -> Vec<String> {
        let Some(files) = &self.files else {
            return Vec::new();
        };
        let tags = self.tags.iter().map(|tag| ("--tag", tag));
        let all = tags.chain(files.iter().map(|file| ("--list", file)));
        all.flat_map(|(option, value)| [option.to_owned(), value.clone()])
            .collect()
    }
}

/// What `y`, `Y` and `C` copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// What is selected.
    Cell,
    /// The row, or all prefixes.
    Rows,
    /// The command line.
    Command,
}
