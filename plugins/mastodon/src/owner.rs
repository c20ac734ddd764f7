//! Whose an export is, where the file itself does not say.

use renown_sdk::File;
use renown_sdk::frame::{Batch, Framer};
use renown_sdk::json::from_slice;
use serde::Deserialize;

use crate::account::Account;
use crate::api;
use crate::fields::Str;

/// Whose an export is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    uri: Option<String>,
    /// `ada@social.example`.
    address: Option<String>,
}

/// How much of a file is looked at for its owner.
const HEAD: usize = 64 << 10;

impl Owner {
    /// From an account, if it is known.
    pub(crate) fn new(account: Account<'_>) -> Option<Self> {
        let (mut name, mut pair) = (String::new(), String::new());
        let address = account.both(&mut pair).map(|(_, address)| address.to_owned());
        account.name(&mut name).map(|name| Self { uri: Some(name.to_string()), address })
    }

    /// As `actor.json` beside the file says. Without it, the owner is called `owner:FOLDER` after the folder that holds the
    /// file, or `owner:FILE` if that has no name: so nothing is lost, and an operator who wants it scored can say in the
    /// people file who it is.
    pub(crate) fn of_archive(file: &File<'_>) -> Self {
        let beside = file.siblings.read("actor.json");
        beside.and_then(|bytes| Self::of_actor(&bytes)).unwrap_or_else(|| Self::unnamed(file.path))
    }

    /// As the first notification says that shows a post of the owner's.
    pub(crate) fn of_notifications(file: &File<'_>, framing: renown_sdk::Framing) -> Self {
        let head = &file.head[..file.head.len().min(HEAD)];
        let mut batch = Batch::with_capacity(HEAD);
        let told = match Framer::new(head, framing).fill(&mut batch) {
            Ok(true) => batch.pieces().find_map(|piece| api::told(piece.bytes)),
            _ => None,
        };
        told.unwrap_or_else(|| Self::unnamed(file.path))
    }

    fn of_actor(bytes: &[u8]) -> Option<Self> {
        let actor: Actor<'_> = from_slice(bytes).ok()?;
        Self::new(actor.account()?)
    }

    fn unnamed(path: &str) -> Self {
        Self { uri: Some(format!("owner:{}", export_name(path))), address: None }
    }

    pub(crate) fn account(&self) -> Account<'_> {
        self.uri.as_deref().map(|uri| Account::named(uri, self.address.as_deref())).unwrap_or_default()
    }
}

/// The account that an archive is of, or any other.
#[derive(Deserialize)]
pub(crate) struct Actor<'a> {
    #[serde(borrow, default)]
    id: Str<'a>,
    #[serde(rename = "preferredUsername", borrow, default)]
    preferred_username: Str<'a>,
    /// The address, where it is on another host than the URI.
    #[serde(borrow, default)]
    webfinger: Str<'a>,
}

impl Actor<'_> {
    pub(crate) fn account(&self) -> Option<Account<'_>> {
        let name = self.webfinger.get().or(self.preferred_username.get());
        self.id.get().map(|uri| Account::named(uri, name))
    }
}

/// The name of the folder that holds an export, or else the file's own.
fn export_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    parts.find(|folder| !folder.is_empty()).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_goes_by_its_folder_or_else_its_file() {
        for (path, name) in [
            ("archive-1/likes.json", "archive-1"),
            ("likes.json", "likes"),
            ("/likes.json", "likes"),
            ("", ""),
        ] {
            assert_eq!(export_name(path), name, "{path}");
        }
    }

    #[test]
    fn an_owner_without_a_uri_keeps_its_address() {
        let owner = Owner::new(Account::by_address("Ada@a.example").unwrap()).unwrap();
        assert_eq!(owner.account().name(&mut String::new()).unwrap().to_string(), "@ada@a.example");
        assert!(Owner::new(Account::default()).is_none());
    }
}
