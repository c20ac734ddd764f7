//! The book: people and their rights, publications that stay, keys, the audit, copies.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use renown_core::curve::Score;
use renown_core::interval::Interval;
use renown_core::record::{Day, Timestamp};
use renown_engine::people::Entry;
use renown_store::Whom;
use renown_store::book::{
    AuditEntry, Book, BookError, By, Consent, Correction, EventKind, Imported, Key, Line, Look,
    NewPublication, Published, Purpose, Scope,
};
use tempfile::TempDir;

/// The communities that a book has of three people.
fn communities(book: &Book) -> Vec<Vec<String>> {
    let of = |id: &str| book.resident(id).unwrap().unwrap().communities;
    ["ann", "bob", "cid"].map(of).to_vec()
}

/// The days of the tests, from 1 on.
fn day(number: u16) -> Day {
    Day::from_raw(20_000 + number)
}

/// Noon of such a day.
fn noon(number: u16) -> Timestamp {
    Timestamp::from_seconds((i64::from(day(number).raw()) - 1) * 86_400 + 43_200).unwrap()
}

fn by(number: u16) -> By {
    By::keeper(noon(number))
}

fn entry(id: &str, consent: Option<bool>, accounts: &[&str]) -> Entry {
    let accounts = accounts.iter().map(|account| account.split_once(':').unwrap());
    let accounts = accounts.map(|(network, id)| (network.to_owned(), id.to_owned())).collect();
    Entry { id: id.into(), name: None, consent, minor: false, exclude: false, accounts, line: 1 }
}

/// A book of three who agreed and one who was asked.
fn book() -> (TempDir, Book) {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(&folder.path().join("book.sqlite")).unwrap();
    let entries = [
        entry("ann", Some(true), &["notes:1", "films:@Ann"]),
        entry("bob", Some(true), &["notes:2"]),
        entry("cid", Some(true), &["notes:3"]),
        entry("dot", None, &["notes:4"]),
    ];
    let imported = book.import(&entries, &by(1)).unwrap();
    assert_eq!(imported, Imported { new: 4, ..Imported::default() });
    (folder, book)
}

fn line(person: &str, score: u32, rank: u32) -> Line {
    Line {
        person: person.into(),
        score: Score(score),
        interval: (rank == 1).then_some(Interval { low: Score(score - 10), high: Score(score + 10) }),
        rank,
        percentile: 990_000 / rank,
        coverage: 9_000,
        parts: vec![(Arc::from("films"), 1_000), (Arc::from("notes"), score - 11_000)],
        reasons: if rank == 3 { vec!["films:no-records".into(), "no-records".into()] } else { Vec::new() },
    }
}

/// Ann, Bob and Cid, who moves with the seed.
fn lines(seed: u32) -> Vec<Line> {
    vec![line("ann", 500_000, 1), line("bob", 400_000, 2), line("cid", 100_000 + seed, 3)]
}

fn publication(number: u16, stamp: &str) -> NewPublication {
    NewPublication {
        as_of: day(number),
        stamp: stamp.into(),
        scale: "1".into(),
        memo: None,
        published_at: noon(number),
        moves: None,
        communities: Vec::new(),
    }
}

fn assert_sound(book: &Book) {
    assert_eq!(book.verify().unwrap().findings, [""; 0]);
}

#[test]
fn what_is_published_comes_back_as_it_was() {
    let (_folder, book) = book();
    for number in 1..=5 {
        let published = book.publish(&publication(number, "one"), lines(number.into()), false).unwrap();
        assert_eq!(published, Published::Now(number.into()));
    }
    assert_eq!(book.lines(3).unwrap(), lines(3));
    assert_eq!(book.page(3, 1, 1).unwrap(), lines(3)[1..2]);
    assert_eq!(book.line(3, "cid").unwrap().unwrap(), lines(3)[2]);
    assert_eq!(book.line(3, "dot").unwrap(), None);
    let latest = book.latest().unwrap().unwrap();
    assert_eq!((latest.number, latest.persons, latest.as_of), (5, 3, day(5)));
    let history = book.history("cid", day(2), day(4)).unwrap();
    let scores: Vec<_> = history.iter().map(|point| (point.as_of, point.line.score.0)).collect();
    assert_eq!(scores, [(day(2), 100_002), (day(3), 100_003), (day(4), 100_004)]);
    assert_sound(&book);
}

