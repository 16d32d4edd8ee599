//! Every rule in a list with its switch, how often it fired here and what it weighs; beside it,
//! of the open one, why it matters and what it looks at.

use super::two_columns;
use crate::gui::state::State;
use crate::gui::state::lists::{Ask, Which};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{
    Chip, Column, Empty, Field, Row, Rows, Segment, Segments, Tick, Word, body, card, card_filled,
    mono, paint_cut, scrolled, small, small_in, soft, strong, table_head,
};
use crate::gui::{Intent, icon, shown};
use crate::job::{Look, RuleLine};
use crate::text::parted;
use crate::text::window::lists as words;
use crate::verdict::Category;
use eframe::egui::{Align, Id, Layout, Rect, ScrollArea, Ui, pos2};

/// The switch.
const SWITCH: f32 = 44.0;
/// The filter at its narrowest, and what stands beside it.
const FILTER: f32 = 150.0;
/// The kinds of rules, and how many are shown.
const BESIDE: f32 = 600.0;
/// A number's column.
const NUMBER: f32 = 72.0;

/// Draws the rules.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let shown = state.lists.shown();
    tools(ui, state, shown.len(), intents);
    let all = state
        .lists
        .rules
        .as_ref()
        .map_or(0, |list| list.rules.len());
    two_columns(ui, Some(theme::DETAIL[1]), |ui, at| {
        let height = (ui.available_height() - 2.0 * theme::LINE).max(0.0);
        match at {
            0 => drop(card_filled(ui, |ui| {
                ui.set_min_height(height);
                match shown.is_empty() && all > 0 {
                    true => nothing(ui, state, intents),
                    false => table(ui, state, &shown, intents),
                }
            })),
            _ => match state.lists.open_rule() {
                Some(rule) => detail(ui, rule, intents),
                None => drop(small(ui, words::CHOOSE_RULE)),
            },
        }
    });
}

fn tools(ui: &mut Ui, state: &State, count: usize, intents: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        let mut text = state.lists.filter.clone();
        let id = Id::unique("filter of rules");
        let field = Field::unlabelled(words::FILTER_RULES)
            .hint(words::FILTER_RULES)
            .icon(icon::FILTER)
            .width((ui.available_width() - BESIDE).clamp(FILTER, theme::FILTER))
            .id(id)
            .show(ui, &mut text);
        if state.wants_filter {
            field.response.request_focus();
        }
        if field.response.changed() {
            intents.push(Intent::Lists(Ask::Filter(text)));
        }
        let segments = Which::ALL.map(|which| {
            let word = words::which(Which::ALL.iter().position(|one| *one == which).unwrap_or(0));
            let word = format!("{word} {}", state.lists.count(which));
            match which {
                Which::Phishing => Segment::of(Meaning::Phishing, word),
                Which::Spam => Segment::of(Meaning::Spam, word),
                Which::For => Segment::of(Meaning::Clean, word),
                Which::All | Which::Off => Segment::new(word),
            }
        });
        let chosen = Which::ALL
            .iter()
            .position(|which| *which == state.lists.which);
        let clicked = Segments::new(&segments, chosen).show(ui);
        if let Some(which) = clicked.and_then(|at| Which::ALL.get(at)) {
            intents.push(Intent::Lists(Ask::Which(*which)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let all = state
                .lists
                .rules
                .as_ref()
                .map_or(0, |list| list.rules.len());
            small(ui, &words::of_shown(count, all));
        });
    });
}

fn nothing(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let says = match state.lists.filter.trim() {
        "" => words::NO_RULE.to_owned(),
        filter => words::no_rule_matches(filter),
    };
    if Empty::new(icon::FILTER, &says)
        .way_back(words::CLEAR_FILTER)
        .show(ui)
    {
        intents.push(Intent::Lists(Ask::Filter(String::new())));
        intents.push(Intent::Lists(Ask::Which(Which::All)));
    }
}

fn table(ui: &mut Ui, state: &State, shown: &[&RuleLine], intents: &mut Vec<Intent>) {
    let width = ui.available_width();
    let fired = width - theme::CARD_PADDING;
    let weight = fired - NUMBER;
    let text = [SWITCH, weight - NUMBER];
    let says =
        [words::ON, words::RULE, words::WEIGHT, words::FIRED].map(|word| [Word::plain(word)]);
    let [on, rule, weighs, often] = &says;
    let column = |left, right, is_right, words| Column {
        left,
        right,
        is_right,
        words,
    };
    table_head(
        ui,
        &[
            column(theme::CARD_PADDING, SWITCH, false, on),
            column(SWITCH, weight, false, rule),
            column(SWITCH, weight, true, weighs),
            column(weight, fired, true, often),
        ],
    );
    let open = state.lists.rule.as_ref();
    let open = shown.iter().position(|rule| Some(&rule.id) == open);
    let mut switched = None;
    let rows = Rows::new(words::RULES, shown.len(), theme::ROW_REVIEW);
    let rowed = rows.show(ui, open, |ui, row| match shown.get(row.index) {
        Some(rule) => {
            if draw(ui, row, rule, text, [weight, fired]) {
                switched = Some((rule.id.clone(), !rule.on));
            }
            words::rule_row(&rule.id, &rule.says, rule.on, rule.fired)
        }
        None => String::new(),
    });
    let clicked = rowed.clicked.map(|(at, _)| at).or(rowed.moved_to);
    if let Some(rule) = clicked.and_then(|at| shown.get(at)) {
        intents.push(Intent::Lists(Ask::Rule(rule.id.clone())));
    }
    if let Some((id, on)) = switched {
        intents.push(Intent::Lists(Ask::Switch(id, on)));
    }
}

