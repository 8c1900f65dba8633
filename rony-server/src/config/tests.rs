use std::ffi::OsString;
use std::time::Duration;

use clap::Args;
use proptest::prelude::*;

use super::*;

/// Sources that a test fills; the folder lives as long as they do.
struct World {
    folder: tempfile::TempDir,
    sources: Sources,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sources = Sources { folder: folder.path().to_owned(), ..Sources::default() };
        Self { folder, sources }
    }

    fn file(self, text: &str) -> Self {
        std::fs::write(self.folder.path().join("rony.toml"), text).expect("a file is written");
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((OsString::from(name), OsString::from(value)));
        self
    }

    fn flag(mut self, key: &'static str, value: &str) -> Self {
        self.sources.flags.push((key, value.to_owned()));
        self
    }

    #[track_caller]
    fn config(&self) -> Config {
        load(&self.sources).expect("a valid configuration").config
    }

    /// The one mistake, with the temporary folder left out.
    #[track_caller]
    fn mistake(&self) -> String {
        let error = load(&self.sources).expect_err("a mistake");
        assert_eq!(error.mistakes.len(), 1, "{error}");
        let folder = format!("{}/", self.folder.path().display());
        error.mistakes[0].to_string().replace(&folder, "")
    }
}

#[test]
fn without_any_source_the_defaults_hold() {
    let config = World::new().config();
    assert_eq!(config, Config::default());
    assert_eq!(config.listen.to_string(), "127.0.0.1");
    assert_eq!(config.database_url().expose(), "sqlite:./rony-data/rony.db");
    assert_eq!(config.public_url_on(5000).to_string(), "http://localhost:5000");
}

#[test]
fn the_file_beats_the_defaults_the_environment_the_file_and_a_flag_all() {
    let world =
        World::new().file("database_pool = 1\nmax_sockets_per_user = 1\nport = 1\nregistration = 'open'");
    let world = world.env("RONY_MAX_SOCKETS_PER_USER", "2").env("RONY_PORT", "2").flag("port", "3");
    let config = world.config();
    assert_eq!(config.registration, Registration::Open);
    assert_eq!(config.database_pool, 1);
    assert_eq!(config.max_sockets_per_user, 2);
    assert_eq!(config.port, Some(3));
}

