//! A question before something is lost: what will be gone, and the two ways out.

use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Ask(
    /// Shown while true.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: String,
    /// The consequence of a yes.
    #[prop(into)]
    text: Signal<String>,
    /// The word of the button that does it.
    #[prop(into)]
    yes: String,
    /// The word of the button that does not.
    #[prop(into)]
    no: String,
    /// Called on a yes.
    #[prop(into)]
    then: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        // A dialog asked to be what it already is says so by failing, which is fine.
        if open.get() { drop(dialog.show_modal()) } else { dialog.close() }
    });
    view! {
        <dialog
            class="v-dialog"
            node_ref=dialog
            aria-label=title.clone()
            on:close=move |_| open.set(false)
        >
            <h2>{title.clone()}</h2>
            <p class="mt-2">{text}</p>
            <div class="v-btns mt-4">
                <button
                    type="button"
                    class="btn btn-outline-primary"
                    on:click=move |_| open.set(false)
                >
                    {no}
                </button>
                <button
                    type="button"
                    class="btn btn-outline-danger"
                    on:click=move |_| {
                        open.set(false);
                        then.run(());
                    }
                >
                    {yes}
                </button>
            </div>
        </dialog>
    }
}
