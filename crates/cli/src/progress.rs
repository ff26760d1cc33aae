//! What goes on where it takes longer than a second, seen only on a terminal.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget};
use kadence_data::Progress as Loaded;

/// Nothing is drawn before.
const FIRST: Duration = Duration::from_secs(1);

/// Shows what goes on until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Closed to say that it is over.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts; nothing is drawn in the first second.
    pub(crate) fn start(what: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Progress { running: None, thread: None };
        }
        let (running, over) = channel();
        let thread = std::thread::Builder::new().spawn(move || show(what, &over)).ok();
        Progress { running: Some(running), thread }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // The spinner is gone before anything else is printed.
        self.running = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn show(what: &'static str, over: &Receiver<()>) {
    if over.recv_timeout(FIRST) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let _ = over.recv();
    spinner.finish_and_clear();
}

/// Shows how far large data is read until it is dropped.
#[derive(Debug)]
pub(crate) struct Loading {
    start: Instant,
    spinner: ProgressBar,
}

impl Loading {
    pub(crate) fn start() -> Self {
        let spinner = match std::io::stderr().is_terminal() {
            true => ProgressBar::new_spinner(),
            false => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        };
        Loading { start: Instant::now(), spinner }
    }

    /// It draws a few times a second at most.
    pub(crate) fn show(&self, loaded: &Loaded) {
        let elapsed = self.start.elapsed();
        if elapsed >= FIRST && !self.spinner.is_hidden() {
            self.spinner.set_message(words(loaded, elapsed));
            self.spinner.tick();
        }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.spinner.finish_and_clear();
    }
}

/// How much is read, how fast, and how long the rest takes at that rate.
fn words(loaded: &Loaded, elapsed: Duration) -> String {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = loaded.rows.saturating_mul(1000) / milliseconds;
    let done = loaded.bytes.min(loaded.of_bytes);
    let mut words = format!("reading data: {} rows, {} rows/s", short(loaded.rows), short(rate));
    if done > 0 {
        let part = done.saturating_mul(100) / loaded.of_bytes.max(1);
        let left = u128::from(loaded.of_bytes - done) * u128::from(milliseconds);
        let seconds = left / u128::from(done) / 1000;
        words.push_str(&format!(", {part} %, {seconds} s left"));
    }
    words
}

/// A count in thousands or millions, with one digit behind the point.
fn short(count: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", count / unit, count % unit * 10 / unit);
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{} k", tenths(1_000)),
        _ => format!("{} M", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(rows: u64, bytes: u64, of_bytes: u64) -> Loaded {
        let mut loaded = Loaded::default();
        (loaded.rows, loaded.bytes, loaded.of_bytes) = (rows, bytes, of_bytes);
        loaded
    }

    #[test]
    fn the_rate_and_the_time_left_are_those_so_far() {
        let words = |loaded| super::words(&loaded, Duration::from_secs(4));
        insta::assert_snapshot!(words(loaded(4_200_000, 250, 1000)), @"reading data: 4.2 M rows, 1.0 M rows/s, 25 %, 12 s left");
        insta::assert_snapshot!(words(loaded(40_000, 1000, 1000)), @"reading data: 40.0 k rows, 10.0 k rows/s, 100 %, 0 s left");
        insta::assert_snapshot!(words(loaded(0, 0, 1000)), @"reading data: 0 rows, 0 rows/s");
        insta::assert_snapshot!(words(loaded(5, 0, 0)), @"reading data: 5 rows, 1 rows/s");
    }

    #[test]
    fn nothing_is_drawn_where_nobody_looks() {
        let loading = Loading { start: Instant::now(), spinner: ProgressBar::hidden() };
        loading.show(&loaded(1, 1, 1));
        assert_eq!(loading.spinner.message(), "");
    }
}
