//! What this device still has to tell the town.
//!
//! # The story of a request
//!
//! A resident presses *send*. In **one transaction** the draft becomes a report, and the outbox gains a row for the
//! report and one for each photo, with the very bytes that will travel and the identity they travel under, made here.
//! When the transaction is on the disk, and not before, the screen says *saved on this device*.
//!
//! The runner wakes and asks [`ready`] which requests may go now. Order is kept **within a matter**, a report or a case: a
//! photo or a message follows the matter it belongs to, one request of it at a time. Matters never wait for each other, so
//! one that cannot go delays nobody.
//!
//! A try is **counted before it is made**. The api room answers in one of three ways ([`Verdict`]):
//!
//! * *now*: something was put right on the way (a new token, a new upload), go on at once;
//! * *later*: no network, or the town asked for patience. The next moment is a pure function of the tries, the town's
//!   `Retry-After` and chance ([`next`]); waiting never gives up;
//! * *never*: the town refused this very request. It becomes **stuck**: its reason is stored, the resident can
//!   correct, retry or withdraw, and nothing else waits for it.
//!
//! A yes counts only with the town's **signed acknowledgement** of this kind, this identity and these bytes, checked
//! against the key pinned when joining. It is stored in the transaction that marks the row delivered. A yes without
//! it is *later*: whoever answered was not the town.
//!
//! The same request may go out many times: an answer lost on the way, a crash, a restart. The town knows it by its
//! identity and bytes, and answers as the first time. Should the town lose its memory (a restored copy), `sync`
//! notices what it no longer has and puts those rows back in the queue: bodies are kept for that.

pub(crate) mod retry;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use vicino_contract::Matter;
use vicino_contract::ipc::WaitsFor;
use vicino_domain::{Instant, RequestId};

use crate::device::Device;
use crate::error::Error;
pub(crate) use crate::store::request::Request;
use crate::store::{person, settings};

pub use crate::store::request::Obstacle;
pub use retry::{Next, Verdict, next};

/// The resident's hand on sending.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct SendPolicy {
    /// Nothing goes.
    pub(crate) hold: bool,
    /// Photos wait for a network that is not metered.
    pub(crate) photos_wait: bool,
    /// The town does not believe this device any more: what belongs to a resident waits until they sign in.
    pub(crate) signed_out: bool,
}

impl Device {
    /// The rules for sending now: the resident's choices, the network, their sign-in.
    pub(crate) fn send_policy(&self) -> Result<SendPolicy, Error> {
        let (settings, resident) = self.store.private(|tx| Ok((settings::read(tx)?, person::find(tx)?)))?;
        let once = self.shared.photos_once.load(Ordering::Relaxed);
        Ok(SendPolicy {
            hold: settings.hold,
            photos_wait: self.network().metered && !settings.photos_on_metered && !once,
            signed_out: resident.is_some_and(|resident| !resident.signed_in),
        })
    }
}

/// Makes an identity for a request.
pub(crate) fn identity(device: &Device) -> Result<RequestId, Error> {
    Ok(RequestId::new(device.now(), crate::entropy::random()?))
}

/// What a pending request waits for, or `None`: it may go now. Requests come in the order they were queued.
pub(crate) fn waits<'a>(
    pending: &'a [Request],
    hand: SendPolicy,
    now: Instant,
) -> Vec<(&'a Request, Option<WaitsFor>)> {
    let mut begun: BTreeSet<Matter> = BTreeSet::new();
    let look = |request: &'a Request| {
        let waits = waits_for(request, &begun, hand, now);
        // Whatever is stuck lets the rest of its matter pass, unless it is the matter itself.
        let passes = request.stuck.is_some() && !request.kind.is_whole();
        // Photos held back, for a better network or for room at the town, do not hold back words.
        let aside = matches!(waits, Some(WaitsFor::Unmetered | WaitsFor::Room));
        if !passes && !request.letter_stuck && !aside {
            begun.insert(request.matter);
        }
        (request, waits)
    };
    pending.iter().map(look).collect()
}

fn waits_for(request: &Request, begun: &BTreeSet<Matter>, hand: SendPolicy, now: Instant) -> Option<WaitsFor> {
    if begun.contains(&request.matter) || request.letter_stuck {
        return Some(WaitsFor::Earlier);
    }
    if hand.hold {
        return Some(WaitsFor::Hold);
    }
    if hand.signed_out {
        return Some(WaitsFor::SignIn);
    }
    if hand.photos_wait && request.kind.is_file() {
        return Some(WaitsFor::Unmetered);
    }
    // A moment further off than any wait was set by a clock that has been put right since.
    let early = request.next_try.is_some_and(|at| at > now && at - now <= retry::longest());
    early.then_some(match request.obstacle {
        Obstacle::Network => WaitsFor::Network,
        Obstacle::Room => WaitsFor::Room,
        Obstacle::Nothing => WaitsFor::NextTry,
    })
}

/// The requests that may go now: at most one of each matter.
pub(crate) fn ready(pending: &[Request], hand: SendPolicy, now: Instant) -> Vec<Request> {
    let free =
        waits(pending, hand, now).into_iter().filter(|(request, waits)| waits.is_none() && request.stuck.is_none());
    free.map(|(request, _)| request.clone()).collect()
}

