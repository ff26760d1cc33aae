//! Makes a sales organisation of any size from a seed. Activities are streamed, in about the order
//! of time; of the rest only who owns what is held.

mod random;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use rand_distr::{Distribution, Zipf};

use random::Random;
use table::Cell::{Nothing, Text, Whole};
use table::Kind::{Day, Id, Instant, Money, Text as Word};
use table::Table;

/// What to make, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// The folder to write to.
    folder: PathBuf,
    /// How many activities; customers, leads and opportunities follow.
    #[arg(long, default_value_t = 1_000_000)]
    activities: i64,
    /// The same seed and size give the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const TEAMS: i64 = 10;
const SELLERS: i64 = 200;
const MINUTES: i64 = 24 * 60;

/// The days of the activities, and the as-of day, as days since 1970.
struct Story {
    first: i64,
    as_of: i64,
    last: i64,
}

fn day(year: i32, month: u32, day: u32) -> Result<i64> {
    let date = NaiveDate::from_ymd_opt(year, month, day).context("no such day")?;
    Ok(i64::from(date.to_epoch_days()))
}

impl Generate {
    pub(crate) fn run(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make the folder {}", self.folder.display()))?;
        let story =
            Story { first: day(2024, 1, 1)?, as_of: day(2026, 12, 15)?, last: day(2027, 1, 31)? };
        teams_and_sellers(&self.folder)?;
        let customers = customers(self, &story)?;
        let leads = leads(self, &story)?;
        let opportunities = opportunities(self, &story, &customers)?;
        activities(self, &story, &customers, &leads, &opportunities)
    }

    fn random(&self, table: u64) -> Random {
        Random::new(self.seed, table)
    }

    fn table(&self, name: &str, columns: &[(&str, table::Kind)]) -> Result<Table> {
        create(&self.folder, name, columns)
    }
}

fn create(folder: &Path, name: &str, columns: &[(&str, table::Kind)]) -> Result<Table> {
    let path = folder.join(name).with_extension("parquet");
    Table::create(&path, columns).with_context(|| format!("cannot write {}", path.display()))
}

fn teams_and_sellers(folder: &Path) -> Result<()> {
    let mut teams = create(folder, "teams", &[("id", Id)])?;
    for id in 1..=TEAMS {
        teams.row(&[Whole(id)])?;
    }
    teams.close()?;
    let mut sellers = create(folder, "sellers", &[("id", Id), ("team", Id)])?;
    for id in 1..=SELLERS {
        sellers.row(&[Whole(id), Whole(1 + id % TEAMS)])?;
    }
    sellers.close()
}

/// Who owns each customer; the first has the id 1.
fn customers(what: &Generate, story: &Story) -> Result<Vec<i64>> {
    let mut random = what.random(1);
    let columns = [("id", Id), ("segment", Word), ("owner", Id), ("created", Day)];
    let mut table = what.table("customers", &columns)?;
    let mut owners = Vec::new();
    for id in 1..=(what.activities / 100).max(1) {
        let segment = random.one_of(&[("A", 20), ("B", 30), ("C", 50)]);
        let owner = random.between(1, SELLERS);
        let is_old = random.chance(90);
        let created = if is_old {
            story.first - random.between(1, 2000)
        } else {
            random.between(story.first, story.last)
        };
        table.row(&[Whole(id), Text(segment), Whole(owner), Whole(created)])?;
        owners.push(owner);
    }
    table.close()?;
    Ok(owners)
}

/// Who owns each lead.
fn leads(what: &Generate, story: &Story) -> Result<Vec<i64>> {
    let mut random = what.random(2);
    let columns = [
        ("id", Id),
        ("temperature", Word),
        ("status", Word),
        ("owner", Id),
        ("created", Instant),
        ("converted", Day),
    ];
    let mut table = what.table("leads", &columns)?;
    let mut owners = Vec::new();
    for id in 1..=(what.activities / 200).max(1) {
        let temperature = random.one_of(&[("hot", 25), ("warm", 35), ("cold", 40)]);
        let status = random.one_of(&[("open", 50), ("converted", 30), ("lost", 20)]);
        let owner = random.between(1, SELLERS);
        let created = random.between(story.first, story.as_of + 20);
        let at = created * MINUTES + random.below(MINUTES);
        let converted = created + random.between(10, 120);
        let converted = if status == "converted" { Whole(converted) } else { Nothing };
        let (id, temperature, status) = (Whole(id), Text(temperature), Text(status));
        table.row(&[id, temperature, status, Whole(owner), Whole(at), converted])?;
        owners.push(owner);
    }
    table.close()?;
    Ok(owners)
}

