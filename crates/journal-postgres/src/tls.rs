//! Encrypted connections, with psql's modes (<https://www.postgresql.org/docs/current/libpq-ssl.html>).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address_error::AddressError;

/// What of the server's certificate is verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verify {
    /// Nothing: the connection is encrypted, and anyone could be at its other end.
    #[default]
    Nothing,
    /// That a trusted authority has issued it.
    Authority,
    /// That, and that it is this server's.
    Full,
}

/// How a connection is encrypted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Security {
    mode: Mode,
    verify: Verify,
    /// The trusted authorities; `None`: the system's.
    authorities: Option<PathBuf>,
    /// A certificate of one's own, and its key.
    own: Option<(PathBuf, PathBuf)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    Disable,
    #[default]
    Prefer,
    Require,
}

impl Security {
    /// Of the settings `sslmode`, `sslrootcert`, `sslcert`, `sslkey`. Without `sslrootcert` psql's file in the home
    /// folder counts, and without that the system's authorities.
    pub(crate) fn of(
        mode: Option<&str>,
        [authorities, certificate, key]: [Option<String>; 3],
        home: Option<&Path>,
    ) -> Result<Self, AddressError> {
        let usual = |name: &str| {
            home.map(|home| home.join(".postgresql").join(name)).filter(|file| file.is_file())
        };
        let is_system = authorities.as_deref() == Some("system");
        let named = authorities.filter(|_| !is_system).map(PathBuf::from);
        let authorities = named.or_else(|| usual("root.crt").filter(|_| !is_system));
        let (mode, verify) = match mode.unwrap_or(if is_system { "verify-full" } else { "prefer" })
        {
            "disable" => (Mode::Disable, Verify::Nothing),
            "allow" | "prefer" => (Mode::Prefer, Verify::Nothing),
            // So psql has it: authorities that are there are not ignored.
            "require" if authorities.is_some() => (Mode::Require, Verify::Authority),
            "require" => (Mode::Require, Verify::Nothing),
            "verify-ca" => (Mode::Require, Verify::Authority),
            "verify-full" => (Mode::Require, Verify::Full),
            other => return Err(AddressError::Unclear(format!("unknown sslmode “{other}”"))),
        };
        let certificate = certificate.map(PathBuf::from).or_else(|| usual("postgresql.crt"));
        let key = key.map(PathBuf::from).or_else(|| usual("postgresql.key"));
        Ok(Self { mode, verify, authorities, own: certificate.zip(key) })
    }

    pub(crate) fn mode(&self) -> SslMode {
        match self.mode {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require => SslMode::Require,
        }
    }

    /// What encrypts connections.
    pub(crate) fn connector(&self) -> Result<MakeRustlsConnect, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match self.verify {
            Verify::Nothing => Arc::new(Lenient { inner: None, provider: Arc::clone(&provider) }),
            Verify::Authority => {
                let inner = Some(self.verifier(&provider)?);
                Arc::new(Lenient { inner, provider: Arc::clone(&provider) })
            }
            Verify::Full => self.verifier(&provider)?,
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match &self.own {
            Some((certificate, key)) => {
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, &error))?;
                config.with_client_auth_cert(certificates(certificate)?, key)?
            }
            None => config.with_no_client_auth(),
        };
        Ok(MakeRustlsConnect::new(config))
    }

    fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
        let Some(authorities) = &self.authorities else {
            return Ok(Arc::new(Verifier::new(Arc::clone(provider))?));
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates(authorities)? {
            roots.add(certificate)?;
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let verifier = verifier.build();
        Ok(verifier.map_err(|error| unread(authorities, &error))?)
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let all = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    all.map_err(|error| unread(file, &error))
}

fn unread(file: &Path, error: &dyn std::fmt::Display) -> rustls::Error {
    rustls::Error::General(format!("{} cannot be used: {error}", file.display()))
}

/// Verifies less than rustls does by itself. The signatures of the handshake are verified always.
#[derive(Debug)]
struct Lenient {
    /// Verifies all but the server's name; `None`: nothing is verified.
    inner: Option<Arc<dyn ServerCertVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        match inner.verify_server_cert(end, between, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
