//! The list of hits: the head that sorts it and the rows that are in sight.

use super::actions;
use crate::gui::state::State;
use crate::gui::state::review::{Ask, Column as Of, Load, Order};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{
    Column, Empty, Row, Rows, Sorted, Tick, Ticked, Word, about_width, fits, good_news, paint_chip,
    paint_cut, small, table_head,
};
use crate::gui::{Command, Intent, clock, icon, shown};
use crate::job::{HitState, KnownHit};
use crate::mail::Address;
use crate::text::window::review as words;
use crate::text::window::when;
use crate::verdict::Category;
use eframe::egui::{
    Align, Color32, Key, Painter, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let table = &review.table;
    if table.is_empty() {
        return empty(ui, state, intents);
    }
    let columns = Columns::new(ui.available_width(), review.is_compact());
    head(ui, state, &columns, intents);
    let (zone, now) = (clock::zone(), clock::now());
    let mut ticks = Vec::new();
    let selected = review.position();
    let rowed = Rows::new(words::HITS, table.len(), columns.height())
        .scroll_to(selected.filter(|_| review.scroll))
        .show(ui, selected, |ui, row| {
            let Some(hit) = table.at(row.index) else {
                return String::new();
            };
            let text = Text::of(hit, now, &zone);
            let tick =
                Rect::from_min_size(row.rect.min, vec2(theme::REVIEW_TICK, row.rect.height()));
            let name = words::tick(&shown::read_subject(&hit.subject, shown::LINE));
            let ticked = table.is_ticked(row.index);
            if Tick::alone(ticked, &name).show_in(ui, tick).clicked() {
                ticks.push(row.index);
            }
            draw(ui, row, &columns, hit, &text);
            text.name(hit)
        });
    if let Some((index, row)) = rowed.menu {
        if row.secondary_clicked() {
            intents.push(Intent::Review(Ask::Select(index)));
        }
        if let Some(hit) = table.at(index) {
            actions::at_pointer(&row, state, hit, intents);
        }
    }
    let mut ask = |ask| intents.push(Intent::Review(ask));
    if review.scroll {
        ask(Ask::Scrolled);
    }
    for index in ticks {
        ask(Ask::Tick(index));
    }
    if let Some((index, _)) = rowed.clicked {
        let held = ui.input(|input| input.modifiers);
        if held.shift {
            ask(Ask::TickTo(index));
        } else if held.command {
            ask(Ask::Tick(index));
        } else {
            ask(Ask::Select(index));
        }
    }
    // Space belongs to what has the focus: the list, as far as it is concerned.
    if rowed.has_focus && ui.input(|input| input.key_pressed(Key::Space)) {
        intents.push(Command::Tick.into());
    }
    let mut ask = |ask| intents.push(Intent::Review(ask));
    if let Some(index) = rowed.moved_to {
        ask(Ask::Select(index));
    }
    if let Some(index) = rowed.opened {
        ask(Ask::Select(index));
        intents.push(Intent::Do(Command::Open));
    }
}

fn empty(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let [all, .., moved] = review.table.counts().kinds;
    if matches!(review.load, Load::Reading | Load::Unread) && review.table.rows().is_empty() {
        ui.add_space(theme::SPACE_24);
        ui.vertical_centered(|ui| small(ui, words::READING));
    } else if review.is_filtered() && all + moved > 0 {
        let says = words::no_match(&shown::line(&review.filter.text, theme::NAME_LETTERS));
        let empty = Empty::new(icon::FILTER, &says).way_back(words::CLEAR_FILTER);
        if empty.show(ui) {
            intents.push(Intent::Review(Ask::Filter(Default::default())));
        }
    } else if moved > 0 {
        let before = words::moved_before(moved);
        good_news(words::ALL_DONE, &before).show(ui);
    } else if Empty::new(icon::REVIEW, words::NONE)
        .button(words::SWEEP, icon::SWEEP)
        .show(ui)
    {
        intents.push(Intent::Do(Command::Go(crate::gui::state::Page::Sweep)));
    }
}

/// Where columns begin and end, from the list's left edge.
struct Columns {
    is_compact: bool,
    /// Whether there is room for the reason and the folder.
    is_full: bool,
    verdict: f32,
    score: f32,
    from: (f32, f32),
    subject: (f32, f32),
    reason: (f32, f32),
    date: f32,
    folder: (f32, f32),
}

