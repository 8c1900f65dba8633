//! Reads the sources in their order and keeps in mind which one each value came from.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::settings::{Draft, SECTIONS, SETTINGS, Setting, is_secret};
use super::url::without_passwords;
use super::{Config, ConfigError, DatabaseUrl, Flags, Mistake};

/// Where settings come from, but for the defaults.
///
/// It is a value, so that a test can say what the environment is.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that must be read, when one was named.
    pub file: Option<PathBuf>,
    /// The folder in which `rony.toml` is read when no file was named.
    pub folder: PathBuf,
    /// The environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The flags, by the names of their settings.
    pub flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// This process's working directory and environment, and the flags that it was started with.
    pub fn of_process<const ALL: bool>(flags: Flags<ALL>) -> Self {
        Self {
            file: flags
                .config
                .map(PathBuf::from)
                .or_else(|| std::env::var_os("RONY_CONFIG").map(PathBuf::from)),
            folder: PathBuf::new(),
            environment: std::env::vars_os().collect(),
            flags: flags.values,
        }
    }
}

/// A configuration and the file that it was read from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file, when there was one.
    pub file: Option<PathBuf>,
}

/// Reads and checks the configuration.
///
/// # Errors
///
/// When a source cannot be read, names a setting that does not exist, or gives one a value that it cannot have. The
/// error lists all such mistakes.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let file = ConfigFile::read(sources).map_err(one)?;
    let mut mistakes = Vec::new();
    let mut figment = Figment::new();
    if let Some(file) = &file {
        figment = figment.merge(Layer { name: FILE, values: file.values().map_err(one)? });
    }
    figment = figment
        .merge(Layer { name: ENVIRONMENT, values: environment(&sources.environment, &mut mistakes) })
        .merge(Layer { name: FLAG, values: flags(&sources.flags) });
    let reader = Reader { figment, file: file.as_ref() };
    let config = reader.read(&mut mistakes);
    if mistakes.is_empty() {
        return Ok(Loaded { config, file: file.map(|file| file.path) });
    }
    Err(ConfigError { mistakes })
}

fn one(mistake: Mistake) -> ConfigError {
    ConfigError { mistakes: vec![mistake] }
}

const FILE: &str = "file";
const ENVIRONMENT: &str = "environment";
const FLAG: &str = "flag";

/// One source in the form that figment merges; its name comes back with every value.
struct Layer {
    name: &'static str,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// A file that was named must be there; `rony.toml` in the working directory may be.
    fn read(sources: &Sources) -> Result<Option<Self>, Mistake> {
        let path = sources.file.clone().unwrap_or_else(|| sources.folder.join("rony.toml"));
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Self { path, text })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && sources.file.is_none() => Ok(None),
            Err(error) => Err(Mistake::new(
                path.display().to_string(),
                format!(
                    "The configuration file cannot be read: {error}. Check its path and who may read it."
                ),
            )),
        }
    }

    fn values(&self) -> Result<Dict, Mistake> {
        let mut values = Toml::from_str::<Dict>(&self.text).map_err(|error| {
            Mistake::new(self.path.display().to_string(), format!("This is not valid TOML. {error}"))
        })?;
        for name in SECTIONS {
            match values.remove(name) {
                Some(Value::Dict(_, section)) => flatten(name, section, &mut values),
                Some(other) => drop(values.insert(name.to_owned(), other)),
                None => {}
            }
        }
        Ok(values)
    }

    /// The number of the line that sets `key`, from 1: by its whole name, or by its own in its section.
    fn line_of(&self, key: &str) -> Option<usize> {
        self.line_in_section(key).or_else(|| self.line_at_top(key))
    }

    fn line_in_section(&self, key: &str) -> Option<usize> {
        let mut section = String::new();
        self.text
            .lines()
            .position(|line| {
                let line = line.trim();
                if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                    section = format!("{}_", name.trim().replace('.', "_"));
                    return false;
                }
                let name = line.split('=').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
                !section.is_empty()
                    && key.strip_prefix(section.as_str()).is_some_and(|own| own == name.replace('.', "_"))
            })
            .map(|index| index + 1)
    }

    fn line_at_top(&self, key: &str) -> Option<usize> {
        let sets = |line: &str| {
            let line = line.trim_start().trim_start_matches(['[', '"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '\t', '=', '"', '\'', '.', ']']))
        };
        self.text.lines().position(sets).map(|index| index + 1)
    }
}

/// Takes the values of a section as they are called without it: `bucket` in `[files.s3]` is `files_s3_bucket`.
fn flatten(section: &str, from: Dict, to: &mut Dict) {
    for (name, value) in from {
        let key = format!("{section}_{name}");
        match value {
            Value::Dict(_, inner) => flatten(&key, inner, to),
            value => drop(to.insert(key, value)),
        }
    }
}

/// Variables that begin with `RONY_` but are no settings: Kubernetes sets the first two kinds for a service named
/// `rony`, `RONY_CONFIG` names the file, and tests find what they need by the others.
fn is_no_setting(name: &str) -> bool {
    ["rony_service_", "rony_port_", "rony_test_"].iter().any(|prefix| name.starts_with(prefix))
        || matches!(name, "rony_config" | "rony_shared")
}

/// An empty variable counts as unset: compose files pass unset variables on in this way.
fn environment(variables: &[(OsString, OsString)], mistakes: &mut Vec<Mistake>) -> Dict {
    let mut values = Dict::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().map(str::to_ascii_lowercase) else { continue };
        let Some(key) = name.strip_prefix("rony_") else { continue };
        if value.is_empty() || is_no_setting(&name) {
            continue;
        }
        match value.to_str() {
            Some(value) => drop(values.insert(key.to_owned(), Value::from(value))),
            None => mistakes.push(Mistake::new(name.to_ascii_uppercase(), "The value is not valid UTF-8.")),
        }
    }
    values
}

