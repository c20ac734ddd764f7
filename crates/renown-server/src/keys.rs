//! Keys: who asks, what for, and what they may.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use renown_core::record::Timestamp;
use renown_store::book::{Book, Key, Purpose, Scope};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::answer::hex;
use crate::problem::{Kind, Problem};

/// What every key begins with, so that one that leaked is found.
const PREFIX: &str = "renown_";
/// For how long a key that held is taken to hold without asking the book; one that is revoked here is forgotten at once.
const HOLDS: Duration = Duration::from_mins(1);
/// How many secrets are hashed at once: each takes 19 MiB and some ten milliseconds of a processor, which a flood of wrong ones must
/// not take from those whose keys are known.
const HASHED_AT_ONCE: usize = 1;
/// How long one waits for that.
const TURN: Duration = Duration::from_secs(5);
/// How many texts are remembered, so that asking again costs nothing.
const REMEMBERED: usize = 4096;

/// What keys are known to hold, and who is signed in.
#[derive(Debug)]
pub(crate) struct Ring {
    book: Arc<Book>,
    /// By the digest of the whole key.
    known: RwLock<HashMap<[u8; 32], Known>>,
    /// How often a key changed: what was read of the book before that is not remembered after it.
    changes: AtomicU64,
    /// By the digest of what the cookie holds.
    sessions: Mutex<HashMap<[u8; 32], Session>>,
    hashing: Semaphore,
}

/// A key that somebody signed in with, and until when.
type Session = (Arc<Key>, Instant);

/// What came of holding a text against the book.
#[derive(Clone, Debug)]
struct Known {
    /// The key, if the text is one.
    key: Option<Arc<Key>>,
    /// The hash of the secret that it was held against.
    hash: Arc<str>,
    since: Instant,
}

/// How long one stays signed in.
const SESSION: Duration = Duration::from_hours(12);

impl Ring {
    pub(crate) fn new(book: Arc<Book>) -> Self {
        Self {
            book,
            known: RwLock::default(),
            changes: AtomicU64::new(0),
            sessions: Mutex::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
        }
    }

    /// The key that a text is, if it holds at this second.
    ///
    /// # Errors
    /// [`Kind::Unauthorized`]; [`Kind::Unavailable`] if the book cannot be read.
    pub(crate) async fn check(&self, text: &str, now: Timestamp) -> Result<Arc<Key>, Problem> {
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let known = self.remembered(&digest);
        if let Some(known) = known.as_ref().filter(|known| known.since.elapsed() < HOLDS) {
            return known.key.clone().filter(|key| key.is_valid(now)).ok_or_else(refused);
        }
        let (id, secret) = parse(text).ok_or_else(refused)?;
        let changes = self.changes.load(Ordering::Acquire);
        let found = self.book.key(id)?.filter(|(key, _)| key.is_valid(now));
        let (key, hash) = found.ok_or_else(refused)?;
        if known.is_some_and(|known| *known.hash == *hash && known.key.is_some()) {
            return self.remember(digest, Some(key), &hash, changes).ok_or_else(refused);
        }
        let turn = tokio::time::timeout(TURN, self.hashing.acquire()).await;
        let _turn = turn.map_err(|_| {
            Problem::new(Kind::Unavailable, "too many keys are being looked at: try again in a moment")
                .after(2)
        })?;
        // Another request with the same key may have had its turn first.
        let fresh = self.remembered(&digest).filter(|known| known.since.elapsed() < HOLDS);
        if let Some(known) = fresh {
            return known.key.filter(|key| key.is_valid(now)).ok_or_else(refused);
        }
        let (secret, against) = (secret.to_owned(), hash.clone());
        let is_right = tokio::task::spawn_blocking(move || verify(&secret, &against)).await.unwrap_or(false);
        self.remember(digest, is_right.then_some(key), &hash, changes).ok_or_else(refused)
    }

