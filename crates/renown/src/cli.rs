//! Arguments.

use std::net::SocketAddr;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::{ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use renown_core::curve::Score;

/// An influence score that is open, exact, fast, and explains itself.
///
/// Reads what social networks hand out (archives, API responses, tables) and prints one score a person, from 1 to 100, with
/// its parts. Every rule is in the weights file; nobody is scored who did not agree.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 110,
    after_help = "Exit codes: 0 ok, 1 a check found something, 2 usage or \
    configuration, 3 input data, 4 plugin, 70 internal, 130 interrupted."
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Score the people in exports.
    #[command(after_help = "Examples:\n  renown score my-downloads/ --people people.toml\n  \
        renown score events.csv.gz --map map.toml --everyone --top 20\n  \
        renown score town/ --people town/people.toml --format parquet --out scores.parquet")]
    Score(ScoreArgs),
    /// Say why somebody's score is what it is: every feature's value, curve, weight and points, adding up exactly.
    Explain(ExplainArgs),
    /// Say what changed between two scorings and why: a change is split exactly over its causes, and over features.
    #[command(
        mut_arg("rejects", |rejects| rejects.help("Write records of AFTER that cannot be read to this file, one JSON object a line")),
        after_help = "Examples:\n  renown diff august/ september/ --people people.toml\n  \
        renown diff august.tally september.tally mara-lind --people people.toml\n  \
        renown diff all.tally all.tally --people people.toml --weights-before old.toml --weights new.toml --bridge --format md\n\n\
        What is given without `-before` holds for both sides. The causes are time (what was there before is older), data (what came \
        since), plugins, people (accounts joined or parted), weights, and standing (those who react stand higher or lower). Each \
        is given what turning it adds, in the mean over all orders of turning them (Shapley values); records never come \
        before their day.")]
    Diff(DiffArgs),
    /// Say who would move, and how the order would change, under other weights.
    #[command(
        after_help = "Examples:\n  renown what-if exports/ --people people.toml --set networks.twitter.features.repost.weighted=2\n  \
        renown what-if all.tally --people people.toml --weights tried.toml --against weights.toml --watch\n  \
        renown what-if all.tally --people people.toml --sunset facebook\n\n\
        Tried are the weights of --weights with every --set. Against --against; or else, where something is set, the weights \
        without it; or else the built-in ones. A state file (`renown tally`) saves reading the exports each time."
    )]
    WhatIf(WhatIfArgs),
    /// Score the same people by several weights files, side by side, and say who depends on the ruler.
    #[command(
        after_help = "Examples:\n  renown compare town/ --people town/people.toml --weights preset:default --weights preset:pike\n  \
        renown compare town/ --people town/people.toml --weights mine.toml --weights preset:kred --top 20 --format csv\n\n\
        What --set overrides is overridden in each. Plugins and the options of adapters are those of the first."
    )]
    Compare(CompareArgs),
    /// Read exports once and keep what they say as a state file, to be merged with others and scored later.
    #[command(after_help = "Examples:\n  renown tally september/ --out september.tally\n  \
        renown merge august.tally september.tally --out all.tally\n  \
        renown score all.tally october/ --people people.toml\n\n\
        No weight is applied or kept: of --weights and --set only plugins and the options of adapters count.\n\
        The file holds ids of accounts whose owners never agreed to anything: keep it as you keep the exports.")]
    Tally(TallyArgs),
    /// Merge state files: the result is, byte for byte, the state file of all their records, in whatever order.
    Merge(MergeArgs),
    /// Add exports to a store: Parquet by network and day, in which each record counts once however often it comes.
    #[command(
        after_help = "Examples:\n  renown ingest monday/ --store store && renown day --store store --as-of 2026-09-28 \
        --people people.toml\n\n\
        Each INPUT is an export of its own, and is added wholly or not at all. Of several exports that overlap, what is in \
        more than one counts once.\n\
        The store holds ids of accounts whose owners never agreed to anything: keep it as you keep the exports."
    )]
    Ingest(IngestArgs),
    /// Score the people of a store as of a day, starting from the scores of the day before, and publish that in the store.
    #[command(
        after_help = "Examples:\n  renown day --store store --as-of 2026-09-30 --people people.toml\n  \
        renown day --store store --as-of 2026-09-30 --people people.toml --format json --out today.json\n\n\
        If the store has a book (`renown store people import`), its people are scored, --people may be left out or is imported \
        first, and the scores are published in the book, too."
    )]
    Day(DayArgs),
    /// Look after a store.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Serve the API and the studio, on a store.
    #[command(after_help = "Examples:\n  renown serve town/ --store store --people town/people.toml\n  \
        renown serve --store store --listen 0.0.0.0:7878 --tls-certificate chain.pem --tls-key key.pem\n\n\
        The first start prints a key that may do everything, once. Inputs are added to the store first, as `renown ingest` does, and \
        the newest day is scored; people are taken into the store's book, where they can change what they agreed to.")]
    Serve(ServeArgs),
    /// Look over a weights file: jumps, weights that do nothing, names that nobody has and, on data, what decides too much.
    #[command(
        mut_arg("weights", |weights| weights
            .long(None)
            .value_name("WEIGHTS")
            .help("The weights file [default: the built-in one, config/weights.toml]")),
        mut_arg("inputs", |inputs| inputs
            .long("on")
            .num_args(1..)
            .required(false)
            .help("Score these, files or folders as of `renown score`, and look at what comes of it, too")),
        after_help = "Examples:\n  renown lint weights.toml\n  \
        renown lint weights.toml --on my-downloads/ --people people.toml --format sarif > lint.sarif\n\n\
        Exit code 1 if there is a finding. What is meant is allowed in the file, with its reason: see [lint] in config/weights.toml."
    )]
    Lint(LintArgs),
    /// Say what bought followers, pods and the like would bring somebody, and what they cost.
    #[command(
        override_usage = "renown attack [OPTIONS] [PERSON INPUT...]",
        after_help = "Examples:\n  renown attack\n  renown attack --weights old.toml --weights preset:pike\n  \
        renown attack mara-lind exports/ --people people.toml\n\n\
        Without PERSON, somebody is invented who is at 50 by the first ruler, and nothing is read.\n\
        Exit code 1 if an attack brings more than the [budget] of the weights file has for it. [attack] says how things are called on \
        each network, and what they cost."
    )]
    Attack(AttackArgs),
    /// Check the set-up: what is linked, and whether weights, people and map files are sound.
    Doctor(DoctorArgs),
    /// Write a crate to begin a plugin from: it builds, passes its tests and can be loaded.
    #[command(subcommand)]
    New(NewCommand),
    /// Load, check and trust plugins: adapters and formulas that are no part of this program.
    #[command(subcommand)]
    Plugins(PluginsCommand),
    /// Print the JSON Schema of weights files, for editors to complete and check from.
    Schema(SchemaArgs),
}

