//! Every intention without a parameter, in one table: its words, its keys, its menu and when it
//! can be done. Menus, buttons, shortcuts and the list under F1 come from here.

use super::state::{Page, State};
use eframe::egui::{Context, Event, Key, KeyboardShortcut, Modifiers};

/// One intention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Sweeps the built-in mailbox.
    SampleMail,
    /// Opens the form for a new account.
    AddMailbox,
    /// Saves the original of the open message.
    SaveOriginal,
    /// Saves the zips of the report.
    SaveZips,
    /// Closes the window.
    Quit,
    /// Takes the last move back.
    Undo,
    /// Ticks or selects all.
    SelectAll,
    /// Copies why the open message was judged so.
    CopyEvidence,
    /// Copies the zips' password.
    CopyPassword,
    /// Goes to the filter.
    Filter,
    /// Removes the chosen entry of a list.
    Remove,
    /// Starts a sweep.
    Sweep,
    /// Pauses the sweep, or goes on.
    Pause,
    /// Stops the sweep.
    Stop,
    /// The next hit.
    Next,
    /// The hit before.
    Previous,
    /// Ticks the open one and the next, and opens that.
    TickNext,
    /// Ticks the open one and the one before, and opens that.
    TickPrevious,
    /// Opens the chosen hit.
    Open,
    /// Ticks the chosen hit.
    Tick,
    /// It is phishing.
    Phishing,
    /// It is spam.
    Spam,
    /// It is neither.
    NotSpam,
    /// Approves the sender for good.
    ApproveSender,
    /// Moves the ticked hits.
    Move,
    /// Takes the ticked hits to the report.
    Report,
    /// Sends the report.
    Send,
    /// Sends again what failed.
    SendAgain,
    /// Goes to a page.
    Go(Page),
    /// One line a hit, or two.
    CompactRows,
    /// Larger text.
    Larger,
    /// Smaller text.
    Smaller,
    /// Text as it was made.
    UsualSize,
    /// All shortcuts.
    Shortcuts,
    /// Opens the folder of the log.
    ShowLog,
    /// Back: closes what is open.
    Back,
}

/// The menus, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Accounts, files, the end.
    File,
    /// Undo, copying, finding.
    Edit,
    /// The sweep.
    Sweep,
    /// The hits.
    Message,
    /// Pages and looks.
    View,
    /// Help.
    Help,
}

impl Menu {
    /// All of them, from left to right.
    pub const ALL: [Menu; 6] = [
        Menu::File,
        Menu::Edit,
        Menu::Sweep,
        Menu::Message,
        Menu::View,
        Menu::Help,
    ];

    /// Its name in the menu bar.
    pub fn label(self) -> &'static str {
        match self {
            Menu::File => "File",
            Menu::Edit => "Edit",
            Menu::Sweep => "Sweep",
            Menu::Message => "Message",
            Menu::View => "View",
            Menu::Help => "Help",
        }
    }
}

