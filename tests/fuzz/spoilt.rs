//! Examples, and edits that spoil them.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant as Stopwatch};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use sha2::Digest as _;
use world::driver::root;

/// The number of times a target is tried at least.
const TRIES: u32 = 300;

/// An edit; places and lengths are taken within what is there.
#[derive(Clone, Debug)]
enum Edit {
    /// A byte is another.
    Set(Index, u8),
    /// Something is put in.
    Insert(Index, Vec<u8>),
    /// Something is taken out.
    Cut(Index, usize),
    /// A piece is there again.
    Repeat(Index, usize, Index),
    /// Digits are other digits.
    Number(Index, u64),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    // Signs that mean something somewhere: ends, quotes, limits of numbers and of letters.
    let odd = prop::sample::select(vec![
        &b"\0"[..],
        b"\"",
        b"\\",
        b"{",
        b"]",
        b"\r\n",
        b"..",
        b"/",
        b"%00",
        b"-",
        b"1e999",
        b"null",
        b"\xff\xfe",
        b"\xe2\x80\xae",
        b"\xcc\x81",
        b"\xf0\x9f\x98\x80",
        b"\xed\xa0\x80",
        b"9223372036854775808",
        b"<<",
        b"endobj",
        b"\xff\xd8\xff\xe1\xff\xff",
    ]);
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (index(), odd).prop_map(|(at, bytes)| Edit::Insert(at, bytes.to_vec())),
        (index(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (index(), 1..64_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        (index(), 1..64_usize, index()).prop_map(|(from, length, to)| Edit::Repeat(from, length, to)),
        (index(), any::<u64>()).prop_map(|(at, number)| Edit::Number(at, number)),
    ]
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let all = bytes.len();
        let at = |index: &Index| index.index(all + 1);
        match self {
            Self::Set(_, _) | Self::Cut(_, _) | Self::Repeat(..) | Self::Number(..) if all == 0 => {}
            Self::Set(place, byte) => bytes[place.index(all)] = *byte,
            Self::Insert(place, more) => {
                let at = at(place);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Cut(place, length) => {
                let at = at(place);
                bytes.drain(at..(at + length).min(all));
            }
            Self::Repeat(from, length, to) => {
                let from = at(from);
                let piece = bytes[from..(from + length).min(all)].to_vec();
                let to = at(to);
                bytes.splice(to..to, piece);
            }
            Self::Number(place, number) => {
                let digits: Vec<usize> = (0..all).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let at = digits[place.index(digits.len())];
                    bytes.splice(at..=at, number.to_string().into_bytes());
                }
            }
        }
    }
}

/// Tries a target on examples spoilt at random, those first that it fell over before.
pub(crate) fn tried(target: &str, examples: Vec<Vec<u8>>, holds: impl Fn(&[u8])) {
    tried_often(target, TRIES, examples, holds);
}

/// The same for a target that takes its time: so often at least.
pub(crate) fn tried_often(target: &str, tries: u32, mut examples: Vec<Vec<u8>>, holds: impl Fn(&[u8])) {
    let corpus = root().join("tests/fuzz/corpus").join(target);
    for kept in kept(&corpus) {
        holds(&kept);
        examples.push(kept);
    }
    assert!(!examples.is_empty(), "there is nothing to begin from");
    examples.iter().for_each(|example| holds(example));
    let seconds = std::env::var("VICINO_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let until = Stopwatch::now() + Duration::from_secs(seconds);
    let mut done_so_far = 0_u64;
    loop {
        let mut runner = TestRunner::new(Config { cases: tries, failure_persistence: None, ..Config::default() });
        let spoil = (any::<Index>(), vec(edit(), 1..8)).prop_map(|(which, edits)| {
            let mut bytes = examples[which.index(examples.len())].clone();
            edits.iter().for_each(|edit| edit.apply(&mut bytes));
            bytes
        });
        let done = runner.run(&spoil, |bytes| {
            let fell = catch_unwind(AssertUnwindSafe(|| holds(&bytes)));
            fell.map_err(|_| TestCaseError::fail("it fell"))
        });
        match done {
            Ok(()) => done_so_far += u64::from(tries),
            Err(TestError::Fail(_, bytes)) => {
                let name: String =
                    sha2::Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                fs::create_dir_all(&corpus).unwrap();
                let file = corpus.join(name);
                fs::write(&file, &bytes).unwrap();
                panic!("{target} falls over {}: {:?}", file.display(), String::from_utf8_lossy(&bytes));
            }
            Err(other) => panic!("{target}: {other}"),
        }
        if Stopwatch::now() >= until {
            break;
        }
    }
    println!("{target}: {done_so_far} tries");
}

/// Examples in files of a folder.
fn kept(folder: &PathBuf) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|file| fs::read(file.path()).unwrap()).collect()
}

/// Examples in the lines of a text.
pub(crate) fn lines(text: &str) -> Vec<Vec<u8>> {
    text.lines().filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).collect()
}
