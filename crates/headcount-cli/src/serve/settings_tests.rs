//! Which source of a setting holds, and what is said of a bad one.

use clap::Parser as _;
use headcount_testkit::Home;

use super::*;
use crate::args::{Args, Command};

fn serve(flags: &[&str]) -> Serve {
    let args = ["headcount", "serve"].iter().chain(flags);
    match Args::try_parse_from(args).unwrap().command {
        Command::Serve(serve) => serve,
        other => panic!("{other:?}"),
    }
}

fn resolve(flags: &[&str], variables: &[(&str, &str)]) -> Result<ServeSettings, String> {
    ServeSettings::resolve(&serve(flags), &|name| {
        variables.iter().find(|(own, _)| *own == name).map(|(_, value)| OsString::from(value))
    })
}

fn shown(settings: &ServeSettings, key: SettingKey) -> (String, String) {
    let (_, text, source) = settings.shown.iter().find(|(own, ..)| *own == key).unwrap();
    (text.clone(), source.to_string())
}

#[test]
fn the_default_is_the_default() {
    let settings = resolve(&[], &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:7070");
    assert!(!settings.development && settings.door == Door::default());
    assert_eq!(settings.shown.len(), SettingKey::ALL.len());
    for key in SettingKey::ALL {
        assert_eq!(shown(&settings, key), (default_text(key).to_owned(), "default".to_owned()));
    }
    // What is shown is what holds.
    assert_eq!(settings.data.display().to_string(), default_text(SettingKey::Data));
    assert_eq!(settings.catalogs.display().to_string(), default_text(SettingKey::Catalogs));
    assert_eq!(settings.log.name(), default_text(SettingKey::Log));
    assert_eq!(settings.log_level.name(), default_text(SettingKey::LogLevel));
}

#[test]
fn a_flag_is_above_the_environment_and_that_above_the_file() {
    let home = Home::new();
    let file = home.write("etc/h.toml", "listen = \"127.0.0.1:1\"\ndata = \"d\"\nlog = \"json\"\n");
    let config = file.to_str().unwrap();
    let variables =
        [("HEADCOUNT_CONFIG", config), ("HEADCOUNT_LISTEN", "127.0.0.1:2"), ("HEADCOUNT_LOG", "")];
    let settings = resolve(&[], &variables).unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(shown(&settings, SettingKey::Listen).1, "environment, HEADCOUNT_LISTEN");
    // An empty variable is none.
    assert_eq!(shown(&settings, SettingKey::Log), ("json".to_owned(), format!("file, {config}:3")));
    let settings = resolve(&["--listen", "127.0.0.1:3"], &variables).unwrap();
    assert_eq!(
        (settings.listen.port(), shown(&settings, SettingKey::Listen).1.as_str()),
        (3, "flag")
    );
    // A path of the file is relative to the file, and any other one is not.
    assert_eq!(settings.data, home.path().join("etc/d"));
    let settings = resolve(&[], &[("HEADCOUNT_DATA", "d")]).unwrap();
    assert_eq!(settings.data, PathBuf::from("d"));
}

#[test]
fn the_door_can_be_in_the_file_and_in_the_environment() {
    let home = Home::new();
    let file = home.write(
        "h.toml",
        "tls-cert = \"c.pem\"\ntls-key = \"/k.pem\"\nhost = [\"a.example\", \"b.example\"]\n",
    );
    let door = resolve(&["--config", file.to_str().unwrap()], &[]).unwrap().door;
    assert_eq!(door.tls_cert, Some(home.path().join("c.pem")));
    assert_eq!(door.tls_key, Some(PathBuf::from("/k.pem")));
    assert_eq!(door.hosts.len(), 2);
    for (text, proxy) in [
        ("true", Some(vec![])),
        ("10.0.0.1, ::1", Some(vec!["10.0.0.1".parse().unwrap(), "::1".parse().unwrap()])),
        ("false", None),
    ] {
        let door = resolve(&[], &[("HEADCOUNT_BEHIND_PROXY", text)]).unwrap().door;
        assert_eq!(door.behind_proxy, proxy.map(ProxyAddresses), "{text}");
    }
    let variables =
        [("HEADCOUNT_HOST", "a.example, b.example"), ("HEADCOUNT_IDENTITY_HEADER", "x-user")];
    let door = resolve(&[], &variables).unwrap().door;
    assert_eq!((door.hosts.len(), door.identity_header.is_some()), (2, true));
}

#[test]
fn a_bad_value_says_where_it_is() {
    let home = Home::new();
    let file = home.write("h.toml", "log-level = \"loud\"\n");
    let error = resolve(&["--config", file.to_str().unwrap()], &[]).unwrap_err();
    assert!(error.contains("h.toml:1:13: `log-level`: `loud` is not"), "{error}");
    assert!(error.ends_with("    log-level = \"loud\"\n                ^^^^^^"), "{error}");
    for (name, value, told) in [
        ("HEADCOUNT_LISTEN", "localhost", "`HEADCOUNT_LISTEN`: `localhost` is not an address"),
        ("HEADCOUNT_DEVELOPMENT", "maybe", "`maybe` is neither `true` nor `false`"),
        ("HEADCOUNT_LOG", "xml", "`xml` is neither `text` nor `json`"),
        ("HEADCOUNT_BEHIND_PROXY", "nginx", "`nginx` is not an address"),
        ("HEADCOUNT_HOST", "https://a.example", "without `https://`"),
        ("HEADCOUNT_CONFIG", "nowhere.toml", "cannot read the configuration nowhere.toml"),
    ] {
        let error = resolve(&[], &[(name, value)]).unwrap_err();
        assert!(error.contains(told), "{name}={value}: {error}");
    }
    // A variable that a flag replaces is not looked at.
    resolve(&["--listen", "127.0.0.1:0"], &[("HEADCOUNT_LISTEN", "localhost")]).unwrap();
}
