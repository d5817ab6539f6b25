//! What the names in rules stand for: tags in a week, IP groups among the files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::index::TagId;
use crate::query::Dataset;
use crate::query::names::WeekNames;
use crate::query::rules::LoadedFile;
use crate::rules::{Entry, RuleSetKind};
use crate::space::{AddressSet, Block, Span};

/// Resolves names of rules to addresses.
pub struct AddressResolver<'a> {
    dataset: &'a Dataset,
    names: WeekNames<'a>,
    /// IP groups by resource id and by name, in lower case.
    groups: HashMap<String, AddressSet>,
    tags: RefCell<HashMap<TagId, Rc<AddressSet>>>,
}

impl<'a> AddressResolver<'a> {
    /// The tags of a week, and the IP groups of these files.
    #[must_use]
    pub fn new(dataset: &'a Dataset, files: &[LoadedFile]) -> Self {
        let mut groups = HashMap::new();
        for set in files.iter().flat_map(|loaded| &loaded.file.sets) {
            if set.kind != RuleSetKind::IpGroup {
                continue;
            }
            let spans = set.rows.iter().flat_map(|row| &row.destinations);
            let addresses = AddressSet::from_spans(spans.filter_map(Entry::span));
            if let Some(id) = &set.id {
                groups.insert(id.to_ascii_lowercase(), addresses.clone());
            }
            groups.insert(set.name.as_str().to_ascii_lowercase(), addresses);
        }
        Self {
            dataset,
            names: WeekNames::new(dataset),
            groups,
            tags: RefCell::default(),
        }
    }

    /// The week.
    #[must_use]
    pub const fn dataset(&self) -> &'a Dataset {
        self.dataset
    }

    /// The names of the week.
    #[must_use]
    pub const fn names(&self) -> WeekNames<'a> {
        self.names
    }

    /// The tag of a name in any spelling; `None` when the week has no such tag.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<TagId> {
        self.names.tag(name)
    }

    /// The addresses of a tag.
    #[must_use]
    pub fn addresses_of(&self, tag: TagId) -> Rc<AddressSet> {
        let view = self.dataset.view();
        let made = || {
            let spans = view.all_prefixes(tag).map(Block::span);
            Rc::new(AddressSet::from_spans(spans))
        };
        let mut known = self.tags.borrow_mut();
        Rc::clone(known.entry(tag).or_insert_with(made))
    }

    /// The addresses of an entry: of spans, of tags of the week, of IP groups among the files.
    /// `None` for what has no known addresses.
    #[must_use]
    pub fn addresses(&self, entry: &Entry) -> Option<Rc<AddressSet>> {
        match entry {
            Entry::Span(span) => Some(Rc::new(AddressSet::from_spans([*span]))),
            Entry::Tag(name) => Some(self.addresses_of(self.tag(name)?)),
            Entry::IpGroup(id) => {
                let id = id.to_ascii_lowercase();
                let name = id.rsplit('/').next().unwrap_or(&id);
                let found = self.groups.get(&id).or_else(|| self.groups.get(name));
                found.cloned().map(Rc::new)
            }
            _ => None,
        }
    }

    /// Whether an entry wholly holds some addresses; `None` where that is not known.
    #[must_use]
    pub fn holds(&self, entry: &Entry, span: Span) -> Option<bool> {
        if *entry == Entry::Any {
            return Some(true);
        }
        Some(self.addresses(entry)?.holds(span))
    }
}
