//! The files that a rule set uses.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use chrono::NaiveDate;
use kadence::Resolver;

use crate::text::{self, Spot};

/// A rule file larger than this is not read. A little more than a
/// [`Compiler`](kadence::Compiler) takes by default, so that it can say it at its place.
const LARGEST_RULES: u64 = (1 << 20) + (1 << 16);

/// A calendar larger than this is not read.
const LARGEST_CALENDAR: u64 = 4 << 20;

/// Gives a rule set the files of a folder: rule files to `use`, and calendars (iCalendar, `.ics`)
/// to take holidays from. Names are paths relative to the folder.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let folder = dir.path();
/// use kadence::RuleSet;
/// use kadence_data::Folder;
///
/// std::fs::write(folder.join("words.kpi"), "define kunde = customer\n")?;
/// let rules = "use \"words.kpi\"\nkunde: calls >= 4 per year\n";
/// let rules = RuleSet::compile("targets.kpi", rules, &Folder::new(folder))?;
/// assert_eq!(rules.rules().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The files of that folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Folder { path: path.into() }
    }

    fn bytes(&self, name: &str, largest: u64) -> Result<Vec<u8>, String> {
        let path = inside(&self.path, name)
            .ok_or("it is outside of the folder: expected a file in it or below")?;
        let bytes = read(&path, largest)?;
        match text::utf16_problem(&bytes, name) {
            Some(_) => Err("the file is UTF-16: expected UTF-8".to_owned()),
            None => Ok(bytes),
        }
    }
}

impl Resolver for Folder {
    fn read(&self, name: &str) -> Result<String, String> {
        let bytes = self.bytes(name, LARGEST_RULES)?;
        match text::utf8(text::without_bom(&bytes), Spot::START) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(format!(
                "not UTF-8: byte 0x{:02X} at line {}, column {}",
                error.byte, error.at.line, error.at.column
            )),
        }
    }

    /// The days of its events from 1970 to 2100, recurring ones repeated; an event that has hours
    /// is on the days that its hours are written on.
    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        holidays(&self.bytes(name, LARGEST_CALENDAR)?)
    }
}

#[cfg(feature = "ics")]
fn holidays(calendar: &[u8]) -> Result<Vec<NaiveDate>, String> {
    crate::calendar::holidays(calendar)
}

#[cfg(not(feature = "ics"))]
fn holidays(_calendar: &[u8]) -> Result<Vec<NaiveDate>, String> {
    Err("this program reads no calendars".to_owned())
}

/// The file of that name in a folder or below; none if it is elsewhere, be it by way of a link.
pub(crate) fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let path = folder.join(name);
    if !Path::new(name).components().all(is_below) {
        return None;
    }
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(real)) => real.starts_with(folder).then_some(path),
        // Whoever reads it says that it is not there.
        _ => Some(path),
    }
}

fn read(path: &Path, largest: u64) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    let file = File::open(path).map_err(words)?;
    let mut bytes = Vec::new();
    file.take(largest + 1).read_to_end(&mut bytes).map_err(words)?;
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= largest => Ok(bytes),
        _ => Err(format!("the file is larger than {} KiB", largest >> 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let folder = Folder::new(dir.path());
        (dir, folder)
    }

    #[test]
    fn a_text_comes_without_the_mark_before_it() {
        let (_dir, folder) = folder(&[("a.kpi", b"\xEF\xBB\xBF# \xC3\xA6\n")]);
        assert_eq!(folder.read("a.kpi"), Ok("# æ\n".to_owned()));
    }

    #[test]
    fn no_name_and_no_link_leads_out_of_the_folder() {
        let (outside, _) = folder(&[("secret.kpi", b"# secret")]);
        let (dir, folder) = folder(&[("a.kpi", b"# a")]);
        let secret = outside.path().join("secret.kpi");
        let up = format!("../{}/secret.kpi", outside.path().file_name().unwrap().display());
        assert!(dir.path().join(&up).is_file());
        let mut names = vec![up, secret.to_str().unwrap().to_owned()];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&secret, dir.path().join("link.kpi")).unwrap();
            names.push("link.kpi".to_owned());
        }
        for name in names {
            assert_eq!(
                folder.read(&name).unwrap_err(),
                "it is outside of the folder: expected a file in it or below",
                "{name}"
            );
        }
        assert!(folder.read("./a.kpi").is_ok());
    }

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        let large = vec![b'#'; 1 << 21];
        let (_dir, folder) = folder(&[
            ("latin1.kpi", b"# one\n# m\xF8de\n"),
            ("utf16.kpi", b"\xFF\xFE#\0"),
            ("large.kpi", &large),
        ]);
        let said = |name| folder.read(name).unwrap_err();
        assert_eq!(said("nowhere.kpi"), "no such file");
        assert_eq!(said("."), "it is a folder");
        assert_eq!(said("latin1.kpi"), "not UTF-8: byte 0xF8 at line 2, column 4");
        assert_eq!(said("utf16.kpi"), "the file is UTF-16: expected UTF-8");
        assert_eq!(said("large.kpi"), "the file is larger than 1088 KiB");
    }
}
