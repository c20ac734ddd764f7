//! The child's side of a native plugin: loads the library and answers for it.

use std::collections::BTreeMap;
use std::fs::File as StdFile;
use std::io::{BufRead, BufReader, Read, Stdin, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Mutex;

use renown_abi as abi;
use renown_sdk::{File, Framing, NO_OPTIONS, Piece, Siblings};

use super::ipc;
use super::protocol::{Beside, Call, Cut, Hello, Offer, Place, Reply, Request, Trouble, VERSION};
use crate::formula::{Home as _, Work};
use crate::library::{self, Library};
use crate::raw::{RawReader, Table};
use crate::raw_formula::Table as Formula;
use crate::wrong::Wrong;

/// Speaks the protocol for the native plugin at a path, on standard input and output, until the host closes them.
///
/// # Errors
/// The pipes are broken.
pub fn serve(plugin: &Path) -> std::io::Result<()> {
    // What a plugin prints must not stand between messages: its standard output is our standard error from here on.
    let out = StdFile::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    let mut pipes = Pipes { from: BufReader::with_capacity(1 << 16, std::io::stdin()), to: out };
    let mut served = None;
    let mut bytes = Vec::new();
    while let Some(call) = pipes.request(&mut bytes)? {
        let answered = match (call, &mut served) {
            (Call::Hello { .. }, _) => match load(plugin) {
                Ok((new, hello, manifests)) => {
                    served = Some(new);
                    Ok((Reply { hello: Some(hello), ..Reply::default() }, manifests))
                }
                Err(what) => Err(Trouble::new(abi::E_UNSUPPORTED, what)),
            },
            (call, Some(served)) => served.answer(call, &bytes, &mut pipes),
            (_, None) => Err(Trouble::new(abi::E_INVALID, "a call before `hello`".into())),
        };
        let (reply, answer) =
            answered.unwrap_or_else(|error| (Reply { error: Some(error), ..Reply::default() }, Vec::new()));
        pipes.send(&Reply { bytes: answer.len() as u64, ..reply }, &answer)?;
    }
    Ok(())
}

type Answer = Result<(Reply, Vec<u8>), Trouble>;

/// Loads the plugin, and says who it is.
fn load(plugin: &Path) -> Result<(Served, Hello, Vec<u8>), String> {
    let library: Library = library::load(plugin, plugin).map_err(|error| match error {
        crate::HostError::Load { what, .. } => what.to_string(),
        other => other.to_string(),
    })?;
    let adapters: Vec<Table> = library.adapters.into_iter().map(Table).collect();
    let manifests: Vec<&str> = adapters.iter().map(|table| table.manifest()).collect::<Result<_, _>>()?;
    let formulas: Vec<Formula> = library.formulas.into_iter().map(Formula).collect();
    let hello = Hello {
        protocol: VERSION,
        formulas: formulas.iter().copied().map(offer).collect::<Result<_, _>>()?,
        features: Vec::new(),
        id: library.id,
        version: library.version,
        license: library.license,
    };
    let manifests = format!("[{}]", manifests.join(",")).into_bytes();
    let served = Served { adapters, readers: BTreeMap::new(), formulas, states: BTreeMap::new() };
    Ok((served, hello, manifests))
}

/// A formula, as it is told.
fn offer(formula: Formula) -> Result<Offer, String> {
    let [name, docs, params] = formula.texts()?;
    let params = match params {
        "" => serde_json::Value::Null,
        json => serde_json::from_str(json)
            .map_err(|error| format!("the parameters of a formula cannot be read: {error}"))?,
    };
    Ok(Offer {
        name: name.to_owned(),
        docs: docs.to_owned(),
        params,
        monotone: formula.is_monotone(),
        parts: formula.has_parts(),
    })
}

/// A loaded plugin, its open readers, and its formulas that were made ready.
struct Served {
    adapters: Vec<Table>,
    readers: BTreeMap<u64, RawReader>,
    formulas: Vec<Formula>,
    states: BTreeMap<u64, Box<dyn Work>>,
}

impl Served {
    fn answer(&mut self, call: Call<'_>, bytes: &[u8], pipes: &mut Pipes) -> Answer {
        let invalid = |what: &str| Trouble::new(abi::E_INVALID, what.into());
        let adapter = |number: usize| self.adapters.get(number).ok_or_else(|| invalid("no such adapter"));
        match call {
            Call::Hello { .. } => Err(invalid("a second `hello`")),
            Call::Recognise { adapter: number, path, disk } => {
                let kind = with_file(&path, disk.as_deref(), bytes, pipes, |file| {
                    adapter(number)?.recognise(file).map_err(Trouble::from)
                })?;
                Ok((Reply { kind: kind.map(str::to_owned), ..Reply::default() }, Vec::new()))
            }
            Call::Open { adapter: number, reader, path, disk, kind, options } => {
                let options = serde_json::Value::Object(options).to_string();
                let opened = with_file(&path, disk.as_deref(), bytes, pipes, |file| {
                    adapter(number)?.open(file, &kind, &options).map_err(Trouble::from)
                })?;
                let framing = Some(match opened.framing {
                    Framing::Nothing => Cut::Nothing,
                    Framing::Json => Cut::Json,
                    Framing::Csv { header, quote } => Cut::Csv { header: header as u64, quote },
                    Framing::Parts(parts) => Cut::Parts { parts: parts as u64 },
                });
                self.readers.insert(reader, opened);
                Ok((Reply { framing, ..Reply::default() }, Vec::new()))
            }
            Call::Read { reader, pieces } => {
                let reader = self.readers.get(&reader).ok_or_else(|| invalid("no such reader"))?;
                let pieces = split(pieces, bytes).ok_or_else(|| invalid("pieces that are not there"))?;
                let records =
                    reader.read(&pieces, |stream| ipc::encode(stream, bytes.len())).map_err(Trouble::from)?;
                Ok((Reply::default(), records))
            }
            Call::Close { reader } => {
                self.readers.remove(&reader);
                Ok((Reply::default(), Vec::new()))
            }
            Call::Create { formula, state, features, params } => {
                let formula = self.formulas.get(formula).ok_or_else(|| invalid("no such formula"))?;
                self.states.insert(state, formula.create(&features.into_owned(), params)?);
                Ok((Reply::default(), Vec::new()))
            }
            Call::Points { state } => {
                self.compute(state, bytes, |work, columns, rows| work.points(columns, rows))
            }
            Call::Parts { state } => self.compute(state, bytes, |work, columns, rows| {
                work.parts(columns, rows)?.ok_or_else(|| "no `parts`".to_owned().into())
            }),
            Call::Destroy { state } => {
                self.states.remove(&state);
                Ok((Reply::default(), Vec::new()))
            }
        }
    }
}

impl Served {
    /// Computes with a formula that was made ready, over the columns of a call.
    fn compute(
        &self,
        state: u64,
        bytes: &[u8],
        work: impl FnOnce(&dyn Work, &[&[f64]], usize) -> Result<Vec<f64>, Wrong>,
    ) -> Answer {
        let invalid = |what: String| Trouble::new(abi::E_INVALID, what);
        let state = self.states.get(&state).ok_or_else(|| invalid("no such state".into()))?;
        let (columns, rows) = ipc::read_columns(bytes.to_vec()).map_err(invalid)?;
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let results = work(&**state, &columns, rows)?;
        let written = ipc::write_columns(&["results"], &[&results], results.len());
        Ok((Reply::default(), written.map_err(Wrong::Gave)?))
    }
}

/// The pieces of a call.
fn split(pieces: usize, bytes: &[u8]) -> Option<Vec<Piece<'_>>> {
    let (places, mut rest) = bytes.split_at_checked(pieces.checked_mul(Place::BYTES)?)?;
    let mut all = Vec::with_capacity(pieces);
    for place in places.as_chunks().0 {
        let Place { len, offset, part } = Place::read(place);
        let bytes = rest.split_off(..usize::try_from(len).ok()?)?;
        let offset = Some(offset).filter(|offset| *offset != abi::UNKNOWN);
        all.push(Piece { bytes, part: part as usize, offset });
    }
    Some(all)
}

