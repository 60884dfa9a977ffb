//! Who works in the town's offices, what each may do, and the audit of every private matter they read or change.

use rusqlite::Transaction;
use uuid::Uuid;
use vicino_contract::http::{Audit, Circle, NewOperator, OperatorBody, OperatorRecord, ProblemCode, Role};
use vicino_domain::{CaseState, Field, Invalid, text, wire_enum};

use crate::entropy::{digest, random, token};
use crate::refusal::RefusalKind;
use crate::{Refusal, Town, store};

/// Lines of the audit given at once.
const LINES: u32 = 1000;
/// The longest an office explains itself.
pub(crate) const NOTE: usize = 2000;

wire_enum! {
    /// An action recorded in the audit.
    Deed {
        /// A matter was read.
        Read "read",
        /// A matter changed state, or its term was suspended.
        Moved "moved",
        /// A message was written in a thread.
        Wrote "wrote",
        /// A file was uploaded by an office.
        Brought "brought",
        /// A debt or a certificate was issued or changed, or a debt withdrawn.
        Issued "issued",
        /// A certificate was revoked.
        Revoked "revoked",
        /// A resident's lost device was signed out by an office.
        ShutOut "shut_out",
        /// Records past their retention were deleted by the town itself.
        Erased "erased",
        /// An operator tried what their role may not do.
        Refused "refused",
        /// The audit was read.
        ReadAudit "read_audit",
        /// The operators were listed.
        ReadOperators "read_operators",
        /// A resident signed in.
        SignedIn "signed_in",
        /// A resident signed out, or was signed out.
        SignedOut "signed_out",
        /// Operators were managed.
        Named "named",
    }
}

impl Deed {
    /// The least role that may.
    const fn least(self) -> Role {
        match self {
            Self::Read => Role::Reader,
            Self::Moved | Self::Wrote | Self::Brought | Self::Issued | Self::Revoked => Role::Clerk,
            _ => Role::Manager,
        }
    }
}

/// Whoever acts for the town.
#[derive(Clone, Debug)]
pub(crate) struct Operator {
    /// As the audit names them.
    pub(crate) id: String,
    role: Role,
    /// The offices whose cases they see; none: all.
    offices: Vec<Uuid>,
    /// The delicate reports they see.
    circles: Vec<Circle>,
}

impl Operator {
    /// The town itself: whoever holds the token in its folder, and the practice office.
    pub(crate) fn town() -> Self {
        let circles = vec![Circle::Private, Circle::Whistleblowing];
        Self { id: String::from("town"), role: Role::Manager, offices: Vec::new(), circles }
    }

    /// Returns whether it is the town itself.
    pub(crate) fn is_town(&self) -> bool {
        self.id == "town"
    }

    /// Returns whether they are over every office.
    pub(crate) const fn is_over_all(&self) -> bool {
        self.offices.is_empty()
    }

    /// Returns whether delicate reports of this circle are theirs to see.
    pub(crate) fn is_in(&self, circle: Circle) -> bool {
        self.circles.contains(&circle)
    }

    /// Returns whether cases of this office are theirs to see.
    pub(crate) fn sees(&self, office: Uuid) -> bool {
        self.offices.is_empty() || self.offices.contains(&office)
    }

    /// Returns whether what may be of an office is theirs to see; what is of none is seen by those who are over every one.
    pub(crate) fn sees_of(&self, office: Option<Uuid>) -> bool {
        office.map_or(self.offices.is_empty(), |office| self.sees(office))
    }

    /// A refusal, unless their role may do this. Who works where is said, and devices are shut out, by those who are over every office.
    pub(crate) fn may(&self, deed: Deed) -> Result<(), Refusal> {
        self.at_least(deed.least())?;
        if matches!(deed, Deed::Named | Deed::ShutOut) && !self.offices.is_empty() { Err(too_small()) } else { Ok(()) }
    }

    /// A refusal, unless their role may bring a case to this state: protocol numbers are given by who keeps the register.
    pub(crate) fn may_reach(&self, state: CaseState) -> Result<(), Refusal> {
        let registers = matches!(state, CaseState::Registered | CaseState::IntegrationRegistered);
        self.at_least(if registers { Role::Registrar } else { Deed::Moved.least() })
    }

    pub(crate) fn at_least(&self, least: Role) -> Result<(), Refusal> {
        if self.role >= least { Ok(()) } else { Err(too_small()) }
    }
}

fn too_small() -> Refusal {
    Refusal::new(RefusalKind::Forbidden, ProblemCode::RoleTooSmall, "The operator's role does not allow this")
}

