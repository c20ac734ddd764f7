//! Tallies: kept as states, and within a limit of memory.

mod members;
mod records;
mod room;
mod state;