/// The files beside, which the host has.
struct Asked<'p>(Mutex<&'p mut Pipes>);

impl Siblings for Asked<'_> {
    fn read(&self, relative: &str) -> Option<Vec<u8>> {
        self.0.lock().ok()?.sibling(relative)
    }
}

/// Makes the file of a call, whose siblings are asked for through the pipes.
fn with_file<T>(
    path: &str,
    disk: Option<&str>,
    head: &[u8],
    pipes: &mut Pipes,
    call: impl FnOnce(&File<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let siblings = Asked(Mutex::new(pipes));
    call(&File { path, head, disk: disk.map(Path::new), siblings: &siblings, options: &NO_OPTIONS })
}

/// The host's ends.
struct Pipes {
    from: BufReader<Stdin>,
    to: StdFile,
}

impl Pipes {
    /// The next call, and its bytes in place of those there were; `None` at the end.
    fn request(&mut self, bytes: &mut Vec<u8>) -> std::io::Result<Option<Call<'static>>> {
        let mut line = Vec::new();
        if self.from.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let request: Request<'static> = serde_json::from_slice(&line)?;
        self.bytes(request.bytes, bytes)?;
        Ok(Some(request.call))
    }

    fn bytes(&mut self, count: u64, bytes: &mut Vec<u8>) -> std::io::Result<()> {
        bytes.clear();
        bytes.reserve(count as usize);
        (&mut self.from).take(count).read_to_end(bytes)?;
        if (bytes.len() as u64) < count {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn send(&mut self, reply: &Reply, bytes: &[u8]) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(reply)?;
        line.push(b'\n');
        self.to.write_all(&line)?;
        self.to.write_all(bytes)
    }

    fn sibling(&mut self, relative: &str) -> Option<Vec<u8>> {
        self.send(&Reply { sibling: Some(relative.to_owned()), ..Reply::default() }, &[]).ok()?;
        let mut line = Vec::new();
        self.from.read_until(b'\n', &mut line).ok()?;
        let Beside { found, bytes } = serde_json::from_slice(&line).ok()?;
        let mut content = Vec::new();
        self.bytes(bytes, &mut content).ok()?;
        found.then_some(content)
    }
}
