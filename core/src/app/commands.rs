//! Who uses this device, how they sign in, and which town they join: the runner does the jobs queued here.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use vicino_contract::http::{Collection, ResidentRecord};
use vicino_contract::ipc::{
    CancelSignIn, CommandHandler, GetOnboarding, GetPaying, GetPeople, JoinTown, LeavePractice, OnboardingView, Pay,
    PayingNow, PeopleView, Practise, PreviewTown, RemovePerson, SignIn, SignOut, StopPaying, SwitchPerson,
};
use vicino_contract::{Event, Failure};

use crate::App;
use crate::app::onboarding::Job;
use crate::app::profiles;
use crate::device::command::Handle;
use crate::device::{Device, viewer};
use crate::error::Error;
use crate::matters::notice::cart::IfMaybePaid;
use crate::store::person;

impl<C: Handle> CommandHandler<C> for App {
    fn handle(&self, command: C) -> Result<C::Reply, Failure> {
        Ok(command.handle(&self.device())?)
    }
}

impl CommandHandler<GetPeople> for App {
    fn handle(&self, _: GetPeople) -> Result<PeopleView, Failure> {
        let device = self.device();
        Ok(PeopleView {
            people: profiles::list(self),
            unsent: profiles::unsent(&device)?,
            entrusted: entrusted(&device)?,
            sign_in: self.signing(),
        })
    }
}

/// The residents entrusted to the current user, as the town last told.
fn entrusted(device: &Device) -> Result<Vec<String>, Error> {
    device.store.private(|tx| {
        let Some(person) = person::find(tx)? else { return Ok(Vec::new()) };
        let body = vicino_records::body(tx, Collection::Residents.code(), person.resident.uuid())?;
        let record = body.and_then(|body| serde_json::from_str::<ResidentRecord>(&body).ok());
        let household = record.map(|record| record.household).unwrap_or_default();
        Ok(household.into_iter().filter(|member| member.entrusted).map(|member| member.name).collect())
    })
}

impl CommandHandler<SwitchPerson> for App {
    fn handle(&self, command: SwitchPerson) -> Result<(), Failure> {
        profiles::switch(self, command.to)
    }
}

impl CommandHandler<RemovePerson> for App {
    fn handle(&self, command: RemovePerson) -> Result<(), Failure> {
        profiles::remove(self, command.id)
    }
}

impl CommandHandler<LeavePractice> for App {
    fn handle(&self, _: LeavePractice) -> Result<(), Failure> {
        profiles::leave_practice(self)
    }
}

impl CommandHandler<SignIn> for App {
    fn handle(&self, _: SignIn) -> Result<(), Failure> {
        self.enqueue(Job::SignIn);
        Ok(())
    }
}

impl CommandHandler<CancelSignIn> for App {
    fn handle(&self, _: CancelSignIn) -> Result<(), Failure> {
        self.give_sign_in_up();
        Ok(())
    }
}

impl CommandHandler<SignOut> for App {
    fn handle(&self, _: SignOut) -> Result<(), Failure> {
        let device = self.device();
        device.store.private(person::sign_out)?;
        viewer::sweep(&device.shared.folder);
        device.revocation_due.store(true, Ordering::SeqCst);
        *device.access.lock().unwrap_or_else(PoisonError::into_inner) = None;
        profiles::remember(self, &device)?;
        for event in [Event::Person, Event::Status, Event::Outbox] {
            device.tell(event);
        }
        device.shared.turned.notify_waiters();
        // The next round puts the token aside and tells the town.
        device.wake.notify_one();
        Ok(())
    }
}

impl CommandHandler<PreviewTown> for App {
    fn handle(&self, command: PreviewTown) -> Result<(), Failure> {
        self.enqueue(Job::Look(command.url));
        Ok(())
    }
}

impl CommandHandler<GetOnboarding> for App {
    fn handle(&self, _: GetOnboarding) -> Result<OnboardingView, Failure> {
        Ok(self.onboarding())
    }
}

impl CommandHandler<JoinTown> for App {
    fn handle(&self, _: JoinTown) -> Result<(), Failure> {
        let (url, key) = self.previewed()?;
        self.enqueue(Job::Join(url, key));
        Ok(())
    }
}

impl CommandHandler<Practise> for App {
    fn handle(&self, _: Practise) -> Result<(), Failure> {
        self.enqueue(Job::Practise);
        Ok(())
    }
}

impl CommandHandler<Pay> for App {
    fn handle(&self, command: Pay) -> Result<(), Failure> {
        self.enqueue(Job::Pay(command.lines, IfMaybePaid::despite(command.despite)));
        Ok(())
    }
}

impl CommandHandler<StopPaying> for App {
    fn handle(&self, _: StopPaying) -> Result<(), Failure> {
        self.stop_paying();
        Ok(())
    }
}

impl CommandHandler<GetPaying> for App {
    fn handle(&self, _: GetPaying) -> Result<PayingNow, Failure> {
        Ok(self.paying())
    }
}
