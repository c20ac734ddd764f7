//! CSV, TSV and JSON that is not as one would like.

mod common {
    pub(crate) mod read;
    pub(crate) mod shipped;
}

use common::read::{adapter, read, read_with};
use common::shipped::shipped;
use renown_sdk::{Adapter as _, File, OpenError, Piece, Reject, Sink, Vocabulary, Words};
use std::sync::Arc;

const ACTS: &str = "network = 'x'\n[columns]\nkind = 'kind'\nactor = 'from'\ntarget = 'to'\n";

fn lines(map: &str, path: &str, bytes: &[u8]) -> Vec<String> {
    lines_or_error(map, path, bytes).unwrap_or_else(|error| panic!("{error}"))
}

fn lines_or_error(map: &str, path: &str, bytes: &[u8]) -> Result<Vec<String>, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("file");
    std::fs::write(&disk, bytes).unwrap();
    read(&adapter(map), &disk, path)
}

#[test]
fn the_delimiter_is_found_by_the_columns_that_it_shows() {
    let expected = ["x like actor=1 target=2"];
    for (path, bytes) in [
        ("a.csv", "from,to,kind\n1,2,like\n"),
        ("a.csv", "from;to;kind\r\n1;2;like\r\n"),
        ("a.csv", "\u{feff}from|to|kind\n1|2|like"),
        ("a.csv", "from\tto\tkind\n1\t2\tlike\n\n\n"),
        ("a.TSV", "from\tto\tkind\n1\t2\tlike"),
        ("a.tab", "from,to,kind\n1,2,like\n"),
        ("a.csv", "\n \r\nfrom, to ,kind\n 1, 2 ,like\n"),
        ("a.csv", "\"a;b;c;d\",\"from\",\"to\",\"kind\"\n;;;,1,2,like\n"),
        ("a.csv", "from,to,kind\n   \n1,2,like\n \r\n"),
        ("a.tsv", "\tfrom\tto\tkind\n0\t1\t2\tlike\n"),
        ("a.csv", "from,to,kind,\n1,2,like,\n"),
        ("a.csv", "sep=;\r\nfrom;to;kind\r\n1;2;like\r\n"),
        ("a.csv", "\u{feff}SEP=,\nfrom,to,kind\n1,2,like\n"),
        ("a.csv", "from,to,kind\n1,2,like,,\n"),
    ] {
        assert_eq!(lines(ACTS, path, bytes.as_bytes()), expected, "{bytes:?}");
    }
    let map = format!("delimiter = '~'\n{ACTS}");
    assert_eq!(lines(&map, "a.csv", b"from~to~kind\n1~2~like"), expected);
}

#[test]
fn text_in_utf_16_is_told_with_and_without_its_mark() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for text in ["\u{feff}from,to,kind\n1,2,like\n", "from,to,kind\n1,2,like\n"] {
        let error = lines_or_error(ACTS, "a.csv", &utf_16(text)).unwrap_err().to_string();
        assert!(error.contains("UTF-16; expected UTF-8"), "{error}");
    }
}

#[test]
fn a_file_without_a_header_goes_by_number() {
    let map = "network = 'x'\nheader = false\n[columns]\nkind = { value = 'like' }\nactor = 1\ntarget = { column = 3 }";
    assert_eq!(
        lines(map, "a.csv", b"1,x,2\n3,x,4\n"),
        ["x like actor=1 target=2", "x like actor=3 target=4"]
    );
    let error = lines_or_error(map, "a.csv", b"1,x\n").unwrap_err().to_string();
    assert!(error.contains("column `3` (for `target`)"), "{error}");
}

#[test]
fn a_file_without_rows_is_no_fault() {
    for bytes in [&b""[..], b"\n\n", b"\xef\xbb\xbf", b"from,to,kind", b"from,to,kind\n"] {
        assert_eq!(lines(ACTS, "a.csv", bytes), [""; 0], "{bytes:?}");
    }
    for bytes in [&b""[..], b"[]", b"\n"] {
        assert_eq!(lines(ACTS, "a.json", bytes), [""; 0], "{bytes:?}");
    }
}

