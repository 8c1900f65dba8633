//! What a socket says about calls.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rony_core::{
    Error,
    actor::{Actor, Scope},
    hub::Link,
    id::{ClientId, UserId},
    wire::{Failed, ServerFrame},
};
use rony_rtc::{
    call::{CallMessage, CallRefused},
    rate::{Bucket, Rate},
};
use serde_json::Value;

use super::{
    Calls,
    nodes::{Ask, What},
};
use crate::error::chain;

/// How many calls a device may believe to be in: more than it can be.
const BELIEVED: usize = 8;
/// How much a socket may say about calls.
const SAYS: Rate = Rate { burst: 40, per_second: 4 };

/// A socket that takes part in calls. Dropped, it counts as lost.
pub(crate) struct Speaker<'a> {
    calls: &'a Calls,
    actor: Actor,
    link: Arc<Link>,
    /// Which device it is, and the number of the socket.
    device: OnceLock<(ClientId, u64)>,
    says: Mutex<Bucket>,
}

impl Drop for Speaker<'_> {
    fn drop(&mut self) {
        if let Some((device, socket)) = self.device.get() {
            self.calls.lost(self.link.user(), *device, *socket);
        }
    }
}

impl<'a> Speaker<'a> {
    pub(crate) fn new(calls: &'a Calls, actor: Actor, link: Arc<Link>) -> Self {
        let says = Mutex::new(Bucket::new(SAYS, calls.shared.clock.elapsed()));
        Self { calls, actor, link, device: OnceLock::new(), says }
    }

    /// Does what a frame asks. What there is to say about a call comes as a frame `call`; what is answered here is the gateway's own matter.
    pub(crate) async fn hear(&self, device: ClientId, message: &Value) -> Option<ServerFrame> {
        let failed = |error: &Error| Some(ServerFrame::Error(Failed::new(None, error)));
        let Ok(message) = serde_json::from_value::<CallMessage>(message.clone()) else {
            return failed(&Error::invalid("message", "This is nothing that can be said about calls."));
        };
        let user = match self.actor.user(Scope::Write) {
            Ok(user) => user,
            Err(error) => return self.refuse(&message, &error),
        };
        let elapsed = self.calls.shared.clock.elapsed();
        if !self.says.lock().unwrap_or_else(PoisonError::into_inner).take(elapsed, 1) {
            let retry_after = std::time::Duration::from_secs(1);
            return self.refuse(&message, &Error::RateLimited { retry_after });
        }
        let (name, socket) = *self.device.get_or_init(|| (device, self.calls.connect(&self.link, device)));
        if name != device {
            return failed(&Error::invalid("device", "A connection belongs to one device."));
        }
        match self.say((user, device, socket), &message).await {
            Ok(()) => None,
            Err(error) => self.refuse(&message, &error),
        }
    }

    async fn say(&self, who: (UserId, ClientId, u64), message: &CallMessage) -> Result<(), Error> {
        let what = match *message {
            CallMessage::Here { calls: ref believed } if believed.len() > BELIEVED => {
                return Err(Error::invalid("calls", format!("A device is in at most {BELIEVED} calls.")));
            }
            CallMessage::Here { calls: ref believed } => What::Here { calls: believed.clone() },
            CallMessage::Invite { call, conversation, video } => {
                return self.calls.invite(&self.actor, who, (call, conversation, video)).await;
            }
            CallMessage::Accept { call } => return self.calls.accept(who, call).await,
            CallMessage::Decline { call } => What::Decline { call },
            CallMessage::HangUp { call } => What::HangUp { call },
            CallMessage::Hold { call, on } => What::Hold { call, on },
            CallMessage::Video { call, on } => What::Video { call, on },
            _ => return Err(Error::invalid("message", "This server does not know what to do with this.")),
        };
        let (user, device, socket) = who;
        self.calls.shared.ask(Ask { user, device, socket, what }).await
    }

    /// What cannot be done with a call is said about it; all else is an error of the gateway.
    fn refuse(&self, message: &CallMessage, error: &Error) -> Option<ServerFrame> {
        if let Error::Internal(source) = error {
            tracing::error!(cause = %chain(source.as_ref()), "something about a call failed");
        }
        let Some(call) = message.call() else { return Some(ServerFrame::Error(Failed::new(None, error))) };
        let refused = CallRefused { call, code: error.code().to_owned(), detail: error.to_string() };
        let message = serde_json::to_value(refused).expect("plain data");
        // Through the queue, behind what the device was told before.
        self.link.send(ServerFrame::Call { message }.encode());
        None
    }
}
