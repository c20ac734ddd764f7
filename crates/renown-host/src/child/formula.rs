//! A formula that lies in a child.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

use super::ipc;
use super::pool::{Handle, Pool, no_file};
use super::process::Child;
use super::protocol::{Call, Request};
use crate::formula::{Features, Home, Work};
use crate::wrong::Wrong;

/// No more rows are computed in one call, so that a child need not hold a whole run's.
const MOST_ROWS: usize = 1 << 16;

/// A formula of a plugin that runs in children.
pub(super) struct Remote {
    pub(super) pool: Arc<Pool>,
    /// Which of the plugin's formulas it is.
    pub(super) number: usize,
    /// Whether it can be asked for parts.
    pub(super) parts: bool,
}

impl Home for Remote {
    fn create(&self, features: &Features, params: Map<String, Value>) -> Result<Box<dyn Work>, Wrong> {
        static STATES: AtomicU64 = AtomicU64::new(1);
        let making = Making {
            state: STATES.fetch_add(1, Ordering::Relaxed),
            formula: self.number,
            features: features.clone(),
            params,
        };
        // In use before it is made, so that no child is told to forget it in between.
        self.pool.opened(Handle::State(making.state));
        let ready = Ready { pool: self.pool.clone(), making, parts: self.parts };
        self.pool.call(|child| ready.making.make(child))?;
        Ok(Box::new(ready))
    }
}

/// All that makes a formula ready, kept to do it again in each child that is to compute it.
struct Making {
    state: u64,
    formula: usize,
    features: Features,
    params: Map<String, Value>,
}

impl Making {
    /// Makes it ready in a child where it is not yet.
    fn make(&self, child: &mut Child) -> Result<(), Wrong> {
        let handle = Handle::State(self.state);
        if child.open.contains(&handle) {
            return Ok(());
        }
        let (state, formula, params) = (self.state, self.formula, self.params.clone());
        child.tell(Call::Create { formula, state, features: Cow::Borrowed(&self.features), params })?;
        child.open.insert(handle);
        Ok(())
    }
}

struct Ready {
    pool: Arc<Pool>,
    making: Making,
    parts: bool,
}

impl Drop for Ready {
    fn drop(&mut self) {
        self.pool.closed(Handle::State(self.making.state));
    }
}

impl Ready {
    /// One call, over columns of so many rows, for so many results.
    fn ask(
        &self,
        call: Call<'_>,
        columns: &[&[f64]],
        rows: usize,
        results: usize,
    ) -> Result<Vec<f64>, Wrong> {
        let names: Vec<&str> = self.making.features.iter().map(|(name, _)| &**name).collect();
        let bytes = ipc::write_columns(&names, columns, rows)?;
        let request = Request { call, bytes: bytes.len() as u64 };
        // A number and a bit for each, and what is around them.
        let most = (1 << 16) + 9 * results as u64;
        self.pool.call(|child| {
            self.making.make(child)?;
            let (_, answer) = child.ask(&request, &[&bytes], most, no_file)?;
            let (mut columns, rows) = ipc::read_columns(answer).map_err(Wrong::Did)?;
            match columns.pop() {
                Some(column) if columns.is_empty() && rows == results => Ok(column),
                last => Err(Wrong::Did(format!(
                    "gave {} columns of {rows} rows: expected 1 of {results}",
                    columns.len() + usize::from(last.is_some())
                ))),
            }
        })
    }
}

impl Work for Ready {
    fn points(&self, columns: &[&[f64]], rows: usize) -> Result<Vec<f64>, Wrong> {
        let mut points = Vec::with_capacity(rows);
        while points.len() < rows {
            let some = points.len()..rows.min(points.len() + MOST_ROWS);
            let columns: Vec<&[f64]> = columns.iter().map(|column| &column[some.clone()]).collect();
            let call = Call::Points { state: self.making.state };
            points.extend(self.ask(call, &columns, some.len(), some.len())?);
        }
        Ok(points)
    }

    fn parts(&self, columns: &[&[f64]], rows: usize) -> Result<Option<Vec<f64>>, Wrong> {
        if !self.parts {
            return Ok(None);
        }
        let call = Call::Parts { state: self.making.state };
        self.ask(call, columns, rows, rows * columns.len()).map(Some)
    }
}
