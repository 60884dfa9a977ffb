//! The receipt: what the town signed, for eyes and for scanners.

use leptos::prelude::*;
use vicino_contract::Matter;
use vicino_contract::ipc::{GetReceipt, ReceiptView};
use wasm_bindgen_futures::spawn_local;

use super::Sheet;
use crate::{bridge, tr, words};

#[component]
pub fn Receipt(
    /// The matter whose acknowledgement is shown.
    matter: Matter,
    /// Shown while true.
    open: RwSignal<bool>,
) -> impl IntoView {
    let receipt = RwSignal::new(None);
    Effect::new(move |_| {
        if open.get() {
            // Asked for each time: its signature is checked at that moment.
            spawn_local(async move { receipt.set(Some(bridge::call(GetReceipt { matter }).await)) });
        }
    });
    view! {
        <Sheet open=open title=tr!(receipt.title)>
            {move || {
                receipt
                    .get()
                    .map(|receipt| match receipt {
                        Ok(receipt) => view! { <ReceiptFacts receipt=receipt /> }.into_any(),
                        Err(failure) => {
                            view! { <p role="alert">{words::failure(&failure)}</p> }.into_any()
                        }
                    })
            }}
        </Sheet>
    }
}

/// What the town signed, as facts and as a code.
#[component]
pub fn ReceiptFacts(
    /// The receipt of a request.
    receipt: ReceiptView,
) -> impl IntoView {
    view! {
        <p class="v-mute mt-2">{tr!(receipt.text)}</p>
        <dl class="v-facts mt-3">
            <div>
                <dt>{tr!(receipt.town)}</dt>
                <dd>{receipt.town}</dd>
            </div>
            <div>
                <dt>{tr!(receipt.number)}</dt>
                <dd class="v-num">{receipt.number}</dd>
            </div>
            <div>
                <dt>{tr!(receipt.received)}</dt>
                <dd>{words::when(receipt.received_at)}</dd>
            </div>
            <div>
                <dt>{tr!(receipt.digest)}</dt>
                <dd class="v-hash">{receipt.body_sha256}</dd>
            </div>
            <div>
                <dt>{tr!(receipt.key)}</dt>
                <dd class="v-hash">{receipt.fingerprint}</dd>
            </div>
        </dl>
        <div class="v-qr mt-3" role="img" aria-label=tr!(receipt.qr)>
            <div class="v-qr-code" aria-hidden="true" inner_html=receipt.qr_svg></div>
        </div>
        <details class="mt-3">
            <summary>{tr!(receipt.raw)}</summary>
            <p class="v-hash">{receipt.jws}</p>
        </details>
    }
}
