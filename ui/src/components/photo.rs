//! A photo of this device, with how far it has come; dashed until the town has it.

use leptos::prelude::*;
use vicino_contract::ipc::PhotoView;

use crate::bridge::photo_url;
use crate::tr;

#[component]
pub fn PhotoTile(
    /// The photo's place among the others, from one.
    number: usize,
    /// The photo.
    photo: PhotoView,
    /// Tells whether the progress is shown; a draft's photos have not set out.
    #[prop(optional)]
    on_its_way: bool,
    /// Buttons for the photo.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = tr!(report.photo, n = number);
    let percent = (photo.sent * 100).checked_div(photo.bytes).unwrap_or(0).min(100);
    let progress = on_its_way.then(|| match (photo.arrived, photo.sent) {
        (true, _) => view! { <span class="v-state is-ok">{tr!(report.arrived)}</span> }.into_any(),
        (false, 0) => view! { <span class="v-mute">{tr!(report.waiting)}</span> }.into_any(),
        (false, _) => view! {
            <span>{tr!(report.percent, n = percent)}</span>
            <span
                class="v-prog mt-1"
                role="progressbar"
                aria-label=name.clone()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent.to_string()
            >
                <span style:width=format!("{percent}%")></span>
            </span>
        }
        .into_any(),
    });
    view! {
        <li class="v-photo" class:is-here=on_its_way && !photo.arrived>
            <img
                src=photo_url(photo.id)
                alt=name.clone()
                width=photo.width
                height=photo.height
                loading="lazy"
                decoding="async"
            />
            <b>{name}</b>
            {progress}
            {children.map(|children| children())}
        </li>
    }
}