impl Columns {
    fn new(width: f32, is_compact: bool) -> Columns {
        let gap = theme::SPACE_16;
        let end = width - theme::SPACE_12;
        let verdict = theme::REVIEW_TICK;
        let score_width = match is_compact {
            true => theme::REVIEW_SCORE_COMPACT,
            false => theme::REVIEW_SCORE,
        };
        let score = verdict + theme::REVIEW_VERDICT + score_width;
        let from = score + gap;
        if is_compact {
            let from_end = from + theme::REVIEW_FROM_COMPACT;
            let folder = end - theme::REVIEW_FOLDER;
            let room = |date: f32| (date - theme::REVIEW_DATE_COMPACT - gap - from_end).max(0.0);
            let is_full = room(folder - gap) >= theme::REVIEW_BOTH;
            let (date, parts) = match is_full {
                true => (folder - gap, 2.0),
                false => (end, 1.0),
            };
            let subject_end = from_end + room(date) / parts;
            return Columns {
                is_compact,
                is_full,
                verdict,
                score,
                from: (from, from_end - theme::SPACE_8),
                subject: (from_end, subject_end - theme::SPACE_8),
                reason: (
                    subject_end,
                    date - theme::REVIEW_DATE_COMPACT - theme::SPACE_8,
                ),
                date,
                folder: (folder, end),
            };
        }
        let subject_end = end - theme::REVIEW_DATE - theme::SPACE_8;
        let wanted = from + theme::REVIEW_FROM;
        // A narrow list takes from the sender first, so that subjects can still be read.
        let least = from + theme::REVIEW_FROM_LEAST;
        let from_end = wanted.min(subject_end - theme::REVIEW_SUBJECT).max(least);
        Columns {
            is_compact,
            is_full: true,
            verdict,
            score,
            from: (from, from_end - theme::SPACE_8),
            subject: (from_end, subject_end),
            reason: (from_end, subject_end),
            date: end,
            folder: (subject_end, end),
        }
    }

    fn height(&self) -> f32 {
        match self.is_compact {
            true => theme::ROW_COMPACT,
            false => theme::ROW_REVIEW,
        }
    }
}

