//! What the server asks of the program: the commands' own work, on the records of a store.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use renown_core::curve::Score;
use renown_core::details::Details;
use renown_core::glance::{Glance, Seen};
use renown_core::reach::Wanted;
use renown_core::record::{Day, Id, Timestamp};
use renown_core::score::Scoring;
use renown_engine::EngineError;
use renown_server::desk::{
    Came, Campaign, Chosen, Desk, Form, InForce, Knob, Knobs, Neighbours, Placed, Reranked, Taken, Tried,
    Trouble,
};
use renown_store::book::{Book, BookError, By};
use renown_store::{Access, RecordOf, Store};
use renown_weights::{PRESETS, Weights};

use super::change::{self, Side};
use super::live::{Live, Scored};
use crate::cli::{PageFormat, RunArgs, ServeArgs};
use crate::output::{self, Named};
use crate::parts::Parts;
use crate::pipeline::{Asked, Reading, Ruled, Run, not_scored};
use crate::{attack, book, compare, config, day, exit, ingest, lint};

/// The most rows of a list in an answer.
const ROWS: usize = 1000;
/// The score at which those are counted who cross it.
const LINE: Score = Score(500_000);

/// The program at the server's side.
pub(super) struct Office {
    args: ServeArgs,
    parts: Parts,
    book: Arc<Book>,
    /// What questions are answered from, or why they are not.
    live: RwLock<Result<Arc<Live>, Trouble>>,
    /// How often the records had to be bound anew; the newest wins.
    turn: AtomicU64,
    /// One uses the store at a time.
    store: Mutex<()>,
    this: Weak<Self>,
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Office").field("store", &self.args.store).finish_non_exhaustive()
    }
}

