//! The operating system, which OpenClacky takes from Ruby's `RbConfig`.

use headcount_catalog::{Platform, Words};

/// The field with `RbConfig::CONFIG["host_os"]`.
const FIELD: &str = "os";

/// Returns Ruby's name of the platform, without the C library, compiler or
/// version that `host_os` adds to it: `linux` for `linux-gnu`. `None` for
/// another field, and for a platform that is not in the list: its text stays.
pub(crate) fn platform_word(field: &str, text: &str) -> Option<&'static str> {
    let platform = if field == FIELD { Platform::of_host_os(text) } else { None };
    platform.map(|platform| platform.word(Words::Ruby))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_real_ruby_says_is_its_platform() {
        for (said, word) in [
            ("linux", "linux"),
            ("linux-gnu", "linux"),
            ("linux-gnueabihf", "linux"),
            ("linux-musl", "linux"),
            ("linux-android", "linux"),
            ("darwin23", "darwin"),
            ("darwin22.6.0", "darwin"),
            ("mingw32", "mingw32"),
            ("mingw-ucrt", "mingw32"),
            ("mswin64_140", "mingw32"),
            ("cygwin", "mingw32"),
            ("freebsd14.0", "freebsd"),
            ("openbsd7.4", "openbsd"),
            ("netbsd9.3", "netbsd"),
        ] {
            assert_eq!(platform_word("os", said), Some(word), "{said}");
        }
    }

    #[test]
    fn anything_else_stays_as_it_is() {
        for said in ["", "solaris2.11", "aix7.2.0.0", "Linux", "gnu-linux", "other"] {
            assert_eq!(platform_word("os", said), None, "{said}");
        }
        assert_eq!(platform_word("model", "linux-gnu"), None);
    }
}
