//! `[attack]` and `[budget]`: how acts are called where influence is bought, what it costs, and how much may be had for it.

use std::collections::BTreeMap;
use std::ops::Range;

use renown_core::words::is_plain;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::check::number;
use crate::error::Fault;
use crate::format::Number;
use crate::pattern::PLAIN;

/// What `renown attack` tries. It decides no score and is not part of the stamp.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Attack")]
pub(crate) struct AttackEntry {
    /// How acts and the audience are called on each network that is tried.
    #[schemars(with = "BTreeMap<String, NamesEntry>")]
    networks: BTreeMap<Spanned<String>, NamesEntry>,
    /// What each is sold for, in US dollars.
    price: PriceEntry,
}

/// How acts and the audience are called on a network; what is left out does not exist there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Names")]
struct NamesEntry {
    /// The metric of the audience.
    #[schemars(with = "String")]
    audience: Spanned<String>,
    /// The kind that joins it.
    #[schemars(with = "String")]
    follow: Spanned<String>,
    /// The kind of plain approval.
    #[schemars(with = "String")]
    like: Spanned<String>,
    /// The kind that passes a post on.
    #[serde(default)]
    #[schemars(with = "String")]
    share: Option<Spanned<String>>,
    /// The kind that answers.
    #[serde(default)]
    #[schemars(with = "String")]
    comment: Option<Spanned<String>>,
}

/// Prices of one each, in US dollars.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Price")]
struct PriceEntry {
    /// A follower.
    #[schemars(with = "f64", range(min = 0), extend("default" = 0))]
    follower: Option<Spanned<Number>>,
    /// A like, share or comment by an account that does nothing else.
    #[schemars(with = "f64", range(min = 0), extend("default" = 0))]
    act: Option<Spanned<Number>>,
    /// An aged account of one's own, with what it does.
    #[schemars(with = "f64", range(min = 0), extend("default" = 0))]
    account: Option<Spanned<Number>>,
    /// What is given away to whoever likes, shares and follows.
    #[schemars(with = "f64", range(min = 0), extend("default" = 0))]
    prize: Option<Spanned<Number>>,
}

/// What is tried, and what it may bring.
#[derive(Clone, Debug)]
pub struct Attacks {
    /// How things are called, by network.
    pub networks: BTreeMap<String, Names>,
    /// What they cost.
    pub price: Price,
    /// How many points at most an attack may bring, by the attack's name.
    pub budget: BTreeMap<String, f64>,
    /// Where these names stand.
    pub(crate) places: BTreeMap<String, Range<usize>>,
}

/// How acts and the audience are called on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The metric of the audience.
    pub audience: String,
    /// The kind that joins it.
    pub follow: String,
    /// The kind of plain approval.
    pub like: String,
    /// The kind that passes a post on, if there is one.
    pub share: Option<String>,
    /// The kind that answers, if there is one.
    pub comment: Option<String>,
}

/// What one each costs, in US dollars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// A follower.
    pub follower: f64,
    /// A like, share or comment by an account that does nothing else.
    pub act: f64,
    /// An aged account, with what it does.
    pub account: f64,
    /// What is given away to whoever likes, shares and follows.
    pub prize: f64,
}

/// The table `[budget]`.
pub(crate) type BudgetEntry = BTreeMap<Spanned<String>, Spanned<Number>>;

impl Attacks {
    pub(crate) fn new(entry: AttackEntry, budget: BudgetEntry) -> Result<Self, Fault> {
        let AttackEntry { networks, price: PriceEntry { follower, act, account, prize } } = entry;
        let price = |key: &str, price: Option<Spanned<Number>>| {
            price.map_or(Ok(0.0), |price| number(key, &price, |price| price >= 0.0, "of dollars, 0 or more"))
        };
        let mut places = BTreeMap::new();
        let budget = budget.into_iter().map(|(name, points)| {
            places.insert(name.get_ref().clone(), name.span());
            let points = number(name.get_ref(), &points, |points| points >= 0.0, "of points, 0 or more")?;
            Ok((name.into_inner(), points))
        });
        let budget = budget.collect::<Result<_, Fault>>()?;
        Ok(Self {
            networks: (networks.into_iter())
                .map(|(network, names)| Ok((plain(network)?, Names::new(names)?)))
                .collect::<Result<_, Fault>>()?,
            price: Price {
                follower: price("follower", follower)?,
                act: price("act", act)?,
                account: price("account", account)?,
                prize: price("prize", prize)?,
            },
            budget,
            places,
        })
    }
}

impl Names {
    fn new(entry: NamesEntry) -> Result<Self, Fault> {
        let NamesEntry { audience, follow, like, share, comment } = entry;
        Ok(Self {
            audience: plain(audience)?,
            follow: plain(follow)?,
            like: plain(like)?,
            share: share.map(plain).transpose()?,
            comment: comment.map(plain).transpose()?,
        })
    }
}

fn plain(name: Spanned<String>) -> Result<String, Fault> {
    if is_plain(name.get_ref()) {
        return Ok(name.into_inner());
    }
    let message = format!("`{}` is not the name of a network, kind or metric", name.get_ref());
    Err(Fault::at(name.span(), message).help(PLAIN))
}
