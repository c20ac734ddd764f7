//! From arguments to a ledger, a ruler and a roster, ready to be scored.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Context, anyhow};
use renown_core::formula::{Formula, FormulaFailure};
use renown_core::ledger::Ledger;
use renown_core::people::Roster;
use renown_core::record::Day;
use renown_core::ruler::Ruler;
use renown_core::score::Scoring;
use renown_core::tally::{Count, Tally};
use renown_core::words::Words;
use renown_engine::report::Report;
use renown_engine::state::{self, ReadWith};
use renown_engine::{Adapters, EngineError, Ingested, Mapped, Options, Progress, ingest, input, people};
use renown_sdk::{Adapter, Vocabulary};
use renown_tabular::{Map, Tabular};
use renown_weights::{SeenNetwork, Weights};

use crate::cli::{ExplainArgs, ReadArgs, WhoArgs};
use crate::config::{map, text_of, weights};
use crate::exit::Exit;
use crate::parts::Parts;
use crate::progress;
use crate::states;
use crate::write::write_whole;

/// Everything about a run but its scores.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ledger: Ledger,
    pub(crate) ruler: Ruler,
    /// The digest of all that decides a score.
    pub(crate) stamp: String,
    /// The name of the scale.
    pub(crate) scale: String,
    /// What was seen and counts for nothing.
    pub(crate) unweighed: Vec<String>,
    pub(crate) roster: Roster,
    pub(crate) as_of: Day,
    /// Whether the day was given, and not the newest record's.
    pub(crate) as_of_given: bool,
    /// Records of later days that were left out, and those set aside as far in the future.
    pub(crate) later: u64,
    pub(crate) aside: u64,
    pub(crate) report: Report,
    /// Whether a plugin failed, and its files were left out.
    pub(crate) plugin_failed: bool,
    pub(crate) counts: Vec<Count>,
    pub(crate) started: Instant,
}

impl Run {
    /// How a run ends that came this far.
    pub(crate) fn exit(&self) -> Exit {
        if self.plugin_failed { Exit::Plugin } else { Exit::Ok }
    }

    /// Scores everybody.
    pub(crate) fn scoring(&self) -> Result<Scoring<'_>, FormulaFailure> {
        Scoring::new(&self.ledger, &self.ruler, &self.roster, self.as_of)
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
    pub(crate) formulas: Vec<&'static dyn Formula>,
}

/// Reads all that the arguments name and makes it ready to be scored.
pub(crate) fn run(args: &ReadArgs, who: &WhoArgs) -> anyhow::Result<Run> {
    let started = Instant::now();
    if who.people.is_none() && !who.everyone {
        return Err(EngineError::Usage(
            "nobody is scored who did not agree. Pass --people FILE, a list of who agreed and which accounts are theirs, \
             or --everyone to score every account as a person of its own"
                .into(),
        )
        .into());
    }
    // Everything that can be wrong in what the user wrote is found before anything is read.
    let mut weights = weights(args.weights.as_deref(), &args.sets)?;
    let entries =
        who.people.as_deref().map(|path| people::parse(&text_of(path)?, path).map_err(anyhow::Error::from));
    let entries = entries.transpose()?.unwrap_or_default();
    if who.everyone && !args.quiet {
        eprintln!(
            "warning: --everyone scores accounts whose owners never agreed to it; do not publish such scores"
        );
    }
    let Gathered { tally, report, read_with: _, plugin_failed, progress, formulas } =
        read(args, &mut weights, who.everyone)?;

    let (words, counts, until) = (tally.words().clone(), tally.counts(), tally.until());
    let resolved = weights.resolve(&seen(&words, &counts), &words, &formulas)?;
    let (newest, aside) = tally.newest_day(resolved.ruler.window.days);
    let later = tally.later();
    let ledger = Ledger::settle(tally);
    let people_path = who.people.as_deref().unwrap_or(Path::new(""));
    let roster = Roster { people: people::resolve(&entries, &ledger, people_path)?, everyone: who.everyone };
    if progress.cancelled.load(Ordering::Relaxed) {
        return Err(EngineError::Interrupted.into());
    }
    Ok(Run {
        plugin_failed,
        ledger,
        stamp: resolved.stamp,
        scale: weights.scale_version().to_owned(),
        unweighed: resolved.unweighed,
        ruler: resolved.ruler,
        roster,
        as_of: until.or(newest).unwrap_or(Day::UNDATED),
        as_of_given: until.is_some(),
        later,
        aside: if until.is_some() { 0 } else { aside },
        report,
        counts,
        started,
    })
}

