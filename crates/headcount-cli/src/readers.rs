//! `headcount readers`: the people who may sign in, and their tokens.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use clap::Subcommand;
use headcount_catalog::Day;
use headcount_collector::offline::credentials::{self, ListedReader};
use headcount_collector::{CredentialError, Password, ReaderName, Role};
use serde_json::{Value as Json, json};

use crate::data_folder::Data;
use crate::{one_line, print};

/// `headcount readers`
#[derive(Debug, Subcommand)]
pub(crate) enum Readers {
    /// Add a reader, whose password is a line of standard input, or asked for
    /// in a terminal
    New {
        /// The name to sign in with
        name: String,
        /// What the reader may do
        #[arg(long, value_name = "ROLE", default_value = "read", value_parser = role)]
        role: Role,
        #[command(flatten)]
        folder: Data,
    },
    /// List the readers: name, role, the day on which each was added, and the
    /// ids of their tokens
    List {
        #[command(flatten)]
        folder: Data,
        /// Print one line of JSON for each, and nothing else
        #[arg(long)]
        json: bool,
    },
    /// Give a reader another password, and sign the reader out everywhere
    Password {
        /// The name of the reader
        name: String,
        #[command(flatten)]
        folder: Data,
    },
    /// Give a reader another role
    Role {
        /// The name of the reader
        name: String,
        /// What the reader may do: `read` or `operate`
        #[arg(value_parser = role)]
        role: Role,
        #[command(flatten)]
        folder: Data,
    },
    /// Remove a reader and all tokens of that reader
    Remove {
        /// The name of the reader
        name: String,
        #[command(flatten)]
        folder: Data,
    },
    /// Make a token for scripts, and print it: it is shown once. Send it as
    /// `Authorization: Bearer TOKEN`
    Token {
        /// The name of the reader
        name: String,
        /// What the token may do at most; never more than its reader
        #[arg(long, value_name = "ROLE", default_value = "read", value_parser = role)]
        role: Role,
        #[command(flatten)]
        folder: Data,
    },
    /// Revoke a token: within ten seconds nobody can read with it
    Revoke {
        /// The id of the token, as `readers list` shows it
        id: String,
        #[command(flatten)]
        folder: Data,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.map(|(_, name)| format!("`{name}`")).join(" or ");
    Role::from_name(text).ok_or_else(|| format!("not a role: use {}", names()))
}

/// Adds, lists, changes or removes. 1 where it cannot.
pub(crate) fn run(readers: &Readers, today: Day) -> u8 {
    let done = match readers {
        Readers::New { name, role, folder } => new(&folder.data, name, *role, today),
        Readers::List { folder, json: false } => list(&folder.data),
        Readers::List { folder, json: true } => list_in_json(&folder.data),
        Readers::Password { name, folder } => password(&folder.data, name),
        Readers::Role { name, role, folder } => credentials::set_role(&folder.data, name, *role)
            .map(|()| {
                let role = role.name();
                print::err(format_args!("The reader `{name}` has the role `{role}`.\n"));
            }),
        Readers::Remove { name, folder } => credentials::remove_reader(&folder.data, name)
            .map(|()| print::err(format_args!("The reader `{name}` is removed.\n"))),
        Readers::Token { name, role, folder } => token(&folder.data, name, *role, today),
        Readers::Revoke { id, folder } => credentials::revoke_token(&folder.data, id)
            .map(|()| print::err(format_args!("The token {id} is revoked.\n"))),
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("headcount readers: {error}\n"));
            1
        }
    }
}

fn new(data: &Path, name: &str, role: Role, today: Day) -> Result<(), CredentialError> {
    let name = ReaderName::new(name)?;
    let password = read_password(&name)?;
    credentials::new_reader(data, &name, &password, role, today)?;
    let role = role.name();
    print::err(format_args!("The reader `{name}` may sign in, with the role `{role}`.\n"));
    Ok(())
}

fn password(data: &Path, name: &str) -> Result<(), CredentialError> {
    let name = ReaderName::new(name)?;
    let password = read_password(&name)?;
    let tokens = credentials::set_password(data, &name, &password)?;
    print::err(format_args!("The reader `{name}` has a new password.\n"));
    for token in &tokens {
        print::err(format_args!(
            "The token {id} stays valid; `headcount readers revoke {id}` ends it.\n",
            id = token.id
        ));
    }
    Ok(())
}

fn read_password(name: &ReaderName) -> Result<Password, CredentialError> {
    let text = one_line::read_new("Password: ", "password")?;
    Ok(Password::new(&text, name)?)
}

fn token(data: &Path, name: &str, role: Role, today: Day) -> Result<(), CredentialError> {
    let token = credentials::new_token(data, name, role, today)?;
    if let Err(error) = print::only_once(token.reveal()) {
        credentials::revoke_token(data, token.id())?;
        return Err(CredentialError::Output(error));
    }
    if io::stdout().is_terminal() {
        print::err("This is the only time it is shown: the folder has its hash alone.\n");
    }
    Ok(())
}

fn list(data: &Path) -> Result<(), CredentialError> {
    let readers = credentials::readers(data)?;
    let width = readers.iter().map(|reader| reader.name.as_str().len()).max().unwrap_or(0);
    for reader in &readers {
        let ListedReader { name, role, created, tokens } = reader;
        let name = name.as_str();
        print::out(format_args!("{name:width$}  {:7}  {created}\n", role.name()));
        for token in tokens {
            let role = token.role.name();
            print::out(format_args!("  token {}  {role:7}  {}\n", token.id, token.created));
        }
    }
    if readers.is_empty() {
        print::err(format_args!(
            "There is no reader: `headcount readers new NAME --data {}` adds one.\n",
            data.display()
        ));
    }
    Ok(())
}

fn list_in_json(data: &Path) -> Result<(), CredentialError> {
    for reader in credentials::readers(data)? {
        let ListedReader { name, role, created, tokens } = reader;
        let tokens: Vec<Json> = tokens
            .iter()
            .map(|token| {
                json!({"id": token.id, "role": token.role.name(),
                       "created": token.created.to_string()})
            })
            .collect();
        let line = json!({"name": name.as_str(), "role": role.name(),
                          "created": created.to_string(), "tokens": tokens});
        print::out(format_args!("{line}\n"));
    }
    Ok(())
}
