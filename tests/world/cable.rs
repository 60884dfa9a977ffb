//! The cable between devices and a town: a proxy on the loopback interface that can be cut, and can lose answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the cable does with bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wire {
    /// Carries them.
    Whole,
    /// Nothing passes: connections are taken and dropped.
    Cut,
    /// There is no socket at all: connections are refused.
    Unplugged,
    /// The town hears and does, its answer never arrives.
    LosesAnswers,
    /// The same, for this answer alone, counted from one.
    LosesAnswer(usize),
    /// Breaks after this many bytes from the device.
    BreaksAfter(usize),
    /// Each connection breaks after this many bytes from the town.
    DribblesAnswers(usize),
    /// Somebody else answers everything with a friendly page, as a hotel's network does.
    CaptivePortal,
    /// Somebody answers everything with this JSON.
    Says(&'static str),
}

#[derive(Clone)]
pub struct FaultProxy {
    here: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    wire: Wire,
    town: SocketAddr,
    carried: usize,
    answers: usize,
    generation: u64,
}

impl FaultProxy {
    pub async fn new(town: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { wire: Wire::Whole, town, carried: 0, answers: 0, generation: 0 }));
        let cable = Self { here, state };
        let carrying = cable.clone();
        tokio::spawn(async move {
            let mut listener = Some(listener);
            loop {
                let unplugged = carrying.state.lock().unwrap().wire == Wire::Unplugged;
                let pause = std::time::Duration::from_millis(5);
                match &listener {
                    Some(_) if unplugged => listener = None,
                    Some(socket) => tokio::select! {
                        taken = socket.accept() => if let Ok((stream, _)) = taken {
                            tokio::spawn(carrying.clone().carry(stream));
                        },
                        () = tokio::time::sleep(pause) => {}
                    },
                    None if unplugged => tokio::time::sleep(pause).await,
                    None => listener = TcpListener::bind(here).await.ok(),
                }
            }
        });
        cable
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.here)
    }

    /// Changes what the cable does; connections under way break, and whoever holds one notices.
    pub fn set(&self, wire: Wire) {
        {
            let mut state = self.state.lock().unwrap();
            state.wire = wire;
            state.carried = 0;
            state.answers = 0;
            state.generation += 1;
        }
        std::thread::sleep(std::time::Duration::from_millis(40));
    }

    /// The number of answers the town has given since the wire was set.
    pub fn answers(&self) -> usize {
        self.state.lock().unwrap().answers
    }

    /// Plugs the other end into another address.
    pub fn plug(&self, town: SocketAddr) {
        let mut state = self.state.lock().unwrap();
        state.town = town;
        state.generation += 1;
    }

    async fn carry(self, mut device: TcpStream) {
        let (wire, town, generation) = {
            let state = self.state.lock().unwrap();
            (state.wire, state.town, state.generation)
        };
        match wire {
            Wire::Cut | Wire::Unplugged => return,
            Wire::CaptivePortal => {
                let page = "<html><title>Benvenuti</title>Accetta le condizioni</html>";
                return self.says(&mut device, "text/html", page).await;
            }
            Wire::Says(json) => return self.says(&mut device, "application/json", json).await,
            Wire::Whole
            | Wire::LosesAnswers
            | Wire::LosesAnswer(_)
            | Wire::BreaksAfter(_)
            | Wire::DribblesAnswers(_) => {}
        }
        let Ok(mut town) = TcpStream::connect(town).await else { return };
        let (mut from_device, mut from_town) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        let (mut answered, mut asked) = (0, false);
        let mut breath = tokio::time::interval(std::time::Duration::from_millis(10));
        loop {
            tokio::select! {
                read = device.read(&mut from_device) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(_) if self.state.lock().unwrap().generation != generation => return,
                    Ok(read) => {
                        asked = true;
                        let passes = self.passes(read);
                        if town.write_all(&from_device[..passes]).await.is_err() || passes < read {
                            return;
                        }
                    }
                },
                read = town.read(&mut from_town) => match read {
                    Ok(0) | Err(_) => return,
                    // An answer means that the town has done it; now it is lost.
                    Ok(_) if self.loses(wire, std::mem::take(&mut asked)) => return,
                    Ok(read) => {
                        let left = match wire {
                            Wire::DribblesAnswers(limit) => limit.saturating_sub(answered),
                            _ => usize::MAX,
                        };
                        answered += read;
                        let passes = read.min(left);
                        if device.write_all(&from_town[..passes]).await.is_err() || passes < read {
                            return;
                        }
                    }
                },
                _ = breath.tick() => if self.state.lock().unwrap().generation != generation { return },
            }
        }
    }

    /// Returns whether the cable loses what the town says now; `begins`: it is the beginning of an answer.
    fn loses(&self, wire: Wire, begins: bool) -> bool {
        let mut state = self.state.lock().unwrap();
        state.answers += usize::from(begins);
        match wire {
            Wire::LosesAnswers => true,
            Wire::LosesAnswer(number) => begins && state.answers == number,
            _ => false,
        }
    }

    /// How many of these bytes the cable still carries before it breaks.
    fn passes(&self, bytes: usize) -> usize {
        let mut state = self.state.lock().unwrap();
        let left = match state.wire {
            Wire::BreaksAfter(limit) => limit.saturating_sub(state.carried),
            _ => usize::MAX,
        };
        state.carried += bytes.min(left);
        bytes.min(left)
    }

    /// Answers in the town's place.
    async fn says(&self, device: &mut TcpStream, kind: &str, body: &str) {
        let mut request = vec![0; 64 * 1024];
        let _ = device.read(&mut request).await;
        self.state.lock().unwrap().answers += 1;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let _ = device.write_all(answer.as_bytes()).await;
    }
}