/// When something of this will be ready, if nothing else happens. What waits for the resident, for another network or for
/// what comes before it is woken by those, not by a clock.
pub(crate) fn wake_at(pending: &[Request], hand: SendPolicy, now: Instant) -> Option<Instant> {
    let timed = |waits: Option<WaitsFor>| matches!(waits, Some(WaitsFor::NextTry | WaitsFor::Network | WaitsFor::Room));
    let waiting =
        waits(pending, hand, now).into_iter().filter(|(request, waits)| request.stuck.is_none() && timed(*waits));
    waiting.filter_map(|(request, _)| request.next_try).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vicino_contract::http::ProblemCode;
    use vicino_contract::{MessageKind, StuckCode, StuckReason};

    fn request(seq: i64, report: u8, kind: MessageKind) -> Request {
        Request {
            seq,
            id: RequestId::new(Instant::default(), [seq as u8; 10]),
            matter: vicino_domain::ReportId::new(Instant::default(), [report; 10]).into(),
            kind,
            subject: String::new(),
            saved_at: Instant::default(),
            tries: 0,
            next_try: None,
            obstacle: Obstacle::Nothing,
            left: false,
            stuck: None,
            delivered_at: None,
            acknowledgement: None,
            confirmed: false,
            letter_stuck: false,
        }
    }

    fn stuck() -> Option<StuckReason> {
        Some(StuckReason::of(StuckCode::Town(ProblemCode::Invalid)))
    }

    fn seqs(requests: &[Request]) -> Vec<i64> {
        requests.iter().map(|request| request.seq).collect()
    }

    #[test]
    fn a_photo_follows_its_report_and_a_stuck_report_stops_only_its_own() {
        use MessageKind::{Message, Photo, Report};
        let mut queue = vec![
            request(1, 1, Report),
            request(2, 1, Photo),
            request(3, 2, Report),
            request(4, 2, Photo),
            request(5, 3, Message),
        ];
        assert_eq!(seqs(&ready(&queue, SendPolicy::default(), Instant::default())), [1, 3, 5]);
        queue[0].stuck = stuck();
        assert_eq!(seqs(&ready(&queue, SendPolicy::default(), Instant::default())), [3, 5]);
    }

    #[test]
    fn files_of_a_stuck_message_wait_for_it_and_hold_up_nothing_else() {
        use MessageKind::{CaseFile, CaseMessage};
        let kinds = [CaseMessage, CaseFile, CaseMessage, CaseFile];
        let mut queue: Vec<Request> = (1..).zip(kinds).map(|(seq, kind)| request(seq, 1, kind)).collect();
        (queue[0].stuck, queue[1].letter_stuck) = (stuck(), true);
        let (now, hand) = (Instant::default(), SendPolicy::default());
        assert_eq!(seqs(&ready(&queue, hand, now)), [3]);
        let _delivered = queue.remove(2);
        assert_eq!(seqs(&ready(&queue, hand, now)), [4]);
    }

    #[test]
    fn what_waits_for_the_resident_sets_no_alarm() {
        use MessageKind::{Message, Photo, Report};
        let past = Instant::default();
        let (now, later) = (past + chrono::Duration::seconds(60), past + chrono::Duration::seconds(90));
        let mut queue = vec![request(1, 1, Report), request(2, 1, Message), request(3, 2, Photo)];
        queue[0].stuck = stuck();
        queue[1].next_try = Some(past);
        queue[2].next_try = Some(past);
        let wait = SendPolicy { photos_wait: true, ..SendPolicy::default() };
        assert_eq!(wake_at(&queue, wait, now), None, "behind a stuck report, and behind a metered network");
        queue[2].next_try = Some(later);
        assert_eq!(wake_at(&queue, SendPolicy::default(), now), Some(later));
        assert_eq!(wake_at(&queue, SendPolicy { hold: true, ..SendPolicy::default() }, now), None);
    }

    #[test]
    fn a_stuck_photo_and_photos_held_back_let_words_pass() {
        use MessageKind::{Message, Photo};
        let mut queue = vec![request(1, 1, Photo), request(2, 1, Photo), request(3, 1, Message)];
        queue[0].stuck = stuck();
        assert_eq!(seqs(&ready(&queue, SendPolicy::default(), Instant::default())), [2]);
        let wait = SendPolicy { photos_wait: true, ..SendPolicy::default() };
        assert_eq!(seqs(&ready(&queue, wait, Instant::default())), [3]);
        assert!(ready(&queue, SendPolicy { hold: true, ..SendPolicy::default() }, Instant::default()).is_empty());
    }

    proptest! {
        #[test]
        fn never_two_of_one_report_and_never_past_an_earlier_one(
            rows in proptest::collection::vec((0..4_u8, 0..4_u8, any::<bool>(), any::<bool>()), 0..20),
        ) {
            let kinds = [MessageKind::Report, MessageKind::Photo, MessageKind::Message, MessageKind::Withdrawal];
            let later = Instant::default() + chrono::Duration::seconds(9);
            let queue: Vec<Request> = rows.iter().enumerate().map(|(n, (report, kind, is_stuck, waits))| {
                let mut request = request(n as i64, *report, kinds[usize::from(*kind)]);
                request.stuck = is_stuck.then(stuck).flatten();
                request.next_try = waits.then_some(later);
                request
            }).collect();
            let free = ready(&queue, SendPolicy::default(), Instant::default());
            for (n, one) in free.iter().enumerate() {
                prop_assert!(one.stuck.is_none() && one.next_try.is_none());
                prop_assert!(free.iter().skip(n + 1).all(|other| other.matter != one.matter));
                let blocked = queue.iter().any(|earlier| {
                    earlier.matter == one.matter && earlier.seq < one.seq
                        && (earlier.stuck.is_none() || earlier.kind == MessageKind::Report)
                });
                prop_assert!(!blocked);
            }
        }
    }
}