    fn remembered(&self, digest: &[u8; 32]) -> Option<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn remember(&self, digest: [u8; 32], key: Option<Key>, hash: &str, changes: u64) -> Option<Arc<Key>> {
        let key = key.map(Arc::new);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.changes.load(Ordering::Acquire) != changes {
            return key;
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, known| known.key.is_some() && known.since.elapsed() < HOLDS);
        }
        known.insert(digest, Known { key: key.clone(), hash: hash.into(), since: Instant::now() });
        key
    }

    /// Forgets what is known of keys, since one changed; who is signed in with it is signed out.
    pub(crate) fn changed(&self, id: &str) {
        self.forget(|key| key.id == id);
    }

    /// Likewise, since somebody is forgotten, and their keys with them.
    pub(crate) fn gone(&self, person: &str) {
        self.forget(|key| key.person.as_deref() == Some(person));
    }

    fn forget(&self, is_gone: impl Fn(&Key) -> bool) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::AcqRel);
        known.clear();
        drop(known);
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (key, _)| !is_gone(key));
    }

    /// Signs in: gives what the cookie is to hold.
    ///
    /// # Errors
    /// [`Kind::Internal`] if there is no randomness.
    pub(crate) fn sign_in(&self, key: Arc<Key>) -> Result<String, Problem> {
        let token = random::<32>()?;
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (_, until)| *until > Instant::now());
        sessions.insert(Sha256::digest(token.as_bytes()).into(), (key, Instant::now() + SESSION));
        Ok(token)
    }

    /// Whose a cookie is.
    pub(crate) fn signed_in(&self, token: &str, now: Timestamp) -> Option<Arc<Key>> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, until) = sessions.get(&digest)?;
        (*until > Instant::now() && key.is_valid(now)).then(|| key.clone())
    }

    /// Signs out.
    pub(crate) fn sign_out(&self, token: &str) {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
    }
}

fn refused() -> Problem {
    Problem::new(
        Kind::Unauthorized,
        "no key, or none that holds: send `Authorization: Bearer renown_…` or `X-Api-Key: renown_…`",
    )
}

/// The id and the secret of a key.
fn parse(text: &str) -> Option<(&str, &str)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_plain =
        |part: &str| !part.is_empty() && part.len() <= 64 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_plain(id) && is_plain(secret)).then_some((id, secret))
}

fn verify(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// Random bytes as text.
fn random<const N: usize>() -> Result<String, Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Problem::new(Kind::Internal, format!("the system gives no random bytes: {error}"))
    })?;
    Ok(hex(&bytes))
}

/// Another secret for a key, and its hash: the text is told once.
///
/// # Errors
/// [`Kind::Internal`] if there is no randomness.
pub(crate) fn another(id: &str) -> Result<(String, String), Problem> {
    let secret = random::<32>()?;
    let hash = hash(&secret)?;
    Ok((format!("{PREFIX}{id}_{secret}"), hash))
}

/// A new key, and its only text: the book keeps a hash of the secret.
#[derive(Clone, Debug)]
pub struct Made {
    /// As the book keeps it.
    pub key: Key,
    /// The hash of its secret.
    pub hash: String,
    /// What its owner is told once.
    pub text: String,
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// What it may.
    pub scopes: BTreeSet<Scope>,
    /// Whose it is, of a key that sees only one person.
    pub person: Option<String>,
    /// From when on it is good for nothing.
    pub expires: Option<Timestamp>,
}

/// Makes a key, which is not in the book yet.
///
/// # Errors
/// [`Kind::Internal`] if there is no randomness.
pub fn make(new: NewKey, now: Timestamp) -> Result<Made, Problem> {
    let (id, secret) = (random::<6>()?, random::<32>()?);
    let hash = hash(&secret)?;
    let NewKey { name, purpose, scopes, person, expires } = new;
    let text = format!("{PREFIX}{id}_{secret}");
    Ok(Made {
        key: Key { id, name, purpose, scopes, person, made_at: now, expires, revoked_at: None },
        hash,
        text,
    })
}

fn hash(secret: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(secret.as_bytes());
    Ok(hash.map_err(|error| Problem::new(Kind::Internal, error.to_string()))?.to_string())
}
