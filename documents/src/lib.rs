//! Papers: facts in, one PDF out that is good for archives (PDF/A-2a, ISO 19005-2) and for screen readers (PDF/UA-1, ISO 14289-1).
//!
//! A paper is its facts and a template beside them (`templates/`). The same facts give the same bytes: the date a paper bears is
//! one of them. Words on paper are Italian, the language of the acts.

mod certificate;
mod declaration;
mod delivery;
mod engine;
mod notice;
mod receipt;

pub use certificate::CertificatePaper;
pub use declaration::DeclarationPaper;
pub use delivery::DeliveryPaper;
pub use engine::PaperError;
pub use notice::{NoticeLine, NoticePaper};
pub use receipt::ReceiptPaper;
