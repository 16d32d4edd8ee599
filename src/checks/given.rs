//! What a check is given beside the message: what is known of its owner, and what several checks
//! ask of the message, found when it is first asked and once.

use super::context::Context;
use super::identity::Identity;
use super::known;
use crate::mail::Message;
use std::cell::OnceCell;
use std::ops::Deref;

/// What is known of one message's owner, and what was found of the message so far.
pub struct Given<'m> {
    message: &'m Message,
    context: &'m Context,
    identity: OnceCell<Option<Identity<'m>>>,
    own: OnceCell<Vec<&'m str>>,
}

impl<'m> Given<'m> {
    /// Nothing is found yet.
    pub fn new(message: &'m Message, context: &'m Context) -> Self {
        Given {
            message,
            context,
            identity: OnceCell::new(),
            own: OnceCell::new(),
        }
    }

    /// Who it shows as its author, and where it leads; `None` where nobody is named as author.
    pub fn identity(&self) -> Option<&Identity<'m>> {
        let find = || Identity::of(self.message, self.context);
        self.identity.get_or_init(find).as_ref()
    }

    /// The organisations that it shows as its own: a link to one of them leads nowhere else.
    pub fn own_organisations(&self) -> &[&'m str] {
        let find = || known::own_organisations(self.message);
        self.own.get_or_init(find)
    }
}

impl Deref for Given<'_> {
    type Target = Context;

    fn deref(&self) -> &Context {
        self.context
    }
}
