//! What a seller is to do.

use kadence::worklist::{Act, Doing, SellerToDo, ToDo, Touch};
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
        (left_out(pages, of))
    }
}

fn left_out(pages: &Pages<'_>, of: &SellerToDo) -> Markup {
    let all = of.todo.len() as u64 + of.left_out;
    let shown = pages.texts.rows_shown.replace("{0}", &of.todo.len().to_string());
    html! { @if of.left_out > 0 { p.note { (shown.replace("{1}", &all.to_string())) } } }
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

impl crate::texts::Texts {
    /// What is to be done, in words.
    pub(crate) fn doing(&self, act: &Act) -> String {
        if self.language == kadence::Language::English {
            return act.to_string();
        }
        match &act.doing {
            Doing::Activity { kinds, any, with, follows } => {
                let kinds = if *any {
                    "en hvilken som helst aktivitet".to_owned()
                } else {
                    kinds.join(" / ")
                };
                let with = with.as_ref().map(|with| format!(" med {}", name_of(with)));
                let follows = follows.as_ref().map(|id| format!(", der følger op på {id}"));
                kinds + &with.unwrap_or_default() + &follows.unwrap_or_default()
            }
            Doing::Record { fields } => format!("notér {}", fields.join(" og ")),
            // What would be enough is told in English alone; how it stands is not.
            Doing::Enough { .. } => {
                let stands = act.serves.first().map_or("", |verdict| verdict.sentence.as_str());
                format!("bring i orden: {stands}")
            }
        }
    }
}
