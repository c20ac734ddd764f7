//! Who lives in the town: a cast whose fate is known beforehand, and neighbours.

use crate::calendar::{DAY, END};
use crate::dice::Dice;
use crate::words;
use anyhow::{Result, ensure};
use std::collections::HashSet;

/// The networks whose exports the town writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Network {
    /// Twitter, now X.
    Twitter,
    /// Facebook.
    Facebook,
    /// `YouTube`.
    Youtube,
}

use Network::{Facebook, Twitter, Youtube};

/// Every network.
pub const NETWORKS: [Network; 3] = [Twitter, Facebook, Youtube];

impl Network {
    /// The network's folder, and its name before the colon of an account.
    pub fn name(self) -> &'static str {
        ["twitter", "facebook", "youtube"][self as usize]
    }
}

/// What happens to a person, which is what the story is told by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Answered by the crowd whatever they post.
    Star,
    /// Answered week after week by many well-regarded people.
    Expert,
    /// One huge burst, then silence.
    Fad,
    /// Bought its followers; nobody answers.
    Bot,
    /// One of six who answer only each other, every day.
    Pod,
    /// Answered by the same few friends.
    Friends,
    /// Runs two accounts on one network and reposts oneself.
    Double,
    /// Handed in one's own Facebook download.
    Download,
    /// Handed in one's own `YouTube` takeout.
    Takeout,
    /// Anybody else.
    Neighbour,
}

/// What the people file says about a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listing {
    /// `consent = true`.
    Agreed,
    /// `consent = true, minor = true`.
    Minor,
    /// `consent = true, exclude = true`.
    Excluded,
    /// `consent = false`.
    Refused,
    /// Nothing at all.
    Absent,
}

