//! `renown diff`: what changed between two scorings, and by whose doing.

use std::path::Path;

use renown_core::causes::{Cause, Causes, Turned};
use renown_core::curve::Score;
use renown_core::diff::{Diff, Setting, diff};
use renown_core::people::Roster;
use renown_engine::EngineError;
use renown_engine::people::{self, Entry};
use renown_weights::Weights;

use crate::cli::{DiffArgs, MemoryArgs, ReadArgs, StandingArgs, WhoArgs};
use crate::exit::Exit;
use crate::pipeline::{self, Run, not_scored, people_of};
use crate::{output, parts, summary};

/// One of the two sides, and what it was asked for with.
struct Side {
    read: ReadArgs,
    who: WhoArgs,
}

impl Side {
    fn before(args: &DiffArgs) -> Self {
        let mut side = Self::after(args);
        side.read.inputs = vec![args.before.clone()];
        // One file cannot hold those of two sides.
        side.read.exports.rejects = None;
        if args.as_of_before.is_some() {
            side.read.as_of.clone_from(&args.as_of_before);
        }
        let run = &mut side.read.exports.run;
        if args.weights_before.is_some() {
            run.weights.clone_from(&args.weights_before);
            // They are for the weights that are tried.
            run.sets.clear();
        }
        if !args.plugins_before.is_empty() {
            run.parts.plugins.clone_from(&args.plugins_before);
        }
        if args.people_before.is_some() {
            side.who.people.clone_from(&args.people_before);
        }
        side
    }

    fn after(args: &DiffArgs) -> Self {
        let exports = args.exports.clone();
        let read = ReadArgs { inputs: vec![args.after.clone()], exports, as_of: args.as_of.clone() };
        Self { read, who: args.who.clone() }
    }

    /// Reads the inputs of this side by the plugins of another.
    fn run_by(&self, plugins: &Self) -> anyhow::Result<Run> {
        let mut read = self.read.clone();
        let (ours, theirs) = (&mut read.exports.run, &plugins.read.exports.run);
        ours.parts.clone_from(&theirs.parts);
        // Which name plugins and their options, too.
        ours.weights.clone_from(&theirs.weights);
        ours.sets.clone_from(&theirs.sets);
        let run = pipeline::run(&read, &self.who, &StandingArgs::default(), &MemoryArgs::default())?;
        summary::print_reading(&read.exports, &run);
        Ok(run)
    }
}

pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<Exit> {
    let (old, mut new) = (Side::before(args), Side::after(args));
    let before = old.run_by(&old)?;
    let after = new.run_by(&new)?;
    // What could not be read of AFTER is kept by now, as it was with AFTER's own plugins.
    new.read.exports.rejects = None;
    let (one, other) = (&before.by.stamp, &after.by.stamp);
    if one != other && !args.bridge {
        let why = format!(
            "scores by the rulers {one} and {other} cannot be compared as they are. {}Pass --bridge, and the weights are one of \
             the causes of what changed",
            between(&before, &after)
        );
        return Err(EngineError::Usage(why).into());
    }
    let sides = Sides::new([old, new], [before, after])?;
    let difference = sides.diff(args.person.as_deref())?;
    if let (Some(person), None) = (&args.person, &difference.person) {
        return Err(nobody(person, &difference));
    }
    let [before, after] = &sides.runs;
    output::diff(&args.print, [before, after], &difference)?;
    Ok(if before.plugin_failed || after.plugin_failed { Exit::Plugin } else { Exit::Ok })
}

/// What the eras of a weights file have to do with it that the rulers differ.
fn between(before: &Run, after: &Run) -> String {
    let in_force = |run: &Run| run.by.era.as_ref().map(|era| (era.from, era.memo.clone()));
    let (one, other) = (in_force(before), in_force(after));
    match one.clone().max(other.clone()) {
        Some((from, memo)) if one != other && before.weights.path() == after.weights.path() => format!(
            "Between them an era begins, on {from} ({memo}): pass --as-now to score both by the newest ruler. Or else: "
        ),
        _ => String::new(),
    }
}