/// A row of the table.
pub struct Entry {
    /// Which.
    pub command: Command,
    /// The menu it stands in; `None`: keys and buttons alone.
    pub menu: Option<Menu>,
    /// Its keys; the first is shown.
    pub keys: &'static [KeyboardShortcut],
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers {
    alt: false,
    ctrl: false,
    shift: true,
    mac_cmd: false,
    command: true,
};

const fn key(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

const fn entry(command: Command, menu: Menu, keys: &'static [KeyboardShortcut]) -> Entry {
    Entry {
        command,
        menu: Some(menu),
        keys,
    }
}

/// The table, in the order of the menus.
pub const ALL: &[Entry] = &[
    entry(Command::SampleMail, Menu::File, &[key(CTRL, Key::T)]),
    entry(Command::AddMailbox, Menu::File, &[key(CTRL, Key::N)]),
    entry(
        Command::SaveOriginal,
        Menu::File,
        &[key(CTRL_SHIFT, Key::S)],
    ),
    entry(Command::SaveZips, Menu::File, &[key(CTRL, Key::S)]),
    entry(Command::Quit, Menu::File, &[key(CTRL, Key::Q)]),
    entry(Command::Undo, Menu::Edit, &[key(CTRL, Key::Z)]),
    entry(Command::SelectAll, Menu::Edit, &[key(CTRL, Key::A)]),
    entry(
        Command::CopyEvidence,
        Menu::Edit,
        &[key(CTRL_SHIFT, Key::C)],
    ),
    entry(Command::CopyPassword, Menu::Edit, &[]),
    entry(Command::Remove, Menu::Edit, &[key(NONE, Key::Delete)]),
    entry(Command::Filter, Menu::Edit, &[key(CTRL, Key::F)]),
    entry(Command::Sweep, Menu::Sweep, &[key(NONE, Key::F5)]),
    entry(Command::Pause, Menu::Sweep, &[key(NONE, Key::F6)]),
    entry(Command::Stop, Menu::Sweep, &[key(SHIFT, Key::F5)]),
    entry(
        Command::Next,
        Menu::Message,
        &[key(NONE, Key::ArrowDown), key(NONE, Key::J)],
    ),
    entry(
        Command::Previous,
        Menu::Message,
        &[key(NONE, Key::ArrowUp), key(NONE, Key::K)],
    ),
    entry(
        Command::TickNext,
        Menu::Message,
        &[key(SHIFT, Key::ArrowDown)],
    ),
    entry(
        Command::TickPrevious,
        Menu::Message,
        &[key(SHIFT, Key::ArrowUp)],
    ),
    entry(Command::Open, Menu::Message, &[key(NONE, Key::Enter)]),
    entry(Command::Tick, Menu::Message, &[key(NONE, Key::Space)]),
    entry(Command::Phishing, Menu::Message, &[key(NONE, Key::P)]),
    entry(Command::Spam, Menu::Message, &[key(NONE, Key::S)]),
    entry(Command::NotSpam, Menu::Message, &[key(NONE, Key::N)]),
    entry(Command::ApproveSender, Menu::Message, &[]),
    entry(Command::Move, Menu::Message, &[key(CTRL, Key::M)]),
    entry(Command::Report, Menu::Message, &[]),
    entry(Command::Send, Menu::Message, &[key(CTRL, Key::Enter)]),
    entry(Command::SendAgain, Menu::Message, &[key(CTRL, Key::R)]),
    entry(
        Command::Go(Page::Sweep),
        Menu::View,
        &[key(CTRL, Key::Num1)],
    ),
    entry(
        Command::Go(Page::Review),
        Menu::View,
        &[key(CTRL, Key::Num2)],
    ),
    entry(
        Command::Go(Page::Report),
        Menu::View,
        &[key(CTRL, Key::Num3)],
    ),
    entry(
        Command::Go(Page::History),
        Menu::View,
        &[key(CTRL, Key::Num4)],
    ),
    entry(
        Command::Go(Page::Lists),
        Menu::View,
        &[key(CTRL, Key::Num5)],
    ),
    entry(
        Command::Go(Page::Accounts),
        Menu::View,
        &[key(CTRL, Key::Num6)],
    ),
    entry(
        Command::Go(Page::Settings),
        Menu::View,
        &[key(CTRL, Key::Comma)],
    ),
    entry(Command::CompactRows, Menu::View, &[]),
    entry(
        Command::Larger,
        Menu::View,
        &[key(CTRL, Key::Plus), key(CTRL, Key::Equals)],
    ),
    entry(Command::Smaller, Menu::View, &[key(CTRL, Key::Minus)]),
    entry(Command::UsualSize, Menu::View, &[key(CTRL, Key::Num0)]),
    entry(Command::Shortcuts, Menu::Help, &[key(NONE, Key::F1)]),
    entry(Command::ShowLog, Menu::Help, &[]),
    Entry {
        command: Command::Back,
        menu: None,
        keys: &[key(NONE, Key::Escape)],
    },
];

/// Keys as this platform writes them, signs as they stand on the keys: `Ctrl ,`, `Shift F5`.
pub fn written(ctx: &Context, keys: &KeyboardShortcut) -> String {
    let written = ctx.format_shortcut(keys);
    let names = written.split('+').map(|name| match name {
        "Comma" => ",",
        "Plus" => "+",
        "Minus" => "−",
        "Delete" => "Del",
        name => name,
    });
    names.collect::<Vec<_>>().join(" ")
}

impl Command {
    /// Its row of the table.
    pub fn entry(self) -> Option<&'static Entry> {
        ALL.iter().find(|entry| entry.command == self)
    }

    /// What the menu says.
    pub fn label(self) -> &'static str {
        match self {
            Command::SampleMail => "Try it on sample mail",
            Command::AddMailbox => "Add my mailbox…",
            Command::SaveOriginal => "Save the original…",
            Command::SaveZips => "Save zips for the portal…",
            Command::Quit => "Quit",
            Command::Undo => "Undo",
            Command::SelectAll => "Tick all",
            Command::CopyEvidence => "Copy evidence",
            Command::CopyPassword => "Copy the password",
            Command::Filter => "Filter",
            Command::Remove => "Remove from the list",
            Command::Sweep => "Sweep now",
            Command::Pause => "Pause, go on",
            Command::Stop => "Stop",
            Command::Next => "Next hit",
            Command::Previous => "Previous hit",
            Command::TickNext => "Tick and go to the next",
            Command::TickPrevious => "Tick and go to the previous",
            Command::Open => "Open the hit",
            Command::Tick => "Tick the hit",
            Command::Phishing => "It is phishing",
            Command::Spam => "It is spam",
            Command::NotSpam => "It is not spam",
            Command::ApproveSender => "Always approve this sender",
            Command::Move => "Move the ticked hits",
            Command::Report => "Report the ticked hits…",
            Command::Send => "Hand over the report",
            Command::SendAgain => "Hand over again",
            Command::Go(page) => page.label(),
            Command::CompactRows => "Compact rows",
            Command::Larger => "Larger text",
            Command::Smaller => "Smaller text",
            Command::UsualSize => "Usual text size",
            Command::Shortcuts => "All shortcuts",
            Command::ShowLog => "Open the folder of the log",
            Command::Back => "Back",
        }
    }

