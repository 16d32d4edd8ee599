//! What is seen first.

use super::place::Place;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;

#[test]
fn without_an_account_the_window_opens_on_the_two_ways_in() {
    let window = Place::new("").window();
    window.get_by_label("Postsweep");
    window.get_by_role_and_label(Role::Button, "Try it on sample mail");
    window.get_by_role_and_label(Role::Button, "Add my mailbox");
    let rail = window.query_by_role_and_label(Role::Tab, "Review");
    assert!(rail.is_none(), "there is nothing to go to");
}
