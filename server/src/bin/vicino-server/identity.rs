//! The town that the options describe: its identity, its crest, its keys to pagoPA.

use std::io;
use std::path::Path;
use std::sync::Arc;

use vicino_documents::CertificatePaper;
use vicino_domain::{Border, Limits};
use vicino_pictures::looking::Looker;
use vicino_server::pagopa::{Checkout, Gpd, PagoPaCheckout, Positions, Version};
use vicino_server::{Bounds, Desks, OpenError, Retention, TownIdentity};

use crate::options::{Options, is_guarded};

/// Who the town is, in the words of its options.
pub(crate) fn identity(options: &Options, positions: Option<Arc<dyn Positions>>) -> Result<TownIdentity, OpenError> {
    Ok(TownIdentity {
        name: options.name.clone(),
        ipa_code: options.ipa_code.clone(),
        practice: false,
        limits: Limits::default(),
        border: Border::default(),
        provider: None,
        checkout: checkout(options)?,
        positions,
        creditor: options.creditor,
        creditors: options.also_creditor.clone(),
        province: options.province.clone(),
        // What a registry issues is said by whoever connects it.
        certificates: Vec::new(),
        registry: None,
        signer: None,
        address: options.address.clone(),
        crest: crest(options)?,
        looker: looker(),
        desks: options.desks.as_deref().map(Desks::read).transpose()?.unwrap_or_default(),
        retention: options.retention.as_deref().map(Retention::read).transpose()?.unwrap_or_default(),
        bounds: Bounds::default(),
        proxies: options.trusted_proxy.clone(),
    })
}

/// The town's crest; what no paper can bear is said at the start, not when somebody waits for one.
fn crest(options: &Options) -> Result<Option<String>, OpenError> {
    let Some(path) = &options.crest else { return Ok(None) };
    let crest = vicino_disk::read_text(path)?;
    let fit = CertificatePaper::bears(&crest);
    let why = vicino_disk::saying(io::ErrorKind::InvalidInput, "--crest is no SVG image that a paper can bear");
    if fit { Ok(Some(crest)) } else { Err(why.into()) }
}

/// Where the town's debt positions are, when it says so.
pub(crate) fn gpd(options: &Options) -> Result<Option<Gpd>, OpenError> {
    let Some(((base, key), creditor)) = options.gpd.as_ref().zip(options.gpd_key.as_ref()).zip(options.creditor) else {
        return Ok(None);
    };
    let key = key_file(key)?;
    guarded("--gpd", base)?;
    let gpd = Gpd::new(base, key, creditor);
    Ok(Some(gpd.ok_or_else(|| vicino_disk::saying(io::ErrorKind::InvalidInput, "--gpd is no address"))?))
}

/// Where residents pay, when the town says so.
fn checkout(options: &Options) -> Result<Option<Arc<dyn Checkout>>, OpenError> {
    let Some((base, key)) = options.checkout.as_ref().zip(options.checkout_key.as_ref()) else { return Ok(None) };
    let key = key_file(key)?;
    guarded("--checkout", base)?;
    let version = if options.checkout_v1 { Version::V1 } else { Version::V2 };
    let page = PagoPaCheckout::new(base, key, version);
    let page = page.ok_or_else(|| vicino_disk::saying(io::ErrorKind::InvalidInput, "--checkout is no address"))?;
    Ok(Some(Arc::new(page)))
}

/// A key from its file, which nobody but its owner may read.
fn key_file(path: &Path) -> io::Result<String> {
    #[cfg(unix)]
    if std::fs::metadata(path).is_ok_and(|facts| std::os::unix::fs::MetadataExt::mode(&facts) & 0o077 != 0) {
        let why = format!("{}: others may read this key; take that away with `chmod 600`", path.display());
        return Err(vicino_disk::saying(io::ErrorKind::PermissionDenied, why));
    }
    Ok(vicino_disk::read_text(path)?.trim().to_owned())
}

/// A refusal of an address to which a key would travel in the clear; this very machine needs no cover.
fn guarded(flag: &str, base: &str) -> io::Result<()> {
    let why = || vicino_disk::saying(io::ErrorKind::InvalidInput, format!("{flag} is no https address"));
    if reqwest::Url::parse(base).is_ok_and(|url| is_guarded(&url)) { Ok(()) } else { Err(why()) }
}

/// Pictures of strangers are looked at by this very program, started once more for each.
pub(crate) fn looker() -> Looker {
    std::env::current_exe().map(Looker::beside).unwrap_or_default()
}
