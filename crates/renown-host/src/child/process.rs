//! A child: started, spoken to with a deadline, and ended.
//!
//! A child may do anything at any time: stop, answer what nobody asked, close its pipes, or leave them to a process of
//! its own that outlives it. So each pipe is read and written without waiting, and all waiting is in one place.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions};
use serde::Serialize;

use super::pool::Handle;
use super::protocol::{LONGEST_LINE, Reply};
use super::sandbox::{self, Limits};

/// How a plugin is started.
#[derive(Debug)]
pub(super) struct Start {
    /// The program, and what it is called with.
    pub(super) words: Vec<String>,
    /// The plugin's bytes, which the words name by this file's number.
    pub(super) bytes: File,
    pub(super) limits: Limits,
}

/// How much of what a child says on standard error is kept.
const KEPT_TALK: usize = 4_096;

/// Pipes as large as the batches that go through them, so that few calls move one.
const PIPE: usize = 1 << 20;

/// A child. Whatever happens to it, dropping it ends it and everything that it started.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    /// Readable once the child has ended.
    ended: OwnedFd,
    stdin: ChildStdin,
    stdout: ChildStdout,
    /// `None` once the child has closed it.
    stderr: Option<ChildStderr>,
    /// What was read of standard output and not looked at yet.
    inbox: Vec<u8>,
    /// What it said on standard error, as far as it is kept.
    said: Vec<u8>,
    deadline: Instant,
    limit: Duration,
    /// How long it was at work.
    pub(super) busy: Duration,
    /// Whether its system calls are filtered.
    pub(super) filtered: bool,
    /// What is open in it.
    pub(super) open: BTreeSet<Handle>,
    /// Memory for what is sent, kept from one call to the next.
    pub(super) outbox: Vec<u8>,
}

/// What the host waits for.
#[derive(Clone, Copy)]
enum Want {
    Write,
    Read,
}

