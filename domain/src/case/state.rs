//! Where the town stands with a case, and what may follow what: the states of OpenCity's *applications*, one to one.

use serde::{Deserialize, Serialize};

use crate::wire_enum;

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $number:literal;)*) => {
        wire_enum! {
            /// The town's word on a case. The numbers are OpenCity's (standards, section 7.3), and so is the order; states of a payment come with
            /// payments.
            CaseState {
                $($(#[$doc])* $name $code,)*
            }
        }

        impl CaseState {
            /// OpenCity's number for it.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$name => $number),* }
            }
        }
    };
}

states! {
    /// *Acquisita*: the town has it and signed for it.
    Submitted, "submitted", 2000;
    /// *Protocollata*: it has a protocol number.
    Registered, "registered", 3000;
    /// *Presa in carico*: an office works on it.
    Pending, "pending", 4000;
    /// *Richiesta integrazioni*: the office wrote what is missing; the request is not out yet.
    IntegrationAsked, "integration_asked", 4100;
    /// *In attesa di integrazioni*: it is the resident's turn.
    AwaitingIntegration, "awaiting_integration", 4200;
    /// *Integrazioni concluse*: the resident answered.
    Integrated, "integrated", 4300;
    /// *Integrazioni protocollate*.
    IntegrationRegistered, "integration_registered", 4400;
    /// *Presa in carico in seguito a integrazioni*.
    PendingAgain, "pending_again", 4500;
    /// *Elaborata*: accepted, its document is being registered.
    Accepting, "accepting", 6000;
    /// *Accettata*.
    Accepted, "accepted", 7000;
    /// *Rifiutata*, its document is being registered.
    Refusing, "refusing", 8000;
    /// *Rifiutata*.
    Refused, "refused", 9000;
    /// *Ritirata*: the resident took it back.
    Withdrawn, "withdrawn", 20000;
    /// *Annullata*: the town undid it, and said why.
    Revoked, "revoked", 50000;
}

/// Whose move it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The office's.
    Office,
    /// The resident's.
    Resident,
    /// Nobody's: it is over.
    Nobody,
}

/// The plain phrase a state is shown as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phrase {
    /// *Inviata*
    Sent,
    /// *Protocollata*
    Registered,
    /// *In lavorazione*
    InProgress,
    /// *Tocca a te: integrazione*
    YourTurn,
    /// *Integrazione inviata*
    Integrated,
    /// *Conclusa*
    Concluded,
    /// *Respinta*
    Refused,
    /// *Ritirata*
    Withdrawn,
    /// *Annullata*
    Revoked,
}

impl CaseState {
    /// Returns whether `next` may come right after this state (`PraticaStatusService`, standards, section 7.3). An office that reopens
    /// what was over says why in the timeline.
    #[must_use]
    pub const fn may_be_followed_by(self, next: Self) -> bool {
        use CaseState::{
            Accepted, Accepting, AwaitingIntegration, Integrated, IntegrationAsked, IntegrationRegistered, Pending,
            PendingAgain, Refused, Refusing, Registered, Revoked, Submitted, Withdrawn,
        };
        match self {
            Submitted => matches!(next, Registered | Pending | Withdrawn),
            Registered => matches!(next, Pending | Withdrawn),
            Pending => matches!(next, IntegrationAsked | Accepting | Accepted | Refusing | Refused | Withdrawn),
            IntegrationAsked => matches!(next, AwaitingIntegration | Withdrawn),
            AwaitingIntegration => matches!(next, Integrated | Withdrawn),
            Integrated => matches!(next, IntegrationRegistered | PendingAgain | Pending),
            IntegrationRegistered => matches!(next, PendingAgain | Pending | Withdrawn),
            PendingAgain => matches!(next, Pending | IntegrationAsked | Accepting | Accepted | Refusing | Refused),
            Accepting => matches!(next, Accepted),
            Refusing => matches!(next, Refused),
            Accepted | Refused => matches!(next, Pending | Revoked),
            Withdrawn => matches!(next, Pending),
            Revoked => false,
        }
    }

    /// Returns whether the resident may take it back now.
    #[must_use]
    pub const fn may_be_withdrawn(self) -> bool {
        self.may_be_followed_by(Self::Withdrawn)
    }

    /// Whose move it is.
    #[must_use]
    pub const fn turn(self) -> Turn {
        match self {
            Self::AwaitingIntegration => Turn::Resident,
            Self::Accepted | Self::Refused | Self::Withdrawn | Self::Revoked => Turn::Nobody,
            _ => Turn::Office,
        }
    }

    /// The plain phrase for it.
    #[must_use]
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Submitted => Phrase::Sent,
            Self::Registered => Phrase::Registered,
            Self::Pending | Self::PendingAgain | Self::IntegrationAsked => Phrase::InProgress,
            Self::AwaitingIntegration => Phrase::YourTurn,
            Self::Integrated | Self::IntegrationRegistered => Phrase::Integrated,
            Self::Accepting | Self::Accepted => Phrase::Concluded,
            Self::Refusing | Self::Refused => Phrase::Refused,
            Self::Withdrawn => Phrase::Withdrawn,
            Self::Revoked => Phrase::Revoked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of OpenCity, without its states of drafts and payments.
    const TABLE: &[(u16, &[u16])] = &[
        (2000, &[3000, 4000, 20000]),
        (3000, &[4000, 20000]),
        (4000, &[4100, 6000, 7000, 8000, 9000, 20000]),
        (4100, &[4200, 20000]),
        (4200, &[4300, 20000]),
        (4300, &[4400, 4500, 4000]),
        (4400, &[4500, 4000, 20000]),
        (4500, &[4000, 4100, 6000, 7000, 8000, 9000]),
        (6000, &[7000]),
        (7000, &[4000, 50000]),
        (8000, &[9000]),
        (9000, &[4000, 50000]),
        (20000, &[4000]),
        (50000, &[]),
    ];

    #[test]
    fn the_whole_table() {
        for from in CaseState::ALL {
            let allowed = TABLE.iter().find(|(number, _)| *number == from.number()).unwrap().1;
            for to in CaseState::ALL {
                assert_eq!(from.may_be_followed_by(*to), allowed.contains(&to.number()), "{from} -> {to}");
            }
            assert_eq!(CaseState::from_code(from.code()), Some(*from));
        }
        assert!(CaseState::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }

    #[test]
    fn somebody_has_the_move_until_it_is_over() {
        for state in CaseState::ALL {
            let over = matches!(state.number(), 7000 | 9000 | 20000 | 50000);
            assert_eq!(state.turn() == Turn::Nobody, over, "{state}");
        }
        assert_eq!(CaseState::AwaitingIntegration.turn(), Turn::Resident);
    }
}
