//! Whom a user lets in: digests, signatures, policies, and how trust is taken back.

mod common {
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod user;
}

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use common::folder::Folder;
use common::place::at;
use common::renown::renown;
use common::run::Ran;
use common::user::User;
use minisign::KeyPair;

/// A plugin in C, compiled against the header: the formula `product`.
fn compiled(folder: &Folder) -> String {
    let library = folder.path("product.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-O1", "-shared", "-fPIC", "-I", &at("crates/renown-abi/include")]);
    compiler.args([&at("crates/renown-host/tests/product.c"), "-o", &library]);
    assert!(compiler.status().expect("a C compiler: sh scripts/setup").success());
    library
}

/// Somebody who signs plugins.
struct Author {
    pair: KeyPair,
    /// The file of the public key, as `minisign -G` writes it.
    public: String,
}

impl Author {
    fn new(folder: &Folder, name: &str) -> Self {
        let pair = KeyPair::generate_unencrypted_keypair().expect("a key");
        let public = folder.file(&format!("{name}.pub"), pair.pk.to_box().expect("a key").to_string());
        Self { pair, public }
    }

    /// Writes a signature of these bytes beside a plugin.
    fn sign(&self, bytes: &[u8], plugin: &str) {
        let signature = minisign::sign(None, &self.pair.sk, bytes, Some("product.so"), None);
        let text = signature.expect("a signature").into_string();
        std::fs::write(format!("{plugin}.minisig"), text).expect("a file");
    }
}

