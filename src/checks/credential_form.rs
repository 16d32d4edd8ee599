//! A form in the message itself.

use super::{Check, Concern};
use crate::mail::Form;
use crate::verdict::Evidence;

/// `credential-form`
pub const CREDENTIAL_FORM: Check = Check {
    name: "credential-form",
    about: "The message itself has a form that asks for a password. No honest sender does that.",
    concern: Concern::Link,
    run: |message, _| {
        let html = message.html.as_ref()?;
        (html.form == Form::Password).then(Evidence::none)
    },
};
