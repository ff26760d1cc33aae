//! Data as it comes: found, understood and read.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kadence::{Dataset, DatasetBuilder, Prepared, Problem, RuleSet, Schema};

use crate::bulk::Bulk;
use crate::folder::inside;
use crate::mapping::{self, Mapping};
use crate::merge::Merge;
use crate::named::{self, Named};
use crate::rows::Rows;
use crate::source::folder::has_table_ending;
use crate::source::{self, Input, Where};
use crate::text::quoted;
use crate::{Progress, ReadError, file_names, preset};

/// The mapping file that is looked for beside the data.
const MAPPING: &str = "kadence.toml";

/// Data in whatever form, and what its tables and columns are.
///
/// What these are is said by a [`Mapping`], which is found as `kadence.toml` in the folder of the
/// data if none is given; by a preset for the exports of a well-known system; or by the tables and
/// columns themselves where they are named as kadence names them. Where nothing is said and no
/// table is named like that, the preset is guessed, and a note of the dataset says so.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let folder = dir.path();
/// use kadence::{Noun, Schema};
/// use kadence_data::{Import, Mapping};
///
/// std::fs::write(folder.join("Accounts.csv"), "No;Account;Owner\n17;Acme;Kim\n18;Zeta;Bo\n")?;
/// let mapping = r#"
///     [[sellers]]
///     table = "Accounts"
///     once = true
///     fields.id = "Owner"
///
///     [[customers]]
///     table = "Accounts"
///     fields.id = "No"
///     fields.name = "Account"
///     fields.owner = "Owner"
/// "#;
/// let mapping = Mapping::parse("kadence.toml", mapping).map_err(|wrong| wrong[0].to_string())?;
/// let data = Import::new(folder).mapping(mapping).read(&Schema::default())?;
/// let (data, _notes) = data.build()?;
/// assert_eq!((data.count(Noun::Customer), data.count(Noun::Seller)), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Import {
    path: PathBuf,
    /// What stands for the file where it is in memory.
    input: Option<Input>,
    mapping: Option<Mapping>,
    preset: Option<String>,
    merge: Option<PathBuf>,
}

impl Import {
    /// The data of a folder or a file.
    pub fn new(path: impl Into<PathBuf>) -> Import {
        Import { path: path.into(), input: None, mapping: None, preset: None, merge: None }
    }

