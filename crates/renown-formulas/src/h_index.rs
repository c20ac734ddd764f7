//! Points of lasting response: many posts that many answered.

use std::sync::Arc;

use renown_core::stat::Stat;
use renown_sdk::formula::{Formula, FormulaError, Prepared, Spec, shapley};
use renown_sdk::register_formula;

use crate::known;

/// The largest `weight · x` of the features of stat `h`.
#[derive(Clone, Copy, Debug)]
pub struct HIndex;

register_formula!(HIndex);

impl Formula for HIndex {
    fn name(&self) -> &'static str {
        "h-index"
    }

    fn docs(&self) -> &'static str {
        "Hirsch's index (An index to quantify an individual's scientific research output, 2005) for posts: h of them got h \
         or more reactions each. Points are the largest weight times value of the network's features of the stat `h`, such \
         as `like.h`; all others are not counted. The curve \"linear\" gives h itself. Parts are Shapley values: up to \
         what the next lesser one reaches, the greater share it."
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let is_h = |name: &str| name.rsplit_once('.').is_some_and(|(_, stat)| stat == Stat::H.name());
        let factor = |name, weight| if is_h(name) { weight } else { 0.0 };
        let factors = spec.columns.iter().map(|column| factor(column.name, column.weight)).collect();
        Ok(Arc::new(Largest { factors }))
    }
}

#[derive(Clone, Debug)]
struct Largest {
    factors: Vec<f64>,
}

impl Prepared for Largest {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        out.fill(0.0);
        for (factor, column) in self.factors.iter().zip(columns) {
            for (points, value) in out.iter_mut().zip(*column) {
                *points = points.max(factor * known(*value));
            }
        }
        Ok(())
    }

    /// Littlechild and Owen, "A Simple Expression for the Shapley Value in a Special Case" (1973): a runway is shared by
    /// those who need that length of it.
    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let heights: Vec<f64> =
            self.factors.iter().zip(row).map(|(factor, value)| factor * known(*value)).collect();
        let mut order: Vec<usize> = (0..heights.len()).collect();
        order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
        let (mut reached, mut part) = (0.0, 0.0);
        for (below, &index) in order.iter().enumerate() {
            part += (heights[index] - reached) / (order.len() - below) as f64;
            reached = heights[index];
            out[index] = part;
        }
        shapley::settle(reached, out);
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.factors[column] > 0.0
    }
}