/// Adapters and formulas beside those that are linked, and without some of them.
#[derive(Clone, Debug, Args)]
pub(crate) struct PartArgs {
    /// Load this plugin, which must be trusted (`renown plugins trust`), beside those that the weights file names. May
    /// be repeated.
    #[arg(long = "plugin", value_name = "FILE")]
    pub(crate) plugins: Vec<PathBuf>,
    /// Run plugins that are libraries in processes of their own: slower, but one that crashes takes nothing with it.
    #[arg(long)]
    pub(crate) isolate: bool,
    /// Leave out this bundled adapter, such as where a plugin brings another for the same files. May be repeated.
    #[arg(long = "without", value_name = "ADAPTER")]
    pub(crate) without: Vec<String>,
}

/// Rules, parts and how to run.
#[derive(Clone, Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) parts: PartArgs,
    /// The weights file, or a bundled one as `preset:NAME` (docs/rulers.md) [default: the built-in one, config/weights.toml].
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// Override one value of the weights, as in `--set networks.twitter.weight=0.5`. May be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) sets: Vec<String>,
    /// Score by the ruler that was in force on the day, where the weights file has eras; this is the default.
    #[arg(long)]
    pub(crate) as_published: bool,
    /// Score by the newest ruler of the weights file, whatever the day.
    #[arg(long, conflicts_with = "as_published")]
    pub(crate) as_now: bool,
    /// How many threads to use; the result is the same with any number [default: one for each core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Print no summary and no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// How exports are read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Read tables (CSV, TSV, NDJSON, Parquet) as this map says.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Write records that cannot be read to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Stop, with no result, if any record cannot be read.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What is read, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    /// Files, folders, zip or tar archives, plain or compressed with gz or zst; `-` is standard input. State files
    /// (`renown tally`) are read as the exports that they were made of.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) exports: ExportArgs,
    /// The day as of which to score (2026-09-30); what is later does not count [default: that of the state files, if
    /// they were made with one, or the newest record's].
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

