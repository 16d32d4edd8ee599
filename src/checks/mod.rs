//! Checks: pure functions, each stating one fact about a message.
//! A check's name completes "this message has …"; what it found is named values. A check weighs
//! nothing and says nothing: that is what rules are for. One check, one file; the files that are
//! no check (`brand`, `brands`, `carried`, `context`, `file_name`, `given`, `identity`, `known`, `lookalike`,
//! `shown`, `skeleton`, `trim`) hold what several share.

mod attached_document;
mod authentication_failed;
mod brand;
mod brand_imitated;
mod brand_in_display_name;
mod brands;
mod carried;
mod claimed_domain;
mod context;
mod correspondent;
mod credential_form;
mod crypto_wallet;
mod display_name_address;
mod double_extension;
mod envelope;
mod executable_attachment;
mod file_name;
mod form;
mod from_header;
mod gibberish_sender;
mod given;
mod hidden_text;
mod html_attachment;
mod identity;
mod known;
mod link_address;
mod link_host;
mod link_shown_elsewhere;
mod link_through_redirect;
mod list;
mod locked_archive;
mod lone_link;
mod lookalike;
mod lookalike_sender;
mod mixed_script_domain;
mod office_on_freemail;
mod own_domain_unauthenticated;
mod qr_code;
mod recipient_greeted;
mod recipient_in_display_name;
mod reply_to_elsewhere;
mod route;
mod sender_name;
pub mod shown;
mod skeleton;
mod stranger;
mod trim;

pub use brands::Brands;
pub use context::{Brand, Context, Correspondence};
pub use given::Given;
pub use known::{FREE_HOSTING, FREEMAIL, TEXTS as LISTS};
pub use trim::trim;

use crate::mail::Message;
use crate::verdict::Evidence;

/// One check.
pub struct Check {
    /// Its name, by which rules call it.
    pub name: &'static str,
    /// What it looks at and why that matters, in a sentence or two.
    pub about: &'static str,
    /// What part of a message it speaks of.
    pub concern: Concern,
    /// The fact, or `None` where it does not hold.
    pub run: fn(&Message, &Given) -> Option<Evidence>,
}

/// What part of a message a check or a field speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Who it says it is from.
    Sender,
    /// How it came, and to whom.
    Route,
    /// What it says.
    Text,
    /// Where it leads.
    Link,
    /// What it carries.
    Attachment,
}

impl Concern {
    /// Whether it is about a link or an attachment, which an approved sender whom nobody
    /// authenticated does not outweigh.
    pub fn is_content(self) -> bool {
        matches!(self, Concern::Link | Concern::Attachment)
    }
}

