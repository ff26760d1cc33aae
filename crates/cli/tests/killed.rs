//! A snapshot that is killed in the middle of a write loses no run that was kept, and leaves none that
//! is not whole.

#![cfg(test)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use kadence::history::{Run, RunId};
use kadence::{AsOf, Dataset, NoFiles, Options, Report, RuleSet};
use kadence_data::Import;
use kadence_history::History;

/// So many times.
const KILLS: u64 = 100;

const RULES: &str = "calendar\n    timezone Europe/Copenhagen\n\
    customer: calls >= 2 per month   as called\n\
    customer: call every 20 days   as often\n\
    seller: calls >= 20 per month   as busy\n";

fn company(dir: &Path) {
    fs::write(dir.join("rules.kpi"), RULES).unwrap();
    fs::create_dir(dir.join("data")).unwrap();
    fs::write(dir.join("data/sellers.csv"), "id\nkim\nåsa\n").unwrap();
    let call = |n: u64| {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n * 11 % 300);
        format!("a{n},call,completed,{day}T10:00,c{}\n", n % 60)
    };
    let calls: String = (0..300).map(call).collect();
    let calls = format!("id,kind,status,at,customer\n{calls}");
    fs::write(dir.join("data/activities.csv"), calls).unwrap();
}

/// Customers have other names in each round, so that there is always something to be kept.
fn rename(dir: &Path, round: u64) {
    let customer = |n: usize| format!("c{n},Kunde {n} of {round},{}\n", ["kim", "åsa"][n % 2]);
    let customers: String = (0..60).map(customer).collect();
    fs::write(dir.join("data/customers.csv"), format!("id,name,owner\n{customers}")).unwrap();
}

/// A child that keeps a run for each day, and the lines that it prints as it does.
struct Writer {
    child: Child,
    lines: Receiver<String>,
}

impl Writer {
    fn start(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kadence"))
            .args(["snapshot", "rules.kpi", "--data", "data", "--to", "history.db"])
            .args(["--as-of", "2026-11-15", "--every", "day", "--from", "2026-06-01"])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Writer { child, lines }
    }

    /// Kills it, and says how many runs it said that it had kept.
    fn kill(mut self, mut said: u64) -> u64 {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Ok(line) = self.lines.recv() {
            assert!(line.starts_with("Kept run "), "{line}");
            said += 1;
        }
        said
    }
}

/// Waits for something, but not for ever.
fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never came to that");
        std::hint::spin_loop();
    }
}

/// What a run of this round must say.
struct Judge {
    rules: RuleSet,
    data: Dataset,
}

impl Judge {
    fn new(dir: &Path) -> Self {
        let rules = RuleSet::compile("rules.kpi", RULES, &NoFiles).unwrap();
        let data = Import::new(dir.join("data")).read(rules.schema()).unwrap().build().unwrap().0;
        Judge { rules, data }
    }

    /// The report of a run, which is what is judged, all of it.
    fn whole(&self, history: &History, run: &Run) -> Report {
        let kept = history.report(run.id).unwrap();
        let options = Options::at(AsOf::Day(run.day));
        let judged = self.rules.evaluate(&self.data, &options).unwrap();
        assert!(kept.verdicts == judged.verdicts, "run {} as of {}", run.id, run.day);
        assert_eq!(kept.scores, judged.scores);
        assert_eq!(kept.verdicts.len() as u64, run.verdicts);
        assert_eq!(kept.scores.company, run.company);
        kept
    }
}

#[test]
fn a_hundred_kills_lose_no_run_that_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let file = dir.path().join("history.db");
    let journal = dir.path().join("history.db-journal");
    let mut reports: Vec<Report> = Vec::new();
    let (mut in_the_middle, mut unsaid) = (0, 0);
    for round in 0..KILLS {
        let kept = reports.len() as u64;
        rename(dir.path(), round);
        let writer = Writer::start(dir.path());
        let mut said = 0;
        // Some runs are kept first, in most rounds.
        let first = round % 4;
        until(|| {
            said += writer.lines.try_iter().count() as u64;
            said >= first
        });
        match round % 3 {
            // As soon as a transaction has begun to write.
            0 => until(|| journal.exists()),
            // A little later, each time another.
            1 => {
                until(|| journal.exists());
                std::thread::sleep(Duration::from_micros(37 * (round % 29)));
            }
            // At any moment.
            _ => std::thread::sleep(Duration::from_micros(331 * round)),
        }
        let said = writer.kill(said);
        in_the_middle += u64::from(fs::metadata(&journal).is_ok_and(|left| left.len() > 0));

        if !file.exists() || fs::metadata(&file).unwrap().len() == 0 {
            assert_eq!(kept + said, 0);
            continue;
        }
        let history = match History::open(&file) {
            Err(kadence_history::HistoryError::Empty(_)) if kept + said == 0 => continue,
            history => history.unwrap(),
        };
        let runs = history.runs().unwrap();
        let found = runs.len() as u64;
        // What was said to be kept is there, and at most one more, of which it was not said any more.
        assert!((kept + said..=kept + said + 1).contains(&found), "{kept} + {said}: {found}");
        unsaid += found - kept - said;
        let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
        assert_eq!(ids, (1..=found).map(RunId).collect::<Vec<_>>());
        let judge = Judge::new(dir.path());
        let new = runs.iter().skip(reports.len()).map(|run| judge.whole(&history, run));
        reports.extend(new.collect::<Vec<_>>());
        drop(history);
        let connection = rusqlite::Connection::open(&file).unwrap();
        let check: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
    // All that was ever kept is still there, as it was.
    let history = History::open(&file).unwrap();
    let kept = reports.len() as u64;
    for (run, report) in (1..).zip(&reports) {
        assert!(history.report(RunId(run)).unwrap() == *report, "run {run}");
    }
    println!(
        "{KILLS} kills, {in_the_middle} in a transaction, {unsaid} after it; {kept} runs kept"
    );
    assert!(kept > KILLS, "{kept} runs");
    assert!(in_the_middle > KILLS / 5, "{in_the_middle} kills were in the middle of a write");
}
