//! Which screen a topic has: the only place that names the views.

use crate::query::ViewTopic;
use crate::tui::component::Screen;
use crate::tui::session::Session;
use crate::tui::view::{DiffView, EndpointsView, LookupView, RulesView, TagsView, TrafficView};

/// The screen of a topic, as it is at the start.
pub fn screen(topic: ViewTopic, session: &Session) -> Box<dyn Screen> {
    match topic {
        ViewTopic::Tags => Box::new(TagsView::new(session)),
        ViewTopic::Lookup => Box::new(LookupView::new()),
        ViewTopic::Endpoints => Box::new(EndpointsView::new()),
        ViewTopic::Rules => Box::new(RulesView::new()),
        ViewTopic::Diff => Box::new(DiffView::new()),
        ViewTopic::Traffic => Box::new(TrafficView::new()),
    }
}
