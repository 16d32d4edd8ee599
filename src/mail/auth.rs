//! What the receiver's own server found on SPF, DKIM and DMARC (RFC 8601), read from the
//! `Authentication-Results` that it wrote, and from no other.

/// One method's result (RFC 8601 section 2.7), folded to what matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// `pass`
    Pass,
    /// `fail`, `softfail`, `policy`
    Fail,
    /// `none`, `neutral`, `temperror`, `permerror`: nothing was shown either way.
    Neither,
}

/// What the receiver recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authentication {
    /// SPF, with the domain of the envelope sender that it speaks of.
    pub spf: Option<(Outcome, String)>,
    /// DKIM, each signature with its `header.d`.
    pub dkim: Vec<(Outcome, String)>,
    /// DMARC, with the From domain that it speaks of.
    pub dmarc: Option<(Outcome, String)>,
    /// Microsoft's composite authentication.
    pub compauth: Option<Outcome>,
    /// Who wrote it: the authserv-id, or the trusted host it stands above. `None`: the receiver
    /// recorded nothing.
    pub by: Option<String>,
}

/// What authentication says of the From domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// DMARC passed, or SPF or DKIM passed for the From domain's organisation.
    Pass,
    /// The receiver looked and nothing passed for the From domain, or DMARC failed.
    Fail,
    /// The receiver recorded nothing that speaks either way.
    Unrecorded,
}
