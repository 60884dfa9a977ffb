//! The measure of what one caller, one address and everybody together may take of the town: numbers, changed as a town's data.

use std::time::Duration;

/// Every limit that keeps the town open for everybody else.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Calls a minute of a device, an operator, or an address without a token.
    pub calls_per_minute: u32,
    /// Calls a minute from one address.
    pub address_calls_per_minute: u32,
    /// Kilobytes of text a day from one device, signed in or not.
    pub words_kilobytes_per_day: u32,
    /// Kilobytes of text a day from one address.
    pub address_words_kilobytes_per_day: u32,
    /// Kilobytes of text a day from all callers together.
    pub town_words_kilobytes_per_day: u32,
    /// Messages in one thread.
    pub messages: usize,
    /// Token refreshes a minute of one session.
    pub refreshes_per_minute: u32,
    /// Papers and codes a minute that one address may have checked.
    pub checks_per_minute: u32,
    /// Papers and codes that one address may be bringing to be checked at the same time.
    pub bringing_per_address: u32,
    /// Papers and codes being brought by all callers at the same time: each may be 12 MB in memory.
    pub bringing: u32,
    /// New devices a day from one address: whole families and offices share one.
    pub devices_per_day: u32,
    /// Payment pages an hour that one device or resident may open.
    pub carts_per_hour: u32,
    /// Payment pages an hour for everybody who has not signed in, together.
    pub unsigned_carts_per_hour: u32,
    /// Certificates a day that one resident may ask for.
    pub certificates_per_day: u32,
    /// Certificates of one resident that may wait at the same time.
    pub certificates_waiting: usize,
    /// Signatures a day that one resident may ask of others.
    pub signatures_per_day: u32,
    /// Kilobytes a day of photos and papers from one device on which nobody has signed in.
    pub unsigned_kilobytes_per_day: u32,
    /// Kilobytes a day of photos and papers from one resident.
    pub kilobytes_per_day: u32,
    /// Kilobytes a day of photos and papers from one address.
    pub address_kilobytes_per_day: u32,
    /// Kilobytes a day of photos and papers from all callers together.
    pub town_kilobytes_per_day: u32,
    /// Unfinished uploads of one owner at the same time.
    pub open_uploads: i64,
    /// Bytes of free disk below which only words are taken.
    pub free_disk: u64,
    /// On a small disk, the part of it that is kept free instead: one over this.
    pub free_part: u64,
    /// Event streams of one device.
    pub streams_per_device: u32,
    /// Event streams of one address.
    pub streams_per_address: u32,
    /// Event streams in all.
    pub streams: u32,
    /// Connections of one address; trusted proxies have no such limit.
    pub connections_per_address: u32,
    /// Connections in all.
    pub connections: u32,
    /// The time a client has to send the head of a request, and may leave a connection idle.
    pub head: Duration,
    /// The time a call may take, body and answer together; streams and pieces of uploads have their own.
    pub call: Duration,
    /// The time calls under way have to end when the town closes.
    pub closing: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            calls_per_minute: 600,
            address_calls_per_minute: 12_000,
            words_kilobytes_per_day: 20_000,
            address_words_kilobytes_per_day: 200_000,
            town_words_kilobytes_per_day: 2_000_000,
            messages: 1_000,
            refreshes_per_minute: 30,
            checks_per_minute: 20,
            bringing_per_address: 2,
            bringing: 24,
            devices_per_day: 200,
            carts_per_hour: 30,
            unsigned_carts_per_hour: 120,
            certificates_per_day: 20,
            certificates_waiting: 10,
            signatures_per_day: 20,
            unsigned_kilobytes_per_day: 60_000,
            kilobytes_per_day: 500_000,
            address_kilobytes_per_day: 2_000_000,
            town_kilobytes_per_day: 40_000_000,
            open_uploads: 40,
            free_disk: 1_000_000_000,
            free_part: 20,
            streams_per_device: 4,
            streams_per_address: 64,
            streams: 10_000,
            connections_per_address: 128,
            connections: 20_000,
            head: Duration::from_secs(10),
            call: Duration::from_secs(60),
            closing: Duration::from_secs(7),
        }
    }
}
