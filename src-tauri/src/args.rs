//! What may be said when the app is started from a shell: `--town URL`, `--data FOLDER`, `--practice`.

use std::path::{Path, PathBuf};

/// The arguments; anything else is left to the window's toolkit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Args {
    pub(crate) town: Option<String>,
    pub(crate) data: Option<PathBuf>,
    /// Join the practice town when none was joined before.
    pub(crate) practice: bool,
}

impl Args {
    pub(crate) fn of(words: impl Iterator<Item = String>) -> Self {
        let (mut args, mut words) = (Self::default(), words);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--town" => args.town = words.next(),
                "--practice" => args.practice = true,
                "--data" => args.data = words.next().map(PathBuf::from),
                _ => {}
            }
        }
        args
    }

    /// The device's folder when none was wished for: one for each town, since a device belongs to one.
    pub(crate) fn home(&self, base: &Path) -> PathBuf {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '_' };
        match &self.town {
            Some(url) => base.join("towns").join(url.trim_end_matches('/').chars().map(plain).collect::<String>()),
            None => base.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_found_among_other_words() {
        let words = ["--gapplication-service", "--town", "http://127.0.0.1:8787", "--data", "/tmp/x", "--data"];
        let args = Args::of(words.into_iter().map(String::from));
        assert_eq!(args.town.as_deref(), Some("http://127.0.0.1:8787"));
        assert_eq!(args.data, None, "the last word counts, and it named nothing");
        assert_eq!(args.home(Path::new("/d")), Path::new("/d/towns/http___127.0.0.1_8787"));
        assert_eq!(Args::default().home(Path::new("/d")), Path::new("/d"));
    }
}