/// Draws a rule; whether it is to be switched.
fn draw(ui: &mut Ui, row: &Row, rule: &RuleLine, text: [f32; 2], numbers: [f32; 2]) -> bool {
    let p = palette(ui);
    let rect = row.rect;
    let cell = |left: f32, right: f32| {
        let (left, right) = (rect.left() + left, rect.left() + right);
        Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()))
    };
    let name = words::judges(&rule.id);
    let is_clicked = Tick::alone(rule.on, &name)
        .show_in(ui, cell(theme::SPACE_8, SWITCH))
        .clicked();
    let (upper, lower) = cell(text[0], text[1]).split_top_bottom_at_fraction(0.5);
    let (first, second) = match (rule.on, row.is_selected) {
        (true, true) => (p.ink, p.soft),
        (true, false) => (p.ink, p.faint),
        (false, _) => (p.faint, p.faint),
    };
    let painter = ui.painter();
    let upper = upper.translate(eframe::egui::vec2(0.0, 2.0));
    let lower = lower.translate(eframe::egui::vec2(0.0, -2.0));
    let says = shown::line(&rule.says, shown::LINE);
    paint_cut(painter, upper, &says, theme::body(), first, Align::Min);
    let id = match rule.own {
        true => words::of_own(&rule.id),
        false => rule.id.clone(),
    };
    paint_cut(painter, lower, &id, theme::small(), second, Align::Min);
    let weight = words::weight(rule.weight);
    let fired = parted(usize::try_from(rule.fired).unwrap_or(usize::MAX));
    let [weighs, often] = numbers;
    let place = cell(weighs - NUMBER, weighs);
    paint_cut(painter, place, &weight, theme::body(), first, Align::Max);
    let place = cell(often - NUMBER, often);
    paint_cut(painter, place, &fired, theme::body(), first, Align::Max);
    is_clicked
}

fn detail(ui: &mut Ui, rule: &RuleLine, intents: &mut Vec<Intent>) {
    let height = ui.available_height();
    card(ui, |ui| {
        let inside = height - 2.0 * (theme::CARD_PADDING + theme::LINE);
        ui.set_height(inside.max(0.0));
        scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
            ui.horizontal(|ui| {
                let (meaning, word) = match (rule.weight > 0.0, rule.category) {
                    (false, _) => (Meaning::Clean, words::SPEAKS_FOR),
                    (true, Category::Phishing) => (Meaning::Phishing, words::PHISHING),
                    (true, Category::Spam) => (Meaning::Spam, words::SPAM),
                };
                Chip::new(meaning, word).show(ui);
                small(ui, &words::facts(rule.weight, rule.fired));
            });
            strong(ui, &shown::line(&rule.says, shown::LINE));
            mono(ui, &rule.id);
            let tick = Tick::new(rule.on, words::SWITCH).show(ui);
            if tick.clicked() {
                intents.push(Intent::Lists(Ask::Switch(rule.id.clone(), !rule.on)));
            }
            if !rule.on {
                small(ui, words::OFF_MEANS);
            }
            ui.add_space(theme::SPACE_8);
            small_in(ui, words::WHY, palette(ui).soft);
            body(ui, &shown::line(&rule.why, shown::LINE * 4));
            ui.add_space(theme::SPACE_8);
            small_in(ui, words::LOOKS_AT, palette(ui).soft);
            looks(ui, &rule.looks_at.there);
            if !rule.looks_at.absent.is_empty() {
                ui.add_space(theme::SPACE_8);
                small_in(ui, words::NOT_WHERE, palette(ui).soft);
                looks(ui, &rule.looks_at.absent);
            }
            if rule.own {
                ui.add_space(theme::SPACE_8);
                soft(ui, words::IS_OWN);
            }
        });
    });
}

/// What a rule looks at: an idea stands once, with all places where it is looked for.
fn looks(ui: &mut Ui, looks: &[Look]) {
    let mut said: Vec<&str> = Vec::new();
    for look in looks {
        let (first, second) = match look {
            Look::Check(name, about) => (about.clone(), words::by_check(name)),
            Look::Patterns(field) => (words::by_patterns(field), String::new()),
            Look::Phrases(about, _) if said.contains(&about.as_str()) => continue,
            Look::Phrases(about, _) => {
                said.push(about);
                let fields = looks.iter().filter_map(|other| match other {
                    Look::Phrases(same, field) if same == about => Some(field.as_str()),
                    _ => None,
                });
                (about.clone(), words::by_phrases(fields))
            }
        };
        body(ui, &first);
        if !second.is_empty() {
            small(ui, &second);
        }
    }
}
