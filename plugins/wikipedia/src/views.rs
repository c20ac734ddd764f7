//! Hourly page views: `CODE TITLE VIEWS BYTES` a line, parted by blanks, without a header. The time is in the file's name.

use renown_sdk::{
    File, Framing, Id, Interaction, MAX_AMOUNT, Piece, Reader, Sink, Timestamp, TooManyWords, Vocabulary,
    Word,
};

use crate::NETWORK;
use crate::lines;
use crate::page::{PageName, language};
use crate::recognise::hour;

/// Reads page views.
pub(crate) struct ViewReader {
    network: Word,
    view: Word,
    at: Option<Timestamp>,
}

impl ViewReader {
    pub(crate) fn new(file: &File<'_>, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        Ok(Self {
            network: vocabulary.network(NETWORK)?,
            view: vocabulary.kind(NETWORK, "view")?,
            at: hour(file.name()),
        })
    }

    fn read_row(&self, row: &str, name: &mut PageName, sink: &mut dyn Sink) -> Result<(), &'static str> {
        let row =
            Row::parse(row).ok_or("expected four columns parted by blanks: wiki, title, views, bytes")?;
        let Some(language) = language(row.code) else {
            sink.pass_over("views of another project");
            return Ok(());
        };
        let amount: u64 = row.views.parse().map_err(|_| "views: not a whole number from 0 to 10^18")?;
        if amount > MAX_AMOUNT {
            return Err("views: not a whole number from 0 to 10^18");
        }
        let Some(page) = name.of(language, row.title) else {
            sink.pass_over("views of no known title");
            return Ok(());
        };
        sink.interaction(&Interaction {
            at: self.at,
            network: self.network,
            kind: self.view,
            actor: None,
            target: Some(Id::new(page)),
            object: None,
            id: None,
            amount,
        });
        Ok(())
    }
}

impl Reader for ViewReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: 0, quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut name = PageName::default();
        lines::each(piece, sink, |row, sink| self.read_row(row, &mut name, sink));
    }
}

/// A line's columns.
pub(crate) struct Row<'a> {
    pub(crate) code: &'a str,
    pub(crate) title: &'a str,
    pub(crate) views: &'a str,
    pub(crate) bytes: &'a str,
}

impl<'a> Row<'a> {
    /// `None` if there are not four of them.
    pub(crate) fn parse(row: &'a str) -> Option<Self> {
        let mut columns = row.split(' ');
        let row = Self {
            code: columns.next()?,
            title: columns.next()?,
            views: columns.next()?,
            bytes: columns.next()?,
        };
        columns.next().is_none().then_some(row)
    }
}
