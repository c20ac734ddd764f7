//! Keys: who asks, what for, and what they may.

use std::collections::{BTreeSet, HashMap};
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
/// For how long a key that held is taken to hold; a key that is revoked here is forgotten at once.
const HOLDS: Duration = Duration::from_secs(60);
/// How many secrets are hashed at once: each takes 19 MiB and some ten milliseconds.
const HASHED_AT_ONCE: usize = 2;
/// How many keys that did not hold are remembered, so that asking again costs nothing.
const REFUSED: usize = 4096;

/// What keys are known to hold, and who is signed in.
#[derive(Debug)]
pub(crate) struct Ring {
    book: Arc<Book>,
    /// By the digest of the whole key.
    known: RwLock<HashMap<[u8; 32], (Option<Arc<Key>>, Instant)>>,
    /// By the digest of what the cookie holds.
    sessions: Mutex<HashMap<[u8; 32], (Arc<Key>, Instant)>>,
    hashing: Semaphore,
}

/// How long one stays signed in.
const SESSION: Duration = Duration::from_secs(12 * 3600);

impl Ring {
    pub(crate) fn new(book: Arc<Book>) -> Self {
        Self {
            book,
            known: RwLock::default(),
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
        if let Some(known) = self.remembered(&digest) {
            return known.filter(|key| key.is_valid(now)).ok_or_else(refused);
        }
        let (id, secret) = parse(text).ok_or_else(refused)?;
        let Some((key, hash)) = self.book.key(id).map_err(unreadable)?.filter(|(key, _)| key.is_valid(now))
        else {
            return Err(refused());
        };
        let _turn = self.hashing.acquire().await.map_err(|_| refused())?;
        // Another request with the same key may have had its turn first.
        if let Some(known) = self.remembered(&digest) {
            return known.filter(|key| key.is_valid(now)).ok_or_else(refused);
        }
        let secret = secret.to_owned();
        let is_right = tokio::task::spawn_blocking(move || verify(&secret, &hash)).await.unwrap_or(false);
        let key = is_right.then(|| Arc::new(key));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REFUSED {
            known.clear();
        }
        known.insert(digest, (key.clone(), Instant::now()));
        key.ok_or_else(refused)
    }

    fn remembered(&self, digest: &[u8; 32]) -> Option<Option<Arc<Key>>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(digest).filter(|(_, since)| since.elapsed() < HOLDS).map(|(key, _)| key.clone())
    }

    /// Forgets what is known of keys, since one changed; who is signed in with it is signed out.
    pub(crate) fn changed(&self, id: &str) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (key, _)| key.id != id);
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

/// A problem with the book, without what it holds.
pub(crate) fn unreadable(error: impl std::fmt::Display) -> Problem {
    eprintln!("error: {error}");
    Problem::new(
        Kind::Unavailable,
        "the book cannot be read at the moment: try again; the server's log says why",
    )
    .after(2)
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
