//! What the window shows: plain data, a part for each page. Pages read it; `act` changes it.

pub mod accounts;
pub mod history;
pub mod lists;
pub mod report;
pub mod review;
pub mod settings;
pub mod sweep;
pub mod typed;

use crate::job::Demo;
use crate::settings::{Places, Settings, SettingsError};

/// The pages, in the order of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Page {
    /// Two ways in, while there is no account.
    Welcome,
    /// The sweep.
    #[default]
    Sweep,
    /// The hits.
    Review,
    /// What goes to the vendor.
    Report,
    /// What was done.
    History,
    /// Senders and rules.
    Lists,
    /// The mailboxes.
    Accounts,
    /// The rest.
    Settings,
}

impl Page {
    /// The pages of the rail, from the top; the last stands at its foot.
    pub const RAIL: [Page; 7] = [
        Page::Sweep,
        Page::Review,
        Page::Report,
        Page::History,
        Page::Lists,
        Page::Accounts,
        Page::Settings,
    ];

    /// Its name in the rail.
    pub fn label(self) -> &'static str {
        match self {
            Page::Welcome => "Welcome",
            Page::Sweep => "Sweep",
            Page::Review => "Review",
            Page::Report => "Report",
            Page::History => "History",
            Page::Lists => "Lists, rules",
            Page::Accounts => "Accounts",
            Page::Settings => "Settings",
        }
    }
}

/// Whose mail is shown: places, and the settings there.
pub struct Site {
    /// Where settings and data are.
    pub places: Places,
    /// The settings; without a file, those of nobody.
    pub settings: Settings,
    /// Why the file could not be used, where it could not.
    pub broken: Option<SettingsError>,
    /// Whether it is the built-in mailbox.
    pub is_demo: bool,
}

impl Site {
    /// The site at these places. No file is no error: there is no account yet.
    pub fn load(places: Places) -> Site {
        let (settings, broken) = match Settings::load(&places.config_file) {
            Ok(settings) => (settings, None),
            Err(SettingsError::Missing { .. }) => (Settings::none(&places.config_file), None),
            Err(error) => (Settings::none(&places.config_file), Some(error)),
        };
        Site {
            places,
            settings,
            broken,
            is_demo: false,
        }
    }

    /// The built-in mailbox.
    pub fn demo(demo: Demo) -> Site {
        Site {
            places: demo.places,
            settings: demo.settings,
            broken: None,
            is_demo: true,
        }
    }
}

/// What a word in the status line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Done,
    /// It goes on.
    Working,
    /// It failed.
    Failed,
}

/// The status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What it means.
    pub tone: Tone,
    /// What happened, in a sentence.
    pub says: String,
}

/// A question before something that cannot be taken back.
pub struct Question {
    /// What is asked, with what will be lost.
    pub says: String,
    /// What the button that goes ahead says.
    pub go: String,
    /// What is then done.
    pub then: Box<super::Intent>,
}

/// All that the window shows.
pub struct State {
    /// The page that is open.
    pub page: Page,
    /// Whose mail it is.
    pub site: Site,
    /// The sweep.
    pub sweep: sweep::State,
    /// The hits.
    pub review: review::State,
    /// The report.
    pub report: report::State,
    /// What was done.
    pub history: history::State,
    /// Senders and rules.
    pub lists: lists::State,
    /// The mailboxes.
    pub accounts: accounts::State,
    /// The page of settings.
    pub settings: settings::State,
    /// What goes on or just happened.
    pub status: Option<Status>,
    /// What is asked before something is done for good.
    pub question: Option<Question>,
    /// A path that is asked for, where no file dialog can be opened.
    pub typed: Option<typed::TypedPath>,
    /// Whether it is being found out how to ask for a file.
    pub finds_dialog: bool,
    /// Whether all shortcuts are listed over the page.
    pub shows_shortcuts: bool,
    /// Whether the filter of the page should have the focus in the next frame.
    pub wants_filter: bool,
    /// Whether somebody looks at the window.
    pub has_focus: bool,
    /// What was told outside the window last, because nobody looked at it.
    pub told_outside: Option<String>,
}

impl State {
    /// A window that nothing was done in yet.
    pub fn new(site: Site) -> State {
        let page = match site.settings.accounts.is_empty() || site.broken.is_some() {
            true => Page::Welcome,
            false => Page::Sweep,
        };
        State {
            page,
            site,
            sweep: sweep::State::default(),
            review: review::State::default(),
            report: report::State::default(),
            history: history::State::default(),
            lists: lists::State::default(),
            accounts: accounts::State::default(),
            settings: settings::State::default(),
            status: None,
            question: None,
            typed: None,
            finds_dialog: false,
            shows_shortcuts: false,
            wants_filter: false,
            has_focus: true,
            told_outside: None,
        }
    }

    /// The rail stands beside every page but the first.
    pub fn shows_rail(&self) -> bool {
        self.page != Page::Welcome
    }

    /// Whether something lies over the page.
    pub fn has_overlay(&self) -> bool {
        self.question.is_some() || self.typed.is_some() || self.shows_shortcuts
    }

    /// Puts away what lies over the page: of several the one that is seen.
    pub fn uncover(&mut self) {
        if self.shows_shortcuts {
            self.shows_shortcuts = false;
        } else if self.question.take().is_none() {
            self.typed = None;
        }
    }

    /// What the rail counts beside a page.
    pub fn badge(&self, page: Page) -> Option<usize> {
        match page {
            Page::Review => Some(self.review.badge()),
            Page::Report => Some(self.report.badge()),
            _ => None,
        }
    }

    /// Says what just happened.
    pub fn say(&mut self, tone: Tone, says: impl Into<String>) {
        let says = says.into();
        self.status = Some(Status { tone, says });
    }
}
