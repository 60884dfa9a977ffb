//! Who else must sign a case: whom to ask, and how far each signature has come.

use leptos::prelude::*;
use vicino_contract::ipc::{AskSignature, Candidate, CaseDraftView, CoSignerView, SignatureStatus, Whom};
use vicino_domain::CaseId;
use wasm_bindgen_futures::spawn_local;

use crate::components::{Icon, TextField};
use crate::{bridge, tr, words};

/// Everyone who must sign, and the ways to ask; nothing when nobody must.
#[component]
pub fn Signers(draft: CaseDraftView) -> impl IntoView {
    if draft.co_signers.is_empty() {
        return ().into_any();
    }
    let (id, candidates) = (draft.id, draft.candidates.clone());
    let each = draft
        .co_signers
        .iter()
        .cloned()
        .map(|signer| view! { <SignerCard id=id signer=signer candidates=candidates.clone() /> });
    view! {
        <section class="v-sec" aria-labelledby="signers">
            <h2 id="signers" class="h3" tabindex="-1">
                {tr!(signature.needed)}
            </h2>
            <p class="v-small v-mute mt-1">{tr!(signature.explain)}</p>
            {each.collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn SignerCard(id: CaseId, signer: CoSignerView, candidates: Vec<Candidate>) -> impl IntoView {
    let (class, icon, state) = match &signer.status {
        SignatureStatus::NotAsked => ("v-state is-turn", "it-warning-circle", tr!(signature.not_asked).to_owned()),
        SignatureStatus::ToDeliver => ("v-state is-here", "it-upload", tr!(signature.to_deliver).to_owned()),
        SignatureStatus::Refused(reason) => ("v-state is-no", "it-error", words::problem(reason)),
        SignatureStatus::Waiting => ("v-state is-go", "it-clock", tr!(signature.waiting).to_owned()),
        SignatureStatus::Signed => ("v-state is-ok", "it-check-circle", tr!(signature.signed).to_owned()),
        SignatureStatus::Outdated => ("v-state is-turn", "it-warning-circle", tr!(signature.outdated).to_owned()),
        SignatureStatus::Declined => ("v-state is-no", "it-info-circle", tr!(signature.declined).to_owned()),
    };
    let open = !matches!(signer.status, SignatureStatus::Signed | SignatureStatus::ToDeliver);
    let again = signer.status != SignatureStatus::NotAsked;
    view! {
        <div class="mt-3">
            <b class="v-t" lang="it">
                {signer.label}
            </b>
            <p class=class>
                <Icon name=icon small=true />
                {state}
                " "
                {signer.person}
            </p>
            {signer.note.map(|note| view! { <p class="v-text">{note}</p> })}
            {open
                .then(|| {
                    view! { <Asking id=id signer=signer.id candidates=candidates again=again /> }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Asking(id: CaseId, signer: String, candidates: Vec<Candidate>, again: bool) -> impl IntoView {
    // The first of the household, or somebody else when there is none.
    let chosen = RwSignal::new(candidates.first().map(|one| one.id));
    let code = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    // Every signer has a group of its own.
    let group = format!("whom-{signer}");
    let ask = move |_| {
        let signer = signer.clone();
        let whom = chosen.get_untracked().map_or_else(|| Whom::TaxCode(code.get_untracked()), Whom::Resident);
        spawn_local(async move {
            let asked = bridge::call(AskSignature { id, signer, whom }).await;
            failed.try_set(asked.err().map(|failure| words::failure(&failure)));
        });
    };
    let option = |(own, name, to): (String, String, Option<vicino_domain::ResidentId>)| {
        view! {
            <div class="form-check">
                <input
                    type="radio"
                    name=group.clone()
                    id=own.clone()
                    prop:checked=move || chosen.get() == to
                    on:change=move |_| chosen.set(to)
                />
                <label for=own>{name}</label>
            </div>
        }
        .into_any()
    };
    let named = candidates.into_iter().map(|one| (format!("{group}-{}", one.id), one.name, Some(one.id)));
    let all = named.chain([(format!("{group}-other"), tr!(signature.other).to_owned(), None)]);
    view! {
        <fieldset class="v-field mt-2">
            <legend>{tr!(signature.whom)}</legend>
            {all.map(option).collect_view()}
        </fieldset>
        <Show when=move || chosen.get().is_none()>
            <TextField
                id=format!("{group}-code")
                label=tr!(signature.tax_code)
                value=code
                changed=move |typed| code.set(typed)
                problem=failed
            />
        </Show>
        {move || {
            let shown = failed.get().filter(|_| chosen.get().is_some());
            shown
                .map(|failure| {
                    // Of somebody of the household no field is shown that could say it.
                    view! {
                        <p role="alert" class="v-err">
                            <Icon name="it-error" small=true />
                            {failure}
                        </p>
                    }
                })
        }}
        <button type="button" class="btn btn-outline-primary mt-2" on:click=ask>
            {if again { tr!(signature.ask_again) } else { tr!(signature.ask) }}
        </button>
    }
}
