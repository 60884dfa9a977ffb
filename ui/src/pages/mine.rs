//! The personal area: one row of ways between cases, payments, documents, messages, days and who one is.

use leptos::prelude::*;
use vicino_contract::Event;
use vicino_contract::ipc::ListThreads;

use crate::live::live;
use crate::route::{Link, Page};
use crate::tr;

/// The ways between the rooms of the personal area; messages say how many are not read.
#[component]
pub fn Ways() -> impl IntoView {
    let threads = live(&[Event::Messages, Event::Cases, Event::Reports], || ListThreads {});
    let unread = move || {
        let unread = threads.known()?.unread;
        (unread > 0).then(|| {
            view! {
                <span class="v-count">
                    {unread}<span class="visually-hidden">" " {tr!(messages.to_read)}</span>
                </span>
            }
        })
    };
    view! {
        <nav class="v-ways" aria-label=tr!(mine.title)>
            <ul>
                <li>
                    <Link to=Page::Cases>{tr!(cases.title)}</Link>
                </li>
                <li>
                    <Link to=Page::Payments>{tr!(mine.payments)}</Link>
                </li>
                <li>
                    <Link to=Page::Documents>{tr!(mine.documents)}</Link>
                </li>
                <li>
                    <Link to=Page::Messages>{tr!(messages.title)} {unread}</Link>
                </li>
                <li>
                    <Link to=Page::Deadlines>{tr!(deadlines.title)}</Link>
                </li>
                <li>
                    <Link to=Page::Profile>{tr!(profile.title)}</Link>
                </li>
            </ul>
        </nav>
    }
}
