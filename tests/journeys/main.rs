//! Journeys from end to end: the real server in the same process, real stores, a cable one can cut, a clock one can turn.

mod access; // who may see what
mod acts; // whatever offices and residents do, nothing goes back in silence
mod agreement; // whatever happens, both say the same in the end
mod brought; // papers and photos as others make them, odd ones too
mod cases; // a case from its first letter to its end
mod certificate_acts; // at the office's desk
mod certificate_page; // on the town's page, for whoever has no app
mod certificates; // a certificate from the wish to its end
mod correction; // refused, corrected, taken back
mod debts; // debts at the office's desk
mod doors; // what an attacker tried
mod doubts; // nobody pays twice without a word
mod faults; // cuts, crashes, lost answers, hotels
mod files; // papers of a case, both ways
mod household; // who may see what, by the rules of the household
mod http; // as other people’s clients and caches speak it
mod inbox; // threads, days, alerts, who one is, help: each in one place
mod notices; // notices read, kept, shown and on paper
mod openings; // of a device's folder: by one program, full, damaged, with something gone
mod operators; // who works in the offices, and what of theirs is written down
mod packs; // any form there can be
mod pagopa; // the town and pagoPA
mod paragraphs; // every paragraph with every fault
mod payment_acts; // whatever happens, nothing paid goes back or is lost
mod payments; // what is owed, paid and proved
mod photos; // real photos, through the real core
mod privacy; // nothing personal where it does not belong
mod reading; // the town on the device, snapshot and all
mod report; // the journey itself
mod restore; // a town that lost its past
mod sessions; // what the town believes
mod shelf; // everything the town gave, and papers of one's own
mod shell; // a device in a shell, word by word
mod signatures; // somebody else signs before a case is sent
mod signing_in; // who somebody is
mod starts; // of a town and of a device, cut off, doubled, with a key missing
mod steps; // steps that several journeys take
mod timelines; // the clock of every service, written down
mod tus; // resumable uploads, MUST by MUST
mod values; // what people type and paste, as they mean it
mod versions; // old and new together
