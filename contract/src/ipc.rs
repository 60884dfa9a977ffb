//! The wall between interface and core: every command once, with its arguments and its reply.
//!
//! A command is its argument struct. The list at the foot of this file makes, from one table, the names, the trait a
//! core must fulfil ([`Backend`]) and the dispatcher that the window's shell and the plain browser's server both use:
//! a core that forgets a command does not compile, and the interface can call nothing that is not here.

mod carried;
mod views;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::certificate::{Audience, CertificateKind, StampDuty};
use vicino_domain::form::{Answer, Path};
use vicino_domain::pagopa::{Creditor, NoticeNumber};
use vicino_domain::paper::PaperKind;
use vicino_domain::{
    AttachmentId, BulletinId, CaseId, Cents, CertificateId, NoticeId, OfficeId, PaperId, PersonId, PhotoId, Point,
    ReportDraft, ReportId, RequestId, ResidentId, ServiceId, SignatureId,
};

use crate::{Failure, FailureCode, Matter, composed};
pub use carried::{AddFile, AddPhoto, CheckFile, ReadNoticeFile};
pub use views::*;

/// Something the interface can ask of the core.
pub trait Command: Serialize + DeserializeOwned {
    /// The name it travels under.
    const NAME: &'static str;
    /// The reply.
    type Reply: Serialize + DeserializeOwned;

    /// Takes the bytes that travelled beside the arguments; only a command that carries a file cares.
    fn attach(&mut self, _bytes: Vec<u8>) {}
}

/// A core that handles one command.
pub trait CommandHandler<C: Command> {
    /// Handles the command on the device alone: none waits for the network. What needs it is queued as a job, and its outcome
    /// is told by an [`crate::Event`].
    ///
    /// # Errors
    /// A [`Failure`] whose code the interface can put into words.
    fn handle(&self, command: C) -> Result<C::Reply, Failure>;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $wire:literal $({ $($field:ident: $type:ty),* $(,)? })? -> $reply:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Serialize, Deserialize)]
            pub struct $name { $($(
                #[allow(missing_docs, reason = "an argument is named as the noun it is")]
                pub $field: $type,
            )*)? }

            impl Command for $name {
                const NAME: &'static str = $wire;
                type Reply = $reply;
            }
        )*

        /// The name of every command, in the order of the table.
        pub const NAMES: &[&str] = &[AddPhoto::NAME, AddFile::NAME, ReadNoticeFile::NAME, CheckFile::NAME, $($name::NAME),*];

        /// A core that handles every command.
        pub trait Backend: CommandHandler<AddPhoto> + CommandHandler<AddFile> + CommandHandler<ReadNoticeFile> + CommandHandler<CheckFile> $(+ CommandHandler<$name>)* {}

        impl<D: CommandHandler<AddPhoto> + CommandHandler<AddFile> + CommandHandler<ReadNoticeFile> + CommandHandler<CheckFile> $(+ CommandHandler<$name>)*> Backend for D {}

        /// Answers the command with this name, its arguments as JSON, and the bytes beside them; the reply is packed
        /// ([`unpack`] reads it).
        ///
        /// # Errors
        /// The command's own failure, or [`FailureCode::BadCall`] for an unknown name or arguments of another shape.
        pub fn dispatch<D: Backend>(
            device: &D,
            name: &str,
            arguments: serde_json::Value,
            bytes: Vec<u8>,
        ) -> Result<Vec<u8>, Failure> {
            match name {
                AddPhoto::NAME => carry::<D, AddPhoto>(device, arguments, bytes),
                AddFile::NAME => carry::<D, AddFile>(device, arguments, bytes),
                ReadNoticeFile::NAME => carry::<D, ReadNoticeFile>(device, arguments, bytes),
                CheckFile::NAME => carry::<D, CheckFile>(device, arguments, bytes),
                $($name::NAME => carry::<D, $name>(device, arguments, bytes),)*
                _ => Err(Failure::new(FailureCode::BadCall)),
            }
        }
    };
}

