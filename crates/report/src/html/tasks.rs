//! What a seller is to do.

use kadence::worklist::{Act, ToDo, Touch};
use maud::{Markup, html};

use super::{chip, rule_link};
use crate::{Pages, name_of};

/// What a seller is to do, or what is nobody's.
pub(super) fn tasks(pages: &Pages<'_>, seller: Option<&str>) -> Markup {
    let texts = pages.texts;
    let Some(of) = pages.tasks_of(seller).filter(|of| !of.todo.is_empty()) else {
        return html! { p.note { (texts.tasks_none) } };
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label=(texts.tasks) {
            table.rows {
                thead { tr {
                    @for head in [
                        texts.due, texts.subject, texts.act, texts.serves,
                        texts.last_contact, texts.next_planned, texts.reach_at,
                    ] { th scope="col" { (head) } }
                } }
                @for todo in &of.todo { (row(pages, todo)) }
            }
        }
        @if let Some(more) = pages.left_out(of) { p.note { (more) } }
    }
}

/// A subject with all its acts.
fn row(pages: &Pages<'_>, todo: &ToDo) -> Markup {
    let texts = pages.texts;
    let touch = |touch: &Option<Touch>| match touch {
        Some(touch) => format!("{} {}", texts.day(touch.day), touch.kind),
        None => "–".to_owned(),
    };
    let rows = todo.acts.len();
    html! {
        tbody {
            @for (place, act) in todo.acts.iter().enumerate() {
                tr {
                    td.when { (act.due.map_or_else(|| "–".to_owned(), |due| texts.day(due))) }
                    @if place == 0 {
                        th.what scope="rowgroup" rowspan=(rows) { (subject(todo)) }
                    }
                    td { (texts.doing(act)) }
                    td { (serves(pages, act)) }
                    @if place == 0 {
                        td rowspan=(rows) { (touch(&todo.last)) }
                        td rowspan=(rows) { (touch(&todo.next)) }
                        td rowspan=(rows) { (reach(todo)) }
                    }
                }
            }
        }
    }
}

fn subject(todo: &ToDo) -> Markup {
    html! {
        bdi { (name_of(&todo.subject)) } " " span.kind { (todo.subject.kind) " " (todo.subject.id) }
        @if let Some(about) = &todo.about { br; bdi { (name_of(about)) } }
    }
}

fn serves(pages: &Pages<'_>, act: &Act) -> Markup {
    html! {
        ul.plain {
            @for verdict in &act.serves {
                li { a href=(rule_link(&verdict.rule)) { (verdict.rule) } " " (chip(pages, verdict.status))
                    br; span.kind { (verdict.sentence) } }
            }
            @for toward in &act.counts_for {
                li { a href=(rule_link(&toward.rule)) { (toward.rule) } " " bdi { (name_of(&toward.subject)) } }
            }
        }
    }
}

fn reach(todo: &ToDo) -> Markup {
    let reach = &todo.reach;
    html! {
        @if let Some(person) = &reach.person {
            bdi { (person.name.as_ref().unwrap_or(&person.id)) } br;
        }
        @if let Some(phone) = &reach.phone { bdi { (phone) } br; }
        @if let Some(mail) = &reach.mail { bdi { (mail) } }
    }
}
