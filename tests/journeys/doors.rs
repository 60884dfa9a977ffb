//! Closed doors: what an attacker tried on the running programs, each kind with its neighbours.

mod browser; // the interface in a browser is one browser’s
mod callers; // the table of callers, row by row
mod crossed; // every route with every id that is another’s
mod devices; // a lost device is shut out
mod founding; // practice is never real
mod identities; // nobody is somebody else
mod keys; // nothing signed lies
mod money; // what is paid, and by whose word
mod offices; // who works for the town sees what is theirs
mod open; // nobody shuts the town
mod papers; // sealed papers say only what the town says
mod room; // files have their share, and their time
mod work; // what strangers ask for costs little
