//! `renown serve`: the API and the studio, on a store.

mod change;
mod desk;
mod live;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use desk::Office;
use renown_server::keys::{self, NewKey};
use renown_server::{Desk, Options};
use renown_store::Store;
use renown_store::book::{Book, Purpose, Scope};

use crate::cli::ServeArgs;
use crate::exit::Exit;
use crate::parts::Parts;
use crate::pipeline::{people_of, use_threads};
use crate::summary::{self, counted};
use crate::{book, config};

/// How long one waits for another process that writes to the book. Whoever asks over the network asks again.
const WAIT: Duration = Duration::from_secs(5);

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<Exit> {
    let of_run = &args.exports.run;
    let mut weights = config::weights(of_run.weights.as_deref(), &of_run.sets)?;
    let parts = Parts::gather(&of_run.parts, &mut weights)?;
    let entries = args.people.as_deref().map(people_of).transpose()?;
    use_threads(of_run.threads)?;
    let store = Store::open_or_create(&args.store)?;
    let book = Arc::new(Book::open_waiting(&book::path(&args.store), WAIT)?);
    let say = |title, text: String| {
        if !of_run.quiet {
            summary::print_lines(&[(title, text)]);
        }
    };
    if let Some(entries) = entries {
        let imported = book::import(&store, &book, &entries)?;
        say("people", format!("{} new, {} changed", imported.new, imported.changed));
    }
    // Days that were scored before there was a book are not in it.
    let scored = if book.latest()?.is_none() { store.published() } else { Vec::new() };
    drop(store);
    let office = Office::new(args.clone(), parts, book.clone());
    let mut rows = 0;
    for input in &args.inputs {
        let one = office.add(input)?;
        rows += one.rows;
        if !of_run.quiet {
            summary::print_lines(&one.told);
        }
    }
    if (rows > 0 || book.latest()?.is_none())
        && let Some(day) = office.publish_newest(scored.iter().max().copied())?
    {
        let people = book.latest()?.map_or(0, |publication| publication.persons);
        say("published", format!("the scores of {} as of {day}", counted(people, "person", "people")));
        let older = scored.iter().filter(|older| **older != day).count();
        if older > 0 {
            let days = counted(older as u64, "day that was", "days that were");
            let how = "`renown day --again --as-of DAY` publishes each there";
            say("not there", format!("{days} scored before there was a book: {how}"));
        }
    }
    if args.new_key || book.keys()?.is_empty() {
        make_key(&book)?;
    }
    office.people_changed();
    let uploads = uploads(&args.store)?;
    let options = Options {
        listen: args.listen,
        tls: args.tls_certificate.clone().zip(args.tls_key.clone()),
        rate: args.rate,
        most_connections: args.connections,
        most_upload: args.max_upload.0,
        uploads: uploads.clone(),
        origins: args.origins.clone(),
    };
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let quiet = of_run.quiet;
    let served = renown_server::serve(book, office, &options, move |address| {
        if !quiet {
            eprintln!("serving      {scheme}://{address}/ (Ctrl-C ends)");
        }
    });
    let _ = fs::remove_dir(&uploads);
    served?;
    Ok(Exit::Ok)
}

/// The folder in which uploads wait, beside the store and on its disk. What a killed server left there is removed, since it is
/// somebody's export.
fn uploads(store: &Path) -> anyhow::Result<PathBuf> {
    let store = fs::canonicalize(store)?;
    let mut name = store.file_name().unwrap_or_default().to_owned();
    name.push(".uploads");
    let folder = store.with_file_name(name);
    let made = if folder.exists() { fs::remove_dir_all(&folder) } else { Ok(()) };
    let made = made.and_then(|()| private(&folder));
    made.with_context(|| format!("cannot make {}, where uploads wait", folder.display()))?;
    Ok(folder)
}

/// A folder for its owner alone.
fn private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a key that may do everything, and tells it this once.
fn make_key(book: &Book) -> anyhow::Result<()> {
    let new = NewKey {
        name: "the operator's".into(),
        purpose: Purpose::Research,
        scopes: BTreeSet::from(Scope::ALL).into_iter().filter(|scope| *scope != Scope::OwnSelf).collect(),
        person: None,
        expires: None,
    };
    let by = book::by();
    let made = keys::make(new, by.at).map_err(|problem| anyhow!("{}", problem.detail()))?;
    book.add_key(&made.key, &made.hash, &by)?;
    crate::write::to_stdout(|out| writeln!(out, "{}", made.text))?;
    eprintln!(
        "note: the line above is a key that may do everything; it is shown only now, and the book keeps a hash of it"
    );
    Ok(())
}
