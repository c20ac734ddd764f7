//! A change, divided among its causes: exactly, and fairly.
//!
//! Between two scorings some things differ: the records, the day, the weights and so on. Each is a switch, and there is
//! a score for every setting of the switches. What a cause gave is its Shapley value (L. S. Shapley, "A Value for n-Person
//! Games", 1953): what turning its switch adds, in the mean over the orders in which the switches can be turned. These are
//! all orders but those in which records come before their day: what has not happened yet cannot arrive (U. Faigle and
//! W. Kern, "The Shapley Value for Cooperative Games Under Precedence Constraints", 1992). So the day's part is what old
//! records lose by becoming older, and what is new is all of the records' part.
//!
//! Everything is integers: ten-thousandths of a point, times the number of orders.

use std::fmt;

/// Why a score is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Another day: what was given is older, or younger.
    Time,
    /// Other records.
    Data,
    /// Other plugins, or other versions of them.
    Plugins,
    /// Accounts were joined to persons or taken from them, or somebody was left out.
    People,
    /// Other weights.
    Weights,
    /// Those who react stand higher or lower than they did.
    Standing,
}

impl Cause {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] =
        [Self::Time, Self::Data, Self::Plugins, Self::People, Self::Weights, Self::Standing];

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Time => "what was given before is older",
            Self::Data => "what was given since, and what is no longer in the records",
            Self::Plugins => "other plugins read or count the same",
            Self::People => "accounts were joined or parted",
            Self::Weights => "the ruler was changed",
            Self::Standing => "those who react stand higher or lower",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Time => "time",
            Self::Data => "data",
            Self::Plugins => "plugins",
            Self::People => "people",
            Self::Weights => "weights",
            Self::Standing => "standing",
        })
    }
}

/// Which switches are turned: a bit for each of the causes that differ, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turned(u8);

/// The causes that there are between two scorings, and how changes are divided among them.
#[derive(Clone, Debug)]
pub struct Causes {
    differ: Vec<Cause>,
    /// All settings that some order passes through, the first with nothing turned, the last with everything.
    settings: Vec<Turned>,
    /// How many orders there are.
    orders: i64,
    /// In how many orders a cause's switch is turned at a setting: cause, places of the setting before and after, orders.
    steps: Vec<(usize, usize, usize, i64)>,
}

impl Causes {
    /// Between scorings that differ in these.
    pub fn new(differ: impl IntoIterator<Item = Cause>) -> Self {
        let mut causes: Vec<Cause> = differ.into_iter().collect();
        causes.sort_unstable();
        causes.dedup();
        let place = |cause| causes.iter().position(|known| *known == cause);
        let day_first = place(Cause::Time).zip(place(Cause::Data));
        let is_reached = |set: u8| day_first.is_none_or(|(time, data)| set >> data & 1 <= set >> time & 1);
        let sets: Vec<u8> = (0..1_u8 << causes.len()).filter(|set| is_reached(*set)).collect();
        let at = |set: u8| sets.binary_search(&set).ok();

        // How many orders lead from nothing to each setting, and from each to everything.
        let mut from = vec![0; sets.len()];
        let mut to = vec![0; sets.len()];
        from[0] = 1;
        to[sets.len() - 1] = 1;
        let mut steps = Vec::new();
        for (before, &set) in sets.iter().enumerate() {
            for cause in (0..causes.len()).filter(|cause| set >> cause & 1 == 0) {
                let Some(after) = at(set | 1 << cause) else { continue };
                from[after] += from[before];
                steps.push((cause, before, after, 0));
            }
        }
        for &(_, before, after, _) in steps.iter().rev() {
            to[before] += to[after];
        }
        for step in &mut steps {
            step.3 = from[step.1] * to[step.2];
        }
        Self { differ: causes, settings: sets.into_iter().map(Turned).collect(), orders: to[0], steps }
    }

    /// The causes, in order.
    pub fn causes(&self) -> &[Cause] {
        &self.differ
    }

    /// The settings of which scores are needed, the first with nothing turned, the last with everything.
    pub fn settings(&self) -> &[Turned] {
        &self.settings
    }

    /// Whether a cause's switch is turned in a setting; of one that does not differ, it is.
    pub fn is_turned(&self, setting: Turned, cause: Cause) -> bool {
        self.differ.iter().position(|known| *known == cause).is_none_or(|place| setting.0 >> place & 1 == 1)
    }

    /// What each cause gave, in the worths' own unit, adding up to the last setting's worth less the first's. `worths` are those of the
    /// settings, in their order.
    pub fn split(&self, worths: &[u32]) -> Vec<i64> {
        let total = i64::from(worths[worths.len() - 1]) - i64::from(worths[0]);
        round(&self.exact(worths), self.orders, total)
    }

