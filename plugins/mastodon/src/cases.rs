//! Invented files and the records that they must give.

use renown_sdk::Case;

/// The example: two statuses of a timeline.
pub(crate) const STATUSES: Case = Case {
    name: "a timeline: a reply with a mention, and a boost of a quote",
    path: "timeline.json",
    input: r#"[
  {"id": "501", "uri": "https://meadow.example/users/ada/statuses/501", "created_at": "2026-03-02T12:00:00.000Z", "visibility": "public",
   "in_reply_to_id": "77", "in_reply_to_account_id": "12", "content": "<p>@bo @cy so it is</p>",
   "account": {"id": "11", "username": "ada", "acct": "ada", "uri": "https://meadow.example/users/ada", "url": "https://meadow.example/@ada", "followers_count": 900, "following_count": 80, "statuses_count": 1200},
   "mentions": [{"id": "12", "username": "bo", "acct": "bo@harbour.example", "url": "https://harbour.example/@bo"}, {"id": "13", "username": "cy", "acct": "cy", "url": "https://meadow.example/@cy"}],
   "reblog": null, "reblogs_count": 4, "favourites_count": 30, "replies_count": 2},
  {"id": "502", "uri": "https://meadow.example/users/ada/statuses/502/activity", "created_at": "2026-03-03T12:00:00.000Z", "in_reply_to_id": null,
   "account": {"id": "11", "acct": "ada", "uri": "https://meadow.example/users/ada", "url": "https://meadow.example/@ada"}, "mentions": [], "reblogs_count": 5,
   "reblog": {"id": "503", "uri": "https://harbour.example/users/bo/statuses/9", "created_at": "2026-03-01T08:00:00.000Z", "account": {"id": "12", "acct": "bo@harbour.example", "url": "https://harbour.example/@bo"},
      "mentions": [], "reblogs_count": 5, "favourites_count": 0, "replies_count": 0, "quotes_count": 0,
      "quote": {"state": "accepted", "quoted_status": {"uri": "https://meadow.example/users/cy/statuses/400", "created_at": "2026-02-28T08:00:00.000Z", "account": {"acct": "cy", "uri": "https://meadow.example/users/cy", "url": "https://meadow.example/@cy"}, "reblogs_count": 1}}}}
]"#,
    siblings: &[],
    kind: "api-statuses",
    records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/cy @cy@meadow.example
            handle mastodon account=https://meadow.example/users/cy @cy@meadow.example
            interaction mastodon mention at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=@cy@meadow.example id=https://meadow.example/users/ada/statuses/501
            interaction mastodon quote at=2026-03-01T08:00:00Z actor=https://harbour.example/users/bo target=https://meadow.example/users/cy object=https://meadow.example/users/cy/statuses/400 id=https://harbour.example/users/bo/statuses/9
            interaction mastodon reply at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=@bo@harbour.example id=https://meadow.example/users/ada/statuses/501
            interaction mastodon repost at=2026-03-03T12:00:00Z actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=repost:https://meadow.example/users/ada:https://harbour.example/users/bo/statuses/9
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/cy community=meadow.example
            membership mastodon account=https://meadow.example/users/cy community=meadow.example
            observation mastodon followers account=https://meadow.example/users/ada at=2026-03-02T12:00:00Z value=900
            observation mastodon friends account=https://meadow.example/users/ada at=2026-03-02T12:00:00Z value=80
            observation mastodon posts account=https://meadow.example/users/ada at=2026-03-02T12:00:00Z value=1200
            post mastodon https://harbour.example/users/bo/statuses/9 author=https://harbour.example/users/bo at=2026-03-01T08:00:00Z observed=2026-03-03T12:00:00Z like=0 quote=0 reply=0 repost=5
            post mastodon https://meadow.example/users/ada/statuses/501 author=https://meadow.example/users/ada at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z like=30 reply=2 repost=4
            post mastodon https://meadow.example/users/cy/statuses/400 author=https://meadow.example/users/cy at=2026-02-28T08:00:00Z observed=2026-03-03T12:00:00Z repost=1",
};

