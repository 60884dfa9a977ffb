//! A page that is not there, and a report that is not here.

use leptos::prelude::*;

use crate::components::Heading;
use crate::route::{Link, Page};
use crate::tr;

#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <div class="v-head">
            <Heading text=tr!(app.unknown_page)/>
            <p class="v-mute">{tr!(app.unknown_page_text)}</p>
        </div>
        <Link to=Page::Home class="btn btn-primary">{tr!(app.go_home)}</Link>
    }
}
