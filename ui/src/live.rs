//! A read that repeats itself when its kind of event arrives.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use vicino_contract::ipc::Command;
use vicino_contract::{Event, Failure};
use wasm_bindgen_futures::spawn_local;

use crate::bridge;

/// The last answer; `None` before the first.
pub type Live<T> = ReadSignal<Option<Result<T, Failure>>>;

/// Reads now, whenever one of these events arrives, and whenever a signal that `ask` reads changes.
pub fn live<C>(events: &'static [Event], ask: impl Fn() -> C + 'static) -> Live<C::Reply>
where
    C: Command + 'static,
    C::Reply: Clone + PartialEq + Send + Sync + 'static,
{
    let (answer, set_answer) = signal(None::<Result<C::Reply, Failure>>);
    let again = RwSignal::new(0_u32);
    let id = bridge::listen(move |event| {
        if event.is_none_or(|event| events.contains(&event)) {
            again.try_update(|count| *count = count.wrapping_add(1));
        }
    });
    on_cleanup(move || bridge::forget(id));
    let newest = Rc::new(Cell::new(0_u32));
    Effect::new(move |_| {
        again.track();
        let command = ask();
        let turn = newest.get().wrapping_add(1);
        newest.set(turn);
        let newest = newest.clone();
        spawn_local(async move {
            let reply = bridge::call(command).await;
            // An answer overtaken by a later question is not shown; one that says the same moves nothing.
            if newest.get() == turn {
                let reply = Some(reply);
                if answer.try_with_untracked(|before| *before != reply) == Some(true) {
                    set_answer.set(reply);
                }
            }
        });
    });
    answer
}