/// What stands in `actor.json` in the cases of archives.
const ACTOR: &str = r#"{"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://meadow.example/users/ada", "type": "Person", "following": "https://meadow.example/users/ada/following",
 "followers": "https://meadow.example/users/ada/followers", "inbox": "https://meadow.example/users/ada/inbox", "outbox": "outbox.json", "preferredUsername": "ada", "name": "Ada", "summary": "",
 "url": "https://meadow.example/@ada", "published": "2018-01-01T00:00:00Z", "likes": "likes.json", "bookmarks": "bookmarks.json"}"#;

/// All other cases.
pub(crate) const CASES: [Case; 16] = [
    Case {
        name: "the outbox of an archive",
        path: "archive/outbox.json",
        input: r#"{"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection", "totalItems": 6, "orderedItems": [
  {"id": "https://meadow.example/users/ada/statuses/501/activity", "type": "Create", "actor": "https://meadow.example/users/ada", "published": "2026-03-02T12:00:00Z",
   "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": ["https://meadow.example/users/ada/followers", "https://harbour.example/users/bo"],
   "object": {"id": "https://meadow.example/users/ada/statuses/501", "type": "Note", "summary": null, "inReplyTo": "https://harbour.example/users/bo/statuses/77", "published": "2026-03-02T12:00:00Z",
     "attributedTo": "https://meadow.example/users/ada", "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [], "content": "<p>so it is</p>",
     "tag": [{"type": "Mention", "href": "https://harbour.example/users/bo", "name": "@bo@harbour.example"}, {"type": "Mention", "href": "https://meadow.example/ap/users/113", "name": "@cy"}, {"type": "Hashtag", "href": "https://meadow.example/tags/x", "name": "x"}],
     "replies": {"id": "https://meadow.example/users/ada/statuses/501/replies", "type": "Collection", "first": {"type": "CollectionPage", "items": []}},
     "likes": {"id": "https://meadow.example/users/ada/statuses/501/likes", "type": "Collection", "totalItems": 30}, "shares": {"type": "Collection", "totalItems": 4}}},
  {"id": "https://meadow.example/users/ada/statuses/502/activity", "type": "Announce", "actor": "https://meadow.example/users/ada", "published": "2026-03-03T12:00:00Z",
   "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": ["https://harbour.example/users/bo"], "object": "https://harbour.example/users/bo/statuses/9"},
  {"type": "Announce", "actor": "https://meadow.example/users/ada", "published": "2026-03-03T13:00:00Z", "to": "as:Public", "object": "https://isle.example/notes/9abc"},
  {"type": "Create", "actor": "https://meadow.example/users/ada", "published": "2026-03-04T12:00:00Z", "to": ["https://harbour.example/users/bo"], "cc": [],
   "object": {"id": "https://meadow.example/users/ada/statuses/504", "type": "Note", "to": ["https://harbour.example/users/bo"], "cc": [], "tag": [{"type": "Mention", "href": "https://harbour.example/users/bo"}]}},
  {"type": "Delete", "actor": "https://meadow.example/users/ada", "object": "https://meadow.example/users/ada/statuses/500"},
  "https://meadow.example/users/ada/statuses/499/activity"
]}"#,
        siblings: &[("actor.json", ACTOR)],
        kind: "archive-outbox",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://meadow.example/ap/users/113 @cy@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon mention at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=https://meadow.example/ap/users/113 id=https://meadow.example/users/ada/statuses/501
            interaction mastodon reply at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/77 id=https://meadow.example/users/ada/statuses/501
            interaction mastodon repost at=2026-03-03T12:00:00Z actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=repost:https://meadow.example/users/ada:https://harbour.example/users/bo/statuses/9
            interaction mastodon repost at=2026-03-03T13:00:00Z actor=https://meadow.example/users/ada object=https://isle.example/notes/9abc id=repost:https://meadow.example/users/ada:https://isle.example/notes/9abc
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://meadow.example/ap/users/113 community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            pass-over activity that is no post and no reaction
            pass-over activity that is not given whole
            pass-over direct message
            post mastodon https://meadow.example/users/ada/statuses/501 author=https://meadow.example/users/ada at=2026-03-02T12:00:00Z observed=2026-03-04T12:00:00Z like=30 repost=4",
    },
    Case {
        name: "an answer to a post whose URI does not name its author, and a quote",
        path: "outbox.json",
        input: r#"{"type": "OrderedCollectionPage", "partOf": "https://meadow.example/users/ada/outbox", "orderedItems": [
  {"type": "Create", "actor": {"id": "https://meadow.example/users/ada"}, "published": "2026-03-02T12:00:00Z", "to": "https://www.w3.org/ns/activitystreams#Public",
   "object": {"id": "https://meadow.example/users/ada/statuses/505", "type": "Note", "inReplyTo": {"id": "https://isle.example/notes/9abc"}, "quoteUrl": "https://pond.example/notes/7", "quoteUri": null,
     "tag": [{"type": "Mention", "href": "https://isle.example/users/9xyz", "name": "@di@isle.example"}, {"type": "Mention", "href": "https://harbour.example/users/bo", "name": "@bo@harbour.example"}]}},
  {"type": "Like", "actor": "https://meadow.example/users/ada", "object": "https://harbour.example/users/bo/statuses/9"},
  {"type": "Follow", "actor": "https://meadow.example/users/ada", "published": "2026-03-01T12:00:00Z", "object": "https://harbour.example/users/bo"}
]}"#,
        siblings: &[],
        kind: "archive-outbox",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://isle.example/users/9xyz @di@isle.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon follow at=2026-03-01T12:00:00Z actor=https://meadow.example/users/ada target=https://harbour.example/users/bo id=follow:https://meadow.example/users/ada:https://harbour.example/users/bo
            interaction mastodon like actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=like:https://meadow.example/users/ada:https://harbour.example/users/bo/statuses/9
            interaction mastodon mention at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=https://harbour.example/users/bo id=https://meadow.example/users/ada/statuses/505
            interaction mastodon quote at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada object=https://pond.example/notes/7 id=https://meadow.example/users/ada/statuses/505
            interaction mastodon reply at=2026-03-02T12:00:00Z actor=https://meadow.example/users/ada target=https://isle.example/users/9xyz object=https://isle.example/notes/9abc id=https://meadow.example/users/ada/statuses/505
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://isle.example/users/9xyz community=isle.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            post mastodon https://meadow.example/users/ada/statuses/505 author=https://meadow.example/users/ada at=2026-03-02T12:00:00Z observed=2026-03-02T12:00:00Z",
    },
    Case {
        name: "bad fields in an outbox lose nothing else",
        path: "outbox.json",
        input: r#"{"type": "OrderedCollection", "id": "outbox.json", "orderedItems": [null, 7, [],
  {"type": "Create", "actor": 7, "published": "soon", "to": 7, "object": {"id": "https://meadow.example/users/ada/statuses/506", "type": "Note", "inReplyTo": {}, "published": {}, "tag": "none", "likes": {"totalItems": -1}, "shares": {"totalItems": "6"}, "replies": 3}},
  {"type": "Create", "actor": "https://meadow.example/users/ada", "object": {"type": "Note", "content": "x"}},
  {"type": 5}
]}"#,
        siblings: &[("actor.json", ACTOR)],
        kind: "archive-outbox",
        records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            pass-over activity that is no post and no reaction
            pass-over activity that is not given whole
            pass-over activity that is not given whole
            pass-over activity that is not given whole
            post mastodon https://meadow.example/users/ada/statuses/506 author=https://meadow.example/users/ada repost=6
            reject object.id: missing: a post has one
            reject object.likes.totalItems: not a whole number from 0 to 10^18
            reject object.published: not a time such as 2026-09-30T12:00:00Z
            reject published: not a time such as 2026-09-30T12:00:00Z",
    },
    Case {
        name: "likes of an archive",
        path: "archive/likes.json",
        input: r#"{"@context": "https://www.w3.org/ns/activitystreams", "id": "likes.json", "type": "OrderedCollection", "orderedItems": ["https://harbour.example/users/bo/statuses/9", "https://isle.example/notes/9abc", null]}"#,
        siblings: &[("actor.json", ACTOR)],
        kind: "archive-likes",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon like actor=https://meadow.example/users/ada object=https://isle.example/notes/9abc id=like:https://meadow.example/users/ada:https://isle.example/notes/9abc
            interaction mastodon like actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=like:https://meadow.example/users/ada:https://harbour.example/users/bo/statuses/9
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            reject orderedItems: an element is no URI of a post",
    },
    Case {
        name: "bookmarks of an archive whose actor.json is missing",
        path: "archive/bookmarks.json",
        input: r#"{"@context": "https://www.w3.org/ns/activitystreams", "id": "bookmarks.json", "type": "OrderedCollection", "orderedItems": ["https://harbour.example/users/bo/statuses/9"]}"#,
        siblings: &[],
        kind: "archive-bookmarks",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            interaction mastodon bookmark actor=owner:archive target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=bookmark:owner:archive:https://harbour.example/users/bo/statuses/9
            membership mastodon account=https://harbour.example/users/bo community=harbour.example",
    },
    Case { name: "whose an archive is", path: "actor.json", input: ACTOR, siblings: &[], kind: "archive-actor", records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example" },
    Case {
        name: "followed accounts",
        path: "following_accounts.csv",
        input: "Account address,Show boosts,Notify on new posts,Languages\nbo@harbour.example,true,false,\"de, en\"\n\n\"Cy@Meadow.Example\",true,false,\nnobody,true,false,\n",
        siblings: &[("actor.json", ACTOR)],
        kind: "export-following",
        records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon follow actor=https://meadow.example/users/ada target=@bo@harbour.example id=follow:https://meadow.example/users/ada:@bo@harbour.example
            interaction mastodon follow actor=https://meadow.example/users/ada target=@cy@meadow.example id=follow:https://meadow.example/users/ada:@cy@meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            reject the first column is no account address (user@host)",
    },
    Case {
        name: "followed accounts of the first years, without a header",
        path: "export/following_accounts.csv",
        input: "bo@harbour.example\r\n",
        siblings: &[],
        kind: "export-following",
        records: "
            interaction mastodon follow actor=owner:export target=@bo@harbour.example id=follow:owner:export:@bo@harbour.example",
    },
    Case {
        name: "followers",
        path: "followers.csv",
        input: "\u{feff}Account address\nbo@harbour.example\n",
        siblings: &[("actor.json", ACTOR)],
        kind: "export-followers",
        records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon follow actor=@bo@harbour.example target=https://meadow.example/users/ada id=follow:@bo@harbour.example:https://meadow.example/users/ada
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example",
    },
    Case {
        name: "bookmarks",
        path: "bookmarks.csv",
        input: "https://harbour.example/users/bo/statuses/9\nhttps://isle.example/notes/9abc\n?\n",
        siblings: &[("actor.json", ACTOR)],
        kind: "export-bookmarks",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon bookmark actor=https://meadow.example/users/ada object=https://isle.example/notes/9abc id=bookmark:https://meadow.example/users/ada:https://isle.example/notes/9abc
            interaction mastodon bookmark actor=https://meadow.example/users/ada target=https://harbour.example/users/bo object=https://harbour.example/users/bo/statuses/9 id=bookmark:https://meadow.example/users/ada:https://harbour.example/users/bo/statuses/9
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            reject the first column is no URI of a post",
    },
    Case {
        name: "muted accounts are passed over",
        path: "muted_accounts.csv",
        input: "Account address,Hide notifications\nbo@harbour.example,true\n",
        siblings: &[],
        kind: "export-other",
        records: "",
    },
    Case {
        name: "statuses of an old server, a direct message, a reply to somebody unnamed, and bad fields",
        path: "statuses.jsonl",
        input: r#"{"id": "1", "uri": "https://meadow.example/users/ada/statuses/1", "created_at": "2019-03-02T12:00:00.000Z", "in_reply_to_id": null, "account": {"id": "11", "acct": "ada", "url": "https://meadow.example/@ada", "followers_count": -1}, "reblogs_count": 1e30, "favourites_count": "6", "mentions": null}
{"id": "2", "uri": "https://meadow.example/users/ada/statuses/2", "created_at": "2019-03-02T13:00:00.000Z", "visibility": "direct", "account": {"id": "11", "acct": "ada"}, "reblogs_count": 0}
{"id": "3", "uri": "https://isle.example/notes/3", "created_at": 7, "in_reply_to_id": "9", "in_reply_to_account_id": "99", "account": {"id": "14", "acct": "Di@isle.example", "url": "https://isle.example/@Di"}, "reblogs_count": null}
{"id": "4", "uri": "https://meadow.example/users/ada/statuses/4", "created_at": "2019-03-02T14:00:00.000Z", "in_reply_to_id": "1", "in_reply_to_account_id": "11", "account": {"id": "11", "acct": "ada", "url": "https://meadow.example/@ada"}, "replies_count": 0}
{"id": "5", "created_at": "2019-03-02T14:00:00.000Z", "account": {"id": "11", "acct": "ada"}, "reblogs_count": 0}
{"id": "6", "uri":
"#,
        siblings: &[],
        kind: "api-statuses",
        records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            interaction mastodon reply at=2019-03-02T14:00:00Z actor=https://meadow.example/users/ada target=https://meadow.example/users/ada id=https://meadow.example/users/ada/statuses/4
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            pass-over direct message
            pass-over reply to somebody whom the status does not name
            post mastodon https://isle.example/notes/3 author=@di@isle.example
            post mastodon https://meadow.example/users/ada/statuses/1 author=https://meadow.example/users/ada at=2019-03-02T12:00:00Z observed=2019-03-02T12:00:00Z like=6
            post mastodon https://meadow.example/users/ada/statuses/4 author=https://meadow.example/users/ada at=2019-03-02T14:00:00Z observed=2019-03-02T14:00:00Z reply=0
            reject created_at: not a time such as 2026-09-30T12:00:00Z
            reject followers_count: not a whole number from 0 to 10^18
            reject reblogs_count: not a whole number from 0 to 10^18
            reject the file ends in the middle of this document: expected its closing bracket (is the download complete?)
            reject uri: missing: a status has one",
    },
    Case {
        name: "accounts",
        path: "followers-page.json",
        input: r#"[{"id": "12", "username": "bo", "acct": "bo@harbour.example", "url": "https://harbour.example/@bo", "uri": "https://harbour.example/users/bo", "created_at": "2017-01-01T00:00:00.000Z", "last_status_at": "2026-03-01", "followers_count": 10, "following_count": 20, "statuses_count": 30},
 {"id": "13", "username": "cy", "acct": "cy", "url": null, "followers_count": 1}]"#,
        siblings: &[],
        kind: "api-accounts",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            observation mastodon followers account=https://harbour.example/users/bo at=2026-03-01T00:00:00Z value=10
            observation mastodon friends account=https://harbour.example/users/bo at=2026-03-01T00:00:00Z value=20
            observation mastodon posts account=https://harbour.example/users/bo at=2026-03-01T00:00:00Z value=30
            pass-over object that is no account",
    },
    Case {
        name: "notifications",
        path: "notifications.json",
        input: r#"[
  {"id": "1", "type": "follow", "created_at": "2026-03-05T12:00:00.000Z", "account": {"id": "12", "acct": "bo@harbour.example", "uri": "https://harbour.example/users/bo", "url": "https://harbour.example/@bo", "followers_count": 10}},
  {"id": "2", "type": "favourite", "created_at": "2026-03-05T11:00:00.000Z", "account": {"id": "12", "acct": "bo@harbour.example", "uri": "https://harbour.example/users/bo", "url": "https://harbour.example/@bo"},
   "status": {"id": "501", "uri": "https://meadow.example/users/ada/statuses/501", "created_at": "2026-03-02T12:00:00.000Z", "account": {"id": "11", "acct": "ada", "uri": "https://meadow.example/users/ada", "url": "https://meadow.example/@ada"}, "mentions": [], "reblogs_count": 4, "favourites_count": 31, "replies_count": 2}},
  {"id": "3", "type": "reblog", "created_at": "2026-03-05T10:00:00.000Z", "account": {"id": "13", "acct": "cy", "url": "https://meadow.example/@cy"},
   "status": {"id": "501", "uri": "https://meadow.example/users/ada/statuses/501", "created_at": "2026-03-02T12:00:00.000Z", "account": {"id": "11", "acct": "ada", "uri": "https://meadow.example/users/ada", "url": "https://meadow.example/@ada"}}},
  {"id": "4", "type": "mention", "created_at": "2026-03-05T09:00:00.000Z", "account": {"id": "13", "acct": "cy", "url": "https://meadow.example/@cy"},
   "status": {"id": "600", "uri": "https://meadow.example/users/cy/statuses/600", "created_at": "2026-03-05T09:00:00.000Z", "account": {"id": "13", "acct": "cy", "url": "https://meadow.example/@cy"}, "mentions": [{"id": "11", "acct": "ada", "url": "https://meadow.example/@ada"}]}},
  {"id": "5", "type": "follow_request", "created_at": "2026-03-05T08:00:00.000Z", "account": {"id": "15", "acct": "ed", "url": "https://meadow.example/@ed"}}
]"#,
        siblings: &[],
        kind: "api-notifications",
        records: "
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://harbour.example/users/bo @bo@harbour.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/cy @cy@meadow.example
            interaction mastodon follow at=2026-03-05T12:00:00Z actor=https://harbour.example/users/bo target=https://meadow.example/users/ada id=follow:https://harbour.example/users/bo:https://meadow.example/users/ada
            interaction mastodon like at=2026-03-05T11:00:00Z actor=https://harbour.example/users/bo target=https://meadow.example/users/ada object=https://meadow.example/users/ada/statuses/501 id=like:https://harbour.example/users/bo:https://meadow.example/users/ada/statuses/501
            interaction mastodon mention at=2026-03-05T09:00:00Z actor=https://meadow.example/users/cy target=@ada@meadow.example id=https://meadow.example/users/cy/statuses/600
            interaction mastodon repost at=2026-03-05T10:00:00Z actor=@cy@meadow.example target=https://meadow.example/users/ada object=https://meadow.example/users/ada/statuses/501 id=repost:@cy@meadow.example:https://meadow.example/users/ada/statuses/501
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://harbour.example/users/bo community=harbour.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/cy community=meadow.example
            observation mastodon followers account=https://harbour.example/users/bo at=2026-03-05T12:00:00Z value=10
            pass-over notification of something other than an act
            post mastodon https://meadow.example/users/ada/statuses/501 author=https://meadow.example/users/ada at=2026-03-02T12:00:00Z observed=2026-03-05T10:00:00Z
            post mastodon https://meadow.example/users/ada/statuses/501 author=https://meadow.example/users/ada at=2026-03-02T12:00:00Z observed=2026-03-05T11:00:00Z like=31 reply=2 repost=4
            post mastodon https://meadow.example/users/cy/statuses/600 author=https://meadow.example/users/cy at=2026-03-05T09:00:00Z observed=2026-03-05T09:00:00Z",
    },
    Case {
        name: "the thread around a status, and search results",
        path: "context.jsonl",
        input: r#"{"ancestors": [], "descendants": [{"id": "600", "uri": "https://meadow.example/users/cy/statuses/600", "created_at": "2026-03-05T09:00:00.000Z", "in_reply_to_id": "501", "in_reply_to_account_id": "11", "account": {"id": "13", "acct": "cy", "url": "https://meadow.example/@cy"}, "mentions": [{"id": "11", "acct": "ada", "url": "https://meadow.example/@ada"}], "replies_count": 0}]}
{"accounts": [{"id": "11", "username": "ada", "acct": "ada", "uri": "https://meadow.example/users/ada", "url": "https://meadow.example/@ada", "statuses_count": 1201}], "statuses": [], "hashtags": []}
{"ancestors": [], "descendants": []}
"#,
        siblings: &[],
        kind: "api-page",
        records: "
            handle mastodon account=https://meadow.example/users/ada @ada@meadow.example
            handle mastodon account=https://meadow.example/users/cy @cy@meadow.example
            interaction mastodon reply at=2026-03-05T09:00:00Z actor=https://meadow.example/users/cy target=@ada@meadow.example id=https://meadow.example/users/cy/statuses/600
            membership mastodon account=https://meadow.example/users/ada community=meadow.example
            membership mastodon account=https://meadow.example/users/cy community=meadow.example
            observation mastodon posts account=https://meadow.example/users/ada value=1201
            pass-over page without results
            post mastodon https://meadow.example/users/cy/statuses/600 author=https://meadow.example/users/cy at=2026-03-05T09:00:00Z observed=2026-03-05T09:00:00Z reply=0",
    },
    Case {
        name: "grouped notifications are passed over",
        path: "grouped.json",
        input: r#"{"accounts": [{"id": "11", "username": "ada", "acct": "ada", "url": "https://meadow.example/@ada", "statuses_count": 1201}], "statuses": [], "notification_groups": [{"group_key": "favourite-1", "notifications_count": 2, "type": "favourite", "sample_account_ids": ["11"]}]}"#,
        siblings: &[],
        kind: "api-other",
        records: "",
    },
];
