//! Whose download it is.

use renown_sdk::{File, json};

use super::title::Title;
use super::{by_name, values_of};
use crate::graph::instagram::by_handle;
use crate::loose::{List, Loose, Named, Scalar};
use crate::mojibake::repair;

/// How many folders up the profile may lie.
const FOLDERS_UP: usize = 4;

/// The owner of a Facebook download, as records name accounts: `name:` and the display name.
///
/// In this order: the profile in the same download; the author of comments or the actor of reactions in this file; the
/// name in an English title of this file; the author of comments elsewhere in the download; and if nothing of that is
/// there, `download:` and the folder, which at least keeps one download together and two in different folders apart.
pub(super) fn of_facebook(file: &File<'_>) -> String {
    let head = file.head_text();
    let in_head = |head: &str| {
        ["author", "actor"].iter().find_map(|key| values_of(head, key).find_map(|name| by_name(&name)))
    };
    // Titles of what others wrote name these others.
    let is_of_others = head.contains("\"wall_posts_sent_to_you");
    sibling(file, &PROFILES, |bytes| Profile::read(bytes)?.owner())
        .or_else(|| in_head(&head))
        .or_else(|| {
            if is_of_others {
                return None;
            }
            values_of(&head, "title").find_map(|title| by_name(Title::parse(&repair(&title), None)?.actor))
        })
        .or_else(|| sibling(file, &COMMENTS, |bytes| in_head(&String::from_utf8_lossy(bytes))))
        .unwrap_or_else(|| by_folder(file))
}

/// The owner of an Instagram download: `@` and the handle.
///
/// In this order: the personal information in the same download; the folder, which Instagram names
/// `instagram-HANDLE-DATE-CODE`; `download:` and the folder, as on Facebook.
pub(super) fn of_instagram(file: &File<'_>) -> String {
    sibling(file, &PERSONAL, |bytes| handle_in_personal_information(bytes).map(|handle| by_handle(&handle)))
        .or_else(|| file.path.split('/').find_map(handle_in_folder).map(by_handle))
        .unwrap_or_else(|| by_folder(file))
}

const PROFILES: [&str; 2] = [
    "profile_information/profile_information.json",
    "personal_information/profile_information/profile_information.json",
];
const COMMENTS: [&str; 3] = [
    "comments_and_reactions/comments.json",
    "comments/comments.json",
    "your_facebook_activity/comments_and_reactions/comments.json",
];
const PERSONAL: [&str; 4] = [
    "personal_information/personal_information/personal_information.json",
    "personal_information/personal_information.json",
    "account_information/personal_information.json",
    "profile.json",
];

/// The first answer that one of `places` gives, in this folder or one above it.
fn sibling(file: &File<'_>, places: &[&str], read: impl Fn(&[u8]) -> Option<String>) -> Option<String> {
    (0..=FOLDERS_UP).find_map(|up| {
        places.iter().find_map(|place| read(&file.siblings.read(&format!("{}{place}", "../".repeat(up)))?))
    })
}

/// Where the folders of the download itself begin in a path.
const ROOTS: [&str; 19] = [
    "your_facebook_activity",
    "your_activity_across_facebook",
    "your_instagram_activity",
    "personal_information",
    "connections",
    "posts",
    "comments",
    "comments_and_reactions",
    "likes_and_reactions",
    "friends",
    "friends_and_followers",
    "followers_and_following",
    "groups",
    "pages",
    "content",
    "media",
    "likes",
    "account_information",
    "profile_information",
];

/// A name for an owner of whom nothing is known but the folder.
fn by_folder(file: &File<'_>) -> String {
    let folders: Vec<&str> = file.path.split('/').collect();
    let own = folders.iter().position(|folder| ROOTS.contains(folder)).unwrap_or(folders.len() - 1);
    format!("download:{}", folders[..own].join("/"))
}

/// The handle in `instagram-jane.doe-2025-06-13-AbCd`.
fn handle_in_folder(folder: &str) -> Option<&str> {
    let rest = folder.strip_prefix("instagram-")?;
    let dated = |at: &usize| {
        let date = &rest.as_bytes()[at + 1..];
        date.len() >= 10 && date[..4].iter().all(u8::is_ascii_digit) && date[4] == b'-'
    };
    let end = rest.match_indices('-').map(|(at, _)| at).find(dated)?;
    Some(&rest[..end]).filter(|handle| !handle.is_empty())
}

/// `profile_information.json`.
pub(super) struct Profile {
    name: Option<String>,
    handle: Option<String>,
}

#[derive(serde::Deserialize)]
struct ProfileFile<'a> {
    #[serde(borrow, default)]
    profile: Loose<ProfileFields<'a>>,
    #[serde(borrow, default)]
    profile_v2: Loose<ProfileFields<'a>>,
}

#[derive(serde::Deserialize)]
struct ProfileFields<'a> {
    /// A text in the oldest downloads, later an object.
    #[serde(borrow, default)]
    name: Named<'a>,
    #[serde(borrow, default)]
    username: Scalar<'a>,
    #[serde(borrow, default)]
    profile_uri: Scalar<'a>,
}

impl Profile {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let file: ProfileFile<'_> = json::from_slice(bytes).ok()?;
        let fields = file.profile_v2.0.or(file.profile.0)?;
        let address = fields.profile_uri.text().and_then(|url| url.split("facebook.com/").nth(1));
        let address = address.filter(|path| !path.starts_with("profile.php") && !path.contains(['?', '/']));
        let handle = fields.username.text().or(address).filter(|handle| !handle.is_empty());
        Some(Self { name: fields.name.0.text().and_then(by_name), handle: handle.map(str::to_owned) })
    }

    pub(super) fn owner(self) -> Option<String> {
        self.name
    }

    /// The owner and the handle, where both are known.
    pub(super) fn both(self) -> Option<(String, String)> {
        Some((self.name?, self.handle?))
    }
}

