//! Writes Tarrowick, a small invented town, as the exports its social networks would hand out.
//!
//! It is for everything that needs input nobody has to agree to: the example in the repository, whole-program
//! tests, and, in large mode, benchmarks of any size. The town has a cast whose fate is known beforehand
//! ([`cast`]), so a reader can check whether scores make sense.
//!
//! - [`cast`] says who lives there, [`story`] what happens, and neither knows a file format.
//! - [`twitter`], [`twitter_archive`], [`facebook`], [`facebook_download`], [`youtube`] and
//!   [`youtube_takeout`] each write one format; [`papers`] the people file and the README.
//! - [`stream`] is the large mode, which keeps nothing but a short memory of recent posts.
//!
//! The same seed gives the same bytes on every platform ([`dice`] says why), and no clock is read.
//!
//! What it may depend on: a random stream, compression, the command line. What it must not know: scoring, and
//! any other crate of Renown. The formats are written here a second time on purpose, so that an adapter and
//! its input cannot share a misunderstanding.

pub mod calendar;
pub mod cast;
pub mod dice;
pub mod facebook;
pub mod facebook_download;
pub mod folder;
pub mod json;
pub mod papers;
pub mod size;
pub mod story;
pub mod stream;
pub mod twitter;
pub mod twitter_archive;
pub mod words;
pub mod youtube;
pub mod youtube_takeout;

use anyhow::Result;
use cast::{Network, Town};
use folder::File;
use story::Story;

/// Every file of a town of `people`, for the networks asked for.
///
/// # Errors
///
/// When the town is too small for its cast, or an archive cannot be written.
pub fn town(people: usize, seed: u64, networks: &[Network]) -> Result<Vec<File>> {
    let town = Town::new(people, seed)?;
    let mut files = vec![papers::readme(&town, seed), papers::people(&town)];
    for &network in networks {
        let story = Story::tell(&town, network, seed);
        match network {
            Network::Twitter => {
                files.extend(twitter::files(&town, &story));
                files.push(twitter_archive::file(&town, &story)?);
            }
            Network::Facebook => {
                files.extend(facebook::files(&town, &story));
                files.extend(facebook_download::files(&town, &story));
            }
            Network::Youtube => {
                files.extend(youtube::files(&town, &story)?);
                files.extend(youtube_takeout::files(&town, &story));
            }
        }
    }
    Ok(files)
}