#[test]
fn what_cannot_be_read_as_a_whole_is_an_error_that_helps() {
    let configuration = |path, bytes: &[u8]| match lines_or_error(ACTS, path, bytes) {
        Err(OpenError::Configuration(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        configuration("a.csv", b"From,to_id,kind\n"),
        "map.toml: column `from` (for `actor`) is not in the file, which has `From`, `to_id`, `kind`; did you mean `From`?"
    );
    assert!(configuration("a.ndjson", b"{\"from\": 1, \"kind\": \"like\"}").contains("column `to`"));
    assert!(configuration("a.csv", b"from,to,kind,to\n").contains("twice"));
    for bytes in [&b"\xff\xfef\0r\0"[..], b"from,to,kind\r1,2,like\r"] {
        assert!(matches!(lines_or_error(ACTS, "a.csv", bytes), Err(OpenError::Data(_))), "{bytes:?}");
    }
}

#[test]
fn other_encodings_cost_what_they_are_in_and_no_more() {
    let csv = b"from,to,kind,country\n1,2,like,C\xf4te\n3,Jos\xe9,like,\n5,6,lik\xe9,\n";
    assert_eq!(
        lines(ACTS, "a.csv", csv),
        [
            "x like actor=1 target=2",
            "reject column `to`: text that is not UTF-8",
            "reject column `kind`: text that is not UTF-8"
        ]
    );
    let json = b"{\"from\":1,\"to\":2,\"kind\":\"like\",\"c\":\"C\xf4te\"}\n{\"from\":1,\"to\":\"Jos\xe9\",\"kind\":\"like\"}";
    assert_eq!(
        lines(ACTS, "a.ndjson", json),
        ["x like actor=1 target=2", "reject column `to`: text that is not UTF-8"]
    );
}

#[test]
fn a_line_that_broke_off_or_has_too_much_is_rejected() {
    assert_eq!(
        lines(ACTS, "a.csv", b"from,to,kind\n1,2,like,5\n1,2\n\"1,2,like\n"),
        [
            "reject 4 fields, where the first line has 3",
            "reject 2 fields, where the first line has 3",
            "reject 1 fields, where the first line has 3"
        ]
    );
}

#[test]
fn tabs_end_fields_unless_the_map_says_that_there_are_quotes() {
    let tsv = b"from\tto\tkind\n1\t\"2\"\tlike\n\"3\t4\tlike\n";
    assert_eq!(lines(ACTS, "a.tsv", tsv), ["x like actor=1 target=2", "x like actor=\"3 target=4"]);
    let map = format!("quotes = true\n{ACTS}");
    assert_eq!(lines(&map, "a.tsv", b"from\tto\tkind\n1\t\"2\n3\"\tlike\n"), ["x like actor=1 target=2\n3"]);
    let map = format!("quotes = false\n{ACTS}");
    assert_eq!(lines(&map, "a.csv", b"from,to,kind\n\"1,2,like\n"), ["x like actor=\"1 target=2"]);
}

#[test]
fn rejects_name_the_line_and_quote_no_one() {
    struct Rejects(Vec<(u64, String, Vec<u8>)>, u64);
    impl Sink for Rejects {
        fn at(&mut self, offset: Option<u64>) {
            self.1 = offset.unwrap();
        }
        fn interaction(&mut self, _: &renown_sdk::Interaction<'_>) {}
        fn post(&mut self, _: &renown_sdk::Post<'_>) {}
        fn observation(&mut self, _: &renown_sdk::Observation<'_>) {}
        fn handle(&mut self, _: &renown_sdk::Handle<'_>) {}
        fn reject(&mut self, reject: &Reject<'_>) {
            let place = self.1 + reject.offset as u64;
            self.0.push((place, reject.reason.clone(), reject.record.to_vec()));
        }
        fn pass_over(&mut self, _: &'static str) {}
    }
    let adapter = adapter(ACTS);
    let file = File {
        path: "a.csv",
        head: b"from,to,kind\n",
        disk: None,
        siblings: &(),
        options: &renown_sdk::NO_OPTIONS,
    };
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), []);
    let reader = adapter.open(&file, "csv", &vocabulary).unwrap();
    let mut rejects = Rejects(Vec::new(), 0);
    let bytes = b"1,2,like\r\n\r\nann,,like\r\nann\r\n1,2,like\n3,4,Ann says hello";
    reader.read(&Piece::new(bytes, 1_000), &mut rejects);
    let found: Vec<_> = rejects.0.iter().map(|(at, _, record)| (*at, record.as_slice())).collect();
    assert_eq!(found, [(1_012, &b"ann,,like"[..]), (1_023, b"ann"), (1_037, b"3,4,Ann says hello")]);
    assert!(rejects.0.iter().all(|(_, reason, _)| !reason.to_lowercase().contains("ann")), "{:?}", rejects.0);
}

#[test]
fn accounts_go_by_id_by_handle_or_by_name() {
    let csv = b"id,handle,fans,posts\n7,@Ann,10,\n8,,,5.0\n9,Bob,many,-1\n,Cid,1,\n,,,\n10,,,\n";
    let map = "network = 'x'\n[columns]\naccount = 'id'\nhandle = 'handle'\n[observations]\nfollowers = 'fans'\nposts = 'posts'";
    assert_eq!(
        lines(map, "a.csv", csv),
        [
            "x 7 followers=10",
            "x 7 @Ann",
            "x 8 posts=5",
            "x 9 @Bob",
            "reject column `fans`: not a number: expected a whole number from 0 to 10^18",
            "reject column `posts`: a negative number: expected a whole number from 0 to 10^18",
            "reject column `id`: empty, where an account is expected",
            "pass-over row without values",
            "pass-over row without values",
        ]
    );
    let map = "network = 'x'\n[columns]\nhandle = 'handle'\n[observations]\nfollowers = 'fans'";
    assert_eq!(lines(map, "a.csv", b"handle,fans\n@Ann,10\n"), ["x @ann followers=10"]);
    let map = "network = 'x'\n[columns]\naccount = { column = 'n', as = 'name' }\n[observations]\nsubscribers = 'fans'";
    assert_eq!(lines(map, "a.csv", b"n,fans\nT-Series,2.45E+8\n"), ["x name:T-Series subscribers=245000000"]);
}

#[test]
fn posts_have_totals_and_authors() {
    let map = "network = 'x'\n[columns]\nobject = 'post'\nactor = 'page'\nat = 'made'\nobserved = 'seen'\n[totals]\nlike = 'likes'\nshare = 'shares'";
    let csv = "post,page,made,seen,likes,shares\n1,9,2017-07-14T14:30:59+0000,2017-07-14 11:01:24.379857,12,\n2,9,,,x,3\n";
    assert_eq!(
        lines(map, "a.csv", csv.as_bytes()),
        [
            "post x 1 author=9 at=2017-07-14T14:30:59Z observed=2017-07-14T11:01:24.379857Z totals: like=12",
            "post x 2 author=9 totals: share=3",
            "reject column `likes`: not a number: expected a whole number from 0 to 10^18"
        ]
    );
    let map =
        "network = 'x'\n[columns]\nkind = { value = 'post' }\nactor = 'page'\ntarget = 'wall'\namount = 'n'";
    assert_eq!(
        lines(map, "a.csv", b"page,wall,n\n1,,\n1,2,\n,2,40\n,,\n"),
        [
            "x post actor=1 target=1",
            "x post actor=1 target=1",
            "x post target=2 amount=40",
            "reject column `wall`: empty, where the post or its author is expected"
        ]
    );
}

#[test]
fn one_map_may_give_acts_and_accounts() {
    let map = format!("{ACTS}account = 'from'\n[observations]\nfollowers = 'fans'");
    assert_eq!(
        lines(&map, "a.csv", b"from,to,kind,fans\n1,2,like,5\n1,,,6\n1,,like,7\n"),
        [
            "x like actor=1 target=2",
            "x 1 followers=5",
            "x 1 followers=6",
            "x 1 followers=7",
            "reject column `to`: empty, where the account or post that receives the act is expected"
        ]
    );
}

#[test]
fn networks_come_from_columns_and_folders() {
    let map = "[columns]\nnetwork = 'net'\nkind = 'kind'\ntarget = 'to'";
    let csv = b"net,kind,to\nTwitter,like,1\n,like,2\nA network,like,3\nmy_space,like,4\n";
    assert_eq!(
        lines(map, "a.csv", csv),
        [
            "twitter like target=1",
            "reject column `net`: empty, where a network is expected",
            "reject column `net`: not the name of a network (letters, digits, `_` and `-`)",
            "my_space like target=4"
        ]
    );
    assert_eq!(lines(map, "x/net=Orkut/a.csv", b"kind,to\nlike,1\n"), ["orkut like target=1"]);
    assert_eq!(lines(map, "net=orkut/kind=fan/a.ndjson", b"{\"to\": 1}"), ["orkut fan target=1"]);
    let error = lines_or_error(map, "net=a%20b/a.csv", b"kind,to\n").unwrap_err();
    assert!(matches!(error, OpenError::Configuration(_)), "{error}");
}

#[test]
fn synonyms_of_other_adapters_hold() {
    use renown_sdk::{Case, Manifest, NetworkSpec, Vocable};
    const fn vocable(name: &'static str, also: &'static [&'static str]) -> Vocable {
        Vocable::new(name, "acts", "", ("count", 1.0)).also(also)
    }
    static OTHER: Manifest = Manifest {
        name: "other",
        docs: "",
        networks: &[NetworkSpec::new("x")
            .kinds(&[vocable("repost", &["retweet", "boost"]), vocable("post", &["toot"])])
            .metrics(&[vocable("friends", &["following"])])],
        files: &[],
        example: Case::new(""),
        cases: &[],
    };
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("a.csv");
    std::fs::write(&disk, "id,from,to,kind,n\n1,2,3,Boost,\n4,5,,toot,\n,6,,,7\n").unwrap();
    let map = format!("{ACTS}id = 'id'\naccount = 'from'\n[observations]\nfollowing = 'n'");
    let found = read_with(&adapter(&map), &disk, "a.csv", [&OTHER]).unwrap();
    assert_eq!(found, ["x repost actor=2 target=3 id=1", "post x 4 author=5", "x 6 friends=7"]);
}

#[test]
fn json_columns_may_lie_inside_objects_and_be_absent() {
    let map = "network = 'x'\n[columns]\nkind = 'type'\nactor = 'user.id'\ntarget = 'to.user.id'\nobject = { column = 'post', optional = true }";
    let json = br#"
        {"type": "like", "user": {"id": 1, "name": "A"}, "to": {"user": {"id": "2"}}}
        {"type": "like", "user": null, "to": {"user": {"id": 2}}, "post": 7}
        {"type": "like", "user": 5, "to": {"user": [{"id": 2}]}, "post": {"id": 7}}
        {"type": "like", "type": "reply", "user": {"id": 1}, "user": {"id": 3}, "post": 7}
        {"type": 5, "user": {"id": 1}, "post": 7}
        {"type": "like", "user": {"id": 1}, "post": 7
    "#;
    let found = lines(map, "a.jsonl", json);
    assert_eq!(
        found[..5],
        [
            "x like actor=1 target=2",
            "x like target=2 object=7",
            "reject column `post`: neither text nor a whole number: expected an id",
            "x reply actor=3 object=7",
            "reject column `type`: not a name (letters, digits, `_` and `-`): say under [kinds] what it stands for"
        ]
    );
    assert!(found[5].starts_with("reject ") && found.len() == 6, "{found:?}");
}

#[test]
fn a_file_is_claimed_by_its_name_or_its_columns_and_told_apart_by_its_columns() {
    let adapter = adapter(ACTS);
    let file = |path, head| File { path, head, disk: None, siblings: &(), options: &renown_sdk::NO_OPTIONS };
    for (path, head, kind, strong) in [
        ("a.csv", &b"from,to,kind\n"[..], Some("csv"), true),
        ("a.csv", b"from,to\n", Some("csv"), false),
        ("kind=like/a.csv", b"from,to\n", Some("csv"), true),
        ("a.CSV", b"", Some("csv"), false),
        ("a.json", b"[{\"from\": 1}, {\"to\": 2, \"kind\": 3}, {", Some("json"), true),
        ("a.ndjson", b"{\"from\": 1}\n{\"to\": 2, \"kind\": 3}\n{", Some("json"), true),
        ("a.json", b"{\"data\": [{\"from\": 1, \"to\": 2, \"kind\": 3}]}", Some("json"), false),
        ("part-0", b"PAR1", Some("parquet"), false),
        ("_metadata", b"PAR1", None, false),
        ("a.parquet", b"", Some("parquet"), false),
        ("a.txt", b"from,to,kind\n", Some("csv"), true),
        ("a.txt", b"from,to\n", None, false),
        ("a.txt", b"from,to,kind\n\0", None, false),
        ("standard input", b"from\tto\tkind\n1\t2\tlike\n", Some("csv"), true),
        ("standard input", b" {\"from\": 1, \"to\": 2, \"kind\": 3}", Some("json"), true),
        ("standard input", b"{\"from\": 1}", None, false),
        ("standard input", b"", None, false),
    ] {
        assert_eq!(adapter.recognise(&file(path, head)), kind, "{path}");
        assert_eq!(adapter.has_all_columns(&file(path, head)), strong, "{path}");
    }
}

#[test]
fn the_registered_instance_carries_the_manifest_and_claims_nothing() {
    let all = renown_sdk::adapters();
    let registered = all.iter().find(|adapter| adapter.manifest().name == "tabular").expect("registered");
    let file = File {
        path: "a.csv",
        head: b"from,to,kind\n",
        disk: None,
        siblings: &(),
        options: &renown_sdk::NO_OPTIONS,
    };
    assert_eq!(registered.recognise(&file), None);
    let vocabulary = Vocabulary::new(Arc::new(Words::new()), []);
    assert!(matches!(registered.open(&file, "csv", &vocabulary), Err(OpenError::Configuration(_))));
}

#[test]
fn the_maps_that_the_project_ships_read_what_they_describe() {
    let accounts = "id,screen_name,followers_count,friends_count,listed_count,statuses_count,favourites_count\n\
                    7,ann,1,2,3,4,NaN\n";
    assert_eq!(
        lines(&shipped("accounts.toml"), "a.csv", accounts.as_bytes()),
        [
            "twitter 7 followers=1",
            "twitter 7 friends=2",
            "twitter 7 listed=3",
            "twitter 7 posts=4",
            "twitter 7 @ann"
        ]
    );
    let acts = "network,at,kind,actor,target\nmyspace,2012-07-01,like,1,2\n";
    assert_eq!(
        lines(&shipped("interactions.toml"), "a.csv", acts.as_bytes()),
        ["myspace like at=2012-07-01T00:00:00Z actor=1 target=2"]
    );
    for map in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/maps")).unwrap() {
        adapter(&std::fs::read_to_string(map.unwrap().path()).unwrap());
    }
}

/// The maps that `docs/maps.md` shows, each on a table with its columns.
#[test]
fn the_maps_of_the_documentation_read_their_tables() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/maps.md");
    let page = std::fs::read_to_string(page).unwrap();
    let maps: Vec<&str> =
        page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let tables = [
        "time,who,to,what\n2026-09-01T08:00:00Z,1,2,+1\n2026-09-01T08:00:00Z,,2,Re:\n",
        "post_id;author;posted;likes;comments\n7;@Ann;01.09.2026 08:00;3;1\n",
        "id,name,followers,posts\n1,Ann,12,NaN\n",
    ];
    let expected = [
        &[
            "forum like at=2026-09-01T08:00:00Z actor=1 target=2",
            "forum reply at=2026-09-01T08:00:00Z target=2",
        ][..],
        &["post forum 7 author=@ann at=2026-09-01T08:00:00Z totals: comment=1 like=3"],
        &["forum 1 @Ann", "forum 1 followers=12"],
    ];
    assert_eq!(maps.len(), tables.len());
    for ((map, table), expected) in maps.into_iter().zip(tables).zip(expected) {
        let mut found = lines(map, "a.csv", table.as_bytes());
        found.sort();
        assert_eq!(found, expected, "{map}");
    }
}
