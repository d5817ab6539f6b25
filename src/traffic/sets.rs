//! Addresses → the answer of a week, in the shortest way.

use crate::azure::Specials;
use crate::index::{Node, View};
use crate::ranges::OtherRanges;
use crate::space::{AddressSet, Family};
use crate::traffic::Spot;

/// A week and the addresses that no public network has.
#[derive(Debug)]
pub struct Sets<'a> {
    view: View<'a>,
    inside: AddressSet,
    /// Ranges that are not Azure's, where there are any.
    others: Option<&'a OtherRanges>,
}

/// Where an address belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Home {
    /// In the tags of this answer.
    Tags(Node),
    /// In no tag, and in ranges of others, by the place of the narrowest.
    Other(usize),
    /// In none of these, and public.
    Nowhere,
    /// In none of these, and not public: private, shared, reserved, for documents.
    Inside,
}

impl<'a> Sets<'a> {
    /// The sets of a week.
    #[must_use]
    pub fn new(view: View<'a>, specials: &Specials) -> Self {
        Self {
            view,
            inside: specials.not_public(),
            others: None,
        }
    }

    /// The same with ranges of others beside it.
    #[must_use]
    pub fn beside(self, others: &'a OtherRanges) -> Self {
        Self {
            others: (!others.is_empty()).then_some(others),
            ..self
        }
    }

    /// Ranges that are not Azure's, where there are any.
    #[must_use]
    pub const fn others(&self) -> Option<&'a OtherRanges> {
        self.others
    }

    /// The narrowest range of others that holds an address, in a tag of Azure or not.
    #[inline]
    #[must_use]
    pub fn other(&self, family: Family, bits: u128) -> Option<usize> {
        self.others?.at(family, bits)
    }

    /// The week.
    #[must_use]
    pub const fn view(&self) -> View<'a> {
        self.view
    }

    /// Whether no public network has an address.
    #[must_use]
    pub fn is_inside(&self, family: Family, bits: u128) -> bool {
        self.inside.family(family).contains(bits)
    }

    /// Where an address belongs.
    #[inline]
    #[must_use]
    pub fn home(&self, family: Family, bits: u128) -> Home {
        let node = self.view.lookup(family, bits);
        if !node.is_none() {
            Home::Tags(node)
        } else if let Some(other) = self.other(family, bits) {
            Home::Other(other)
        } else if self.is_inside(family, bits) {
            Home::Inside
        } else {
            Home::Nowhere
        }
    }

    /// Where the address of a spot belongs.
    #[inline]
    #[must_use]
    pub fn of(&self, spot: &Spot) -> Home {
        self.home(spot.family, spot.bits)
    }
}
