//! The keyring of this system: Secret Service, Keychain, Credential Manager on computers; the Keystore and the protected
//! data store on phones.

#[cfg(not(any(target_os = "android", target_os = "ios")))]
pub(crate) use keyring::{Entry, Error};
#[cfg(any(target_os = "android", target_os = "ios"))]
pub(crate) use keyring_core::{Entry, Error};

/// The entry of this name.
pub(crate) fn entry(service: &str, name: &str) -> Result<Entry, Error> {
    ready()?;
    Entry::new(service, name)
}

#[cfg(not(any(target_os = "android", target_os = "ios")))]
const fn ready() -> Result<(), Error> {
    Ok(())
}

/// On a phone its own store is named once.
#[cfg(any(target_os = "android", target_os = "ios"))]
fn ready() -> Result<(), Error> {
    #[cfg(target_os = "android")]
    use android_native_keyring_store::Store;
    #[cfg(target_os = "ios")]
    use apple_native_keyring_store::protected::Store;
    static NAMED: std::sync::Mutex<bool> = std::sync::Mutex::new(false);
    let mut named = NAMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !*named {
        keyring_core::set_default_store(Store::new()?);
        *named = true;
    }
    Ok(())
}
