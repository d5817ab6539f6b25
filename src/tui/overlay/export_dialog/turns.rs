//! What follows an option when its key is pressed.

use crate::query::rules::make::MakeForm;
use crate::rules::Direction;
use crate::space::Family;

/// Best, prefixes, tags.
pub const fn next_form(form: MakeForm) -> MakeForm {
    match form {
        MakeForm::Best => MakeForm::Prefixes,
        MakeForm::Prefixes => MakeForm::Tags,
        MakeForm::Tags => MakeForm::Best,
    }
}

/// As the target has it, outbound, inbound.
pub const fn next_direction(direction: Option<Direction>) -> Option<Direction> {
    match direction {
        None => Some(Direction::Out),
        Some(Direction::Out) => Some(Direction::In),
        Some(Direction::In) => None,
    }
}

/// Both, IPv4, IPv6.
pub const fn next_family(family: Option<Family>) -> Option<Family> {
    match family {
        None => Some(Family::V4),
        Some(Family::V4) => Some(Family::V6),
        Some(Family::V6) => None,
    }
}
