//! Tables of links: a row each, parted by tabs, with the title of the page that a link stands on and of the one that it leads
//! to. The wiki is in the file's name, and so is the day, if it is given.

use renown_sdk::{
    File, Framing, Id, Interaction, Piece, Reader, Sink, Timestamp, TooManyWords, Vocabulary, Word,
};

use crate::NETWORK;
use crate::lines;
use crate::page::PageName;
use crate::recognise::{Columns, day, first_line, wiki};

/// Reads links.
pub(crate) struct LinkReader {
    network: Word,
    link: Word,
    language: String,
    at: Option<Timestamp>,
    columns: Columns,
}

impl LinkReader {
    pub(crate) fn new(file: &File<'_>, vocabulary: &Vocabulary) -> Result<Self, TooManyWords> {
        Ok(Self {
            network: vocabulary.network(NETWORK)?,
            link: vocabulary.kind(NETWORK, "link")?,
            language: wiki(file.path).unwrap_or_default(),
            at: day(file.name()),
            columns: first_line(file.head).and_then(Columns::of).unwrap_or_default(),
        })
    }

    fn read_row(
        &self,
        row: &str,
        names: &mut [PageName; 2],
        sink: &mut dyn Sink,
    ) -> Result<(), &'static str> {
        let (from, to) =
            self.columns.pick(row).ok_or("expected a title in each of two columns parted by a tab")?;
        let [from_name, to_name] = names;
        let pages = (from_name.of(&self.language, from), to_name.of(&self.language, to));
        let (Some(from), Some(to)) = pages else {
            return Err("expected a title in each of two columns parted by a tab");
        };
        sink.interaction(&Interaction {
            at: self.at,
            network: self.network,
            kind: self.link,
            actor: Some(Id::new(from)),
            target: Some(Id::new(to)),
            object: None,
            id: None,
            amount: 1,
        });
        Ok(())
    }
}

impl Reader for LinkReader {
    fn framing(&self) -> Framing {
        Framing::Csv { header: usize::from(self.columns.headed), quote: None }
    }

    fn read(&self, piece: &Piece<'_>, sink: &mut dyn Sink) {
        let mut names = [PageName::default(), PageName::default()];
        lines::each(piece, sink, |row, sink| self.read_row(row, &mut names, sink));
    }
}
