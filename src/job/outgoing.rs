//! What the page of settings asks of submission: which vendors there are, and the outgoing server
//! with its password, which goes into the keyring and nowhere else.

use super::plan;
use crate::settings::{
    NewOutgoing, PasswordFrom, Places, Secret, Setting, Settings, SettingsError, keyring, set_all,
};

/// A vendor, in a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether zips can be uploaded by hand.
    pub has_portal: bool,
}

/// The vendors that samples can go to; what is wrong in the user's own files is a warning.
pub fn vendor_list(places: &Places, warnings: &mut Vec<String>) -> Vec<VendorLine> {
    let vendors = plan::vendors(places, warnings);
    let line = |vendor: &std::sync::Arc<crate::vendor::Vendor>| VendorLine {
        id: vendor.id.clone(),
        name: vendor.name.clone(),
        has_portal: vendor.portal().is_some(),
    };
    vendors.iter().map(line).collect()
}

/// Sets the server for outgoing mail. A password that is given goes into the keyring; without
/// one, whatever is there stays. A word about the keyring, where it failed, comes beside the
/// settings, which are written then.
pub fn set_outgoing(
    places: &Places,
    new: NewOutgoing,
    password: Option<&Secret>,
) -> Result<(Settings, Option<String>), SettingsError> {
    let settings = set_all(&places.config_file, &[Setting::Outgoing(Some(new))])?;
    let from = settings.outgoing.as_ref().map(|server| &server.password);
    let trouble = match (from, password) {
        (Some(PasswordFrom::Keyring(name)), Some(password)) => {
            let stored = keyring::store(name, password);
            stored.err().map(|error| error.to_string())
        }
        _ => None,
    };
    Ok((settings, trouble))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_vendors_are_offered() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::within(dir.path());
        let mut warnings = Vec::new();
        let vendors = vendor_list(&places, &mut warnings);
        assert!(vendors.iter().any(|vendor| vendor.id == "trend-micro"));
        assert!(warnings.is_empty());
    }
}
