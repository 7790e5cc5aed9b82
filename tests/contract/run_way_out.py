#!/usr/bin/python3
"""run_way_out.py DRIVE: what the way out does with servers that it must not trust, redirects, and dying connections.

Servers on loopback with certificates made here. A server counts the bytes it can read after the handshake: a password
must never reach one that is not who it says.
"""
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from peers import Drive  # noqa: E402

DRIVE = None
BOOK = (b'<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop><resourcetype><C:addressbook '
        b'xmlns:C="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat>'
        b"</response></multistatus>")
GOOD = b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(BOOK) + BOOK


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificate(folder, name, subject_name, ca, *, not_after=None):
    """A key and a certificate for an address or a name, signed by the CA."""
    openssl(folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=test")
    (folder / f"{name}.ext").write_text(f"subjectAltName={subject_name}\nextendedKeyUsage=serverAuth\n", encoding="utf-8")
    if not_after:
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial",
                "-days", str(not_after), "-extfile", f"{name}.ext", "-out", f"{name}.pem")


def authority(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            f"{name}.key", "-out", f"{name}.pem", "-days", "30", "-subj", f"/CN={name}")


class TlsServer:
    def __init__(self, folder, name, answer=GOOD, version=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
        if version:
            self.context.set_ciphers("ALL:@SECLEVEL=0")
            self.context.minimum_version = ssl.TLSVersion.TLSv1
            self.context.maximum_version = version
        self.answer, self.read, self.connections = answer, b"", 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with client:
                client.settimeout(5)
                try:
                    with self.context.wrap_socket(client, server_side=True) as tls:
                        while b"\r\n\r\n" not in self.read:
                            chunk = tls.recv(65536)
                            if not chunk:
                                break
                            self.read += chunk
                        if self.read:
                            tls.sendall(self.answer)
                except OSError:
                    pass


class LosingServer:
    """Keeps the connection after a reading request, and closes it without an answer when a writing one has arrived."""

    CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Anna Alt\r\nN:Alt;Anna;;;\r\nEND:VCARD\r\n"

    def __init__(self):
        self.reads = self.writes = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, client.makefile("rb") as lines:
            while head := lines.readline():
                length = 0
                while (line := lines.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                lines.read(length)
                if head.startswith(b"PUT"):
                    self.writes += 1
                    return
                self.reads += 1
                client.sendall(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: text/vcard\r\nContent-Length: %d\r\n\r\n'
                               % len(self.CARD) + self.CARD)


class Once(unittest.TestCase):
    def test_a_write_on_a_connection_that_dies_is_not_sent_again(self):
        server = LosingServer()
        drive = Drive(DRIVE, f"127.0.0.1:{server.port}")
        before = {"given_name": "Anna", "family_name": "Alt"}
        for _ in range(3):
            result = drive.call("carddav", "update", settings={"url": f"http://127.0.0.1:{server.port}/", "user": "anna"},
                                secret={"password": "x"}, remote_id="1.vcf", version='"1"', before=before,
                                after={**before, "family_name": "Neu"})
            self.assertEqual(result.get("outcome"), "uncertain", result)
        self.assertEqual((server.reads, server.writes), (3, 3))
        drive.close()
        server.listener.close()


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="kartei-tls-")
        cls.folder = folder = pathlib.Path(cls.temporary.name)
        authority(folder, "ca")
        authority(folder, "other")
        certificate(folder, "good", "IP:127.0.0.1", "ca", not_after=20)
        certificate(folder, "wronghost", "DNS:crm.example.com,IP:127.0.0.2", "ca", not_after=20)
        certificate(folder, "wrongca", "IP:127.0.0.1", "other", not_after=20)
        certificate(folder, "expired", "IP:127.0.0.1", "ca", not_after=-1)
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "selfsigned.key", "-out", "selfsigned.pem", "-days", "30", "-subj", "/CN=127.0.0.1", "-addext",
                "subjectAltName=IP:127.0.0.1")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def ask(self, server, ca_file="ca.pem", extra=""):
        drive = Drive(DRIVE, f"127.0.0.1:{server.port} {extra}", str(self.folder / ca_file) if ca_file else None)
        try:
            return drive.call("carddav", "test", settings={"url": f"https://127.0.0.1:{server.port}/", "user": "anna"},
                              secret={"password": "canary-4711"})
        finally:
            drive.close()
            server.listener.close()

    def assert_refused(self, server, **options):
        result = self.ask(server, **options)
        self.assertEqual((result.get("outcome"), result.get("not_sent")), ("down", True), result)
        self.assertEqual(server.read, b"", "it learned something")
        self.assertGreaterEqual(server.connections, 1, "nobody asked it")

    def test_a_server_that_our_authority_signed_is_trusted(self):
        server = TlsServer(self.folder, "good")
        self.assertEqual(self.ask(server).get("outcome"), "found")
        self.assertIn(b"Authorization: Basic", server.read)

    def test_tls_1_2_is_enough(self):
        server = TlsServer(self.folder, "good", version=ssl.TLSVersion.TLSv1_2)
        self.assertEqual(self.ask(server).get("outcome"), "found")

    def test_without_the_operators_authority_it_is_not(self):
        self.assert_refused(TlsServer(self.folder, "good"), ca_file=None)

    def test_wrong_host_is_refused(self):
        self.assert_refused(TlsServer(self.folder, "wronghost"))

    def test_wrong_authority_is_refused(self):
        self.assert_refused(TlsServer(self.folder, "wrongca"))

    def test_expired_is_refused(self):
        self.assert_refused(TlsServer(self.folder, "expired"))

    def test_self_signed_is_refused(self):
        self.assert_refused(TlsServer(self.folder, "selfsigned"))

    def test_tls_1_1_is_refused(self):
        server = TlsServer(self.folder, "good", version=ssl.TLSVersion.TLSv1_1)
        careless = ssl._create_unverified_context()  # the control: whoever does not mind can talk to it
        careless.set_ciphers("ALL:@SECLEVEL=0")
        careless.minimum_version = ssl.TLSVersion.TLSv1
        with careless.wrap_socket(socket.create_connection(("127.0.0.1", server.port))) as tls:
            self.assertEqual(tls.version(), "TLSv1.1")
        self.assert_refused(server)

    def test_redirects_are_not_followed_and_carry_nothing_along(self):
        target = TlsServer(self.folder, "good")
        for status in (301, 302, 303, 307, 308):
            answer = f"HTTP/1.1 {status} Moved\r\nLocation: https://127.0.0.1:{target.port}/\r\nContent-Length: 0\r\n\r\n"
            server = TlsServer(self.folder, "good", answer.encode())
            result = self.ask(server, extra=f"127.0.0.1:{target.port}")
            self.assertEqual(result.get("outcome"), "rejected", result)
        self.assertEqual(target.connections, 0)
        target.listener.close()

    def test_proxies_of_the_environment_are_not_used(self):
        import os
        trap = TlsServer(self.folder, "good")
        names = ("http_proxy", "https_proxy", "ALL_PROXY")
        old = {name: os.environ.get(name) for name in names}
        os.environ.update({name: f"http://127.0.0.1:{trap.port}" for name in names})
        try:
            self.assertEqual(self.ask(TlsServer(self.folder, "good")).get("outcome"), "found")
        finally:
            for name, text in old.items():
                os.environ.pop(name) if text is None else os.environ.update({name: text})
        self.assertEqual(trap.connections, 0)
        trap.listener.close()


def main():
    global DRIVE
    DRIVE = sys.argv[1]
    program = unittest.main(argv=sys.argv[:1] + sys.argv[2:], exit=False, verbosity=2, warnings="ignore")  # old TLS is deprecated: that is what is tested
    return 0 if program.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
