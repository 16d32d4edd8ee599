//! What the window remembers from one start to the next.

use super::place::{SIZE, settle, window};
use super::swept::swept;
use eframe::egui::{Key, Modifiers, ViewportBuilder, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use postsweep::gui::state::Page;
use postsweep::gui::state::review::{Column, Order};
use postsweep::gui::{App, Command, Intent, Memory, Start};
use postsweep::job::Moves;
use postsweep::settings::{Places, Remembered};

fn open(places: &Places) -> Harness<'static, App> {
    let start = Start {
        memory: Memory::read(places),
        ..Start::of(places.clone())
    };
    window(start, SIZE)
}

/// Lets so much time go by that what has changed is written.
fn wait(window: &mut Harness<'static, App>) {
    window.run_steps(20);
    settle(window);
}

#[test]
fn page_order_and_rows_are_as_they_were_left() {
    let (place, _) = swept(Moves::WhenAsked);
    let places = place.places();
    let mut first = open(&places);
    assert_eq!(first.state().state().page, Page::Sweep);
    first.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    settle(&mut first);
    first.get_by_label("Sort by Subject").click();
    settle(&mut first);
    let ctx = first.ctx.clone();
    let compact = Intent::Do(Command::CompactRows);
    first.state_mut().carry_out(&ctx, compact);
    wait(&mut first);
    drop(first);
    let again = open(&places);
    let state = again.state().state();
    assert_eq!(state.page, Page::Review);
    assert_eq!(state.review.compact, Some(true));
    let order = Order {
        column: Column::Subject,
        descending: false,
    };
    assert_eq!(state.review.table.order(), order);
    again.get_by_label("Sorted by Subject, ascending");
}

#[test]
fn size_and_place_are_taken_from_the_window_and_nothing_is_written_while_nothing_changes() {
    let (place, _) = swept(Moves::WhenAsked);
    let places = place.places();
    let mut shown = open(&places);
    wait(&mut shown);
    let file = places.data_dir.join("window.toml");
    std::fs::remove_file(&file).unwrap();
    wait(&mut shown);
    assert!(!file.exists());
    let viewport = shown.input_mut().viewports.entry(Default::default());
    let viewport = viewport.or_default();
    let inside = eframe::egui::Rect::from_min_size(pos2(12.0, 40.0), vec2(1300.0, 820.0));
    viewport.inner_rect = Some(inside);
    viewport.outer_rect = Some(inside.expand(10.0));
    wait(&mut shown);
    let remembered = Remembered::read(&places);
    assert_eq!(
        (remembered.width, remembered.height),
        (Some(1300.0), Some(820.0))
    );
    assert_eq!((remembered.x, remembered.y), (Some(2.0), Some(30.0)));
    let builder = Memory::read(&places).viewport(ViewportBuilder::default());
    assert_eq!(builder.inner_size, Some(vec2(1300.0, 820.0)));
}

#[test]
fn a_file_that_is_wrong_is_ignored_and_sample_mail_is_not_remembered() {
    let (place, _) = swept(Moves::WhenAsked);
    let places = place.places();
    let file = places.data_dir.join("window.toml");
    std::fs::write(&file, "page = 7\nsort = [\n").unwrap();
    let mut window = open(&places);
    assert_eq!(window.state().state().page, Page::Sweep);
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    assert!(window.state().state().site.is_demo);
    wait(&mut window);
    assert_eq!(Remembered::read(&places).page.as_deref(), Some("sweep"));
}
