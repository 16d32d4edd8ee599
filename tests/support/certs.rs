//! Certificates for test servers: good, expired, for another host, from an unknown issuer.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::path::{Path, PathBuf};

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flaw {
    #[default]
    None,
    Expired,
    WrongName,
    UnknownIssuer,
}

/// The files that a server and its client need.
pub struct Certs {
    /// The CA that the client trusts.
    pub ca: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority(name: &str) -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let pem = params.self_signed(&key).unwrap().pem();
    Authority {
        pem,
        issuer: Issuer::new(params, key),
    }
}

/// Writes `ca.pem`, `cert.pem` and `key.pem` into the folder; the certificate is for `localhost`
/// and 127.0.0.1 where it has no other flaw.
pub fn write(folder: &Path, flaw: Flaw) -> Certs {
    let trusted = authority("Postsweep test CA");
    let stranger = authority("Nobody's CA");
    let names = match flaw {
        Flaw::WrongName => vec!["imap.example.com".to_owned()],
        _ => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    };
    let mut params = CertificateParams::new(names).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "test server");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = match flaw {
        Flaw::Expired => date_time_ymd(2021, 2, 3),
        _ => date_time_ymd(2199, 1, 1),
    };
    let key = KeyPair::generate().unwrap();
    let issuer = match flaw {
        Flaw::UnknownIssuer => &stranger.issuer,
        _ => &trusted.issuer,
    };
    let certificate = params.signed_by(&key, issuer).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    Certs {
        ca: file("ca.pem", trusted.pem),
        certificate: file("cert.pem", certificate.pem()),
        key: file("key.pem", key.serialize_pem()),
    }
}
