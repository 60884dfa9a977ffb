//! The journey by hand and eye: in the app's own window, and in Chromium at a phone's and a computer's size.

mod documents; // certificates
mod keyboard; // the whole journey by keyboard alone
mod mine;
mod payments; // the personal area: cases with papers and signatures, inbox, days, who one is
mod screens; // every screen: axe, sideways, twice the text, both languages
mod shelf; // documents of the town and of one's own
mod town; // the first start, signing in, finding
mod window; // the app's own window