impl Office {
    pub(super) fn new(args: ServeArgs, parts: Parts, book: Arc<Book>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            args,
            parts,
            book,
            live: RwLock::new(Err(Trouble::NotReady)),
            turn: AtomicU64::new(0),
            store: Mutex::default(),
            this: this.clone(),
        })
    }

    fn run_args(&self) -> &RunArgs {
        &self.args.exports.run
    }

    fn live(&self) -> Result<Arc<Live>, Trouble> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_newest(&self, turn: u64) -> bool {
        self.turn.load(Ordering::Acquire) == turn
    }

    /// Reads the records as of the newest publication; `None` if there is none, or they are to be read anew already.
    fn load(&self, turn: u64) -> anyhow::Result<Option<Arc<Live>>> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(publication) = self.book.latest()?.filter(|_| self.is_newest(turn)) else { return Ok(None) };
        let store = Store::open(&self.args.store, Access::Read)?;
        let weights = day::weights_of(&self.book, self.run_args())?;
        let asked = Asked::of_book(&self.book, weights, self.run_args().as_now)?;
        let (run, _) = day::gather(&store, asked, self.run_args(), publication.as_of, false)?;
        drop(store);
        Ok(Some(Arc::new(Live::new(run)?)))
    }

    /// Has nothing answered from the records, those included that are being read; what is read from now on has the turn that is given.
    fn withhold(&self) -> u64 {
        let turn = self.turn.fetch_add(1, Ordering::AcqRel) + 1;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Err(Trouble::NotReady);
        turn
    }

    /// Has the records bound anew, elsewhere; until then nothing is answered from them.
    pub(super) fn load_again(&self) {
        let turn = self.withhold();
        let Some(this) = self.this.upgrade() else { return };
        std::thread::spawn(move || {
            let live = match this.load(turn) {
                Ok(live) => live.ok_or(Trouble::Unpublished),
                // Who ends the server ends the reading, too.
                Err(error) if matches!(error.downcast_ref(), Some(EngineError::Interrupted)) => return,
                Err(error) => {
                    eprintln!("error: the records cannot be read: {}", exit::shown(&error));
                    Err(Trouble::Unreadable)
                }
            };
            let mut place = this.live.write().unwrap_or_else(PoisonError::into_inner);
            // Somebody may have withdrawn meanwhile.
            if this.is_newest(turn) {
                *place = live;
            }
        });
    }

    /// Scores the people of the book as of the newest day with records, or of a later one that was scored before, and publishes that.
    pub(super) fn publish_newest(&self, scored: Option<Day>) -> anyhow::Result<Option<Day>> {
        let as_of = {
            let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            let store = Store::open(&self.args.store, Access::Read)?;
            let weights = day::weights_of(&self.book, self.run_args())?;
            store.newest_day(weights.window_days()).max(scored)
        };
        if as_of.is_none() { Ok(None) } else { self.publish(as_of, None, true) }
    }

    /// Scores the people of the book as of a day, or of the newest with records, and publishes that.
    pub(super) fn publish(
        &self,
        as_of: Option<Day>,
        memo: Option<&str>,
        again: bool,
    ) -> anyhow::Result<Option<Day>> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut store = Store::open(&self.args.store, Access::Write)?;
        let weights = day::weights_of(&self.book, self.run_args())?;
        let Some(as_of) = as_of.or_else(|| store.newest_day(weights.window_days())) else { return Ok(None) };
        let asked = Asked::of_book(&self.book, weights, self.run_args().as_now)?;
        let (run, made) = day::gather(&store, asked, self.run_args(), as_of, false)?;
        let persons = run.scoring()?.persons();
        let bytes = output::parquet(&run, &persons)?;
        store.publish(as_of, &bytes, persons.len() as u64, again, made)?;
        book::publish(&self.book, &run, &persons, memo, again)?;
        Ok(Some(as_of))
    }

    /// A published day of the store, by the weights that it was published with.
    fn side(&self, day: Day) -> Result<Side, Trouble> {
        let published = self.book.published(day).map_err(|error| kept(&error.into()))?;
        let published =
            published.ok_or_else(|| Trouble::Wrong(format!("no scores as of {day} were published")))?;
        let weights = self.weights_at(published.published_at).map_err(|error| failed(&error))?;
        let run = {
            let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            let gathered = || -> anyhow::Result<Run> {
                let store = Store::open(&self.args.store, Access::Read)?;
                let asked = Asked::of_book(&self.book, weights.clone(), self.run_args().as_now)?;
                Ok(day::gather(&store, asked, self.run_args(), day, false)?.0)
            };
            gathered().map_err(|error| kept(&error))?
        };
        if run.by.stamp != published.stamp {
            let why = format!(
                "the scores as of {day} were published by the ruler {}, whose weights this server does not have",
                published.stamp
            );
            return Err(Trouble::Conflict(why));
        }
        Ok(Side { weights: run.weights.clone(), run })
    }

    /// The weights that were in force at a time.
    fn weights_at(&self, at: Timestamp) -> anyhow::Result<Weights> {
        let args = self.run_args();
        let ruler = self.book.rulers(usize::MAX >> 1)?.into_iter().find(|ruler| ruler.at <= at);
        match ruler {
            Some(ruler) if args.weights.is_none() => day::weights_of_ruler(&ruler, args),
            _ => config::weights(args.weights.as_deref(), &args.sets),
        }
    }

    /// Adds an export to the store.
    pub(super) fn add(&self, export: &Path) -> anyhow::Result<ingest::One> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut weights = day::weights_of(&self.book, self.run_args())?;
        let reading = Reading::new(&self.args.exports, &mut weights, false)?;
        let mut store = Store::open(&self.args.store, Access::Write)?;
        ingest::add(&mut store, &reading, &export.to_owned())
    }

    /// The text of the weights in force.
    fn text_now(&self) -> anyhow::Result<String> {
        match (self.book.ruler()?, &self.run_args().weights) {
            (_, Some(path)) => config::text_of_weights(path),
            (Some(ruler), None) => Ok(ruler.toml),
            (None, None) => Ok(Weights::default_text().to_owned()),
        }
    }

    /// Weights as a text that somebody sent.
    fn read(&self, text: &str, sets: &[String]) -> Result<Weights, Trouble> {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let mut weights =
            Weights::with_sets(text, "weights.toml", &sets).map_err(|error| wrong(&error.into()))?;
        // What is loaded into the program is its operator's to say, who has the command line.
        if !weights.plugins().is_empty() {
            let why = "weights that name plugins take effect only where `renown serve --weights FILE` is started with them";
            return Err(Trouble::Wrong(why.into()));
        }
        self.parts.bind(&mut weights).map_err(|error| wrong(&error))?;
        Ok(weights)
    }

    /// Weights as tried, bound to the records at hand.
    fn ruled(&self, run: &Run, toml: Option<&str>, sets: &[String]) -> Result<Ruled, Trouble> {
        let text = match toml {
            Some(text) => text.to_owned(),
            None => self.text_now().map_err(|error| failed(&error))?,
        };
        run.ruled_by(&self.read(&text, sets)?).map_err(|error| wrong(&error))
    }

    fn scored_by<'l>(live: &'l Live, by: &'l Ruled) -> Result<Scoring<'l>, Trouble> {
        let scoring = live.scored().scoring.by(&by.ruler);
        scoring.map_err(|error| wrong(&not_scored(error)))
    }
}

