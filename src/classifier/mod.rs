//! The learner: what a person calls spam and what they keep, learnt from their own mail, on this
//! machine. Pure: messages and bytes in, numbers, words and bytes out; it opens no file.
//!
//! A message becomes a few groups of features (`feature`), each a place in one table of bounded
//! size (`Model`): pairs of words that stand near each other (sparse orthogonal bigrams), pieces
//! of four letters of the headers that name sender and subject, the form of the headers that the
//! sender's program writes, links and attachments. Each group counts alike however much is in it,
//! so that a huge message moves no more than an ordinary one. What receiving servers write
//! (Received, Authentication-Results, X-…) and whom the message is for is left out: it tells one
//! mailbox from another, not spam from other mail.
//!
//! The weights are those of a logistic regression, learnt online: each feature has a step of its
//! own that grows small as the feature becomes well known (AdaGrad), and a message that is judged
//! right already moves nothing. So one message, or a few that somebody planted, can hardly move
//! what many have taught.
//!
//! What the model says is log-odds: the score of a scan can add them to the weights of rules. It
//! is calibrated on messages that the model had not learnt, and says little while little is known.

mod calibration;
mod feature;
mod form;
mod kept;
mod model;
mod opinion;
mod words;

pub use feature::Features;
pub use kept::Unreadable;
pub use model::{Counts, Label, Learnt, Lesson, Model};
pub use opinion::{MOST_AGAINST, MOST_FOR, Opinion, RULE};
