//! One row of the table of routes: a path, a method, and what it needs.

use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::app::App;
use crate::credentials::Role;

/// What a route needs from whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing: the answer is the same for everybody.
    Nothing,
    /// The write key of a product, where the dialect has it.
    WriteKey,
    /// A reader with at least this role.
    Role(Role),
}

/// Who looks at the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// A program.
    Program,
    /// A person with a browser, who is sent to the page to sign in.
    Person,
}

/// One route.
pub(crate) struct Row {
    pub(crate) path: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of every cell asks for it"))]
    pub(crate) method: MethodFilter,
    pub(crate) needs: Needs,
    pub(crate) face: Face,
    /// Takes requests of the method, and no others.
    pub(crate) handler: MethodRouter<Arc<App>>,
}

impl Row {
    /// A route for everybody.
    pub(crate) fn open<T: 'static>(
        method: MethodFilter,
        path: &'static str,
        handler: impl Handler<T, Arc<App>>,
    ) -> Self {
        Self::new(method, path, (Needs::Nothing, Face::Program), handler)
    }

    /// A route that takes a write key.
    pub(crate) fn write<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<App>>,
    ) -> Self {
        Self::new(MethodFilter::POST, path, (Needs::WriteKey, Face::Program), handler)
    }

    /// A route that programs read.
    pub(crate) fn read<T: 'static>(path: &'static str, handler: impl Handler<T, Arc<App>>) -> Self {
        Self::new(MethodFilter::GET, path, (Needs::Role(Role::Read), Face::Program), handler)
    }

    /// A page.
    pub(crate) fn page<T: 'static>(path: &'static str, handler: impl Handler<T, Arc<App>>) -> Self {
        Self::new(MethodFilter::GET, path, (Needs::Role(Role::Read), Face::Person), handler)
    }

    /// A form of a page, which changes something.
    pub(crate) fn form<T: 'static>(path: &'static str, handler: impl Handler<T, Arc<App>>) -> Self {
        Self::new(MethodFilter::POST, path, (Needs::Role(Role::Operate), Face::Person), handler)
    }

    /// A route that changes how the collector runs.
    pub(crate) fn operate<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<App>>,
    ) -> Self {
        Self::new(MethodFilter::POST, path, (Needs::Role(Role::Operate), Face::Program), handler)
    }

    fn new<T: 'static>(
        method: MethodFilter,
        path: &'static str,
        (needs, face): (Needs, Face),
        handler: impl Handler<T, Arc<App>>,
    ) -> Self {
        Self { path, method, needs, face, handler: on(method, handler) }
    }
}