    /// What each cause gave to each of several things, such as features: `worths` has one list for each thing. First by cause, then
    /// by thing. What a cause gave to all things adds up to what [`Causes::split`] says of the things' sum.
    pub fn split_each(&self, worths: &[Vec<u32>]) -> Vec<Vec<i64>> {
        let sums: Vec<u32> =
            (0..self.settings.len()).map(|at| worths.iter().map(|of_thing| of_thing[at]).sum()).collect();
        let exact: Vec<Vec<i64>> = worths.iter().map(|of_thing| self.exact(of_thing)).collect();
        let causes = self.split(&sums).into_iter().enumerate();
        causes
            .map(|(cause, total)| {
                let of_cause: Vec<i64> = exact.iter().map(|of_thing| of_thing[cause]).collect();
                round(&of_cause, self.orders, total)
            })
            .collect()
    }

    /// What each cause gave, times the number of orders.
    fn exact(&self, worths: &[u32]) -> Vec<i64> {
        let mut given = vec![0; self.differ.len()];
        for &(cause, before, after, orders) in &self.steps {
            given[cause] += orders * (i64::from(worths[after]) - i64::from(worths[before]));
        }
        given
    }
}

/// Fractions with one denominator as whole numbers that add up to `total`, their sum rounded up or down: all are rounded down, and
/// what is left goes one each to the largest remainders, the earlier first.
fn round(numerators: &[i64], denominator: i64, total: i64) -> Vec<i64> {
    let mut whole: Vec<i64> = numerators.iter().map(|number| number.div_euclid(denominator)).collect();
    let mut order: Vec<usize> = (0..whole.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(numerators[index].rem_euclid(denominator)));
    let left = usize::try_from(total - whole.iter().sum::<i64>()).unwrap_or(0);
    for &index in order.iter().take(left) {
        whole[index] += 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All orders of the causes in which the day comes before the records.
    fn orders(causes: &Causes) -> Vec<Vec<usize>> {
        fn go(causes: &Causes, order: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
            if order.len() == causes.differ.len() {
                all.push(order.clone());
            }
            for next in 0..causes.differ.len() {
                let time = causes.differ.iter().position(|cause| *cause == Cause::Time);
                let too_early =
                    causes.differ[next] == Cause::Data && time.is_some_and(|time| !order.contains(&time));
                if !order.contains(&next) && !too_early {
                    order.push(next);
                    go(causes, order, all);
                    order.pop();
                }
            }
        }
        let mut all = Vec::new();
        go(causes, &mut Vec::new(), &mut all);
        all
    }

    #[test]
    fn two_causes_share_what_they_do_together() {
        let causes = Causes::new([Cause::Weights, Cause::Data]);
        assert_eq!(causes.settings().len(), 4);
        assert_eq!(causes.split(&[0, 10, 20, 50]), [20, 30]);
    }

    #[test]
    fn what_is_new_is_not_the_days_doing() {
        let causes = Causes::new([Cause::Data, Cause::Time]);
        // Nothing turned, the day, the day and the records.
        assert_eq!(causes.settings(), [Turned(0), Turned(1), Turned(3)]);
        assert_eq!(causes.split(&[500, 400, 900]), [-100, 500]);
    }

    #[test]
    fn without_a_difference_there_is_one_setting() {
        let causes = Causes::new([]);
        assert_eq!(causes.settings().len(), 1);
        assert!(causes.split(&[7]).is_empty());
        assert!(causes.is_turned(causes.settings()[0], Cause::Data));
    }

    proptest! {
        #[test]
        fn it_is_the_mean_over_all_orders(
            which in 1_u8..64,
            worths in proptest::collection::vec(0_u32..1_000_000, 64),
        ) {
            let causes = Causes::new((0..6).filter(|bit| which >> bit & 1 == 1).map(|bit| Cause::ALL[bit]));
            let worths = &worths[..causes.settings().len()];
            let orders = orders(&causes);
            prop_assert_eq!(orders.len() as i64, causes.orders);
            let worth = |set: u8| {
                i64::from(worths[causes.settings.iter().position(|turned| turned.0 == set).unwrap()])
            };
            let mut sums = vec![0; causes.differ.len()];
            for order in &orders {
                let mut set = 0;
                for &cause in order {
                    sums[cause] += worth(set | 1 << cause) - worth(set);
                    set |= 1 << cause;
                }
            }
            prop_assert_eq!(&causes.exact(worths), &sums);
            for (part, sum) in causes.split(worths).into_iter().zip(sums) {
                prop_assert!((part * causes.orders - sum).abs() < causes.orders);
            }
        }

        #[test]
        fn parts_add_up_by_cause_and_by_thing(
            which in 1_u8..64,
            things in proptest::collection::vec(proptest::collection::vec(0_u32..100_000, 64), 1..9),
        ) {
            let causes = Causes::new((0..6).filter(|bit| which >> bit & 1 == 1).map(|bit| Cause::ALL[bit]));
            let settings = causes.settings().len();
            let things: Vec<Vec<u32>> = things.iter().map(|worths| worths[..settings].to_vec()).collect();
            let sums: Vec<u32> = (0..settings).map(|at| things.iter().map(|of| of[at]).sum()).collect();
            let split = causes.split(&sums);
            let change = i64::from(sums[settings - 1]) - i64::from(sums[0]);
            prop_assert_eq!(split.iter().sum::<i64>(), change);
            for (of_cause, total) in causes.split_each(&things).iter().zip(split) {
                prop_assert_eq!(of_cause.iter().sum::<i64>(), total);
            }
        }
    }
}
