//! The overview and each seller's part as text.

use chrono::NaiveDate;
use kadence::Verdict;
use kadence::overview::{HeatRow, Holder, Person};
use kadence::worklist::SellerToDo;

use crate::sections::part;
use crate::texts::Texts;
use crate::{Beside, Pages, markdown_text as escaped, name_of, place_of};

/// How many rows a table shows.
const ROWS: usize = 50;

pub(crate) fn text(pages: &Pages<'_>) -> String {
    let (texts, overview) = (pages.texts, pages.overview);
    let report = &overview.report;
    let mut text = Text::default();
    text.line(format!("# {}", escaped(pages.heading())));
    text.line(format!(
        "{} {}. {}.",
        texts.as_of,
        texts.day(report.day),
        texts.verdict_count(report.verdicts.len())
    ));
    text.line(format!("**{}: {}**", texts.score, score(pages)));
    if report.verdicts.is_empty() {
        text.line(texts.nothing_judged.to_owned());
    }
    goals(pages, &mut text);
    trend(pages, &mut text);
    heat(pages, &mut text);
    since(pages, &mut text);
    let at = |places: &[usize]| -> Vec<&Verdict> {
        places.iter().filter_map(|place| pages.verdict(*place)).collect()
    };
    text.line(format!("## {}", texts.deadlines_within(overview.days)));
    verdicts(pages, &at(&overview.due), DUE, &mut text);
    text.line(format!("## {}", texts.lapsing));
    verdicts(pages, &at(&overview.lapsing), CHANGES, &mut text);
    if let Some(of) = pages.tasks_of(None).filter(|of| !of.todo.is_empty()) {
        text.line(format!("## {}: {}", texts.tasks, texts.nobody.to_lowercase()));
        tasks(pages, of, &mut text);
    }
    problems(pages, &mut text);
    for Beside { topic, sections } in &pages.beside {
        text.line(format!("## {}", topic.title(texts)));
        for section in sections {
            text.line(part("###", section).trim_end().to_owned());
        }
    }
    for one in &overview.sellers {
        seller(pages, one, &mut text);
    }
    text.0
}

/// Paragraphs and tables, apart by empty lines.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: String) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&line);
        self.0.push('\n');
    }

    fn table(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let head: Vec<String> = head.iter().map(|cell| escaped(cell)).collect();
        let mut lines = vec![row(&head), format!("|{}", " --- |".repeat(head.len()))];
        lines.extend(rows.into_iter().map(|cells| row(&cells)));
        self.line(lines.join("\n"));
    }
}

fn score(pages: &Pages<'_>) -> String {
    let overview = pages.overview;
    let now = overview.report.scores.company.score;
    let then = overview.since.as_ref().and_then(|since| since.score);
    let points = pages.texts.points(then, now);
    let points = points.map_or_else(String::new, |points| format!(" ({points})"));
    format!("{}{points}", pages.texts.percent(now))
}

fn goals(pages: &Pages<'_>, text: &mut Text) {
    let goals = &pages.overview.report.goals;
    if goals.is_empty() {
        return;
    }
    let texts = pages.texts;
    text.line(format!("## {}", texts.goals));
    let rows = goals.iter().map(|goal| {
        let said = goal.reason.as_ref().unwrap_or(&goal.sentence);
        vec![escaped(&goal.id), texts.language.status(goal.status).to_owned(), escaped(said)]
    });
    text.table(&[texts.goal, texts.status, texts.why], rows);
}

fn trend(pages: &Pages<'_>, text: &mut Text) {
    let texts = pages.texts;
    text.line(format!("## {}", texts.trend));
    let scored = pages.overview.trend.iter().filter_map(|standing| {
        let score = standing.scores.company.score?;
        Some(vec![texts.day(standing.day), texts.percent(Some(score))])
    });
    let rows: Vec<_> = scored.collect();
    if rows.len() < 2 {
        text.line(texts.trend_none.to_owned());
        return;
    }
    text.table(&[texts.month, texts.score], rows);
}

fn heat(pages: &Pages<'_>, text: &mut Text) {
    let (texts, overview) = (pages.texts, pages.overview);
    if overview.heat.rows.is_empty() {
        return;
    }
    text.line(format!("## {}", texts.control));
    let rules = overview.heat.rules.iter().filter_map(|place| overview.report.rules.get(*place));
    let mut head = vec![texts.who, texts.all];
    head.extend(rules.map(|rule| rule.id.as_str()));
    let row = |row: &HeatRow| {
        let name = escaped(pages.holder(&row.holder));
        let name =
            if matches!(row.holder, Holder::Seller(_)) { name } else { format!("**{name}**") };
        let cells = row.cells.iter().map(|cell| match cell {
            Some(tally) => texts.percent(tally.score),
            None => String::new(),
        });
        [name, texts.percent(row.all.score)].into_iter().chain(cells).collect()
    };
    text.table(&head, overview.heat.rows.iter().map(row));
}

fn since(pages: &Pages<'_>, text: &mut Text) {
    let (texts, overview) = (pages.texts, pages.overview);
    let Some(since) = &overview.since else {
        text.line(format!("## {}", texts.changes));
        text.line(texts.nothing_earlier.to_owned());
        return;
    };
    text.line(format!("## {}", texts.changes_since(since.day)));
    if since.changed.is_empty() && since.gone.is_empty() {
        text.line(texts.changes_none.to_owned());
        return;
    }
    let status = |status| texts.language.status(status).to_owned();
    let rows = since.changed.iter().filter_map(|changed| {
        let verdict = pages.verdict(changed.verdict)?;
        Some(vec![
            texts.direction(changed.direction).to_owned(),
            escaped(name_of(&verdict.subject)),
            escaped(&verdict.rule),
            changed.before.map_or_else(|| texts.new.to_owned(), status),
            status(verdict.status),
        ])
    });
    if !since.changed.is_empty() {
        let head = [texts.change, texts.subject, texts.rule, texts.was, texts.status];
        text.table(&head, rows.take(ROWS));
        more(pages, since.changed.len(), text);
    }
    if !since.gone.is_empty() {
        text.line(format!("{}: {}", texts.gone, since.gone.len()));
    }
}

