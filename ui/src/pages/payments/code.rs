//! The codes of a notice, for a counter: shown, enlarged over the whole screen, copied, printed.

use leptos::prelude::*;
use vicino_contract::ipc::{CodeView, GetCode, PaperOf};
use vicino_contract::{Event, Failure};
use vicino_domain::NoticeId;
use vicino_domain::pagopa::NoticeNumber;
use wasm_bindgen_futures::spawn_local;

use crate::app::shared;
use crate::components::{Icon, Sheet};
use crate::live::live;
use crate::{bridge, tr, words};

#[component]
pub(super) fn Codes(
    id: NoticeId,
    number: Signal<Option<NoticeNumber>>,
    creditor: String,
    creditor_code: String,
) -> impl IntoView {
    let who = StoredValue::new((creditor, creditor_code));
    view! {
        {move || {
            number
                .get()
                .map(|number| {
                    let (creditor, code) = who.get_value();
                    view! { <Code id=id number=number creditor=creditor creditor_code=code /> }
                })
        }}
    }
}

#[component]
fn Code(id: NoticeId, number: NoticeNumber, creditor: String, creditor_code: String) -> impl IntoView {
    let code = live(&[Event::Payments], move || GetCode { id, number });
    let (large, copied) = (RwSignal::new(false), RwSignal::new(false));
    let large_who = StoredValue::new((creditor.clone(), creditor_code.clone()));
    let failed = RwSignal::new(None::<Failure>);
    let print = move |_| {
        spawn_local(async move { drop(failed.try_set(bridge::paper(PaperOf::Notice(id, number)).await.err())) });
    };
    let practice = move || shared().town().is_some_and(|town| town.practice);
    let copy = move |_| {
        bridge::copy(&number.to_string());
        copied.set(true);
    };
    view! {
        <section class="v-sec" aria-labelledby="counter">
            <h2 id="counter" class="h3 mb-3">
                {tr!(notice.counter)}
            </h2>
            <div class="v-qr" class:v-wm=practice>
                {move || {
                    code.known()
                        .map(|code| view! { <CodePicture svg=code.qr_svg label=tr!(notice.qr) /> })
                }}
                <p class="text-center">
                    <span class="v-small">{tr!(notice.code)}</span>
                    <br />
                    <b class="v-num">{number.grouped()}</b>
                </p>
                <p class="v-small text-center">
                    <span lang="it">{creditor}</span>
                    <br />
                    {tr!(notice.tax_code, code = creditor_code)}
                </p>
            </div>
            <Show when=practice>
                <p class="v-small v-mute mt-2">{tr!(notice.practice)}</p>
            </Show>
            <div class="v-flow">
                <button type="button" class="v-link v-small" on:click=move |_| large.set(true)>
                    <Icon name="it-fullscreen" small=true />
                    {tr!(notice.enlarge)}
                </button>
                <button type="button" class="v-link v-small" on:click=copy>
                    <Icon name="it-copy" small=true />
                    {tr!(notice.copy)}
                </button>
                <button type="button" class="v-link v-small" on:click=print>
                    <Icon name="it-print" small=true />
                    {tr!(notice.print)}
                </button>
            </div>
            <p role="status" class="v-small">
                {move || copied.get().then(|| tr!(notice.copied))}
            </p>
            {move || {
                failed
                    .get()
                    .map(|failure| {
                        view! {
                            <p role="alert" class="v-err">
                                {words::failure(&failure)}
                            </p>
                        }
                    })
            }}
            <Sheet open=large title=tr!(notice.counter)>
                {
                    let (creditor, code_of) = large_who.get_value();
                    move || {
                        code.known()
                            .map(|code| {
                                view! {
                                    <BothCodes
                                        code=code
                                        creditor=creditor.clone()
                                        tax_code=code_of.clone()
                                    />
                                }
                            })
                    }
                }
            </Sheet>
        </section>
    }
}

#[component]
fn CodePicture(svg: String, label: &'static str) -> impl IntoView {
    view! {
        <div role="img" aria-label=label>
            <div class="v-qr-code" aria-hidden="true" inner_html=svg></div>
        </div>
    }
    .into_any()
}

/// Both codes, as large as the screen allows, with what a cashier asks for.
#[component]
fn BothCodes(code: CodeView, creditor: String, tax_code: String) -> impl IntoView {
    let matrix = code.matrix_svg.map(|svg| {
        view! {
            <h3 class="mt-4">{tr!(notice.matrix)}</h3>
            <div class="v-qr">
                <CodePicture svg=svg label=tr!(notice.matrix) />
            </div>
        }
    });
    view! {
        <div class="v-qr">
            <CodePicture svg=code.qr_svg label=tr!(notice.qr) />
            <p class="text-center">
                <b class="v-num">{code.grouped}</b>
                <br />
                <b class="v-num">{words::euro(code.amount)}</b>
                <br />
                <span lang="it">{creditor}</span>
                " · "
                {tr!(notice.tax_code, code = tax_code)}
            </p>
        </div>
        {matrix}
    }
    .into_any()
}
