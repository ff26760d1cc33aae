//! A spinner for what takes longer than a second, seen only on a terminal.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::ProgressBar;

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
    if over.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let _ = over.recv();
    spinner.finish_and_clear();
}
