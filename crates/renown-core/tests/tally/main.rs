//! Tallies: kept as states, and within a limit of memory.

mod records;
mod room;
mod state;