#[test]
fn a_publication_is_superseded_and_never_rewritten() {
    let (folder, book) = book();
    assert_eq!(book.publish(&publication(1, "one"), lines(1), false).unwrap(), Published::Now(1));
    for again in [false, true] {
        let same = book.publish(&publication(1, "one"), lines(1), again).unwrap();
        assert_eq!(same, Published::Already(1));
    }
    for (stamp, lines) in [("one", lines(2)), ("two", lines(1))] {
        let error = book.publish(&publication(1, stamp), lines, false).unwrap_err();
        assert!(matches!(error, BookError::PublishedOtherwise(of) if of == day(1)), "{error}");
    }
    assert_eq!(book.publish(&publication(1, "one"), lines(2), true).unwrap(), Published::Now(2));
    assert_eq!((book.lines(1).unwrap(), book.lines(2).unwrap()), (lines(1), lines(2)));
    let superseded: Vec<_> =
        book.publications().unwrap().into_iter().map(|publication| publication.superseded_by).collect();
    assert_eq!(superseded, [Some(2), None]);
    assert_eq!(book.published(day(1)).unwrap().unwrap().number, 2);
    assert_eq!(book.history("cid", day(1), day(1)).unwrap().len(), 1);
    assert_eq!(book.held_on("cid").unwrap().unwrap().history.len(), 2);
    assert_sound(&book);
    // Not even by somebody who has the file open.
    drop(book);
    let file = rusqlite::Connection::open(folder.path().join("book.sqlite")).unwrap();
    for change in
        ["UPDATE line SET score = 1", "UPDATE publication SET stamp = 'x'", "UPDATE audit SET at = 1"]
    {
        let error = file.execute(change, []).unwrap_err().to_string();
        assert!(error.contains("not rewritten"), "{error}");
    }
}

#[test]
fn nobody_is_published_who_has_not_agreed() {
    let (_folder, book) = book();
    let stranger = |person: &str| {
        let mut all = lines(1);
        all.push(line(person, 50_000, 4));
        book.publish(&publication(1, "one"), all, false).unwrap_err().to_string()
    };
    for person in ["dot", "eve"] {
        let error = stranger(person);
        assert!(error.contains("scores of 1 whom the book does not have as having agreed"), "{error}");
        assert!(!error.contains(person));
    }
    assert!(stranger("ann").contains("there twice"));
    assert_eq!(book.publications().unwrap(), []);
    book.publish(&publication(1, "one"), lines(1), false).unwrap();
    book.withdraw("ann", &by(2)).unwrap();
    book.correct("bob", &Correction { minor: Some(true), ..Correction::default() }, &by(2)).unwrap();
    // Others see them no more, they themselves do.
    assert_eq!(book.lines(1).unwrap(), lines(1)[2..]);
    assert_eq!(book.history("ann", day(1), day(9)).unwrap().len(), 1);
    let (ann, bob) = (book.resident("ann").unwrap().unwrap(), book.resident("bob").unwrap().unwrap());
    assert!(!ann.is_scored() && !bob.is_scored());
    assert_sound(&book);
}