/// Reads all that the arguments name, state files and exports, with the adapters and their options of the weights.
/// Records that cannot be read are kept with their content if they may be `shown`.
pub(crate) fn read(args: &ReadArgs, weights: &mut Weights, shown: bool) -> anyhow::Result<Gathered> {
    let map = args.map.as_deref().map(map).transpose()?;
    let given = args.as_of.as_deref().map(day).transpose()?;
    use_threads(args.threads)?;
    let words = Arc::new(Words::new());
    let Parts { adapters: linked, formulas } = Parts::gather(&args.parts, weights)?;
    let vocabulary = Vocabulary::new(words.clone(), linked.iter().map(|adapter| adapter.manifest()));
    let all = input::find(&args.inputs)?;
    let (states, mut inputs) = state::sort_out(all.clone())?;
    let until = states::last_day(&states, given)?;
    let changed = weights.changed_options();
    let mut read_with = states::read_with(&states, Some(&changed))?;
    if args.strict {
        states::strict(&states)?;
    }
    let options = Options { keep_records: args.rejects.is_some() && shown };
    let progress = Progress::default();
    progress::stop_on_interrupt(&progress.cancelled)?;
    let adapters = Adapters { linked, mapped: map.map(mapped), options: weights.adapter_options() };
    let mut failures = Vec::new();
    let (tally, mut report) = loop {
        let tally = Tally::new(words.clone(), until)?;
        let Ingested { tally, report } = progress::watch(&progress, &all, args.quiet, || {
            let of_states = states::read_into(&states, &tally, &progress)?;
            let mut ingested = ingest(inputs.clone(), &adapters, &vocabulary, tally, &options, &progress)?;
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
        read_with.insert((*adapter).to_owned(), changed.get(*adapter).cloned().unwrap_or_default());
    }
    Ok(Gathered { tally, report, read_with, plugin_failed: !failures.is_empty(), progress, formulas })
}

/// Starts as many threads as the user asked for.
pub(crate) fn use_threads(threads: Option<usize>) -> anyhow::Result<()> {
    if let Some(threads) = threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.context("cannot start the threads")?;
    }
    Ok(())
}

/// Writes rejects, and stops where there is nothing to go on with.
fn check_report(args: &ReadArgs, report: &Report) -> anyhow::Result<()> {
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
                "nothing to read: no adapter recognises any of {} files, such as {first}. Tables need --map",
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

fn day(text: &str) -> anyhow::Result<Day> {
    renown_sdk::time::parse(text).map(renown_core::record::Timestamp::day).ok_or_else(|| {
        anyhow!("--as-of {text}: expected a date from 1970-01-01 to 2148-12-31, as in 2026-09-30")
    })
}

/// The networks, kinds and metrics of a run.
fn seen(words: &Words, counts: &[Count]) -> Vec<SeenNetwork> {
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
pub(crate) fn nobody(args: &ExplainArgs, run: &Run) -> anyhow::Error {
    let listed = run.roster.people.iter().find(|person| person.id == args.person);
    let why = match listed {
        Some(person) if person.minor => "is marked as a minor, and minors are never scored",
        Some(person) if person.exclude => "is marked `exclude`",
        Some(_) => "has not agreed to be scored: `consent = true` is needed in the people file",
        None if args.who.everyone => {
            "is neither an id of the people file nor an account in the input (network:id)"
        }
        None => "is no id in the people file",
    };
    EngineError::Usage(format!("`{}` {why}", args.person)).into()
}
