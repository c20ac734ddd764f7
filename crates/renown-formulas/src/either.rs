//! Points by the better of two witnesses: the audience that somebody has, and the response that they get.

use std::borrow::Cow;
use std::sync::Arc;

use renown_core::stat::Stat;
use renown_sdk::formula::{Formula, FormulaError, ParamKind, ParamSpec, ParamValue, Prepared, Spec, shapley};
use renown_sdk::register_formula;

use crate::known;

/// `(A^power + R^power)^(1/power)`, where `A` is `Σ weight · x` of the numbers that stand beside an account, and `R` of all else.
#[derive(Clone, Copy, Debug)]
pub struct AudienceOrResponse;

register_formula!(AudienceOrResponse);

const POWER: &str = "power";

static PARAMS: [ParamSpec; 1] = [ParamSpec {
    name: Cow::Borrowed(POWER),
    kind: ParamKind::Number,
    docs: Cow::Borrowed(
        "how much the stronger of the two decides: 1, 2, 3, 4, 6, 8, 12 or 16. With 1 they add up; with 3, one that is half as \
         strong as the other adds a twenty-fifth, and one as strong a quarter; with 2 an eighth and two fifths, with 8 next to nothing \
         and a twelfth",
    ),
    default: Some(ParamValue::Number(3.0)),
}];

impl Formula for AudienceOrResponse {
    fn name(&self) -> &'static str {
        "audience-or-response"
    }

    fn docs(&self) -> &'static str {
        "The power mean, without division, of two sums of weight times value: of the numbers that stand beside an account \
         (`latest`, `growth`), and of what people do (all other stats). Both are witnesses of the same influence, and the \
         stronger one is believed: an audience that is bought brings nothing to somebody whom people react to, and \
         whoever is known by their profile alone loses nothing by it. Each sum's part is its Shapley value, which its features \
         share as they add up."
    }

    fn params(&self) -> &[ParamSpec] {
        &PARAMS
    }

    fn prepare(&self, spec: &Spec<'_>) -> Result<Arc<dyn Prepared>, FormulaError> {
        let power = spec.params.number(POWER)?;
        let Some(power) = POWERS.into_iter().find(|known| known.of.total_cmp(&power).is_eq()) else {
            let message =
                format!("the parameter `{POWER}` must be 1, 2, 3, 4, 6, 8, 12 or 16: it is {power}");
            return Err(FormulaError::new(message).of_param(POWER));
        };
        let is_audience = |name: &str| {
            let stat = name.rsplit_once('.').and_then(|(_, stat)| Stat::named(stat));
            stat.is_some_and(Stat::is_of_metric)
        };
        let features = spec
            .columns
            .iter()
            .map(|column| Feature { weight: column.weight, side: usize::from(!is_audience(column.name)) });
        Ok(Arc::new(TwoSums { features: features.collect(), power }))
    }
}

#[derive(Clone, Copy, Debug)]
struct Feature {
    weight: f64,
    /// 0: of the audience; 1: of the response.
    side: usize,
}

#[derive(Clone, Debug)]
struct TwoSums {
    features: Vec<Feature>,
    power: Power,
}

/// A power that is made of squares and at most one cube: these and their roots are rounded alike everywhere (`libm` rounds cube roots
/// rightly), and never fall as what is under them rises.
#[derive(Clone, Copy, Debug)]
struct Power {
    of: f64,
    cubed: bool,
    squarings: u32,
}

const POWERS: [Power; 8] = [
    Power { of: 1.0, cubed: false, squarings: 0 },
    Power { of: 2.0, cubed: false, squarings: 1 },
    Power { of: 3.0, cubed: true, squarings: 0 },
    Power { of: 4.0, cubed: false, squarings: 2 },
    Power { of: 6.0, cubed: true, squarings: 1 },
    Power { of: 8.0, cubed: false, squarings: 3 },
    Power { of: 12.0, cubed: true, squarings: 2 },
    Power { of: 16.0, cubed: false, squarings: 4 },
];

/// The means of two sums each. To know how often is squared lets the compiler take several at once, where no cube root is drawn.
fn means<const CUBED: bool, const SQUARINGS: u32>(audience: &[f64], response: &[f64], out: &mut [f64]) {
    let cubed = |side: f64| if CUBED { side * side * side } else { side };
    let raised = |side: f64| (0..SQUARINGS).fold(cubed(side), |raised, _| raised * raised);
    for ((mean, &audience), &response) in out.iter_mut().zip(audience).zip(response) {
        *mean = audience.max(response);
        // Most have only one of the two, and a cube root takes as long as all else that is done here for somebody.
        if CUBED && audience.min(response) <= 0.0 {
            continue;
        }
        let root = (0..SQUARINGS).fold(raised(audience) + raised(response), |root, _| root.sqrt());
        let root = if CUBED { libm::cbrt(root) } else { root };
        // It is never less than the larger one, but for rounding, and for powers too small to be told from 0.
        *mean = root.max(*mean);
    }
}

impl TwoSums {
    fn means(&self, audience: &[f64], response: &[f64], out: &mut [f64]) {
        let means = match (self.power.cubed, self.power.squarings) {
            (false, 0) => means::<false, 0>,
            (false, 1) => means::<false, 1>,
            (false, 2) => means::<false, 2>,
            (false, 3) => means::<false, 3>,
            (false, _) => means::<false, 4>,
            (true, 0) => means::<true, 0>,
            (true, 1) => means::<true, 1>,
            (true, _) => means::<true, 2>,
        };
        means(audience, response, out);
    }
}

impl Prepared for TwoSums {
    fn points(&self, columns: &[&[f64]], out: &mut [f64]) -> Result<(), String> {
        let mut sides = [vec![0.0; out.len()], vec![0.0; out.len()]];
        for (feature, column) in self.features.iter().zip(columns).filter(|(feature, _)| feature.weight > 0.0)
        {
            for (side, value) in sides[feature.side].iter_mut().zip(*column) {
                *side += feature.weight * known(*value);
            }
        }
        self.means(&sides[0], &sides[1], out);
        Ok(())
    }

    fn parts(&self, row: &[f64], out: &mut [f64]) -> Result<(), String> {
        let mut sides = [0.0; 2];
        for ((feature, value), part) in self.features.iter().zip(row).zip(&mut *out) {
            *part = feature.weight * known(*value);
            sides[feature.side] += *part;
        }
        let mut points = 0.0;
        self.means(&sides[..1], &sides[1..], std::slice::from_mut(&mut points));
        for (feature, part) in self.features.iter().zip(&mut *out) {
            let (own, other) = (sides[feature.side], sides[1 - feature.side]);
            if own > 0.0 {
                // What its sum adds first, and what it adds last, halved.
                *part *= f64::midpoint(own, points - other) / own;
            }
        }
        shapley::settle(points, out);
        Ok(())
    }

    fn uses(&self, column: usize) -> bool {
        self.features[column].weight > 0.0
    }
}