#[test]
fn an_import_does_not_undo_what_people_said_themselves() {
    let (_folder, book) = book();
    let entries = [
        entry("ann", Some(true), &["notes:1", "films:@ann"]),
        entry("bob", None, &["notes:2"]),
        entry("cid", Some(true), &["notes:30"]),
        entry("dot", Some(true), &["notes:3"]),
    ];
    book.withdraw("ann", &by(2)).unwrap();
    let imported = book.import(&entries, &by(3)).unwrap();
    assert_eq!(imported, Imported { changed: 2, kept: 1, ..Imported::default() });
    let consents: Vec<_> = book.people().unwrap().into_iter().map(|person| person.consent).collect();
    assert_eq!(consents, [Consent::Withdrawn, Consent::Agreed, Consent::Agreed, Consent::Agreed]);
    // An account went from one to another.
    assert_eq!(book.find_account("notes", "3").unwrap().as_deref(), Some("dot"));
    assert_eq!(book.find_account("films", "@ANN").unwrap().as_deref(), Some("ann"));
    assert_eq!(book.import(&entries, &by(4)).unwrap(), Imported { kept: 1, ..Imported::default() });
    // Names come with the file; a file without them takes none away.
    let named = [Entry { name: Some("Bob".into()), ..entry("bob", None, &["notes:2"]) }];
    assert_eq!(book.import(&named, &by(4)).unwrap(), Imported { changed: 1, ..Imported::default() });
    book.import(&[entry("bob", None, &["notes:2"])], &by(4)).unwrap();
    assert_eq!(book.resident("bob").unwrap().unwrap().name.as_deref(), Some("Bob"));
    // What was corrected stays, and only their own word brings somebody back.
    let accounts = Some(vec![("notes".to_owned(), "31".to_owned())]);
    book.correct("cid", &Correction { accounts, ..Correction::default() }, &by(5)).unwrap();
    assert_eq!(book.import(&entries, &by(6)).unwrap(), Imported { kept: 2, ..Imported::default() });
    book.agree("ann", &by(7)).unwrap();
    assert_eq!(book.entries().unwrap()[0].consent, Some(true));
    // A claim on another's account takes nothing in.
    let claim = [entry("eve", Some(true), &["notes:5"]), entry("fay", None, &["notes:31"])];
    let error = book.import(&claim, &by(8)).unwrap_err().to_string();
    assert!(error.contains("`fay` claims an account") && !error.contains("31"), "{error}");
    assert_eq!(book.resident("eve").unwrap(), None);
    let all: Vec<_> = book.events(Some("cid"), day(1), day(9)).unwrap();
    let what: Vec<_> = all.iter().map(|event| (event.kind, event.detail.as_deref())).collect();
    assert_eq!(
        what,
        [
            (EventKind::Agreed, None),
            (EventKind::Linked, Some("notes:3")),
            (EventKind::Linked, Some("notes:30")),
            (EventKind::Unlinked, Some("notes:3")),
            (EventKind::Linked, Some("notes:31")),
            (EventKind::Unlinked, Some("notes:30")),
            (EventKind::Corrected, Some("accounts")),
        ]
    );
}

#[test]
fn another_ruler_is_an_event_of_everybody() {
    let (_folder, book) = book();
    for (number, stamp, memo) in [(1, "one", None), (2, "one", Some("a note")), (3, "two", Some("why"))] {
        let mut publication = publication(number, stamp);
        publication.memo = memo.map(str::to_owned);
        book.publish(&publication, lines(number.into()), false).unwrap();
    }
    book.withdraw("bob", &by(3)).unwrap();
    let of = |person| {
        let events = book.events(person, day(2), day(3)).unwrap();
        events.into_iter().map(|event| (event.day, event.kind, event.detail)).collect::<Vec<_>>()
    };
    let note = (day(2), EventKind::Memo, Some("a note".to_owned()));
    let ruler = (day(3), EventKind::Ruler, Some("why".to_owned()));
    assert_eq!(of(Some("ann")), [note.clone(), ruler.clone()]);
    assert_eq!(of(None), [note, ruler, (day(3), EventKind::Withdrew, None)]);
}

