"""A certificate authority of the suite's own, and a certificate of it for `localhost`."""

import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """`root` is what clients trust; `certificate` and `key` are the collector's."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.root, self.certificate = folder / "root.pem", folder / "certificate.pem"
        self.key = folder / "key.pem"
        openssl(
            "req", "-x509", *CURVE, "-days", "2", "-subj", "/CN=Authority of the suite",
            "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", folder / "root-key.pem", "-out", self.root,
        )
        openssl(
            "req", "-x509", *CURVE, "-days", "2", "-subj", "/CN=localhost",
            "-CA", self.root, "-CAkey", folder / "root-key.pem",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "keyUsage=critical,digitalSignature",
            "-addext", "extendedKeyUsage=serverAuth",
            "-keyout", self.key, "-out", self.certificate,
        )


def openssl(*words):
    """Runs it; what it said is the error."""
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(f"openssl {words[0]}: {done.stderr[-500:]}")