#[test]
fn every_setting_can_be_set_in_every_source() {
    let values = [
        ("data", "/srv/rony"),
        ("database", "postgres://rony@db/rony"),
        ("database_pool", "5"),
        ("listen", "::"),
        ("port", "8080"),
        ("public_url", "https://chat.example.org/chat/"),
        ("tls_cert", "cert.pem"),
        ("tls_key", "key.pem"),
        ("lan", "true"),
        ("domain", "Chat.example.org"),
        ("acme_directory", "https://localhost:14000/dir"),
        ("acme_contact", "mailto:ann@example.org,bob@example.org"),
        ("acme_root", "root.pem"),
        ("http_port", "8081"),
        ("trusted_proxies", "10.0.0.0/8, ::1"),
        ("allowed_origins", "https://intranet.example.org"),
        ("allowed_hosts", "Chat.internal"),
        ("registration", "open"),
        ("session_idle", "2d"),
        ("session_absolute", "1w"),
        ("max_sockets_per_user", "3"),
        ("max_body", "1 MiB"),
        ("request_timeout", "1m 30s"),
        ("metrics", "0.0.0.0:9000"),
        ("log_format", "json"),
        ("log_level", "info,sqlx=warn"),
        ("bus", "none"),
        ("shutdown_grace", "1s"),
        ("files_store", "s3"),
        ("files_path", "/srv/files"),
        ("files_quota", "2 GiB"),
        ("files_largest", "1GiB"),
        ("files_versions_kept", "3"),
        ("files_trash_days", "7"),
        ("files_s3_bucket", "rony"),
        ("files_s3_region", "eu-central-1"),
        ("files_s3_endpoint", "http://s3.internal:9000/"),
        ("files_s3_access_key_id", "rony"),
        ("files_s3_secret_access_key", "s3cret"),
        ("files_s3_allow_http", "true"),
        ("files_s3_prefix", "team/"),
        ("rtc_stun", "stun:a.example.org"),
        ("rtc_turn", "turn:a.example.org:3478?transport=udp,turns:a.example.org:443"),
        ("rtc_turn_secret", "a secret of sixteen bytes"),
        ("rtc_turn_ttl", "30m"),
        ("rtc_relay", "true"),
        ("rtc_relay_listen", "0.0.0.0"),
        ("rtc_relay_port", "3479"),
        ("rtc_relay_ports", "50000-50999"),
        ("rtc_relay_external_ip", "9.9.9.9,2620:fe::fe"),
        ("rtc_relay_allow_lan", "true"),
        ("rtc_relay_bandwidth", "2MiB"),
        ("rtc_relay_connections", "100"),
    ];
    let table: Vec<&str> = settings::SETTINGS.iter().map(|setting| setting.key).collect();
    assert_eq!(table, values.map(|(key, _)| key), "this test knows all settings");

    // Of the ways to HTTPS there is one at a time.
    let acme = ["domain", "acme_directory", "acme_contact", "acme_root"];
    let by_acme = in_every_place(&values, &["tls_cert", "tls_key", "lan"]);
    let expected = Acme {
        domain: "chat.example.org".to_owned(),
        directory: "https://localhost:14000/dir".to_owned(),
        contact: vec!["ann@example.org".to_owned(), "bob@example.org".to_owned()],
        root: Some("root.pem".into()),
    };
    assert_eq!(by_acme.acme, Some(expected));
    let by_lan = in_every_place(&values, &[&["tls_cert", "tls_key"][..], &acme].concat());
    assert!(by_lan.lan && by_lan.speaks_tls());
    assert_eq!(by_lan.http_port, Some(8081));
    let by_file = in_every_place(&values, &[&["lan", "http_port"][..], &acme].concat());
    assert_eq!(by_file.public_url_on(1).to_string(), "https://chat.example.org/chat");
    assert_eq!(by_file.trusted_proxies.len(), 2);
    assert_eq!(by_file.allowed_hosts, ["chat.internal"]);
    assert_eq!(by_file.rtc.turn.len(), 2);
    assert_eq!(by_file.rtc.relay.ports, 50_000..=50_999);
    assert_eq!(by_file.rtc.relay.external_ip.len(), 2);
    assert_eq!(by_file.max_body, 1024 * 1024);
    assert_eq!(by_file.request_timeout, Duration::from_secs(90));
    assert_eq!(by_file.session_absolute, Duration::from_secs(7 * 24 * 60 * 60));
}

