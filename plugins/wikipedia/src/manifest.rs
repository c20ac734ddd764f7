//! What the adapter says of itself.

use renown_sdk::{FileKind, Manifest, NetworkSpec, Vocable};

use crate::recognise::Kind;
use crate::{NETWORK, cases};

/// What the adapter reads and what it makes of it.
pub(crate) const MANIFEST: Manifest = Manifest {
    name: "wikipedia",
    docs: "Wikipedia, whose pages take the place of accounts: hourly page views, and links from page to page.",
    networks: &[NetworkSpec { name: NETWORK, kinds: &KINDS, metrics: &[] }],
    files: &FILES,
    example: cases::VIEWS,
    cases: &cases::CASES,
};

const KINDS: [Vocable; 2] = [
    Vocable {
        name: "view",
        also: &["pageview", "views"],
        unit: "views",
        docs: "Times that a page was viewed, on a desk or on the way; only ever a total.",
        default_weight: ("recent", 0.8),
    },
    Vocable {
        name: "link",
        also: &["pagelink"],
        unit: "acts",
        docs: "Pages that link to a page.",
        default_weight: ("actors", 0.6),
    },
];

const FILES: [FileKind; Kind::ALL.len()] = [
    FileKind {
        name: Kind::Views.name(),
        patterns: &["pageviews-*-*", "pagecounts-*-*"],
        docs: "Hourly page views (dumps.wikimedia.org/other/pageviews): lines of `en Page_title 42 0`. The hour is in the file's \
               name, in UTC; without it they are undated. Two of the same hour add up: give each once.",
        yields: "view totals of pages, called `en:Page_title`",
        passed_over: "projects other than Wikipedia and views of no known title (counted); bytes",
    },
    FileKind {
        name: Kind::Links.name(),
        patterns: &["*wiki*.tsv", "*wiki.wikilink_graph.*.csv"],
        docs: "Links as rows of `from<TAB>to`, titles of pages of one wiki: the form of published link graphs. A header may name \
               the columns (`from` and `to`, `page_title_from` and `page_title_to`, `source` and `target`), among others; \
               without one there are just two. The path must name the wiki as its database is called (`enwiki-links.tsv`), and \
               the name may give the day of the snapshot (`enwiki-20260101-links.tsv`). To make one of the SQL dumps, load \
               them into a database and select `f.page_title, lt_title` from `pagelinks` joined with `page f` on `pl_from = \
               f.page_id` and with `linktarget` on `pl_target_id = lt_id`, where both namespaces are 0.",
        yields: "link by the page that it stands on, dated by the snapshot",
        passed_over: "further columns",
    },
    FileKind {
        name: Kind::ProjectViews.name(),
        patterns: &["projectviews-*-*", "projectcounts-*-*"],
        docs: "Hourly views of whole wikis.",
        yields: "",
        passed_over: "the whole file: no page's",
    },
    FileKind {
        name: Kind::SqlDump.name(),
        patterns: &["*wiki-*-pagelinks.sql", "*wiki-*-page.sql", "*wiki-*-linktarget.sql"],
        docs: "MediaWiki's tables of pages and links as SQL.",
        yields: "",
        passed_over: "the whole file: a link in it is two numbers, whose titles stand in two other files of gigabytes. Join them in \
                      a database and pass the table (page-links says how).",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_described_once_and_found_by_its_name() {
        let described: Vec<_> = FILES.iter().map(|file| file.name).collect();
        assert_eq!(described, Kind::ALL.map(Kind::name));
        for kind in Kind::ALL {
            assert_eq!(Kind::by_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::by_name("fax"), None);
    }
}
