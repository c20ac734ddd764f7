//! Invented files and the records that they must give.

use renown_sdk::Case;

/// The example: an hour's views.
pub(crate) const VIEWS: Case = Case {
    name: "an hour's views, on a desk and mobile",
    path: "pageviews-20260101-130000",
    input: "de Großer_Quellsee 3 0\nen Brindle_Bridge 40 0\nen.b Cookbook:Nettles 5 0\nen.m Brindle_Bridge 2 0\nen - 900 0\n",
    siblings: &[],
    kind: "pageviews",
    records: "
        interaction wikipedia view at=2026-01-01T13:00:00Z target=de:Großer_Quellsee amount=3
        interaction wikipedia view at=2026-01-01T13:00:00Z target=en:Brindle_Bridge amount=40
        pass-over views of another project
        interaction wikipedia view at=2026-01-01T13:00:00Z target=en:Brindle_Bridge amount=2
        pass-over views of no known title",
};

/// All other cases.
pub(crate) const CASES: [Case; 7] = [
    Case {
        name: "counts of the years before, and rows that cannot be read",
        path: "2015/pagecounts-20150101-000000",
        input: "en Brindle_Bridge 1 20480\nen 404 2 0\nen two words 3 0\nen Brindle_Bridge 1e30 0\nen Brindle_Bridge -1 0\n\nen Brindle_Bridge 99999999999999999999 0\nen Brindle_Br",
        siblings: &[],
        kind: "pageviews",
        records: "
            interaction wikipedia view at=2014-12-31T23:00:00Z target=en:404 amount=2
            interaction wikipedia view at=2014-12-31T23:00:00Z target=en:Brindle_Bridge
            reject expected four columns parted by blanks: wiki, title, views, bytes
            reject expected four columns parted by blanks: wiki, title, views, bytes
            reject views: not a whole number from 0 to 10^18
            reject views: not a whole number from 0 to 10^18
            reject views: not a whole number from 0 to 10^18",
    },
    Case {
        name: "links",
        path: "enwiki-20260101-links.tsv",
        input: "Brindle_Bridge\tRiver Aune\nRiver_Aune\tBrindle Bridge\r\nRiver_Aune\t\nRiver_Aune\n",
        siblings: &[],
        kind: "page-links",
        records: "
            interaction wikipedia link at=2026-01-01T00:00:00Z actor=en:Brindle_Bridge target=en:River_Aune
            interaction wikipedia link at=2026-01-01T00:00:00Z actor=en:River_Aune target=en:Brindle_Bridge
            reject expected a title in each of two columns parted by a tab
            reject expected a title in each of two columns parted by a tab",
    },
    Case {
        name: "links of a published graph, with a header",
        path: "dewiki.wikilink_graph.2018-03-01.csv",
        input: "page_id_from\tpage_title_from\tpage_id_to\tpage_title_to\n7\tGroßer Quellsee\t9\tKleiner Quellsee\n7\tx\n",
        siblings: &[],
        kind: "page-links",
        records: "
            interaction wikipedia link at=2018-03-01T00:00:00Z actor=de:Großer_Quellsee target=de:Kleiner_Quellsee
            reject expected a title in each of two columns parted by a tab",
    },
    Case {
        name: "links of no known day, headed",
        path: "simplewiki/links.tsv",
        input: "\u{feff}From\tTo\nA\tB\n",
        siblings: &[],
        kind: "page-links",
        records: "
            interaction wikipedia link actor=simple:A target=simple:B",
    },
    Case {
        name: "views of whole wikis are passed over",
        path: "projectviews-20260101-130000",
        input: "en - 9000 0\nen.m - 12000 0\n",
        siblings: &[],
        kind: "project-views",
        records: "",
    },
    Case {
        name: "SQL dumps are passed over",
        path: "enwiki-20260101-pagelinks.sql",
        input: "-- MySQL dump 10.19\nDROP TABLE IF EXISTS `pagelinks`;\nINSERT INTO `pagelinks` VALUES (1,0,2),(3,0,4);\n",
        siblings: &[],
        kind: "sql-dump",
        records: "",
    },
    Case {
        name: "and so are those of newer servers",
        path: "enwiki-20260101-linktarget.sql",
        input: "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\nCREATE TABLE `linktarget` (\n",
        siblings: &[],
        kind: "sql-dump",
        records: "",
    },
];
