//! From arguments to a ledger, a ruler and a roster, ready to be scored.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::time::Instant;

use anyhow::{Context, anyhow};
use rayon::prelude::*;
use renown_core::formula::Formula;
use renown_core::ledger::Ledger;
use renown_core::people::{Person, Roster};
use renown_core::published::Published;
use renown_core::record::Day;
use renown_core::ruler::Ruler;
use renown_core::score::{Scoring, ScoringError};
use renown_core::tally::{Count, Tally};
use renown_core::words::Words;
use renown_engine::people::{self, Entry};
use renown_engine::report::Report;
use renown_engine::state::{self, ReadWith};
use renown_engine::{Adapters, EngineError, Ingested, Mapped, Options, Progress, Tap, ingest, input};
use renown_sdk::suggest::nearest;
use renown_sdk::{Adapter, Vocabulary};
use renown_store::ScoresFile;
use renown_store::book::Book;
use renown_tabular::{Map, Tabular};
use renown_weights::{Era, Resolved, SeenNetwork, Weights};

use crate::cli::{ExportArgs, MemoryArgs, ReadArgs, RunArgs, StandingArgs, WhoArgs};
use crate::config::{in_force, map, text_of, weights};
use crate::exit::Exit;
use crate::memory::Limit;
use crate::parts::Parts;
use crate::progress;
use crate::states;
use crate::write::write_whole;

/// Everything about a run but its scores.
pub(crate) struct Run {
    pub(crate) ledger: Ledger,
    /// What it is scored by.
    pub(crate) by: Ruled,
    pub(crate) roster: Roster,
    /// What the people file calls a network and nothing else does, and what may have been meant.
    pub(crate) no_networks: Vec<(String, Option<String>)>,
    pub(crate) as_of: Day,
    /// Whether the day was given, and not the newest record's.
    pub(crate) as_of_given: bool,
    /// Whether the newest ruler of a weights file counts, whatever the day.
    pub(crate) as_now: bool,
    /// Records of later days that were left out, and those set aside as far in the future.
    pub(crate) later: u64,
    pub(crate) aside: u64,
    pub(crate) report: Report,
    /// Whether a plugin failed, and its files were left out.
    pub(crate) plugin_failed: bool,
    pub(crate) counts: Vec<Count>,
    /// What it was scored by, and what was there to read with.
    pub(crate) weights: Weights,
    pub(crate) parts: Parts,
    /// The scores that standing comes from, and their day, if there are any.
    pub(crate) before: Published,
    pub(crate) standing: Option<Day>,
    /// How much memory to take.
    pub(crate) limit: Option<Limit>,
    pub(crate) started: Instant,
    /// Set by Ctrl-C.
    pub(crate) cancelled: Arc<AtomicBool>,
}

impl Run {
    /// How a run ends that came this far.
    pub(crate) fn exit(&self) -> Exit {
        if self.plugin_failed { Exit::Plugin } else { Exit::Ok }
    }

    /// Scores everybody.
    pub(crate) fn scoring(&self) -> anyhow::Result<Scoring<'_>> {
        Scoring::after(&self.before, &self.ledger, &self.by.ruler, &self.roster, self.as_of)
            .map_err(not_scored)
    }

    /// Those of other weights that are in force, bound to the same records.
    pub(crate) fn ruled_by(&self, weights: &Weights) -> anyhow::Result<Ruled> {
        self.bound(&self.in_force(weights)?)
    }

    /// Of other weights, those that are in force.
    pub(crate) fn in_force(&self, weights: &Weights) -> anyhow::Result<Weights> {
        in_force(weights, self.as_of, self.as_now)
    }

    /// Other weights, whenever they are in force, bound to the same records.
    pub(crate) fn bound(&self, weights: &Weights) -> anyhow::Result<Ruled> {
        let mut weights = weights.clone();
        self.parts.bind(&mut weights)?;
        Ruled::new(&weights, self.ledger.words(), &self.counts, &self.parts.formulas)
    }

    /// Scores everybody by another ruler, starting from nobody's earlier scores: they were by this one.
    pub(crate) fn scoring_by<'a>(&'a self, by: &'a Ruled) -> anyhow::Result<Scoring<'a>> {
        Scoring::new(&self.ledger, &by.ruler, &self.roster, self.as_of).map_err(not_scored)
    }

    /// Likewise, ready to be scored by further rulers.
    pub(crate) fn base_by<'a>(&'a self, by: &'a Ruled) -> anyhow::Result<Scoring<'a>> {
        let before = Published::default();
        Scoring::keeping(&before, &self.ledger, &by.ruler, &self.roster, self.as_of).map_err(not_scored)
    }

    /// Scores everybody, ready to be scored by further rulers.
    pub(crate) fn base(&self) -> anyhow::Result<Scoring<'_>> {
        Scoring::keeping(&self.before, &self.ledger, &self.by.ruler, &self.roster, self.as_of)
            .map_err(not_scored)
    }
}

