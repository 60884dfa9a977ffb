//! What is refused: a stable code for programs, a sentence for people, exit 2 for both.

use std::process::ExitCode;

use serde::Serialize;
use vicino_contract::ipc::PayingView;
use vicino_contract::{Failure, FailureCode};
use vicino_domain::BadCart;
use vicino_domain::pagopa::BadNotice;

use crate::Fault;
use crate::print::{Print, sentence};

/// The exit of a refusal.
const REFUSED: u8 = 2;

/// A refusal, as it is told.
#[derive(Serialize)]
pub(crate) struct Refusal {
    code: String,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<BadCart>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self { code: code.to_owned(), sentence: sentence.into(), why: None, numbers: Vec::new() }
    }

    /// What was to be read is no notice.
    pub(crate) fn unread(bad: &BadNotice) -> Self {
        Self::new(&code_of(bad), bad.to_string())
    }

    /// The core's own refusal.
    fn failed(failure: &Failure) -> Self {
        Self::new(&code_of(&failure.code), sentence(failure))
    }

    /// No payment page was opened; nothing was paid.
    pub(crate) fn unpaid(view: PayingView) -> Self {
        match view {
            PayingView::Refused(bad) => {
                let again = if matches!(bad, BadCart::Changed { .. }) { "; `sync` reads it anew" } else { "" };
                Self { why: Some(bad), ..Self::new(&code_of(&bad), format!("{bad}; nothing was paid{again}")) }
            }
            PayingView::Warned { numbers } => {
                let sentence = "somebody began to pay it, or said to have paid: paying now may pay twice; `--despite` pays all the same";
                Self { numbers, ..Self::new("maybe_paid", sentence) }
            }
            PayingView::Stale => Self::new(
                "amounts_too_old",
                "the amounts are too old to pay with, and the town cannot be asked now; at a counter the code still pays",
            ),
            PayingView::Failed { code } => Self::failed(&Failure::new(code)),
            _ => Self::new("not_opened", "no payment page was opened; nothing was paid"),
        }
    }

    pub(crate) fn tell(&self, print: &Print) -> ExitCode {
        print.say(self, || {
            let numbers = self.numbers.iter().map(|number| format!("\n  {number}")).collect::<String>();
            format!("{}: {}{numbers}", self.code, self.sentence)
        });
        ExitCode::from(REFUSED)
    }
}

/// What was refused is told in its own code: a script tells it from a fault of the program.
pub(crate) fn answered(done: Result<ExitCode, Fault>, print: &Print) -> Result<ExitCode, Fault> {
    match done {
        Err(Fault::Notice(bad)) => Ok(Refusal::unread(&bad).tell(print)),
        Err(Fault::Failed(failure)) if failure.code != FailureCode::Internal => {
            Ok(Refusal::failed(&failure).tell(print))
        }
        Err(fault @ Fault::File(..)) => Ok(Refusal::new("file", fault.to_string()).tell(print)),
        done => done,
    }
}

/// The word a code has on the wire: a variant's name, also of one with more in it.
fn code_of(code: &impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::from("other"),
    }
}
