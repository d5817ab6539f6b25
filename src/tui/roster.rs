//! Which screen a topic has: the only place that names the views.

use crate::query::Topic;
use crate::tui::component::Screen;
use crate::tui::session::Session;
use crate::tui::view::{DiffView, EndpointsView, LookupView, RulesView, TagsView};

/// The screen of a topic, as it is at the start.
pub fn screen(topic: Topic, session: &Session) -> Box<dyn Screen> {
    match topic {
        Topic::Tags => Box::new(TagsView::new(session)),
        Topic::Lookup => Box::new(LookupView::new()),
        Topic::Endpoints => Box::new(EndpointsView::new()),
        Topic::Rules => Box::new(RulesView::new()),
        Topic::Diff => Box::new(DiffView::new()),
    }
}
