//! What the table of hits does with its rows.

use super::*;

fn row(number: usize, subject: &str, score: f32) -> KnownHit {
    let category = match number % 2 {
        0 => Category::Spam,
        _ => Category::Phishing,
    };
    KnownHit {
        digest: Digest::of(format!("{number}").as_bytes()),
        account: Arc::from(if number.is_multiple_of(3) {
            "home"
        } else {
            "work"
        }),
        folder: Arc::from("INBOX"),
        name: Box::from("Sam"),
        from: format!("sam{number}@example.org").into(),
        subject: Box::from(subject),
        date: Some(number as i64),
        size: 100,
        category,
        score,
        reason: Arc::from("It Threatens"),
        rules: Arc::from([
            Arc::from("threat"),
            Arc::from(format!("rule-{}", number % 5)),
        ]),
        said: None,
        state: HitState::LiesThere,
        is_moved: false,
        held: None,
        reported: None,
    }
}

fn table(rows: Vec<KnownHit>) -> Table {
    let mut table = Table::new(rows, Order::default());
    table.filter(&Filter::default());
    table
}

fn subjects(table: &Table) -> Vec<&str> {
    let all = (0..table.len()).filter_map(|position| table.at(position));
    all.map(|row| &*row.subject).collect()
}

fn key(row: &KnownHit) -> Key {
    (row.digest, row.account.clone())
}

fn three() -> Table {
    table(vec![
        row(0, "beta", 7.5),
        row(1, "Alpha", 9.0),
        row(2, "gamma", 8.0),
    ])
}

#[test]
fn rows_are_sorted_by_each_word_of_the_head_and_the_other_way_round() {
    let mut table = three();
    assert_eq!(subjects(&table), ["Alpha", "gamma", "beta"]);
    let mut sorted = |column, descending| {
        table.sort(Order { column, descending });
        table.filter(&Filter::default());
        subjects(&table).join(" ")
    };
    assert_eq!(sorted(Column::Subject, false), "Alpha beta gamma");
    assert_eq!(sorted(Column::Subject, true), "gamma beta Alpha");
    assert_eq!(sorted(Column::Date, true), "gamma Alpha beta");
    assert_eq!(sorted(Column::From, false), "beta Alpha gamma");
    assert_eq!(sorted(Column::Verdict, true), "Alpha gamma beta");
    // Equal ones by the newest.
    assert_eq!(sorted(Column::Reason, false), "gamma Alpha beta");
    assert_eq!(sorted(Column::Folder, true), "gamma Alpha beta");
}

#[test]
fn a_click_on_a_word_sorts_by_it_and_the_next_turns_it_round() {
    let order = Order::default().by(Column::Subject);
    assert!(!order.descending && order.by(Column::Subject).descending);
    assert!(order.by(Column::Date).descending);
}

#[test]
fn the_filter_takes_every_word_whatever_its_case_and_each_choice() {
    let mut table = three();
    let mut shown = |filter: Filter| {
        table.filter(&filter);
        subjects(&table).join(" ")
    };
    let text = |text: &str| Filter {
        text: text.to_owned(),
        ..Filter::default()
    };
    assert_eq!(shown(text("ALPHA threatens")), "Alpha");
    assert_eq!(shown(text("sam2@")), "gamma");
    assert_eq!(shown(text("alpha gamma")), "");
    // No word reaches from one row, or part of it, into the next.
    assert_eq!(shown(text("inboxsam")), "");
    let kind = |kind| Filter {
        kind,
        ..Filter::default()
    };
    assert_eq!(shown(kind(Kind::Phishing)), "Alpha");
    assert_eq!(shown(kind(Kind::Spam)), "gamma beta");
    assert_eq!(shown(kind(Kind::NotSpam)), "");
    let account = Some(Arc::from("home"));
    assert_eq!(
        shown(Filter {
            account,
            ..Filter::default()
        }),
        "beta"
    );
    let rule = Some(Arc::from("rule-2"));
    assert_eq!(
        shown(Filter {
            rule,
            ..Filter::default()
        }),
        "gamma"
    );
}

#[test]
fn what_is_held_or_wanted_is_not_ticked_by_itself() {
    let mut rows: Vec<KnownHit> = (0..4).map(|number| row(number, "x", 8.0)).collect();
    rows[0].held = Some(Arc::from("you starred it in your mailbox"));
    rows[1].said = Some(Said::NotSpam);
    rows[2].state = HitState::PutBack;
    let mut table = table(rows);
    assert_eq!((table.counts().ticked, table.counts().to_move), (1, 1));
    assert_eq!(table.counts().kinds, [4, 1, 2, 1, 0]);
    assert_eq!(table.all_ticked(), None);
    // Nor with all others: that takes a tick of its own.
    table.tick_all(true);
    assert_eq!((table.counts().ticked, table.has_unticked()), (2, false));
    table.tick_all(false);
    assert_eq!((table.counts().ticked, table.has_unticked()), (0, true));
}

#[test]
fn only_what_is_shown_and_ticked_is_chosen() {
    let mut table = three();
    table.tick(0..=0, false);
    assert_eq!(table.chosen().count(), 2);
    table.filter(&Filter {
        text: "beta".to_owned(),
        ..Filter::default()
    });
    let chosen: Vec<&str> = table.chosen().map(|row| &*row.subject).collect();
    assert_eq!(chosen, ["beta"]);
    assert_eq!(table.counts().to_move, 1);
}

