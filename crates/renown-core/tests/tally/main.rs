//! Tallies: kept as states, and within a limit of memory.

mod handles;
mod members;
mod records;
mod room;
mod state;
