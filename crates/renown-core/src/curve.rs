//! Curves: how a feature's value becomes points, and how points become a score.

use std::fmt;

use crate::fixed::rounded;

/// How the value of a feature is bent before it is weighted. All are zero at zero and never decrease.
#[derive(Clone, Debug, PartialEq)]
pub enum Curve {
    /// `x` up to 1, from there on `1 + log2(x)`: each doubling adds exactly one, so that with a scale that never becomes
    /// steeper the next doubling never adds more than the last. (With `log2(1 + x)` the second doubling would add more
    /// than the first.) Of a value in units of something: of posts in hundreds, say, each doubling beyond the first
    /// hundred adds one.
    Log {
        /// The unit, more than 0: `x` is the value divided by it.
        unit: f64,
    },
    /// `sqrt(x)`.
    Sqrt,
    /// `x`.
    Linear,
    /// Straight lines between given points.
    Knots(Knots),
}

impl Curve {
    /// The logarithm of a plain number.
    pub const LOG: Self = Self::Log { unit: 1.0 };

    /// The curved value of a non-negative `x`.
    pub fn at(&self, x: f64) -> f64 {
        match self {
            Self::Log { unit } if x <= *unit => x / unit,
            Self::Log { unit } => 1.0 + libm::log2(x / unit),
            Self::Sqrt => x.sqrt(),
            Self::Linear => x,
            Self::Knots(knots) => knots.at(x),
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            &Self::LOG => f.write_str("log"),
            Self::Log { unit } => write!(f, "log of {unit}s"),
            Self::Sqrt => f.write_str("sqrt"),
            Self::Linear => f.write_str("linear"),
            Self::Knots(_) => f.write_str("knots"),
        }
    }
}

/// Straight lines between points `[x, y]`, level before the first and after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Knots(Vec<[f64; 2]>);

/// Why points are no [`Knots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKnots {
    /// A line needs two points.
    #[error("at least two knots [x, y] are needed")]
    TooFew,
    /// x must grow from one to the next.
    #[error("the x of each knot must be larger than that of the one before, and finite")]
    NotAscending,
    /// y must not fall: more would count less.
    #[error(
        "the y of a knot must not be smaller than that of the one before, nor negative: more would count less"
    )]
    NotMonotone,
}

impl Knots {
    /// From points in the order of their x.
    ///
    /// # Errors
    /// [`BadKnots`].
    pub fn new(points: Vec<[f64; 2]>) -> Result<Self, BadKnots> {
        if points.len() < 2 {
            return Err(BadKnots::TooFew);
        }
        if !points.iter().flatten().all(|value| value.is_finite())
            || points.windows(2).any(|pair| pair[0][0] >= pair[1][0])
        {
            return Err(BadKnots::NotAscending);
        }
        if points[0][1] < 0.0 || points.windows(2).any(|pair| pair[0][1] > pair[1][1]) {
            return Err(BadKnots::NotMonotone);
        }
        Ok(Self(points))
    }

    /// The points.
    pub fn points(&self) -> &[[f64; 2]] {
        &self.0
    }

    /// The value at `x`.
    pub fn at(&self, x: f64) -> f64 {
        let after = self.0.partition_point(|knot| knot[0] <= x);
        if after == 0 {
            return self.0[0][1];
        }
        let [x0, y0] = self.0[after - 1];
        let Some([x1, y1]) = self.0.get(after) else { return y0 };
        y0 + (y1 - y0) * ((x - x0) / (x1 - x0))
    }
}

/// A score, in ten-thousandths of a point: 10,000 is 1, 1,000,000 is 100. Integers, so that parts add up exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub u32);

impl Score {
    /// One: nothing was received that counts.
    pub const FLOOR: Self = Self(10_000);
    /// One hundred.
    pub const TOP: Self = Self(1_000_000);

    /// As a number from 1 to 100.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// What it stands above the floor, in ten-thousandths.
    pub fn above_floor(self) -> u32 {
        self.0.saturating_sub(Self::FLOOR.0)
    }
}

impl fmt::Display for Score {
    /// With four decimals, or as many as asked for (`{:.2}`), rounded half up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ten_thousandths(f, u64::from(self.0))
    }
}

