//! Where a browser comes back to after a sign-in or a payment: one port of this machine's loopback interface (RFC 8252 §7.3).

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

use crate::error::Error;

/// The longest head of a request that is read.
const LONGEST: usize = 8 * 1024;
/// The time a browser has to say where it comes from.
const PATIENCE: Duration = Duration::from_secs(10);

const PAGE: &str = "<!doctype html><html lang=\"it\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Vicino</title></head>\
    <body style=\"font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem\">\
    <h1>Fatto</h1><p>Torna a Vicino: puoi chiudere questa pagina.</p>\
    <p lang=\"en\">Done. Go back to Vicino: you can close this page.</p></body></html>";

/// An open port; closed when it is dropped.
pub(crate) struct Ear {
    address: String,
    listening: JoinHandle<()>,
}

impl Ear {
    /// The address a browser is sent back to.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Opens a port and passes on every address that comes to this path of it.
pub(crate) async fn listen(returns: &broadcast::Sender<String>, path: &'static str) -> Result<Ear, Error> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let (address, returns) = (format!("{origin}{path}"), returns.clone());
    let listening = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let received = receive(stream, (origin.clone(), path), returns.clone());
            // A browser sends its few words at once: whoever is silent is nobody's browser.
            tokio::spawn(tokio::time::timeout(PATIENCE, received));
        }
    });
    Ok(Ear { address, listening })
}

async fn receive(mut stream: TcpStream, (origin, path): (String, &'static str), returns: broadcast::Sender<String>) {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < LONGEST {
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => head.extend_from_slice(piece.get(..read).unwrap_or_default()),
            _ => break,
        }
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.lines().next().and_then(|line| line.strip_prefix("GET ")?.split(' ').next());
    let ours = target.filter(|target| target.split('?').next() == Some(path));
    let (status, body) = if ours.is_some() { ("200 OK", PAGE) } else { ("404 Not Found", "") };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // A browser that went away has still brought its answer.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    if let Some(target) = ours {
        let _ = returns.send(format!("{origin}{target}"));
    }
}
