//! The attacks: each is a name, what is done, and the records of it.

use super::scene::{Act, Scene, Who};

/// A way to a higher score without more influence.
pub(super) struct Attack {
    /// Its name, as budgets have it.
    pub(super) name: &'static str,
    /// What is done.
    pub(super) docs: &'static str,
    /// Adds the records of it.
    pub(super) run: fn(&mut Scene),
}

/// All attacks.
pub(super) const ATTACKS: [Attack; 10] = [
    Attack {
        name: "followers-100",
        docs: "100 followers without standing are bought",
        run: |scene| followers(scene, 100),
    },
    Attack {
        name: "followers-1000",
        docs: "1,000 followers without standing are bought",
        run: |scene| followers(scene, 1_000),
    },
    Attack {
        name: "followers-10000",
        docs: "10,000 followers without standing are bought",
        run: |scene| followers(scene, 10_000),
    },
    Attack { name: "one-bot", docs: "one bot gives 1,000 likes in a day", run: one_bot },
    Attack {
        name: "pod",
        docs: "nine friends and the person like, share and answer each other daily for a week",
        run: pod,
    },
    Attack { name: "follow-back", docs: "500 strangers are followed, and follow back", run: follow_back },
    Attack {
        name: "giveaway",
        docs: "2,000 strangers like, share and follow on one day, to win something",
        run: giveaway,
    },
    Attack {
        name: "aged-accounts",
        docs: "100 aged accounts react to the person every other day for four weeks, and to each other",
        run: aged_accounts,
    },
    Attack {
        name: "second-account",
        docs: "the person likes and shares a post of their own every third day, from a second account of which nobody knows",
        run: second_account,
    },
    Attack {
        name: "deleting",
        docs: "the person deletes three quarters of their posts, those with the least response",
        run: deleting,
    },
];

fn followers(scene: &mut Scene, number: u64) {
    scene.joined += number;
    scene.bought.followers += number;
    for _ in 0..number {
        let bot = scene.account();
        scene.done(bot, Who::Person, Act::Follow, 0);
    }
}

fn one_bot(scene: &mut Scene) {
    let bot = scene.account();
    scene.reacts(bot, Act::Like, 0, 1_000);
    scene.bought.acts += 1_000;
}

const REACTIONS: [Act; 3] = [Act::Like, Act::Share, Act::Comment];

fn pod(scene: &mut Scene) {
    let members: Vec<Who> = (0..9).map(|_| scene.account_of(500)).collect();
    for age in 0..7 {
        for &member in &members {
            for act in REACTIONS {
                scene.reacts(member, act, age, 1);
                scene.done(Who::Person, member, act, age);
                for &other in members.iter().filter(|other| **other != member) {
                    scene.done(member, other, act, age);
                }
            }
        }
    }
}

fn follow_back(scene: &mut Scene) {
    scene.joined += 500;
    for _ in 0..500 {
        let stranger = scene.account_of(500);
        scene.done(Who::Person, stranger, Act::Follow, 1);
        scene.done(stranger, Who::Person, Act::Follow, 0);
    }
}

fn giveaway(scene: &mut Scene) {
    scene.joined += 2_000;
    scene.bought.prizes += 1;
    for _ in 0..2_000 {
        let stranger = scene.account_of(50);
        for act in [Act::Like, Act::Share, Act::Follow] {
            scene.reacts(stranger, act, 0, 1);
        }
    }
}

fn aged_accounts(scene: &mut Scene) {
    let accounts: Vec<Who> = (0..100).map(|_| scene.account_of(300)).collect();
    scene.bought.accounts += 100;
    scene.joined += 100;
    for (number, &account) in accounts.iter().enumerate() {
        scene.done(account, Who::Person, Act::Follow, 28);
        for age in (0..28).step_by(2) {
            for act in REACTIONS {
                scene.reacts(account, act, age, 1);
                for step in 1..=3 {
                    scene.done(account, accounts[(number + step) % accounts.len()], act, age);
                }
            }
        }
    }
}

fn second_account(scene: &mut Scene) {
    let second = scene.account();
    scene.bought.accounts += 1;
    for age in (0..60).step_by(3) {
        scene.reacts(second, Act::Like, age, 1);
        scene.reacts(second, Act::Share, age, 1);
    }
}

fn deleting(scene: &mut Scene) {
    scene.keep_one_of = Some(4);
}
