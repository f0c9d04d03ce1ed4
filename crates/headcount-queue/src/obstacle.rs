//! What is at a path where the queue needs a regular file.

use std::fmt;

/// Something other than a regular file, such as "a folder". Carried by a
/// [`std::io::Error`].
#[derive(Debug)]
pub(crate) struct Obstacle(pub(crate) &'static str);

impl fmt::Display for Obstacle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl std::error::Error for Obstacle {}