impl Office {
    /// Removes somebody from the records, and then from the book, which alone says whose records those are.
    fn remove(&self, person: &str, by: &By) -> anyhow::Result<()> {
        let whom = book::whom(&self.book, person)?;
        Store::open(&self.args.store, Access::Write)?.forget(&whom)?;
        self.book.forget(person, by)?;
        Ok(())
    }

    /// Why somebody's score is what it is, as `details` tells it.
    fn explained(
        &self,
        person: &str,
        form: Form,
        details: impl FnOnce(Details) -> Details,
    ) -> Result<Vec<u8>, Trouble> {
        let live = self.live()?;
        let Scored { scoring, scores, .. } = live.scored();
        let explanation = scoring.explain(person).map_err(|error| failed(&not_scored(error)))?;
        let explanation = explanation.ok_or(Trouble::Nobody)?;
        let found = scoring.details(&explanation, scores).map_err(|error| failed(&not_scored(error)))?;
        let bytes = output::explanation_as(format(form), live.run(), &explanation, &details(found));
        bytes.map_err(|error| failed(&error.into()))
    }
}

/// Nobody else is named: those who gave the most are among the others.
fn alone(mut details: Details) -> Details {
    for account in &mut details.accounts {
        account.other_givers += account.givers.len() as u64;
        account.givers.clear();
    }
    details
}

fn format(form: Form) -> PageFormat {
    match form {
        Form::Json => PageFormat::Json,
        Form::Html => PageFormat::Html,
        Form::Markdown => PageFormat::Md,
    }
}

fn wrong(error: &anyhow::Error) -> Trouble {
    Trouble::Wrong(exit::shown(error))
}

fn failed(error: &anyhow::Error) -> Trouble {
    Trouble::Failed(exit::shown(error))
}

/// Trouble with the store, by what it is.
fn kept(error: &anyhow::Error) -> Trouble {
    let text = exit::shown(error);
    match error.downcast_ref::<EngineError>() {
        Some(EngineError::Data(_)) => Trouble::Wrong(text),
        Some(EngineError::Usage(_)) => Trouble::Conflict(text),
        _ => match error.downcast_ref::<BookError>() {
            Some(BookError::PublishedOtherwise(_) | BookError::Refused(_)) => Trouble::Conflict(text),
            Some(_) => Trouble::Storage(text),
            None => Trouble::Failed(text),
        },
    }
}

impl Desk for Office {
    fn as_of(&self) -> Result<Day, Trouble> {
        self.live().map(|live| live.run().as_of)
    }

    fn person_of(&self, network: &str, id: &str) -> Option<String> {
        let live = self.live().ok()?;
        let (run, scored) = (live.run(), live.scored());
        let account = run.ledger.find(run.ledger.words().find(network)?, Id::new(id))?;
        scored.scoring.person_of(account).map(str::to_owned)
    }

    fn explain(&self, person: &str, form: Form) -> Result<Vec<u8>, Trouble> {
        self.explained(person, form, |details| details)
    }

    fn explain_to_them(&self, person: &str, form: Form) -> Result<Vec<u8>, Trouble> {
        self.explained(person, form, alone)
    }

    fn records_of(&self, person: &str) -> Result<Vec<RecordOf>, Trouble> {
        let found = || -> anyhow::Result<Vec<RecordOf>> {
            let whom = book::whom(&self.book, person)?;
            Ok(Store::open(&self.args.store, Access::Read)?.records_of(&whom)?)
        };
        found().map_err(|error| match error.downcast_ref::<BookError>() {
            Some(BookError::Nobody(_)) => Trouble::Nobody,
            _ => kept(&error),
        })
    }

    fn diff(&self, person: Option<&str>, (from, to): (Day, Day), form: Form) -> Result<Vec<u8>, Trouble> {
        let (old, new) = (self.side(from)?, self.side(to)?);
        let entries = self.book.entries().map_err(|error| kept(&error.into()))?;
        let found = change::between([&old, &new], &entries, person).map_err(|error| failed(&error))?;
        if person.is_some() && found.person.is_none() {
            return Err(Trouble::Nobody);
        }
        let bytes = output::diff_as(format(form), [&old.run, &new.run], &found, LINE);
        bytes.map_err(|error| failed(&error.into()))
    }

