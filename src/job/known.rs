//! The store for who only looks, or says a word, while no run is needed: opened as it is, and held
//! so that nobody exchanges it meanwhile.

use super::desk::{JobError, store_path};
use super::lock::{Lock, shared};
use crate::settings::Places;
use crate::store::Store;

/// The store, as long as this is there.
pub(super) struct Known {
    pub(super) store: Store,
    _lock: Lock,
}

/// Opens the store; `None` where no run has made one yet.
pub(super) fn known(places: &Places) -> Result<Option<Known>, JobError> {
    let path = store_path(&places.data_dir);
    match path.exists() {
        true => made(places).map(Some),
        false => Ok(None),
    }
}

/// Opens the store; one is made where no run has made one yet.
pub(super) fn made(places: &Places) -> Result<Known, JobError> {
    let path = store_path(&places.data_dir);
    let _lock = Lock::over(shared(&places.data_dir)?);
    let store = Store::open(&path)?;
    Ok(Known { store, _lock })
}
