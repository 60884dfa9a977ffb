//! A meter between a device and a town: how many requests, how many bytes of body come back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct Meter {
    url: String,
    read: Arc<Mutex<(usize, usize)>>,
    carried: Arc<AtomicUsize>,
}

impl Meter {
    /// Stands before the town at this address.
    pub async fn before(url: &str) -> Self {
        let town = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let meter = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            read: Arc::default(),
            carried: Arc::default(),
        };
        let counting = meter.clone();
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                let Ok(town) = TcpStream::connect(&town).await else { continue };
                tokio::spawn(counting.clone().carry(device, town));
            }
        });
        meter
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Requests, and bytes of body that came back, since the last reset.
    pub fn read(&self) -> (usize, usize) {
        *self.read.lock().unwrap()
    }

    /// Bytes that passed, both ways, heads and all, since the last reset.
    pub fn carried(&self) -> usize {
        self.carried.load(Ordering::Relaxed)
    }

    pub fn reset(&self) {
        self.carried.store(0, Ordering::Relaxed);
        *self.read.lock().unwrap() = (0, 0);
    }

    async fn carry(self, mut device: TcpStream, mut town: TcpStream) {
        let (mut asked, mut told) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
        loop {
            tokio::select! {
                read = device.read(&mut asked) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(read) => {
                        self.carried.fetch_add(read, Ordering::Relaxed);
                        // A small request comes in one piece: its first line begins it.
                        let begins = [&b"GET "[..], b"PUT ", b"POST", b"HEAD", b"PATC", b"DELE"];
                        if begins.iter().any(|verb| asked[..read].starts_with(verb)) {
                            self.read.lock().unwrap().0 += 1;
                        }
                        if town.write_all(&asked[..read]).await.is_err() { return }
                    }
                },
                read = town.read(&mut told) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(read) => {
                        self.carried.fetch_add(read, Ordering::Relaxed);
                        let piece = &told[..read];
                        let head = if piece.starts_with(b"HTTP/") {
                            piece.windows(4).position(|end| end == b"\r\n\r\n").map_or(read, |at| at + 4)
                        } else {
                            0
                        };
                        self.read.lock().unwrap().1 += read - head;
                        if device.write_all(piece).await.is_err() { return }
                    }
                },
            }
        }
    }
}