/// Unpacks the arguments, has the command answered, and packs the reply.
fn carry<D: CommandHandler<C>, C: Command>(
    device: &D,
    arguments: serde_json::Value,
    bytes: Vec<u8>,
) -> Result<Vec<u8>, Failure> {
    let mut command: C = composed::from_value(arguments).map_err(|_| Failure::new(FailureCode::BadCall))?;
    command.attach(bytes);
    let reply = device.handle(command)?;
    Ok(pack(&reply))
}

/// Packs a reply or a failure. What cannot be packed is empty, which reads as nothing sound.
#[must_use]
pub fn pack(what: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(what).unwrap_or_default()
}

/// Reads a reply as [`dispatch`] packed it, or a failure as [`pack`] did.
///
/// Replies cross by position, without the names of their fields: both sides are of one release, and an interface that knows
/// no names is a third smaller (docs/adr/0012).
///
/// # Errors
/// [`FailureCode::Internal`] when the other side is of another release.
pub fn unpack<T: DeserializeOwned>(reply: &[u8]) -> Result<T, Failure> {
    postcard::from_bytes(reply).map_err(|_| Failure::new(FailureCode::Internal))
}

/// The header that carries a command's arguments when its body is a file.
pub const ARGUMENTS: &str = "vicino-arguments";

pub use vicino_domain::media::MOST_PHOTO_BYTES;