/// Why an office does something, for the resident to read.
pub(crate) fn explained(note: &str) -> Result<String, Refusal> {
    match text::lines(note) {
        note if note.is_empty() => Err(Refusal::invalid(vec![Invalid::missing(Field::Message)])),
        note if note.chars().count() > NOTE => {
            Err(Refusal::new(RefusalKind::Unprocessable, ProblemCode::Invalid, "Explanation too long"))
        }
        note => Ok(note),
    }
}

/// The operator that holds this token.
pub(crate) fn by_token(town: &Town, token: &str) -> Result<Option<Operator>, Refusal> {
    if town.is_office(token) {
        return Ok(Some(Operator::town()));
    }
    let found = town.register.read(|tx| store::operator_of(tx, digest(token.as_bytes())))?;
    Ok(found.map(|record| Operator {
        id: record.id.to_string(),
        role: record.operator.role,
        offices: record.operator.offices,
        circles: record.operator.circles,
    }))
}

/// Lets an operator do something, if their role may, and writes down with whose matters: in one, so that nothing is
/// done or seen of which no line tells.
pub(crate) fn audited_by<T>(
    town: &Town,
    operator: &Operator,
    deed: Deed,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>,
    matters: impl FnOnce(&T) -> Vec<String>,
) -> Result<T, Refusal> {
    operator.may(deed)?;
    let now = town.now();
    town.register.write(|tx| {
        let done = work(tx)?;
        let matters = matters(&done);
        // Looking at an empty desk is nobody's matter.
        if !matters.is_empty() {
            store::audit(tx, now, &operator.id, deed.code(), &matters)?;
        }
        Ok(done)
    })
}

/// Creates an operator; answers the token, which is shown once.
pub(crate) fn name(town: &Town, by: &Operator, body: OperatorBody) -> Result<NewOperator, Refusal> {
    by.may(Deed::Named)?;
    let name = text::line(&body.name);
    if name.is_empty() || name.chars().count() > 120 {
        return Err(Refusal::new(
            RefusalKind::Unprocessable,
            ProblemCode::Invalid,
            "Operator name missing or longer than 120 characters",
        ));
    }
    // Nobody gives away what they may not see themselves.
    if !body.circles.iter().all(|circle| by.is_in(*circle)) {
        return Err(too_small());
    }
    let (secret, now) = (token()?, town.now());
    let operator = OperatorBody { name, ..body };
    let record = OperatorRecord { id: Uuid::from_bytes(random()?), operator, ended: false };
    town.register.write(|tx| {
        store::add_operator(tx, &record, digest(secret.as_bytes()))?;
        store::audit(tx, now, &by.id, Deed::Named.code(), &[record.id.to_string()])
    })?;
    Ok(NewOperator { record, token: secret })
}

/// Those who work here or did.
pub(crate) fn all(town: &Town, by: &Operator) -> Result<Vec<OperatorRecord>, Refusal> {
    by.may(Deed::Named)?;
    let now = town.now();
    town.register.write(|tx| {
        let all = store::operators(tx)?;
        store::audit(tx, now, &by.id, Deed::ReadOperators.code(), &[])?;
        Ok(all)
    })
}

/// Ends an operator; the token is no longer valid.
pub(crate) fn end(town: &Town, by: &Operator, id: Uuid) -> Result<(), Refusal> {
    by.may(Deed::Named)?;
    let now = town.now();
    town.register.write(|tx| {
        if !store::end_operator(tx, id)? {
            return Err(Refusal::not_found());
        }
        Ok(store::audit(tx, now, &by.id, Deed::Named.code(), &[id.to_string()])?)
    })
}

/// A page of the audit, newest first; that it was read is written into it.
pub(crate) fn audited(town: &Town, by: &Operator, matter: Option<&str>, before: Option<i64>) -> Result<Audit, Refusal> {
    by.may(Deed::Named)?;
    let now = town.now();
    town.register.write(|tx| {
        let items = store::audited(tx, matter, before, LINES)?;
        let matters: Vec<String> = matter.map(str::to_owned).into_iter().collect();
        store::audit(tx, now, &by.id, Deed::ReadAudit.code(), &matters)?;
        let full = items.len() >= usize::try_from(LINES).unwrap_or(usize::MAX);
        let next = items.last().filter(|_| full).map(|last| last.n);
        Ok(Audit { items, next })
    })
}

/// Writes down that an operator tried what they may not do, or asked for what is not theirs to see.
pub(crate) fn note_refusal(town: &Town, operator: &str, about: &[String]) -> Result<(), Refusal> {
    let now = town.now();
    Ok(town.register.write(|tx| store::audit(tx, now, operator, Deed::Refused.code(), about))?)
}
