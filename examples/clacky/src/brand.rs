//! The brand under which somebody else gives OpenClacky away, as
//! `~/.clacky/brand.yml` has it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use crate::telemetry::Brand;

/// The file, below the home.
const FILE: &str = ".clacky/brand.yml";

/// Most bytes of it that are read: a dozen lines with addresses in them.
const FILE_BYTES: u64 = 64 * 1024;

/// The name that a person sees. Without it nothing is branded.
const PRODUCT: &str = "product_name";

/// The name of the package, which alone is reported.
const PACKAGE: &str = "package_name";

/// The brand of this installation; `None` if it has none, or the file cannot
/// be read.
pub(crate) fn load(home: Option<&Path>) -> Option<Brand> {
    let path = home?.join(FILE);
    // Opening a pipe would wait for somebody who writes to it.
    if !fs::metadata(&path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(FILE_BYTES).read_to_string(&mut text).ok()?;
    brand(&text)
}

/// The word of the catalog for the package; a package that it does not name is
/// only `branded`.
fn brand(text: &str) -> Option<Brand> {
    scalar(text, PRODUCT)?;
    scalar(text, PACKAGE).map(Brand::of)
}

/// The text of a key at the top of a YAML file, unless it is empty. The file is
/// the product's own and has nothing but such lines.
fn scalar<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?.trim();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        '#' => return None,
        _ => value.split(" #").next()?,
    };
    Some(value.trim()).filter(|value| !matches!(*value, "" | "~" | "null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_is_its_package_and_only_if_it_is_named() {
        for (text, expected) in [
            (
                "product_name: \"Class\"\npackage_name: \"clacky-education\"\n",
                Some(Brand::ClackyEducation),
            ),
            (
                "---\npackage_name: clacky-enterprise # ours\nproduct_name: 'Big'\n",
                Some(Brand::ClackyEnterprise),
            ),
            ("product_name: Mine\npackage_name: my-own-name\n", Some(Brand::Branded)),
            ("package_name: clacky-education\n", None),
            ("product_name: \" \"\npackage_name: clacky-education\n", None),
            ("product_name: null\npackage_name: clacky-education\n", None),
            ("product_name: Mine\n", None),
            ("product_name: Mine\npackage_name: ~\n", None),
            ("product_name: Mine\npackage_name: # none\n", None),
            ("a:\n  product_name: Mine\n  package_name: clacky-education\n", None),
            ("", None),
            ("product_name", None),
            ("product_name: \"\npackage_name: '", None),
        ] {
            assert_eq!(brand(text), expected, "{text}");
        }
    }

    #[test]
    fn without_a_home_there_is_no_brand() {
        assert_eq!(load(None), None);
    }
}
