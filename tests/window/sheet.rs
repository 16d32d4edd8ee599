//! Every widget in every state on one sheet: to be looked at, and to be tested by name.

use super::raster::Textures;
use eframe::egui::{Align, CentralPanel, Frame, Layout, Margin, Rect, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;
use postsweep::gui::theme::{self, Meaning, palette};
use postsweep::gui::widget::{
    Bar, Button, Chip, Choice, Column, Empty, Field, Note, Row, Rows, Segment, Segments, Sorted,
    Tab, Tick, Ticked, Word, card, card_filled, card_head, good_news, key, page_header, paint_chip,
    paint_cut, small, strong, table_head, tabs,
};
use postsweep::gui::{font, icon};

/// How large the sheet is.
pub const SIZE: Vec2 = vec2(1280.0, 900.0);

/// What is typed, ticked and chosen on the sheet, and what was asked for.
#[derive(Default)]
pub struct Sheet {
    pub name: String,
    pub sender: String,
    pub secret: String,
    pub selected: Option<usize>,
    pub asked: Vec<String>,
}

/// The sheet, ready to be drawn.
pub fn sheet(scale: f32) -> (Harness<'static, Sheet>, Textures) {
    let textures = Textures::default();
    let state = Sheet {
        sender: "*@*.com".to_owned(),
        secret: "a secret".to_owned(),
        selected: Some(1),
        ..Sheet::default()
    };
    let harness = Harness::builder()
        .with_size(SIZE)
        .with_pixels_per_point(scale)
        .renderer(textures.clone())
        .with_context_setup(|ctx| {
            theme::install(ctx);
            font::install_with(ctx, font::Loading::AtOnce);
        })
        .build_ui_state(draw, state);
    (harness, textures)
}

fn draw(ui: &mut Ui, sheet: &mut Sheet) {
    let ground = Frame::new().fill(palette(ui).page);
    CentralPanel::default().frame(ground).show(ui, |ui| {
        let buttons = vec![
            Button::normal("Stop").icon(icon::STOP),
            Button::normal("Pause").icon(icon::PAUSE),
            Button::filled("Review 14 hits so far").icon(icon::ARROW_RIGHT),
        ];
        if let Some(pressed) = page_header(
            ui,
            "Every widget",
            "All of them, in every state. Nothing has left this computer yet.",
            buttons,
        ) {
            sheet.asked.push(format!("header {pressed}"));
        }
        let open = ["Approved and blocked", "Text"].map(Tab::new);
        let all: Vec<Tab> = open
            .into_iter()
            .chain([Tab::counted("Rules", 63)])
            .collect();
        if let Some(opened) = tabs(ui, theme::PAGE_EDGE, &all, 0) {
            sheet.asked.push(format!("tab {opened}"));
        }
        Frame::new().inner_margin(Margin::same(20)).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                let width = (ui.available_width() - theme::SPACE_16) / 2.0;
                ui.allocate_ui(vec2(width, 0.0), |ui| left(ui, sheet));
                ui.add_space(theme::SPACE_8);
                ui.allocate_ui(vec2(width, 0.0), |ui| right(ui, sheet));
            });
        });
    });
}

fn left(ui: &mut Ui, sheet: &mut Sheet) {
    ui.vertical(|ui| {
        card(ui, |ui| {
            strong(ui, "Buttons, chips, ticks");
            ui.horizontal(|ui| {
                for button in [
                    Button::filled("Send 3 e-mails").icon(icon::REPORT),
                    Button::normal("Normal"),
                    Button::quiet("Quiet").icon(icon::SAVE),
                    Button::danger("Remove"),
                    Button::filled_danger("Remove it"),
                ] {
                    if button.clone().show(ui).clicked() {
                        sheet.asked.push(format!("{button:?}"));
                    }
                }
                Button::of_icon(icon::MORE, "More").show(ui);
            });
            ui.horizontal(|ui| {
                Button::filled("Greyed").enabled(false).show(ui);
                Button::normal("Approve").enabled(false).show(ui);
                Button::normal("In a row")
                    .height(theme::BUTTON_IN_ROW)
                    .show(ui);
                key(ui, "Ctrl F");
            });
            ui.horizontal(|ui| {
                Chip::new(Meaning::Phishing, "Phishing").show(ui);
                Chip::new(Meaning::Spam, "Spam").show(ui);
                Chip::new(Meaning::Clean, "Not spam")
                    .tip("kept where it is")
                    .show(ui);
                Chip::new(Meaning::Danger, "Failed").show(ui);
                Chip::new(Meaning::Info, "Running").show(ui);
            });
            ui.horizontal(|ui| {
                for (ticked, name) in [
                    (Ticked::Off, "Off"),
                    (Ticked::On, "On"),
                    (Ticked::Some, "Some"),
                ] {
                    if Tick::new(ticked, name).show(ui).clicked() {
                        sheet.asked.push(format!("tick {name}"));
                    }
                }
                Tick::new(true, "Greyed on").enabled(false).show(ui);
            });
            let segments = [
                Segment::new("All 23"),
                Segment::of(Meaning::Phishing, "Phishing 9"),
                Segment::of(Meaning::Spam, "Spam 12"),
                Segment::of(Meaning::Clean, "Not spam 2"),
            ];
            ui.horizontal(|ui| {
                if let Some(chosen) = Segments::new(&segments, 0).show(ui) {
                    sheet.asked.push(format!("segment {chosen}"));
                }
                let options = ["All accounts", "Work", "Home"].map(str::to_owned);
                if let Some(chosen) = Choice::new("Account", &options, 0).show(ui) {
                    sheet.asked.push(format!("choice {chosen}"));
                }
            });
            Bar::new(0.64, "Messages judged").show(ui);
            Bar::new(0.0, "Nothing yet").in_row().show(ui);
        });
        ui.add_space(theme::SPACE_8);
        card(ui, |ui| {
            let filter = Field::unlabelled("Filter hits").hint("Filter hits");
            let filter = filter
                .icon(icon::FILTER)
                .keys("Ctrl F")
                .width(theme::FILTER);
            filter.show(ui, &mut sheet.name);
            let refused = "It would approve every sender under .com. Name the domain too.";
            Field::new("Add a sender")
                .refused(Some(refused))
                .show(ui, &mut sheet.sender);
            Field::new("Password").secret().show(ui, &mut sheet.secret);
            let mut note = "A note\nof two lines".to_owned();
            Field::new("Note").lines(2).show(ui, &mut note);
            let mut fixed = "Not now".to_owned();
            Field::new("Server").enabled(false).show(ui, &mut fixed);
        });
    });
}

