//! Documents that are attached to be clicked through, or that do more than be read.

use super::carried::{is_doorway, leads_elsewhere, letters};
use super::file_name::told;
use super::known::TELLS;
use super::{Check, Concern};
use crate::mail::{Attachment, FileKind, LinkOrigin, Mark, Message, text::fold};
use crate::verdict::Evidence;

/// Letters of a text that says little beside the document.
const LITTLE: usize = 400;

/// `document-leads-elsewhere`
pub const DOCUMENT_LEADS_ELSEWHERE: Check = Check {
    name: "document-leads-elsewhere",
    about: "A short document is attached (PDF, Office) whose few links lead to somebody else than \
            the sender: the lure was moved out of the text, where filters look.",
    concern: Concern::Attachment,
    run: |message, given| {
        let mut all = message.attachments.iter().filter(|one| is_doorway(one));
        all.find_map(|one| {
            if one.kind == FileKind::Calendar {
                return None;
            }
            let mut links = one.holds.links.iter();
            let link = links.find(|link| leads_elsewhere(link, given))?;
            let evidence = Evidence::none().with("name", told(one));
            Some(evidence.with("target", link.host()?))
        })
    },
};

/// `document-with-hidden-link`
pub const DOCUMENT_WITH_HIDDEN_LINK: Check = Check {
    name: "document-with-hidden-link",
    about: "A PDF is attached that is encrypted so that it opens without a password, but its \
            links cannot be read by a filter; it has few pages and few links.",
    concern: Concern::Attachment,
    run: |message, _| {
        let locked = |one: &Attachment| {
            one.kind == FileKind::Pdf && one.holds.has(Mark::Locked) && is_doorway(one)
        };
        first(message, locked)
    },
};

/// `document-is-the-message`
pub const DOCUMENT_IS_THE_MESSAGE: Check = Check {
    name: "document-is-the-message",
    about: "A short document that leads on (PDF, Office) is attached to next to no text: the \
            document is the message.",
    concern: Concern::Attachment,
    run: |message, _| {
        let document = |one: &Attachment| is_doorway(one) && one.kind != FileKind::Calendar;
        first(message, document).filter(|_| letters(message) < LITTLE)
    },
};

/// `document-fetches-part`
pub const DOCUMENT_FETCHES_PART: Check = Check {
    name: "document-fetches-part",
    about: "An Office document or RTF fetches its template or a part of itself from the Internet \
            when it is opened: what comes can be anything.",
    concern: Concern::Attachment,
    run: |message, _| {
        let mut all = message.attachments.iter();
        let one = all.find(|one| one.holds.has(Mark::RemotePart))?;
        let mut links = one.holds.links.iter().filter_map(|link| link.host());
        let target = links.next_back().unwrap_or("another site");
        Some(
            Evidence::none()
                .with("name", told(one))
                .with("target", target),
        )
    },
};

/// `document-with-old-equation`
pub const DOCUMENT_WITH_OLD_EQUATION: Check = Check {
    name: "document-with-old-equation",
    about: "A document holds an object for the Equation Editor, which Office gave up in 2018 for \
            its holes: today such objects are there to break in.",
    concern: Concern::Attachment,
    run: |message, _| first(message, |one| one.holds.has(Mark::Equation)),
};

/// `document-starts-something`
pub const DOCUMENT_STARTS_SOMETHING: Check = Check {
    name: "document-starts-something",
    about: "A PDF starts a program on the reader's machine, or has a program or page inside that \
            is opened from it.",
    concern: Concern::Attachment,
    run: |message, _| {
        first(message, |one| {
            let of = &one.holds;
            let files = of.files.iter().filter_map(|file| file.kind);
            let mut worse = files.filter(|kind| {
                matches!(
                    kind,
                    FileKind::Program | FileKind::Script | FileKind::Shortcut
                )
            });
            one.kind == FileKind::Pdf && of.has(Mark::Launches)
                || one.kind == FileKind::Office && of.has(Mark::Embedded) && worse.next().is_some()
        })
    },
};

