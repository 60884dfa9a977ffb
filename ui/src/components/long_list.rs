//! A list of any length of which only what is near the eye stands in the page.
//!
//! Rows are measured, not assumed: text may be twice as large. The rest of the list is empty room above and below,
//! and every row says which of how many it is.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

/// Rows that stand in the page at the same time, at most.
const ROWS: u32 = 40;
/// Rows kept above the eye.
const ABOVE: u32 = 10;
/// What a row is taken to measure before one was, in pixels.
const GUESS: f64 = 96.0;

/// `first` is set to the first row wanted; `rows` are those from `first` on, `total` how many there are.
#[component]
pub fn LongList<T, V>(
    /// The name of the list, for a screen reader.
    #[prop(into)]
    label: String,
    /// The first row to read.
    first: RwSignal<u32>,
    /// Rows there are.
    #[prop(into)]
    total: Signal<u32>,
    /// The first row that `rows` holds, and the rows.
    #[prop(into)]
    rows: Signal<(u32, Vec<T>)>,
    /// Draws a row.
    row: impl Fn(T) -> V + Send + Sync + Clone + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let list = NodeRef::<html::Ul>::new();
    let height = RwSignal::new(GUESS);
    // Where the eye is decides what stands in the page.
    let look = move || {
        let Some(list) = list.get_untracked() else { return };
        let gone = -list.get_bounding_client_rect().top() / height.get_untracked();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a row of a list; the cast saturates"
        )]
        let at = gone.max(0.0) as u32;
        let last = total.get_untracked().saturating_sub(ROWS / 2);
        // In steps, so that a small scroll asks for nothing.
        let wanted = at.saturating_sub(ABOVE).min(last) / 10 * 10;
        if wanted != first.get_untracked() {
            first.set(wanted);
        }
    };
    let scrolled = window_event_listener(ev::scroll, move |_| look());
    on_cleanup(move || scrolled.remove());
    // Measured again whenever rows were drawn.
    Effect::new(move |_| {
        rows.track();
        request_animation_frame(move || {
            let Some(list) = list.get_untracked() else { return };
            if let Some(mean) = mean_height(&list) {
                height.set(mean);
            }
        });
    });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a page")]
    let room = move |count: u32| format!("{}px", (f64::from(count) * height.get()) as u64);
    let above = move || room(rows.with(|(first, _)| *first));
    let below = move || rows.with(|(first, rows)| room(total.get().saturating_sub(first + count(rows))));
    view! {
        <ul
            class="v-list"
            node_ref=list
            aria-label=label
            style:padding-top=above
            style:padding-bottom=below
        >
            {move || {
                let (first, rows) = rows.get();
                let all = total.get();
                let row = row.clone();
                rows.into_iter()
                    .take(usize::try_from(ROWS).unwrap_or(usize::MAX))
                    .zip(first + 1..)
                    .map(move |(item, n)| {
                        view! {
                            <li aria-setsize=all.to_string() aria-posinset=n.to_string()>
                                {row(item)}
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

fn count<T>(rows: &[T]) -> u32 {
    u32::try_from(rows.len()).unwrap_or(u32::MAX)
}

/// The mean height of the rows drawn.
fn mean_height(list: &web_sys::HtmlUListElement) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    let mut row = list.first_element_child();
    while let Some(element) = row {
        sum += element.get_bounding_client_rect().height();
        count += 1.0;
        row = element.next_element_sibling();
    }
    (count > 0.0 && sum > 0.0).then_some(sum / count)
}
