//! Points by an expression that the weights file writes out.

mod source;

use std::borrow::Cow;
use std::sync::Arc;

use renown_sdk::formula::{Flaw, Formula, FormulaError, ParamKind, ParamSpec, Prepared, Spec, flaw, shapley};
use renown_sdk::register_formula;
use source::Source;

use crate::known;

/// Whatever the parameter `score` says.
///
/// It is read and computed by nanoexpr, which tells the bytes that are wrong, binds operators as mathematics does, bounds depth
/// and arguments, takes numbers, functions and names from us (and so nothing from the platform), compiles once for many rows,
/// and brings no other crate along. It is young (0.2 of October 2026) and one person's, but MIT, fuzzed every week, without
/// unsafe code, and small enough to be taken over. What else there is was tried in the versions of November 2026:
///
/// - evalexpr 13 is under the AGPL. meval 0.2, fasteval 0.2 and its successors are no longer kept (2018 to 2023), and take
///   logarithms from the platform. mathlex 0.4 reads and does not compute.
/// - exmex 0.21, the longest kept, tells no places, cannot read `max(a, min(b, c))`, and to it `-2^2` is 4 and `2^3^2` 64.
/// - rhai 1.27 is a language: its `^` is no power, to its `**` `-2 ** 2` is 4, 1 / 2 is 0, and its syntax tree is declared
///   unstable.
/// - CEL 0.15 and somni-expr 0.3 refuse `2 * 1.5`, since one of the two is a whole number.
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
         pow(x, y), min and max of up to 32",
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
        let source = Source::new(text, &mut |name, place| {
            let column = spec.columns.iter().position(|column| column.name == name);
            if column.is_some() || (spec.may_have)(name) {
                return Ok(column);
            }
            let names = spec.columns.iter().map(|column| column.name);
            let error =
                FormulaError::new(format!("the network has no feature `{name}`")).of_text(SCORE, place);
            Err(error.known(names).help("features are named in the weights file, among those of the network"))
        })?;
        let computed =
            Computed { source, weights: spec.columns.iter().map(|column| column.weight).collect() };
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

/// The expression, with the weights of a weights file.
#[derive(Clone, Debug)]
struct Computed {
    source: Source,
    weights: Vec<f64>,
}

impl Computed {
    /// What a feature stands for.
    fn weighed(&self, column: usize, value: f64) -> f64 {
        self.weights[column] * known(value)
    }
}

impl Prepared for Computed {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        let computed = self.source.ready(|ready| {
            for (row, points) in out.iter_mut().enumerate() {
                *points = ready.of(|column| self.weighed(column, columns[column][row]));
            }
        });
        computed.map_err(|error| error.to_string())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let used = |column| if self.uses(column) { row[column] } else { 0.0 };
        let row: Vec<f64> = (0..row.len()).map(used).collect();
        let computed = self.source.ready(|ready| {
            let worth = |some: &[f64]| ready.of(|column| self.weighed(column, some[column]));
            shapley::shares(&row, worth, out);
        });
        computed.map_err(|error| error.to_string())
    }

    fn uses(&self, column: usize) -> bool {
        self.weights[column] > 0.0 && self.source.columns().any(|used| used == column)
    }
}
