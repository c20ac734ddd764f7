//! The command line of the example's generator.

use anyhow::{Result, ensure};
use clap::Parser;
use renown_example::cast::{NETWORKS, Network};
use renown_example::stream::Stream;
use renown_example::{folder, size, town};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write an invented town as the exports its social networks would hand out.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder to write to; new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many people live in the town
    #[arg(long, default_value_t = 200)]
    people: usize,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stream Twitter pages until this size is reached, such as 500MB or 4GB
    #[arg(long, value_name = "SIZE", value_parser = size::parse_size)]
    bytes: Option<u64>,
    /// Only these networks
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Network>,
    /// Write into a folder that is not empty; files of the same names are overwritten, none is removed
    #[arg(long)]
    force: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let only = if arguments.only.is_empty() { NETWORKS.to_vec() } else { arguments.only };
    let out = arguments.out;
    if let Some(bytes) = arguments.bytes {
        ensure!(only == [Network::Twitter], "--bytes streams Twitter pages only; add --only twitter");
        let stream = Stream::new(arguments.people, arguments.seed, bytes)?;
        folder::prepare(&out, arguments.force)?;
        let written = stream.write(&out)?;
        eprintln!("{}: {} tweets, {} bytes", out.display(), written.tweets, written.bytes);
        return Ok(());
    }
    let files = town(arguments.people, arguments.seed, &only)?;
    folder::prepare(&out, arguments.force)?;
    folder::write(&out, &files)?;
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    eprintln!("{}: {} people, {} files, {bytes} bytes", out.display(), arguments.people, files.len());
    Ok(())
}
