//! One name for an account in every format.
//!
//! An account is called by its actor's URI (`https://social.example/users/ada`): the one name that every server agrees on and
//! that never changes. Where a file gives only its address (`ada@social.example`), it is called `@ada@social.example`, and
//! every file that gives both joins the two ([`renown_sdk::Sink::handle`]). The number by which an instance's API calls an
//! account is never used: another instance gives the same account another number.

use std::borrow::Cow;

use renown_sdk::Id;

/// An account by its actor's URI, by its address, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account<'a> {
    uri: Option<&'a str>,
    /// `ada` and `social.example`.
    address: Option<(&'a str, &'a str)>,
}

impl<'a> Account<'a> {
    /// By its actor's URI, from which the address is read, if it is one of Mastodon's.
    pub(crate) fn by_uri(uri: &'a str) -> Self {
        Self { uri: Some(uri), address: address_in(uri) }
    }

    /// By its address: `ada@social.example`, with or without an `@` in front.
    pub(crate) fn by_address(address: &'a str) -> Option<Self> {
        split_address(address).map(|address| Self { uri: None, address: Some(address) })
    }

    /// By its actor's URI and its name, with or without a host: that is the URI's, if it is missing.
    pub(crate) fn named(uri: &'a str, name: Option<&'a str>) -> Self {
        let address =
            name.and_then(|name| split_address(name).or_else(|| local_address(name, host_of(uri)?)));
        Self { uri: Some(uri), address: address.or_else(|| address_in(uri)) }
    }

    /// As the API gives it. Servers before 4.2 give no `uri`; the `url` of some software is the URI.
    pub(crate) fn of_api(uri: Option<&'a str>, acct: Option<&'a str>, url: Option<&'a str>) -> Self {
        let uri = uri.or_else(|| url.filter(|url| is_users_path(url)));
        let host = url.or(uri).and_then(host_of);
        let address = acct.and_then(|acct| split_address(acct).or_else(|| local_address(acct, host?)));
        Self { uri, address: address.or_else(|| address_in(uri?)).or_else(|| address_in(url?)) }
    }

    /// Whoever made the post with this URI, if the URI says.
    pub(crate) fn author_of(post: &'a str) -> Self {
        author_in(post).map(Self::by_uri).unwrap_or_default()
    }

    /// This account, with the URI that the author of `post` has, if it was not known.
    pub(crate) fn as_author_of(self, post: Option<&'a str>) -> Self {
        let author = post.map(Self::author_of).unwrap_or_default();
        Self { uri: self.uri.or(author.uri), address: self.address.or(author.address) }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.uri.is_some() || self.address.is_some()
    }

    /// This account, or `other` if it is not known.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.is_known() { self } else { other }
    }

    /// Whether both are certainly the same account.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let same = |one: &str, two: &str| one.eq_ignore_ascii_case(two);
        let address = || matches!((self.address, other.address), (Some(one), Some(two)) if same(one.0, two.0) && same(one.1, two.1));
        (self.uri.is_some() && self.uri == other.uri) || address()
    }

    /// The host of its URI or address.
    pub(crate) fn host(&self) -> Option<&'a str> {
        self.uri.and_then(host_of).or(self.address.map(|address| address.1))
    }

    /// The instance that it is of, if its address is known.
    pub(crate) fn instance(&self) -> Option<Cow<'a, str>> {
        let (_, host) = self.address?;
        let is_lower = !host.chars().any(char::is_uppercase);
        Some(if is_lower { Cow::Borrowed(host) } else { Cow::Owned(host.to_lowercase()) })
    }

    /// Its URI or, failing that, `@user@host` in lower case, written into `buffer`.
    pub(crate) fn name<'b>(&self, buffer: &'b mut String) -> Option<Id<'b>>
    where
        'a: 'b,
    {
        if let Some(uri) = self.uri {
            return Some(Id::new(uri));
        }
        let (user, host) = self.address?;
        buffer.clear();
        buffer.push('@');
        buffer.extend(user.chars().flat_map(char::to_lowercase));
        buffer.push('@');
        buffer.extend(host.chars().flat_map(char::to_lowercase));
        Some(Id::Text(buffer))
    }

    /// Its URI and `user@host`, written into `buffer`, if both are known: what joins the two.
    pub(crate) fn both<'b>(&self, buffer: &'b mut String) -> Option<(Id<'b>, &'b str)>
    where
        'a: 'b,
    {
        let (uri, (user, host)) = (self.uri?, self.address?);
        buffer.clear();
        buffer.extend([user, "@", host]);
        Some((Id::new(uri), buffer))
    }
}

/// The host of a URI, and the path behind it.
fn split_uri(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    (!host.is_empty()).then_some((host, path))
}

/// The host of a URI.
pub(crate) fn host_of(uri: &str) -> Option<&str> {
    split_uri(uri).map(|(host, _)| host)
}

