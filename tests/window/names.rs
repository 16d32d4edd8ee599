//! Whatever can be focused, clicked or typed into is read out by a name, and no two buttons of a
//! page bear the same one without a word that tells them apart.

use super::everywhere::{Window, all};
use super::place::SIZE;
use eframe::egui::accesskit::{Action, Role};
use egui_kittest::kittest::{AccessKitNode, NodeT};
use postsweep::gui::theme;
use std::collections::BTreeMap;

/// Whether something can be done with it. A bar that scrolls is for the mouse alone, and has no
/// name: what it scrolls has one, and follows the focus.
fn is_control(node: &AccessKitNode<'_>) -> bool {
    let acts = [Action::Click, Action::Focus, Action::SetValue];
    let acts = acts.iter().any(|act| node.data().supports_action(*act));
    acts && !node.is_hidden() && node.role() != Role::ScrollBar
}

/// Everything that can be focused, clicked or typed into.
pub fn controls(window: &Window) -> Vec<AccessKitNode<'_>> {
    let nodes = window.root().children_recursive();
    let nodes = nodes.map(|node| node.accesskit_node());
    nodes.filter(is_control).collect()
}

/// What is read out of it; a text's is what it says.
pub fn name(node: &AccessKitNode<'_>) -> String {
    let label = node.label();
    let says = || node.value().filter(|_| node.role() == Role::Label);
    label.or_else(says).unwrap_or_default().trim().to_owned()
}

/// Where it stands: what lies over a page, and the bar of menus, are not the page.
fn place(node: &AccessKitNode<'_>) -> &'static str {
    let mut above = std::iter::successors(node.parent(), AccessKitNode::parent);
    let top = node.raw_bounds().map_or(0.0, |bounds| bounds.y0);
    if above.any(|above| above.is_dialog()) {
        "dialog"
    } else if top < f64::from(theme::MENU_BAR) {
        "menu bar"
    } else {
        "page"
    }
}

fn is_field(node: &AccessKitNode<'_>) -> bool {
    let fields = [
        Role::TextInput,
        Role::MultilineTextInput,
        Role::PasswordInput,
        Role::ComboBox,
    ];
    fields.contains(&node.role())
}

#[test]
fn every_control_has_a_name_and_no_two_buttons_have_the_same() {
    let (mut faults, mut pages) = (Vec::new(), 0);
    all(SIZE, &mut |page, window| {
        pages += 1;
        let mut buttons: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for node in controls(window) {
            let name = name(&node);
            if name.is_empty() {
                let at = node.raw_bounds();
                faults.push(format!("{page}: {:?} at {at:?} has no name", node.role()));
            }
            // What stands in a field is no name.
            if is_field(&node) && node.value().is_some_and(|value| value == name) {
                faults.push(format!("{page}: {:?} {name:?} has no label", node.role()));
            }
            if node.role() == Role::Button {
                *buttons.entry((place(&node), name)).or_default() += 1;
            }
        }
        for ((_, name), _) in buttons.into_iter().filter(|(_, number)| *number > 1) {
            faults.push(format!("{page}: two buttons {name:?}"));
        }
    });
    assert!(pages > 50, "{pages} pages");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
