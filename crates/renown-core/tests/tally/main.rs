//! Tallies: kept as states, and within a limit of memory.

mod handles;
mod members;
mod nothing;
mod records;
mod room;
mod state;