/// `ada` and `social.example` of `ada@social.example`, `@ada@social.example` or `acct:ada@social.example`.
fn split_address(address: &str) -> Option<(&str, &str)> {
    let address = address.trim();
    let address = address.strip_prefix("acct:").unwrap_or(address);
    let (user, host) = address.strip_prefix('@').unwrap_or(address).split_once('@')?;
    let host_like = !host.is_empty() && !host.contains(|c: char| c == '@' || c == '/' || c.is_whitespace());
    (is_user(user) && host_like).then_some((user, host))
}

/// A name without a host, on the host where it was found.
fn local_address<'a>(name: &'a str, host: &'a str) -> Option<(&'a str, &'a str)> {
    let user = name.trim();
    let user = user.strip_prefix('@').unwrap_or(user);
    is_user(user).then_some((user, host))
}

fn is_user(user: &str) -> bool {
    !user.is_empty() && !user.contains(|c: char| c == '@' || c == '/' || c.is_whitespace())
}

/// The address in `https://social.example/users/ada` or `https://social.example/@ada`.
fn address_in(uri: &str) -> Option<(&str, &str)> {
    let (host, path) = split_uri(uri)?;
    let user = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@"))?;
    is_user(user).then_some((user, host))
}

/// Whether it is the URI of an actor as Mastodon and Pleroma form it.
fn is_users_path(uri: &str) -> bool {
    let user = split_uri(uri).and_then(|(_, path)| path.strip_prefix("/users/"));
    user.is_some_and(is_user)
}

/// The actor in a post's URI, `https://social.example/users/ada/statuses/1`: on Mastodon it begins with its author's.
fn author_in(post: &str) -> Option<&str> {
    let (author, number) = post.split_once("/statuses/")?;
    let (_, path) = split_uri(author)?;
    let user = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/ap/users/"))?;
    (is_user(user) && !number.is_empty()).then_some(author)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(account: Account<'_>) -> Option<String> {
        account.name(&mut String::new()).map(|id| id.to_string())
    }

    fn handle(account: Account<'_>) -> Option<String> {
        account.both(&mut String::new()).map(|(_, handle)| handle.to_owned())
    }

    #[test]
    fn every_format_calls_an_account_by_the_same_name() {
        let uri = "https://social.example/users/Ada";
        let forms = [
            Account::by_uri(uri),
            Account::named(uri, Some("Ada")),
            Account::named(uri, Some("@Ada@social.example")),
            Account::of_api(Some(uri), Some("Ada"), Some("https://social.example/@Ada")),
            Account::of_api(None, Some("Ada@social.example"), Some(uri)),
            Account::author_of("https://social.example/users/Ada/statuses/1"),
            Account::of_api(None, Some("Ada"), Some("https://social.example/@Ada"))
                .as_author_of(Some("https://social.example/users/Ada/statuses/1/activity")),
        ];
        for account in forms {
            assert_eq!(name(account).as_deref(), Some(uri), "{account:?}");
            assert_eq!(handle(account).as_deref(), Some("Ada@social.example"), "{account:?}");
        }
        let by_address = Account::by_address("@Ada@Social.Example").unwrap();
        assert_eq!(name(by_address).as_deref(), Some("@ada@social.example"));
        assert_eq!(handle(by_address), None);
        assert!(by_address.is(&forms[0]));
    }

    #[test]
    fn an_address_may_have_another_host_than_the_uri() {
        let account = Account::named("https://web.example/ap/users/115", Some("@bo@example.org"));
        assert_eq!(handle(account).as_deref(), Some("bo@example.org"));
        assert_eq!(account.host(), Some("web.example"));
        let old = Account::of_api(None, Some("bo"), Some("https://web.example/@bo"));
        assert_eq!(name(old).as_deref(), Some("@bo@web.example"));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for address in
            ["", "@", "ada", "@ada", "ada@", "@@host", "a b@host", "ada@ho st", "ada@host@x", "ada@host/x"]
        {
            assert_eq!(Account::by_address(address), None, "{address}");
        }
        assert!(Account::by_address(" ædå@bücher.example ").is_some());
        assert!(!Account::of_api(None, Some("ada"), None).is_known());
        assert!(!Account::default().is(&Account::default()));
    }

    #[test]
    fn only_a_uri_that_says_so_names_its_author() {
        assert_eq!(
            author_in("https://a.example/ap/users/115/statuses/7"),
            Some("https://a.example/ap/users/115")
        );
        for post in [
            "https://a.example/notes/9abc",
            "https://a.example/@ada/1",
            "https://a.example/users/ada/statuses/",
            "https://a.example/x/users/ada/statuses/1",
            "https:///users/ada/statuses/1",
            "/users/ada/statuses/1",
            "",
        ] {
            assert_eq!(author_in(post), None, "{post}");
        }
    }
}
