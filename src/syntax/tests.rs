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
