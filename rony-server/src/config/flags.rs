//! The settings as flags of the command line, made from the table of settings.

use clap::{Arg, ArgMatches, Command};

use super::settings::{SETTINGS, SWITCH, Setting};

/// What the command line says about settings. `ALL` false: only the settings of commands that just need the database.
///
/// The values are still text: they are read together with those of the other sources, so that a mistake is told in the
/// same words wherever it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags<const ALL: bool> {
    pub(super) config: Option<String>,
    pub(super) values: Vec<(&'static str, String)>,
}

fn settings<const ALL: bool>() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|setting| ALL || setting.everywhere)
}

impl<const ALL: bool> clap::Args for Flags<ALL> {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .help("The configuration file [default: rony.toml in the working directory, when there is one]");
        command.arg(config.help_heading(HEADING)).args(settings::<ALL>().map(|setting| {
            let flag = Arg::new(setting.key)
                .long(setting.key.replace('_', "-"))
                .value_name(setting.value)
                .help(setting.help)
                .help_heading(HEADING);
            if setting.value == SWITCH {
                flag.num_args(0..=1).default_missing_value("true")
            } else {
                flag.allow_hyphen_values(true)
            }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

const HEADING: &str = "Settings (each also as RONY_… in the environment and in rony.toml)";

impl<const ALL: bool> clap::FromArgMatches for Flags<ALL> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let text = |key: &str| matches.get_one::<String>(key).cloned();
        Ok(Self {
            config: text("config"),
            values: settings::<ALL>().filter_map(|setting| Some((setting.key, text(setting.key)?))).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
