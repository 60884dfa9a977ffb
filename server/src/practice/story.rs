//! What there is in Pietrachiara: streets, and what others have reported.

use chrono::Duration;
use vicino_contract::http::{PlaceBody, PointBody, PublicReportRecord};
use vicino_domain::{Category, Instant, PlaceSource, ReportState};

use crate::practice::named;

/// Streets with a point on each.
pub(crate) const STREETS: &[(&str, f64, f64)] = &[
    ("Borgo San Giovanni", 43.4702, 11.8871),
    ("Corso Giuseppe Garibaldi", 43.4668, 11.8826),
    ("Largo della Fontana", 43.4659, 11.8841),
    ("Località Le Fornaci", 43.4587, 11.8952),
    ("Località Poggio Secco", 43.4766, 11.8931),
    ("Lungofiume Cesare Battisti", 43.4641, 11.8795),
    ("Piazza del Mercato", 43.4675, 11.8838),
    ("Piazza della Libertà", 43.4664, 11.8834),
    ("Piazza San Donato", 43.4671, 11.8849),
    ("Strada Provinciale della Chiana", 43.4533, 11.8812),
    ("Strada Vicinale dei Cipressi", 43.4745, 11.8728),
    ("Traversa dell’Orto", 43.4656, 11.8812),
    ("Via Alessandro Manzoni", 43.4683, 11.8861),
    ("Via Antonio Gramsci", 43.4634, 11.8857),
    ("Via Aretina", 43.4612, 11.8879),
    ("Via Dante Alighieri", 43.4690, 11.8843),
    ("Via dei Mulini", 43.4648, 11.8772),
    ("Via del Colle", 43.4722, 11.8815),
    ("Via del Pozzo", 43.4667, 11.8852),
    ("Via della Chiesa Vecchia", 43.4669, 11.8858),
    ("Via della Stazione", 43.4619, 11.8831),
    ("Via delle Querce", 43.4731, 11.8902),
    ("Via delle Scuole", 43.4653, 11.8848),
    ("Via Enrico Fermi", 43.4601, 11.8920),
    ("Via Francesco Petrarca", 43.4686, 11.8822),
    ("Via Giacomo Matteotti", 43.4661, 11.8803),
    ("Via Giuseppe Mazzini", 43.4678, 11.8810),
    ("Via Grazia Deledda", 43.4627, 11.8808),
    ("Via Guglielmo Marconi", 43.4608, 11.8846),
    ("Via Maria Montessori", 43.4645, 11.8866),
    ("Via Monte Falco", 43.4709, 11.8790),
    ("Via Piero della Francesca", 43.4696, 11.8879),
    ("Via Rita Levi Montalcini", 43.4595, 11.8871),
    ("Via Roma", 43.4673, 11.8846),
    ("Via San Francesco", 43.4680, 11.8867),
    ("Via Trento e Trieste", 43.4639, 11.8823),
    ("Viale dei Tigli", 43.4651, 11.8890),
    ("Viale della Repubblica", 43.4629, 11.8844),
    ("Vicolo del Forno", 43.4670, 11.8843),
    ("Vicolo Stretto", 43.4666, 11.8847),
];

/// The office that works on a report of this category.
pub(crate) fn office_for(category: Option<Category>) -> &'static str {
    use Category::{
        Buildings, Environment, Parks, Pests, PublicOrder, Roads, Safety, Services, StreetFurniture, Waste, Water,
    };
    match category {
        Some(Environment | Pests | Waste | Parks) => "Ufficio Ambiente e verde",
        Some(PublicOrder | Safety) => "Polizia locale",
        Some(Services) => "Ufficio relazioni con il pubblico",
        Some(Buildings | Roads | StreetFurniture | Water) | None => "Ufficio Lavori pubblici",
    }
}

/// A report that the practice town has made public.
struct Seen {
    category: Category,
    title: &'static str,
    details: &'static str,
    address: &'static str,
    lat: f64,
    lon: f64,
    state: ReportState,
    /// How long ago it arrived.
    days: i64,
}

const REPORTS: &[Seen] = &[
    Seen {
        category: Category::Roads,
        title: "Radici sotto il marciapiede",
        details: "Le radici del tiglio hanno alzato le lastre: con il passeggino si passa a fatica.",
        address: "Viale dei Tigli, davanti al civico 8",
        lat: 43.4651,
        lon: 11.8890,
        state: ReportState::InCharge,
        days: 9,
    },
    Seen {
        category: Category::Roads,
        title: "Buca all’incrocio",
        details: "Buca profonda al centro della corsia, di sera non si vede.",
        address: "Via Roma, incrocio con via del Pozzo",
        lat: 43.46715,
        lon: 11.88500,
        state: ReportState::InCharge,
        days: 3,
    },
    Seen {
        category: Category::Waste,
        title: "Cestino rovesciato",
        details: "Il cestino accanto alla panchina è staccato dal palo.",
        address: "Piazza della Libertà",
        lat: 43.4664,
        lon: 11.8834,
        state: ReportState::Resolved,
        days: 20,
    },
    Seen {
        category: Category::Parks,
        title: "Altalena rotta",
        details: "La catena dell’altalena piccola è spezzata.",
        address: "Giardini di via Maria Montessori",
        lat: 43.4645,
        lon: 11.8866,
        state: ReportState::InCharge,
        days: 5,
    },
    Seen {
        category: Category::Water,
        title: "Perdita d’acqua",
        details: "Esce acqua dal tombino anche quando non piove.",
        address: "Via della Stazione, davanti al civico 21",
        lat: 43.4619,
        lon: 11.8831,
        state: ReportState::Resolved,
        days: 34,
    },
    Seen {
        category: Category::StreetFurniture,
        title: "Panchina senza schienale",
        details: "Mancano due assi dello schienale.",
        address: "Largo della Fontana",
        lat: 43.4659,
        lon: 11.8841,
        state: ReportState::InCharge,
        days: 12,
    },
    Seen {
        category: Category::Buildings,
        title: "Rampa della biblioteca chiusa",
        details: "Il cancello della rampa resta chiuso: in carrozzina non si entra.",
        address: "Via delle Scuole 3",
        lat: 43.4653,
        lon: 11.8848,
        state: ReportState::InCharge,
        days: 2,
    },
    Seen {
        category: Category::Environment,
        title: "Rifiuti lungo il fiume",
        details: "Sacchi neri sulla riva, sotto il ponte.",
        address: "Lungofiume Cesare Battisti",
        lat: 43.4641,
        lon: 11.8795,
        state: ReportState::Declined,
        days: 41,
    },
];

/// What others have reported, as of now.
pub(crate) fn public_reports(now: Instant) -> impl Iterator<Item = PublicReportRecord> {
    REPORTS.iter().map(move |seen| PublicReportRecord {
        id: named("report", seen.title),
        category: seen.category.into(),
        title: seen.title.to_owned(),
        details: seen.details.to_owned(),
        place: PlaceBody {
            point: Some(PointBody { lat: seen.lat, lon: seen.lon }),
            accuracy: None,
            source: PlaceSource::Address.into(),
            address: Some(seen.address.to_owned()),
            note: None,
            corrected_from: None,
        },
        state: seen.state.into(),
        received_at: now - Duration::days(seen.days),
    })
}
