//! Measuring: how well rules part spam from honest mail, and what each rule is worth. It is given
//! folders of judged mail, and gives back figures, weights and a picture; it opens no file, reads
//! no clock and judges no message. Nothing in it is left to chance: the same folders in the same
//! order give the same figures.
//!
//! `fit` finds weights, `bound` those that keep within a bound on false alarms, `folds` what is
//! found in a folder by weights fitted on the others; `roc` and `calibration` are figures of
//! scores, `figures` all that is said of a measurement, `worth` all that is said of a rule, `plot`
//! the picture.

mod bound;
mod calibration;
mod corpus;
mod figures;
mod fit;
mod folds;
mod plot;
mod receiver;
mod roc;
mod weights;
mod worth;

pub use bound::{Fitted, allowed, fit_within_bounds};
pub use calibration::{Bin, Calibration, SPAM_SHARE};
pub use corpus::{Corpus, Folder, Judged, Kind, Name, Part};
pub use figures::{
    Counted, Figures, LEVELS, Measured, Miss, OfAll, OfFolder, SHARES, best_constant, figures,
};
pub use folds::{Left, leave_one_out};
pub use plot::{Curve, plot};
pub use receiver::without_received;
pub use roc::{one_less_area, recall_at, threshold_at};
pub use weights::weights_file;
pub use worth::{Worth, worth};