/// The handle in Instagram's personal information: under `Username` of a profile of 2021 and later (other languages call
/// it otherwise), or in a `profile.json` of before.
fn handle_in_personal_information(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Personal<'a> {
        #[serde(borrow, default)]
        profile_user: List<User<'a>>,
        #[serde(borrow, default)]
        username: Scalar<'a>,
    }
    #[derive(serde::Deserialize)]
    struct User<'a> {
        #[serde(borrow, default)]
        string_map_data: Loose<Map<'a>>,
    }
    #[derive(serde::Deserialize)]
    struct Map<'a> {
        #[serde(borrow, default, rename = "Username")]
        username: Loose<Entry<'a>>,
    }
    #[derive(serde::Deserialize)]
    struct Entry<'a> {
        #[serde(borrow, default)]
        value: Scalar<'a>,
    }
    let file: Personal<'_> = json::from_slice(bytes).ok()?;
    let in_profile = file.profile_user.items.iter().find_map(|user| {
        let map = user.string_map_data.0.as_ref()?;
        map.username.0.as_ref()?.value.text()
    });
    in_profile.or(file.username.text()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use renown_sdk::Siblings;

    use super::*;

    struct Beside(&'static [(&'static str, &'static str)]);

    impl Siblings for Beside {
        fn read(&self, relative: &str) -> Option<Vec<u8>> {
            self.0.iter().find(|(path, _)| *path == relative).map(|(_, content)| content.as_bytes().to_vec())
        }
    }

    fn facebook(path: &str, head: &str, siblings: &'static [(&'static str, &'static str)]) -> String {
        of_facebook(&File {
            path,
            head: head.as_bytes(),
            disk: None,
            siblings: &Beside(siblings),
            options: &renown_sdk::NO_OPTIONS,
        })
    }

    #[test]
    fn the_profile_is_found_in_every_layout() {
        let profile = r#"{"profile_v2": {"name": {"full_name": "\u00c3\u0085se Berg"}}}"#;
        let old = r#"{"profile": {"name": "Åse Berg"}}"#;
        for (path, place, content) in [
            ("posts/your_posts_1.json", "../profile_information/profile_information.json", old),
            (
                "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json",
                "../../personal_information/profile_information/profile_information.json",
                profile,
            ),
        ] {
            let siblings: &'static [_] = Box::leak(Box::new([(place, content)]));
            assert_eq!(facebook(path, r#"[{"author": "Somebody Else"}]"#, siblings), "name:Åse Berg");
        }
    }

    #[test]
    fn without_a_profile_the_file_itself_tells() {
        assert_eq!(
            facebook("a.json", r#"{"data":[{"author":"Jo B"}], "title": "Al C likes a post."}"#, &[]),
            "name:Jo B"
        );
        assert_eq!(facebook("a.json", r#"[{"title": "Al C updated his status."}]"#, &[]), "name:Al C");
        let comments: &'static [_] =
            &[("../comments/comments.json", r#"{"comments": [{"author": "Jo B"}]}"#)];
        assert_eq!(facebook("friends/friends.json", r#"{"friends": []}"#, comments), "name:Jo B");
        assert_eq!(facebook("x/your_facebook_activity/posts/a.json", "[]", &[]), "download:x");
        assert_eq!(
            facebook("a.json", "[]", &[("profile_information/profile_information.json", "{")]),
            "download:"
        );
    }

    #[test]
    fn instagram_is_told_by_its_profile_or_folder() {
        let instagram = |path, siblings| {
            of_instagram(&File {
                path,
                head: b"",
                disk: None,
                siblings: &Beside(siblings),
                options: &renown_sdk::NO_OPTIONS,
            })
        };
        let profile: &'static [_] = &[(
            "../../personal_information/personal_information/personal_information.json",
            r#"{"profile_user": [{"string_map_data": {"Email": {"value": "x"}, "Username": {"value": "Jo.B"}}}]}"#,
        )];
        assert_eq!(instagram("your_instagram_activity/media/posts_1.json", profile), "@jo.b");
        assert_eq!(instagram("posts_1.json", &[("profile.json", r#"{"username": "jo.b"}"#)]), "@jo.b");
        assert_eq!(instagram("instagram-jo.b-2025-06-13-AbCd/connections/x.json", &[]), "@jo.b");
        assert_eq!(instagram("instagram-jo-b-2025-06-13-AbCd/connections/x.json", &[]), "@jo-b");
        assert_eq!(instagram("instagram-jo/connections/x.json", &[]), "download:instagram-jo");
    }

    #[test]
    fn a_profile_address_gives_the_handle() {
        let handle = |uri: &str| {
            let text =
                format!(r#"{{"profile_v2": {{"name": {{"full_name": "Jo"}}, "profile_uri": "{uri}"}}}}"#);
            Profile::read(text.as_bytes()).unwrap().both().map(|(_, handle)| handle)
        };
        assert_eq!(handle("https://www.facebook.com/jo.b"), Some("jo.b".to_owned()));
        assert_eq!(handle("https://www.facebook.com/profile.php?id=100"), None);
        assert_eq!(handle("https://www.facebook.com/"), None);
        for odd in
            ["{}", "[]", r#"{"profile": {"name": [1]}}"#, r#"{"profile_v2": {"name": {"full_name": 1}}}"#]
        {
            assert!(Profile::read(odd.as_bytes()).is_none_or(|profile| profile.both().is_none()), "{odd}");
        }
    }
}