/// Weights, bound to the records of a run.
#[derive(Debug)]
pub(crate) struct Ruled {
    pub(crate) ruler: Ruler,
    /// The digest of all that decides a score.
    pub(crate) stamp: String,
    /// The name of the scale.
    pub(crate) scale: String,
    /// Since when and why, if not from the beginning.
    pub(crate) era: Option<Era>,
    /// What was seen and counts for nothing.
    pub(crate) unweighed: Vec<String>,
}

impl Ruled {
    pub(crate) fn new(
        weights: &Weights,
        words: &Words,
        counts: &[Count],
        formulas: &[&dyn Formula],
    ) -> anyhow::Result<Self> {
        let Resolved { ruler, stamp, unweighed } = weights.resolve(&seen(words, counts), words, formulas)?;
        let (scale, era) = (weights.scale_version().to_owned(), weights.era().cloned());
        Ok(Self { ruler, stamp, scale, era, unweighed })
    }
}

/// Why nobody is scored, by whose doing.
pub(crate) fn not_scored(error: ScoringError) -> anyhow::Error {
    match error {
        ScoringError::Formula(failure) => failure.into(),
        ScoringError::Scratch(error) => EngineError::from(error).into(),
    }
}

/// What was read, before anything is made of it.
pub(crate) struct Gathered {
    pub(crate) tally: Tally,
    pub(crate) report: Report,
    /// Which adapters read, with which options.
    pub(crate) read_with: ReadWith,
    /// Whether a plugin failed, and its files were left out.
    pub(crate) plugin_failed: bool,
    pub(crate) progress: Progress,
    pub(crate) parts: Parts,
    pub(crate) limit: Option<Limit>,
}

/// What a user asked to be scored by, and whom: all that can be wrong in what they wrote is found before anything is read.
pub(crate) struct Asked {
    pub(crate) weights: Weights,
    pub(crate) entries: Vec<Entry>,
    /// Where they are from.
    people: PathBuf,
    as_now: bool,
    everyone: bool,
    started: Instant,
}

impl Asked {
    /// The people whom a book lists, by these weights.
    pub(crate) fn of_book(book: &Book, weights: Weights, as_now: bool) -> anyhow::Result<Self> {
        let started = Instant::now();
        let people = book.path().to_owned();
        Ok(Self { weights, entries: book.entries()?, people, as_now, everyone: false, started })
    }

    /// Reads weights and people.
    pub(crate) fn new(run: &RunArgs, who: &WhoArgs) -> anyhow::Result<Self> {
        if who.people.is_none() && !who.everyone {
            return Err(EngineError::Usage(
                "nobody is scored who did not agree. Pass --people FILE, a list of who agreed and which accounts are theirs, \
                 or --everyone to score every account as a person of its own"
                    .into(),
            )
            .into());
        }
        // Before anything uses them.
        use_threads(run.threads)?;
        let entries = who.people.as_deref().map(people_of).transpose()?.unwrap_or_default();
        Self::of(run, who, entries, who.people.as_deref().unwrap_or(Path::new("")))
    }

    /// Reads weights, for these people, who are from this file.
    pub(crate) fn of(
        run: &RunArgs,
        who: &WhoArgs,
        entries: Vec<Entry>,
        people: &Path,
    ) -> anyhow::Result<Self> {
        let started = Instant::now();
        let weights = weights(run.weights.as_deref(), &run.sets)?;
        if who.everyone && !run.quiet {
            // Once, though two sides be compared.
            static WARNED: Once = Once::new();
            WARNED.call_once(|| {
                eprintln!(
                    "warning: --everyone scores accounts whose owners never agreed to it; do not publish such scores"
                );
            });
        }
        Ok(Self {
            weights,
            entries,
            people: people.to_owned(),
            as_now: run.as_now,
            everyone: who.everyone,
            started,
        })
    }

