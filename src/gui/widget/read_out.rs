//! What is read out of a control besides its role and its name: that it is the chosen one of
//! several, and which of how many. Egui says "pressed" of what is chosen, and nothing of the rest.

use eframe::egui::{Context, Id, Response, accesskit};

/// Whether this one of several is the one that is chosen.
pub fn read_chosen(response: &Response, is_chosen: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.clear_toggled();
        node.set_selected(is_chosen);
    });
}

/// Which of a list's rows this is, the first being 0. The list tells how many there are.
pub fn read_place(ctx: &Context, row: Id, index: usize) {
    ctx.accesskit_node_builder(row, |node| node.set_position_in_set(index));
}

/// How many rows a list has: also those that are not drawn.
pub fn read_count(ctx: &Context, list: Id, count: usize) {
    ctx.accesskit_node_builder(list, |node| node.set_size_of_set(count));
}

/// What is said here is read out when it changes, once nothing else is.
pub fn read_changes(ctx: &Context, place: Id) {
    ctx.accesskit_node_builder(place, |node| node.set_live(accesskit::Live::Polite));
}