/// Who is scored.
#[derive(Clone, Debug, Args)]
pub(crate) struct WhoArgs {
    /// Who is to be scored and agreed to it (TOML or CSV).
    #[arg(long, value_name = "FILE")]
    pub(crate) people: Option<PathBuf>,
    /// Score every account as a person of its own, asked or not. With --people, persons in that file are joined and those
    /// who refused are left out.
    #[arg(long)]
    pub(crate) everyone: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TallyArgs {
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The state file to write, which is whole or not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// State files, as `renown tally` and `renown merge` write them.
    #[arg(required = true, value_name = "STATE")]
    pub(crate) states: Vec<PathBuf>,
    /// The state file to write, which is whole or not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How many threads to use; the result is the same with any number [default: one for each core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Print no summary and no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// How much memory to take.
#[derive(Debug, Default, Args)]
pub(crate) struct MemoryArgs {
    /// Take no more memory than this (2GiB, 500MB), at some cost in time: rows go to a temporary file beyond it. The result is
    /// the same [default: as much as is needed].
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<ByteSize>,
    /// The folder of that temporary file, which leaves nothing behind [default: the system's].
    #[arg(long, value_name = "DIR", requires = "memory")]
    pub(crate) scratch: Option<PathBuf>,
}

/// What scores start from.
#[derive(Debug, Default, Args)]
pub(crate) struct StandingArgs {
    /// Scores of the day before (`--format parquet`), as the standing of those who have one. `renown day` takes those of its
    /// store.
    #[arg(long, value_name = "FILE")]
    pub(crate) standing: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) from: StandingArgs,
    #[command(flatten)]
    pub(crate) memory: MemoryArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
}

/// How scores are printed.
#[derive(Debug, Args)]
pub(crate) struct PrintArgs {
    /// Print only the first N.
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// How to print [default: by --out's ending, else table].
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write to a file, which is whole or not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The person, by the people file's id or, with --everyone, as `network:account`.
    pub(crate) person: String,
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) from: StandingArgs,
    #[command(flatten)]
    pub(crate) memory: MemoryArgs,
    /// How to print [default: by --out's ending, else table].
    #[arg(long, value_enum)]
    pub(crate) format: Option<PageFormat>,
    /// Write to a file, which is whole or not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What was scored before: a file or folder, or a state file (`renown tally`).
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,
    /// What is scored after; the same again, if something else differs.
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,
    /// Say more about this person: each cause by feature.
    #[arg(value_name = "PERSON")]
    pub(crate) person: Option<String>,
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) exports: ExportArgs,
    /// The day as of which AFTER is scored, and BEFORE, too, if --as-of-before is not given [default: the newest record of
    /// each].
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// The day as of which BEFORE is scored.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of_before: Option<String>,
    /// The weights of BEFORE, if they were others.
    #[arg(long, value_name = "FILE")]
    pub(crate) weights_before: Option<PathBuf>,
    /// The people file of BEFORE, if it was another.
    #[arg(long, value_name = "FILE", requires = "people")]
    pub(crate) people_before: Option<PathBuf>,
    /// A plugin of BEFORE, if there were others: then these, and not those of --plugin. May be repeated.
    #[arg(long = "plugin-before", value_name = "FILE")]
    pub(crate) plugins_before: Vec<PathBuf>,
    /// Compare scores of different rulers (stamps), which is refused otherwise. Weights are one of the causes then.
    #[arg(long)]
    pub(crate) bridge: bool,
    #[command(flatten)]
    pub(crate) print: MovesPrintArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WhatIfArgs {
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The weights that the tried ones are held against.
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// What if this network were gone. May be repeated.
    #[arg(long, value_name = "NETWORK", conflicts_with = "rank_range")]
    pub(crate) sunset: Vec<String>,
    /// Say between which ranks everybody stays while each weight by itself is moved 20 % up and down, and which weights move
    /// nobody.
    #[arg(long, conflicts_with_all = ["watch", "against"])]
    pub(crate) rank_range: bool,
    /// Try again whenever a weights file is saved, until Ctrl-C.
    #[arg(long, conflicts_with = "out")]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) print: MovesPrintArgs,
}

