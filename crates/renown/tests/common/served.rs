//! A server of the real binary, and what it answers.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request};

use super::run::command;

/// A server that is there as long as this is.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What it said on stdout until it listened: a key, when the store is served for the first time.
    pub(crate) said: String,
    /// What it says on stderr.
    pub(crate) log: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
    agent: Agent,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// A header as text; nothing if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// That it has this status.
    #[track_caller]
    pub(crate) fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Served {
    /// Serves a store on a port that the system chooses.
    pub(crate) fn start(store: &str, more: &[&str]) -> Self {
        let mut served = command();
        served.args(["serve", "--store", store, "--listen", "127.0.0.1:0"]).args(more);
        Self::of(served)
    }

    /// Runs a command that serves, and waits until it does.
    pub(crate) fn of(mut served: std::process::Command) -> Self {
        let mut child = served.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its stderr"));
        let mut log = String::new();
        let address = loop {
            let from = log.len();
            assert!(lines.read_line(&mut log).expect("text") > 0, "it ended: {log}");
            if let Some(rest) = log[from..].split_once("://").filter(|_| log[from..].starts_with("serving")) {
                break rest.1.split('/').next().expect("an address").parse().expect("an address");
            }
        };
        // A key is told before it listens.
        let mut said = String::new();
        if log.contains("the line above is a key") {
            let mut out = BufReader::new(child.stdout.take().expect("its stdout"));
            out.read_line(&mut said).expect("text");
        }
        let log = Arc::new(Mutex::new(log));
        let reading = {
            let log = log.clone();
            std::thread::spawn(move || {
                let mut line = String::new();
                while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                    log.lock().expect("the log").push_str(&line);
                    line.clear();
                }
            })
        };
        let config = Agent::config_builder()
            // An answer is what the server said, also where it sends one elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(2)))
            .build();
        let (said, reading) = (said.trim().to_owned(), Some(reading));
        Self { child, address, said, log, reading, agent: config.into() }
    }

    /// Asks for something with a key, or none if it is empty.
    pub(crate) fn get(&self, path: &str, key: &str) -> Answer {
        self.ask("GET", path, key, "", b"")
    }

    /// Sends a JSON document.
    pub(crate) fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        self.ask(method, path, key, "application/json", body.to_string().as_bytes())
    }

    /// Asks for something in any way.
    pub(crate) fn ask(&self, method: &str, path: &str, key: &str, media_type: &str, body: &[u8]) -> Answer {
        let headers = [("authorization", format!("Bearer {key}")), ("content-type", media_type.to_owned())];
        let headers = headers.iter().filter(|(name, value)| match *name {
            "authorization" => !key.is_empty(),
            _ => !value.is_empty(),
        });
        let headers: Vec<(&str, &str)> = headers.map(|(name, value)| (*name, value.as_str())).collect();
        self.ask_with(method, path, &headers, body)
    }

    /// Likewise with these headers.
    pub(crate) fn ask_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body).expect("a request"))
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{path}: {error}: {}", self.said_so_far()));
        let mut bytes = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut bytes).expect("a body");
        let body = String::from_utf8(bytes).expect("text");
        Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    /// Waits until it is so; for what it takes up by itself.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + Duration::from_mins(1);
        while !is_so(self) {
            assert!(Instant::now() < until, "{what}: {}", self.said_so_far());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until questions about records can be answered.
    #[track_caller]
    pub(crate) fn ready(self) -> Self {
        self.wait_until("the records are read", |served| {
            served.get("/api/v1/health", "").json()["records"] == true
        });
        self
    }

    /// A key that an operator makes.
    #[track_caller]
    pub(crate) fn key(&self, admin: &str, new: &Value) -> String {
        let made = self.send("POST", "/api/v1/keys", admin, new).with(201).json();
        made["secret"].as_str().expect("a secret").to_owned()
    }

    /// A connection of one's own.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        stream
    }

    /// What it said on stderr.
    pub(crate) fn said_so_far(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Ends it in good order, and gives all that it said on stderr.
    pub(crate) fn end(mut self) -> String {
        self.signal(rustix::process::Signal::TERM);
        let end = self.child.wait().expect("it ends");
        self.reading.take().expect("a thread").join().expect("the log");
        let log = self.said_so_far();
        assert!(end.success(), "{end}: {log}");
        log
    }

    /// Kills it.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("it runs");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
