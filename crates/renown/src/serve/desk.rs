//! What the server asks of the program: the commands' own work, on the records of a store.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use renown_core::curve::Score;
use renown_core::moves::Moves;
use renown_core::reach::Wanted;
use renown_core::record::{Day, Id};
use renown_core::score::Scoring;
use renown_engine::EngineError;
use renown_server::desk::{Campaign, Chosen, Desk, Form, InForce, Neighbours, Taken, Tried, Trouble};
use renown_store::book::Book;
use renown_weights::Weights;

use super::live::{Live, Scored};
use crate::cli::{PageFormat, ServeArgs};
use crate::pipeline::{Ruled, Run, not_scored};
use crate::{attack, compare, config, day, exit, ingest, lint, output};

/// The most rows of a list in an answer.
const ROWS: usize = 1000;
/// The score at which those are counted who cross it.
const LINE: Score = Score(500_000);

/// The program at the server's side.
#[derive(Debug)]
pub(super) struct Office {
    args: ServeArgs,
    book: Arc<Book>,
    live: RwLock<Option<Arc<Live>>>,
    /// How often the records had to be bound anew; the newest wins.
    turn: AtomicU64,
    /// One changes the store at a time.
    store: Mutex<()>,
    this: std::sync::Weak<Self>,
}

impl Office {
    pub(super) fn new(args: ServeArgs, book: Arc<Book>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            args,
            book,
            live: RwLock::default(),
            turn: AtomicU64::new(0),
            store: Mutex::default(),
            this: this.clone(),
        })
    }

    fn store(&self) -> &Path {
        &self.args.store
    }

    fn live(&self) -> Result<Arc<Live>, Trouble> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner).clone();
        live.ok_or(Trouble::NotReady)
    }

    /// Reads the records as of the newest publication, or the store's newest day, and has questions answered from them.
    fn load(&self, turn: u64) -> anyhow::Result<()> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if self.turn.load(Ordering::Acquire) != turn {
            return Ok(());
        }
        let as_of = self.book.latest()?.map(|publication| publication.as_of);
        let Some(as_of) = as_of else { return Ok(()) };
        let live = Arc::new(Live::new(day::run_of(self.store(), &self.args.run, &self.weights_now()?, &self.book, as_of)?)?);
        // Somebody may have withdrawn meanwhile.
        if self.turn.load(Ordering::Acquire) == turn {
            *self.live.write().unwrap_or_else(PoisonError::into_inner) = Some(live);
        }
        Ok(())
    }

    /// Has the records bound anew, elsewhere.
    fn load_again(&self) {
        let turn = self.turn.fetch_add(1, Ordering::AcqRel) + 1;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = None;
        let Some(this) = self.this.upgrade() else { return };
        std::thread::spawn(move || {
            if let Err(error) = this.load(turn) {
                eprintln!("error: the records cannot be read: {}", exit::shown(&error));
            }
        });
    }

    /// The weights that were published last, or those that the server was started with.
    fn weights_now(&self) -> anyhow::Result<Weights> {
        let sets = &self.args.run.sets;
        match self.book.ruler()? {
            Some(ruler) => {
                let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
                Ok(Weights::with_sets(&ruler.toml, "the published weights", &sets)?)
            }
            None => config::weights(self.args.run.weights.as_deref(), sets),
        }
    }

    /// The text of the weights in force.
    fn text_now(&self) -> anyhow::Result<String> {
        match (self.book.ruler()?, &self.args.run.weights) {
            (Some(ruler), _) => Ok(ruler.toml),
            (None, Some(path)) => config::text(path),
            (None, None) => Ok(Weights::default_text().to_owned()),
        }
    }

    /// Weights as a text that somebody sent.
    fn read(text: &str, sets: &[String]) -> Result<Weights, Trouble> {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let weights = Weights::with_sets(text, "weights.toml", &sets).map_err(|error| wrong(&error.into()))?;
        // A file of the machine that the server runs on is none of the sender's business.
        if !weights.plugins().is_empty() {
            return Err(Trouble::Wrong("weights that name plugins are published by `renown serve --weights` alone".into()));
        }
        Ok(weights)
    }

    /// Weights as tried, bound to the records at hand.
    fn ruled(&self, run: &Run, toml: Option<&str>, sets: &[String]) -> Result<Ruled, Trouble> {
        let text = match toml {
            Some(text) => text.to_owned(),
            None => self.text_now().map_err(|error| failed(&error))?,
        };
        let weights = Self::read(&text, sets)?;
        run.ruled_by(&weights).map_err(|error| wrong(&error))
    }
}

impl Desk for Office {
    fn as_of(&self) -> Option<Day> {
        self.live().ok().map(|live| live.run().as_of)
    }

    fn person_of(&self, network: &str, id: &str) -> Option<String> {
        let live = self.live().ok()?;
        let (run, scored) = (live.run(), live.scored());
        let account = run.ledger.find(run.ledger.words().find(network)?, Id::new(id))?;
        scored.scoring.person_of(account).map(str::to_owned)
    }

