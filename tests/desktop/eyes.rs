//! Finds what a window shows as a screen reader does: by role and name, over AT-SPI.

use std::collections::HashMap;
use std::time::{Duration, Instant};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{ObjectPath, OwnedObjectPath};

/// The state of what can be used (`ATSPI_STATE_SENSITIVE`).
const SENSITIVE: u32 = 1 << 24;

/// Roles by their numbers in `AtspiRole`; those that no test asks for have no name.
fn role_of(number: u32) -> &'static str {
    match number {
        7 => "check box",
        11 => "combo box",
        29 => "label",
        32 => "list item",
        35 => "menu item",
        37 => "tab",
        40 => "password",
        43 => "button",
        44 => "radio button",
        62 => "toggle button",
        79 => "entry",
        _ => "other",
    }
}

/// Longest wait for something to be seen.
const SOON: Duration = Duration::from_secs(60);

/// The eyes of somebody who sees by names.
pub struct Eyes {
    bus: Connection,
}

/// One thing that is seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What a screen reader calls it: `button`, `label`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// What it holds: what was typed, or is said beside its name.
    pub says: String,
    /// Left, top, width and height, in the window's pixels.
    pub at: [i32; 4],
    /// Whether it can be used.
    pub enabled: bool,
}

impl Seen {
    /// Its middle.
    pub fn middle(&self) -> (i32, i32) {
        let [left, top, width, height] = self.at;
        (left + width / 2, top + height / 2)
    }
}

type Node = (String, OwnedObjectPath);

impl Eyes {
    /// Tells the session that somebody looks, before the window opens.
    pub fn open() -> Eyes {
        let session = Connection::session().unwrap();
        let status =
            Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Status").unwrap();
        status.set_property("IsEnabled", true).unwrap();
        let bus = Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus").unwrap();
        let address: String = bus.call("GetAddress", &()).unwrap();
        let bus = Builder::address(address.as_str()).unwrap().build().unwrap();
        Eyes { bus }
    }

    fn ask<'a>(&self, (name, path): &'a Node, interface: &'static str) -> Option<Proxy<'a>> {
        Proxy::new(&self.bus, name.as_str(), path.as_str(), interface).ok()
    }

    fn children(&self, node: &Node) -> Vec<Node> {
        let proxy = self.ask(node, "org.a11y.atspi.Accessible");
        proxy
            .and_then(|proxy| proxy.call("GetChildren", &()).ok())
            .unwrap_or_default()
    }

    fn look_at(&self, node: &Node) -> Option<Seen> {
        let accessible = self.ask(node, "org.a11y.atspi.Accessible")?;
        let role: u32 = accessible.call("GetRole", &()).ok()?;
        let role = role_of(role).to_owned();
        let name: String = accessible.get_property("Name").ok()?;
        let says: String = accessible.get_property("Description").unwrap_or_default();
        let states: Vec<u32> = accessible.call("GetState", &()).ok()?;
        let enabled = states.first().is_some_and(|word| word & SENSITIVE != 0);
        let component = self.ask(node, "org.a11y.atspi.Component")?;
        // Of the window, not of the screen.
        const OF_WINDOW: u32 = 1;
        let (left, top, width, height): (i32, i32, i32, i32) =
            component.call("GetExtents", &(OF_WINDOW,)).ok()?;
        let says = match self.ask(node, "org.a11y.atspi.Text") {
            Some(text) if role == "entry" => text.call("GetText", &(0_i32, -1_i32)).unwrap_or(says),
            _ => says,
        };
        Some(Seen {
            role,
            name,
            says,
            at: [left, top, width, height],
            enabled,
        })
    }

    /// Everything that the window shows now.
    pub fn all(&self) -> Vec<Seen> {
        let root = (
            "org.a11y.atspi.Registry".to_owned(),
            OwnedObjectPath::from(ObjectPath::from_static_str_unchecked(
                "/org/a11y/atspi/accessible/root",
            )),
        );
        let mut seen = Vec::new();
        let mut left = self.children(&root);
        let mut known = HashMap::new();
        while let Some(node) = left.pop() {
            if known.insert(node.clone(), ()).is_some() {
                continue;
            }
            seen.extend(self.look_at(&node));
            left.extend(self.children(&node).into_iter().rev());
        }
        seen
    }

    /// Waits until something that fits is seen.
    pub fn wait(&self, what: &str, fits: impl Fn(&Seen) -> bool) -> Seen {
        let begun = Instant::now();
        loop {
            let all = self.all();
            if let Some(found) = all.iter().find(|seen| fits(seen)) {
                return found.clone();
            }
            if begun.elapsed() > SOON {
                let shown: Vec<String> = all.iter().map(|seen| format!("{seen:?}")).collect();
                panic!("{what} is not seen; but:\n{}", shown.join("\n"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits for a control of this role whose name begins so.
    pub fn find(&self, role: &str, name: &str) -> Seen {
        self.wait(&format!("{role} {name:?}"), |seen| {
            seen.role == role && seen.name.starts_with(name) && seen.enabled
        })
    }

    /// Waits for any words that hold these.
    pub fn read(&self, words: &str) -> Seen {
        self.wait(&format!("{words:?}"), |seen| {
            seen.name.contains(words) || seen.says.contains(words)
        })
    }
}