fn head(ui: &mut Ui, state: &State, columns: &Columns, intents: &mut Vec<Intent>) {
    let order = state.review.table.order();
    let word = |says, of| Word::sorting(says, sorted(order, of));
    let top = ui.cursor().min;
    let verdict = [word(words::VERDICT, Of::Verdict)];
    let score = [word(words::SCORE, Of::Score)];
    let from = [word(words::FROM, Of::From)];
    let subject = word(words::SUBJECT, Of::Subject);
    let reason = word(words::REASON, Of::Reason);
    let date = word(words::DATE, Of::Date);
    let folder = word(words::FOLDER, Of::Folder);
    let column = |(left, right): (f32, f32), is_right, words| Column {
        left,
        right,
        is_right,
        words,
    };
    let at_score = (columns.verdict, columns.score);
    let at_verdict = (columns.verdict, columns.score);
    let pressed = if columns.is_compact {
        let reason = word(words::REASON_ALONE, Of::Reason);
        let folder = word(words::FOLDER_ALONE, Of::Folder);
        let (subject, reason, date, folder) = ([subject], [reason], [date], [folder]);
        let at_date = (columns.date - theme::REVIEW_DATE_COMPACT, columns.date);
        let mut all = vec![
            (Of::Verdict, column(at_verdict, false, verdict.as_slice())),
            (Of::Score, column(at_score, true, score.as_slice())),
            (Of::From, column(columns.from, false, from.as_slice())),
            (
                Of::Subject,
                column(columns.subject, false, subject.as_slice()),
            ),
            (Of::Date, column(at_date, true, date.as_slice())),
        ];
        if columns.is_full {
            let reason = column(columns.reason, false, reason.as_slice());
            let folder = column(columns.folder, false, folder.as_slice());
            all.extend([(Of::Reason, reason), (Of::Folder, folder)]);
        }
        let (of, shown): (Vec<Of>, Vec<Column<'_>>) = all.into_iter().unzip();
        table_head(ui, &shown).and_then(|(at, _)| of.get(at).copied())
    } else {
        let (both, dated) = ([subject, reason], [date, folder]);
        let all = [
            column(at_verdict, false, verdict.as_slice()),
            column(at_score, true, score.as_slice()),
            column(columns.from, false, from.as_slice()),
            column(columns.subject, false, both.as_slice()),
            column(columns.folder, true, dated.as_slice()),
        ];
        let pressed = table_head(ui, &all);
        pressed.and_then(|(at, which)| TWO_LINES.get(at)?.get(which).copied())
    };
    if let Some(column) = pressed {
        intents.push(Intent::Review(Ask::Sort(column)));
    }
    let size = vec2(theme::REVIEW_TICK, theme::TABLE_HEAD);
    let place = Rect::from_min_size(top, size);
    let place = Rect::from_center_size(place.center(), vec2(theme::TICK, theme::TICK));
    let ticked = match state.review.table.all_ticked() {
        Some(all) => Ticked::from(all),
        None => Ticked::Some,
    };
    let mut above = ui.new_child(UiBuilder::new().max_rect(place));
    if Tick::alone(ticked, words::TICK_ALL)
        .show(&mut above)
        .clicked()
    {
        let all = state.review.table.has_unticked();
        intents.push(Intent::Review(Ask::TickAll(all)));
    }
}

const TWO_LINES: [&[Of]; 5] = [
    &[Of::Verdict],
    &[Of::Score],
    &[Of::From],
    &[Of::Subject, Of::Reason],
    &[Of::Date, Of::Folder],
];

fn sorted(order: Order, column: Of) -> Option<Sorted> {
    (order.column == column).then_some(match order.descending {
        true => Sorted::Down,
        false => Sorted::Up,
    })
}

/// What a hit means, as a chip shows it.
pub fn meaning(meant: Option<Category>) -> Meaning {
    match meant {
        Some(Category::Phishing) => Meaning::Phishing,
        Some(Category::Spam) => Meaning::Spam,
        None => Meaning::Clean,
    }
}

/// What is written in a row.
struct Text {
    sender: shown::Sender,
    subject: String,
    reason: String,
    date: String,
    folder: String,
    reported: Option<&'static str>,
}

impl Text {
    fn of(hit: &KnownHit, now: Timestamp, zone: &TimeZone) -> Text {
        let date = hit.date.and_then(|at| Timestamp::from_second(at).ok());
        let folder = match &hit.state {
            HitState::Moved(to) => words::moved_to(&shown::line(to, theme::NAME_LETTERS)),
            HitState::Gone => words::GONE.to_owned(),
            HitState::LiesThere | HitState::PutBack => {
                shown::line(&hit.folder, theme::NAME_LETTERS)
            }
        };
        let reported = hit.reported.as_deref().filter(|one| one.is_done());
        let reported = reported.map(|one| match one.is_in_outbox() {
            true => words::IN_OUTBOX,
            false => words::REPORTED,
        });
        Text {
            sender: shown::sender(&Address::new(&hit.name, &hit.from)),
            subject: shown::subject(&hit.subject, shown::LINE),
            reason: shown::line(&hit.reason, shown::LINE),
            date: date.map_or_else(String::new, |at| when(at, now, zone)),
            folder,
            reported,
        }
    }

    /// What is read out.
    fn name(&self, hit: &KnownHit) -> String {
        let meaning = words::meaning(hit.meant());
        let read = |text: &str| shown::read(text, shown::LINE);
        let (name, reason) = (read(&hit.name), read(&hit.reason));
        let subject = shown::read_subject(&hit.subject, shown::LINE);
        let Text {
            sender,
            date,
            folder,
            reported,
            ..
        } = self;
        let mut name = format!(
            "{meaning}, {:.1}, {name} {}, {subject}, {reason}, {date}, {folder}",
            hit.score, sender.address
        );
        if let Some(reported) = reported {
            name.push_str(", ");
            name.push_str(reported);
        }
        name
    }

    /// Who it says it is: the name, or where there is none the address.
    fn who(&self) -> &str {
        match self.sender.name.is_empty() {
            true => &self.sender.address,
            false => &self.sender.name,
        }
    }
}

/// The part of a sender's column that its name may take on one line; its address has the rest.
const NAME_PART: f32 = 0.4;

fn draw(ui: &Ui, row: &Row, columns: &Columns, hit: &KnownHit, text: &Text) {
    let p = palette(ui);
    let (painter, rect) = (ui.painter(), row.rect);
    let second = if row.is_selected { p.soft } else { p.faint };
    let ink = match hit.can_move() {
        true => p.ink,
        false => p.soft,
    };
    let middle = rect.center().y;
    let at = pos2(rect.left() + columns.verdict, middle);
    paint_chip(ui, at, meaning(hit.meant()), words::meaning(hit.meant()));
    // Two lines stand half a line above and below the middle.
    let (above, below) = match columns.is_compact {
        true => (middle, middle),
        false => (
            middle - theme::SMALL_LINE / 2.0,
            middle + theme::BODY_LINE / 2.0 - 1.0,
        ),
    };
    let place = |(left, right): (f32, f32), y: f32, line: f32| {
        let (left, right) = (rect.left() + left, rect.left() + right);
        Rect::from_min_max(
            pos2(left, y - line / 2.0),
            pos2(right.max(left), y + line / 2.0),
        )
    };
    let body = |at, y, words: &str, colour, align| {
        let place = place(at, y, theme::BODY_LINE);
        paint_cut(painter, place, words, theme::body(), colour, align)
    };
    let small = |at, y, words: &str, align| {
        let place = place(at, y, theme::SMALL_LINE);
        paint_cut(painter, place, words, theme::small(), second, align)
    };
    // The sign of a report stands before the date: the folder keeps its place.
    let mark = |date: Rect, at: usize| {
        let Some(says) = text.reported else { return };
        let middle = pos2(
            date.left() - theme::CHIP_ICON_GAP - theme::ICON_CHIP / 2.0,
            date.center().y,
        );
        icon::REPORT.paint(painter, middle, theme::ICON_CHIP, true, second);
        let size = vec2(theme::ICON_CHIP, theme::ICON_CHIP);
        let id = ui.scope_id().with(("reported", at));
        let sign = Rect::from_center_size(middle, size);
        let response = ui.interact(sign, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, says));
        response.on_hover_text(says);
    };
    let address = |at, y| {
        let width = place(at, y, theme::SMALL_LINE).width();
        let address = address_in(painter, &text.sender.address, width, second);
        small(at, y, &address, Align::Min);
    };
    let score = format!("{:.1}", hit.score);
    let before_score = columns.score - theme::REVIEW_SCORE_COMPACT;
    body(
        (before_score, columns.score),
        middle,
        &score,
        ink,
        Align::Max,
    );
    let (left, right) = columns.from;
    let odd = match text.sender.is_odd {
        true => theme::ICON_CHIP + theme::CHIP_ICON_GAP,
        false => 0.0,
    };
    // On one line too, the address stands beside the name that the sender gives itself.
    let has_both = columns.is_compact && !text.sender.name.is_empty();
    let name_end = match has_both {
        true => left + (right - left) * NAME_PART,
        false => right,
    };
    let name = body((left, name_end - odd), above, text.who(), ink, Align::Min);
    if text.sender.is_odd {
        let at = pos2(
            name.rect.right() + theme::CHIP_ICON_GAP + theme::ICON_CHIP / 2.0,
            above,
        );
        icon::REFUSED.paint(painter, at, theme::ICON_CHIP, true, p.danger.text);
    }
    body(columns.subject, above, &text.subject, ink, Align::Min);
    if has_both {
        let from = name.rect.right() - rect.left() + odd + theme::SPACE_8;
        address((from, right), below);
    }
    if columns.is_compact {
        let at_date = (columns.date - theme::REVIEW_DATE_COMPACT, columns.date);
        let date = small(at_date, middle, &text.date, Align::Max);
        mark(date.rect, row.index);
        if columns.is_full {
            small(columns.reason, middle, &text.reason, Align::Min);
            small(columns.folder, middle, &text.folder, Align::Min);
        }
        return;
    }
    if !text.sender.name.is_empty() {
        address(columns.from, below);
    }
    small(columns.reason, below, &text.reason, Align::Min);
    let dated = place(columns.folder, above, theme::SMALL_LINE);
    let date = paint_cut(painter, dated, &text.date, theme::small(), ink, Align::Max);
    mark(date.rect, row.index);
    small(columns.folder, below, &text.folder, Align::Max);
}

/// An address as it fits. Where it must be cut is guessed, for to lay out every attempt takes longer
/// than the rest of the row; a guess that is wrong is not taken.
fn address_in(painter: &Painter, whole: &str, width: f32, colour: Color32) -> String {
    let font = theme::small();
    let is_good = |address: &str| fits(painter, address, font.clone(), colour, width);
    if is_good(whole) {
        return whole.to_owned();
    }
    let guess = shown::address_cut(whole, |address| {
        about_width(painter, address, &font) <= width
    });
    match is_good(&guess) {
        true => guess,
        false => shown::address_cut(whole, is_good),
    }
}