fn more(pages: &Pages<'_>, count: usize, text: &mut Text) {
    if count > ROWS {
        let shown = pages.texts.rows_shown.replace("{0}", &ROWS.to_string());
        text.line(shown.replace("{1}", &count.to_string()));
    }
}

/// The day by which a table of verdicts is ordered, and what it is.
type Ordered = (fn(&Texts) -> &'static str, fn(&Verdict) -> Option<NaiveDate>);

const DUE: Ordered = (|texts| texts.due, |verdict| verdict.due);
const CHANGES: Ordered = (|texts| texts.changes_on, |verdict| verdict.changes);
const ENDED: Ordered = (|texts| texts.day, |verdict| verdict.period.map(|period| period.to));

fn verdicts(pages: &Pages<'_>, verdicts: &[&Verdict], (head, day): Ordered, text: &mut Text) {
    let texts = pages.texts;
    if verdicts.is_empty() {
        text.line(texts.no_rows.to_owned());
        return;
    }
    let rows = verdicts.iter().take(ROWS).map(|verdict| {
        let owner = verdict.owner.as_deref();
        vec![
            day(verdict).map_or_else(|| "–".to_owned(), |day| texts.day(day)),
            texts.language.status(verdict.status).to_owned(),
            escaped(name_of(&verdict.subject)),
            escaped(owner.map_or(texts.nobody, |owner| pages.overview.seller(owner))),
            escaped(&verdict.rule),
            escaped(verdict.reason.as_ref().unwrap_or(&verdict.sentence)),
        ]
    });
    let head = [head(texts), texts.status, texts.subject, texts.seller, texts.rule, texts.why];
    text.table(&head, rows);
    more(pages, verdicts.len(), text);
}

fn seller(pages: &Pages<'_>, seller: &Person, text: &mut Text) {
    let (texts, overview) = (pages.texts, pages.overview);
    let score = texts.percent(pages.score_of(&seller.id));
    text.line(format!("## {}: {score}", escaped(overview.seller(&seller.id))));
    let own: Vec<&Verdict> = pages.own(&seller.id).map(|(_, verdict)| verdict).collect();
    text.line(format!("### {}", texts.targets));
    if own.is_empty() {
        text.line(texts.targets_none.to_owned());
    } else {
        let rows = own.iter().map(|verdict| {
            let said = verdict.reason.as_ref().unwrap_or(&verdict.sentence);
            let status = texts.language.status(verdict.status).to_owned();
            vec![escaped(&verdict.rule), status, escaped(said)]
        });
        text.table(&[texts.rule, texts.status, texts.why], rows);
    }
    if let Some(of) = pages.tasks_of(Some(&seller.id)) {
        text.line(format!("### {}", texts.tasks));
        tasks(pages, of, text);
    }
    for (heading, places, ordered) in [
        (texts.deadlines_within(overview.days), &overview.due, DUE),
        (texts.lapsing.to_owned(), &overview.lapsing, CHANGES),
        (texts.dropped.to_owned(), &overview.dropped, ENDED),
    ] {
        text.line(format!("### {heading}"));
        let of: Vec<&Verdict> = pages.of_seller(places, &seller.id).collect();
        verdicts(pages, &of, ordered, text);
    }
}

fn tasks(pages: &Pages<'_>, of: &SellerToDo, text: &mut Text) {
    let texts = pages.texts;
    let acts = of.todo.iter().flat_map(|todo| todo.acts.iter().map(move |act| (todo, act)));
    let rows: Vec<Vec<String>> = acts
        .map(|(todo, act)| {
            let serves: Vec<&str> =
                act.serves.iter().map(|verdict| verdict.rule.as_str()).collect();
            let last =
                todo.last.as_ref().map(|touch| format!("{} {}", texts.day(touch.day), touch.kind));
            vec![
                act.due.map_or_else(|| "–".to_owned(), |due| texts.day(due)),
                escaped(name_of(&todo.subject)),
                escaped(&texts.doing(act)),
                escaped(&serves.join(", ")),
                escaped(&last.unwrap_or_else(|| "–".to_owned())),
            ]
        })
        .collect();
    if rows.is_empty() {
        text.line(texts.tasks_none.to_owned());
        return;
    }
    let count = rows.len();
    let head = [texts.due, texts.subject, texts.act, texts.serves, texts.last_contact];
    text.table(&head, rows.into_iter().take(ROWS));
    more(pages, count, text);
    pages.left_out(of).into_iter().for_each(|more| text.line(more));
}

/// What was wrong with the data, or is worth saying about it.
fn problems(pages: &Pages<'_>, text: &mut Text) {
    let problems = &pages.overview.report.problems;
    if problems.is_empty() {
        return;
    }
    text.line(format!("## {} ({})", pages.texts.problems, problems.len()));
    let said = problems.iter().take(ROWS).map(|problem| {
        let place = place_of(problem).map(|place| format!("{}: ", escaped(&place)));
        format!("- {}{}", place.unwrap_or_default(), escaped(&problem.message))
    });
    text.line(said.collect::<Vec<_>>().join("\n"));
    more(pages, problems.len(), text);
}