/// All bytes of the files of a book.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn who_is_forgotten_is_nowhere_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(&folder.path().join("book.sqlite")).unwrap();
    let (id, account) = ("mirabel-oddly-named", "777666555444");
    let entries =
        [entry("ann", Some(true), &["notes:1"]), entry(id, Some(true), &[&format!("notes:{account}")])];
    book.import(&entries, &by(1)).unwrap();
    for number in 1..=3 {
        let all = vec![line("ann", 500_000, 1), line(id, 400_000, 2)];
        book.publish(&publication(number, "one"), all, false).unwrap();
    }
    let key = Key {
        id: "key-of-hers".into(),
        name: "Mirabel's telephone".into(),
        purpose: Purpose::SelfService,
        scopes: BTreeSet::from([Scope::OwnSelf]),
        person: Some(id.into()),
        made_at: noon(1),
        expires: None,
        revoked_at: None,
    };
    book.add_key(&key, "a hash", &by(1)).unwrap();
    let another = Key {
        id: "another".into(),
        name: "a team's".into(),
        purpose: Purpose::Research,
        scopes: BTreeSet::from([Scope::Read]),
        person: None,
        ..key
    };
    book.add_key(&another, "another hash", &by(1)).unwrap();
    let asked = AuditEntry {
        at: noon(2),
        key: Some("key-of-hers".into()),
        request_id: Some("r1".into()),
        action: "read".into(),
        person: Some(id.into()),
        purpose: Some(Purpose::SelfService),
        outcome: "shown".into(),
    };
    book.audit(&[asked]).unwrap();
    // She looked somebody up, and was looked up.
    let look = |key: &str, person: &str| Look {
        hour: noon(2),
        key: key.into(),
        person: person.into(),
        action: "score".into(),
        times: 3,
        last: noon(2),
    };
    book.looked(&[look("key-of-hers", "ann"), look("another", id)]).unwrap();
    let held = book.held_on(id).unwrap().unwrap();
    assert_eq!((held.history.len(), held.keys.len(), held.accesses.len()), (3, 1, 2));
    assert_eq!(held.looks, [look("another", id)]);
    let before = bytes(folder.path());
    for text in [id, account, "key-of-hers", "Mirabel"] {
        assert!(has(&before, text), "{text}");
    }
    let forgot = book.forget(id, &by(4)).unwrap();
    assert_eq!((forgot.lines, forgot.audited), (3, 2));
    // Look-ups that were still on their way bring back neither her nor her key.
    book.looked(&[Look { times: 1, ..look("key-of-hers", "ann") }, look("another", id)]).unwrap();
    let after = bytes(folder.path());
    for text in [id, account, "key-of-hers", "Mirabel"] {
        assert!(!has(&after, text), "{text}");
    }
    assert_eq!(book.held_on(id).unwrap(), None);
    // Ann still reads that somebody looked, and not who.
    assert_eq!(book.looks_at("ann", 9).unwrap(), [Look { times: 4, ..look("", "ann") }]);
    // What is left of her in the audit says that something was asked, and not of whom.
    let asked = book.audit_page(None, 9).unwrap();
    assert!(asked.iter().all(|asked| asked.entry.person.is_none() && asked.entry.key.is_none()), "{asked:?}");
    assert_eq!(asked.len(), 5);
    let verified = book.verify().unwrap();
    assert_eq!((verified.findings.len(), verified.forgotten, verified.ids), (0, 1, 2), "{verified:?}");
    assert_eq!(book.publications().unwrap()[0].forgotten, 1);
    // An old people file does not bring her back, whatever it calls her by.
    let imported = book.import(&entries, &by(5)).unwrap();
    assert_eq!(imported, Imported { forgotten: 1, ..Imported::default() });
    let other_name = [entry("mirabel", Some(true), &[&format!("notes:{account}")])];
    assert_eq!(book.import(&other_name, &by(5)).unwrap().forgotten, 1);
    assert!(book.invite(id, None, &[], &by(5)).unwrap_err().to_string().contains("asked to be forgotten"));
    assert!(book.lift(&Whom { name: Some(id.into()), accounts: Vec::new() }, &by(6)).unwrap());
    assert_eq!(book.import(&entries, &by(7)).unwrap().new, 1);
    assert_sound(&book);
}

