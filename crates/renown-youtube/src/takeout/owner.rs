//! Whose download it is.
//!
//! `channels/channel.csv` says it; so does the column "Channel ID" of the comments, the live chats and the videos, all
//! of which are the owner's own. If none of them was asked for, the owner is an account of its own, named
//! `owner:` and the folder that holds the download: its acts count, but it cannot be joined with its channel.

use renown_sdk::File;

use super::table::{Header, first_row};
use crate::url::is_channel_id;

/// The folder of a download, by language, and the files in it that bear the owner's channel id.
const TOLD_BY: [(&str, &[&str]); 8] = [
    (
        "YouTube and YouTube Music",
        &[
            "channels/channel.csv",
            "comments/comments.csv",
            "live chats/live chats.csv",
            "video metadata/videos.csv",
        ],
    ),
    ("YouTube und YouTube Music", &["Kanäle/Kanal.csv", "Kommentare/Kommentare.csv"]),
    ("YouTube et YouTube Music", &["chaînes/chaîne.csv", "commentaires/commentaires.csv"]),
    ("YouTube en YouTube Music", &["kanalen/kanaal.csv", "reacties/reacties.csv"]),
    ("YouTube y YouTube Music", &["canales/canal.csv", "comentarios/comentarios.csv"]),
    ("YouTube ve YouTube Music", &["Yorumlar/Yorumlar.csv"]),
    ("YouTube 和 YouTube Music", &["评论/评论.csv"]),
    ("YouTube وYouTube Music", &["تعليقات/تعليقات.csv"]),
];

/// The owner's id.
pub(super) fn of(file: &File<'_>) -> String {
    let told = || TOLD_BY.iter().flat_map(|(folder, files)| files.iter().map(move |name| (folder, name)));
    // Seen from a table's or the history's folder, then from a file that lies by itself, then from `My Activity/YouTube`.
    let beside = told().map(|(_, name)| format!("../{name}"));
    let here = ["channel.csv".to_owned(), "comments.csv".to_owned()];
    let above = told().map(|(folder, name)| format!("../../{folder}/{name}"));
    let mut places = beside.chain(here).chain(above);
    let told = places.find_map(|path| channel_in(&file.siblings.read(&path)?));
    told.unwrap_or_else(|| format!("owner:{}", folder(file.path)))
}

/// The channel id in a table's first row: in its column or, where the header is in another language, by its form.
fn channel_in(table: &[u8]) -> Option<String> {
    let column = Header::of(table)?.column("channel id");
    let row = first_row(table)?;
    let named = column.and_then(|column| row.get(column));
    let formed =
        || row.iter().find(|field| std::str::from_utf8(field).is_ok_and(|text| is_channel_id(text.trim())));
    let channel = std::str::from_utf8(named.or_else(formed)?).ok()?.trim();
    (!channel.is_empty()).then(|| channel.to_owned())
}

/// Where a file lies in Takeout's folder for `YouTube`.
pub(super) struct Place {
    /// Whether the folder has its full name: "YouTube", a word for "and", "YouTube Music". Until 2020 it was `YouTube`.
    pub(super) is_full: bool,
    /// Whether the file lies in a folder of it, as all of a download does.
    pub(super) is_below: bool,
}

/// The place of a file, if a folder of its path is Takeout's for `YouTube`.
pub(super) fn place(path: &str) -> Option<Place> {
    let folders = folders(path);
    let at = youtube_folder(&folders)?;
    let is_full = !folders[at].eq_ignore_ascii_case("youtube");
    Some(Place { is_full, is_below: at + 1 < folders.len() })
}

fn folders(path: &str) -> Vec<&str> {
    let mut parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.pop();
    parts
}

fn youtube_folder(folders: &[&str]) -> Option<usize> {
    folders.iter().rposition(|folder| {
        let folder = folder.to_lowercase();
        folder == "youtube" || (folder.starts_with("youtube") && folder.ends_with("youtube music"))
    })
}

/// What "My Activity" is called, in the same languages.
const MY_ACTIVITY: [&str; 8] = [
    "My Activity",
    "Meine Aktivitäten",
    "Mon activité",
    "Mijn activiteit",
    "Mi actividad",
    "Etkinliğim",
    "我的活动",
    "نشاطي",
];

/// The folder that holds the download: all above `YouTube…` or, failing that, above the file's own folder.
fn folder(path: &str) -> String {
    let mut folders = folders(path);
    match youtube_folder(&folders) {
        Some(at) => folders.truncate(at),
        None => drop(folders.pop()),
    }
    if folders.last().is_some_and(|last| MY_ACTIVITY.contains(last)) {
        folders.pop();
    }
    if folders.is_empty() { "takeout".to_owned() } else { folders.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_of_a_download_have_the_same_owner() {
        for path in [
            "ada/Takeout/YouTube and YouTube Music/subscriptions/subscriptions.csv",
            "ada/Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.json",
            "ada/Takeout/YouTube/history/watch-history.json",
            "ada/Takeout/My Activity/YouTube/MyActivity.json",
            "ada/Takeout/Meine Aktivitäten/YouTube/MeineAktivitäten.json",
            "ada/Takeout/subscriptions/subscriptions.csv",
        ] {
            assert_eq!(folder(path), "ada/Takeout", "{path}");
        }
        assert_eq!(
            folder("youtube/takeout-ada/YouTube and YouTube Music/comments/comments.csv"),
            "youtube/takeout-ada"
        );
        assert_eq!(folder("subscriptions.csv"), "takeout");
        assert_eq!(folder(""), "takeout");
    }

    #[test]
    fn a_table_tells_its_channel_by_column_or_by_form() {
        let id = "UCab-_0123456789ABCDEFgh";
        for table in [
            format!("Channel ID,Channel Title (Original)\n{id},Mill Lane\n"),
            format!("\u{feff}Channel title,Channel Id\r\nMill Lane, {id} \r\n"),
            format!("Kanal-ID,Kanaltitel (Original)\n{id},Mill Lane\n"),
        ] {
            assert_eq!(channel_in(table.as_bytes()).as_deref(), Some(id), "{table}");
        }
        for table in ["", "Channel ID,Title\n", "Channel ID,Title\n,Mill Lane\n", "Kanal,Titel\n1,2\n"] {
            assert_eq!(channel_in(table.as_bytes()), None, "{table}");
        }
    }
}
