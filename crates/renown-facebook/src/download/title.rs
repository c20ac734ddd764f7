//! The English titles of a download ("Jane Doe commented on Sam Roe's photo."): the only place that says to whom
//! something was done. Downloads in other languages keep the same facts in sentences of their own; they are not read,
//! and what was done then has no known receiver.

/// What was done in a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Comment,
    Reply,
    React,
    Share,
    /// Something that is done to nobody: a status, a photo.
    Post,
}

/// Whose thing something was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose<'t> {
    /// The actor's own.
    Own,
    /// Somebody's, by display name.
    Of(&'t str),
    /// The title does not say, or is in another language.
    Unknown,
}

/// A title taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Title<'t> {
    pub(super) actor: &'t str,
    pub(super) verb: Verb,
    pub(super) whose: Whose<'t>,
}

/// What follows the actor's name. Longer ones first where one begins another.
const VERBS: [(&str, Verb); 30] = [
    (" commented on ", Verb::Comment),
    (" replied to ", Verb::Reply),
    (" likes ", Verb::React),
    (" liked ", Verb::React),
    (" reacted to ", Verb::React),
    (" shared ", Verb::Share),
    (" updated ", Verb::Post),
    (" added ", Verb::Post),
    (" posted ", Verb::Post),
    (" wrote on ", Verb::Post),
    (" wrote ", Verb::Post),
    (" created ", Verb::Post),
    (" published ", Verb::Post),
    (" uploaded ", Verb::Post),
    (" changed ", Verb::Post),
    (" checked in ", Verb::Post),
    (" went live", Verb::Post),
    (" was live", Verb::Post),
    (" is live", Verb::Post),
    (" was at ", Verb::Post),
    (" is at ", Verb::Post),
    (" was with ", Verb::Post),
    (" is with ", Verb::Post),
    (" was feeling ", Verb::Post),
    (" is feeling ", Verb::Post),
    (" saved ", Verb::Post),
    (" asked ", Verb::Post),
    (" sent ", Verb::Post),
    (" tagged ", Verb::Post),
    (" is in ", Verb::Post),
];

/// What can be somebody's in a title.
const THINGS: [&str; 27] = [
    "post",
    "photo",
    "video",
    "comment",
    "link",
    "status",
    "album",
    "reel",
    "story",
    "reply",
    "live video",
    "profile picture",
    "cover photo",
    "cover video",
    "event",
    "note",
    "memory",
    "timeline",
    "activity",
    "check-in",
    "life event",
    "question",
    "poll",
    "GIF",
    "update",
    "share",
    "page",
];

impl<'t> Title<'t> {
    /// Takes a repaired title apart. `actor` is the name of whoever did it, where the record says so: a name may hold
    /// a verb.
    pub(super) fn parse(title: &'t str, actor: Option<&str>) -> Option<Self> {
        let named = actor.filter(|name| !name.is_empty()).and_then(|name| title.strip_prefix(name));
        let (actor, verb, rest) = if let Some(rest) = named {
            let &(text, verb) = VERBS.iter().find(|(text, _)| rest.starts_with(text))?;
            (&title[..title.len() - rest.len()], verb, &rest[text.len()..])
        } else {
            let found = VERBS.iter().filter_map(|&(text, verb)| Some((title.find(text)?, text, verb)));
            // The earliest, so that a later word of the sentence does not end the name.
            let (at, text, verb) = found.min_by_key(|&(at, text, _)| (at, std::cmp::Reverse(text.len())))?;
            (&title[..at], verb, &title[at + text.len()..])
        };
        let whose = if verb == Verb::Post { Whose::Unknown } else { whose(rest) };
        (!actor.trim().is_empty()).then_some(Self { actor: actor.trim(), verb, whose })
    }
}

/// Whose thing a sentence goes on about: `Sam Roe's photo.`, `his own post.`, `a post.`
fn whose(rest: &str) -> Whose<'_> {
    const OWN: [&str; 5] = ["his own ", "her own ", "their own ", "your own ", "its own "];
    if OWN.iter().any(|own| rest.strip_prefix(own).is_some_and(is_thing)) {
        return Whose::Own;
    }
    // A name may hold an apostrophe itself: the first one that is followed by a thing is meant.
    for (at, _) in rest.match_indices(['\'', '’']) {
        let after = &rest[at..].trim_start_matches(['\'', '’']);
        let after = after
            .strip_prefix("s ")
            .or_else(|| after.strip_prefix(' ').filter(|_| rest[..at].ends_with('s')));
        if after.is_some_and(is_thing) && !rest[..at].trim().is_empty() {
            return Whose::Of(rest[..at].trim());
        }
    }
    Whose::Unknown
}

fn is_thing(text: &str) -> bool {
    THINGS.iter().any(|thing| {
        text.strip_prefix(thing).is_some_and(|rest| {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            !rest.starts_with(|next: char| next.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(title: &str) -> Option<(Verb, Whose<'_>)> {
        Title::parse(title, None).map(|title| (title.verb, title.whose))
    }

    #[test]
    fn titles_name_the_receiver() {
        for (title, verb, whose) in [
            ("Ada B commented on Sam Roe's post.", Verb::Comment, Whose::Of("Sam Roe")),
            ("Ada B commented on Sam Roe’s live video.", Verb::Comment, Whose::Of("Sam Roe")),
            ("Ada B commented on Hans' photo.", Verb::Comment, Whose::Of("Hans")),
            ("Ada B commented on O'Neil's post in Chess.", Verb::Comment, Whose::Of("O'Neil")),
            ("Ada B replied to Sam Roe's comment.", Verb::Reply, Whose::Of("Sam Roe")),
            ("Ada B likes Sam's Shop's photo.", Verb::React, Whose::Of("Sam's Shop")),
            ("Ada B liked Sam Roe's comment: hers.", Verb::React, Whose::Of("Sam Roe")),
            ("Ada B shared Sam Roe's video.", Verb::Share, Whose::Of("Sam Roe")),
            ("Ada B commented on her own photo.", Verb::Comment, Whose::Own),
            ("Ada B replied to their own comment.", Verb::Reply, Whose::Own),
            ("Ada B replied to his comment.", Verb::Reply, Whose::Unknown),
            ("Ada B shared a link.", Verb::Share, Whose::Unknown),
            ("Ada B likes a post.", Verb::React, Whose::Unknown),
            ("Ada B commented on Sam Roe's postcard.", Verb::Comment, Whose::Unknown),
            ("Ada B updated her status.", Verb::Post, Whose::Unknown),
        ] {
            assert_eq!(parsed(title), Some((verb, whose)), "{title}");
        }
    }

    #[test]
    fn other_languages_and_nonsense_name_nobody() {
        for title in
            ["Ada har kommenteret Sams opslag.", "", "'s post", " commented on 's post", "commented on"]
        {
            assert!(!matches!(parsed(title), Some((_, Whose::Of(_)))), "{title}");
        }
    }

    #[test]
    fn a_known_actor_may_have_a_verb_in_the_name() {
        let title = "Who liked it commented on Sam's post.";
        assert_eq!(Title::parse(title, Some("Who liked it")).unwrap().verb, Verb::Comment);
        assert_eq!(Title::parse(title, None).unwrap().actor, "Who");
        assert_eq!(Title::parse("Sam likes Ada's post.", Some("Ada")).unwrap().actor, "Sam");
    }
}
