//! Work in parallel whose results come in order, with few of them held at a time.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::NotInBulk;

/// How many jobs, and how many results, wait for each thread.
const AHEAD: usize = 1;

/// What a thread says: a result, or none where a job is done.
type Said<O> = Result<Option<O>, NotInBulk>;

/// Does jobs on as many threads as there are. What each of them hands over is taken in the order
/// of the jobs; the first that fails ends it.
pub(crate) fn in_order<J: Send, O: Send>(
    jobs: impl Iterator<Item = Result<J, NotInBulk>> + Send,
    work: impl Fn(J, &mut dyn FnMut(O) -> Result<(), NotInBulk>) -> Result<(), NotInBulk> + Sync,
    mut take: impl FnMut(O),
) -> Result<(), NotInBulk> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let (mut asked, mut done) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            let (ask, jobs) = sync_channel(AHEAD);
            let (say, said) = sync_channel(AHEAD);
            asked.push(ask);
            done.push(said);
            let work = &work;
            scope.spawn(move || each_job(&jobs, &say, work));
        }
        scope.spawn(move || {
            for (job, to) in jobs.zip(asked.iter().cycle()) {
                // Nobody listens any more where something has failed.
                if to.send(job).is_err() {
                    return;
                }
            }
        });
        for of_thread in done.iter().cycle() {
            loop {
                match of_thread.recv() {
                    Ok(said) => match said? {
                        Some(result) => take(result),
                        None => break,
                    },
                    // There are no more jobs.
                    Err(_) => return Ok(()),
                }
            }
        }
        Ok(())
    })
}

fn each_job<J, O>(
    jobs: &Receiver<Result<J, NotInBulk>>,
    say: &SyncSender<Said<O>>,
    work: impl Fn(J, &mut dyn FnMut(O) -> Result<(), NotInBulk>) -> Result<(), NotInBulk>,
) {
    let mut hand_over = |result| say.send(Ok(Some(result))).map_err(|_| NotInBulk);
    for job in jobs {
        let end = job.and_then(|job| work(job, &mut hand_over)).map(|()| None);
        let is_over = end.is_err();
        if say.send(end).is_err() || is_over {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_until_one_fails() {
        let all = |last: usize| {
            let mut taken = Vec::new();
            let jobs = (0..100).map(|n| if n < last { Ok(n) } else { Err(NotInBulk) });
            let twice = |n: usize, say: &mut dyn FnMut(usize) -> Result<(), NotInBulk>| {
                say(2 * n)?;
                say(2 * n + 1)
            };
            let result = in_order(jobs, twice, |n| taken.push(n));
            (result.is_ok(), taken)
        };
        assert_eq!(all(100), (true, (0..200).collect()));
        assert_eq!(all(7), (false, (0..14).collect()));
        assert_eq!(all(0), (false, Vec::new()));
    }
}
