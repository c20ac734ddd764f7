//! The records of a person and those around them, to be scored again and again with what attacks add.

use std::path::PathBuf;

use renown_core::accounts::Account;
use renown_core::curve::Score;
use renown_core::ledger::Ledger;
use renown_core::people::{Person, Roster};
use renown_core::record::{Day, Id};
use renown_core::score::Scoring;
use renown_core::tally::{Count, Tally};
use renown_engine::EngineError;
use renown_engine::people::{self, Entry};
use renown_weights::Names;

use super::scene::{Place, Scene};
use super::{Tester, invented};
use crate::pipeline::{Ruled, nobody, not_scored};

/// The records, never scored themselves but as a copy.
pub(super) struct Base {
    tally: Tally,
    as_of: Day,
    whom: Whom,
    /// Whom the records are of; attacks add accounts that are nobody's.
    roster: Roster,
}

/// Who is scored.
enum Whom {
    /// The invented person, on this network.
    Invented(String),
    Real(Real),
}

/// A person of what was read.
pub(super) struct Real {
    /// By the name that outputs have.
    pub(super) person: String,
    /// What the people file says, and where it is.
    pub(super) entries: Vec<Entry>,
    pub(super) people: PathBuf,
    pub(super) everyone: bool,
}

/// A score by each ruler; `None` if the ruler knows no such network, or the person has no score by it.
pub(super) type Scores = Vec<Option<Score>>;

impl Base {
    /// An invented person to whom so many react.
    pub(super) fn invented(fans: u64, on: (&str, &Names)) -> anyhow::Result<Self> {
        let tally = invented::of_size(fans, on)?;
        Self::new(tally, invented::TODAY, Whom::Invented(on.0.to_owned()))
    }

    /// What was read of a person and everybody else, within a window of so many days.
    pub(super) fn of(tally: Tally, whom: Real, window: u16) -> anyhow::Result<Self> {
        let as_of = tally.until().or(tally.newest_day(window).0).unwrap_or(Day::UNDATED);
        Self::new(tally, as_of, Whom::Real(whom))
    }

    fn new(tally: Tally, as_of: Day, whom: Whom) -> anyhow::Result<Self> {
        let mut this = Self { tally, as_of, whom, roster: Roster::default() };
        this.roster = this.whom.roster(&this.ledger()?)?;
        Ok(this)
    }

    /// The records in order, without an attack.
    fn ledger(&self) -> anyhow::Result<Ledger> {
        Ok(Ledger::settle(self.tally.copy()).map_err(EngineError::from)?)
    }

    /// The records with what a scene adds, and what there is of each kind.
    fn with(&self, scene: Option<(&Scene, &Place<'_>)>) -> anyhow::Result<(Tally, Vec<Count>)> {
        let tally = self.tally.copy();
        if let Some((scene, place)) = scene {
            scene.add_to(&tally, place)?;
        }
        let counts = tally.counts();
        Ok((tally, counts))
    }

    /// The person's scores on a network, with what a scene adds.
    pub(super) fn scores(
        &self,
        network: &str,
        scene: Option<(&Scene, &Place<'_>)>,
        testers: &[Tester<'_>],
    ) -> anyhow::Result<Scores> {
        let (tally, counts) = self.with(scene)?;
        let ledger = Ledger::settle(tally).map_err(EngineError::from)?;
        let score = |tester: &Tester<'_>| {
            let by = Ruled::new(tester.weights, ledger.words(), &counts, &tester.formulas)?;
            if !by.ruler.networks.iter().any(|rules| rules.name == network && rules.weight > 0.0) {
                return Ok(None);
            }
            let scoring = Scoring::new(&ledger, &by.ruler, &self.roster, self.as_of).map_err(not_scored)?;
            Ok(scoring.score_of_person(self.whom.name()))
        };
        testers.iter().map(score).collect()
    }

    /// Where on each network of these the person is, by what the records say.
    pub(super) fn places<'n>(
        &self,
        networks: impl Iterator<Item = (&'n str, &'n Names)>,
    ) -> anyhow::Result<Vec<(&'n str, Place<'n>)>> {
        let ledger = self.ledger()?;
        let accounts = self.accounts(&ledger)?;
        let places = networks.filter_map(|on| Some((on.0, Place::of(on, &ledger, &accounts, self.as_of)?)));
        let posts = |(network, place): (&'n str, Place<'n>)| {
            let author = self.tally.accounts().find(place.network, Id::new(&place.id));
            let posts = author.map_or(0, |author| self.tally.keep_best_posts(author, |all| all));
            (network, Place { posts, ..place })
        };
        Ok(places.map(posts).collect())
    }

    /// The accounts of the person: those of the people file or, where everyone is scored, the one that they are called by.
    fn accounts(&self, ledger: &Ledger) -> anyhow::Result<Vec<Account>> {
        let Roster { people, everyone } = &self.roster;
        let named = self.whom.name();
        let account = match people.iter().find(|person| person.id == named) {
            Some(person) if person.is_scored(*everyone) => return Ok(person.accounts.clone()),
            None if *everyone => account(named, ledger),
            _ => None,
        };
        account.map(|account| vec![account]).ok_or_else(|| nobody(named, *everyone, people))
    }
}

impl Whom {
    /// The name by which the person is scored.
    fn name(&self) -> &str {
        match self {
            Self::Invented(_) => "",
            Self::Real(real) => &real.person,
        }
    }

    fn roster(&self, ledger: &Ledger) -> anyhow::Result<Roster> {
        match self {
            Self::Invented(network) => {
                let network = ledger.words().find(network);
                let account = network.and_then(|network| ledger.find(network, Id::Number(invented::PERSON)));
                let accounts = account.into_iter().collect();
                let person = Person { consent: Some(true), accounts, ..Person::default() };
                Ok(Roster { people: vec![person], everyone: false })
            }
            Self::Real(Real { entries, people, everyone, .. }) => {
                Ok(Roster { people: people::resolve(entries, ledger, people)?, everyone: *everyone })
            }
        }
    }
}

/// The account that is called `network:id`.
fn account(name: &str, ledger: &Ledger) -> Option<Account> {
    let (network, id) = name.split_once(':')?;
    ledger.find(ledger.words().find(network)?, Id::new(id))
}
