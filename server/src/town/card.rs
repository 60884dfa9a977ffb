//! Who the town is: what its card says, and the key that signs it.

use std::sync::Arc;

use ipnet::IpNet;
use uuid::Uuid;
use vicino_contract::http::{LimitsBody, PaceBody, TownCard};
use vicino_domain::certificate::CertificateKind;
use vicino_domain::pagopa::Creditor;
use vicino_domain::{Border, Category, Limits};
use vicino_pictures::looking::Looker;

use crate::limits::bounds::Bounds;
use crate::providers::pagopa::{Checkout, Positions};
use crate::providers::signing::Signer;
use crate::settings::Desks;
use crate::settings::Retention;
use crate::town::identity::IdentityProvider;
use crate::town::keys::TownKeys;

/// What makes one town different from another: data, never code.
#[derive(Clone, Debug)]
pub struct TownIdentity {
    /// The name.
    pub name: String,
    /// The code in the national index of public bodies (IPA).
    pub ipa_code: String,
    /// Tells whether it is a town to practise in.
    pub practice: bool,
    /// The kinds it accepts.
    pub limits: Limits,
    /// The edge.
    pub border: Border,
    /// Where its residents prove who they are, if anywhere.
    pub provider: Option<Arc<dyn IdentityProvider>>,
    /// Where they pay, if anywhere.
    pub checkout: Option<Arc<dyn Checkout>>,
    /// Where its debts have positions with pagoPA, if anywhere.
    pub positions: Option<Arc<dyn Positions>>,
    /// The tax code, by which pagoPA knows it.
    pub creditor: Option<Creditor>,
    /// Others for whom its offices may issue debts, by their tax codes.
    pub creditors: Vec<Creditor>,
    /// The province, two letters.
    pub province: String,
    /// The certificates its registry issues.
    pub certificates: Vec<CertificateKind>,
    /// The office that keeps the registry and its certificates; none: those who are over every office.
    pub registry: Option<Uuid>,
    /// The signer of its certificates; nothing: the town's own key.
    pub signer: Option<Arc<dyn Signer>>,
    /// The address under which everybody reaches it, without a slash at its end; it stands on papers.
    pub address: Option<String>,
    /// The crest for papers, an SVG image.
    pub crest: Option<String>,
    /// Who looks at pictures from anywhere: a process of its own, where the program can start one.
    pub looker: Looker,
    /// The offices its reports are for.
    pub desks: Desks,
    /// The time it keeps what is over.
    pub retention: Retention,
    /// What one caller may take of it.
    pub bounds: Bounds,
    /// The proxies in front of it, whose word on a caller's address is believed.
    pub proxies: Vec<IpNet>,
}

impl TownIdentity {
    /// Returns whether its offices may issue a debt in this creditor's name.
    pub(crate) fn collects_for(&self, creditor: Creditor) -> bool {
        self.creditor == Some(creditor) || self.creditors.contains(&creditor)
    }

    /// The card of this town, with its keys.
    pub(crate) fn card(&self, keys: &TownKeys) -> TownCard {
        let offered =
            ["reports", "public_reports", "streets", "services", "offices", "counters", "bulletins", "snapshot"];
        let sign_in = self.provider.as_ref().map(|_| "sign_in");
        let payments = self.checkout.as_ref().map(|_| "payments");
        let certificates = (!self.certificates.is_empty()).then_some("certificates");
        TownCard {
            name: self.name.clone(),
            ipa_code: self.ipa_code.clone(),
            practice: self.practice,
            keys: keys.public.clone(),
            succession: keys.succession.clone(),
            compromised: keys.compromised.clone(),
            sealers: keys.sealers.clone(),
            capabilities: offered
                .into_iter()
                .chain(sign_in)
                .chain(payments)
                .chain(certificates)
                .map(String::from)
                .collect(),
            limits: LimitsBody::from(self.limits),
            languages: vec![String::from("it"), String::from("en")],
            identity_provider: self.provider.as_ref().map(|provider| provider.name().to_owned()),
            pace: PaceBody::default(),
            categories: Category::ALL.iter().map(|category| category.code().to_owned()).collect(),
            certificates: self.certificates.iter().map(|kind| kind.code().to_owned()).collect(),
            border: self.border.0.iter().map(|point| (*point).into()).collect(),
        }
    }
}
