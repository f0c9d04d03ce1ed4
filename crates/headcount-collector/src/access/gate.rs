//! The gate: in development it is open, otherwise credentials decide.

use axum::http::{HeaderMap, HeaderName, header};
use tokio::sync::Semaphore;

use super::caller::{Caller, Means};
use super::cookie;
use super::sign_ins::SignIns;
use crate::credentials::{
    CurrentCredentials, PasswordCheck, ReaderName, Role, SecretHash, SecretKind,
};
use crate::limits;

/// Who may write and read.
pub(crate) enum Gate {
    /// Everybody on this machine.
    Development,
    /// Those who have a key, a token or a password.
    Guarded(Box<GuardedAccess>),
}

/// What the credentials are checked with.
pub(crate) struct GuardedAccess {
    pub(crate) credentials: CurrentCredentials,
    pub(super) sign_ins: SignIns,
    pub(super) passwords: PasswordCheck,
    /// A permit for each password that is being checked.
    pub(super) checks: Semaphore,
    /// Where a proxy says who reads.
    identity_header: Option<HeaderName>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    /// The request says nothing of who asks.
    Silent,
    /// The `Authorization` header is not of the scheme `Bearer`.
    OtherScheme,
    /// Nobody has this token, any more or at all.
    UnknownToken,
    /// It is a write key, which cannot read.
    WriteKey,
    /// The sign-in is over.
    SignedOut,
}

impl Gate {
    pub(crate) fn is_development(&self) -> bool {
        matches!(self, Self::Development)
    }

    /// Reads the credentials' file again.
    pub(crate) fn reload(&self) {
        if let Self::Guarded(guarded) = self {
            guarded.credentials.reload();
        }
    }

    /// Looks at the credentials' file again.
    pub(crate) fn look(&self) {
        if let Self::Guarded(guarded) = self {
            guarded.credentials.look();
        }
    }
}

impl GuardedAccess {
    pub(crate) fn new(
        credentials: CurrentCredentials,
        identity_header: Option<HeaderName>,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self {
            credentials,
            sign_ins: SignIns::default(),
            passwords: PasswordCheck::new()?,
            checks: Semaphore::new(limits::PASSWORD_CHECKS),
            identity_header,
        })
    }

    /// Who asks. A token in the head counts before everything else, and a wrong
    /// one is not made good by a cookie.
    pub(super) fn caller(
        &self,
        headers: &HeaderMap,
        is_encrypted: bool,
        now: i64,
    ) -> Result<Caller, Stranger> {
        if headers.contains_key(header::AUTHORIZATION) {
            return self.by_token(headers);
        }
        if let Some(caller) = self.by_proxy(headers) {
            return Ok(caller);
        }
        match cookie::sign_in(headers, is_encrypted) {
            Some(text) => self.by_sign_in(text, now).ok_or(Stranger::SignedOut),
            None => Err(Stranger::Silent),
        }
    }

    fn by_token(&self, headers: &HeaderMap) -> Result<Caller, Stranger> {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(Stranger::OtherScheme);
        };
        let text = value.to_str().ok().and_then(|text| text.split_once(' '));
        let (scheme, token) = text.ok_or(Stranger::OtherScheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Stranger::OtherScheme);
        }
        let (token, credentials) = (token.trim(), self.credentials.now());
        if let Some((token, role)) = credentials.token(token) {
            let name = Some(token.reader.clone());
            return Ok(Caller { name, role, means: Means::Token });
        }
        let is_write_key =
            SecretKind::of(token) == Some(SecretKind::WriteKey) || credentials.key(token).is_some();
        Err(if is_write_key { Stranger::WriteKey } else { Stranger::UnknownToken })
    }

    /// Whoever the proxy lets in may read, and may do what the reader of the
    /// same name may.
    fn by_proxy(&self, headers: &HeaderMap) -> Option<Caller> {
        let mut values = headers.get_all(self.identity_header.as_ref()?).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        if value.as_bytes().trim_ascii().is_empty() {
            return None;
        }
        // Proxies name people in many ways, and any of them may read.
        let name = value.to_str().ok().and_then(|text| ReaderName::new(text.trim()).ok());
        let credentials = self.credentials.now();
        let known = name.as_ref().and_then(|name| credentials.reader(name.as_str()));
        let role = known.map_or(Role::Read, |reader| reader.role);
        Some(Caller { name, role, means: Means::Proxy })
    }

    fn by_sign_in(&self, text: &str, now: i64) -> Option<Caller> {
        let signed_in = self.sign_ins.find(SecretHash::of(text), now)?;
        let credentials = self.credentials.now();
        let reader = credentials.reader(signed_in.name.as_str())?;
        // With another password every earlier sign-in is over.
        (SecretHash::of(&reader.password) == signed_in.password).then(|| Caller {
            name: Some(reader.name.clone()),
            role: reader.role,
            means: Means::SignIn,
        })
    }
}