/// The configuration with all values but those `without`, which must be the same in whichever place they are written.
fn in_every_place(values: &[(&'static str, &str)], without: &[&str]) -> Config {
    let values: Vec<_> = values.iter().filter(|(key, _)| !without.contains(key)).collect();
    let file: String = values.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
    let by_file = World::new().file(&file).config();
    let by_env = values
        .iter()
        .fold(World::new(), |world, (key, value)| world.env(&format!("RONY_{}", key.to_uppercase()), value));
    let by_flag = values.iter().fold(World::new(), |world, (key, value)| world.flag(key, value));
    assert_eq!(by_file, by_env.config());
    assert_eq!(by_file, by_flag.config());
    by_file
}

#[test]
fn numbers_and_lists_may_be_written_as_toml_has_them() {
    let config = World::new().file("port = 80\ntrusted_proxies = ['10.0.0.1', '10.1.0.0/16']").config();
    assert_eq!(config.port, Some(80));
    assert_eq!(
        config.trusted_proxies,
        ["10.0.0.1/32".parse().expect("a net"), "10.1.0.0/16".parse().expect("a net")]
    );
}

#[test]
fn a_misspelled_setting_names_its_place_and_the_nearest_one() {
    assert_eq!(
        World::new().file("# Rony\n\npubic_url = 'https://a.example'").mistake(),
        "rony.toml, line 3: pubic_url = https://a.example\n    There is no setting `pubic_url`; did you mean \
         `public_url`? `rony serve --help` lists them all."
    );
    assert!(World::new().env("RONY_DATABSE", "sqlite:x").mistake().contains("did you mean `database`?"));
    assert!(World::new().file("[tls]\ncert = 'x'").mistake().starts_with("rony.toml, line 1: tls = …\n"));
}

#[test]
fn a_wrong_value_names_its_place_and_what_to_write() {
    assert_eq!(
        World::new().file("data = 'x'\nport = 80000").mistake(),
        "rony.toml, line 2: port = 80000\n    Write a number from 0 to 65535."
    );
    assert_eq!(
        World::new().env("RONY_REGISTRATION", "yes").mistake(),
        "environment: RONY_REGISTRATION=yes\n    Write `closed` (people join by invitation) or `open` (anybody may join)."
    );
    assert_eq!(
        World::new().flag("session_idle", "1month").mistake(),
        "command line: --session-idle 1month\n    Months and years differ in length; write days, such as `30d`."
    );
}

#[test]
fn each_kind_of_value_refuses_what_it_cannot_be() {
    for (key, value) in [
        ("port", "-1"),
        ("listen", "127.0.0.1:5000"),
        ("database", "mysql://db/rony"),
        ("database_pool", "0"),
        ("public_url", "chat.example.org"),
        ("public_url", "ftp://chat.example.org"),
        ("public_url", "https://user@chat.example.org"),
        ("public_url", "https://chat.example.org/?a"),
        ("public_url", "https://chat.example.org:port"),
        ("allowed_origins", "https://chat.example.org/"),
        ("allowed_origins", "null"),
        ("allowed_origins", "*"),
        ("allowed_hosts", "*.example.org"),
        ("allowed_hosts", "https://example.org"),
        ("trusted_proxies", "proxy"),
        ("trusted_proxies", "10.0.0.0/33"),
        ("session_idle", "-1d"),
        ("session_idle", "soon"),
        ("session_idle", "1s"),
        ("max_body", "1KiB"),
        ("max_body", "lots"),
        ("max_body", "99999999999999999999MiB"),
        ("metrics", "5001"),
        ("log_level", "loud=very=much"),
        ("tls_cert", ""),
        ("bus", "nats"),
        ("files_store", "cloud"),
        ("files_store", "s3"),
        ("files_quota", "lots"),
        ("files_largest", "0"),
        ("files_versions_kept", "-1"),
        ("files_trash_days", "0"),
        ("files_s3_bucket", "two words"),
        ("files_s3_endpoint", "s3.example.org"),
        ("files_s3_endpoint", "http://s3.example.org"),
        ("files_s3_endpoint", "https://key:secret@s3.example.org"),
        ("files_s3_allow_http", "yes"),
        ("files_s3_prefix", "../up"),
    ] {
        let error = load(&World::new().flag(key, value).sources).expect_err(value);
        assert!(error.mistakes[0].advice.len() > 10, "{error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let world = World::new().file("prot = 1\nbus = 'x'").env("RONY_PORT", "x");
    let error = load(&world.sources).expect_err("three mistakes");
    assert_eq!(error.mistakes.len(), 3, "{error}");
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    assert!(World::new().file("port = 1\nlisten = ").mistake().contains("line 2"));
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let mut world = World::new();
    world.sources.file = Some(world.folder.path().join("other.toml"));
    assert!(world.mistake().starts_with("other.toml\n    The configuration file cannot be read"));
}

#[test]
fn ways_to_https_that_do_not_go_together_are_told() {
    let lan = || World::new().flag("lan", "true");
    let said = lan().env("RONY_TLS_CERT", "c.pem").env("RONY_TLS_KEY", "k.pem").mistake();
    assert!(said.contains("leave out `lan`, or `tls_cert` and `tls_key`"), "{said}");
    let said = lan().env("RONY_PUBLIC_URL", "http://desk.local").mistake();
    assert!(said.contains("let public_url begin with `https://`"), "{said}");
    assert!(World::new().env("RONY_HTTP_PORT", "80").mistake().contains("set one of them"));
    let domain = || World::new().flag("domain", "chat.example.org");
    assert!(domain().env("RONY_LAN", "true").mistake().contains("leave one out"));
    let said = domain().env("RONY_TLS_CERT", "c.pem").env("RONY_TLS_KEY", "k.pem").mistake();
    assert!(said.contains("certificates come by themselves"), "{said}");
    let said = domain().env("RONY_PUBLIC_URL", "https://other.example.org").mistake();
    assert!(said.contains("The certificate is for `domain`"), "{said}");
    assert!(World::new().env("RONY_ACME_CONTACT", "a@example.org").mistake().contains("set `domain` too"));
}

#[test]
fn for_the_local_network_it_listens_to_it_unless_told_otherwise() {
    let lan = World::new().flag("lan", "true").config();
    assert_eq!(lan.listen.to_string(), "0.0.0.0");
    assert!(lan.public_url_on(5000).is_https());
    assert_eq!(World::new().config().listen.to_string(), "127.0.0.1");
    let named = World::new().flag("lan", "true").env("RONY_LISTEN", "127.0.0.1").config();
    assert_eq!(named.public_url_on(5000).to_string(), "https://localhost:5000", "nobody else reaches it");
}

#[test]
fn a_domain_is_where_people_come() {
    let config = World::new().flag("domain", "chat.example.org").config();
    assert_eq!((config.listen.to_string(), config.first_port()), ("0.0.0.0".to_owned(), 443));
    assert_eq!(config.public_url_on(443).to_string(), "https://chat.example.org");
    assert_eq!(config.acme.expect("certificates").directory, Acme::DIRECTORY);
    for odd in ["https://a.example", "a.example:443", "*.example.org", "192.168.1.5", "a..b", ""] {
        assert!(!World::new().flag("domain", odd).mistake().is_empty(), "{odd}");
    }
}

#[test]
fn what_is_on_or_off_needs_no_value_as_a_flag() {
    let flags = |arguments: &[&str]| {
        let all = Flags::<true>::augment_args(clap::Command::new("rony"));
        let matches = all.try_get_matches_from([&["rony"], arguments].concat()).expect("valid flags");
        let flags = <Flags<true> as clap::FromArgMatches>::from_arg_matches(&matches).expect("valid flags");
        Sources::of_process(flags).flags
    };
    assert_eq!(flags(&["--lan"]), [("lan", "true".to_owned())]);
    assert_eq!(flags(&["--lan", "--port", "1"]), [("port", "1".to_owned()), ("lan", "true".to_owned())]);
    assert_eq!(flags(&["--lan", "false"]), [("lan", "false".to_owned())]);
    assert_eq!(flags(&["--lan=false"]), [("lan", "false".to_owned())]);
}

#[test]
fn a_certificate_needs_its_key() {
    assert!(World::new().env("RONY_TLS_CERT", "c.pem").mistake().contains("set `tls_key` too"));
    assert!(World::new().flag("tls_key", "k.pem").mistake().starts_with("command line: --tls-key k.pem"));
}

#[test]
fn a_session_cannot_be_idle_for_longer_than_it_lives() {
    assert!(
        World::new().file("session_idle = '200d'").mistake().starts_with("rony.toml, line 1: session_idle")
    );
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    assert_eq!(World::new().env("RONY_PORT", "").config().port, None);
}

#[test]
fn variables_that_kubernetes_sets_for_a_service_do_no_harm() {
    let world = World::new().env("RONY_SERVICE_HOST", "10.0.0.1").env("RONY_PORT_5000_TCP_ADDR", "10.0.0.1");
    assert_eq!(world.config(), Config::default());
    assert!(world.env("RONY_PORT", "tcp://10.0.0.1:5000").mistake().contains("enableServiceLinks: false"));
}

#[test]
fn a_database_never_shows_its_password() {
    for (url, shown) in [
        ("postgres://rony:s3cret@db/rony", "postgres://rony:***@db/rony"),
        ("postgres://rony:s3c@ret/?@db/rony", "postgres://rony:***@db/rony"),
        ("postgres://db/rony?user=rony&password=s3cret", "postgres://db/rony?user=rony&password=***"),
        ("postgres://rony@db/rony", "postgres://rony@db/rony"),
        ("sqlite:rony.db", "sqlite:rony.db"),
    ] {
        let config = World::new().env("RONY_DATABASE", url).config();
        let database = config.database_url();
        assert_eq!(database.expose(), url);
        assert_eq!(database.to_string(), shown);
        assert!(!format!("{config:?}").contains("s3c"), "{config:?}");
    }
}

#[test]
fn a_mistake_never_shows_a_password() {
    for url in ["mysql://rony:s3cret@db/rony", "rony:s3cret@db", "host=db password=s3cret"] {
        assert!(!World::new().env("RONY_DATABASE", url).mistake().contains("s3cret"));
    }
    assert!(!World::new().file("databse = 'postgres://rony:s3cret@db'").mistake().contains("s3cret"));
}

#[test]
fn settings_of_files_may_stand_in_their_section() {
    let world =
        World::new().file("port = 1\n[files]\nquota = 'none'\ntrash_days = 7\n[files.s3]\nbucket = 'b'\n");
    let files = world.config().files;
    assert_eq!((files.quota, files.trash_days, files.s3.bucket.as_str()), (None, 7, "b"));
    assert_eq!(World::new().file("[files]\nquota = 5").config().files.quota, Some(5));
    assert_eq!(
        World::new().file("[files]\n\n[files.s3]\nallow_http = 3").mistake(),
        "rony.toml, line 4: files_s3_allow_http = 3\n    Write `true` or `false`."
    );
    assert!(World::new().file("[files]\nquoat = 5").mistake().contains("did you mean `files_quota`?"));
}

#[test]
fn the_key_of_an_object_store_never_shows_itself() {
    let config = World::new().env("RONY_FILES_S3_SECRET_ACCESS_KEY", "s3cret").config();
    assert_eq!(config.files.s3.secret_access_key.reveal(), "s3cret");
    assert!(!format!("{config:?}").contains("s3cret"));
    let world = World::new().file("[files.s3]\nsecret_access_key = ['s3cret', {a = 1}]");
    assert!(!world.mistake().contains("s3cret"));
}

#[test]
fn an_origin_has_one_spelling() {
    for (text, expected) in [
        ("https://Chat.Example.org:443", "https://chat.example.org"),
        ("http://localhost:80", "http://localhost"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ] {
        assert_eq!(text.parse::<Origin>().expect("an origin").to_string(), expected);
    }
}

#[test]
fn every_setting_is_a_flag_and_a_few_suffice_without_a_server() {
    let all = Flags::<true>::augment_args(clap::Command::new("rony"));
    let matches =
        all.try_get_matches_from(["rony", "--public-url", "http://a", "--port=1", "--config", "c.toml"]);
    let flags = <Flags<true> as clap::FromArgMatches>::from_arg_matches(&matches.expect("valid flags"));
    let sources = Sources::of_process(flags.expect("valid flags"));
    assert_eq!(sources.flags, [("port", "1".to_owned()), ("public_url", "http://a".to_owned())]);
    assert_eq!(sources.file, Some("c.toml".into()));

    let few = Flags::<false>::augment_args(clap::Command::new("rony"));
    assert!(few.clone().try_get_matches_from(["rony", "--database", "sqlite:x"]).is_ok());
    assert!(few.try_get_matches_from(["rony", "--port", "1"]).is_err());
}

#[test]
fn the_document_for_operators_is_in_step_with_the_settings() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/CONFIGURATION.md");
    let document = std::fs::read_to_string(document).expect("docs/CONFIGURATION.md");
    let rows: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let expected = settings::SETTINGS.iter().map(|setting| {
        let (value, help) = (setting.value.replace('|', "\\|"), setting.help.replace('|', "\\|"));
        format!("| `{}` | {value} | {help} |", setting.key)
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn any_file_and_any_variable_is_a_configuration_or_a_list_of_mistakes(
        file in prop_oneof![any::<String>(), "([a-z_]{1,8}( = |=|\\.)(\\[|\\]|\\{|'|\"|[0-9]{1,3}|true|x){0,4}\n?){0,6}"],
        setting in 0..settings::SETTINGS.len(),
        value in any::<String>(),
    ) {
        let variable = format!("RONY_{}", settings::SETTINGS[setting].key.to_uppercase());
        let world = World::new().file(&file).env(&variable, &value);
        if let Err(error) = load(&world.sources) {
            prop_assert!(!error.mistakes.is_empty());
            prop_assert!(error.mistakes.iter().all(|mistake| !mistake.advice.is_empty()));
        }
    }
}
