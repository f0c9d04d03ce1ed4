"""An address in front of a node that stays when the node is started again elsewhere, and can be taken away."""

import socket
import threading


class Relay:
    """Passes connections on to `target()`. With two relays, one node has two addresses, as two hosts of the
    same data have."""

    def __init__(self, target):
        self.target, self.open, self.lock = target, set(), threading.Lock()
        self.listener = self.port = None
        self.up()

    def up(self):
        listener = socket.create_server(("127.0.0.1", self.port or 0), backlog=64)
        self.port, self.listener = listener.getsockname()[1], listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def down(self):
        """Nothing listens any more, and what is open is cut off."""
        listener, self.listener = self.listener, None
        # A thread that waits in accept() would keep the socket alive.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self.lock:
            for connection in self.open:
                close(connection)

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                host, port = self.target().split(":")
                node = socket.create_connection((host, int(port)), timeout=5)
                node.settimeout(None)
            except OSError:
                close(client)
                continue
            with self.lock:
                self.open |= {client, node}
            for one, other in ((client, node), (node, client)):
                threading.Thread(target=self.copy, args=(one, other), daemon=True).start()

    def copy(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        with self.lock:
            self.open -= {one, other}
        close(one)
        close(other)


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()
