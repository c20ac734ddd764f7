//! The children of a plugin: one for each thread that needs one at a time.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::process::{Child, Start};
use super::protocol::{
    Beside, Call, Hello, LONGEST_MANIFESTS, MEMBERSHIPS, Reply, Request, Trouble, VERSION,
};
use super::sandbox::PROCESSOR_SECONDS;
use crate::library::plain;
use crate::wrong::Wrong;

/// What is open in a child, by the number that the host gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Handle {
    /// A reader of a file.
    Reader(u64),
    /// A formula that was made ready.
    State(u64),
}

/// A child that was at work for so long is put aside for a new one, long before its time on the processor ends, even if
/// it works with several threads.
const LONGEST_WORK: Duration = Duration::from_secs(PROCESSOR_SECONDS / 12);

/// How often a child may ask for the file beside in one call.
const MOST_ASKED: usize = 1_000;

/// The children of a plugin.
#[derive(Debug)]
pub(super) struct Pool {
    start: Start,
    /// What each of them must say of itself: what the first said.
    hello: Hello,
    manifests: Vec<u8>,
    /// The plugin's name and version, for messages.
    plugin: String,
    idle: Mutex<Vec<Child>>,
    /// The readers and states that are in use.
    open: Mutex<BTreeSet<Handle>>,
    /// What children that failed had said on standard error.
    said: Mutex<Vec<String>>,
    /// Whether system calls are filtered.
    pub(super) filtered: bool,
}

/// No more of what children said is kept.
const MOST_SAID: usize = 20;

impl Pool {
    /// Starts the first child.
    ///
    /// # Errors
    /// What it did instead of saying who it is. What it said on standard error is part of it: it has seen no record yet.
    pub(super) fn new(start: Start) -> Result<Self, String> {
        let mut child = Child::start(&start)?;
        let (hello, manifests) = child.hello().map_err(|wrong| match child.talk() {
            talk if talk.is_empty() => wrong.message(),
            talk => format!("{}; it wrote to standard error:\n{talk}", wrong.message()),
        })?;
        Ok(Self {
            plugin: format!("{} {}", hello.id, hello.version),
            start,
            hello,
            manifests,
            filtered: child.filtered,
            idle: Mutex::new(vec![child]),
            open: Mutex::default(),
            said: Mutex::default(),
        })
    }

    pub(super) fn plugin(&self) -> &str {
        &self.plugin
    }

    pub(super) fn hello(&self) -> &Hello {
        &self.hello
    }

    /// The list of manifests, as JSON.
    pub(super) fn manifests(&self) -> &[u8] {
        &self.manifests
    }

    /// Notes that a reader or state is in use.
    pub(super) fn opened(&self, handle: Handle) {
        locked(&self.open).insert(handle);
    }

    /// Notes that a reader or state is in use no more. Children forget it when they are next called.
    pub(super) fn closed(&self, handle: Handle) {
        locked(&self.open).remove(&handle);
    }

    /// What children that failed had said on standard error.
    pub(super) fn said(&self) -> Vec<String> {
        locked(&self.said).clone()
    }

    /// Calls a child, which no other thread calls meanwhile. If it breaks it is ended, and the others are not touched.
    pub(super) fn call<T>(&self, work: impl FnOnce(&mut Child) -> Result<T, Wrong>) -> Result<T, Wrong> {
        // One that misbehaved after it had answered is ended, and no call fails for that.
        let idle = std::iter::from_fn(|| locked(&self.idle).pop()).find(Child::is_waiting);
        let mut child = match idle {
            Some(child) => child,
            None => self.another()?,
        };
        let begun = Instant::now();
        let result = self.close_in(&mut child).and_then(|()| work(&mut child));
        child.busy += begun.elapsed();
        if result.is_err() {
            let talk = child.talk();
            let mut said = locked(&self.said);
            if said.len() < MOST_SAID && !talk.is_empty() {
                said.push(talk);
            }
        }
        if !matches!(result, Err(Wrong::Did(_))) && child.busy < LONGEST_WORK {
            locked(&self.idle).push(child);
        }
        result
    }

    /// One more child, which must be as the first was.
    fn another(&self) -> Result<Child, Wrong> {
        let mut child = Child::start(&self.start).map_err(Wrong::Did)?;
        let (hello, manifests) = child.hello()?;
        if (&hello, &manifests) != (&self.hello, &self.manifests) {
            return Err(Wrong::Did("says of itself what it did not say when it was first started".into()));
        }
        Ok(child)
    }

    /// Closes in a child what is in use no more.
    fn close_in(&self, child: &mut Child) -> Result<(), Wrong> {
        let closed: Vec<Handle> = {
            let open = locked(&self.open);
            child.open.iter().filter(|handle| !open.contains(handle)).copied().collect()
        };
        for handle in closed {
            let call = match handle {
                Handle::Reader(reader) => Call::Close { reader },
                Handle::State(state) => Call::Destroy { state },
            };
            child.tell(call)?;
            child.open.remove(&handle);
        }
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refuses a file beside, in a call that is about none.
pub(super) fn no_file(_: &str) -> Result<Option<Vec<u8>>, String> {
    Err("asked for a file beside one while there was none at hand".into())
}

impl Child {
    /// Asks the child who it is.
    fn hello(&mut self) -> Result<(Hello, Vec<u8>), Wrong> {
        let call = Call::Hello { protocol: VERSION, features: vec![MEMBERSHIPS.to_owned()] };
        let (reply, manifests) = self.ask(&Request { call, bytes: 0 }, &[], LONGEST_MANIFESTS, no_file)?;
        let hello = reply.hello.ok_or_else(|| Wrong::Did("did not say who it is".into()))?;
        if hello.protocol != VERSION {
            let version = hello.protocol;
            let what =
                format!("speaks version {version} of the protocol: this program speaks version {VERSION}");
            return Err(Wrong::Did(what));
        }
        Ok((hello, manifests))
    }

    /// Calls with no bytes, for no bytes, and with no file at hand.
    pub(super) fn tell(&mut self, call: Call<'_>) -> Result<Reply, Wrong> {
        Ok(self.ask(&Request { call, bytes: 0 }, &[], 0, no_file)?.0)
    }

    /// Asks, and answers what the child asks in turn, until it has answered.
    pub(super) fn ask(
        &mut self,
        request: &Request<'_>,
        bytes: &[&[u8]],
        most: u64,
        mut beside: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>,
    ) -> Result<(Reply, Vec<u8>), Wrong> {
        self.begin();
        self.send(request, bytes).map_err(Wrong::Did)?;
        for _ in 0..=MOST_ASKED {
            let (reply, bytes) = self.receive(most).map_err(Wrong::Did)?;
            if let Some(relative) = reply.sibling {
                let bytes = beside(&relative).map_err(Wrong::Did)?;
                let found = bytes.is_some();
                let bytes = bytes.unwrap_or_default();
                self.send(&Beside { found, bytes: bytes.len() as u64 }, &[&bytes]).map_err(Wrong::Did)?;
            } else if let Some(trouble) = reply.error {
                let code = trouble.number();
                let Trouble { message, context, offset, .. } = trouble;
                let (message, context) = (plain(&message), plain(&context));
                return Err(Wrong::Told { code, message, context, offset });
            } else {
                return Ok((reply, bytes));
            }
        }
        Err(Wrong::Did(format!("asked for more than {MOST_ASKED} files beside one")))
    }
}