    /// Its first keys as this platform writes them; empty without any.
    pub fn keys(self, ctx: &Context) -> String {
        let first = self.entry().and_then(|entry| entry.keys.first());
        first.map_or_else(String::new, |keys| written(ctx, keys))
    }

    /// Whether it can be done now.
    pub fn is_enabled(self, state: &State) -> bool {
        super::act::is_enabled(self, state)
    }

    /// What was asked for by keys in this frame, in the order of the table. Keys without Ctrl or a
    /// function key count only while no field has the focus; Enter and Space belong to the
    /// control that has it.
    pub fn pressed(ctx: &Context, state: &State) -> Vec<Command> {
        let is_key = |event: &Event| matches!(event, Event::Key { pressed: true, .. });
        if !ctx.input(|input| input.events.iter().any(is_key)) {
            return Vec::new();
        }
        let is_typing = ctx.text_edit_focused();
        let has_focus = ctx.memory(|memory| memory.focused().is_some());
        let may = |shortcut: &KeyboardShortcut| {
            let is_plain = shortcut.modifiers == NONE || shortcut.modifiers == SHIFT;
            let is_function = matches!(
                shortcut.logical_key,
                Key::F1 | Key::F5 | Key::F6 | Key::Escape
            );
            let is_controls = matches!(shortcut.logical_key, Key::Enter | Key::Space);
            let belongs_to_field = is_typing
                && (is_plain && !is_function
                    || matches!(shortcut.logical_key, Key::A | Key::Z | Key::C)
                        && shortcut.modifiers == CTRL);
            !(belongs_to_field || has_focus && is_plain && is_controls)
        };
        let mut pressed = Vec::new();
        // The longer ones first: Ctrl S must not take what Ctrl Shift S means.
        let mut all: Vec<(&Entry, &KeyboardShortcut)> = ALL
            .iter()
            .flat_map(|entry| entry.keys.iter().map(move |keys| (entry, keys)))
            .collect();
        all.sort_by_key(|(_, keys)| !keys.modifiers.shift);
        for (entry, keys) in all {
            if may(keys)
                && entry.command.is_enabled(state)
                && ctx.input_mut(|input| input.consume_shortcut(keys))
            {
                pressed.push(entry.command);
            }
        }
        pressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_keys_mean_two_things_and_every_command_stands_once() {
        let (mut keys, mut commands) = (HashSet::new(), HashSet::new());
        for entry in ALL {
            assert!(commands.insert(entry.command), "{:?}", entry.command);
            for shortcut in entry.keys {
                let shown = format!("{shortcut:?}");
                assert!(keys.insert(shown.clone()), "{:?}: {shown}", entry.command);
            }
        }
    }
}
