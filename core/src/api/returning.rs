//! Where a browser comes back to after a sign-in or a payment: one port of this machine's loopback interface (RFC 8252 §7.3).

use std::sync::Arc;
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

/// The end of something that was done in the browser, for its last page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// The browser's part is done.
    Done,
    /// The resident cancelled.
    Cancelled,
    /// The sign-in failed.
    SignInFailed,
    /// The payment failed.
    PaymentFailed,
    /// The end is not known yet.
    Open,
}

impl Ending {
    /// The page's heading and sentence, in Italian and in English.
    const fn words(self) -> [(&'static str, &'static str); 2] {
        const BACK: (&str, &str) =
            ("Puoi chiudere questa pagina e tornare a Vicino.", "You can close this page and go back to Vicino.");
        const NEXT: (&str, &str) = (
            "Puoi chiudere questa pagina e tornare a Vicino, per vedere che cosa puoi fare.",
            "You can close this page and go back to Vicino to see what to do next.",
        );
        const LATER: (&str, &str) = (
            "Puoi chiudere questa pagina e tornare a Vicino: te lo dice appena lo sa.",
            "You can close this page and go back to Vicino: it will tell you as soon as it knows.",
        );
        match self {
            Self::Done => [("Qui hai finito", BACK.0), ("You are done here", BACK.1)],
            Self::Cancelled => [("Hai annullato", BACK.0), ("You cancelled", BACK.1)],
            Self::SignInFailed => [("L’accesso non è riuscito", NEXT.0), ("You could not be signed in", NEXT.1)],
            Self::PaymentFailed => {
                [("Il pagamento non è riuscito", NEXT.0), ("The payment did not go through", NEXT.1)]
            }
            Self::Open => [("Non sappiamo ancora com’è andata", LATER.0), ("We do not know yet how it went", LATER.1)],
        }
    }
}

/// The page a browser is left with.
fn page(ending: Ending) -> String {
    let [(heading, sentence), (english, said)] = ending.words();
    format!(
        "<!doctype html><html lang=\"it\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{heading} · Vicino</title></head>\
         <body style=\"font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem\">\
         <h1>{heading}</h1><p>{sentence}</p><p lang=\"en\"><b>{english}.</b> {said}</p></body></html>"
    )
}

/// The reading of an address that came back: how it ended.
pub(crate) type Reading = Arc<dyn Fn(&str) -> Ending + Send + Sync>;

/// An open port; closed when it is dropped.
pub(crate) struct LoopbackListener {
    address: String,
    listening: JoinHandle<()>,
}

impl LoopbackListener {
    /// The address a browser is sent back to.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for LoopbackListener {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Opens a port and passes on every address that comes to this path of it; the browser is told how it ended, by `reading`.
pub(crate) async fn listen(
    returns: &broadcast::Sender<String>,
    path: &'static str,
    reading: Reading,
) -> Result<LoopbackListener, Error> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let (address, returns) = (format!("{origin}{path}"), returns.clone());
    let listening = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let received = receive(stream, (origin.clone(), path), reading.clone(), returns.clone());
            // A browser sends its few words at once: whoever is silent is nobody's browser.
            tokio::spawn(tokio::time::timeout(PATIENCE, received));
        }
    });
    Ok(LoopbackListener { address, listening })
}

async fn receive(
    mut stream: TcpStream,
    (origin, path): (String, &'static str),
    reading: Reading,
    returns: broadcast::Sender<String>,
) {
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
    let came = ours.map(|target| format!("{origin}{target}"));
    let (status, body) = match &came {
        Some(came) => ("200 OK", page(reading(came))),
        None => ("404 Not Found", String::new()),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // A browser that went away has still brought its answer.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    if let Some(came) = came {
        let _ = returns.send(came);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer to a browser that comes to this address.
    async fn told(address: &str, target: &str) -> String {
        let port = address.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned();
        let mut stream = TcpStream::connect(port).await.unwrap();
        stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        said
    }

    #[tokio::test]
    async fn a_browser_is_told_how_it_ended_and_the_address_is_passed_on() {
        let (returns, mut came) = broadcast::channel(4);
        let reading: Reading =
            Arc::new(|address| if address.ends_with("yes") { Ending::Done } else { Ending::SignInFailed });
        let ear = listen(&returns, "/signed-in", reading).await.unwrap();
        let yes = told(ear.address(), "/signed-in?yes").await;
        assert!(yes.starts_with("HTTP/1.1 200") && yes.contains("Qui hai finito"), "{yes}");
        assert!(came.recv().await.unwrap().ends_with("/signed-in?yes"));
        let no = told(ear.address(), "/signed-in?error=access_denied").await;
        assert!(no.contains("L’accesso non è riuscito") && no.contains("You could not be signed in"), "{no}");
        assert!(came.recv().await.unwrap().ends_with("access_denied"));
        assert!(told(ear.address(), "/elsewhere?yes").await.starts_with("HTTP/1.1 404"));
        assert!(came.try_recv().is_err());
    }
}