    /// Makes what was gathered ready to be scored; standing comes from the scores `before`, if they are by the same ruler.
    pub(crate) fn settle(self, gathered: Gathered, before: Option<ScoresFile>) -> anyhow::Result<Run> {
        let Self { weights, entries, people: people_path, as_now, everyone, started } = self;
        let Gathered { tally, report, read_with: _, plugin_failed, progress, parts, limit } = gathered;
        let (words, counts, until) = (tally.words().clone(), tally.counts(), tally.until());
        // What is far in the future is told by a window, and the ruler of the day by the day: so the window is the newest
        // ruler's, whichever is in force then.
        let (newest, aside) = tally.newest_day(weights.window_days());
        let later = tally.later();
        let as_of = until.or(newest).unwrap_or(Day::UNDATED);
        let weights = in_force(&weights, as_of, as_now)?;
        let by = Ruled::new(&weights, &words, &counts, &parts.formulas)?;
        let (standing, before) = match before {
            Some(file) => standing(file, &by.stamp, as_of)?,
            None => Default::default(),
        };
        let no_networks = no_networks(&entries, &parts, &words, &counts);
        let ledger = Ledger::settle(tally).map_err(EngineError::from)?;
        let roster = Roster { people: people::resolve(&entries, &ledger, &people_path)?, everyone };
        // Of a million people there are millions of texts to give back.
        entries.into_par_iter().for_each(drop);
        if progress.cancelled.load(Ordering::Relaxed) {
            return Err(EngineError::Interrupted.into());
        }
        if limit.is_some() && standing.is_none() {
            ledger.search_no_more();
        }
        Ok(Run {
            plugin_failed,
            ledger,
            by,
            weights,
            parts,
            roster,
            no_networks,
            as_of,
            as_of_given: until.is_some(),
            as_now,
            later,
            aside: if until.is_some() { 0 } else { aside },
            report,
            counts,
            before,
            standing,
            limit,
            started,
            cancelled: progress.cancelled.clone(),
        })
    }
}

/// What people's accounts are said to be on, though neither an adapter nor a record knows such a network.
fn no_networks<'e>(
    entries: &'e [Entry],
    parts: &Parts,
    words: &Words,
    counts: &[Count],
) -> Vec<(String, Option<String>)> {
    let of_adapters = parts.adapters.iter().flat_map(|adapter| adapter.manifest().networks);
    let mut known: BTreeSet<String> = of_adapters.map(|network| network.name.to_owned()).collect();
    known.extend(counts.iter().map(|count| words.text(count.network).into_string()));
    let with_those_of = |mut named: BTreeSet<&'e String>, entry: &'e Entry| {
        for (network, _) in &entry.accounts {
            // A few among millions: each is looked for before it is put in.
            if !named.contains(network) {
                named.insert(network);
            }
        }
        named
    };
    let union = |mut named: BTreeSet<&'e String>, more| {
        named.extend::<BTreeSet<_>>(more);
        named
    };
    let named = entries.par_iter().fold(BTreeSet::new, with_those_of).reduce(BTreeSet::new, union);
    let unknown = named.into_iter().filter(|network| !known.contains(*network));
    let meant = |network: &String| nearest(network, known.iter().map(String::as_str)).map(str::to_owned);
    unknown.map(|network| (network.clone(), meant(network))).collect()
}

/// The people of a people file.
pub(crate) fn people_of(path: &Path) -> anyhow::Result<Vec<Entry>> {
    Ok(people::parse(&text_of(path)?, path)?)
}

/// The day of earlier scores and the scores, if they are by this ruler; if not, that is said, and all start alike.
fn standing(file: ScoresFile, ruler: &str, as_of: Day) -> anyhow::Result<(Option<Day>, Published)> {
    let day_of_scores = day(&file.as_of).map_err(|_| anyhow!("scores of no day: `{}`", file.as_of))?;
    if day_of_scores >= as_of {
        let why = format!(
            "scores of {day_of_scores} give no standing as of {as_of}: expected those of a day before"
        );
        return Err(EngineError::Usage(why).into());
    }
    if file.ruler != ruler {
        eprintln!(
            "warning: the scores of {day_of_scores} are by the ruler {}, and this is {ruler}: they give no standing, and everybody \
             starts alike",
            file.ruler
        );
        return Ok((None, Published::default()));
    }
    Ok((Some(day_of_scores), file.scores))
}

/// Reads all that the arguments name and makes it ready to be scored.
pub(crate) fn run(
    args: &ReadArgs,
    who: &WhoArgs,
    from: &StandingArgs,
    memory: &MemoryArgs,
) -> anyhow::Result<Run> {
    let mut asked = Asked::new(&args.exports.run, who)?;
    let before = from.standing.as_deref().map(|path| {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        ScoresFile::of_bytes(bytes.into()).map_err(|why| anyhow!("{}: {why}", path.display()))
    });
    let before = before.transpose()?;
    let gathered = read(args, &mut asked.weights, who.everyone, Some(memory))?;
    asked.settle(gathered, before)
}