/// `note-with-file`
pub const NOTE_WITH_FILE: Check = Check {
    name: "note-with-file",
    about: "A OneNote section is attached. Hardly anybody mails them; with files inside, behind \
            a picture of a button, they bring programs.",
    concern: Concern::Attachment,
    run: |message, _| {
        first(message, |one| {
            one.holds.has(Mark::Note) && one.holds.has(Mark::Embedded)
        })
    },
};

/// `locked-document-with-password`
pub const LOCKED_DOCUMENT_WITH_PASSWORD: Check = Check {
    name: "locked-document-with-password",
    about: "An attached document (PDF, Office) is locked, and the message tells the password: it \
            keeps nobody out but scanners.",
    concern: Concern::Attachment,
    run: |message, _| {
        let locked = |one: &Attachment| {
            matches!(one.kind, FileKind::Pdf | FileKind::Office) && one.holds.has(Mark::Locked)
        };
        let found = first(message, locked)?;
        let tells = TELLS.first_in(&fold(&message.text))?;
        Some(found.with("tells", tells))
    },
};

/// `script-picture`
pub const SCRIPT_PICTURE: Check = Check {
    name: "script-picture",
    about: "An SVG picture is attached that has a script, or a link for the whole of it: a page \
            that calls itself a picture.",
    concern: Concern::Attachment,
    run: |message, _| {
        first(message, |one| {
            let acts = one.holds.has(Mark::Script)
                || one.holds.has(Mark::MovesOn)
                || one.holds.has(Mark::Password);
            one.kind == FileKind::Svg && acts
        })
    },
};

/// `attached-mail-lures`
pub const ATTACHED_MAIL_LURES: Check = Check {
    name: "attached-mail-lures",
    about: "A message is attached to next to no text, and has links: what is to be clicked was \
            moved one mail further in. Reports of what could not be delivered are not meant.",
    concern: Concern::Attachment,
    run: |message, given| {
        let report = message.header("Content-Type").is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            kind.starts_with("multipart/report") || kind.starts_with("multipart/digest")
        });
        let lures = |one: &Attachment| {
            let mut links = one.holds.links.iter();
            one.kind == FileKind::Message
                && !one.holds.has(Mark::Report)
                && links.any(|link| leads_elsewhere(link, given))
        };
        first(message, lures).filter(|_| !report && letters(message) < LITTLE)
    },
};

/// `invitation-leads-elsewhere`
pub const INVITATION_LEADS_ELSEWHERE: Check = Check {
    name: "invitation-leads-elsewhere",
    about: "A calendar entry is attached whose organizer is not the author, and whose link leads \
            to neither.",
    concern: Concern::Attachment,
    run: |message, given| {
        let mut all = message.attachments.iter();
        all.find_map(|one| {
            let links = &one.holds.links;
            let organizer = links.iter().find(|link| link.shown == "organizer");
            let organizer = organizer.and_then(|link| link.target.rsplit_once('@'));
            let organizer = crate::mail::address::organisational_domain(organizer?.1);
            let own = message
                .from
                .iter()
                .any(|from| from.organisation() == organizer);
            let calendar = one.kind == FileKind::Calendar && !own;
            let mut elsewhere = links.iter().filter(|link| {
                link.origin == LinkOrigin::Attachment
                    && leads_elsewhere(link, given)
                    && link.organisation() != Some(organizer)
            });
            let link = elsewhere.next().filter(|_| calendar)?;
            let evidence = Evidence::none().with("name", told(one));
            let evidence = evidence.with("organizer", organizer);
            Some(evidence.with("target", link.host()?))
        })
    },
};

fn first(message: &Message, is: impl Fn(&Attachment) -> bool) -> Option<Evidence> {
    let found = message.attachments.iter().find(|one| is(one))?;
    let evidence = Evidence::none().with("name", told(found));
    let mut links = found.holds.links.iter();
    let target = links
        .find_map(|link| link.host())
        .unwrap_or("a hidden place");
    Some(evidence.with("target", target))
}
