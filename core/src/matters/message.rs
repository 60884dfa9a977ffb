//! Messages to an office, about any matter that has a thread.

pub(crate) mod compose;
