//! What a field may hold that its type does not say: closed lists of words, lengths, patterns; each from where the town itself takes it.

use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ArrayItems, KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use vicino_contract::http::{Author, SigningState, path};
use vicino_domain::certificate::{Audience, CertificateKind, Exemption, IssueState, MOST_KINDS};
use vicino_domain::{
    CART as MOST_NOTICES, CaseState, Category, InstallmentState, Limits, PlaceSource, PositionState, ReportState,
};

use crate::access::operators::NOTE;
use crate::matters::report::SET_BY_AN_OFFICE;

/// A SHA-256 in hexadecimal.
const DIGEST: &str = "^[0-9a-f]{64}$";
/// A notice number of pagoPA.
const NOTICE_NUMBER: &str = "^[0-9]{18}$";
/// An id made on a device (RFC 9562 section 5.7).
const DEVICE_MADE: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";
/// A parameter that is an id made on the device.
pub(crate) struct DeviceMade;

impl PartialSchema for DeviceMade {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some(DEVICE_MADE));
        id.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
    }
}

impl ToSchema for DeviceMade {}

/// Text that shows something.
const SHOWS: &str = "\\S";
/// The tax code of a body.
const CREDITOR: &str = "^[0-9]{11}$";

/// A limit on the values of a field, beside its type.
enum Holds {
    /// A closed list of words.
    One(Vec<&'static str>),
    /// Text that shows something, of at most so many characters.
    Text(u32),
    /// The fewest and the most characters.
    Between(usize, usize),
    /// The fewest and the most elements of a list.
    Count(usize, usize),
    /// A regular expression (ECMA-262) that the value matches.
    Like(&'static str),
}

/// Writes into the document what its fields may hold.
pub(crate) fn close(document: &mut OpenApi, limits: &Limits) {
    let Some(components) = &mut document.components else { return };
    for (schema, field, holds) in fields(limits) {
        components.schemas.get_mut(schema).into_iter().for_each(|schema| hold(schema, field, &holds));
    }
    for schema in components.schemas.values_mut() {
        for field in ["sha256", "plain_sha256", "body_sha256", "digest"] {
            hold(schema, field, &Holds::Like(DIGEST));
        }
    }
}

/// Writes into an operation what its parameters may hold.
pub(crate) fn close_parameters(operation: &mut Operation, at: &str) {
    let states = match at {
        path::OFFICE_REPORTS => words(ReportState::ALL, |state| state.code()),
        path::OFFICE_CASES => words(CaseState::ALL, |state| state.code()),
        _ => Vec::new(),
    };
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let holds = match parameter.name.as_str() {
            "state" if !states.is_empty() => Holds::One(states.clone()),
            "sha256" => Holds::Like(DIGEST),
            _ => continue,
        };
        if let Some(RefOr::T(schema)) = &mut parameter.schema {
            narrow(schema, &holds);
        }
    }
}

fn words<T>(all: &[T], code: impl Fn(&T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(code).collect()
}

/// The fields that hold less than their type, by schema and name.
fn fields(limits: &Limits) -> Vec<(&'static str, &'static str, Holds)> {
    use Holds::{Between, Count, Like, One, Text};
    let categories = || One(words(Category::ALL, |category| category.code()));
    let reports = || One(words(ReportState::ALL, |state| state.code()));
    let cases = || One(words(CaseState::ALL, |state| state.code()));
    let kinds = || One(words(CertificateKind::ALL, |kind| kind.code()));
    vec![
        ("ReportBody", "category", categories()),
        ("PublicReportRecord", "category", categories()),
        // How long they may be stands in the card: the same shape is read back of a report that was written under other limits.
        ("ReportBody", "title", Like(SHOWS)),
        ("ReportBody", "details", Like(SHOWS)),
        ("PlaceBody", "source", One(words(PlaceSource::ALL, |source| source.code()))),
        ("MessageBody", "text", Text(limits.message)),
        ("MessageRecord", "author", One(words(Author::ALL, |author| author.code()))),
        ("ReportRecord", "state", reports()),
        ("HistoryRecord", "state", reports()),
        ("PublicReportRecord", "state", reports()),
        ("Transition", "state", One(words(&SET_BY_AN_OFFICE, |state| state.code()))),
        ("CaseRecord", "state", cases()),
        ("CaseStep", "state", cases()),
        ("CaseTransition", "state", cases()),
        ("OfficeMessage", "text", Text(limits.message)),
        ("OperatorBody", "name", Text(120)),
        ("DeviceBody", "secret", Between(32, 128)),
        ("TokenForm", "grant_type", One(vec!["authorization_code", "refresh_token"])),
        ("CartNotice", "creditor_name", Text(140)),
        ("CartNotice", "description", Text(140)),
        ("ContradictionBody", "note", Between(1, NOTE)),
        ("TakenBackBody", "note", Between(1, NOTE)),
        ("CertificateBody", "kinds", kinds()),
        ("CertificateBody", "kinds", Count(1, MOST_KINDS)),
        ("CartBody", "notices", Count(1, MOST_NOTICES)),
        ("DeviceBody", "id", Like(DEVICE_MADE)),
        ("CertificateRecord", "state", One(words(IssueState::ALL, |state| state.code()))),
        ("SignatureRecord", "state", One(words(SigningState::ALL, |state| state.code()))),
        ("CertificateRecord", "kinds", kinds()),
        ("SaidBody", "kind", kinds()),
        // A public body asks for none.
        (
            "CertificateBody",
            "audience",
            One(words(&[Audience::Private, Audience::CourtOrAbroad], |audience| audience.code())),
        ),
        ("ExemptionBody", "code", One(words(Exemption::ALL, |reason| reason.code()))),
        ("NoticeRecord", "state", One(words(PositionState::ALL, |state| state.code()))),
        ("InstallmentBody", "state", One(words(InstallmentState::ALL, |state| state.code()))),
        ("InstallmentBody", "number", Like(NOTICE_NUMBER)),
        ("CartNotice", "number", Like(NOTICE_NUMBER)),
        ("PaidBody", "number", Like(NOTICE_NUMBER)),
        ("ContradictionBody", "number", Like(NOTICE_NUMBER)),
        ("CartNotice", "creditor", Like(CREDITOR)),
        ("CreditorBody", "tax_code", Like(CREDITOR)),
    ]
}

/// Narrows a field wherever a schema has it, in whichever of its parts.
fn hold(schema: &mut RefOr<Schema>, field: &str, holds: &Holds) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            if let Some(RefOr::T(schema)) = object.properties.get_mut(field) {
                narrow(schema, holds);
            }
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(|part| hold(part, field, holds)),
        _ => {}
    }
}

