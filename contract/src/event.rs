//! What the core tells the interface: *what* changed, never the data. The interface reads again.

use vicino_domain::wire_enum;

wire_enum! {
    /// Something on this device that changed.
    Event {
        /// A draft was written, sent or thrown away.
        Drafts "drafts",
        /// A report of the resident's changed, or its thread.
        Reports "reports",
        /// A case of the resident's changed, or one being written.
        Cases "cases",
        /// Something is owed, paid or read that was not.
        Payments "payments",
        /// A certificate was asked for, issued, held or taken back.
        Documents "documents",
        /// The point paying has reached.
        Paying "paying",
        /// A thread was read here.
        Messages "messages",
        /// Something is to be told to the resident.
        Alerts "alerts",
        /// Something waits, moves, is stuck or was delivered; also the progress of an upload.
        Outbox "outbox",
        /// The town's public facts changed: its card, services, bulletins, streets, public reports.
        Town "town",
        /// Somebody else uses the device, or a sign-in has come further.
        Person "person",
        /// A town that is looked at has answered.
        Onboarding "onboarding",
        /// The network, the last attempt, or the resident's hand on sending changed.
        Status "status",
        /// A preference changed.
        Settings "settings",
    }
}
