//! The thread with the office; what is not delivered yet is dashed.

use leptos::prelude::*;
use vicino_contract::ipc::{Author, FileTo, FileView, MessageView, ReadThread, Saved, SendMessage, WriteToCase};
use vicino_contract::{Failure, FailureCode, Matter};
use vicino_domain::media::USUAL;
use vicino_domain::{CaseId, ReportId};
use wasm_bindgen_futures::spawn_local;

use crate::components::{Enclose, FileList, Icon, TextField};
use crate::{bridge, tr, words};

/// Files of one message that are offered a place; the core knows what the town takes.
const MOST_FILES: usize = 10;

/// Whom one writes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The office of a report.
    Report(ReportId),
    /// The office of a case.
    Case(CaseId),
    /// The office of a case, which asked for more.
    Asked(CaseId),
}

impl To {
    async fn send(self, text: String) -> Result<Saved, Failure> {
        match self {
            Self::Report(report) => bridge::call(SendMessage { report, text }).await,
            Self::Case(id) => bridge::call(WriteToCase { id, text, integration: false }).await,
            Self::Asked(id) => bridge::call(WriteToCase { id, text, integration: true }).await,
        }
    }
}

/// `open`: whether one may write now, and to whom.
#[component]
pub fn Thread(
    /// The messages, the oldest first.
    messages: Memo<Vec<MessageView>>,
    /// What is written about.
    matter: Matter,
    /// The files of the message being written.
    enclosed: Memo<Vec<FileView>>,
    /// The kind of message that may be written now, if any.
    open: Memo<Option<To>>,
) -> impl IntoView {
    // Whoever stands before it has read it.
    Effect::new(move |_| {
        if messages.with(|messages| messages.iter().any(|message| message.author == Author::Office)) {
            spawn_local(async move { drop(bridge::call(ReadThread { matter }).await) });
        }
    });
    let text = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<Failure>);
    let saved = RwSignal::new(false);
    let sending = RwSignal::new(false);
    let send = move |_| {
        // Pressed twice is meant once.
        let Some(to) = open.get_untracked().filter(|_| !sending.get_untracked()) else { return };
        sending.set(true);
        spawn_local(async move {
            let written = text.get_untracked();
            let kept = to.send(written.clone()).await;
            sending.try_set(false);
            match kept {
                Ok(_) => {
                    // What was typed meanwhile stays.
                    text.try_update(|text| {
                        if *text == written {
                            text.clear();
                        }
                    });
                    failed.try_set(None);
                    saved.try_set(true);
                }
                Err(failure) => {
                    failed.try_set(Some(failure));
                    crate::components::focus("message");
                }
            }
        });
    };
    let problem = Signal::derive(move || {
        failed.get().map(|failure| {
            if failure.code == FailureCode::Invalid {
                failure.invalid.first().map(words::invalid).unwrap_or_default()
            } else {
                words::failure(&failure)
            }
        })
    });
    let label = move || if matches!(open.get(), Some(To::Asked(_))) { tr!(cases.answer) } else { tr!(report.write) };
    view! {
        <section class="v-sec" aria-labelledby="thread">
            <div class="v-sec-h">
                <h2 id="thread">{tr!(report.messages)}</h2>
            </div>
            {move || {
                let messages = messages.get();
                if messages.is_empty() {
                    view! { <p class="v-mute">{tr!(report.no_messages)}</p> }.into_any()
                } else {
                    messages
                        .into_iter()
                        .map(|message| view! { <ThreadMessage message=message /> })
                        .collect_view()
                        .into_any()
                }
            }}
            <Show when=move || open.get().is_some()>
                <div class="mt-4">
                    <TextField
                        id="message"
                        label=Signal::derive(label)
                        value=text
                        lines=Some(2)
                        problem=problem
                        changed=move |typed| {
                            saved.set(false);
                            text.set(typed);
                        }
                    />
                    {move || {
                        open.get()
                            .map(|_| {
                                let files = enclosed.get();
                                let more = files.len() < MOST_FILES;
                                let types = USUAL.map(String::from).to_vec();
                                view! {
                                    <Enclose
                                        to=FileTo::Letter(matter)
                                        files=files
                                        id="enclose".to_owned()
                                        types=types
                                        more=more
                                        dated=false
                                    />
                                }
                            })
                    }}
                    <div class="v-flow mt-3">
                        <button type="button" class="btn btn-primary" on:click=send>
                            {tr!(report.send)}
                        </button>
                        <span class="v-small v-mute">{tr!(report.send_offline)}</span>
                    </div>
                </div>
            </Show>
            <p role="status" class="v-small">
                {move || saved.get().then(|| tr!(report.message_saved))}
            </p>
        </section>
    }
}

#[component]
fn ThreadMessage(
    /// The message.
    message: MessageView,
) -> impl IntoView {
    let mine = message.author == Author::Resident;
    let class = match (mine, message.delivered) {
        (false, _) => "v-msg",
        (true, true) => "v-msg is-mine",
        (true, false) => "v-msg is-mine is-here",
    };
    let (by, office) = (message.by, message.office.unwrap_or_default());
    let who = move || if mine { words::writer(by.clone()) } else { office.clone() };
    let waits = (!message.delivered).then(|| {
        view! {
            <span class="v-state d-flex mt-1">
                <Icon name="it-upload" small=true />
                {tr!(report.to_deliver)}
            </span>
        }
    });
    view! {
        <div class=class>
            <b class="v-d">{who} " · " {words::when(message.at)}</b>
            <span class="v-text">{message.text}</span>
            <FileList files=message.files />
            {waits}
        </div>
    }
}
