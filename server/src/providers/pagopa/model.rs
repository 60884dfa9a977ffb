//! Debt positions as the service has them (`gpd_v3.json`): a position, its options, their instalments, their transfers.

use serde::{Deserialize, Serialize};
use vicino_contract::http::{NoticeRecord, ResidentRecord};
use vicino_domain::{Cents, InstallmentState, PositionState};

/// A debt position.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The identity with the creditor.
    pub iupd: String,
    /// The creditor's name, up to 140 letters.
    pub company_name: String,
    /// Where it stands; only read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PositionState>,
    /// The ways to pay it, 1 to 100.
    pub payment_option: Vec<PaymentOption>,
}

/// A way to pay it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentOption {
    /// The name, up to 140 letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// From when it may be paid; left out: from its publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_date: Option<String>,
    /// Tells whether a past due date closes it.
    #[serde(default)]
    pub switch_to_expired: bool,
    /// The debtor.
    pub debtor: Debtor,
    /// The instalments, 1 to 100.
    pub installments: Vec<Installment>,
}

/// The debtor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Debtor {
    /// `F` a person, `G` a company.
    #[serde(rename = "type")]
    pub kind: String,
    /// The tax code.
    pub fiscal_code: String,
    /// The whole name.
    pub full_name: String,
}

/// An instalment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Installment {
    /// The identity with the creditor (*IUV*).
    pub iuv: String,
    /// The notice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nav: Option<String>,
    /// Euro cents.
    pub amount: Cents,
    /// What it is, up to 140 letters, without anything personal.
    pub description: String,
    /// By when, a moment.
    pub due_date: String,
    /// Where it stands; only read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<InstallmentState>,
    /// Whom the money goes to.
    pub transfer: Vec<Transfer>,
}

/// Where a part of the money goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// `1` to `5`.
    pub id_transfer: String,
    /// Euro cents; together they are the instalment.
    pub amount: Cents,
    /// What it is, up to 140 letters.
    pub remittance_information: String,
    /// The code of pagoPA's taxonomy.
    pub category: String,
    /// Where to; none for a stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// The stamp that is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

/// A stamp for a paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stamp {
    /// Base64 of the paper's SHA-256, 72 letters at most.
    pub hash_document: String,
    /// `01`.
    pub stamp_type: String,
    /// Two capital letters.
    pub provincial_residence: String,
}

/// A page of positions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PositionPage {
    /// The positions.
    #[serde(default)]
    pub payment_position_list: Vec<Position>,
    /// Where in the list it stands.
    pub page_info: PageInfo,
}

/// Where in a list a page stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PageInfo {
    /// From 0.
    pub page: u32,
    /// How many a page holds at most.
    pub limit: u32,
    /// The number that this one holds.
    pub items_found: u32,
    /// Of how many pages.
    pub total_pages: u32,
}

/// A page of the list of receipts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptPage {
    /// Of how many pages.
    pub total_pages: u32,
    /// The receipts' payments.
    pub results: Vec<ReceiptRow>,
}

/// A line of the list of receipts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// Which payment: its receipt is asked for by this.
    pub iuv: String,
}

/// Where a creditor's money goes: what every position needs beside the debt itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// The account.
    pub iban: String,
    /// The code of pagoPA's taxonomy.
    pub category: String,
}

impl Position {
    /// The position of a debt. The resident's name is the debtor's; what is paid says nothing personal.
    #[must_use]
    pub fn of(notice: &NoticeRecord, debtor: &ResidentRecord, account: &Account) -> Self {
        let short = |text: &str| text.chars().take(140).collect::<String>();
        let debtor =
            Debtor { kind: String::from("F"), fiscal_code: debtor.tax_code.clone(), full_name: debtor.full_name() };
        let options = notice.plans.iter().map(|plan| PaymentOption {
            description: Some(short(&plan.title)),
            validity_date: plan.from.map(|day| format!("{day}T00:00:00Z")),
            switch_to_expired: plan.switch_to_expired,
            debtor: debtor.clone(),
            installments: plan
                .installments
                .iter()
                .map(|one| Installment {
                    iuv: one.number.iuv(),
                    nav: Some(one.number.to_string()),
                    amount: one.amount,
                    description: short(&notice.title),
                    due_date: format!("{}T23:59:59Z", one.due_on),
                    status: None,
                    transfer: vec![Transfer {
                        id_transfer: String::from("1"),
                        amount: one.amount,
                        remittance_information: short(&notice.title),
                        category: account.category.clone(),
                        iban: notice.stamp.is_none().then(|| account.iban.clone()),
                        stamp: notice.stamp.as_ref().map(|stamp| Stamp {
                            hash_document: stamp.document_hash.clone(),
                            stamp_type: stamp.kind.clone(),
                            provincial_residence: stamp.province.clone(),
                        }),
                    }],
                })
                .collect(),
        });
        Self {
            iupd: notice.id.to_string(),
            company_name: short(&notice.creditor.name),
            status: None,
            payment_option: options.collect(),
        }
    }
}