/// Both sides, and what stands between them.
struct Sides {
    asked: [Side; 2],
    weights: [Weights; 2],
    entries: [Vec<Entry>; 2],
    runs: [Run; 2],
    /// What was read of each side by the plugins of the other, if these differ.
    crossed: Option<[Run; 2]>,
}

impl Sides {
    fn new(asked: [Side; 2], runs: [Run; 2]) -> anyhow::Result<Self> {
        let [old, new] = &asked;
        // Each side's own, of its day.
        let weights = [runs[0].weights.clone(), runs[1].weights.clone()];
        let entries = |side: &Side| side.who.people.as_deref().map(people_of).transpose();
        let entries = [entries(old)?.unwrap_or_default(), entries(new)?.unwrap_or_default()];
        let read_by = |side: &Side, weights: &Weights| {
            let named = parts::entries(&side.read.exports.run.parts, weights);
            let named: Vec<_> = named.into_iter().map(|entry| (entry.path, entry.sha256)).collect();
            (named, weights.changed_options())
        };
        let same_plugins = read_by(old, &weights[0]) == read_by(new, &weights[1]);
        let crossed = if same_plugins { None } else { Some([old.run_by(new)?, new.run_by(old)?]) };
        Ok(Self { asked, weights, entries, runs, crossed })
    }

    /// What differs. Standing differs with anything else.
    fn causes(&self) -> Causes {
        let [old, new] = &self.asked;
        let [before, after] = &self.runs;
        let differ = [
            (Cause::Time, before.as_of != after.as_of),
            // What came between two days is records, though one file has them all.
            (Cause::Data, old.read.inputs != new.read.inputs || before.as_of != after.as_of),
            (Cause::Plugins, self.crossed.is_some()),
            (Cause::People, self.entries[0] != self.entries[1]),
            (Cause::Weights, before.by.stamp != after.by.stamp),
        ];
        let mut causes: Vec<Cause> =
            differ.into_iter().filter(|(_, differs)| *differs).map(|(cause, _)| cause).collect();
        if !causes.is_empty() {
            causes.push(Cause::Standing);
        }
        Causes::new(causes)
    }

    fn diff(&self, person: Option<&str>) -> anyhow::Result<Diff> {
        let [before, after] = &self.runs;
        let scorings = (&before.scoring()?, &after.scoring()?);
        let found = diff(self.causes(), scorings, person, |causes, turned| self.setting(causes, turned));
        found.map_err(|error| error.downcast().map_or_else(|error| error, not_scored))
    }

    /// What is scored where only some switches are turned.
    fn setting(&self, causes: &Causes, turned: Turned) -> anyhow::Result<Setting<'_>> {
        let side = |cause| usize::from(causes.is_turned(turned, cause));
        let (data, plugins) = (side(Cause::Data), side(Cause::Plugins));
        let run = match &self.crossed {
            Some(crossed) if data != plugins => &crossed[data],
            _ => &self.runs[data],
        };
        let ruled = run.bound(&self.weights[side(Cause::Weights)])?;
        let whose = side(Cause::People);
        let path = self.asked[whose].who.people.as_deref().unwrap_or(Path::new(""));
        let people = people::resolve(&self.entries[whose], &run.ledger, path)?;
        Ok(Setting {
            ledger: &run.ledger,
            ruler: ruled.ruler,
            roster: Roster { people, everyone: self.asked[whose].who.everyone },
            as_of: self.runs[side(Cause::Time)].as_of,
        })
    }
}

/// The error for a person of whom there is no difference, but naming nobody who is not listed.
fn nobody(person: &str, difference: &Diff) -> anyhow::Error {
    let place = difference.names.iter().position(|name| name == person);
    let score =
        |of: &[(u32, Score)]| of.iter().find(|of| Some(of.0 as usize) == place).map(|(_, score)| *score);
    let why = match (score(&difference.moves.came), score(&difference.moves.went)) {
        (Some(score), _) => {
            format!("scores {score} after and has no score before: nothing changed, somebody came")
        }
        (None, Some(score)) => {
            format!("scored {score} before and has no score after: nothing changed, somebody went")
        }
        (None, None) => "has no score on either side".to_owned(),
    };
    EngineError::Usage(format!("`{person}` {why}")).into()
}