#[test]
fn what_was_moved_stays_in_sight_and_ticked_until_it_is_put_back() {
    let mut table = three();
    let first = key(table.at(0).unwrap());
    let target = HitState::Moved("Missed spam".to_owned());
    table.set_state(&first.0, &first.1, target.clone());
    table.filter(&Filter::default());
    assert_eq!(table.len(), 3);
    assert_eq!((table.counts().to_move, table.counts().moved), (2, 1));
    assert_eq!(table.counts().kinds[4], 1);
    // Read anew, the same.
    let mut rows = table.rows().to_vec();
    rows.reverse();
    let mut again = Table::new(rows, Order::default());
    again.keep_from(&table);
    again.filter(&Filter::default());
    assert_eq!((again.len(), again.counts()), (3, table.counts()));
    again.set_state(&first.0, &first.1, HitState::PutBack);
    assert_eq!((again.counts().moved, again.counts().ticked), (0, 2));
}

#[test]
fn what_was_moved_in_one_account_ticks_nothing_in_another() {
    let mut rows = vec![row(0, "here", 8.0), row(0, "there", 7.0)];
    rows[0].account = Arc::from("A");
    rows[1].account = Arc::from("B");
    rows[1].held = Some(Arc::from("you starred it in your mailbox"));
    let mut table = table(rows);
    let moved = key(table.at(0).unwrap());
    let target = HitState::Moved("Missed spam".to_owned());
    table.set_state(&moved.0, &moved.1, target.clone());
    let mut rows = table.rows().to_vec();
    rows[0].state = target;
    let mut again = Table::new(rows, Order::default());
    again.keep_from(&table);
    again.filter(&Filter::default());
    assert_eq!(subjects(&again), ["here", "there"]);
    assert!(again.is_ticked(0) && !again.is_ticked(1));
    // Nor does it keep one in sight that was moved long ago.
    let mut rows = again.rows().to_vec();
    rows[1].state = HitState::Moved("Missed spam".to_owned());
    let mut again = Table::new(rows, Order::default());
    again.keep_from(&table);
    again.filter(&Filter::default());
    assert_eq!(subjects(&again), ["here"]);
}

#[test]
fn a_copy_in_another_folder_is_not_ticked_where_the_one_before_was_moved() {
    let mut table = three();
    table.tick(0..=1, true);
    let moved = key(table.at(0).unwrap());
    let target = HitState::Moved("Missed spam".to_owned());
    table.set_state(&moved.0, &moved.1, target);
    let mut rows = table.rows().to_vec();
    for row in rows.iter_mut().filter(|row| row.digest == moved.0) {
        row.folder = Arc::from("Archive");
        row.state = HitState::LiesThere;
    }
    let mut again = Table::new(rows.clone(), Order::default());
    again.keep_from(&table);
    again.filter(&Filter::default());
    let chosen = |table: &Table| {
        let chosen = table.chosen().map(|row| row.subject.to_string());
        chosen.collect::<Vec<_>>()
    };
    assert_eq!(chosen(&again), ["gamma", "beta"]);
    // It stays so, until somebody ticks it.
    let mut third = Table::new(rows, Order::default());
    third.keep_from(&again);
    third.filter(&Filter::default());
    assert_eq!(chosen(&third), ["gamma", "beta"]);
    third.tick(0..=0, true);
    assert_eq!(third.counts().to_move, 3);
}

#[test]
fn what_was_moved_before_the_window_was_opened_is_shown_when_asked() {
    let mut rows = vec![row(0, "old", 8.0), row(1, "new", 8.0)];
    rows[0].state = HitState::Moved("Missed spam".to_owned());
    let mut table = table(rows);
    assert_eq!(subjects(&table), ["new"]);
    table.filter(&Filter {
        kind: Kind::Moved,
        ..Filter::default()
    });
    assert_eq!(subjects(&table), ["old"]);
}

#[test]
fn ticks_stay_with_their_messages_when_the_table_is_read_anew() {
    let mut table = three();
    table.tick(1..=2, false);
    let mut rows = table.rows().to_vec();
    rows.insert(0, row(7, "later", 9.9));
    let mut again = Table::new(rows, Order::default());
    again.keep_from(&table);
    again.filter(&Filter::default());
    let chosen: Vec<&str> = again.chosen().map(|row| &*row.subject).collect();
    assert_eq!(chosen, ["later", "Alpha"]);
}

#[test]
fn a_word_is_shown_at_once_and_what_is_wanted_loses_its_tick() {
    let mut table = three();
    let first = key(table.at(0).unwrap());
    table.set_said(&first, Some(Said::NotSpam));
    assert_eq!(table.row(&first).unwrap().meant(), None);
    assert_eq!((table.counts().ticked, table.counts().kinds[3]), (2, 1));
    assert_eq!(table.position(&first), Some(0), "it stays where it is");
    table.set_said(&first, None);
    assert_eq!(table.counts().ticked, 3);
}

#[test]
fn an_empty_table_answers_everything() {
    let mut table = table(Vec::new());
    table.tick(0..=5, true);
    assert!(table.is_empty() && table.at(0).is_none() && table.chosen().next().is_none());
    assert_eq!(table.all_ticked(), Some(false));
}
