//! The binary: arguments in, scores and their reasons out.
//!
//! **What it is for.** Puts the crates together: which adapters and formulas are linked, what the user asked for, how
//! results are printed. stdout is data, stderr is talk. **What it must not know.** How anything is read, kept or scored.

mod allocator;
mod attack;
mod backup;
mod book;
mod cli;
mod compare;
mod config;
mod day;
mod diff;
mod doctor;
mod exit;
mod explain;
mod ingest;
mod lint;
mod memory;
mod merge;
mod new;
mod output;
mod parts;
mod people;
mod pipeline;
mod plugins;
mod progress;
mod rank_range;
mod serve;
mod states;
mod store;
mod summary;
mod tally;
mod trust;
mod what_if;
mod write;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser;

// The linker drops crates that nothing refers to, and their registrations with them.
use renown_facebook as _;
use renown_formulas as _;
use renown_twitter as _;
use renown_youtube as _;

use cli::{Cli, Command};
use exit::Exit;

fn main() -> ExitCode {
    allocator::keep_what_c_gives_back();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    // The standard hook prints where; this adds what to do.
    match std::panic::catch_unwind(AssertUnwindSafe(|| run(&cli))) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(error)) if exit::is_broken_pipe(&error) => Exit::Ok.into(),
        Ok(Err(error)) => {
            eprintln!("error: {}", exit::shown(&error));
            exit::of(&error).into()
        }
        Err(_) => {
            eprintln!(
                "error: this is a fault of renown, not of your input; please report it with the lines above"
            );
            Exit::Internal.into()
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Score(args) => {
            let run = pipeline::run(&args.read, &args.who, &args.from, &args.memory)?;
            let scoring = run.scoring()?;
            let persons = scoring.persons();
            output::scores(&args.print, &run, &persons)?;
            let exports = &args.read.exports;
            summary::print(exports.run.quiet, exports.rejects.as_deref(), &run, &scoring, &persons);
            let exit = run.exit();
            // The process ends here: the system takes its memory in one go, where gigabytes piece by piece take a third of a second.
            std::mem::forget((persons, scoring));
            std::mem::forget(run.ledger);
            Ok(exit)
        }
        Command::Explain(args) => explain::run(args),
        Command::Diff(args) => diff::run(args),
        Command::WhatIf(args) => what_if::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Tally(args) => tally::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Day(args) => day::run(args),
        Command::Store(command) => store::run(command),
        Command::Serve(args) => serve::run(args),
        Command::New(command) => new::run(command),
        Command::Plugins(command) => plugins::run(command),
        Command::Attack(args) => attack::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Doctor(args) => doctor::check(args),
        Command::Schema(args) => parts::schema(args),
    }
}