    fn what_if(&self, tried: &Tried, form: Form) -> Result<Vec<u8>, Trouble> {
        let live = self.live()?;
        let run = live.run();
        let then = self.ruled(run, tried.toml.as_deref(), &tried.sets)?;
        let Scored { scoring, directory, by_name, .. } = live.scored();
        let (moves, directory) = directory.moves((scoring, by_name), &Self::scored_by(&live, &then)?);
        let found = Named { moves: &moves, name: &|place| directory.name(scoring, place) };
        let top = tried.top.min(ROWS);
        let bytes = output::moves_as(format(form), top, run.as_of, [&run.by, &then], found, LINE);
        bytes.map_err(|error| failed(&error.into()))
    }

    fn lint(&self, toml: &str) -> Result<Vec<u8>, Trouble> {
        let live = self.live()?;
        let weights = self.read(toml, &[])?;
        let by = live.run().ruled_by(&weights).map_err(|error| wrong(&error))?;
        let scoring = Self::scored_by(&live, &by)?;
        let report = lint::of(live.run(), &scoring, &weights).map_err(|error| wrong(&error))?;
        output::lint_as(&report, weights.path()).map_err(|error| failed(&error.into()))
    }

    fn attack(&self, toml: &str) -> Result<Vec<u8>, Trouble> {
        let weights = self.read(toml, &[])?;
        let tried = attack::on_somebody_invented(&weights, &self.parts).map_err(|error| wrong(&error))?;
        output::attacks_as(&tried).map_err(|error| failed(&error.into()))
    }

    fn compare(&self, rulers: &[String]) -> Result<Vec<u8>, Trouble> {
        let live = self.live()?;
        let own = self.read(&self.text_now().map_err(|error| failed(&error))?, &[])?;
        let mut others = Vec::new();
        for name in rulers {
            let weights = config::weights(Some(&PathBuf::from(format!("preset:{name}"))), &[]);
            let mut weights = weights.map_err(|error| wrong(&error))?;
            self.parts.bind(&mut weights).map_err(|error| wrong(&error))?;
            others.push(weights);
        }
        let compared = compare::with(live.run(), &own, &others).map_err(|error| wrong(&error))?;
        output::compared_as(live.run().as_of, &compared, ROWS).map_err(|error| failed(&error.into()))
    }

    fn weights(&self) -> Result<InForce, Trouble> {
        let toml = self.text_now().map_err(|error| failed(&error))?;
        let live = self.live()?;
        let by = &live.run().by;
        Ok(InForce { toml, stamp: by.stamp.clone(), scale: by.scale.clone() })
    }

    fn knobs(&self, toml: &str) -> Result<Knobs, Trouble> {
        let weights = self.read(toml, &[])?;
        let knob = |knob: renown_weights::Knob| Knob {
            path: knob.path,
            value: knob.value,
            low: knob.low,
            high: knob.high,
            step: knob.step,
        };
        Ok(Knobs { numbers: weights.knobs().into_iter().map(knob).collect(), scale: weights.scale_knots() })
    }

    fn rerank(&self, toml: &str, first: usize, movers: usize) -> Result<Reranked, Trouble> {
        let live = self.live()?;
        let run = live.run();
        let then = self.ruled(run, Some(toml), &[])?;
        let Scored { scoring, directory, by_name, .. } = live.scored();
        let after = Self::scored_by(&live, &then)?;
        let ((before, after), directory) = directory.beside((scoring, by_name), &after);
        let glance = Glance::between(&before, &after, (first, movers));
        let placed = |seen: &Seen| {
            let person = directory.name(scoring, seen.person);
            Placed { person, before: seen.before, after: seen.after }
        };
        Ok(Reranked {
            rulers: [run.by.stamp.clone(), then.stamp.clone()],
            scored: glance.scored,
            moved: glance.moved,
            bars: glance.bars,
            first: glance.first.iter().map(placed).collect(),
            movers: glance.movers.iter().map(placed).collect(),
        })
    }

