//! A spinner for what takes longer than a second, seen only on a terminal.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::ProgressBar;

/// Shows what goes on until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    steps: Option<Sender<&'static str>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts; nothing is drawn in the first second.
    pub(crate) fn start(step: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Progress { steps: None, thread: None };
        }
        let (steps, received) = channel();
        let thread = std::thread::Builder::new().spawn(move || show(step, &received)).ok();
        Progress { steps: Some(steps), thread }
    }

    /// Says what goes on from now.
    pub(crate) fn step(&self, step: &'static str) {
        if let Some(steps) = &self.steps {
            let _ = steps.send(step);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // The spinner is gone before anything else is printed.
        self.steps = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn show(mut step: &'static str, received: &Receiver<&'static str>) {
    let start = std::time::Instant::now();
    let silent = Duration::from_secs(1);
    while let Some(left) = silent.checked_sub(start.elapsed()) {
        match received.recv_timeout(left) {
            Ok(next) => step = next,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
    let spinner = ProgressBar::new_spinner().with_message(step);
    spinner.enable_steady_tick(Duration::from_millis(100));
    for next in received {
        spinner.set_message(next);
    }
    spinner.finish_and_clear();
}
