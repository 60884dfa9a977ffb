//! A photo or a file on its way: tus 1.0.0 from this side, piece by piece, from where the last one ended.

use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as B64;
use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use vicino_contract::Event;
use vicino_contract::http::path;
use vicino_contract::http::tus::{self, Part};
use vicino_domain::Sha256;

use crate::api::answer::{broken, later, signed, verdict};
use crate::api::{Delivered, TownClient};
use crate::device::Device;
use crate::matters::report;
use crate::outbox::Verdict;
use crate::store::files;

/// The facts the town tells of an upload.
struct Told {
    offset: usize,
    acknowledgement: Option<String>,
}

/// What is to be sent in pieces.
pub(crate) struct Parcel {
    /// What it is a part of.
    pub(crate) part: Part,
    pub(crate) sha256: Sha256,
    /// Where the town takes it, once it has begun.
    pub(crate) upload: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Sends what the town does not have yet of it.
pub(crate) async fn send(device: &Device, town: &TownClient, parcel: Parcel) -> Result<Delivered, Verdict> {
    Upload { device, town, parcel }.run().await
}

struct Upload<'a> {
    device: &'a Device,
    town: &'a TownClient,
    parcel: Parcel,
}

impl Upload<'_> {
    async fn run(&self) -> Result<Delivered, Verdict> {
        let (place, mut told) = match &self.parcel.upload {
            Some(place) => match self.look(place).await? {
                Some(told) => (place.clone(), told),
                None => self.begin().await?,
            },
            None => self.begin().await?,
        };
        let piece = self.device.limits().map_err(broken)?.piece_bytes;
        let piece = usize::try_from(piece).unwrap_or(usize::MAX).max(1);
        let mut asked = false;
        loop {
            self.note(Some(&place), told.offset)?;
            if let Some(jws) = told.acknowledgement {
                let (part, sha256) = (self.parcel.part, self.parcel.sha256);
                signed(self.device, &jws, &self.town.keys, part.kind(), &part.id().to_string(), sha256)?;
                return Ok(Delivered { acknowledgement: jws });
            }
            if told.offset >= self.parcel.bytes.len() && asked {
                return Err(later());
            }
            // All bytes there and nobody signed: an empty piece asks the town to finish what it was stopped in.
            asked = told.offset >= self.parcel.bytes.len();
            let end = told.offset.saturating_add(piece).min(self.parcel.bytes.len());
            told = self.append(&place, told.offset..end).await?;
        }
    }

    /// Begins an upload, or finds the one the town already has for this part.
    async fn begin(&self) -> Result<(String, Told), Verdict> {
        let digest = ("sha256", self.parcel.sha256.to_string());
        let pairs = self.parcel.part.pairs().into_iter().chain([digest]);
        let metadata = pairs.map(|(key, value)| format!("{key} {}", B64.encode(value))).collect::<Vec<_>>().join(",");
        let request = self.speak(Method::POST, path::UPLOADS);
        let request = request.header(tus::LENGTH, self.parcel.bytes.len()).header(tus::METADATA, metadata);
        let response = self.town.send(self.device, request).await?;
        let place = response.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned);
        // Only a path of this town: bytes go nowhere else, whatever a header says.
        let place = place.filter(|place| place.starts_with(path::UPLOADS)).ok_or_else(later)?;
        let told = told(&response)?;
        self.note(Some(&place), told.offset)?;
        Ok((place, told))
    }

    /// The point the upload has reached; `None` when the town has forgotten it.
    async fn look(&self, place: &str) -> Result<Option<Told>, Verdict> {
        let response = self.town.ask(self.device, self.speak(Method::HEAD, place)).await?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                self.note(None, 0)?;
                Ok(None)
            }
            _ => told(&verdict(response).await?).map(Some),
        }
    }

    /// Sends one piece. Where the town stands elsewhere than we thought, it is asked again.
    async fn append(&self, place: &str, piece: Range<usize>) -> Result<Told, Verdict> {
        let offset = piece.start;
        let request = self.speak(Method::PATCH, place).header(tus::OFFSET, offset);
        let request = request.header(header::CONTENT_TYPE, tus::PIECE_TYPE).body(self.parcel.bytes.slice(piece));
        let response = self.town.ask(self.device, request).await?;
        match response.status().as_u16() {
            404 | 410 | tus::CHECKSUM_MISMATCH => {
                self.note(None, 0)?;
                Err(Verdict::Now)
            }
            409 => Err(Verdict::Now),
            _ => told(&verdict(response).await?),
        }
    }

    fn speak(&self, method: Method, path: &str) -> RequestBuilder {
        self.town.request(method, path).header(tus::RESUMABLE, tus::VERSION)
    }

    /// Writes down how far it has come, and lets the screen know.
    fn note(&self, place: Option<&str>, offset: usize) -> Result<(), Verdict> {
        let sent = i64::try_from(offset).unwrap_or(0);
        let noted = self.device.store.private(|tx| match self.parcel.part {
            Part::Photo(_, photo) => report::photos_store::progress(tx, photo, place, sent),
            Part::ReportFile(_, file)
            | Part::CaseFile(_, file)
            | Part::NoticeFile(_, file)
            | Part::CertificateFile(_, file) => files::progress(tx, file, place, sent),
        });
        self.device.tell(Event::Outbox);
        noted.map_err(broken)
    }
}

fn told(response: &Response) -> Result<Told, Verdict> {
    let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let offset = text(tus::OFFSET).and_then(|offset| offset.parse().ok()).ok_or_else(later)?;
    Ok(Told { offset, acknowledgement: text(tus::ACKNOWLEDGEMENT).map(str::to_owned) })
}
