//! A filter by the values of a column.

/// What the value of a column must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFilter {
    /// The column's name. A column that is not counted by value has no value.
    pub column: String,
    /// One of these, as rows show them; the empty text stands for events
    /// without a value. Of an event with several values, one is enough.
    pub values: Vec<String>,
}