    /// The data of a file that is in memory, such as an upload; `name` is the file's.
    ///
    /// ```
    /// use kadence::{Noun, Schema};
    /// use kadence_data::Import;
    ///
    /// let upload = br#"{"customers": [{"id": "acme"}, {"id": "zeta", "revenue": "much"}]}"#;
    /// let data = Import::of_bytes("upload.json", upload.to_vec()).read(&Schema::default())?;
    /// let (data, problems) = data.build_lenient();
    /// assert_eq!(data.count(Noun::Customer), 1);
    /// assert!(problems.to_string().starts_with("upload.json:1:58: customers zeta: `revenue`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Import {
        Import { input: Some(Input::bytes(name, bytes)), ..Import::new(name) }
    }

    /// Says what its tables and columns are; no mapping file is looked for.
    #[must_use]
    pub fn mapping(mut self, mapping: Mapping) -> Import {
        self.mapping = Some(mapping);
        self
    }

    /// Names the system that it was exported from: one of [`presets`](crate::presets).
    #[must_use]
    pub fn preset(mut self, name: impl Into<String>) -> Import {
        self.preset = Some(name.into());
        self
    }

    /// Names the file that says which ids are one: CSV with the columns `table`, `id` and
    /// `same_as`.
    #[must_use]
    pub fn merge(mut self, path: impl Into<PathBuf>) -> Import {
        self.merge = Some(path.into());
        self
    }

    /// Reads all of it, as data for rules of that schema. What is wrong with a row is kept by the
    /// builder, which says all of it when it builds.
    ///
    /// # Errors
    ///
    /// If there is nothing to read, the system does not let it be read, or the mapping or the
    /// merge file is wrong or does not fit the data.
    pub fn read(&self, schema: &Schema) -> Result<DatasetBuilder, ReadError> {
        let mut builder = Dataset::builder(schema);
        self.read_into(schema, &mut builder)?;
        Ok(builder)
    }

    /// Prepares all of it for rules, without a [`Dataset`] between: for large data, of which there
    /// is never more in memory than some blocks beside what is prepared, as far as its form can be
    /// read in blocks. `watch` is told how far it has come.
    ///
    /// What comes of it, notes included, is what comes of [`Import::read`] and
    /// [`RuleSet::prepare`]. There is nothing where anything is wrong with any row, which
    /// [`Import::read`] then says with its place, nor for a dataset in one JSON file.
    ///
    /// ```
    /// # let dir = tempfile::tempdir()?;
    /// # let folder = dir.path();
    /// use kadence::{NoFiles, Noun, RuleSet};
    /// use kadence_data::Import;
    ///
    /// let rules = RuleSet::compile("targets.kpi", "customer: calls >= 1 per year", &NoFiles)?;
    /// std::fs::write(folder.join("customers.csv"), "id,revenue\nacme,1000\nzeta,\n")?;
    /// let prepared = Import::new(folder).prepare(&rules, &mut |_| {})?;
    /// assert!(prepared.is_some_and(|(data, _notes)| data.count(Noun::Customer) == 2));
    ///
    /// std::fs::write(folder.join("customers.csv"), "id,revenue\nacme,much\n")?;
    /// let import = Import::new(folder);
    /// assert!(import.prepare(&rules, &mut |_| {})?.is_none());
    /// let problems = import.read(rules.schema())?.build().err();
    /// assert!(problems.is_some_and(|all| all.to_string().starts_with("customers.csv:2:6:")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Import::read`] has them.
    pub fn prepare(
        &self,
        rules: &RuleSet,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Option<(Prepared, Vec<Problem>)>, ReadError> {
        let mut columns = Bulk::new(rules, self.size(), watch);
        self.read_into(rules.schema(), &mut columns)?;
        Ok(columns.finish())
    }

    /// How many bytes the files of the data have; none where it is in no file.
    pub fn size(&self) -> u64 {
        let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        if self.input.is_some() {
            return 0;
        }
        if !self.path.is_dir() {
            return length(&self.path);
        }
        let names = file_names(&self.path).unwrap_or_default();
        let tables = names.iter().filter(|name| has_table_ending(name));
        tables.map(|name| length(&self.path.join(name))).sum()
    }

    fn read_into(&self, schema: &Schema, into: &mut dyn Rows) -> Result<(), ReadError> {
        let beside = self.mapping_beside();
        let own = match (&self.mapping, &beside) {
            (Some(mapping), _) => Some(mapping.clone()),
            (None, Some(path)) => Some(Mapping::open(path)?),
            (None, None) => None,
        };
        let asked = own.as_ref().and_then(|own| own.preset.clone());
        let mut preset = match (&self.preset, asked) {
            (Some(name), _) => Some(preset::find(name)?),
            (None, Some((name, _))) => Some(preset::find(&name)?),
            (None, None) => None,
        };
        let place = match &self.input {
            Some(input) => Where::of(input.clone())?,
            None => source::find(&self.path)?,
        };
        let is_explained = own.is_some() || preset.is_some() || self.merge.is_some();
        if !is_explained && named::is_ours(&place)? {
            return Named { schema, into }.read(&place);
        }
        let queries = own.as_ref().map(Mapping::queries).unwrap_or_default();
        let source = place.open(&queries)?;
        if !is_explained && named::has_ours(source.as_ref()) {
            return Named { schema, into }.source(source.as_ref());
        }
        source.notes().iter().for_each(|note| {
            into.builder().note(note.clone());
        });
        if own.is_none() && preset.is_none() && !named::has_ours(source.as_ref()) {
            let (name, guessed) = preset::guess(source.tables(), &place.shown())?;
            into.builder().note(Problem {
                place: None,
                subject: String::new(),
                message: format!("the data is read as an export of `{name}`, by its columns"),
                expected: Some(format!("say so with `--preset {name}`, or write a mapping")),
            });
            preset = Some(guessed);
        }
        if let (Some(own), Some(preset)) = (&own, &mut preset) {
            preset.settings.zone = own.settings.zone.or(preset.settings.zone);
        }
        let mappings: Vec<&Mapping> = own.iter().chain(&preset).collect();
        let mut merge = self.read_merge(own.as_ref(), beside.as_deref(), schema)?;
        mapping::read(source.as_ref(), &mappings, &mut merge, schema, into)?;
        merge.finish(into);
        Named { schema, into: &mut *into }.about_others(&place, source.as_ref())?;
        cover(&place, &mappings, into.builder());
        Ok(())
    }

    /// The mapping file in the folder of the data.
    fn mapping_beside(&self) -> Option<PathBuf> {
        if self.input.is_some() {
            return None;
        }
        // Nothing is beside what comes in by a pipe or from a server.
        let folder = match self.path.is_dir() {
            true => Some(self.path.as_path()),
            false => self.path.parent().filter(|_| self.path.is_file()),
        };
        Some(folder?.join(MAPPING)).filter(|path| path.is_file())
    }

    fn merge_path(
        &self,
        own: Option<&Mapping>,
        beside: Option<&Path>,
    ) -> Result<Option<PathBuf>, ReadError> {
        if let Some(path) = &self.merge {
            return Ok(Some(path.clone()));
        }
        let Some((own, (name, at))) = own.and_then(|own| Some((own, own.settings.merge.as_ref()?)))
        else {
            return Ok(None);
        };
        let folder = beside.and_then(Path::parent).or(self.path.parent()).unwrap_or(Path::new(""));
        match inside(folder, name) {
            Some(path) => Ok(Some(path)),
            None => {
                let message = format!("`merge` cannot be {}", quoted(name));
                let expected = "expected the name of a file beside the mapping";
                Err(ReadError::broken(own.file(), *at, message, expected))
            }
        }
    }

    fn read_merge(
        &self,
        own: Option<&Mapping>,
        beside: Option<&Path>,
        schema: &Schema,
    ) -> Result<Merge, ReadError> {
        match self.merge_path(own, beside)? {
            Some(path) => Merge::open(Input::file(&path), schema),
            None => Ok(Merge::default()),
        }
    }
}

