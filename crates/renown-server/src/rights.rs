//! What people say about themselves, and what follows from it at once in what is served.

use std::sync::Arc;

use renown_store::book::{Book, BookError, By, Correction};

use crate::api::at_the_desk;
use crate::app::App;
use crate::guard::Caller;
use crate::problem::{Kind, Problem, fault};

/// What somebody says to being scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// They agree.
    Agree,
    /// They take that back.
    Withdraw,
    /// They say no.
    Object,
}

impl Word {
    fn say(self, book: &Book, person: &str, by: &By) -> Result<(), BookError> {
        match self {
            Self::Agree => book.agree(person, by),
            Self::Withdraw => book.withdraw(person, by),
            Self::Object => book.object(person, by),
        }
    }
}

impl App {
    /// Changes people in the book; when this returns, nobody is shown any more who is not to be.
    async fn change_people(
        self: &Arc<Self>,
        change: impl FnOnce(&Book) -> Result<(), BookError> + Send + 'static,
    ) -> Result<(), Problem> {
        let app = self.clone();
        let changed = tokio::task::spawn_blocking(move || {
            change(&app.book)?;
            app.people_changed()?;
            // What is answered from the records has them no more either.
            app.desk.people_changed();
            Ok::<(), BookError>(())
        });
        Ok(changed.await.map_err(|_| fault())??)
    }

    /// Writes down what somebody says to being scored. Who is not to be shown any more is in no answer after this.
    ///
    /// # Errors
    /// [`Problem`]: nobody of this id; the book cannot be written.
    pub(crate) async fn say(
        self: &Arc<Self>,
        caller: &Caller,
        person: &str,
        word: Word,
    ) -> Result<(), Problem> {
        caller.must_be(person)?;
        let (person, by) = (person.to_owned(), caller.by());
        self.change_people(move |book| word.say(book, &person, &by)).await
    }

    /// Corrects what the book says of somebody. They may themselves correct their name, give accounts up, say that they are a minor and
    /// ask to be left out; what would gain them something is for an operator to look at first.
    ///
    /// # Errors
    /// [`Problem`]: as [`App::say`]; it is for an operator; an account is somebody else's.
    pub(crate) async fn correct(
        self: &Arc<Self>,
        caller: &Caller,
        person: &str,
        correction: Correction,
    ) -> Result<(), Problem> {
        caller.must_be(person)?;
        let (person, by) = (person.to_owned(), caller.by());
        if !caller.is_admin() {
            let known = person.clone();
            let resident = self.with_book(move |book| must(book, &known)).await?;
            let gives_up = |accounts: &Vec<(String, String)>| {
                accounts.iter().all(|account| resident.accounts.contains(account))
            };
            let may = correction.tags.is_none()
                && correction.minor != Some(false)
                && correction.exclude != Some(false)
                && correction.accounts.as_ref().is_none_or(gives_up);
            if !may {
                let why = "one's own key corrects the name, gives accounts up, and sets `minor` or `exclude`; tags, new accounts \
                           and taking marks back need a key with the scope `admin`";
                return Err(Problem::new(Kind::Forbidden, why));
            }
        }
        let has_others = correction.tags.is_some() || correction.accounts.is_some();
        let relabelled = has_others.then(|| person.clone());
        self.change_people(move |book| book.correct(&person, &correction, &by)).await?;
        let Some(person) = relabelled else { return Ok(()) };
        let app = self.clone();
        Ok(tokio::task::spawn_blocking(move || app.relabelled(&person)).await.map_err(|_| fault())??)
    }

    /// Forgets somebody: at once in what is served, and then in the records and the book.
    ///
    /// # Errors
    /// [`Problem`]: as [`App::say`]; the store is in use, in which case they are shown no more, and it is to be asked for again.
    pub(crate) async fn forget(self: &Arc<Self>, caller: &Caller, person: &str) -> Result<(), Problem> {
        self.say(caller, person, Word::Object).await?;
        let (app, by, id) = (self.clone(), caller.by(), person.to_owned());
        at_the_desk(move || app.desk.forget(&id, &by)).await?;
        self.ring.gone(person);
        let app = self.clone();
        Ok(tokio::task::spawn_blocking(move || app.published()).await.map_err(|_| fault())??)
    }
}

/// Somebody of the book.
pub(crate) fn must(book: &Book, person: &str) -> Result<renown_store::book::Resident, BookError> {
    book.resident(person)?.ok_or_else(|| BookError::Nobody(person.to_owned()))
}