fn right(ui: &mut Ui, sheet: &mut Sheet) {
    ui.vertical(|ui| {
        if Note::danger("2 messages in Archive/2025 could not be read.")
            .why("The server closed the connection; both are tried again at the end of this sweep.")
            .button("Show them")
            .show(ui)
        {
            sheet.asked.push("show them".to_owned());
        }
        Note::info("The settings file was changed.")
            .why("It was read again.")
            .show(ui);
        card_filled(ui, |ui| {
            card_head(ui, "Latest hits", |ui| {
                small(ui, "newest first");
            });
            let words = [
                [Word::plain("Verdict"), Word::plain("")],
                [
                    Word::sorting("Subject", Some(Sorted::Down)),
                    Word::sorting("strongest reason", None),
                ],
                [Word::sorting("Date", None), Word::sorting("folder", None)],
            ];
            let right = ui.available_width() - theme::SPACE_16;
            let columns = [
                column(theme::SPACE_16, 100.0, false, &words[0][..1]),
                column(130.0, 400.0, false, &words[1]),
                column(410.0, right, true, &words[2]),
            ];
            if let Some((column, word)) = table_head(ui, &columns) {
                sheet.asked.push(format!("sort {column} {word}"));
            }
            let size = vec2(ui.available_width(), 5.0 * theme::ROW_REVIEW);
            let layout = Layout::top_down(Align::Min);
            let rows = Rows::new("Hits", 1_000, theme::ROW_REVIEW);
            let rowed = ui
                .allocate_ui_with_layout(size, layout, |ui| rows.show(ui, sheet.selected, hit))
                .inner;
            sheet.selected = rowed.moved_to.or(sheet.selected);
            if let Some((row, _)) = rowed.clicked {
                sheet.selected = Some(row);
            }
        });
        ui.add_space(theme::SPACE_8);
        card(ui, |ui| {
            ui.set_max_height(150.0);
            if Empty::new(
                icon::REVIEW,
                "No hits yet. Sweep a mailbox to see what the gateway missed.",
            )
            .button("Sweep", icon::SWEEP)
            .show(ui)
            {
                sheet.asked.push("sweep".to_owned());
            }
        });
        card(ui, |ui| {
            ui.set_max_height(120.0);
            good_news("Nothing was missed.", "18,412 messages judged, all clean.").show(ui);
        });
    });
}

fn column<'a>(left: f32, right: f32, is_right: bool, words: &'a [Word<'a>]) -> Column<'a> {
    Column {
        left,
        right,
        is_right,
        words,
    }
}

const SUBJECTS: [&str; 5] = [
    "Your account will be locked in 24 hours, and this subject is far too long for its place",
    "שלום עולם: חשבון 2024",
    "تحديث الحساب الخاص بك",
    "नमस्ते दुनिया",
    "Приватна справа, Ωμέγα 🔒",
];

fn hit(ui: &mut Ui, row: &Row) -> String {
    let p = palette(ui);
    let (top, bottom) = (row.rect.top() + 15.0, row.rect.top() + 33.0);
    let left = row.rect.left();
    paint_chip(
        ui,
        pos2(left + theme::SPACE_16, row.rect.center().y),
        if row.index.is_multiple_of(2) {
            Meaning::Phishing
        } else {
            Meaning::Spam
        },
        if row.index.is_multiple_of(2) {
            "Phishing"
        } else {
            "Spam"
        },
    );
    let subject = postsweep::gui::shown::subject(SUBJECTS[row.index % 5], 200);
    let place =
        |y: f32| Rect::from_min_max(pos2(left + 130.0, y - 10.0), pos2(left + 450.0, y + 10.0));
    let painter = ui.painter();
    paint_cut(
        painter,
        place(top),
        &subject,
        theme::body(),
        p.ink,
        Align::Min,
    );
    let reason = "Shows bank.example, leads elsewhere";
    paint_cut(
        painter,
        place(bottom),
        reason,
        theme::small(),
        p.faint,
        Align::Min,
    );
    format!("Hit {}, {subject}", row.index)
}