commands! {
    /// The town this device has joined.
    GetTown "get_town" -> TownView;
    /// Network, queue and age of what is known: the strip that is always in sight.
    GetStatus "get_status" -> Status;
    /// A new, empty draft.
    NewDraft "new_draft" -> DraftView;
    /// Every draft, the one touched last first.
    ListDrafts "list_drafts" -> Vec<DraftRow>;
    /// A draft, exactly as it was left.
    GetDraft "get_draft" { id: ReportId } -> DraftView;
    /// Keeps what was typed so far, and the step the resident stands at.
    SaveDraft "save_draft" { draft: ReportDraft, step: u8 } -> Saved;
    /// Throws a draft away, with its photos.
    DiscardDraft "discard_draft" { id: ReportId } -> ();
    /// Takes a photo out of a draft.
    RemovePhoto "remove_photo" { draft: ReportId, photo: PhotoId } -> ();
    /// Turns a draft into a report that waits to be delivered.
    SendReport "send_report" { id: ReportId } -> Saved;
    /// The resident's reports, newest first.
    ListReports "list_reports" { offset: u32, limit: u32 } -> ReportList;
    /// A report with its history, thread and photos.
    GetReport "get_report" { id: ReportId } -> ReportView;
    /// The town's signed word that a report or a case arrived, and a code that carries it.
    GetReceipt "get_receipt" { matter: Matter } -> ReceiptView;
    /// The reports of others that the town has made public, newest first.
    ListPublicReports "list_public_reports" { offset: u32, limit: u32 } -> PublicReportList;
    /// A public report.
    GetPublicReport "get_public_report" { id: ReportId } -> PublicReportView;
    /// Public reports still open within 100 metres of a point, nearest first.
    NearbyReports "nearby_reports" { point: Point } -> Vec<NearbyReport>;
    /// Streets whose name holds these words, as one types.
    FindStreets "find_streets" { text: String } -> Vec<StreetRow>;
    /// The requests that wait, are stuck, or were delivered.
    GetOutbox "get_outbox" -> OutboxView;
    /// Puts a stuck request back in the queue.
    RetryRequest "retry_request" { id: RequestId } -> ();
    /// Turns a refused report back into a draft.
    CorrectReport "correct_report" { id: ReportId } -> DraftView;
    /// Takes a report back: from this device when it never left, from the town otherwise.
    WithdrawReport "withdraw_report" { id: ReportId } -> ();
    /// Gives up one stuck photo or message, and leaves the rest as it is.
    WithdrawRequest "withdraw_request" { id: RequestId } -> ();
    /// Writes to the office that has the report.
    SendMessage "send_message" { report: ReportId, text: String } -> Saved;
    /// The resident's preferences.
    GetSettings "get_settings" -> Settings;
    /// Keeps the resident's preferences.
    SaveSettings "save_settings" { settings: Settings } -> ();
    /// Tries to deliver and to read now.
    SyncNow "sync_now" -> ();
    /// The network as the window knows it.
    SetNetwork "set_network" { online: bool, metered: bool, visible: bool } -> ();
    /// Sends waiting photos this once, although the network is metered.
    SendPhotosNow "send_photos_now" -> ();
    /// The town's services, by title.
    ListServices "list_services" -> ServiceList;
    /// A service's sheet, with the office that answers for it.
    GetService "get_service" { id: ServiceId } -> ServiceView;
    /// An office: where, when, and what it answers for.
    GetOffice "get_office" { id: OfficeId } -> OfficeSheet;
    /// News, notices, acts; of one kind or of all, newest first.
    ListBulletins "list_bulletins" { kind: Option<BulletinKind>, offset: u32, limit: u32 } -> BulletinList;
    /// A bulletin.
    GetBulletin "get_bulletin" { id: BulletinId } -> BulletinView;
    /// The resident's cases: those being written, and a page of those sent.
    ListCases "list_cases" { offset: u32, limit: u32 } -> CaseList;
    /// Begins a case for a service, with its form as it is now.
    NewCase "new_case" { service: ServiceId, about: Option<CaseId> } -> CaseDraftView;
    /// A case being written, exactly as it was left.
    GetCaseDraft "get_case_draft" { id: CaseId } -> CaseDraftView;
    /// Keeps one answer as it was typed; nothing: it is taken away.
    AnswerField "answer_field" { id: CaseId, path: Path, answer: Option<Answer> } -> Saved;
    /// Removes a repeat of a section.
    RemoveRepeat "remove_repeat" { id: CaseId, section: String, index: u16 } -> Saved;
    /// Goes to a section of the form, which is kept.
    GoToSection "go_to_section" { id: CaseId, section: u16 } -> Saved;
    /// Throws a case away that was not sent.
    DiscardCase "discard_case" { id: CaseId } -> ();
    /// Turns what was written into a case that waits to be delivered.
    SendCase "send_case" { id: CaseId } -> Saved;
    /// Asks somebody to sign a case as it is written now.
    AskSignature "ask_signature" { id: CaseId, signer: String, whom: Whom } -> ();
    /// The signatures others ask for.
    ListSignatures "list_signatures" -> SignatureList;
    /// One of them, with what is to be signed.
    GetSignature "get_signature" { id: SignatureId } -> SignatureView;
    /// Signs what was read, or declines and says why.
    AnswerSignature "answer_signature" { id: SignatureId, signs: bool, note: String } -> ();
    /// A case, with its clock, timeline, answers and thread.
    GetCase "get_case" { id: CaseId } -> CaseView;
    /// Writes to the office of a case; `integration`: it answers what the office asked for, and the case goes on.
    WriteToCase "write_to_case" { id: CaseId, text: String, integration: bool } -> Saved;
    /// Takes a file out of a case being written, or out of a message.
    RemoveFile "remove_file" { id: AttachmentId } -> ();
    /// Keeps the date of a document, as typed; nothing: it has none.
    DateFile "date_file" { id: AttachmentId, dated: String } -> FileView;
    /// Uses again, in another place, a file that is on this device.
    UseFile "use_file" { to: FileTo, id: AttachmentId } -> FileView;
    /// The files on this device that could be used again, newest first.
    ListFiles "list_files" -> Vec<FileRow>;
    /// Uses every page of a paper of one's own in another place.
    UsePaper "use_paper" { to: FileTo, id: PaperId } -> Vec<FileView>;
    /// The words of a file, page by page, and what it belongs to.
    ReadFile "read_file" { id: AttachmentId } -> FileSheet;
    /// Everything the town gave, newest first, of one kind or of all.
    ListDocuments "list_documents" { kind: Option<DocumentKind>, offset: u32, limit: u32 } -> DocumentList;
    /// The receipt of a report or a case, with its number in the protocol.
    GetDelivery "get_delivery" { matter: Matter } -> DeliveryView;
    /// Where papers are had in person: the nearest first where one says where one is, by name otherwise.
    ListCounters "list_counters" { near: Option<Point> } -> CounterList;
    /// Papers of one's own, those that end first first.
    ListPapers "list_papers" -> Vec<PaperRow>;
    /// Keeps a paper of one's own, or changes what is said of it; `expires` as typed, nothing: it does not.
    KeepPaper "keep_paper" { id: Option<PaperId>, kind: PaperKind, name: String, expires: String } -> PaperId;
    /// Takes a paper away, with its pages; where a page was used it stays.
    DiscardPaper "discard_paper" { id: PaperId } -> ();
    /// Shows a file in the system's own viewer.
    OpenFile "open_file" { id: AttachmentId } -> ();
    /// Takes a case back: from this device when it never left, from the town otherwise.
    WithdrawCase "withdraw_case" { id: CaseId } -> ();
    /// Turns a refused case back into a draft.
    CorrectCase "correct_case" { id: CaseId } -> CaseDraftView;
    /// Goes on with the town's newest form; what was answered stays where the question does.
    RenewCase "renew_case" { id: CaseId } -> CaseDraftView;
    /// Every thread with an office, what is not read yet first in each.
    ListThreads "list_threads" -> ThreadList;
    /// What stands in a thread now has been read.
    ReadThread "read_thread" { matter: Matter } -> ();
    /// Every day that asks something of somebody.
    ListDeadlines "list_deadlines" -> DeadlineList;
    /// The same as a calendar (RFC 5545), with these words.
    GetCalendar "get_calendar" { words: CalendarWords } -> String;
    /// The same, shown in the system's own calendar.
    OpenCalendar "open_calendar" { words: CalendarWords } -> ();
    /// The alerts to be told now; they are not told again.
    TakeAlerts "take_alerts" -> Vec<Alert>;
    /// What is owed (so many rows at most), on its way, and a page of what was paid.
    ListPayments "list_payments" { most: u32, offset: u32, limit: u32 } -> PaymentList;
    /// A debt, with its ways to pay, what it is made of, its story and receipts.
    GetNotice "get_notice" { id: NoticeId } -> NoticeView;
    /// The codes of one notice, to be shown at a counter.
    GetCode "get_code" { id: NoticeId, number: NoticeNumber } -> CodeView;
    /// Reads what a camera saw, a hand typed or a clipboard held.
    ReadNotice "read_notice" { text: String } -> ReadView;
    /// Keeps a stranger's notice here, to be shown and paid like one's own.
    KeepNotice "keep_notice" { number: NoticeNumber, creditor: Creditor, amount: Cents, creditor_name: String, title: String } -> NoticeId;
    /// The resident says that a notice is paid; files chosen for it go along as proof.
    SayPaid "say_paid" { id: NoticeId, number: NoticeNumber, paid_on: String, place: String } -> Saved;
    /// Pays these together: the payment page opens in the system's browser. `despite`: also what was begun or paid before.
    Pay "pay" { lines: Vec<PayLine>, despite: bool } -> ();
    /// Gives paying up; what was paid meanwhile is told by its receipt.
    StopPaying "stop_paying" -> ();
    /// The point paying has reached.
    GetPaying "get_paying" -> PayingNow;
    /// The cart as it stands now.
    GetCart "get_cart" { lines: Vec<PayLine> } -> Vec<NoticeRow>;
    /// The receipts of a year, or all.
    ListReceipts "list_receipts" { year: Option<i32> } -> ReceiptList;
    /// A receipt.
    GetPaymentReceipt "get_payment_receipt" { id: Uuid } -> PaymentReceiptView;
    /// A notice, a receipt, or many, on paper.
    GetPaper "get_paper" { of: PaperOf } -> PaperView;
    /// The same, shown in the system's own viewer.
    OpenPaper "open_paper" { of: PaperOf } -> ();
    /// Certificates asked for and issued, and what can be asked for.
    ListCertificates "list_certificates" -> CertificateList;
    /// A certificate.
    GetCertificate "get_certificate" { id: CertificateId } -> CertificateView;
    /// Asks the town for a certificate, on one paper, about oneself or somebody of the family.
    AskCertificate "ask_certificate" { kinds: Vec<CertificateKind>, person: ResidentId, audience: Audience, stamp: StampDuty } -> CertificateId;
    /// Asks for it no more: nothing of it is issued, and its stamp is not to be paid. One that is issued stays.
    WithdrawCertificate "withdraw_certificate" { id: CertificateId } -> ();
    /// What can be declared of oneself, or of a child; nobody named: oneself. `typed`: what is written into the blanks so far.
    ListStatements "list_statements" { person: Option<ResidentId>, typed: BTreeMap<String, String> } -> StatementList;
    /// Checks the text of a certificate's code.
    CheckText "check_text" { text: String } -> CheckView;
    /// The tax overview: assessed, paid and open, by year and tax.
    GetDossier "get_dossier" -> DossierView;
    /// The consumption before any bill exists.
    GetConsumption "get_consumption" -> ConsumptionList;
    /// The resident and their household as the town knows them.
    GetProfile "get_profile" -> ProfileView;
    /// Everything on this device that holds these words, as one types; a few of each group, or more of one.
    Find "find" { text: String, only: Option<finding::SearchGroup> } -> Findings;
    /// The part of the town that is here, as of when, and what went wrong.
    GetSyncState "get_sync_state" -> SyncState;
    /// The profiles of this device, and the progress of a sign-in.
    GetPeople "get_people" -> PeopleView;
    /// Somebody else uses the device now; nobody named: somebody who never did.
    SwitchPerson "switch_person" { to: Option<PersonId> } -> ();
    /// Takes somebody's things off this device, with what they had not sent.
    RemovePerson "remove_person" { id: PersonId } -> ();
    /// Begins to sign in: the town's page opens in the system's browser.
    SignIn "sign_in" -> ();
    /// Gives a sign-in up.
    CancelSignIn "cancel_sign_in" -> ();
    /// The devices the resident is signed in on, as the town last told.
    GetDevices "get_devices" -> DevicesView;
    /// Signs out on one of them, or everywhere; only the town can.
    SignOutThere "sign_out_there" { id: Option<Uuid> } -> ();
    /// The town is not to believe this device any more; what is here stays.
    SignOut "sign_out" -> ();
    /// Looks at the town at this address, before joining it.
    PreviewTown "preview_town" { url: String } -> ();
    /// The town being looked at.
    GetOnboarding "get_onboarding" -> OnboardingView;
    /// Joins the town that was looked at.
    JoinTown "join_town" -> ();
    /// Leaves the practice town with everything that was tried in it, so that a real one can be chosen.
    LeavePractice "leave_practice" -> ();
    /// Joins the practice town instead.
    Practise "practise" -> ();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_crosses_as_it_is() {
        let whole = Failure::invalid(vec![vicino_domain::Invalid::missing(vicino_domain::Field::Title)]);
        for failure in [Failure::new(FailureCode::NotJoined), Failure::passing(FailureCode::Unreachable), whole] {
            assert_eq!(unpack::<Failure>(&pack(&failure)), Ok(failure));
        }
        assert!(unpack::<TownView>(b"nonsense").is_err());
    }

    #[test]
    fn every_name_is_used_once_and_is_plain() {
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NAMES.len());
        assert!(NAMES.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }
}
