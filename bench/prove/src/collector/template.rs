//! A request that is sent many times, with other ids each time.

use headcount_wire::Post;

use super::form::{DEVICE_MARK, EVENT_MARK};
use super::fresh::{Fresh, UUID_BYTES};
use crate::Fault;

/// The bytes of a request, and where its ids are.
#[derive(Debug)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    events: Vec<usize>,
    devices: Vec<usize>,
    body: usize,
}

impl Template {
    /// The request for a path.
    ///
    /// # Errors
    ///
    /// The body has no place for an id.
    pub(crate) fn new(path: &str, post: &Post) -> Result<Self, Fault> {
        let mut head = format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
        for (name, value) in &post.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", post.body.len()));
        let body = head.len();
        let bytes = [head.as_bytes(), &post.body].concat();
        let events = places(&bytes, EVENT_MARK);
        let devices = places(&bytes, DEVICE_MARK);
        if events.is_empty() {
            return Err(format!("a body for {path} has no place for an event's id").into());
        }
        Ok(Self { bytes, events, devices, body })
    }

    /// How many events it has.
    pub(crate) fn events(&self) -> usize {
        self.events.len()
    }

    /// The bytes of its body.
    pub(crate) fn body_bytes(&self) -> usize {
        self.bytes.len() - self.body
    }

    /// Writes it with new ids into `request`.
    pub(crate) fn write(&mut self, fresh: &mut Fresh, request: &mut Vec<u8>) {
        for at in &self.events {
            fresh.write_event(&mut self.bytes[*at..*at + UUID_BYTES]);
        }
        for at in &self.devices {
            fresh.write_device(&mut self.bytes[*at..*at + UUID_BYTES]);
        }
        request.clear();
        request.extend_from_slice(&self.bytes);
    }
}

/// The body of a request.
pub(crate) fn body(request: &[u8]) -> &[u8] {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.map_or(&[], |end| &request[end + 4..])
}

fn places(bytes: &[u8], mark: &str) -> Vec<usize> {
    let mark = mark.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at + mark.len() <= bytes.len() {
        if bytes[at..].starts_with(mark) {
            found.push(at);
            at += mark.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Time;

    use super::super::form::Form;
    use super::super::fresh::Devices;
    use super::*;

    #[test]
    fn every_form_has_one_id_and_one_device_an_event() {
        let now = Time::from_seconds(1_795_218_080);
        for form in Form::ALL {
            let mut fresh = Fresh::new(now.day(), Devices::Pool);
            let posts = form.posts((7, 2), (now, now), &mut fresh).unwrap();
            for post in posts {
                let mut template = Template::new(form.path(), &post).unwrap();
                assert_eq!(template.events(), 7, "{form:?}");
                assert_eq!(template.devices.len(), 7, "{form:?}");
                let mut request = Vec::new();
                template.write(&mut fresh, &mut request);
                let text = String::from_utf8_lossy(&request);
                assert!(!text.contains(EVENT_MARK) && !text.contains(DEVICE_MARK), "{text}");
                assert_eq!(body(&request).len(), template.body_bytes());
            }
        }
    }
}
