//! A picture of every page, light and dark, in `target/screenshots`, by `cargo test --test window
//! screenshots`. Each is looked at by a person; what must hold of it is tested beside this.

use super::place::{self, Place, SIZE, drawn};
use super::raster::Textures;
use eframe::egui::{Theme, vec2};
use egui_kittest::Harness;
use postsweep::gui::state::Page;
use postsweep::gui::{Command, Intent, Start};
use postsweep::job::{Demo, Moves};
use std::path::Path;

/// Saves what the window shows, in both themes.
pub fn save<S>(harness: &mut Harness<'_, S>, textures: &Textures, name: &str) {
    for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        harness.ctx.set_theme(theme);
        harness.run_ok();
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/screenshots")
            .join(format!("{name}-{word}.png"));
        textures.picture(harness).save(&path);
        assert!(path.metadata().unwrap().len() > 1_000);
    }
}

#[test]
fn every_page_without_an_account() {
    let place = Place::new("");
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    save(&mut window, &textures, "welcome");
    let ctx = window.ctx.clone();
    for page in Page::RAIL {
        window
            .state_mut()
            .carry_out(&ctx, Intent::Do(Command::Go(page)));
        place::settle(&mut window);
        save(
            &mut window,
            &textures,
            &format!("{page:?}-empty").to_lowercase(),
        );
    }
}

#[test]
fn every_widget() {
    let (mut window, textures) = super::sheet::sheet(1.0);
    save(&mut window, &textures, "widgets");
}

/// Settings with senders approved and blocked.
pub const FILLED: &str = "[[account]]\nname = \"pat\"\nsource = \"files\"\npath = \"mail\"\n\n[senders]\n\
    approved = [\"news@garden.example.org\", \"*@example.com\", \"*@*.example.com\", \
    \"*@lists.example.org\", \"billing@shop.example.net\"]\n\
    blocked = [\"*@seo-growth.example\", \"*@*.rx-deal.example\", \"winner@lotto.example.org\"]\n";

#[test]
fn lists_rules_and_settings() {
    use postsweep::gui::state::lists::{Ask, Tab};
    use postsweep::settings::List;
    let place = Place::new(FILLED);
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    let ctx = window.ctx.clone();
    let ask = |window: &mut Harness<'_, postsweep::gui::App>, intent: Intent| {
        window.state_mut().carry_out(&ctx, intent);
        place::settle(window);
    };
    let lists = |ask: Ask| Intent::Lists(ask);
    ask(&mut window, Intent::Do(Command::Go(Page::Lists)));
    ask(
        &mut window,
        lists(Ask::Type(List::Approved, "*@*.com".to_owned())),
    );
    let chosen = "*@seo-growth.example".to_owned();
    ask(&mut window, lists(Ask::Choose(List::Blocked, chosen)));
    save(&mut window, &textures, "lists");
    ask(&mut window, lists(Ask::Tab(Tab::Rules)));
    ask(
        &mut window,
        lists(Ask::Rule("link-shown-elsewhere".to_owned())),
    );
    let first = window
        .state()
        .state()
        .lists
        .shown()
        .first()
        .map(|rule| rule.id.clone());
    ask(&mut window, lists(Ask::Rule(first.unwrap())));
    save(&mut window, &textures, "rules");
    ask(&mut window, lists(Ask::New));
    save(&mut window, &textures, "own-rules");
    ask(&mut window, Intent::Do(Command::Go(Page::Settings)));
    save(&mut window, &textures, "settings");
}

#[test]
fn the_hits_of_the_sample_mail() {
    use postsweep::gui::state::review::{Ask, Tab};
    let demo = place::swept_sample();
    let (folder, places, settings) = (demo.folder, demo.places, demo.settings);
    for (name, size) in [
        ("review", SIZE),
        ("review-narrow", vec2(960.0, 640.0)),
        ("review-wide", vec2(1700.0, 900.0)),
    ] {
        let demo = Demo {
            folder: folder.clone(),
            places: places.clone(),
            settings: settings.clone(),
        };
        let (mut window, textures) = drawn(Start::demo(demo), size, 1.0);
        let ctx = window.ctx.clone();
        let ask = |window: &mut Harness<'_, postsweep::gui::App>, intent| {
            window.state_mut().carry_out(&ctx, intent);
            place::settle(window);
        };
        ask(&mut window, Intent::Do(Command::Go(Page::Review)));
        save(&mut window, &textures, name);
        if name == "review-narrow" {
            ask(&mut window, Intent::Do(Command::Open));
            ask(&mut window, Intent::Review(Ask::Tab(Tab::Source)));
            save(&mut window, &textures, "review-narrow-source");
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn reports_and_the_history() {
    use postsweep::gui::state::history::Ask as History;
    use postsweep::gui::state::review::{Ask as Review, Filter, Kind as Only};
    use postsweep::verdict::Purpose;
    let (place, hits) = super::swept::swept(Moves::AtOnce);
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    let ctx = window.ctx.clone();
    let ask = |window: &mut Harness<'_, postsweep::gui::App>, intent: Intent| {
        window.state_mut().carry_out(&ctx, intent);
        place::settle(window);
    };
    let items = [
        (hits[0], Purpose::Phishing),
        (hits[1], Purpose::Spam),
        (hits[2], Purpose::FalsePositive),
    ];
    window.state_mut().state_mut().report.pick(items);
    ask(&mut window, Intent::Do(Command::Go(Page::Report)));
    save(&mut window, &textures, "report");
    ask(&mut window, Intent::Do(Command::Send));
    save(&mut window, &textures, "report-sent");
    let moved = Filter {
        kind: Only::Moved,
        ..Filter::default()
    };
    ask(&mut window, Intent::Do(Command::Go(Page::Review)));
    ask(&mut window, Intent::Review(Review::Filter(moved)));
    save(&mut window, &textures, "review-reported");
    ask(&mut window, Intent::Do(Command::Go(Page::History)));
    let moved = window.state().state().history.entries.clone().unwrap();
    let moved = moved.iter().find(|entry| !entry.standing().is_empty());
    let id = postsweep::gui::state::history::id_of(moved.unwrap());
    ask(&mut window, Intent::History(History::Select(id)));
    save(&mut window, &textures, "history");
    window.set_size(eframe::egui::vec2(960.0, 640.0));
    place::settle(&mut window);
    ask(&mut window, Intent::Do(Command::Back));
    save(&mut window, &textures, "history-small");
    ask(&mut window, Intent::Do(Command::Go(Page::Report)));
    save(&mut window, &textures, "report-small");
}
