//! The walk along weighted edges: power iteration in a fixed order, so that its bits depend on no thread.

use rayon::prelude::*;

use super::{Dangling, Graph, Norm};

/// Who passes how much of its share to whom.
#[derive(Debug)]
pub(super) struct Web {
    /// For each node, where its incoming edges begin; one more at the end.
    starts: Vec<usize>,
    /// By target and source: the source, and the part of the source's share that comes along.
    incoming: Vec<(u32, f64)>,
}

/// Ranks, and after how many rounds.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) ranks: Vec<f64>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold it against what others took"))]
    pub(super) rounds: u16,
}

impl Web {
    /// Of so many nodes. Edges are `(source, target, weight)`, each pair once, all weights more than 0.
    pub(super) fn new(nodes: usize, mut edges: Vec<(u32, u32, f64)>) -> Self {
        edges.sort_unstable_by_key(|edge| (edge.1, edge.0));
        let mut given = vec![0.0; nodes];
        for (source, _, weight) in &edges {
            given[*source as usize] += weight;
        }
        let mut starts = vec![0; nodes + 1];
        for (_, target, _) in &edges {
            starts[*target as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let share = |(source, _, weight): (u32, u32, f64)| (source, weight / given[source as usize]);
        Self { starts, incoming: edges.into_iter().map(share).collect() }
    }

    /// The ranks of all nodes, which add up to 1. `prior` has a mass of each, 0 or more.
    pub(super) fn ranks<W>(&self, mut prior: Vec<f64>, rules: &Graph<W>) -> Ranked {
        normalise(&mut prior);
        let mut ranks = prior.clone();
        let mut rounds = 0;
        let mut change = f64::INFINITY;
        while rounds < rules.rounds && change > rules.tolerance {
            let next = self.round(&ranks, &prior, rules);
            change = changed(&ranks, &next, rules.norm);
            ranks = next;
            rounds += 1;
        }
        Ranked { ranks, rounds }
    }

    fn round<W>(&self, ranks: &[f64], prior: &[f64], rules: &Graph<W>) -> Vec<f64> {
        let arrives = |node: usize| {
            let edges = &self.incoming[self.starts[node]..self.starts[node + 1]];
            edges.iter().map(|(source, share)| share * ranks[*source as usize]).sum::<f64>()
        };
        let mut next: Vec<f64> = (0..ranks.len()).into_par_iter().map(arrives).collect();
        // What nobody passed on, and what rounding took.
        let lost = (1.0 - next.iter().sum::<f64>()).max(0.0);
        let all = ranks.len() as f64;
        for (next, prior) in next.iter_mut().zip(prior) {
            let back = match rules.dangling {
                Dangling::Prior => lost * prior,
                Dangling::Everybody => lost / all,
            };
            *next = rules.restart * prior + (1.0 - rules.restart) * (*next + back);
        }
        next
    }
}

/// Makes masses add up to 1; if there are none, all are alike.
pub(super) fn normalise(masses: &mut [f64]) {
    let all: f64 = masses.iter().sum();
    let alike = 1.0 / masses.len() as f64;
    for mass in masses {
        *mass = if all > 0.0 { *mass / all } else { alike };
    }
}

fn changed(before: &[f64], after: &[f64], norm: Norm) -> f64 {
    let changes = before.iter().zip(after).map(|(before, after)| (after - before).abs());
    match norm {
        Norm::Sum => changes.sum(),
        Norm::RootPerAccount => {
            changes.map(|change| change * change).sum::<f64>().sqrt() * before.len() as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(restart: f64) -> Graph {
        Graph {
            edges: Vec::new(),
            each_pair_once: false,
            restart,
            rounds: 10_000,
            tolerance: 1e-6,
            norm: Norm::RootPerAccount,
            dangling: Dangling::Prior,
            prior_penalty: None,
            last_penalty: None,
        }
    }

    fn near(found: &[f64], expected: &[f64], tolerance: f64) {
        let all_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance);
        assert!(found.len() == expected.len() && all_near, "{found:?} {expected:?}");
    }

    /// The worked example of go-eigentrust: ek, sd and vm.
    fn example(rules: &Graph) -> Ranked {
        let web = Web::new(3, vec![(0, 1, 100.0), (2, 1, 100.0), (0, 2, 75.0)]);
        web.ranks(vec![50.0, 0.0, 100.0], rules)
    }

    #[test]
    fn eigentrusts_example_takes_18_rounds_to_the_same_numbers() {
        let ranked = example(&rules(0.5));
        assert_eq!(ranked.rounds, 18);
        near(
            &ranked.ranks,
            &[0.217_054_279_071_664_72, 0.302_325_542_910_321_8, 0.480_620_178_018_013_4],
            1e-12,
        );
    }

    #[test]
    fn eigentrusts_fixed_points() {
        let at = |restart| example(&Graph { tolerance: 0.0, rounds: 10_000, ..rules(restart) }).ranks;
        near(&at(0.5), &[28.0 / 129.0, 39.0 / 129.0, 62.0 / 129.0], 1e-12);
        near(&at(0.1), &[0.165_367_351_8, 0.440_113_394_8, 0.394_519_253_5], 1e-10);
        near(&at(0.01), &[0.156_493_473_1, 0.464_121_635_7, 0.379_384_891_2], 1e-10);
    }

    #[test]
    fn no_edges_and_no_prior_leave_all_alike() {
        near(&Web::new(4, Vec::new()).ranks(vec![0.0; 4], &rules(0.1)).ranks, &[0.25; 4], 1e-15);
        near(&Web::new(0, Vec::new()).ranks(Vec::new(), &rules(0.1)).ranks, &[], 0.0);
    }

    /// The fixed point by elimination: `(1 − (1 − a) Cᵀ) t = a p`, with the rows of those who act on nobody filled.
    #[expect(clippy::needless_range_loop, reason = "matrices are read by their indices")]
    fn dense(nodes: usize, edges: &[(u32, u32, f64)], prior: &[f64], rules: &Graph) -> Vec<f64> {
        let mut shares = vec![vec![0.0; nodes]; nodes];
        for (source, target, weight) in edges {
            shares[*source as usize][*target as usize] = *weight;
        }
        for row in &mut shares {
            let all: f64 = row.iter().sum();
            for (share, prior) in row.iter_mut().zip(prior) {
                *share = match rules.dangling {
                    _ if all > 0.0 => *share / all,
                    Dangling::Prior => *prior,
                    Dangling::Everybody => 1.0 / nodes as f64,
                };
            }
        }
        let mut matrix: Vec<Vec<f64>> = (0..nodes)
            .map(|i| {
                let row =
                    (0..nodes).map(|j| f64::from(u8::from(i == j)) - (1.0 - rules.restart) * shares[j][i]);
                row.chain([rules.restart * prior[i]]).collect()
            })
            .collect();
        for pivot in 0..nodes {
            let best =
                (pivot..nodes).max_by(|&a, &b| matrix[a][pivot].abs().total_cmp(&matrix[b][pivot].abs()));
            matrix.swap(pivot, best.unwrap());
            for row in (0..nodes).filter(|&row| row != pivot) {
                let factor = matrix[row][pivot] / matrix[pivot][pivot];
                for column in pivot..=nodes {
                    matrix[row][column] -= factor * matrix[pivot][column];
                }
            }
        }
        (0..nodes).map(|row| matrix[row][nodes] / matrix[row][row]).collect()
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_a_dense_solve_and_add_up_to_1(
            cells in prop::collection::vec(prop_oneof![3 => Just(0.0), 1 => 0.1..50.0_f64], 64),
            prior in prop::collection::vec(0.0..5.0_f64, 8),
            restart in 0.05..1.0_f64,
            to_prior: bool,
        ) {
            let dangling = if to_prior { Dangling::Prior } else { Dangling::Everybody };
            let rules = Graph { tolerance: 1e-15, norm: Norm::Sum, dangling, ..rules(restart) };
            let rules = Graph { rounds: 2000, ..rules };
            let edges: Vec<(u32, u32, f64)> = (0..8_u32)
                .flat_map(|source| (0..8_u32).map(move |target| (source, target)))
                .zip(cells)
                .filter(|((source, target), weight)| source != target && *weight > 0.0)
                .map(|((source, target), weight)| (source, target, weight))
                .collect();
            let mut masses = prior.clone();
            normalise(&mut masses);
            let found = Web::new(8, edges.clone()).ranks(prior, &rules).ranks;
            let expected = dense(8, &edges, &masses, &rules);
            prop_assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {expected:?}");
            prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