    fn explain(&self, person: &str, form: Form) -> Result<axum_bytes::Bytes, Trouble> {
        let live = self.live()?;
        let Scored { scoring, scores, .. } = live.scored();
        let explanation = scoring.explain(person).map_err(|error| failed(&not_scored(error)))?;
        let explanation = explanation.ok_or(Trouble::Nobody)?;
        let details = scoring.details(&explanation, scores).map_err(|error| failed(&not_scored(error)))?;
        let bytes = output::explanation_as(format(form), live.run(), &explanation, &details);
        bytes.map(Into::into).map_err(|error| failed(&error.into()))
    }

    fn what_if(&self, tried: &Tried, form: Form) -> Result<axum_bytes::Bytes, Trouble> {
        let live = self.live()?;
        let (run, scored) = (live.run(), live.scored());
        let then = self.ruled(run, tried.toml.as_deref(), &tried.sets)?;
        let scoring = Scoring::after(&run.before, &run.ledger, &then.ruler, &run.roster, run.as_of);
        let persons = scoring.map_err(|error| wrong(&not_scored(error)))?.persons();
        let moves = Moves::new(&scored.persons, &persons);
        let top = tried.top.min(ROWS);
        let bytes = output::moves_as(format(form), top, run.as_of, [&run.by, &then], &moves, LINE);
        bytes.map(Into::into).map_err(|error| failed(&error.into()))
    }

    fn lint(&self, toml: &str) -> Result<axum_bytes::Bytes, Trouble> {
        let weights = Self::read(toml, &[])?;
        let live = self.live()?;
        let report = lint::of(live.run(), &weights).map_err(|error| wrong(&error))?;
        output::lint_as(&report, weights.path()).map(Into::into).map_err(|error| failed(&error.into()))
    }

    fn attack(&self, toml: &str) -> Result<axum_bytes::Bytes, Trouble> {
        let weights = Self::read(toml, &[])?;
        let tried = attack::on_somebody_invented(&weights, &self.args.run.parts).map_err(|error| wrong(&error))?;
        output::attacks_as(&tried).map(Into::into).map_err(|error| failed(&error.into()))
    }

    fn compare(&self, rulers: &[String]) -> Result<axum_bytes::Bytes, Trouble> {
        let live = self.live()?;
        let run = live.run();
        let mut named = Vec::new();
        for name in rulers {
            let weights = config::weights(Some(&PathBuf::from(format!("preset:{name}"))), &[]);
            named.push(weights.map_err(|error| wrong(&error))?);
        }
        let compared = compare::with(run, &named).map_err(|error| wrong(&error))?;
        output::compared_as(run.as_of, &compared, ROWS).map(Into::into).map_err(|error| failed(&error.into()))
    }

    fn weights(&self) -> Result<InForce, Trouble> {
        let toml = self.text_now().map_err(|error| failed(&error))?;
        let live = self.live()?;
        let by = &live.run().by;
        Ok(InForce { toml, stamp: by.stamp.clone(), scale: by.scale.clone() })
    }

    fn edit(&self, toml: &str, sets: &[String]) -> Result<String, Trouble> {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        Weights::edited(toml, "weights.toml", &sets).map_err(|error| wrong(&error.into()))
    }

    fn publish_weights(&self, toml: &str, memo: &str) -> Result<InForce, Trouble> {
        let live = self.live()?;
        let by = self.ruled(live.run(), Some(toml), &[])?;
        // A ruler that scores nobody is not published.
        live.run().scoring_by(&by).map_err(|error| wrong(&error))?;
        self.book.publish_ruler(toml, memo, super::now()).map_err(|error| kept(&error.into()))?;
        self.load_again();
        Ok(InForce { toml: toml.to_owned(), stamp: by.stamp, scale: by.scale })
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
        let among = campaign.among.as_ref().map(|names| names.iter().collect::<std::collections::BTreeSet<_>>());
        let may = |person: &str| among.as_ref().is_none_or(|among| among.contains(&person.to_owned()));
        let chosen = live.scored().scoring.choose(&wanted, may);
        let chosen = chosen.map_err(|error| failed(&EngineError::from(error).into()))?;
        Ok(chosen.into_iter().map(|one| Chosen { person: one.person, actors: one.actors, new: one.new }).collect())
    }

    fn ingest(&self, export: &Path) -> Result<Taken, Trouble> {
        let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        ingest::upload(export, self.store(), &self.args.exports()).map_err(|error| told(&error))
    }

    fn score_day(&self, as_of: Option<Day>, memo: Option<&str>) -> Result<Day, Trouble> {
        let scored = {
            let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            let weights = self.weights_now().map_err(|error| failed(&error))?;
            day::publish(self.store(), &self.args.run, &weights, &self.book, as_of, memo, super::now())
        };
        let day = scored.map_err(|error| told(&error))?;
        self.load_again();
        Ok(day)
    }

    fn people_changed(&self) {
        self.load_again();
    }

    fn forget(&self, person: &str) -> Result<(), Trouble> {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = None;
        let done = {
            let _alone = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            crate::store::forget_person(self.store(), &self.book, person, super::now())
        };
        self.load_again();
        done.map_err(|error| kept(&error))
    }
}
