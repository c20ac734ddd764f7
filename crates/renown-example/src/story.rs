//! What happens on one network: posts, reactions to them, and who follows whom. No format is known here.

use crate::calendar::{DAY, DAYS, END, START};
use crate::cast::{Network, Role, Town};
use crate::dice::Dice;
use crate::words;

/// How somebody reacts to a post.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A like or another one-click reaction.
    Like,
    /// A repost as it is.
    Repost,
    /// A repost with a remark.
    Quote,
    /// An answer or a comment.
    Reply,
}

/// A post.
pub struct Post {
    /// The account that wrote it.
    pub author: usize,
    /// When.
    pub at: i64,
    /// What it says.
    pub text: String,
    /// An account it mentions.
    pub mention: Option<usize>,
    /// Likes from outside the town, two days on: the exports show them as totals only.
    pub outside: u64,
    /// The network's id.
    pub id: String,
    /// Indices of the reactions to it.
    pub reactions: Vec<usize>,
}

/// A reaction to a post by an account of the town.
pub struct Reaction {
    /// The post.
    pub post: usize,
    /// Who reacted.
    pub actor: usize,
    /// When.
    pub at: i64,
    /// How.
    pub kind: Kind,
    /// The words, for a quote or a reply.
    pub text: String,
    /// The earlier reaction that this one answers, on `YouTube`.
    pub parent: Option<usize>,
    /// The network's id.
    pub id: String,
}

/// One account following, befriending or subscribing to another.
pub struct Follow {
    /// Who follows.
    pub from: usize,
    /// Whom.
    pub to: usize,
    /// Since when.
    pub at: i64,
}

/// All that happens on one network.
pub struct Story {
    /// The posts, in the order they were told.
    pub posts: Vec<Post>,
    /// The reactions, in the order they were told.
    pub reactions: Vec<Reaction>,
    /// Who follows whom.
    pub follows: Vec<Follow>,
}

impl Story {
    /// How many reactions of one kind a post got before a moment.
    pub fn count(&self, post: usize, kind: Kind, until: i64) -> u64 {
        let counted = |&&i: &&usize| self.reactions[i].kind == kind && self.reactions[i].at < until;
        self.posts[post].reactions.iter().filter(counted).count() as u64
    }

    /// Likes from outside the town before a moment: they come in evenly over two days.
    pub fn outside(&self, post: usize, until: i64) -> u64 {
        let Post { at, outside, .. } = self.posts[post];
        outside * (until - at).clamp(0, 2 * DAY) as u64 / (2 * DAY) as u64
    }

    /// Tells what happens on a network.
    pub fn tell(town: &Town, network: Network, seed: u64) -> Self {
        let aloof = |&account: &usize| !matches!(town.role(account), Role::Pod | Role::Bot);
        let public: Vec<_> = town.on(network).into_iter().filter(aloof).collect();
        let mut teller = Teller {
            town,
            network,
            public,
            dice: Dice::new(seed, network.name()),
            story: Self { posts: Vec::new(), reactions: Vec::new(), follows: Vec::new() },
        };
        teller.follows();
        for account in teller.public.clone() {
            teller.live(account);
        }
        teller.pod();
        teller.bot();
        teller.story
    }
}

struct Teller<'a> {
    town: &'a Town,
    network: Network,
    /// Everybody who reacts to others and is reacted to, best known first.
    public: Vec<usize>,
    dice: Dice,
    story: Story,
}

