//! Teams above teams.

use super::faults::quoted;
use super::say::Words;

/// How many teams may be above a team. Each of them has all that is below it.
const DEEPEST: usize = 64;

/// How many teams of a circle a message names.
const NAMED: usize = 10;

/// The circles among teams, of each of which is known the one above it. A circle starts with the
/// first of its teams.
pub(crate) fn circles(parents: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut circles = Vec::new();
    // In which walk upwards a team was first met, from one.
    let mut walks = vec![0_usize; parents.len()];
    for start in 0..parents.len() {
        let mut at = start;
        while let Some(walk) = walks.get_mut(at)
            && *walk == 0
        {
            *walk = start + 1;
            let Some(Some(parent)) = parents.get(at) else { break };
            at = *parent;
            if walks.get(at) == Some(&(start + 1)) {
                let mut circle = vec![at];
                circle.extend(up(parents, at).take_while(|team| *team != at));
                let first =
                    circle.iter().min().and_then(|least| circle.iter().position(|t| t == least));
                circle.rotate_left(first.unwrap_or(0));
                circles.push(circle);
                break;
            }
        }
    }
    circles
}

/// The teams that have too many sound ones above them; those of circles are not sound.
pub(crate) fn too_deep(parents: &[Option<usize>], is_sound: impl Fn(usize) -> bool) -> Vec<usize> {
    let above = |team: usize| up(parents, team).take_while(|team| is_sound(*team));
    let is_too_deep = |team: &usize| above(*team).take(DEEPEST + 1).count() > DEEPEST;
    (0..parents.len()).filter(is_too_deep).collect()
}

fn up(parents: &[Option<usize>], team: usize) -> impl Iterator<Item = usize> {
    let parent = |team: usize| parents.get(team).copied().flatten();
    std::iter::successors(parent(team), move |team| parent(*team))
}

/// Of the ids of a circle's teams, to be said at the first of them.
pub(crate) fn say_circle(ids: &[&str]) -> Words {
    let round = ids.iter().cycle().take(ids.len() + 1);
    let mut names: Vec<String> = round.take(NAMED + 1).map(|id| quoted(id)).collect();
    if ids.len() > NAMED {
        names.push(format!("… ({} teams)", ids.len()));
    }
    let message = format!("`parent` goes in a circle: {}", names.join(" → "));
    (message, "expected a team that is not below this one".to_owned())
}

pub(crate) fn say_too_deep() -> Words {
    let message = format!("`parent` has more than {DEEPEST} teams above this one");
    (message, format!("expected at most {DEEPEST} levels"))
}