#[test]
fn keys_are_known_by_hashes_and_can_be_taken_back() {
    let (_folder, book) = book();
    let key = Key {
        id: "k1".into(),
        name: "a laboratory".into(),
        purpose: Purpose::Research,
        scopes: BTreeSet::from([Scope::Read, Scope::Ingest]),
        person: None,
        made_at: noon(1),
        expires: Some(noon(5)),
        revoked_at: None,
    };
    book.add_key(&key, "hash one", &by(1)).unwrap();
    assert_eq!(book.key("k1").unwrap(), Some((key.clone(), "hash one".to_owned())));
    assert!(matches!(book.add_key(&key, "another", &by(1)), Err(BookError::Refused(_))));
    book.rotate("k1", "hash two", &by(2)).unwrap();
    assert_eq!(book.key("k1").unwrap().unwrap().1, "hash two");
    assert!(key.is_valid(noon(4)) && !key.is_valid(noon(5)));
    book.revoke("k1", &by(3)).unwrap();
    book.revoke("k1", &by(4)).unwrap();
    let found = book.keys().unwrap();
    assert_eq!((found[0].revoked_at, found[0].is_valid(noon(4))), (Some(noon(3)), false));
    assert!(matches!(book.revoke("k2", &by(3)), Err(BookError::NoKey(id)) if id == "k2"));
    let mut of_nobody = Key { id: "k3".into(), scopes: BTreeSet::from([Scope::OwnSelf]), ..key };
    assert!(matches!(book.add_key(&of_nobody, "h", &by(1)), Err(BookError::Refused(_))));
    of_nobody.person = Some("eve".into());
    assert!(matches!(book.add_key(&of_nobody, "h", &by(1)), Err(BookError::Nobody(_))));
}

#[test]
fn the_audit_is_read_page_by_page() {
    let (_folder, book) = book();
    let asked = |number: usize| AuditEntry {
        at: noon(2),
        key: Some("k1".into()),
        request_id: Some(format!("r{number}")),
        action: "read".into(),
        // Strangers are not written down.
        person: Some(if number.is_multiple_of(2) { "ann".into() } else { "a stranger".into() }),
        purpose: Some(Purpose::Marketing),
        outcome: "shown".into(),
    };
    book.audit(&(0..10).map(asked).collect::<Vec<_>>()).unwrap();
    let of_ann = book.audit_of("ann").unwrap();
    assert_eq!(of_ann.len(), 5);
    assert_eq!(of_ann[0].entry, asked(8));
    let first = book.audit_page(None, 4).unwrap();
    let next = book.audit_page(Some(first[3].number), 4).unwrap();
    let requests: Vec<_> =
        first.iter().chain(&next).filter_map(|asked| asked.entry.request_id.as_deref()).collect();
    assert_eq!(requests, ["r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2"]);
    assert_eq!(first[0].entry.person, None);
}

#[test]
fn a_copy_is_made_while_the_book_is_used_and_makes_a_book_again() {
    let (folder, book) = book();
    book.publish(&publication(1, "one"), lines(1), false).unwrap();
    let (copy, anew) = (folder.path().join("copy"), folder.path().join("anew"));
    std::thread::scope(|scope| {
        let writes = scope.spawn(|| {
            for number in 2..20 {
                book.publish(&publication(number, "one"), lines(number.into()), false).unwrap();
            }
        });
        book.backup(&copy).unwrap();
        writes.join().unwrap();
    });
    assert!(matches!(book.backup(&copy), Err(BookError::Refused(_))));
    let restored = Book::restore(&copy, &anew).unwrap();
    assert_sound(&restored);
    assert_eq!(restored.lines(1).unwrap(), lines(1));
    assert_eq!(restored.people().unwrap(), book.people().unwrap());
    assert!(matches!(Book::restore(&copy, &anew), Err(BookError::Refused(_))));
    // A copy that was damaged is not taken.
    let mut damaged = std::fs::read(&copy).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4_000].fill(0x5a);
    std::fs::write(&copy, damaged).unwrap();
    let error = Book::restore(&copy, &folder.path().join("other")).unwrap_err();
    assert!(matches!(error, BookError::Damaged { .. }), "{error}");
    assert!(!folder.path().join("other").exists());
}

#[test]
fn what_another_process_did_is_noticed() {
    let (folder, book) = book();
    let mut known = book.pulse(0).unwrap();
    let mut is_otherwise = |book: &Book| {
        let now = book.pulse(known.said).unwrap();
        std::mem::replace(&mut known, now) != now
    };
    assert!(!is_otherwise(&book));
    let other = Book::open(&folder.path().join("book.sqlite")).unwrap();
    other.withdraw("ann", &by(2)).unwrap();
    assert!(is_otherwise(&book) && !is_otherwise(&book));
    other.publish(&publication(1, "one"), lines(1)[1..].to_vec(), false).unwrap();
    assert!(is_otherwise(&book));
    // What is done with a key is done by whoever serves.
    book.agree("ann", &By { key: Some("k1".into()), ..by(3) }).unwrap();
    assert!(!is_otherwise(&book));
    other.forget("bob", &by(4)).unwrap();
    assert!(is_otherwise(&book));
}

