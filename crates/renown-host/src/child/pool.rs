//! The children of a plugin: one for each thread that needs one at a time.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::process::{Child, Start};
use super::protocol::{Beside, Call, Hello, LONGEST_MANIFESTS, Reply, Request, Trouble, VERSION};
use super::sandbox::PROCESSOR_SECONDS;
use crate::library::{plain, worded};

/// Why a call gave nothing.
#[derive(Debug)]
pub(super) enum Fault {
    /// The child says so itself: the code of the C interface, its message, and where in the file. It can go on.
    Told(i32, String, Option<u64>),
    /// What it did instead of answering. It is ended.
    Broken(String),
}

impl Fault {
    pub(super) fn broken(what: String) -> Self {
        Self::Broken(what)
    }

    /// What it did, to follow its name.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Told(code, message, _) => worded(*code, message),
            Self::Broken(what) => what.clone(),
        }
    }

    pub(super) fn offset(&self) -> Option<u64> {
        match self {
            Self::Told(.., offset) => *offset,
            Self::Broken(_) => None,
        }
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::Broken(what)
    }
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
    /// The readers that are in use.
    open: Mutex<BTreeSet<u64>>,
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
        let (hello, manifests) = child.hello().map_err(|fault| match child.talk() {
            talk if talk.is_empty() => fault.message(),
            talk => format!("{}; it wrote to standard error:\n{talk}", fault.message()),
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

    /// Notes that a reader is in use.
    pub(super) fn opened(&self, reader: u64) {
        locked(&self.open).insert(reader);
    }

    /// Notes that a reader is in use no more. Children forget it when they are next called.
    pub(super) fn closed(&self, reader: u64) {
        locked(&self.open).remove(&reader);
    }

    /// What children that failed had said on standard error.
    pub(super) fn said(&self) -> Vec<String> {
        locked(&self.said).clone()
    }

    /// Calls a child, which no other thread calls meanwhile. If it breaks it is ended, and the others are not touched.
    pub(super) fn call<T>(&self, work: impl FnOnce(&mut Child) -> Result<T, Fault>) -> Result<T, Fault> {
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
        if !matches!(result, Err(Fault::Broken(_))) && child.busy < LONGEST_WORK {
            locked(&self.idle).push(child);
        }
        result
    }

    /// One more child, which must be as the first was.
    fn another(&self) -> Result<Child, Fault> {
        let mut child = Child::start(&self.start)?;
        let (hello, manifests) = child.hello()?;
        if (&hello, &manifests) != (&self.hello, &self.manifests) {
            return Err(Fault::broken("says of itself what it did not say when it was first started".into()));
        }
        Ok(child)
    }

    /// Closes the readers in a child that are in use no more.
    fn close_in(&self, child: &mut Child) -> Result<(), Fault> {
        let closed: Vec<u64> = {
            let open = locked(&self.open);
            child.open.iter().filter(|reader| !open.contains(reader)).copied().collect()
        };
        for reader in closed {
            let none = |_: &str| Err("asked for a file beside one that it was to close".to_owned());
            child.ask(&Request { call: Call::Close { reader }, bytes: 0 }, &[], 0, none)?;
            child.open.remove(&reader);
        }
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Child {
    /// Asks the child who it is.
    fn hello(&mut self) -> Result<(Hello, Vec<u8>), Fault> {
        let call = Call::Hello { protocol: VERSION, features: Vec::new() };
        let none = |_: &str| Err("asked for a file before it had said who it is".to_owned());
        let (reply, manifests) = self.ask(&Request { call, bytes: 0 }, &[], LONGEST_MANIFESTS, none)?;
        let hello = reply.hello.ok_or_else(|| "did not say who it is".to_owned())?;
        if hello.protocol != VERSION {
            let version = hello.protocol;
            let what =
                format!("speaks version {version} of the protocol: this program speaks version {VERSION}");
            return Err(Fault::broken(what));
        }
        Ok((hello, manifests))
    }

    /// Asks, and answers what the child asks in turn, until it has answered.
    pub(super) fn ask(
        &mut self,
        request: &Request<'_>,
        bytes: &[&[u8]],
        most: u64,
        mut beside: impl FnMut(&str) -> Result<Option<Vec<u8>>, String>,
    ) -> Result<(Reply, Vec<u8>), Fault> {
        self.begin();
        self.send(request, bytes)?;
        for _ in 0..=MOST_ASKED {
            let (reply, bytes) = self.receive(most)?;
            if let Some(relative) = reply.sibling {
                let bytes = beside(&relative)?;
                let found = bytes.is_some();
                let bytes = bytes.unwrap_or_default();
                self.send(&Beside { found, bytes: bytes.len() as u64 }, &[&bytes])?;
            } else if let Some(trouble) = reply.error {
                let Trouble { message, offset, .. } = &trouble;
                return Err(Fault::Told(trouble.number(), plain(message), *offset));
            } else {
                return Ok((reply, bytes));
            }
        }
        Err(Fault::broken(format!("asked for more than {MOST_ASKED} files beside one")))
    }
}