fn flags(flags: &[(&'static str, String)]) -> Dict {
    flags.iter().map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str()))).collect()
}

struct Reader<'a> {
    figment: Figment,
    file: Option<&'a ConfigFile>,
}

impl Reader<'_> {
    fn read(&self, mistakes: &mut Vec<Mistake>) -> Config {
        let values =
            self.figment.data().ok().and_then(|mut data| data.remove(&Profile::Default)).unwrap_or_default();
        let mut draft = Draft::default();
        for (key, value) in &values {
            let outcome = match SETTINGS.iter().find(|setting| setting.key == key) {
                Some(setting) => text_of(value).and_then(|text| (setting.apply)(&mut draft, &text)),
                None => Err(unknown(key)),
            };
            if let Err(advice) = outcome {
                mistakes.push(Mistake::new(self.place(key, value), as_sentence(&advice)));
            }
        }
        draft.finish().unwrap_or_else(|(key, advice)| {
            let place = values.get(key).map_or_else(|| key.to_owned(), |value| self.place(key, value));
            mistakes.push(Mistake::new(place, advice));
            Config::default()
        })
    }

    /// The place of a value, as its author wrote it.
    fn place(&self, key: &str, value: &Value) -> String {
        let shown = shown(key, &text_of(value).unwrap_or_else(|_| "…".to_owned()));
        let source = self.figment.get_metadata(value.tag()).map_or("", |metadata| metadata.name.as_ref());
        match (source, self.file) {
            (ENVIRONMENT, _) => format!("environment: RONY_{}={shown}", key.to_ascii_uppercase()),
            (FLAG, _) => format!("command line: --{} {shown}", key.replace('_', "-")),
            (_, Some(file)) => format!("{}: {key} = {shown}", file_place(&file.path, file.line_of(key))),
            (_, None) => format!("{key} = {shown}"),
        }
    }
}

/// A database's address that cannot be read may hold its password anywhere, so it is not shown at all.
fn shown(key: &str, value: &str) -> String {
    if key == "database" && value.parse::<DatabaseUrl>().is_err() {
        return "(not shown: it may hold a password)".to_owned();
    }
    if is_secret(key) {
        return "(not shown)".to_owned();
    }
    without_passwords(value)
}

fn file_place(path: &Path, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{}, line {line}", path.display()),
        None => path.display().to_string(),
    }
}

/// A value as one would write it in the environment: every setting is read from text, in one way.
fn text_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(_, text) => Ok(text.clone()),
        Value::Char(_, letter) => Ok(letter.to_string()),
        Value::Bool(_, truth) => Ok(truth.to_string()),
        Value::Num(_, number) => Ok(number
            .to_i128()
            .map(|number| number.to_string())
            .or_else(|| number.to_u128().map(|number| number.to_string()))
            .or_else(|| number.to_f64().map(|number| number.to_string()))
            .unwrap_or_default()),
        Value::Array(_, values) => Ok(values.iter().map(text_of).collect::<Result<Vec<_>, _>>()?.join(",")),
        Value::Empty(..) => Ok(String::new()),
        Value::Dict(..) => Err("write a value, not a section".to_owned()),
    }
}

fn unknown(key: &str) -> String {
    let likeness = |setting: &&Setting| strsim::jaro_winkler(setting.key, key);
    let nearest = SETTINGS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.map_or("", |setting| setting.key);
    format!("there is no setting `{key}`; did you mean `{nearest}`? `rony serve --help` lists them all")
}

fn as_sentence(advice: &str) -> String {
    let mut letters = advice.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let end = if advice.ends_with(['.', '?']) { "" } else { "." };
    first.into_iter().chain(letters).chain(end.chars()).collect()
}
