//! A sheet over the page: something to look at, closed by its button or Escape.

use leptos::html;
use leptos::prelude::*;

use crate::tr;

#[component]
pub fn Sheet(
    /// Shown while true.
    open: RwSignal<bool>,
    /// The title.
    #[prop(into)]
    title: String,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() { drop(dialog.show_modal()) } else { dialog.close() }
    });
    view! {
        <dialog
            class="v-dialog"
            node_ref=dialog
            aria-label=title.clone()
            on:close=move |_| open.set(false)
        >
            <h2 tabindex="-1" autofocus=true>
                {title.clone()}
            </h2>
            <Show when=move || open.get()>{children()}</Show>
            <div class="v-btns mt-4">
                <button type="button" class="btn btn-primary" on:click=move |_| open.set(false)>
                    {tr!(app.close)}
                </button>
            </div>
        </dialog>
    }
}