fn narrow(schema: &mut Schema, holds: &Holds) {
    match schema {
        Schema::Object(object) => narrow_object(object, holds),
        Schema::Array(array) => {
            if let Holds::Count(least, most) = holds {
                (array.min_items, array.max_items) = (Some(*least), Some(*most));
            }
            if let ArrayItems::RefOrSchema(items) = &mut array.items
                && let RefOr::T(items) = items.as_mut()
            {
                narrow(items, holds);
            }
        }
        _ => {}
    }
}

fn narrow_object(object: &mut Object, holds: &Holds) {
    match holds {
        Holds::One(words) => object.enum_values = Some(words.iter().map(|word| Value::from(*word)).collect()),
        Holds::Text(most) => {
            object.max_length = usize::try_from(*most).ok();
            (object.min_length, object.pattern) = (Some(1), Some(SHOWS.to_owned()));
        }
        Holds::Count(..) => {}
        Holds::Between(least, most) => (object.min_length, object.max_length) = (Some(*least), Some(*most)),
        Holds::Like(pattern) => object.pattern = Some((*pattern).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that was renamed, or of another type now, would silently hold anything.
    #[test]
    fn every_field_that_is_narrowed_is_there() {
        let narrowed = serde_json::to_value(crate::http::openapi::document()).unwrap();
        for (schema, field, holds) in fields(&Limits::default()) {
            let schema_of = &narrowed["components"]["schemas"][schema];
            let parts = schema_of["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema_of.clone()]);
            let found = parts.iter().map(|part| &part["properties"][field]).find(|found| found.is_object());
            let found = found.unwrap_or_else(|| panic!("{schema} has no {field}"));
            let list = found;
            let found = if found["items"].is_object() { &found["items"] } else { found };
            let said = match holds {
                Holds::One(_) => found["enum"].is_array(),
                Holds::Text(_) | Holds::Between(..) => found["maxLength"].is_number(),
                Holds::Count(..) => list["maxItems"].is_number(),
                Holds::Like(_) => found["pattern"].is_string(),
            };
            assert!(said, "{schema}.{field}: {found}");
        }
    }

    /// A parameter that lost its type here would be sent anything by a client made from the document.
    #[test]
    fn every_id_made_on_a_device_and_every_digest_in_a_path_has_its_pattern() {
        let document = serde_json::to_value(crate::http::openapi::document()).unwrap();
        let mut patterns = Vec::new();
        for verbs in document["paths"].as_object().unwrap().values() {
            let operations = verbs.as_object().unwrap().values();
            let parameters = operations.filter_map(|operation| operation["parameters"].as_array()).flatten();
            patterns.extend(
                parameters
                    .filter(|one| one["in"] == "path")
                    .filter_map(|one| one["schema"]["pattern"].as_str())
                    .map(str::to_owned),
            );
        }
        let count = |pattern| patterns.iter().filter(|found| *found == pattern).count();
        // A report, a case, a certificate, a signature, a cart; two messages, an integration, a declaration.
        assert_eq!((count(DEVICE_MADE), count(DIGEST)), (9, 2), "{patterns:?}");
    }
}