impl Child {
    pub(super) fn start(start: &Start) -> Result<Self, String> {
        let attempt = |filters| {
            let mut command = Command::new(&start.words[0]);
            command.args(&start.words[1..]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            sandbox::confine(&mut command, start.limits, start.bytes.as_raw_fd(), filters);
            spawn(command)
        };
        // Where the system refuses the filters the child runs without.
        let filters = sandbox::filters(start.limits);
        let filtered = filters.and_then(|filters| attempt(Some(filters)).ok());
        let (mut process, filtered) = match filtered {
            Some(process) => (process, true),
            None => (attempt(None).map_err(|error| not_started(&start.words[0], &error))?, false),
        };
        let fault = |error: Errno| format!("could not be watched: {error}");
        let ended = match rustix::process::pidfd_open(pid(&process), PidfdFlags::empty()) {
            Ok(ended) => ended,
            Err(error) => {
                end(&mut process);
                return Err(fault(error));
            }
        };
        let (Some(stdin), Some(stdout), stderr) =
            (process.stdin.take(), process.stdout.take(), process.stderr.take())
        else {
            end(&mut process);
            return Err("was started without pipes".into());
        };
        let limit = Duration::from_secs(start.limits.seconds);
        let child = Self {
            process,
            ended,
            stdin,
            stdout,
            stderr,
            inbox: Vec::new(),
            said: Vec::new(),
            deadline: Instant::now() + limit,
            limit,
            busy: Duration::ZERO,
            filtered,
            open: BTreeSet::new(),
            outbox: Vec::new(),
        };
        rustix::io::ioctl_fionbio(&child.stdin, true).map_err(fault)?;
        rustix::io::ioctl_fionbio(&child.stdout, true).map_err(fault)?;
        if let Some(stderr) = &child.stderr {
            rustix::io::ioctl_fionbio(stderr, true).map_err(fault)?;
        }
        // A larger pipe is faster; where the user has too many already, the usual size does.
        let _ = rustix::pipe::fcntl_setpipe_size(&child.stdin, PIPE);
        let _ = rustix::pipe::fcntl_setpipe_size(&child.stdout, PIPE);
        Ok(child)
    }

    /// Whether it waits for a call, as it should between two: it did not end, write unasked, or close its standard input.
    pub(super) fn is_waiting(&self) -> bool {
        let mut files = [
            PollFd::new(&self.stdin, PollFlags::empty()),
            PollFd::new(&self.stdout, PollFlags::IN),
            PollFd::new(&self.ended, PollFlags::IN),
        ];
        poll(&mut files, Some(&Timespec::default())) == Ok(0)
    }

    /// Begins a call, which is to be answered in time.
    pub(super) fn begin(&mut self) {
        self.deadline = Instant::now() + self.limit;
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What the child did instead of taking it.
    pub(super) fn send(&mut self, message: &impl Serialize, bytes: &[&[u8]]) -> Result<(), String> {
        // Texts and numbers: nothing in it that JSON could not hold.
        let mut line = serde_json::to_vec(message).unwrap_or_default();
        line.push(b'\n');
        self.write(&line)?;
        bytes.iter().try_for_each(|bytes| self.write(bytes))
    }

    /// Receives a message, of whose bytes there may be so many.
    ///
    /// # Errors
    /// What the child did instead of sending one.
    pub(super) fn receive(&mut self, most: u64) -> Result<(Reply, Vec<u8>), String> {
        let line = self.line()?;
        let reply: Reply = serde_json::from_slice(&line).map_err(|_| {
            // What it is, and not what it says: it may quote a record.
            format!("wrote {} bytes to standard output that are no message", line.len())
        })?;
        if reply.bytes > most {
            return Err(format!("announced {} bytes: expected at most {most}", reply.bytes));
        }
        let bytes = self.bytes(reply.bytes as usize)?;
        if !self.inbox.is_empty() {
            return Err("wrote more to standard output than it announced".into());
        }
        Ok((reply, bytes))
    }

    fn line(&mut self) -> Result<Vec<u8>, String> {
        let mut looked_at = 0;
        loop {
            if let Some(end) = self.inbox[looked_at..].iter().position(|byte| *byte == b'\n') {
                let rest = self.inbox.split_off(looked_at + end + 1);
                return Ok(std::mem::replace(&mut self.inbox, rest));
            }
            looked_at = self.inbox.len();
            if looked_at > LONGEST_LINE {
                return Err(format!(
                    "wrote more than {LONGEST_LINE} bytes to standard output without a message"
                ));
            }
            // A short read: most lines are short, and what follows goes straight to where it is to be.
            let mut inbox = std::mem::take(&mut self.inbox);
            inbox.reserve(512);
            let read = self.read(&mut inbox);
            self.inbox = inbox;
            read?;
        }
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(count);
        bytes.extend(self.inbox.drain(..self.inbox.len().min(count)));
        while bytes.len() < count {
            self.read(&mut bytes)?;
        }
        // There may be room for more than was asked for, and something to fill it.
        self.inbox.extend(bytes.drain(count..));
        Ok(bytes)
    }

    /// Reads at least one byte, and no more than there is room for.
    fn read(&mut self, to: &mut Vec<u8>) -> Result<(), String> {
        loop {
            match rustix::io::read(&self.stdout, spare_capacity(to)) {
                Ok(0) => return Err(self.why_it_stopped("closed its standard output before it had answered")),
                Ok(_) => return Ok(()),
                Err(Errno::AGAIN) => self.wait(Want::Read)?,
                Err(Errno::INTR) => {}
                Err(error) => return Err(format!("cannot be read from: {error}")),
            }
        }
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            match self.stdin.write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(Want::Write)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    return Err(self.why_it_stopped("closed its standard input"));
                }
                Err(error) => return Err(format!("cannot be written to: {error}")),
            }
        }
        Ok(())
    }

    /// Waits until the child can be written to or read from, and takes what it says on standard error meanwhile.
    fn wait(&mut self, want: Want) -> Result<(), String> {
        loop {
            if crate::CANCELLED.load(Ordering::Relaxed) {
                return Err("was stopped, since the run is".into());
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(format!("did not answer within {} s", self.limit.as_secs()));
            }
            let pipe = match want {
                Want::Write => PollFd::new(&self.stdin, PollFlags::OUT),
                Want::Read => PollFd::new(&self.stdout, PollFlags::IN),
            };
            let mut files = vec![pipe, PollFd::new(&self.ended, PollFlags::IN)];
            files.extend(self.stderr.iter().map(|stderr| PollFd::new(stderr, PollFlags::IN)));
            // Ctrl-C is noticed within this time.
            let pause = left.min(Duration::from_millis(100));
            match poll(&mut files, Some(&Timespec::try_from(pause).unwrap_or_default())) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(format!("cannot be waited for: {error}")),
            }
            let ready: Vec<bool> = files.iter().map(|file| !file.revents().is_empty()).collect();
            if ready.get(2) == Some(&true) {
                self.listen();
            }
            match ready[..] {
                [true, ..] => return Ok(()),
                // Nothing is left in the pipe, even if a process that the child left behind still holds it.
                [_, true, ..] => return Err(self.why_it_stopped("ended")),
                _ => {}
            }
        }
    }

    /// Takes what there is on standard error.
    fn listen(&mut self) {
        let mut chunk = [0; 4_096];
        // Not for ever: a child that writes there without end is to come to its deadline.
        for _ in 0..16 {
            let Some(stderr) = &mut self.stderr else { return };
            match stderr.read(&mut chunk) {
                Ok(0) => self.stderr = None,
                Ok(read) => {
                    let room = KEPT_TALK - self.said.len();
                    self.said.extend_from_slice(&chunk[..read.min(room)]);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.stderr = None,
            }
        }
    }

    /// What it said on standard error since it was last asked, without control characters.
    pub(super) fn talk(&mut self) -> String {
        self.listen();
        let said = std::mem::take(&mut self.said);
        let text = String::from_utf8_lossy(&said);
        text.chars().filter(|char| *char == '\n' || !char.is_control()).collect::<String>().trim().to_owned()
    }

    /// How it ended, or else what is given.
    fn why_it_stopped(&mut self, otherwise: &str) -> String {
        // Closing its pipes and ending is one thing for most children, but not at one moment.
        let moment = Timespec::try_from(Duration::from_millis(500)).unwrap_or_default();
        let _ = poll(&mut [PollFd::new(&self.ended, PollFlags::IN)], Some(&moment));
        // Looked at, and not taken away: as long as it is there nothing else gets its number.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let status = rustix::process::waitid(WaitId::Pid(pid(&self.process)), look);
        let Ok(Some(status)) = status else { return otherwise.to_owned() };
        match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => format!("ended with exit code {code} before it had answered"),
            (_, Some(signal)) => format!("was ended by signal {signal} ({})", meaning(signal)),
            _ => otherwise.to_owned(),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

fn pid(process: &std::process::Child) -> Pid {
    Pid::from_child(process)
}

/// Ends a child and all that it started: it cannot leave its process group.
fn end(process: &mut std::process::Child) {
    let _ = rustix::process::kill_process_group(pid(process), Signal::KILL);
    // Where the group was not made yet.
    let _ = process.kill();
    let _ = process.wait();
}

fn meaning(signal: i32) -> &'static str {
    match signal {
        libc::SIGABRT => "it gave up by itself",
        libc::SIGSEGV | libc::SIGBUS => "it reached for memory that it does not have",
        libc::SIGILL | libc::SIGTRAP => "it ran into what is no instruction",
        libc::SIGFPE => "it divided by zero",
        libc::SIGXCPU => "it used up its time on the processor",
        libc::SIGXFSZ => "it wrote to a file, which it may not",
        libc::SIGKILL => "somebody ended it, such as the system for want of memory",
        _ => "see `man 7 signal`",
    }
}

fn not_started(program: &str, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("cannot be started: there is no {program}"),
        _ => format!("cannot be started by {program}: {error}"),
    }
}

type Starting = (Command, Sender<std::io::Result<std::process::Child>>);

/// Starts a process, from a thread that lives as long as the program. To the system a child's parent is a thread: when that
/// ends, the child is told that its parent died, and most threads here end before the program does.
fn spawn(command: Command) -> std::io::Result<std::process::Child> {
    static STARTER: OnceLock<Option<Mutex<Sender<Starting>>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (sender, orders) = channel::<Starting>();
        let work = move || {
            for (mut command, answer) in orders {
                // Whoever asked waits for the answer.
                let _ = answer.send(command.spawn());
            }
        };
        std::thread::Builder::new().name("starts children".into()).spawn(work).ok()?;
        Some(Mutex::new(sender))
    });
    let no_thread = || std::io::Error::other("no thread could be started");
    let (sender, answer) = channel();
    let starter = starter.as_ref().ok_or_else(no_thread)?;
    let sent = starter.lock().unwrap_or_else(PoisonError::into_inner).send((command, sender));
    sent.map_err(|_| no_thread())?;
    answer.recv().map_err(|_| no_thread())?
}
