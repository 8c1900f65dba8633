//! One order: from the account to a certificate, or to words about what is in the way.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Error, Identifier, NewAccount, NewOrder,
    Order, OrderStatus, Problem, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use super::client::Client;
use super::{Certificates, Way};
use crate::private_file;
use crate::probe::ProbeError;

/// An authority that has not looked by then will not.
const PATIENCE: Duration = Duration::from_secs(90);

const ACCOUNT: &str = "account.json";

/// Why an order failed, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    what: String,
    advice: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.what.trim_end_matches('.'), self.advice)
    }
}

impl std::error::Error for Trouble {}

impl Trouble {
    /// Something that should not happen.
    pub(super) fn odd(what: impl fmt::Display) -> Self {
        Self { what: what.to_string(), advice: "It is tried again.".to_owned() }
    }

    fn of(error: &Error) -> Self {
        match error {
            Error::Api(problem) => Self::told(problem),
            Error::Other(source) => match source.downcast_ref::<ProbeError>() {
                Some(error) => Self {
                    what: format!("the authority cannot be reached: {error}"),
                    advice: "Check that this machine has a way to the internet, and acme_directory."
                        .to_owned(),
                },
                None => Self::odd(source),
            },
            Error::Timeout(_) => Self {
                what: "the authority took too long".to_owned(),
                advice: "It is tried again; look at the status page of the authority if that goes on."
                    .to_owned(),
            },
            other => Self::odd(other),
        }
    }

    /// What the authority said (RFC 8555, 6.7).
    fn told(problem: &Problem) -> Self {
        let kind = problem.r#type.as_deref().unwrap_or_default();
        let kind = kind.strip_prefix("urn:ietf:params:acme:error:").unwrap_or(kind);
        let detail = problem.detail.as_deref().unwrap_or(kind);
        let advice = match kind {
            "connection" | "tls" => {
                "Check that the name in `domain` leads to this machine, and that port 443 (or port 80) is open in the firewall \
                 and passed on by the router to Rony."
            }
            "dns" => {
                "Create a DNS record that leads the name in `domain` to the public address of this machine, and wait until it is known."
            }
            "unauthorized" | "incorrectResponse" => {
                "Check that all DNS records of the name in `domain`, of IPv6 too, lead to this machine, that port 443 (or port 80) \
                 is open in the firewall, and that no other server or proxy answers there."
            }
            "caa" => {
                "A CAA record of the name in `domain` forbids this authority: change the record, or choose another acme_directory."
            }
            "rateLimited" => {
                "There were too many orders: it is tried again later. Keep the data folder between restarts."
            }
            "rejectedIdentifier" => "This authority signs no certificate for such a name: correct `domain`.",
            "invalidContact" | "unsupportedContact" => "Correct the address in acme_contact.",
            "externalAccountRequired" => {
                "This authority wants an account that was made elsewhere: choose another acme_directory."
            }
            _ => "It is tried again.",
        };
        Self { what: format!("the authority says: {detail} ({kind})"), advice: advice.to_owned() }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl From<rcgen::Error> for Trouble {
    fn from(error: rcgen::Error) -> Self {
        Self::odd(error)
    }
}

impl Certificates {
    /// Orders a certificate; gives back chain and key, as PEM.
    pub(super) async fn order(&self, way: Way) -> Result<String, Trouble> {
        let names = [Identifier::Dns(self.settings.domain.clone())];
        let account = self.account().await?;
        let mut order = match account.new_order(&NewOrder::new(&names)).await {
            Err(error) if is_unknown_account(&error) => {
                // An authority may forget whom it has not seen for long.
                self.new_account().await?.new_order(&NewOrder::new(&names)).await?
            }
            other => other?,
        };
        self.prove(&mut order, way).await?;
        let patience = RetryPolicy::new().timeout(PATIENCE);
        match order.poll_ready(&patience).await {
            Ok(OrderStatus::Ready | OrderStatus::Valid) => {}
            Ok(_) | Err(Error::Api(_)) => return Err(reason(&mut order).await),
            Err(other) => return Err(other.into()),
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([self.settings.domain.clone()])?;
        params.distinguished_name = DistinguishedName::new();
        order.finalize_csr(params.serialize_request(&key)?.der()).await?;
        let chain = order.poll_certificate(&patience).await?;
        Ok(format!("{}\n{}", chain.trim_end(), key.serialize_pem()))
    }

    /// Lays out what the authority looks for, and tells it that it may look.
    async fn prove(&self, order: &mut Order, way: Way) -> Result<(), Trouble> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status != AuthorizationStatus::Pending {
                // It was proved not long ago, or the order's own state says what is wrong.
                continue;
            }
            let kind = match way {
                Way::Tls => ChallengeType::TlsAlpn01,
                Way::Http => ChallengeType::Http01,
            };
            let mut challenge = authorization
                .challenge(kind)
                .ok_or_else(|| Trouble::odd("the authority offers no proof by port 443 or port 80"))?;
            let key = challenge.key_authorization();
            match way {
                Way::Tls => self.shown.prove(Arc::new(proof(&self.settings.domain, key.digest().as_ref())?)),
                Way::Http => self.tokens.set(&challenge.token, key.as_str()),
            }
            challenge.set_ready().await?;
        }
        Ok(())
    }

    async fn account(&self) -> Result<Account, Trouble> {
        let kept = private_file::read(&self.folder.join(ACCOUNT)).map_err(Trouble::odd)?;
        let kept = kept.and_then(|text| serde_json::from_str::<AccountCredentials>(&text).ok());
        match kept {
            Some(credentials) => {
                Ok(Account::builder_with_http(Box::new(self.client())).from_credentials(credentials).await?)
            }
            None => self.new_account().await,
        }
    }

    async fn new_account(&self) -> Result<Account, Trouble> {
        let contact: Vec<String> =
            self.settings.contact.iter().map(|address| format!("mailto:{address}")).collect();
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new =
            NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let builder = Account::builder_with_http(Box::new(self.client()));
        let (account, credentials) = builder.create(&new, self.settings.directory.clone(), None).await?;
        let text = serde_json::to_string(&credentials).map_err(Trouble::odd)?;
        private_file::write(&self.folder.join(ACCOUNT), &text).map_err(Trouble::odd)?;
        Ok(account)
    }

    fn client(&self) -> Client {
        Client(self.authorities.clone())
    }
}

/// Why the authority was not convinced.
async fn reason(order: &mut Order) -> Trouble {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        if let Ok(state) = authorization.refresh().await
            && let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref())
        {
            return Trouble::told(problem);
        }
    }
    match &order.state().error {
        Some(problem) => Trouble::told(problem),
        None => Trouble::odd("the authority refused the order and did not say why"),
    }
}

fn is_unknown_account(error: &Error) -> bool {
    matches!(error, Error::Api(problem) if problem.r#type.as_deref().is_some_and(|kind| kind.ends_with(":accountDoesNotExist")))
}

/// A certificate that says nothing but that the authority's question was heard (RFC 8737, 3).
fn proof(domain: &str, digest: &[u8]) -> Result<CertifiedKey, Trouble> {
    let mut params = CertificateParams::new([domain.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(Trouble::odd)?;
    let key =
        rustls::crypto::ring::default_provider().key_provider.load_private_key(key).map_err(Trouble::odd)?;
    // Not `from_der`, which reads the certificate to compare the two, and does not know the extension.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