#[test]
fn people_are_listed_page_by_page() {
    let (_folder, book) = book();
    let ids = |after: &str, consent, most| {
        let people = book.browse(Some(after), consent, "", most).unwrap();
        people.into_iter().map(|person| person.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("", None, 3), ["ann", "bob", "cid"]);
    assert_eq!(ids("cid", None, 3), ["dot"]);
    assert_eq!(ids("", Some(Consent::Invited), 3), ["dot"]);
    assert_eq!(
        book.browse(Some("ann"), None, "", 1).unwrap()[0].accounts,
        [("notes".to_owned(), "2".to_owned())]
    );
}

#[test]
fn communities_are_those_of_the_newest_day_and_go_with_the_person() {
    let (_folder, book) = book();
    let publish = |number: u16, all: &[(&str, &[&str])], again: bool| {
        let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let all = all.iter().map(|(person, all)| ((*person).to_owned(), texts(all))).collect();
        let publication = NewPublication { communities: all, ..publication(number, "stamp") };
        book.publish(&publication, lines(u32::from(number)), again)
    };
    let told = || book.pulse(0).unwrap().communities;
    let all = || book.communities().unwrap().into_iter().map(|(_, one)| one).collect::<Vec<String>>();
    let first: &[(&str, &[&str])] = &[
        ("ann", &["notes:rust", "films:club", "notes:rust"]),
        ("bob", &["notes:rust"]),
        // Who has not agreed, and who is nobody.
        ("dot", &["notes:rust"]),
        ("nobody", &["notes:x"]),
    ];
    publish(2, first, false).unwrap();
    assert_eq!(communities(&book), [vec!["films:club", "notes:rust"], vec!["notes:rust"], vec![]]);
    assert_eq!((all().len(), told()), (3, 1));
    // The very same once more changes nothing, and a day before the newest one says nothing any more.
    assert!(matches!(publish(2, first, false), Ok(Published::Already(_))));
    publish(1, &[], false).unwrap();
    assert_eq!((communities(&book)[0].len(), told()), (2, 1));
    // Where nothing else changed, they do.
    let second: &[(&str, &[&str])] = &[("ann", &["notes:rust", "notes:bread"]), ("cid", &["notes:rust"])];
    assert!(matches!(publish(2, second, false), Ok(Published::Already(_))));
    assert_eq!(communities(&book), [vec!["notes:bread", "notes:rust"], vec![], vec!["notes:rust"]]);
    assert_eq!((all(), told()), (["notes:bread", "notes:rust", "notes:rust"].map(str::to_owned).to_vec(), 2));
    assert_eq!(book.people().unwrap()[0].communities, ["notes:bread", "notes:rust"]);
    // What is refused says nothing.
    let strangers = [line("dot", 500_000, 1)];
    let third = NewPublication { communities: Vec::new(), ..publication(3, "stamp") };
    book.publish(&third, strangers, false).unwrap_err();
    assert_eq!(all().len(), 3);
    // Whoever withdraws, or whose accounts are others now, takes part in none until a day tells of them.
    book.withdraw("cid", &by(3)).unwrap();
    assert_eq!(all(), ["notes:bread", "notes:rust"]);
    let correction = Correction { accounts: Some(Vec::new()), ..Correction::default() };
    book.correct("ann", &correction, &by(3)).unwrap();
    assert_eq!(all(), [""; 0]);
    publish(2, second, false).unwrap();
    assert_eq!(all(), ["notes:bread", "notes:rust"], "of those who agree");
    book.agree("cid", &by(3)).unwrap();
    publish(2, second, false).unwrap();
    assert_eq!(all().len(), 3);
    book.forget("ann", &by(3)).unwrap();
    assert_eq!(all(), ["notes:rust"]);
}
