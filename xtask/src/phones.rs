//! Type-checks the app for phones on a machine that has no phone's toolchain.
//!
//! C parts are not needed for a type check, only their build scripts' blessing: stand-ins take the place of the
//! compilers. They preprocess with the host's compiler, refuse the one flag that would make them look like MSVC's,
//! and otherwise create the file they were asked for. Nothing they make is ever linked.

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup;
use crate::shell::{Done, cargo, on, run, target};

const CC: &str = r#"#!/bin/sh
out= preprocess=
for word in "$@"; do
  case "$word" in
    -E) preprocess=1 ;;
    -\?) exit 1 ;;
  esac
done
if [ -n "$preprocess" ]; then
  # The host's preprocessor does not know the flags of another maker's.
  n=$#
  while [ "$n" -gt 0 ]; do
    word=$1; shift; n=$((n - 1))
    case "$word" in
      -arch|-isysroot|-target) shift; n=$((n - 1)) ;;
      -miphoneos-version-min=*|--target=*|-fembed-bitcode*) ;;
      *) set -- "$@" "$word" ;;
    esac
  done
  exec cc "$@"
fi
while [ $# -gt 0 ]; do
  [ "$1" = -o ] && out=$2
  shift
done
[ -n "$out" ] && : > "$out"
exit 0
"#;

const AR: &str = r#"#!/bin/sh
for word in "$@"; do
  case "$word" in *.a) printf '!<arch>\n' > "$word"; exit 0 ;; esac
done
exit 0
"#;

/// `cargo check` for Android.
pub(crate) fn android() -> Done {
    check("aarch64-linux-android", &[])
}

/// `cargo check` for iOS.
pub(crate) fn ios() -> Done {
    // OpenSSL's build script parts the path at this folder.
    let sdk = folder().join("SDKs/iPhoneOS.sdk");
    fs::create_dir_all(&sdk).map_err(on(&sdk))?;
    let sdk = sdk.to_string_lossy().into_owned();
    check("aarch64-apple-ios", &[("SDKROOT", &sdk), ("IPHONEOS_DEPLOYMENT_TARGET", "14.0")])
}

fn check(triple: &str, more: &[(&str, &str)]) -> Done {
    setup::target(triple)?;
    let (cc, ar) = (stand_in("cc", CC)?, stand_in("ar", AR)?);
    let mut check = cargo(&["check", "--package", "vicino", "--lib", "--target", triple]);
    let suffix = triple.replace('-', "_");
    for name in ["CC", "CXX"] {
        check.env(format!("{name}_{suffix}"), &cc);
    }
    for name in ["AR", "RANLIB"] {
        check.env(format!("{name}_{suffix}"), &ar);
    }
    check.envs(more.iter().copied());
    run(&mut check)
}

fn folder() -> PathBuf {
    target().join("stand-ins")
}

fn stand_in(name: &str, script: &str) -> Done<PathBuf> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(on(&folder))?;
    let path = folder.join(name);
    fs::write(&path, script).map_err(on(&path))?;
    executable(&path)?;
    Ok(path)
}

#[cfg(unix)]
fn executable(path: &Path) -> Done {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(on(path))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Done {
    Err("the phones' type check needs a Unix machine".into())
}