/// How moves are printed.
#[derive(Debug, Args)]
pub(crate) struct MovesPrintArgs {
    /// Print only the N who moved most [default: 20, and all as json].
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// Who crossed this score.
    #[arg(long, value_name = "SCORE", default_value = "50", value_parser = score)]
    pub(crate) line: Score,
    /// How to print [default: by --out's ending, else table].
    #[arg(long, value_enum)]
    pub(crate) format: Option<PageFormat>,
    /// Write to a file, which is whole or not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

fn score(text: &str) -> Result<Score, String> {
    let score = text.parse().ok().filter(|score: &f64| (1.0..=100.0).contains(score));
    let score = score.ok_or("expected a score from 1 to 100")?;
    Ok(Score((score * 10_000.0).round() as u32))
}

#[derive(Debug, Args)]
#[command(mut_arg("weights", |arg| arg
    .action(ArgAction::Append)
    .help("A weights file, or a bundled one as `preset:NAME` (docs/rulers.md); two or more")))]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) rulers: Rulers,
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) memory: MemoryArgs,
    /// Print only the first N, by the first ruler.
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub(crate) format: CompareFormat,
}

/// All that was given as `--weights`, of which [`RunArgs`] takes the first. It must be read before that.
#[derive(Debug)]
pub(crate) struct Rulers(pub(crate) Vec<PathBuf>);