/// Writes ten-thousandths with the formatter's precision (four at the most), rounded half up.
pub(crate) fn write_ten_thousandths(f: &mut fmt::Formatter<'_>, value: u64) -> fmt::Result {
    let decimals = f.precision().unwrap_or(4).min(4);
    let step = 10_u64.pow(4 - decimals as u32);
    let rounded = (value + step / 2) / step;
    let unit = 10_u64.pow(decimals as u32);
    let text = if decimals == 0 {
        rounded.to_string()
    } else {
        format!("{}.{:0decimals$}", rounded / unit, rounded % unit)
    };
    f.pad_integral(true, "", &text)
}

/// The fixed map from a person's points to 1..100: knots `[points, share of the way from 1 to 100]`.
///
/// It is part of the weights file and never refitted to a population: a stranger's arrival moves nobody.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale(Knots);

/// Why knots are no [`Scale`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadScale {
    /// Not knots at all.
    #[error(transparent)]
    Knots(#[from] BadKnots),
    /// Must begin at the floor and stay within 1..100.
    #[error("the scale must begin with [0, 0] and its y must not exceed 1")]
    Range,
    /// Each further point must be harder.
    #[error("the scale must not become steeper: each further point is to be harder than the one before")]
    NotConcave,
}

impl Scale {
    /// From knots.
    ///
    /// # Errors
    /// [`BadScale`].
    pub fn new(points: Vec<[f64; 2]>) -> Result<Self, BadScale> {
        let knots = Knots::new(points)?;
        let points = knots.points();
        if points[0][0] != 0.0 || points[0][1] != 0.0 || points[points.len() - 1][1] > 1.0 {
            return Err(BadScale::Range);
        }
        let slope = |pair: &[[f64; 2]]| (pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0]);
        let slopes: Vec<f64> = points.windows(2).map(slope).collect();
        if slopes.windows(2).any(|pair| pair[1] > pair[0] + 1e-12) {
            return Err(BadScale::NotConcave);
        }
        Ok(Self(knots))
    }

    /// The knots.
    pub fn points(&self) -> &[[f64; 2]] {
        self.0.points()
    }

    /// The score of a person with so many points.
    pub fn score(&self, points: f64) -> Score {
        let above = f64::from(Score::TOP.0 - Score::FLOOR.0) * self.0.at(points);
        Score(Score::FLOOR.0 + rounded(above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_print_with_the_decimals_asked_for() {
        assert_eq!(Score(511_250).to_string(), "51.1250");
        assert_eq!(format!("{:.2}", Score(511_250)), "51.13");
        assert_eq!(format!("{:.0}", Score(999_999)), "100");
        assert_eq!(format!("{:>8.2}", Score(10_000)), "    1.00");
    }

    #[test]
    fn log_adds_one_for_each_doubling_of_its_unit() {
        let curved = |curve: &Curve, values: [f64; 5]| values.map(|value| curve.at(value).to_bits());
        let steps = [0.0, 0.5, 1.0, 2.0, 3.0].map(f64::to_bits);
        assert_eq!(curved(&Curve::LOG, [0.0, 0.5, 1.0, 2.0, 4.0]), steps);
        assert_eq!(curved(&Curve::Log { unit: 50.0 }, [0.0, 25.0, 50.0, 100.0, 200.0]), steps);
        assert_eq!(
            [Curve::LOG, Curve::Log { unit: 50.0 }].map(|curve| curve.to_string()),
            ["log", "log of 50s"]
        );
    }

    #[test]
    fn knots_are_checked() {
        assert_eq!(Knots::new(vec![[0.0, 0.0]]), Err(BadKnots::TooFew));
        assert_eq!(Knots::new(vec![[0.0, 0.0], [0.0, 1.0]]), Err(BadKnots::NotAscending));
        assert_eq!(Knots::new(vec![[0.0, 1.0], [1.0, 0.5]]), Err(BadKnots::NotMonotone));
        assert_eq!(Knots::new(vec![[0.0, 0.0], [f64::NAN, 1.0]]), Err(BadKnots::NotAscending));
        assert_eq!(Scale::new(vec![[0.0, 0.0], [1.0, 0.1], [2.0, 0.9]]), Err(BadScale::NotConcave));
        assert_eq!(Scale::new(vec![[0.0, 0.0], [1.0, 1.1]]), Err(BadScale::Range));
        let knots = Knots::new(vec![[1.0, 1.0], [3.0, 2.0]]).unwrap();
        let at = [0.0, 1.0, 2.0, 3.0, 9.0].map(|x| knots.at(x).to_bits());
        assert_eq!(at, [1.0_f64, 1.0, 1.5, 2.0, 2.0].map(f64::to_bits));
    }
}
