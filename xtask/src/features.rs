//! The ways in which a package with features must compile: with none, and with
//! each alone.

use crate::metadata::Package;

/// What follows `cargo clippy`, one line for each way. A feature that leans on
/// another without saying so compiles beside it and not alone.
#[must_use]
pub fn feature_checks(packages: &[Package]) -> Vec<String> {
    let mut checks = Vec::new();
    for package in packages.iter().filter(|package| !package.features.is_empty()) {
        let none = format!("-p {} --no-default-features", package.name);
        checks.extend(package.features.iter().map(|name| format!("{none} --features {name}")));
        checks.push(none);
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_alone_and_none() {
        let package = |name: &str, features: &[&str]| Package {
            name: name.to_owned(),
            folder: String::new(),
            features: features.iter().map(|each| (*each).to_owned()).collect(),
            dependencies: Vec::new(),
        };
        assert_eq!(
            feature_checks(&[package("a", &["x", "y"]), package("b", &[])]),
            [
                "-p a --no-default-features --features x",
                "-p a --no-default-features --features y",
                "-p a --no-default-features",
            ]
        );
    }
}
