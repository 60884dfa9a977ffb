//! Papers: facts in, one PDF out that is good for archives (PDF/A-2a, ISO 19005-2) and for screen readers (PDF/UA-1, ISO 14289-1).
//!
//! A paper is its facts and a template beside them (`templates/`). The same facts give the same bytes: the date a paper bears is
//! one of them. Words on paper are Italian, the language of the acts. Without the feature `pdf` a paper is a page of HTML that says the same: what
//! draws PDF weighs more than all the rest of a phone's program.

mod certificate;
mod declaration;
mod delivery;
#[cfg_attr(not(feature = "pdf"), path = "without.rs")]
mod engine;
mod error;
mod notice;
mod plain;
mod receipt;
mod sheet;

pub use certificate::CertificatePaper;
pub use declaration::DeclarationPaper;
pub use delivery::DeliveryPaper;
pub use error::PaperError;
pub use notice::{NoticeLine, NoticePaper};
pub use receipt::ReceiptPaper;
pub use sheet::Sheet;
