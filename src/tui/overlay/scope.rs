//! Which tags a layer is of: all watched ones, or the selected one alone.

use crate::tui::component::{Cx, Scope};

/// The watched tags in place of the selected one, and the other way round; none where the view has
/// no watched ones, which is said.
pub fn other_scope(scope: Option<Scope>, cx: &mut Cx<'_>) -> Option<Scope> {
    match scope {
        None => {
            cx.say("here nothing is watched: tags are, in Tags");
            None
        }
        Some(Scope::Watched) => Some(Scope::Selected),
        Some(Scope::Selected | Scope::Fitting) => Some(Scope::Watched),
    }
}

/// What is said where there are no such tags.
pub const fn no_tags_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Watched => "no tag is watched: Space in the table watches one",
        Scope::Selected | Scope::Fitting => "no tag is selected in the table",
    }
}