struct Part(&'static str, Role, Listing, &'static [Network], u64, &'static str);

/// The cast, best known first: name, role, listing, networks, followers, and what a reader should expect.
#[rustfmt::skip]
const CAST: &[Part] = &[
    Part("Isolde Marrowby", Role::Star, Listing::Agreed, &NETWORKS, 2_400_000,
        "Singer, loved on all three networks. Should lead the table."),
    Part("Ruben Quillfeather", Role::Star, Listing::Agreed, &[Youtube], 1_100_000,
        "Film-maker, on YouTube only. High, on one network's evidence."),
    Part("Bastian Okonwold", Role::Star, Listing::Agreed, &[Twitter, Facebook], 310_000,
        "Reads the weather. High on two networks."),
    Part("Mara Lind", Role::Expert, Listing::Agreed, &[Twitter, Facebook], 2_400,
        "Knows everything about soil. Few followers, but well-regarded people answer her every single week. \
        Should stand far above her follower count. Her own archive is `twitter/twitter-archive-mara_lind.zip`."),
    Part("Jory Pellwick", Role::Fad, Listing::Agreed, &[Twitter, Youtube], 9_000,
        "Filmed a goat on an escalator 75 days before the end. Nothing since. Should have faded to what the profile alone is worth, not be a standing."),
    Part("Velda Cronk", Role::Bot, Listing::Agreed, &[Twitter], 60_312,
        "Bought 60,000 followers 40 days before the end, follows 41,000 and answers strangers. Nobody reacts. \
        Lives on that number alone: should stand far below those who are answered by as many."),
    Part("Ansel Copperfold", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 420, POD),
    Part("Bettina Copperfold", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 390, POD),
    Part("Clovis Rushlight", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 350, POD),
    Part("Dagny Rushlight", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 310, POD),
    Part("Emeka Tallowby", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 280, POD),
    Part("Fenna Tallowby", Role::Pod, Listing::Agreed, &[Twitter, Facebook], 260, POD),
    Part("Tilda Wrenlow", Role::Friends, Listing::Minor, &[Twitter, Facebook], 190,
        "Fifteen, popular among friends. `minor = true`: must have no score anywhere."),
    Part("Osk Varnholt", Role::Neighbour, Listing::Excluded, &[Twitter, Facebook], 5_200,
        "Agreed once, then asked to be left out. `exclude = true`: must appear nowhere."),
    Part("Linnéa Hartwhistle", Role::Double, Listing::Agreed, &[Twitter, Twitter], 1_300,
        "Has two Twitter accounts; the second reposts the first, which should count nothing."),
    Part("Åsne Dallowick", Role::Download, Listing::Agreed, &[Facebook], 240,
        "Handed in her own Facebook download (`facebook/download-asne-dallowick`); not in the Graph API files as an author."),
    Part("Corwin Applestride", Role::Takeout, Listing::Agreed, &[Youtube], 35,
        "Handed in his own YouTube takeout (`youtube/takeout-corwin-applestride`)."),
    Part("Una Grellish", Role::Neighbour, Listing::Refused, &[Twitter, Facebook], 7_800,
        "Well known and said no. `consent = false`: must appear nowhere, though her reactions to others count."),
    Part("Pascoe Thimble", Role::Neighbour, Listing::Absent, &[Twitter, Youtube], 6_900,
        "Well known and was never asked: not in the people file, must appear nowhere."),
];

const POD: &str =
    "One of a pod of six who like, retweet and comment on each other daily. Nobody else ever reacts.";

/// The fewest people a town can have: the cast and enough neighbours to answer it.
pub const FEWEST: usize = 60;

/// A person.
pub struct Person {
    /// The id in the people file and in outputs.
    pub id: String,
    /// The name as people write it.
    pub name: String,
    /// What happens to them.
    pub role: Role,
    /// What the people file says.
    pub listing: Listing,
    /// Place in the order of fame, 0 first.
    pub rank: u64,
    /// What a reader should expect of the score; empty for neighbours.
    pub note: &'static str,
    /// Indices into the town's accounts.
    pub accounts: Vec<usize>,
}

/// An account on a network.
pub struct Account {
    /// Where.
    pub network: Network,
    /// Index of its owner.
    pub person: usize,
    /// The network's id for it.
    pub id: String,
    /// The name in links and mentions.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// Followers, friends or subscribers on the last day.
    pub followers: u64,
    /// How many it follows.
    pub following: u64,
    /// When it was opened.
    pub created: i64,
    role: Role,
}

impl Account {
    /// `network:id`, as the people file has it.
    pub fn key(&self) -> String {
        format!("{}:{}", self.network.name(), self.id)
    }

    /// Followers on some day: slow growth, but for the burst of the fad and the purchase of the bot.
    pub fn followers_at(&self, at: i64) -> u64 {
        let days_left = ((END - at) / DAY).max(0) as u64;
        match self.role {
            Role::Bot if days_left >= 40 => 312,
            Role::Bot => self.followers,
            Role::Fad if days_left >= 75 => 110,
            _ => self.followers - self.followers * days_left / 900,
        }
    }

    /// On how many lists it is on some day. Who was bought puts nobody on a list.
    pub fn listed_at(&self, at: i64) -> u64 {
        let followers =
            if self.role == Role::Bot { self.followers_at(END - 40 * DAY) } else { self.followers_at(at) };
        followers / 300
    }
}

/// The people and their accounts.
pub struct Town {
    /// Everybody: the cast first, then the neighbours.
    pub people: Vec<Person>,
    /// Their accounts.
    pub accounts: Vec<Account>,
}

impl Town {
    /// A town of `size` people.
    ///
    /// # Errors
    ///
    /// When there is no room for the cast.
    pub fn new(size: usize, seed: u64) -> Result<Self> {
        ensure!(size >= FEWEST, "a town needs at least {FEWEST} people, not {size}");
        let mut town = Self { people: Vec::new(), accounts: Vec::new() };
        for Part(name, role, listing, networks, followers, note) in CAST {
            let rank = match role {
                Role::Star => town.people.len() as u64,
                Role::Neighbour => 4,
                Role::Expert => 8,
                Role::Double => 14,
                _ => 110,
            };
            town.settle(name, *role, *listing, rank, note, networks, *followers);
        }
        let mut dice = Dice::new(seed, "neighbours");
        let mut taken: HashSet<String> = town.people.iter().map(|person| person.name.clone()).collect();
        while town.people.len() < size {
            let mut name = format!("{} {}", dice.pick(words::GIVEN), dice.pick(words::FAMILY));
            if !taken.insert(name.clone()) {
                name = format!("{name} {}", town.people.len());
            }
            let listing = match town.people.len() % 8 {
                2 => Listing::Refused,
                5 => Listing::Absent,
                _ => Listing::Agreed,
            };
            let networks: &[Network] = match dice.below(20) {
                0..7 => &[Twitter],
                7..11 => &[Facebook],
                11..14 => &[Youtube],
                14..16 => &[Twitter, Facebook],
                16 => &[Facebook, Youtube],
                17 | 18 => &[Twitter, Youtube],
                _ => &NETWORKS,
            };
            let rank = 3 + dice.below(size as u64);
            let followers = 12 + dice.below(60) + 2_400_000 / ((rank + 8) * (rank + 8));
            town.settle(&name, Role::Neighbour, listing, rank, "", networks, followers);
        }
        Ok(town)
    }

    // One call settles the cast, one the neighbours; a struct would only rename the arguments.
    #[allow(clippy::too_many_arguments)]
    fn settle(
        &mut self,
        name: &str,
        role: Role,
        listing: Listing,
        rank: u64,
        note: &'static str,
        networks: &[Network],
        followers: u64,
    ) {
        let person = self.people.len();
        let mut accounts = Vec::new();
        for (nth, &network) in networks.iter().enumerate() {
            let number = person + 1 + 500_000 * usize::from(networks[..nth].contains(&network));
            let short: String = words::ascii(name, "_").chars().take(15).collect();
            let id = match network {
                Twitter => format!("{}", 1000 + number),
                Facebook => format!("{}", 2000 + number),
                Youtube => format!(
                    "UC{:-<16}{number:06}",
                    words::ascii(name, "").chars().take(15).collect::<String>()
                ),
            };
            let again = if number > 500_000 { "2" } else { "" };
            // People are better known on the first network they name.
            let followers = followers / (1 + 2 * nth as u64);
            accounts.push(self.accounts.len());
            self.accounts.push(Account {
                network,
                person,
                id,
                handle: if name.ends_with(char::is_numeric) {
                    format!("{short}{number}")
                } else {
                    short + again
                },
                name: name.to_owned(),
                followers,
                following: if role == Role::Bot { 41_000 } else { 30 + (number as u64 * 37) % 400 },
                created: END - (400 + (number as i64 * 7919) % 4000) * DAY + (number as i64 * 104_729) % DAY,
                role,
            });
        }
        let id = words::ascii(name, "-");
        self.people.push(Person { id, name: name.to_owned(), role, listing, rank, note, accounts });
    }

    /// The accounts on a network whose owner has the role, in the order of the people.
    pub fn with_role(&self, network: Network, role: Role) -> Vec<usize> {
        let there = |account: &Account| account.network == network && account.role == role;
        (0..self.accounts.len()).filter(|&i| there(&self.accounts[i])).collect()
    }

    /// All accounts on a network, best known first.
    pub fn on(&self, network: Network) -> Vec<usize> {
        let mut found: Vec<_> =
            (0..self.accounts.len()).filter(|&i| self.accounts[i].network == network).collect();
        found.sort_by_key(|&i| (self.rank(i), i));
        found
    }

    /// The rank of an account's owner.
    pub fn rank(&self, account: usize) -> u64 {
        self.people[self.accounts[account].person].rank
    }

    /// The role of an account's owner.
    pub fn role(&self, account: usize) -> Role {
        self.accounts[account].role
    }
}
