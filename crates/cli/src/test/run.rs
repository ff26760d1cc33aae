//! Runs the tests of files, some at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use kadence::{Coverage, Diagnostics, RuleSet, TestResult};

use super::files::{File, called};
use super::filter::Filter;
use crate::output::{Failure, clean, tally};
use crate::rules;

/// What came of files, in their order.
pub(super) struct Run {
    files: Vec<Result<Ran, Broken>>,
}

/// What came of a file.
pub(super) struct Ran {
    /// As it is shown.
    pub(super) file: String,
    /// Whether its tests, or that it has none, are to be told of.
    pub(super) is_told: bool,
    pub(super) tests: Vec<TestResult>,
    coverage: Option<Coverage>,
}

/// A file whose tests cannot be run.
pub(super) struct Broken {
    /// As it is shown.
    pub(super) file: String,
    pub(super) message: String,
    pub(super) diagnostics: Option<Diagnostics>,
}

impl Run {
    /// Runs the tests of files that a filter lets through. Which file is run when changes nothing
    /// of what comes out.
    pub(super) fn of(files: &[File], filter: &[String], measures: bool) -> Run {
        let filter = Filter::new(filter);
        Run { files: at_once(files, |file| one(file, &filter, measures)) }
    }

    pub(super) fn ran(&self) -> impl Iterator<Item = &Ran> {
        self.files.iter().filter_map(|file| file.as_ref().ok())
    }

    pub(super) fn broken(&self) -> impl Iterator<Item = &Broken> {
        self.files.iter().filter_map(|file| file.as_ref().err())
    }

    pub(super) fn tests(&self) -> impl Iterator<Item = &TestResult> {
        self.ran().flat_map(|ran| &ran.tests)
    }

    /// Whether there was a test, and all passed.
    pub(super) fn passed(&self) -> bool {
        self.tests().next().is_some() && self.tests().all(TestResult::passed)
    }

    /// What the tests of all files together reach, if it was measured.
    pub(super) fn coverage(&self) -> Option<Coverage> {
        let mut all: Option<Coverage> = None;
        for coverage in self.ran().filter_map(|ran| ran.coverage.clone()) {
            all.get_or_insert_default().add(coverage);
        }
        all
    }
}

/// The rules of a file without errors.
pub(super) fn compile(file: &File) -> Result<RuleSet, Broken> {
    let shown = clean(file.path.display());
    let broken = |message, diagnostics| Broken { file: shown.clone(), message, diagnostics };
    let compilation = rules::compile(std::slice::from_ref(&file.path))
        .map_err(|Failure(message)| broken(message, None))?;
    if compilation.diagnostics.errors() > 0 {
        let message = format!("`{shown}` has {}", tally(&compilation.diagnostics));
        return Err(broken(message, Some(compilation.diagnostics)));
    }
    Ok(compilation.rules)
}

fn one(file: &File, filter: &Filter, measures: bool) -> Result<Ran, Broken> {
    let rules = compile(file)?;
    let chosen = |test: &kadence::TestInfo<'_>| filter.takes(test);
    let tests = rules.test_chosen(chosen).tests;
    let coverage = measures.then(|| {
        let mut coverage = rules.coverage(chosen);
        for item in &mut coverage.items {
            item.file = called(&file.path, &item.file);
        }
        coverage
    });
    let is_told = !tests.is_empty() || (!file.is_for_coverage && filter.takes_all());
    Ok(Ran { file: clean(file.path.display()), is_told, tests, coverage })
}

/// Does `work` for every item, on as many threads as there are, and returns what came of each, in
/// order.
pub(super) fn at_once<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return done };
            done.push((place, work(item)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
impl Ran {
    pub(super) fn of_tests(file: &str, tests: Vec<TestResult>) -> Ran {
        Ran { file: file.into(), is_told: true, tests, coverage: None }
    }
}

#[cfg(test)]
impl Run {
    pub(super) fn of_ran(files: Vec<Ran>) -> Run {
        Run { files: files.into_iter().map(Ok).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_at_once_comes_out_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        let slow = |n: &usize| {
            std::thread::sleep(std::time::Duration::from_micros((*n as u64 * 7) % 50));
            n * 2
        };
        assert_eq!(at_once(&items, slow), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(at_once(&[], slow), Vec::<usize>::new());
    }
}