    fn bundled(&self) -> Vec<&'static str> {
        PRESETS.iter().map(|preset| preset.0).collect()
    }

    fn came(&self) -> Result<Vec<Came>, Trouble> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = Store::open(&self.args.store, Access::Read).map_err(|error| kept(&error.into()))?;
        let (stat, days) = (store.stat(), store.days());
        let mut came: BTreeMap<String, Came> = BTreeMap::new();
        for ((table, network), of) in stat.tables {
            let network = came.entry(network.clone()).or_insert_with(|| Came { network, ..Came::default() });
            network.rows.push((table.name().to_owned(), of.rows));
            network.bytes += of.bytes;
        }
        for (network, days) in days {
            if let Some(came) = came.get_mut(&network) {
                came.days = days.into_iter().collect();
            }
        }
        Ok(came.into_values().collect())
    }

    fn edit(&self, toml: &str, sets: &[String]) -> Result<String, Trouble> {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        Weights::edited(toml, "weights.toml", &sets).map_err(|error| wrong(&error.into()))
    }

    fn stamp(&self, toml: &str) -> Result<String, Trouble> {
        Ok(self.ruled(self.live()?.run(), Some(toml), &[])?.stamp)
    }

    fn publish_weights(&self, toml: &str, memo: &str, by: &By) -> Result<InForce, Trouble> {
        let live = self.live()?;
        let ruled = self.ruled(live.run(), Some(toml), &[])?;
        // A ruler that scores nobody is not published.
        live.run().scoring_by(&ruled).map_err(|error| wrong(&error))?;
        self.book.publish_ruler(toml, memo, by).map_err(|error| kept(&error.into()))?;
        self.load_again();
        Ok(InForce { toml: toml.to_owned(), stamp: ruled.stamp, scale: ruled.scale })
    }

    fn neighbours(&self, person: &str, most: usize) -> Result<Neighbours, Trouble> {
        let live = self.live()?;
        let Scored { scoring, among, .. } = live.scored();
        let to = scoring.to_whom_reacts(person, among, most).ok_or(Trouble::Nobody)?;
        let of = scoring.who_reacts_to(person, among, most).ok_or(Trouble::Nobody)?;
        let names = |list: Vec<(String, Score)>| list.into_iter().map(|(person, _)| person).collect();
        Ok(Neighbours {
            influencers: names(to.first),
            influencers_count: to.all,
            influencees: names(of.first),
            influencees_count: of.all,
        })
    }

    fn choose(&self, campaign: &Campaign) -> Result<Vec<Chosen>, Trouble> {
        let live = self.live()?;
        let network = match &campaign.network {
            Some(name) => match live.run().ledger.words().find(name) {
                Some(network) => Some(network),
                None => return Ok(Vec::new()),
            },
            None => None,
        };
        let wanted = Wanted {
            min_score: Score(campaign.min_score),
            network,
            limit: campaign.limit.min(ROWS),
            spread: campaign.spread,
        };
        let among: Option<BTreeSet<&str>> =
            campaign.among.as_ref().map(|names| names.iter().map(String::as_str).collect());
        let may = |person: &str| among.as_ref().is_none_or(|among| among.contains(person));
        let chosen = live.scored().scoring.choose(&wanted, may);
        let chosen = chosen.map_err(|error| failed(&EngineError::from(error).into()))?;
        Ok(chosen
            .into_iter()
            .map(|one| Chosen { person: one.person, actors: one.actors, new: one.new })
            .collect())
    }

    fn ingest(&self, export: &Path) -> Result<Taken, Trouble> {
        // Whoever sent it knows no path of this machine.
        let nameless = |text: String| text.replace(&export.display().to_string(), "the upload");
        let one = self.add(export).map_err(|error| match kept(&error) {
            Trouble::Wrong(text) => Trouble::Wrong(nameless(text)),
            other => other,
        })?;
        let told = one.told.into_iter().map(|(title, text)| (title.to_owned(), text)).collect();
        Ok(Taken { told, rows: one.rows, rejected: one.rejected })
    }

    fn score_day(&self, as_of: Option<Day>, memo: Option<&str>) -> Result<Day, Trouble> {
        let day =
            self.publish(as_of, memo, false).map_err(|error| kept(&error))?.ok_or(Trouble::NoRecords)?;
        self.load_again();
        Ok(day)
    }

    fn people_changed(&self) {
        self.load_again();
    }

    fn forget(&self, person: &str, by: &By) -> Result<(), Trouble> {
        // At once, whatever comes of the rest.
        self.withhold();
        let done = {
            let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            self.remove(person, by)
        };
        self.load_again();
        done.map_err(|error| kept(&error))
    }
}
