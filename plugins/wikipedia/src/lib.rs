//! Reads Wikipedia: how often each page was viewed, and which page links to which.
//!
//! **What it is for.** Pages take the place of accounts: a view is a total that a page receives, a link is an act of the page
//! that it stands on towards the page that it leads to. The manifest says which file yields what.
//!
//! **What it may depend on.** The SDK. **What it must not know.** Scoring, weights, people, other networks.
//!
//! | file | what it holds |
//! |---|---|
//! | `recognise` | which kind of file a file is, and what its name says: the wiki, the time |
//! | `page` | one name for a page in every format |
//! | `views` | hourly page views |
//! | `links` | tables of links |
//! | `lines` | rows, and what happens to those that cannot be read |
//!
//! Decisions that hold for every format:
//!
//! - A page is called `LANGUAGE:Title_with_underscores`, as in `en:Ada_Lovelace`; views of its mobile form are its own.
//! - Views have no name of their own and add up: give each hour's file once.
//! - Links have none either, since there are hundreds of millions: `actors` counts how many pages link to one, however
//!   often a link is read, and `count` doubles if two snapshots are given.
//! - **Links are read from tables of titles and not from `MediaWiki`'s SQL dumps.** In those a link is two numbers, whose
//!   titles stand in two other dumps of gigabytes (`page` and `linktarget`). A reader is given one piece of one file at a time,
//!   and of a file beside it at most 16 MiB; a join of that size is the work of a database. The dumps are recognised and
//!   passed over; the manifest says how to make a table of them.

mod cases;
mod lines;
mod links;
mod manifest;
mod page;
mod recognise;
mod views;

use renown_sdk::{Adapter, File, Manifest, NothingToRead, OpenError, Opened, Vocabulary, register_adapter};

use links::LinkReader;
use recognise::Kind;
use views::ViewReader;

/// The network's name.
const NETWORK: &str = "wikipedia";

/// The adapter for Wikipedia.
#[derive(Clone, Copy, Debug)]
pub struct Wikipedia;

register_adapter!(Wikipedia);
renown_sdk::export_plugin!();

impl Adapter for Wikipedia {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn recognise(&self, file: &File<'_>) -> Option<&'static str> {
        recognise::recognise(file).map(Kind::name)
    }

    fn open(&self, file: &File<'_>, kind: &'static str, vocabulary: &Vocabulary) -> Opened {
        match Kind::by_name(kind) {
            Some(Kind::Views) => Ok(Box::new(ViewReader::new(file, vocabulary)?)),
            Some(Kind::Links) => Ok(Box::new(LinkReader::new(file, vocabulary)?)),
            Some(Kind::ProjectViews | Kind::SqlDump) => Ok(Box::new(NothingToRead)),
            None => {
                Err(OpenError::Configuration(format!("the Wikipedia adapter has no kind of file `{kind}`")))
            }
        }
    }
}
