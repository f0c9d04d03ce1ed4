//! The packages of the workspace as cargo sees them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// One package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Such as `headcount-wire`.
    pub name: String,
    /// Its folder relative to the root, with `/` between folders.
    pub folder: String,
    /// By name, without `default`.
    pub features: Vec<String>,
    /// Those of every platform, optional or not.
    pub dependencies: Vec<Dependency>,
}

/// One line of a package's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name, whatever the code calls it.
    pub name: String,
    /// What it is needed for.
    pub kind: Kind,
}

/// What a dependency is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To build the package, or in its build script.
    Build,
    /// In its tests, examples and benchmarks alone.
    Test,
}

/// Asks the cargo that runs this program, or the one on the path, for the
/// packages below `root`.
///
/// # Errors
///
/// When cargo cannot be run, or answers something else; the sentence says
/// which.
pub fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("`cargo metadata` cannot be run: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo metadata` failed: {}", said.trim()));
    }
    read(&output.stdout)
        .ok_or_else(|| "`cargo metadata` answered in a form unknown here".to_owned())
}

fn read(json: &[u8]) -> Option<Vec<Package>> {
    let metadata: Value = serde_json::from_slice(json).ok()?;
    let root = Path::new(metadata["workspace_root"].as_str()?);
    metadata["packages"].as_array()?.iter().map(|package| read_package(package, root)).collect()
}

fn read_package(package: &Value, root: &Path) -> Option<Package> {
    let manifest = Path::new(package["manifest_path"].as_str()?);
    let folder = manifest.parent()?.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = folder.iter().map(|part| part.to_str()).collect();
    let dependencies = package["dependencies"].as_array()?.iter().map(|dependency| {
        let kind = if dependency["kind"] == "dev" { Kind::Test } else { Kind::Build };
        Some(Dependency { name: dependency["name"].as_str()?.to_owned(), kind })
    });
    let features = package["features"].as_object()?.keys();
    Some(Package {
        features: features.filter(|name| *name != "default").cloned().collect(),
        name: package["name"].as_str()?.to_owned(),
        folder: parts?.join("/"),
        dependencies: dependencies.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_and_build_dependencies_are_one_kind_and_test_ones_another() {
        let json = br#"{"workspace_root": "/r", "packages": [{
            "name": "a", "manifest_path": "/r/crates/a/Cargo.toml",
            "features": {"default": ["x"], "x": ["dep:b"], "y": []}, "dependencies": [
                {"name": "b", "kind": null}, {"name": "c", "kind": "build"},
                {"name": "d", "kind": "dev"}]}]}"#;
        let dependency = |name: &str, kind| Dependency { name: name.to_owned(), kind };
        let package = Package {
            name: "a".to_owned(),
            folder: "crates/a".to_owned(),
            features: vec!["x".to_owned(), "y".to_owned()],
            dependencies: vec![
                dependency("b", Kind::Build),
                dependency("c", Kind::Build),
                dependency("d", Kind::Test),
            ],
        };
        assert_eq!(read(json), Some(vec![package]));
        assert_eq!(read(b"{}"), None);
    }

    #[test]
    fn a_folder_without_a_workspace_is_said_so() {
        let nowhere = packages(&std::env::temp_dir().join("no-such-folder-of-headcount"));
        assert!(nowhere.unwrap_err().starts_with("`cargo metadata` cannot be run"));
    }
}