impl FromArgMatches for Rulers {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(matches.get_many("weights").unwrap_or_default().cloned().collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Rulers {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// Aligned columns, two decimals.
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated, four decimals: only the people.
    Csv,
    /// Markdown tables, two decimals.
    Md,
}

#[derive(Debug, Args)]
pub(crate) struct IngestArgs {
    /// Files, folders, zip or tar archives, plain or compressed with gz or zst; `-` is standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The store's folder, which is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    #[command(flatten)]
    pub(crate) exports: ExportArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DayArgs {
    /// The store's folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// The day as of which to score (2026-09-30); what is later does not count.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: String,
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Publish the day again, though it was published with other scores.
    #[arg(long)]
    pub(crate) again: bool,
    /// Read all rows, and not the tallies that the store keeps of them. The scores are the same.
    #[arg(long)]
    pub(crate) anew: bool,
    /// What there is to say about this day, such as why the ruler changed; it stands in the store's book from then on.
    #[arg(long, value_name = "TEXT")]
    pub(crate) memo: Option<String>,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ServeArgs {
    /// Exports to add to the store before it is served: files, folders, zip or tar archives.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The store's folder, which is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Take these people into the store's book (TOML or CSV). What somebody said there stands.
    #[arg(long, value_name = "FILE")]
    pub(crate) people: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) exports: ExportArgs,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    pub(crate) listen: SocketAddr,
    /// Speak TLS, with this certificate chain (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// How many requests a key may make in a second; 0 for as many as it likes.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) rate: u32,
    /// How many connections there may be at once.
    #[arg(long, value_name = "N", default_value_t = 1024)]
    pub(crate) connections: usize,
    /// How long an upload may be.
    #[arg(long, value_name = "SIZE", default_value = "2GiB")]
    pub(crate) max_upload: ByteSize,
    /// A site whose pages may ask from a browser, as in `https://dashboard.example`; several times for several.
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// Make another key that may do everything, where the first was lost.
    #[arg(long)]
    pub(crate) new_key: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Make one file of all files of a network and day. The same exports then make the same bytes.
    Compact {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
    },
    /// Decode every file and hold it against its check sum, its place and the list of those who are forgotten.
    #[command(after_help = "Exit code 3 if anything is wrong; each finding names a file.")]
    Verify {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
    },
    /// Say what a store holds, in numbers.
    Stat {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
    },
    /// Look after the people in a store's book: who is scored, and who no more.
    #[command(subcommand)]
    People(PeopleCommand),
    /// Copy a store and its book to one file, while others use them.
    Backup {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
        /// The file to write, which is whole or not there.
        file: PathBuf,
    },
    /// Make a store of such a copy, after looking at all of it.
    #[command(after_help = "A copy has whoever was forgotten after it was made: forget them again.")]
    Restore {
        /// The copy.
        file: PathBuf,
        /// The folder to make, empty or not there.
        #[arg(value_name = "DIR")]
        store: PathBuf,
    },
    /// Remove a person from rows, tallies, all published scores and the book, and let no export or people file bring them back.
    #[command(after_help = "Examples:\n  renown store forget mara-lind store --people people.toml\n  \
        renown store forget twitter:1004 store\n  renown store forget mara-lind store --people people.toml --lift\n\n\
        The store keeps a list of keyed hashes of their ids, for old exports to be held against. `renown store verify` proves that \
        none of these ids is left.")]
    Forget {
        /// The person, by the id of the people file or the book, or an account as `network:id` or `network:@handle`.
        person: String,
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
        /// The people file that says which accounts are theirs.
        #[arg(long, value_name = "FILE")]
        people: Option<PathBuf>,
        /// Take them off the list again, so that exports bring them back.
        #[arg(long)]
        lift: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Take the people of a people file in. Who withdrew or objected stays so, whatever the file says.
    Import {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
        /// The people file (TOML or CSV).
        file: PathBuf,
    },
    /// Say who is in the book, and what they said to being scored.
    List {
        /// The store's folder.
        #[arg(value_name = "DIR")]
        store: PathBuf,
    },
    /// Note that somebody agreed to be scored.
    Agree(PersonArgs),
    /// Note that somebody took back that they agreed: they are not scored from then on.
    Withdraw(PersonArgs),
    /// Note that somebody said no.
    Object(PersonArgs),
    /// Print everything that the book holds on a person, as JSON, for them to have.
    Held(PersonArgs),
    /// Print every record of the store that is about a person, as JSON, for them to have; ids of others are left out.
    Records(PersonArgs),
}

/// A person of a store's book.
#[derive(Debug, Args)]
pub(crate) struct PersonArgs {
    /// The store's folder.
    #[arg(value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// The person, by their id.
    pub(crate) person: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewCommand {
    /// An adapter: the files of one network become records.
    Adapter(NewPlugin),
    /// A formula: features become points.
    Formula(NewPlugin),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A crate.
    Rust,
    /// A script, which needs the package pyarrow.
    Python,
}

#[derive(Debug, Args)]
pub(crate) struct NewPlugin {
    /// Its name, of lower case letters, digits and `-`; the folder of this name must not be there yet.
    pub(crate) name: String,
    /// Where the source of renown-sdk lies [default: the published crate of this version].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) sdk: Option<PathBuf>,
    /// What to write it in.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    pub(crate) language: Language,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginsCommand {
    /// Trust plugins' files as they are now, or keys: what is trusted will have all rights of this program.
    #[command(
        after_help = "Examples:\n  renown plugins trust libnotes.so\n  renown plugins trust --key ada.pub\n\n\
        The list is kept in $RENOWN_TRUST, or else in renown/trust.toml in $XDG_CONFIG_HOME or ~/.config."
    )]
    Trust {
        /// The plugins' files.
        #[arg(required_unless_present = "keys", value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Trust this public key of minisign, or the one in this file; it counts under the policy `signed`. May be repeated.
        #[arg(long = "key", value_name = "KEY|FILE.pub")]
        keys: Vec<String>,
        /// What to call the key [default: the file's name without its ending, or the key's beginning].
        #[arg(long, value_name = "NAME", requires = "keys")]
        name: Option<String>,
    },
    /// Take trust back.
    Distrust {
        /// Plugins, by file or SHA-256, and keys, by name or as they are.
        #[arg(required = true, value_name = "FILE|SHA256|KEY")]
        what: Vec<String>,
    },
    /// Choose which plugins are let in.
    Policy {
        /// The policy.
        #[arg(value_enum)]
        policy: TrustPolicy,
    },
    /// List what is trusted: the policy, plugins and keys. Loads none.
    List,
    /// Say whether a plugin is trusted, and why; of one that is, what it brings.
    Show {
        /// The plugin's file.
        file: PathBuf,
        /// Run it in a process of its own, as `score --isolate` does.
        #[arg(long)]
        isolate: bool,
    },
    /// Hold a trusted plugin against the conformance kit: its own cases whole, cut and damaged, and what it declares.
    Check {
        /// The plugin's file.
        file: PathBuf,
        /// Run it in a process of its own, as `score --isolate` does.
        #[arg(long)]
        isolate: bool,
    },
    /// Speak the plugin protocol for a library: what this program starts as its own child.
    #[command(hide = true)]
    Serve {
        /// The plugin's file.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrustPolicy {
    /// Those whose bytes are trusted; the default.
    AllowList,
    /// Those, and those that a trusted key signed (`FILE.minisig` beside `FILE`).
    Signed,
    /// Every plugin that is named, whatever its bytes.
    Any,
}

#[derive(Debug, Args)]
#[command(
    mut_arg("weights", |arg| arg
        .action(ArgAction::Append)
        .help("A weights file, or a bundled one as `preset:NAME` [default: the built-in one, config/weights.toml]. May be \
               repeated, to see several side by side; the first also says what is tried and what it costs")),
    mut_arg("inputs", |inputs| inputs
        .required(false)
        .help("What PERSON is in: files or folders as of `renown score`"))
)]
pub(crate) struct AttackArgs {
    /// Who is attacked, by the people file's id or, with --everyone, as `network:account` [default: somebody invented].
    #[arg(value_name = "PERSON")]
    pub(crate) person: Option<String>,
    #[command(flatten)]
    pub(crate) rulers: Rulers,
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TextFormat::Table)]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) who: WhoArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// How to print.
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub(crate) format: LintFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// Findings as a compiler shows them.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    #[command(flatten)]
    pub(crate) parts: PartArgs,
    /// A weights file, whose plugins the schema is to know.
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) parts: PartArgs,
    /// A weights file to check, and the plugins that it names.
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// A people file to check.
    #[arg(long, value_name = "FILE")]
    pub(crate) people: Option<PathBuf>,
    /// A map to check.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, two decimals.
    Table,
    /// Comma-separated, four decimals.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
    /// A Markdown table, two decimals.
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// Aligned columns.
    Table,
    /// One JSON document.
    Json,
    /// A Markdown table.
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// Aligned columns.
    Table,
    /// One JSON document.
    Json,
    /// Markdown, as for a pull request.
    Md,
    /// One page that opens in any browser and loads nothing from elsewhere.
    Html,
}
