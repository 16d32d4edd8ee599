//! What is seen first.

use super::place::Place;
use egui_kittest::kittest::Queryable;

#[test]
fn without_an_account_the_window_opens_on_the_two_ways_in() {
    let window = Place::new("").window();
    window.get_by_label("Postsweep");
    assert!(
        window.query_by_label("Review").is_none(),
        "there is no rail"
    );
}
