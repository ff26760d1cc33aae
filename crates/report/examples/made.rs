//! Writes pages of made-up companies into a folder, for the tests in a browser:
//!
//! ```console
//! $ cargo run -p kadence-report --example made -- FOLDER
//! ```

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "for tests alone")]

#[path = "../tests/support/mod.rs"]
mod support;

use kadence::Language;
use kadence_report::Pages;
use support::{Size, company, overview, plain, strange, tasks};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let write = |name: &str, size: Size, names: fn(usize) -> Option<String>, language| {
        let made = company(size, names);
        let (overview, tasks) = (overview(&made, language), tasks(&made, language));
        let page = Pages::new(&overview).language(language).tasks(&tasks).html().unwrap();
        std::fs::write(format!("{folder}/{name}.html"), page).unwrap();
    };
    let (english, danish) = (Language::English, Language::Danish);
    write("empty", Size { sellers: 0, customers: 0 }, plain, english);
    write("one", Size { sellers: 1, customers: 3 }, plain, english);
    write("strange", Size { sellers: 10, customers: 6 }, strange, english);
    write("fremmed", Size { sellers: 10, customers: 6 }, strange, danish);
    write("thousand", Size { sellers: 1000, customers: 2 }, plain, english);
    // 200 sellers: 8,000 customers with two rules each, their meetings, and themselves.
    write("large", Size { sellers: 200, customers: 43 }, plain, english);
}