impl Teller<'_> {
    /// What one account does and receives, by the role of its owner.
    fn live(&mut self, account: usize) {
        match self.town.role(account) {
            Role::Star => self.steady(account, 9, 12..20),
            Role::Expert => self.expert(account),
            Role::Fad => self.fad(account),
            Role::Friends => self.friends(account),
            Role::Double => self.double(account),
            Role::Download => self.steady(account, 15, 2..6),
            Role::Takeout | Role::Neighbour => self.neighbour(account),
            Role::Bot | Role::Pod => {}
        }
    }

    /// A post every `every` days, each answered by some of the crowd.
    fn steady(&mut self, account: usize, every: usize, answers: std::ops::Range<u64>) {
        let first = self.dice.below(every as u64) as i64;
        for day in (first..DAYS).step_by(every) {
            let outside = self.outside(account);
            let post = self.post(account, day, outside);
            let count = answers.start + self.dice.below(answers.end - answers.start);
            self.crowd(post, count);
        }
    }

    /// A post a week, answered by six of the best known, in turns so that they are many.
    fn expert(&mut self, account: usize) {
        let peers: Vec<_> = self.public.iter().copied().filter(|&peer| peer != account).take(40).collect();
        for week in 0..DAYS / 7 {
            let day = week * 7 + self.dice.below(6) as i64;
            let outside = 20 + self.dice.below(15);
            let post = self.post(account, day, outside);
            for turn in 0..6 {
                let peer = peers[(week as usize * 6 + turn) % peers.len()];
                let kind = self.kind();
                self.react(post, peer, kind);
                self.react(post, peers[(week as usize * 6 + turn + 17) % peers.len()], Kind::Like);
            }
        }
    }

    /// One burst that the whole town answers; a few more posts that nobody does.
    fn fad(&mut self, account: usize) {
        let burst = DAYS - 75;
        for _ in 0..2 {
            let post = self.post(account, burst, 38_000);
            self.crowd(post, self.public.len() as u64 * 2 / 5);
        }
        for day in (burst + 15..DAYS).step_by(15) {
            self.post(account, day, 0);
        }
    }

    /// A post every eight days, answered by four of the same twelve friends.
    fn friends(&mut self, account: usize) {
        let friends: Vec<_> = self.public.iter().rev().copied().filter(|&i| i != account).take(12).collect();
        for day in (2..DAYS).step_by(8) {
            let post = self.post(account, day, 4);
            for _ in 0..4 {
                let (friend, kind) = (*self.dice.pick(&friends), self.kind());
                self.react(post, friend, kind);
            }
        }
    }

    /// The first account posts; the second reposts it.
    fn double(&mut self, account: usize) {
        let [first, second] = self.town.people[self.town.accounts[account].person].accounts[..] else {
            return;
        };
        if account != first {
            return self.steady(second, 40, 1..3);
        }
        for day in (5..DAYS).step_by(12) {
            let post = self.post(first, day, 15);
            self.crowd(post, 3);
            self.react(post, second, Kind::Repost);
        }
    }

    /// A few posts, answered the more the better known the author is; now and then by the author too.
    fn neighbour(&mut self, account: usize) {
        let rank = self.town.rank(account);
        let posts = match (rank, self.network) {
            (_, Network::Youtube) if !rank.is_multiple_of(3) && rank > 4 => 0, // Most people only watch.
            (0..12, _) => 4 + self.dice.below(3),
            _ => 2 + self.dice.below(3),
        };
        for _ in 0..posts {
            let day = self.dice.below(DAYS as u64) as i64;
            let outside = self.outside(account);
            let post = self.post(account, day, outside);
            let count = self.dice.below(4 + 90 / (rank + 3));
            self.crowd(post, count);
            if self.dice.percent(6) {
                self.react(post, account, Kind::Reply);
            }
        }
    }

    /// Every day one of the pod posts and the five others react: on even days on Twitter, on odd ones on
    /// Facebook.
    fn pod(&mut self) {
        let pod = self.town.with_role(self.network, Role::Pod);
        if pod.is_empty() {
            return;
        }
        let first = i64::from(self.network == Network::Facebook);
        for day in (first..DAYS).step_by(2) {
            let turn = (day / 2) as usize;
            let post = self.post(pod[turn % pod.len()], day, 0);
            for step in 1..pod.len() {
                let member = pod[(turn + step) % pod.len()];
                self.react(post, member, Kind::Like);
                match (step, self.network) {
                    (1, Network::Twitter) => self.react(post, member, Kind::Repost),
                    (2 | 3, _) => self.react(post, member, Kind::Reply),
                    _ => {}
                }
            }
        }
    }

    /// The bot posts offers that nobody answers, and answers strangers.
    fn bot(&mut self) {
        for bot in self.town.with_role(self.network, Role::Bot) {
            let strangers: Vec<_> = (0..self.story.posts.len())
                .filter(|&i| self.public.contains(&self.story.posts[i].author))
                .collect();
            for day in (1..DAYS).step_by(4) {
                let post = self.post(bot, day, 0);
                self.story.posts[post].text = String::from(*self.dice.pick(words::DEALS));
                let stranger = *self.dice.pick(&strangers);
                self.react(stranger, bot, Kind::Reply);
            }
        }
    }

    /// Everybody follows a few, mostly the well known.
    fn follows(&mut self) {
        for &from in &self.public {
            let mut chosen = vec![from];
            for _ in 0..4 + self.dice.below(6) {
                let to = self.public[self.dice.near_top(self.public.len() as u64) as usize];
                if !chosen.contains(&to) {
                    chosen.push(to);
                    let at = END - self.dice.below(700 * DAY as u64) as i64;
                    self.story.follows.push(Follow { from, to, at });
                }
            }
        }
    }

    /// How many likes a post of this account gets from outside the town.
    fn outside(&mut self, account: usize) -> u64 {
        let usual = self.town.accounts[account].followers / 120;
        usual / 2 + self.dice.below(usual + 1)
    }

    /// Adds a post on a day, between 6 and 22 o'clock.
    fn post(&mut self, author: usize, day: i64, outside: u64) -> usize {
        let at = START + day * DAY + 6 * 3600 + self.dice.below(16 * 3600) as i64;
        let text = words::post(&mut self.dice);
        let mention = self.public[self.dice.near_top(self.public.len() as u64) as usize];
        // The pod and the bot speak of nobody, and nobody speaks of the fad any more.
        let apart = !self.public.contains(&author) || self.town.role(mention) == Role::Fad;
        let may_mention = self.network == Network::Twitter && mention != author && !apart;
        let mention = Some(mention).filter(|_| may_mention && self.dice.percent(15));
        let id = self.id(at, false);
        self.story.posts.push(Post { author, at, text, mention, outside, id, reactions: Vec::new() });
        self.story.posts.len() - 1
    }

    /// Has `count` different people react to a post, well known or not.
    fn crowd(&mut self, post: usize, count: u64) {
        let mut left: Vec<_> = self.public.clone();
        left.retain(|&actor| {
            self.town.accounts[actor].person != self.town.accounts[self.story.posts[post].author].person
        });
        for _ in 0..count.min(left.len() as u64) {
            let well_known = self.dice.percent(30);
            let n = left.len() as u64;
            let chosen = if well_known { self.dice.near_top(n) } else { self.dice.below(n) };
            let actor = left.remove(chosen as usize);
            let kind = self.kind();
            self.react(post, actor, kind);
        }
    }

    /// How somebody reacts, by what the network offers.
    fn kind(&mut self) -> Kind {
        match (self.network, self.dice.below(20)) {
            (Network::Twitter, 0..8) | (Network::Facebook, 0..15) => Kind::Like,
            (Network::Twitter, 8..13) => Kind::Repost,
            (Network::Twitter, 13..15) => Kind::Quote,
            _ => Kind::Reply,
        }
    }

    /// Adds a reaction within a day and a half, mostly soon; on `YouTube` perhaps an answer to an earlier
    /// comment.
    fn react(&mut self, post: usize, actor: usize, kind: Kind) {
        let earliest = self.story.posts[post].at;
        let span = if self.dice.percent(60) { 3 * 3600 } else { 36 * 3600 };
        let mut at = (earliest + 60 + self.dice.below(span) as i64).min(END - 1);
        let mut parent = None;
        if self.network == Network::Youtube && self.dice.percent(20) {
            let mut first = self.story.posts[post].reactions.iter().copied();
            parent = first.rfind(|&i| self.story.reactions[i].parent.is_none());
        }
        if let Some(parent) = parent {
            at = (self.story.reactions[parent].at + 60 + self.dice.below(7200) as i64).min(END - 1);
        }
        let text = (*self.dice.pick(words::ANSWERS)).to_owned();
        let id = match parent {
            Some(parent) => format!("{}.{}", self.story.reactions[parent].id, self.dice.token(22)),
            None => self.id(at, true),
        };
        self.story.posts[post].reactions.push(self.story.reactions.len());
        self.story.reactions.push(Reaction { post, actor, at, kind, text, parent, id });
    }

    /// An id as the network gives them.
    fn id(&mut self, at: i64, comment: bool) -> String {
        match self.network {
            Network::Twitter => {
                let millisecond = at as u64 * 1000 + self.dice.below(1000);
                snowflake(millisecond, self.dice.below(1 << 22)).to_string()
            }
            Network::Facebook => (700_000_000_000_000 + self.dice.below(100_000_000_000_000)).to_string(),
            Network::Youtube if comment => format!("Ug{}4AaABAg", self.dice.token(16)),
            Network::Youtube => self.dice.token(11),
        }
    }
}

/// Twitter's id for a moment: milliseconds since its own epoch, then 22 bits that tell twins apart.
pub fn snowflake(millisecond: u64, twin: u64) -> u64 {
    (millisecond - 1_288_834_974_657) << 22 | (twin & 0x3f_ffff)
}