/// The customer and the owner of each opportunity.
fn opportunities(what: &Generate, story: &Story, customers: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut random = what.random(3);
    let columns = [
        ("id", Id),
        ("customer", Id),
        ("owner", Id),
        ("status", Word),
        ("amount", Money),
        ("created", Day),
        ("expected_close", Day),
        ("closed", Day),
    ];
    let mut table = what.table("opportunities", &columns)?;
    let mut links = Vec::new();
    for id in 1..=(what.activities * 6 / 1000).max(1) {
        let customer = random.between(1, i64::try_from(customers.len())?);
        let own = customers.get(usize::try_from(customer - 1)?).copied().unwrap_or(1);
        let owner = if random.chance(90) { own } else { random.between(1, SELLERS) };
        let status = random.one_of(&[("open", 40), ("won", 30), ("lost", 30)]);
        let amount = random.between(100_000, 100_000_000);
        let created = random.between(story.first, story.as_of + 20);
        let expected = created + random.between(30, 240);
        let closed = created + random.between(20, 200);
        let closed = if status == "open" { Nothing } else { Whole(closed) };
        table.row(&[
            Whole(id),
            Whole(customer),
            Whole(owner),
            Text(status),
            Whole(amount),
            Whole(created),
            Whole(expected),
            closed,
        ])?;
        links.push((customer, owner));
    }
    table.close()?;
    Ok(links)
}

const KINDS: [(&str, i64); 8] = [
    ("call", 25),
    ("visit", 8),
    ("meeting", 14),
    ("email", 25),
    ("message", 8),
    ("demo", 4),
    ("offer", 6),
    ("task", 10),
];

fn activities(
    what: &Generate,
    story: &Story,
    customers: &[i64],
    leads: &[i64],
    opportunities: &[(i64, i64)],
) -> Result<()> {
    let mut random = what.random(4);
    let columns = [
        ("id", Id),
        ("kind", Word),
        ("status", Word),
        ("at", Instant),
        ("seller", Id),
        ("customer", Id),
        ("lead", Id),
        ("opportunity", Id),
    ];
    let mut table = what.table("activities", &columns)?;
    let count = i64::try_from(customers.len())?;
    let ranks = Zipf::new(customers.len() as f64, 1.0)?;
    let lead_count = i64::try_from(leads.len())?;
    let opportunity_count = i64::try_from(opportunities.len())?;
    for id in 1..=what.activities {
        let (customer, lead, opportunity, owner) = match random.below(100) {
            0..55 => {
                // The busiest customers are not those with the lowest ids.
                let rank = ranks.sample(&mut random.0) as i64;
                let at = rank * 7919 % count;
                let owner = customers.get(usize::try_from(at)?).copied().unwrap_or(1);
                (Whole(at + 1), Nothing, Nothing, owner)
            }
            55..80 => {
                let at = random.below(opportunity_count);
                let link = opportunities.get(usize::try_from(at)?).copied();
                let (customer, owner) = link.unwrap_or((1, 1));
                (Whole(customer), Nothing, Whole(at + 1), owner)
            }
            _ => {
                let at = random.below(lead_count);
                let owner = leads.get(usize::try_from(at)?).copied().unwrap_or(1);
                (Nothing, Whole(at + 1), Nothing, owner)
            }
        };
        let seller = if random.chance(85) { owner } else { random.between(1, SELLERS) };
        let kind = random.one_of(&KINDS);
        let by_now = (id - 1) * (story.last - story.first + 1) / what.activities;
        let day = (story.first + by_now + random.between(-3, 3)).clamp(story.first, story.last);
        let minute =
            if random.chance(95) { random.between(7 * 60, 18 * 60) } else { random.below(MINUTES) };
        let past = random.one_of(&[("completed", 90), ("cancelled", 5), ("planned", 5)]);
        let status = if day <= story.as_of { past } else { "planned" };
        table.row(&[
            Whole(id),
            Text(kind),
            Text(status),
            Whole(day * MINUTES + minute),
            Whole(seller),
            customer,
            lead,
            opportunity,
        ])?;
    }
    table.close()
}
