//! Lists that an account's settings export as CSV: whom the owner follows, who follows the owner, what is bookmarked.
//! Each row begins with an address or a URI; what comes behind it is nobody's act.

use crate::account::Account;
use crate::archive::write_post_act;
use crate::owner::Owner;
use crate::scribe::{Act, Scribe, Verb};

/// The header that lists of accounts begin with; those of the first years have none.
pub(crate) const HEADER: &str = "Account address";

/// The first line of a file, without a byte order mark.
pub(crate) fn first_line(head: &[u8]) -> Option<&str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').next()?;
    std::str::from_utf8(line).ok().map(str::trim)
}

/// The first field of a row. Neither an address nor a URI has quotes or commas of its own.
pub(crate) fn first_field(row: &str) -> &str {
    let row = row.trim().trim_start_matches('\u{feff}');
    match row.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(quoted).trim(),
        None => row.split(',').next().unwrap_or(row).trim(),
    }
}

/// Which end of a follow the owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Follower,
    Followed,
}

/// Reads rows of accounts. Since when is not given.
pub(crate) fn read_accounts(bytes: &[u8], side: Side, owner: &Owner, scribe: &mut Scribe<'_>) {
    let owner = owner.account();
    scribe.handle(owner);
    each_row(bytes, scribe, |field, scribe| {
        let other = Account::by_address(field).ok_or("the first column is no account address (user@host)")?;
        let (actor, target) = match side {
            Side::Follower => (owner, other),
            Side::Followed => (other, owner),
        };
        scribe.act(&Act { verb: Verb::Follow, at: None, actor, target, object: None, id: None });
        Ok(())
    });
}

/// Reads rows of bookmarked posts.
pub(crate) fn read_bookmarks(bytes: &[u8], owner: &Owner, scribe: &mut Scribe<'_>) {
    scribe.handle(owner.account());
    each_row(bytes, scribe, |field, scribe| {
        if !field.starts_with("http") {
            return Err("the first column is no URI of a post");
        }
        write_post_act(Verb::Bookmark, field, owner, scribe);
        Ok(())
    });
}

/// Gives the first field of each row that is not empty, and rejects the row if that is not what it should be.
fn each_row(
    bytes: &[u8],
    scribe: &mut Scribe<'_>,
    mut read: impl FnMut(&str, &mut Scribe<'_>) -> Result<(), &'static str>,
) {
    let mut offset = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let read = match std::str::from_utf8(line) {
            Ok(row) if row.trim().is_empty() => Ok(()),
            Ok(row) => read(first_field(row), scribe),
            Err(_) => Err("the row is not valid UTF-8"),
        };
        if let Err(reason) = read {
            scribe.reject_line(offset, reason, line);
        }
        offset += line.len();
    }
}