/// Reads all that the arguments name, state files and exports, with the adapters and their options of the weights.
/// Records that cannot be read are kept with their content if they may be `shown`.
pub(crate) fn read(
    args: &ReadArgs,
    weights: &mut Weights,
    shown: bool,
    memory: Option<&MemoryArgs>,
) -> anyhow::Result<Gathered> {
    let given = args.as_of.as_deref().map(day).transpose()?;
    let mut reading = Reading::new(&args.exports, weights, shown)?;
    if let Some(memory) = memory {
        reading.limit = Limit::of(memory, &reading.progress.cancelled)?;
    }
    let read = reading.read(&args.inputs, given, None)?;
    let Read { tally, report, adapters: read_with, plugin_failed } = read;
    let Reading { progress, parts, limit, .. } = reading;
    Ok(Gathered { tally, report, read_with, plugin_failed, progress, parts, limit })
}

/// All that reading needs, made ready once for as many exports as there are.
pub(crate) struct Reading<'a> {
    args: &'a ExportArgs,
    adapters: Adapters,
    vocabulary: Vocabulary,
    /// The options of adapters that are not at their defaults.
    changed: ReadWith,
    keep_records: bool,
    pub(crate) words: Arc<Words>,
    pub(crate) progress: Progress,
    parts: Parts,
    /// How much memory to take.
    limit: Option<Limit>,
}

/// What was read of some inputs.
pub(crate) struct Read {
    pub(crate) tally: Tally,
    pub(crate) report: Report,
    /// Which adapters read, with which options.
    pub(crate) adapters: ReadWith,
    pub(crate) plugin_failed: bool,
}

impl<'a> Reading<'a> {
    /// Loads plugins, starts threads and listens for Ctrl-C.
    pub(crate) fn new(args: &'a ExportArgs, weights: &mut Weights, shown: bool) -> anyhow::Result<Self> {
        let map = args.map.as_deref().map(map).transpose()?;
        use_threads(args.run.threads)?;
        let words = Arc::new(Words::new());
        let parts = Parts::gather(&args.run.parts, weights)?;
        let linked = parts.adapters.clone();
        let vocabulary = Vocabulary::new(words.clone(), linked.iter().map(|adapter| adapter.manifest()));
        let progress = Progress::default();
        progress::stop_on_interrupt(&progress.cancelled)?;
        Ok(Self {
            args,
            vocabulary,
            changed: weights.changed_options(),
            keep_records: args.rejects.is_some() && shown,
            words,
            progress,
            parts,
            limit: None,
            adapters: Adapters { linked, mapped: map.map(mapped), options: weights.adapter_options() },
        })
    }

    /// Where rejects are written.
    pub(crate) fn rejects(&self) -> Option<&Path> {
        self.args.rejects.as_deref()
    }

    /// Reads what is named, up to the `given` day. With a `tap`, records go there, and the tally only counts them.
    pub(crate) fn read(
        &self,
        named: &[PathBuf],
        given: Option<Day>,
        tap: Option<Arc<dyn Tap>>,
    ) -> anyhow::Result<Read> {
        let Self { args, progress, .. } = self;
        progress.restart();
        let all = input::find(named)?;
        let (states, mut inputs) = state::sort_out(all.clone())?;
        if let (Some(_), Some(first)) = (&tap, states.first()) {
            let why = "a state file: a store is made of exports, since a state has no records any more";
            return Err(EngineError::Data(format!("{}: {why}", first.name)).into());
        }
        let until = states::last_day(&states, given)?;
        let mut read_with = states::read_with(&states, Some(&self.changed))?;
        if args.strict {
            states::strict(&states)?;
        }
        if let Some(limit) = &self.limit {
            limit.foretell(&all, args.run.quiet)?;
        }
        let options = Options { keep_records: self.keep_records, tap };
        let mut failures = Vec::new();
        let (tally, mut report) = loop {
            let tally = Tally::new(self.words.clone(), until)?;
            let tally = match &self.limit {
                Some(limit) => tally.within(limit.room()),
                None => tally,
            };
            let Ingested { tally, report } = progress::watch(progress, &all, args.run.quiet, || {
                let of_states = states::read_into(&states, &tally, progress)?;
                let mut ingested =
                    ingest(inputs.clone(), &self.adapters, &self.vocabulary, tally, &options, progress)?;
                ingested.report.count(of_states);
                Ok::<_, EngineError>(ingested)
            })?;
            if report.plugin_failures.is_empty() {
                break (tally, report);
            }
            // How much of a file was read when its plugin failed depends on the threads. So that the others' work is not
            // lost, and is the same each time, everything is read anew without the files that plugins failed at.
            inputs.retain(|input| report.plugin_failures.iter().all(|failure| failure.file != input.name));
            failures.extend(report.plugin_failures.iter().cloned());
            progress.restart();
            if let Some(tap) = &options.tap {
                tap.restart();
            }
        };
        for failure in &failures {
            eprintln!("error: {failure}");
        }
        if !failures.is_empty() && report.records == 0 {
            return Err(EngineError::Plugin("nothing is left without what plugins failed at".into()).into());
        }
        check_report(args, &report)?;
        report.bytes = progress.bytes.load(Ordering::Relaxed);
        for (adapter, _) in report.files.keys() {
            read_with.insert((*adapter).to_owned(), self.changed.get(*adapter).cloned().unwrap_or_default());
        }
        Ok(Read { tally, report, adapters: read_with, plugin_failed: !failures.is_empty() })
    }
}