/// Every check.
pub const ALL: &[Check] = &[
    attached_document::ATTACHED_MAIL_LURES,
    attached_document::DOCUMENT_FETCHES_PART,
    attached_document::DOCUMENT_IS_THE_MESSAGE,
    attached_document::DOCUMENT_LEADS_ELSEWHERE,
    attached_document::DOCUMENT_STARTS_SOMETHING,
    attached_document::DOCUMENT_WITH_HIDDEN_LINK,
    attached_document::DOCUMENT_WITH_OLD_EQUATION,
    attached_document::INVITATION_LEADS_ELSEWHERE,
    attached_document::LOCKED_DOCUMENT_WITH_PASSWORD,
    attached_document::NOTE_WITH_FILE,
    attached_document::SCRIPT_PICTURE,
    authentication_failed::AUTHENTICATED,
    authentication_failed::AUTHENTICATION_FAILED,
    authentication_failed::DMARC_FAILED,
    authentication_failed::VOUCHED_FOR,
    brand_imitated::BRAND_WITHOUT_ITS_LINKS,
    brand_in_display_name::BRAND_IN_DISPLAY_NAME,
    brand_in_display_name::BRAND_ON_FREEMAIL,
    claimed_domain::BRAND_LEADS_ELSEWHERE,
    claimed_domain::UNSIGNED_PAGE_LEADS_ELSEWHERE,
    correspondent::CORRESPONDENT,
    correspondent::KNOWN_ORGANISATION,
    correspondent::OWN_THREAD,
    credential_form::CREDENTIAL_FORM,
    crypto_wallet::CRYPTO_WALLET,
    display_name_address::DISPLAY_NAME_ADDRESS,
    double_extension::DOUBLE_EXTENSION,
    double_extension::TYPE_CONTRADICTS_CONTENT,
    envelope::BULK_MAIL,
    envelope::IS_REPLY,
    envelope::LIST_MAIL,
    envelope::REPLY_TO_NOTHING,
    envelope::SHOUTING_SUBJECT,
    envelope::THREAD_CLAIMED,
    envelope::UNDISCLOSED_RECIPIENTS,
    executable_attachment::DISK_IMAGE_ATTACHMENT,
    executable_attachment::EXECUTABLE_ATTACHMENT,
    executable_attachment::MACRO_ATTACHMENT,
    form::AUTHOR_MISWRITTEN,
    form::AUTHOR_NOT_ENCODED,
    form::COMMENT_FLOOD,
    form::DATE_MALFORMED,
    form::HEADER_REPEATED,
    form::LONE_ALTERNATIVE,
    form::MESSAGE_ID_MALFORMED,
    form::NEEDLESS_ENCODING,
    form::PARTS_MISSING,
    form::TWINS_DIFFER,
    from_header::NO_AUTHOR,
    from_header::SEVERAL_AUTHORS,
    gibberish_sender::GIBBERISH_SENDER,
    hidden_text::HIDDEN_TEXT,
    hidden_text::INVISIBLE_CHARACTERS,
    hidden_text::MIXED_SCRIPT_WORDS,
    hidden_text::STYLED_LETTERS,
    html_attachment::ACTIVE_HTML_ATTACHMENT,
    html_attachment::HTML_ATTACHMENT,
    link_address::DATA_LINK,
    link_address::LINK_CARRIES_RECIPIENT,
    link_address::LINK_ODD_PORT,
    link_address::LINK_TO_IP,
    link_address::LINK_WITH_USERINFO,
    link_host::LINK_CHEAP_ENDING,
    link_host::LINK_FREE_HOSTING,
    link_host::LINK_SHORTENER,
    link_host::SENDER_CHEAP_ENDING,
    link_host::UNSUBSCRIBE_THROWAWAY,
    link_shown_elsewhere::LINK_BRAND_ELSEWHERE,
    link_shown_elsewhere::LINK_SHOWN_ELSEWHERE,
    link_through_redirect::LINK_THROUGH_REDIRECT,
    locked_archive::LOCKED_ARCHIVE,
    locked_archive::LOCKED_ARCHIVE_WITH_PASSWORD,
    lone_link::LONE_LINK,
    lone_link::PICTURE_WITH_LINK,
    lookalike_sender::LOOKALIKE_LINK,
    lookalike_sender::LOOKALIKE_SENDER,
    mixed_script_domain::MIXED_SCRIPT_DOMAIN,
    office_on_freemail::FREEMAIL_SENDER,
    office_on_freemail::OFFICE_ON_FREEMAIL,
    own_domain_unauthenticated::BRAND_DOMAIN_UNAUTHENTICATED,
    own_domain_unauthenticated::FROM_IS_RECIPIENT,
    own_domain_unauthenticated::OWN_DOMAIN_UNAUTHENTICATED,
    recipient_greeted::RECIPIENT_GREETED_BY_ADDRESS,
    qr_code::DRAWN_QR_CODE,
    qr_code::QR_CODE_LEADS_ELSEWHERE,
    recipient_in_display_name::RECIPIENT_IN_DISPLAY_NAME,
    recipient_in_display_name::RECIPIENT_IN_SUBJECT,
    reply_to_elsewhere::REPLY_TO_ELSEWHERE,
    reply_to_elsewhere::REPLY_TO_FREEMAIL,
    route::DATE_ELSEWHERE,
    route::DYNAMIC_HOST,
    route::FORGED_HELO,
    route::HOP_BACK_IN_TIME,
    route::NAMELESS_RELAY,
    sender_name::DECORATED_NAME,
    sender_name::NUMBERED_ADDRESS,
    sender_name::TENANT_SENDER,
    stranger::LINKS_UNRELATED_TO_SENDER,
    stranger::NAME_UNRELATED_TO_SENDER,
    stranger::STRANGER,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_have_names_of_their_own() {
        let mut names: Vec<_> = ALL.iter().map(|check| check.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for check in ALL {
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(check.name.chars().all(plain), "{}", check.name);
            assert!(check.about.ends_with('.'), "{}", check.name);
        }
    }
}
