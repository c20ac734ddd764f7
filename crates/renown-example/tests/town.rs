//! The town as a whole: its bytes, its files, its cast, and the copy committed to the repository.

use flate2::read::GzDecoder;
use renown_example::cast::{Listing, NETWORKS, Network, Role, Town};
use renown_example::stream::Stream;
use renown_example::{folder, town};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use Role::{Bot, Double, Download, Expert, Fad, Friends, Neighbour, Pod, Star, Takeout};

type Tree = BTreeMap<String, Vec<u8>>;

fn tree(people: usize, seed: u64) -> Tree {
    town(people, seed, &NETWORKS).unwrap().into_iter().map(|file| (file.path, file.bytes)).collect()
}

/// Every file under a folder, by path with forward slashes.
fn on_disk(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name: Vec<_> =
                    path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
                found.insert(name.join("/"), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// FNV-1a over paths and contents.
fn hash(tree: &Tree) -> u64 {
    let bytes = tree.iter().flat_map(|(path, bytes)| path.bytes().chain([0]).chain(bytes.iter().copied()));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn parse(text: &str, path: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    assert_eq!(hash(&tree(200, 1)), hash(&tree(200, 1)));
    assert_ne!(hash(&tree(200, 1)), hash(&tree(200, 2)));
}

#[test]
fn the_committed_town_is_what_the_generator_writes() {
    let committed = on_disk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/town"));
    let temporary = tempfile::tempdir().unwrap();
    folder::write(temporary.path(), &town(200, 1, &NETWORKS).unwrap()).unwrap();
    let fresh = on_disk(temporary.path());
    let differing: Vec<_> =
        committed.keys().chain(fresh.keys()).filter(|&path| committed.get(path) != fresh.get(path)).collect();
    assert!(
        differing.is_empty(),
        "{differing:?} differ; write examples/town anew with `cargo run -p renown-example -- --out examples/town --force`"
    );
}

#[test]
fn every_json_document_parses_whatever_it_is_packed_in() {
    let mut documents = 0;
    for (path, bytes) in tree(200, 1) {
        let extension = path.rsplit('.').next().unwrap();
        if extension == "zip" {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            for i in 0..archive.len() {
                let mut text = String::new();
                archive.by_index(i).unwrap().read_to_string(&mut text).unwrap();
                parse(text.split_once(" = ").unwrap().1, &path);
                documents += 1;
            }
            continue;
        }
        let mut text = String::new();
        if extension == "gz" {
            GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        if extension == "jsonl" {
            for line in text.lines() {
                parse(line, &path);
                documents += 1;
            }
        } else if path.contains(".json") {
            parse(&text, &path);
            documents += 1;
        }
    }
    assert!(documents > 100, "{documents}");
}

#[test]
fn the_people_file_says_of_everybody_what_the_cast_says() {
    let town = Town::new(200, 1).unwrap();
    let files = tree(200, 1);
    let people: toml::Table = toml::from_str(std::str::from_utf8(&files["people.toml"]).unwrap()).unwrap();
    let listed: BTreeMap<_, _> = people["person"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| (person["id"].as_str().unwrap(), person))
        .collect();
    for person in &town.people {
        let entry = listed.get(person.id.as_str());
        assert_eq!(entry.is_none(), person.listing == Listing::Absent, "{}", person.id);
        let flag =
            |key| entry.and_then(|entry| entry.get(key)).and_then(toml::Value::as_bool).unwrap_or(false);
        let expected = match person.listing {
            Listing::Agreed => [true, false, false],
            Listing::Minor => [true, true, false],
            Listing::Excluded => [true, false, true],
            Listing::Refused | Listing::Absent => [false; 3],
        };
        assert_eq!([flag("consent"), flag("minor"), flag("exclude")], expected, "{}", person.id);
    }
    let listed = &listed;
    let cast = |role| {
        town.people
            .iter()
            .filter(move |person| person.role == role && listed.contains_key(person.id.as_str()))
    };
    let counts =
        [Star, Expert, Fad, Bot, Pod, Friends, Double, Download, Takeout].map(|role| cast(role).count());
    assert_eq!(counts, [3, 1, 1, 1, 6, 1, 1, 1, 1]);
    assert!(cast(Neighbour).count() > 100);
    let never = town
        .people
        .iter()
        .filter(|person| matches!(person.listing, Listing::Refused | Listing::Absent))
        .count();
    assert!((40..=60).contains(&never), "{never}");
}

#[test]
fn nobody_outside_reacts_to_the_pod_and_nobody_at_all_to_the_bot() {
    let town = Town::new(200, 1).unwrap();
    for network in NETWORKS {
        let story = renown_example::story::Story::tell(&town, network, 1);
        for reaction in &story.reactions {
            let author = town.role(story.posts[reaction.post].author);
            assert!(author != Bot && (author != Pod || town.role(reaction.actor) == Pod));
        }
    }
}

#[test]
fn account_ids_handles_and_post_ids_are_unique() {
    let town = Town::new(2000, 1).unwrap();
    for network in NETWORKS {
        let accounts: Vec<_> = town.accounts.iter().filter(|account| account.network == network).collect();
        let story = renown_example::story::Story::tell(&town, network, 1);
        let unique = |mut words: Vec<&str>| {
            let before = words.len();
            words.sort_unstable();
            words.dedup();
            words.len() == before
        };
        assert!(unique(accounts.iter().map(|account| account.id.as_str()).collect()));
        assert!(unique(accounts.iter().map(|account| account.handle.as_str()).collect()));
        let posts = story.posts.iter().map(|post| post.id.as_str());
        assert!(unique(posts.chain(story.reactions.iter().map(|reaction| reaction.id.as_str())).collect()));
    }
    let mut people: Vec<_> = town.people.iter().map(|person| &person.id).collect();
    people.sort_unstable();
    assert!(people.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_stream_reaches_its_size_within_a_page_and_every_page_parses() {
    let size = 3_000_000;
    let [one, again] = [(); 2].map(|()| {
        let folder = tempfile::tempdir().unwrap();
        let written = Stream::new(5000, 7, size).unwrap().write(folder.path()).unwrap();
        assert!(written.tweets > 1000);
        on_disk(folder.path())
    });
    assert_eq!(hash(&one), hash(&again));
    let text = std::str::from_utf8(&one["twitter/search-0001.jsonl"]).unwrap();
    let longest = text.lines().map(str::len).max().unwrap();
    assert!((size as usize..size as usize + longest + 1).contains(&text.len()));
    let (mut seen, mut repeats) = (BTreeMap::new(), 0);
    for line in text.lines() {
        let page = parse(line, "the stream");
        let ids = |list: &serde_json::Value, key| -> Vec<String> {
            list.as_array()
                .unwrap()
                .iter()
                .filter_map(|item| Some(item.get(key)?.as_str()?.to_owned()))
                .collect()
        };
        let (users, originals) =
            (ids(&page["includes"]["users"], "id"), ids(&page["includes"]["tweets"], "id"));
        for tweet in page["data"].as_array().unwrap() {
            assert!(users.contains(&tweet["author_id"].as_str().unwrap().to_owned()));
            let likes = tweet["public_metrics"]["like_count"].as_u64().unwrap();
            repeats += usize::from(
                seen.insert(tweet["id"].to_string(), likes).is_some_and(|before| before <= likes),
            );
            if let Some(reference) = tweet.get("referenced_tweets") {
                assert!(originals.contains(&reference[0]["id"].as_str().unwrap().to_owned()));
            }
        }
    }
    assert!(repeats > 50, "{repeats}");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    folder::prepare(folder.path(), false).unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let error = folder::prepare(folder.path(), false).unwrap_err().to_string();
    assert!(error.contains("not empty") && error.contains("--force"), "{error}");
    folder::prepare(folder.path(), true).unwrap();
}

#[test]
fn a_town_too_small_for_its_cast_is_refused() {
    assert!(Town::new(20, 1).is_err());
    assert!(Stream::new(1, 1, 1000).is_err());
    assert_eq!(Network::Youtube.name(), "youtube");
}
