use super::*;

fn parse_text(text: &str) -> (Sources, File, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("test.kpi", text);
    let (tree, diagnostics) = parse(&sources, file, 1 << 21);
    (sources, tree, diagnostics)
}

fn shared(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}

#[test]
fn the_conformance_files_and_the_example_of_the_language_parse() {
    let mut texts = Vec::new();
    match std::fs::read_dir(shared("conformance")) {
        Err(_) => eprintln!("skipped: ../shared/conformance is not there"),
        Ok(entries) => {
            for entry in entries {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "kpi") {
                    texts.push(std::fs::read_to_string(path).unwrap());
                }
            }
            let page = std::fs::read_to_string(shared("design/language.md")).unwrap();
            texts.extend(page.split("```").skip(1).step_by(2).take(1).map(str::to_owned));
            assert!(texts.len() > 5);
        }
    }
    for text in texts {
        let (sources, tree, diagnostics) = parse_text(&text);
        let all = crate::Diagnostics { all: diagnostics, sources };
        assert!(all.all.is_empty() && tree.broken.is_empty(), "{all}");
    }
}

#[test]
fn timing_probe() {
    let mib = 1 << 20;
    let long = |head: &str, unit: &str, tail: &str| {
        let mut text = head.to_owned();
        text.push_str(&unit.repeat((mib - 64) / unit.len()));
        text.push_str(tail);
        text
    };
    let inputs = [
        ("open", long("a: ", "(", "")),
        ("not", long("a: ", "not ", "b")),
        ("minus", long("a: ", "- ", "b >= 1")),
        ("on", long("a: ", "call on ", "b")),
        ("where", long("a: ", "a where ", "b")),
        ("quote", long("a: ", "\"", "")),
        ("bar", long("a: ", "x | ", "x")),
        ("plus", long("a: ", "1 + ", "1 >= 1")),
        ("words", long("a: ", "x ", "x")),
        ("plusx", long("a: ", "x + ", "x >= 1")),
        ("and", long("a: ", "x is b and ", "x is b")),
        ("open63", long("a: ", &"(".repeat(63), "")),
        ("closed63", long("a: ", &format!("{}x{} + ", "(".repeat(60), ")".repeat(60)), "1 >= 1")),
        ("where63", long("a: ", &format!("{}1{} + ", "a where (".repeat(30), ")".repeat(30)), "1 >= 1")),
        ("items", long("", "a: b is c\n", "")),
        ("badwhere", format!("a: {}", format!("{}>{}", "a where (".repeat(30), ")".repeat(30)))),
        ("badthat", format!("a: {}", format!("{}>{}", "share of a that (".repeat(30), ")".repeat(30)))),
        ("badthat2", format!("a: {}", format!("{}x + >{}", "share of a that (".repeat(30), ")".repeat(30)))),
        ("given", long("test \"x\"\n  given a : ", "b c, ", "b c\n expect x for y is met at 2026-01-01")),
        ("givens", long("test \"x\"\n", "  given a b : c d\n", "")),
        ("holidays", long("calendar\n  holidays ", "2026-01-01, ", "2026-01-01")),
        ("path", long("a: ", "x.", "x")),
        ("digits", long("a: x >= ", "1", "")),
        ("calendars", long("", "calendar\n timezone A\n timezone B\n", "")),
        ("k", long("a: x >= 1 ", "weight 1 ", "")),
    ];
    let only = std::env::var("PROBE").unwrap_or_default();
    for (name, text) in inputs {
        if !only.is_empty() && name != only { continue; }
        let start = std::time::Instant::now();
        let (_, tree, diagnostics) = parse_text(&text);
        let first = diagnostics.first().map(|d| format!("{} {}", d.code, d.message.chars().take(90).collect::<String>()));
        println!("{name:10} {:6.2}s items {} diagnostics {} {first:?}", start.elapsed().as_secs_f64(), tree.items.len(), diagnostics.len());
    }
}
