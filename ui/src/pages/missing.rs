//! A page that is not there, and a report that is not here.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::Heading;
use crate::tr;

#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(app.unknown_page)/>
            <p class="v-mute">{tr!(app.unknown_page_text)}</p>
        </div>
        <A href="/" attr:class="btn btn-primary">{tr!(app.go_home)}</A>
    }
}
