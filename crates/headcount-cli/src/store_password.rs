//! The password of a store, which is the first line of a file.

use std::fs;
use std::path::Path;

use headcount_collector::ClickHouseAddress;

/// The address with the password in `file`, if there is one.
///
/// # Errors
///
/// Why the file has none.
pub(crate) fn with_password(
    address: ClickHouseAddress,
    file: Option<&Path>,
) -> Result<ClickHouseAddress, String> {
    let Some(file) = file else { return Ok(address) };
    let text = fs::read_to_string(file)
        .map_err(|error| format!("cannot read the password in {}: {error}", file.display()))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(address.with_password(line)),
        _ => Err(format!("the first line of {} has no password", file.display())),
    }
}
