//! What lies over the open screen, the topmost last; and where the last jump began.

use crate::query::ViewTopic;
use crate::tui::component::Layer;

/// The stack of layers.
#[derive(Debug, Default)]
pub struct Layers(Vec<Box<dyn Layer>>);

/// Where the last jump began.
#[derive(Debug)]
pub struct Trail {
    pub topic: ViewTopic,
    /// The layers that were left open there.
    pub layers: Layers,
}

impl Layers {
    pub fn push(&mut self, layer: Box<dyn Layer>) {
        self.0.push(layer);
    }

    pub fn pop(&mut self) {
        self.0.pop();
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn top(&self) -> Option<&dyn Layer> {
        self.0.last().map(|layer| &**layer)
    }

    pub fn top_mut(&mut self) -> Option<&mut (dyn Layer + 'static)> {
        self.0.last_mut().map(|layer| &mut **layer)
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn Layer> {
        self.0.iter().map(|layer| &**layer)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn Layer>> {
        self.0.iter_mut()
    }

    /// Takes those away that a function does not keep, the topmost first.
    pub fn retain(&mut self, mut keeps: impl FnMut(&mut dyn Layer) -> bool) {
        let mut kept = Vec::with_capacity(self.0.len());
        while let Some(mut layer) = self.0.pop() {
            if keeps(&mut *layer) {
                kept.push(layer);
            }
        }
        kept.reverse();
        self.0 = kept;
    }

    /// Takes all away, and gives those that a jump comes back to.
    pub fn leave(&mut self) -> Self {
        let mut left = std::mem::take(&mut self.0);
        left.retain(|layer| layer.outlives_jump());
        Self(left)
    }
}