fn ok(ran: &Ran) -> &Ran {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

/// Without what differs from run to run.
fn steady(text: &str, folder: &Folder) -> String {
    let text = text.replace(&folder.path(""), "FOLDER/");
    let word = |word: &str| {
        let bare = word.trim_matches(['(', ')', ':']);
        let is_digest = bare.len() == 64 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_key = bare.len() == 56 && bare.starts_with("RW");
        if is_digest || is_key {
            word.replace(bare, if is_key { "KEY" } else { "SHA256" })
        } else {
            word.to_owned()
        }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_is_let_in_under_which_policy_and_what_is_said() {
    let user = User::new();
    let folder = &user.folder;
    let plugin = compiled(folder);
    let bytes = std::fs::read(&plugin).expect("the plugin");
    let (ada, eve) = (Author::new(folder, "ada"), Author::new(folder, "eve"));
    let mut gallery = String::new();
    let mut show = |what: &str, code: i32| {
        let ran = user.run(&["plugins", "show", &plugin]);
        assert_eq!(ran.code, code, "{what}: {}{}", ran.stdout, ran.stderr);
        // Of what is not trusted nothing is shown but what its file says from outside.
        assert_eq!(ran.stdout.contains("formula product"), code == 0, "{what}: {}", ran.stdout);
        let text = steady(&format!("{}{}", ran.stdout, ran.stderr), folder);
        let _ = writeln!(gallery, "== {what}\n{text}\n");
    };
    show("allow-list, a stranger", 4);
    ok(&user.run(&["plugins", "trust", "--key", &ada.public]));
    ada.sign(&bytes, &plugin);
    show("allow-list, signed by a trusted key", 4);
    ok(&user.run(&["plugins", "policy", "signed"]));
    show("signed, by a trusted key", 0);
    ada.sign(b"other bytes", &plugin);
    show("signed, of other bytes", 4);
    eve.sign(&bytes, &plugin);
    show("signed, by a stranger", 4);
    std::fs::write(format!("{plugin}.minisig"), "hello").expect("a file");
    show("signed, no signature", 4);
    user.trust(&plugin);
    show("signed, on the list", 0);
    ok(&user.run(&["plugins", "distrust", &plugin]));
    std::fs::remove_file(format!("{plugin}.minisig")).expect("a file");
    show("signed, nothing beside it", 4);
    ok(&user.run(&["plugins", "policy", "any"]));
    show("any", 0);
    insta::assert_snapshot!("who_is_let_in", gallery);
}

#[test]
fn one_changed_byte_and_what_was_signed_is_let_in_no_more() {
    let user = User::new();
    let plugin = compiled(&user.folder);
    let mut bytes = std::fs::read(&plugin).expect("the plugin");
    let ada = Author::new(&user.folder, "ada");
    ada.sign(&bytes, &plugin);
    ok(&user.run(&["plugins", "trust", "--key", &ada.public]));
    ok(&user.run(&["plugins", "policy", "signed"]));
    let score = || {
        user.run(&["score", &at("examples/town"), "--everyone", "--plugin", &plugin, "--format", "csv", "-q"])
    };
    ok(&score());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&plugin, &bytes).expect("a changed plugin");
    let ran = score();
    assert_eq!((ran.code, &*ran.stdout), (4, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("bears the key `ada`, which did not sign these bytes"), "{}", ran.stderr);
}

#[test]
fn trust_is_listed_and_taken_back() {
    let user = User::new();
    let folder = &user.folder;
    let plugin = compiled(folder);
    let ada = Author::new(folder, "ada");
    let text = ada.pair.pk.to_base64();
    let mut gallery = String::new();
    let mut say = |args: &[&str], code: i32| {
        let ran = user.run(args);
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.stdout, ran.stderr);
        let shown =
            args.iter().map(|arg| if *arg == text { "KEY" } else { arg }).collect::<Vec<_>>().join(" ");
        let text = steady(&format!("$ renown {shown}\n{}{}", ran.stdout, ran.stderr), folder);
        let _ = writeln!(gallery, "{text}");
        ran.stdout
    };
    say(&["plugins", "list"], 0);
    say(&["plugins", "policy", "signed"], 0);
    say(&["plugins", "trust", &plugin, "--key", &text, "--name", "ada"], 0);
    let listed = say(&["plugins", "list"], 0);
    ada.sign(&std::fs::read(&plugin).expect("the plugin"), &plugin);
    say(&["plugins", "distrust", &plugin], 0);
    say(&["plugins", "distrust", &plugin], 2);
    say(&["plugins", "distrust", "ada"], 0);
    say(&["plugins", "trust", "--key", &ada.public], 0);
    say(&["plugins", "trust", "--key", "no.pub"], 2);
    say(&["plugins", "trust", "--key", &plugin], 2);
    say(&["plugins", "policy", "any"], 0);
    say(&["plugins", "list"], 0);
    insta::assert_snapshot!("trust_is_taken_back", gallery);
    // By its digest, once the file is gone.
    user.trust(&plugin);
    std::fs::remove_file(&plugin).expect("a file");
    let digest = listed.split_whitespace().find(|word| word.len() == 64).expect("a digest");
    ok(&user.run(&["plugins", "distrust", digest]));
    assert!(!user.run(&["plugins", "list"]).stdout.contains("plugin  "));
}

#[test]
fn a_trust_file_with_a_fault_says_where() {
    let user = User::new();
    user.folder.file("trust.toml", "policy = \"singed\"\n");
    let ran = user.run(&["plugins", "list"]);
    assert_eq!(ran.code, 2);
    let expected = "trust.toml: line 1: unknown variant `singed`, expected one of `any`, `signed`, `allow-list`; did you \
                    mean `signed`?\n  1 | policy = \"singed\"";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    // It decides who has all rights: nobody else may write it.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = user.folder.file("trust.toml", "policy = \"any\"\n");
        std::fs::set_permissions(Path::new(&path), std::fs::Permissions::from_mode(0o666)).expect("rights");
        let ran = user.run(&["plugins", "list"]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("may be written by everybody"), "{}", ran.stderr);
    }
}

#[test]
fn help_says_where_the_list_is() {
    let ran = renown(["plugins", "trust", "--help"]);
    assert!(ran.stdout.contains("$RENOWN_TRUST"), "{}", ran.stdout);
}
