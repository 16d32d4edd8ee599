//! What is read out of each control besides its name: the value of a choice or a bar, whether a
//! tick is set, which row of how many; and that what changes by itself is told.

use super::everywhere::{Window, all};
use super::place::SIZE;
use eframe::egui::accesskit::{Live, Role};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use std::collections::BTreeSet;

/// What is wanting in what is read out of a control.
fn wanting(node: &AccessKitNode<'_>) -> Vec<&'static str> {
    let mut wanting = Vec::new();
    let mut needs = |is_there: bool, what: &'static str| {
        if !is_there {
            wanting.push(what);
        }
    };
    let named = node.label().is_some_and(|label| !label.trim().is_empty());
    let says = node.value().is_some_and(|value| !value.trim().is_empty());
    match node.role() {
        Role::ComboBox => {
            needs(says, "what is chosen");
            needs(node.data().is_expanded().is_some(), "whether it is open");
        }
        Role::ProgressIndicator | Role::Slider | Role::SpinButton | Role::Splitter => {
            needs(node.numeric_value().is_some(), "its number");
            needs(node.min_numeric_value().is_some(), "the least number");
            needs(node.max_numeric_value().is_some(), "the greatest number");
        }
        Role::CheckBox | Role::RadioButton | Role::Switch => {
            needs(node.toggled().is_some(), "whether it is set");
        }
        Role::Tab => needs(node.is_selected().is_some(), "whether it is open"),
        Role::ListBoxOption => {
            needs(node.is_selected().is_some(), "whether it is chosen");
            needs(place_of(node).is_some(), "which row of how many");
        }
        Role::ListBox | Role::List => {
            needs(named, "a name");
            needs(node.size_of_set().is_some(), "how many rows");
        }
        Role::Dialog | Role::AlertDialog | Role::Heading => needs(named, "a name"),
        Role::Label => needs(named || says, "what it says"),
        Role::Unknown => needs(false, "a role"),
        _ => {}
    }
    wanting
}

/// Which row this is, from 0, and of how many.
fn place_of(node: &AccessKitNode<'_>) -> Option<(usize, usize)> {
    let mut above = std::iter::successors(node.parent(), AccessKitNode::parent);
    let count = above.find_map(|above| above.size_of_set())?;
    let place = node.position_in_set()?;
    (place < count).then_some((place, count))
}

fn nodes(window: &Window) -> Vec<AccessKitNode<'_>> {
    let nodes = window.root().children_recursive();
    nodes.map(|node| node.accesskit_node()).collect()
}

#[test]
fn every_control_says_its_value_and_every_row_which_of_how_many() {
    let (mut faults, mut roles) = (BTreeSet::new(), BTreeSet::new());
    all(SIZE, &mut |page, window| {
        let mut headings = 0;
        for node in nodes(window) {
            let role = format!("{:?}", node.role());
            for what in wanting(&node) {
                let name = node.label().unwrap_or_default();
                faults.insert(format!("{role} {name:?} lacks {what}, on {page}"));
            }
            headings += usize::from(node.role() == Role::Heading);
            roles.insert(role);
        }
        if headings == 0 {
            faults.insert(format!("no heading on {page}"));
        }
    });
    for role in ["ComboBox", "CheckBox", "Tab", "ListBoxOption", "Dialog"] {
        assert!(roles.contains(role), "{role} is nowhere: {roles:?}");
    }
    assert!(
        faults.is_empty(),
        "{}\n{}",
        faults.len(),
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn what_happens_is_told_in_one_place_on_every_page() {
    all(SIZE, &mut |page, window| {
        let told: Vec<_> = window.query_all_by_role(Role::Status).collect();
        assert_eq!(told.len(), 1, "{page}");
        assert_eq!(told[0].accesskit_node().live(), Live::Polite, "{page}");
        if let Some(status) = &window.state().state().status {
            let says: Vec<String> = told[0]
                .children_recursive()
                .filter_map(|node| node.accesskit_node().value())
                .collect();
            assert!(!says.is_empty(), "{page}: {:?} is not told", status.says);
        }
    });
}

#[test]
fn the_keys_in_a_list_tell_the_row_that_they_are_on() {
    let (mut window, _) = super::sheet::sheet(1.0);
    window.get_by_role_and_label(Role::ListBox, "Hits").focus();
    window.run();
    for (key, row) in [
        (eframe::egui::Key::End, 999),
        (eframe::egui::Key::PageUp, 0),
        (eframe::egui::Key::Home, 0),
    ] {
        window.key_press(key);
        window.run();
        let list = window.get_by_role_and_label(Role::ListBox, "Hits");
        let list = list.accesskit_node();
        assert_eq!(list.size_of_set(), Some(1000));
        let on = list.active_descendant().expect("a row");
        assert_eq!(on.is_selected(), Some(true));
        let place = on.position_in_set().unwrap();
        match key {
            eframe::egui::Key::PageUp => assert!((900..999).contains(&place), "{place}"),
            _ => assert_eq!(place, row),
        }
    }
}
