"""What an address and its headers say about a query, and who may ask."""

import base64
import dataclasses
import re

# Parameters of the HTTP interface itself. Everything else is a setting of the query.
OWN = {
    "query", "database", "default_format", "user", "password", "quota_key", "query_id", "compress", "decompress",
    "wait_end_of_query", "buffer_size", "session_id", "session_timeout", "session_check", "close_session", "role",
    "stacktrace", "client_protocol_version", "enable_http_compression",
}


class QueryOptions:
    def __init__(self, pairs, headers):
        told = dict(pairs)
        self.query = told.get("query", "").strip()
        self.database = told.get("database") or headers.get("X-ClickHouse-Database") or "default"
        self.format = told.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated"
        self.id = told.get("query_id", "")
        self.packs = told.get("compress") == "1"
        self.is_packed = told.get("decompress") == "1"
        self.zips = told.get("enable_http_compression") == "1" and "gzip" in headers.get("Accept-Encoding", "")
        self.parameters = {name[len("param_"):]: value for name, value in pairs if name.startswith("param_")}
        is_setting = lambda name: name not in OWN and not name.startswith("param_")
        self.settings = {name: value for name, value in pairs if is_setting(name)}
        self.user, self.password = self._who(told, headers)

    def take_form(self, content_type, body):
        """The fields of a multipart body: since 0.15.3 the client sends a query with parameters like this."""
        found = re.fullmatch(r"multipart/form-data; *boundary=\"?([^\";]+)\"?", content_type)
        fields = {}
        for part in body.split(b"--" + found[1].encode())[1:-1] if found else []:
            head, _, value = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]*)"', head)
            if name and value.endswith(b"\r\n"):
                fields[name[1].decode()] = value[:-2].decode()
        self.parameters.update({name[len("param_"):]: value for name, value in fields.items() if name.startswith("param_")})
        return fields

    @staticmethod
    def _who(told, headers):
        if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
            return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
        scheme, _, rest = headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            user, _, password = base64.b64decode(rest).decode().partition(":")
            return user, password
        return told.get("user", "default"), told.get("password", "")


@dataclasses.dataclass
class User:
    password: str
    is_reader: bool


class Users:
    def __init__(self, writers, readers):
        self._users = {}
        for texts, is_reader in ((writers, False), (readers, True)):
            for text in texts:
                name, _, password = text.partition(":")
                self._users[name] = User(password, is_reader)
        if not writers:
            self._users.setdefault("default", User("", False))

    def find(self, name, password):
        """The user, or None if there is none with this password."""
        user = self._users.get(name)
        return user if user and user.password == password else None