/// Starts as many threads as the user asked for, once: whoever asks again has them.
pub(crate) fn use_threads(threads: Option<usize>) -> anyhow::Result<()> {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if let Some(threads) = threads
        && !STARTED.swap(true, Ordering::Relaxed)
    {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.context("cannot start the threads")?;
    }
    Ok(())
}

/// Writes rejects, and stops where there is nothing to go on with.
fn check_report(args: &ExportArgs, report: &Report) -> anyhow::Result<()> {
    if let Some(path) = &args.rejects {
        write_whole(path, |out| report.write_rejects(out))?;
    }
    if let (true, Some(first)) = (args.strict, report.rejects.first()) {
        let more = report.rejected - 1;
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        return Err(EngineError::Data(format!("{}: {}{more}", first.place(), first.reason)).into());
    }
    if report.records == 0 {
        let why = match (report.rejects.first(), report.unrecognised.first()) {
            (Some(first), _) => {
                format!("no record could be read; the first fault: {}: {}", first.place(), first.reason)
            }
            (None, Some(first)) if report.files.is_empty() => format!(
                "nothing to read: no adapter recognises any of {} files, such as {first}. Tables need --map, what a \
                 plugin reads needs --plugin",
                report.unrecognised.len()
            ),
            _ => "no records in what was read".to_owned(),
        };
        return Err(EngineError::Data(why).into());
    }
    Ok(())
}

fn mapped(map: Map) -> Mapped {
    let tabular = Arc::new(Tabular::new(map));
    let fits = tabular.clone();
    Mapped { adapter: tabular as Arc<dyn Adapter>, fits: Box::new(move |file| fits.has_all_columns(file)) }
}

pub(crate) fn day(text: &str) -> anyhow::Result<Day> {
    renown_sdk::time::parse(text).map(renown_core::record::Timestamp::day).ok_or_else(|| {
        anyhow!("--as-of {text}: expected a date from 1970-01-01 to 2148-12-31, as in 2026-09-30")
    })
}

/// The networks, kinds and metrics of a run.
pub(crate) fn seen(words: &Words, counts: &[Count]) -> Vec<SeenNetwork> {
    let mut networks: Vec<SeenNetwork> = Vec::new();
    for count in counts {
        let (network, word) = (words.text(count.network).into_string(), words.text(count.word).into_string());
        let at = networks.iter().position(|known| known.name == network).unwrap_or_else(|| {
            networks.push(SeenNetwork { name: network, kinds: Vec::new(), metrics: Vec::new() });
            networks.len() - 1
        });
        if count.is_metric { networks[at].metrics.push(word) } else { networks[at].kinds.push(word) }
    }
    for network in &mut networks {
        network.kinds.sort();
        network.metrics.sort();
    }
    networks.sort_by(|a, b| a.name.cmp(&b.name));
    networks
}

/// The error for a person who has no score: with a hint, but naming nobody who is not listed.
pub(crate) fn nobody(person: &str, everyone: bool, people: &[Person]) -> anyhow::Error {
    let listed = people.iter().find(|listed| listed.id == person);
    let why = match listed {
        Some(listed) if listed.minor => "is marked as a minor, and minors are never scored",
        Some(listed) if listed.exclude => "is marked `exclude`",
        Some(_) => "has not agreed to be scored: `consent = true` is needed in the people file",
        None if everyone => "is neither an id of the people file nor an account in the input (network:id)",
        None => "is no id in the people file",
    };
    EngineError::Usage(format!("`{person}` {why}")).into()
}
