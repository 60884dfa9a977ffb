//! A read that repeats itself when its kind of event arrives.
//!
//! The answer is kept as it travelled and read when it is looked at: one signal serves every command.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use vicino_contract::ipc::Command;
use vicino_contract::{Event, Failure};
use wasm_bindgen_futures::spawn_local;

use crate::bridge;

type Answer = Option<Result<Vec<u8>, Failure>>;

/// The last answer to a command.
pub struct Live<T> {
    answer: RwSignal<Answer>,
    reads: PhantomData<fn() -> T>,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: DeserializeOwned> Live<T> {
    /// The answer; `None` before the first. Whoever looks is told of the next.
    pub fn get(self) -> Option<Result<T, Failure>> {
        self.answer.get().map(|answer| answer.and_then(|reply| bridge::read(&reply)))
    }

    /// The answer, when there is one and it is no failure.
    pub fn known(self) -> Option<T> {
        self.get().and_then(Result::ok)
    }

    /// The failure, when the answer is one.
    pub fn failed(self) -> Option<Failure> {
        self.answer.get().and_then(Result::err)
    }

    /// The answer as it is now, without being told of the next.
    pub fn peek(self) -> Option<T> {
        self.answer.get_untracked().and_then(Result::ok).and_then(|reply| bridge::read(&reply).ok())
    }
}

/// What an answer says apart from as of when it is known: drawn from this, a page stays as it is, and the focus in it,
/// while the town only confirms it. `strip` takes that away.
pub fn settled<T>(answer: Live<T>, strip: fn(&mut T)) -> Memo<Option<T>>
where
    T: DeserializeOwned + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| {
        let mut known = answer.known()?;
        strip(&mut known);
        Some(known)
    })
}

/// Reads now, whenever one of these events arrives, and whenever a signal that `ask` reads changes.
pub fn live<C: Command>(events: &'static [Event], ask: impl Fn() -> C + 'static) -> Live<C::Reply> {
    let ask = Rc::new(move || bridge::written(&ask()));
    Live { answer: repeat(events, C::NAME, ask), reads: PhantomData }
}

/// The same for every command.
fn repeat(
    events: &'static [Event],
    name: &'static str,
    ask: Rc<dyn Fn() -> Result<String, Failure>>,
) -> RwSignal<Answer> {
    let answer = RwSignal::new(None);
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
        let arguments = ask();
        let turn = newest.get().wrapping_add(1);
        newest.set(turn);
        let newest = newest.clone();
        spawn_local(async move {
            let reply = match arguments {
                Ok(arguments) => bridge::send(name, arguments, None).await,
                Err(failure) => Err(failure),
            };
            // An answer overtaken by a later question is not shown; one that says the same moves nothing.
            let reply = Some(reply);
            if newest.get() == turn && answer.try_with_untracked(|before| *before != reply) == Some(true) {
                answer.set(reply);
            }
        });
    });
    answer
}
