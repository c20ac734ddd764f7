//! `renown serve` as a whole program, over real HTTP: what it answers, and what it withstands.

mod common {
    pub(crate) mod bystanders;
    pub(crate) mod folder;
    pub(crate) mod place;
    pub(crate) mod renown;
    pub(crate) mod run;
    pub(crate) mod served;
    pub(crate) mod store;
    pub(crate) mod town;
}

mod serve {
    mod api;
    mod hostile;
    mod klout;
    mod routes;
    mod schemathesis;
    mod studio;
    mod troubled;
}
