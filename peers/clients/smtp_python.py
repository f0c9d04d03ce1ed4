"""A relay that takes e-mail over TLS alone, from one user alone: a line with its port, then a line for each message."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Kept:
    """Tells of each message, with what the connection was."""

    async def handle_DATA(self, server, session, envelope):
        """A message as it arrived."""
        print(json.dumps({
            "cipher": server.transport.get_extra_info("cipher"),
            "authenticated": session.authenticated,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "content": envelope.original_content.decode("ascii"),
        }), flush=True)
        return "250 taken"


async def main(task):
    """Serves until standard input ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(task["certificate"], task["key"])
    begins_with_tls = task["begins_with_tls"]

    def authenticate(_server, _session, _envelope, _mechanism, data):
        is_known = (data.login.decode(), data.password.decode()) == (task["user"], task["password"])
        return AuthResult(success=is_known, handled=False)

    def relay():
        # It knows of TLS that it was asked for, and not of TLS that came first.
        own = {} if begins_with_tls else {"tls_context": context, "require_starttls": True}
        return SMTP(
            Kept(), hostname="relay.example", authenticator=authenticate, auth_required=True,
            auth_require_tls=not begins_with_tls, **own,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(relay, "127.0.0.1", 0, ssl=context if begins_with_tls else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main(json.loads(sys.stdin.readline())))
