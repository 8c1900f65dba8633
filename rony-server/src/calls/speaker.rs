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
    call::{CallMessage, CallRefused, Input},
    id::ConnectionId,
    rate::{Bucket, Rate},
};
use serde_json::Value;

use super::Calls;
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
    device: OnceLock<(ClientId, ConnectionId)>,
    says: Mutex<Bucket>,
}

impl Drop for Speaker<'_> {
    fn drop(&mut self) {
        if let Some((_, connection)) = self.device.get() {
            self.calls.lost(&self.link, *connection);
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
        let (name, connection) =
            *self.device.get_or_init(|| (device, self.calls.connect(&self.link, device)));
        if name != device {
            return failed(&Error::invalid("device", "A connection belongs to one device."));
        }
        match self.say(user, connection, &message).await {
            Ok(()) => None,
            Err(error) => self.refuse(&message, &error),
        }
    }

    async fn say(&self, user: UserId, device: ConnectionId, message: &CallMessage) -> Result<(), Error> {
        let calls = self.calls;
        match *message {
            CallMessage::Here { calls: ref believed } if believed.len() > BELIEVED => {
                return Err(Error::invalid("calls", format!("A device is in at most {BELIEVED} calls.")));
            }
            CallMessage::Here { calls: ref believed } => calls.here(user, device, believed),
            CallMessage::Invite { call, conversation, video } => {
                return calls.invite(&self.actor, user, device, (call, conversation, video)).await;
            }
            CallMessage::Accept { call } => return calls.accept(call, user, device).await,
            CallMessage::Decline { call } => calls.input(Input::Decline { call, user }),
            CallMessage::HangUp { call } => calls.input(Input::HangUp { call, user }),
            CallMessage::Hold { call, on } => calls.input(Input::Hold { call, user, on }),
            CallMessage::Video { call, on } => calls.input(Input::Video { call, user, on }),
            _ => return Err(Error::invalid("message", "This server does not know what to do with this.")),
        }
        Ok(())
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