/// Says from and through which day the data is complete, as far as the mapping or the name of the
/// data tells.
fn cover(place: &Where, mappings: &[&Mapping], builder: &mut DatasetBuilder) {
    let settings = || mappings.iter().map(|mapping| &mapping.settings);
    let from = settings().find_map(|settings| settings.complete_from.or(settings.calendar.0));
    if let Some(day) = from {
        builder.complete_from(day);
    }
    // The day of the export is not over.
    let before = |day: NaiveDate| day.pred_opt();
    let said = settings()
        .find_map(|settings| settings.complete_through.or(settings.exported.and_then(before)));
    let path = place.shown();
    // A server has an address and no name.
    let has_name = !matches!(place, Where::Server(_));
    let is_open = said.is_none() && builder.is_open_ended() && has_name;
    let exported = day_in_name(&path).filter(|_| is_open);
    if let Some(day) = exported {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        builder.note(Problem {
            place: None,
            subject: String::new(),
            message: format!("the data is taken for an export of {day}, by the name `{name}`"),
            expected: Some("say `exported` or `complete_through` in the mapping if not".to_owned()),
        });
    }
    if let Some(day) = said.or(exported.and_then(before)) {
        builder.complete_through(day);
    }
}

/// The one day that a name has in it, such as `crm-export-2026-11-15.xlsx`.
fn day_in_name(path: &Path) -> Option<NaiveDate> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let mut days = stem.split(|c| !is_part(c)).filter_map(|part| {
        let part = part.trim_matches('-');
        let day: NaiveDate = part.parse().ok()?;
        (day.to_string() == part).then_some(day)
    });
    days.next().filter(|_| days.next().is_none())
}
