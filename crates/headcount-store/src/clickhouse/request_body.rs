//! What is sent: rows as they are, and a statement with its parameters as the
//! fields of a form. In a URL these would have to be short: 64 KiB are the most
//! that a client may send, and servers and proxies have limits of their own.
//!
//! Source: ClickHouse's documentation, "HTTP interface", where a query with
//! parameters is sent as `multipart/form-data`; the form itself is RFC 7578.

use std::borrow::Cow;

use super::Statement;

/// The body of a request, and its type.
pub(super) struct RequestBody<'b> {
    pub(super) content_type: Cow<'static, str>,
    pub(super) bytes: Cow<'b, [u8]>,
}

impl<'b> RequestBody<'b> {
    /// Rows that are inserted.
    pub(super) fn rows(bytes: &'b [u8]) -> Self {
        Self { content_type: "application/octet-stream".into(), bytes: bytes.into() }
    }

    /// A statement and its parameters.
    pub(super) fn form(statement: &Statement) -> Self {
        let boundary = boundary(statement);
        let mut body = String::with_capacity(statement.sql.len() + 1024);
        put(&mut body, &boundary, "query", &statement.sql);
        for (name, value) in &statement.parameters {
            put(&mut body, &boundary, &format!("param_{name}"), value);
        }
        body.push_str("--");
        body.push_str(&boundary);
        body.push_str("--\r\n");
        let content_type = format!("multipart/form-data; boundary={boundary}").into();
        Self { content_type, bytes: body.into_bytes().into() }
    }
}

fn put(body: &mut String, boundary: &str, name: &str, value: &str) {
    for piece in
        ["--", boundary, "\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n", value]
    {
        body.push_str(piece);
    }
    body.push_str("\r\n");
}

/// What no value has in it.
fn boundary(statement: &Statement) -> String {
    let mut boundary = "headcount".to_owned();
    let values = || statement.parameters.iter().map(|(_, value)| value).chain([&statement.sql]);
    while values().any(|value| value.contains(&boundary)) {
        boundary.push('-');
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_and_its_parameters_are_fields_and_no_value_ends_one() {
        let statement = Statement::new("SELECT {one:String} FROM headcount")
            .with("one", "--headcount-\r\nit's");
        let body = RequestBody::form(&statement);
        assert_eq!(body.content_type, "multipart/form-data; boundary=headcount--");
        let expected = "--headcount--\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n\
            SELECT {one:String} FROM headcount\r\n\
            --headcount--\r\nContent-Disposition: form-data; name=\"param_one\"\r\n\r\n\
            --headcount-\\r\\nit's\r\n\
            --headcount----\r\n";
        assert_eq!(String::from_utf8(body.bytes.into_owned()).expect("text"), expected);
    }
}
