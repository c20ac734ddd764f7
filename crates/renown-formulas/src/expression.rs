//! Points by an expression that the weights file writes out.

mod parse;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use parse::Step;
use renown_sdk::formula::{Flaw, Formula, FormulaError, ParamKind, ParamSpec, Prepared, Spec, flaw, shapley};
use renown_sdk::register_formula;

use crate::known;

/// Whatever the parameter `score` says.
///
/// The parser, two hundred lines, is our own after a look at what there is. evalexpr is under the AGPL. meval and fasteval
/// are no longer kept, and take logarithms from the platform. exmex, the best kept with a fitting licence, tells no
/// places of its errors, cannot read `max(a, min(b, c))`, and takes `minutes` for `min`. To rhai 1 / 2 is 0.
#[derive(Clone, Copy, Debug)]
pub struct Expression;

register_formula!(Expression);

const SCORE: &str = "score";

static PARAMS: [ParamSpec; 1] = [ParamSpec {
    name: Cow::Borrowed(SCORE),
    kind: ParamKind::Text,
    docs: Cow::Borrowed(
        "the points, such as `2 * log1p(repost.actors) + sqrt(like.per_post)`; features by name, in braces if the name \
         has a `-` ({live-chat.actors}); numbers, + - * / ^, brackets; log (natural), log1p, log2, exp, sqrt, abs, \
         pow(x, y), min and max of any number",
    ),
    default: None,
}];

impl Formula for Expression {
    fn name(&self) -> &'static str {
        "expression"
    }

    fn docs(&self) -> &'static str {
        "The expression in the parameter `score`. A feature in it stands for its weight times its curved value, and for 0 \
         where it is missing; features that it does not name are not counted. It must give nothing for nothing and never \
         fall when a feature rises, which is tried on some thousand rows before anything is scored. Parts are Shapley \
         values."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let text = spec.params.text(SCORE)?;
        let steps = parse::parse(text, &mut |name, place| {
            let column = spec.columns.iter().position(|column| column.name == name);
            if column.is_some() || (spec.may_have)(name) {
                return Ok(column);
            }
            let names = spec.columns.iter().map(|column| column.name);
            let error =
                FormulaError::new(format!("the network has no feature `{name}`")).of_text(SCORE, place);
            Err(error.known(names).help("features are named in the weights file, among those of the network"))
        })?;
        let used = steps.iter().filter_map(|step| match step {
            Step::Column(column) => Some(*column),
            _ => None,
        });
        let computed = Computed {
            used: used.collect(),
            weights: spec.columns.iter().map(|column| column.weight).collect(),
            steps,
        };
        let wrong = |flaw: &Flaw| match flaw {
            Flaw::Falls { .. } => FormulaError::new(flaw.to_string()).help("more must never lower a score"),
            Flaw::ForNothing(_) => FormulaError::new(flaw.to_string())
                .help("nothing received must give nothing: log1p(x) is 0 at 0, and log(x) is not"),
            _ => FormulaError::new(flaw.to_string()).help("points must be 0 or more, and finite"),
        };
        match flaw(&computed, spec.columns) {
            Some(flaw) => Err(wrong(&flaw).of_text(SCORE, 0..text.len())),
            None => Ok(Arc::new(computed)),
        }
    }
}

/// The expression in postfix order.
#[derive(Clone, Debug)]
struct Computed {
    steps: Vec<Step>,
    used: BTreeSet<usize>,
    weights: Vec<f64>,
}

impl Computed {
    /// The points of a row, of which `value` gives the values. `stack` is room that is used again from row to row.
    fn of(&self, value: impl Fn(usize) -> f64, stack: &mut Vec<f64>) -> f64 {
        stack.clear();
        for step in &self.steps {
            let result = match step {
                Step::Number(number) => *number,
                Step::Column(column) => self.weights[*column] * known(value(*column)),
                Step::Missing => 0.0,
                Step::One(function) => stack.pop().map_or(f64::NAN, function),
                Step::Two(function) => match (stack.pop(), stack.pop()) {
                    (Some(right), Some(left)) => function(left, right),
                    _ => f64::NAN,
                },
            };
            stack.push(result);
        }
        stack.pop().unwrap_or(f64::NAN)
    }
}

impl Prepared for Computed {
    fn points(&self, columns: &[Vec<f64>], out: &mut [f64]) -> Result<(), String> {
        let mut stack = Vec::new();
        for (row, points) in out.iter_mut().enumerate() {
            *points = self.of(|column| columns[column][row], &mut stack);
        }
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let used = |column| if self.uses(column) { row[column] } else { 0.0 };
        let row: Vec<f64> = (0..row.len()).map(used).collect();
        let mut stack = Vec::new();
        shapley::shares(&row, |some| self.of(|column| some[column], &mut stack), out);
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.weights[column] > 0.0 && self.used.contains(&column)
    }
}
