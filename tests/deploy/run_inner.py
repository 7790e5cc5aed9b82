#!/usr/bin/python3
"""The hops between hosts (T15): front door to API and API to database. Who shows no certificate, one of another authority, one that has ended,
was revoked or has another name, or who speaks TLS 1.2 or none at all, is refused, on either side; who is right gets through.
"""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import place
from place import instance

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
ENDED = "-startdate 20200101000000Z -enddate 20200201000000Z"


class Authority:
    """deploy/internal-ca in a folder that the service user may read."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o755)
        instance.give_to_service_user(self.folder)

    def run(self, *words, **more):
        done = subprocess.run([*instance.as_service_user(), str(place.SOURCE / "deploy/internal-ca"), *words], capture_output=True, text=True, cwd="/", timeout=60, check=False,
                              env={**os.environ, **more})
        assert done.returncode == 0, done.stderr

    def made(self, name, *hosts, **more):
        self.run(str(self.folder), name, *hosts, **more)
        return self.folder / f"{name}.pem"

    def revoked(self, name):
        self.made(name, "127.0.0.1", "localhost")
        self.run("--revoke", str(self.folder), name)
        return self.folder / f"{name}.revoked.pem"

    @property
    def ca(self):
        return self.folder / "ca.pem"

    @property
    def crl(self):
        return self.folder / "revoked.pem"


def setUpModule():
    global scratch, ours, theirs, CERTIFICATES
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kartei-inner-"))
    instance.give_to_service_user(scratch)
    scratch.chmod(0o755)
    unittest.addModuleCleanup(shutil.rmtree, scratch, ignore_errors=True)
    ours, theirs = Authority(scratch / "ours"), Authority(scratch / "theirs")
    here = ("localhost", "127.0.0.1")
    CERTIFICATES = {"revoked": ours.revoked("front-lost"), "right": ours.made("front", *here), "of another authority": theirs.made("front", *here),
                    "ended": ours.made("front-old", *here, KARTEI_CERT_DATES=ENDED), "of another name": ours.made("db", "elsewhere.internal"), "none": None}


class Door(unittest.TestCase):
    """kartei up with KARTEI_INNER_LISTEN."""

    @classmethod
    def setUpClass(cls):
        cls.place, cls.port = place.Place(), instance.free_port()
        cls.addClassCleanup(cls.place.__exit__)
        cls.settings = {"KARTEI_INNER_LISTEN": f"127.0.0.1:{cls.port}", "KARTEI_INNER_PEM": str(CERTIFICATES["right"]), "KARTEI_INNER_CA": str(ours.ca), "KARTEI_INNER_CRL": str(ours.crl)}
        cls.place.up(**cls.settings)

    def ask(self, certificate, version=None, headers=None, path="/v1/errors"):
        """Status, or None: the door did not let us speak."""
        context = ssl.create_default_context(cafile=str(ours.ca))
        if version:
            context.maximum_version = version
        if certificate:
            context.load_cert_chain(certificate)
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=20)
        try:
            connection.request("GET", path, headers={"X-Forwarded-For": "198.51.100.7"} if headers is None else headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def test_only_the_right_one_speaks(self):
        said = {name: self.ask(certificate) for name, certificate in CERTIFICATES.items()}
        said["TLS 1.2"] = self.ask(CERTIFICATES["right"], ssl.TLSVersion.TLSv1_2)
        with socket.create_connection(("127.0.0.1", self.port), 5) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            said["in clear"] = plain.recv(99) or None
        self.assertEqual(said, {"right": 200, "none": None, "of another authority": None, "ended": None, "revoked": None, "of another name": 403, "TLS 1.2": None, "in clear": None})
        print(json.dumps({"front door to API": said}))

    def test_whom_it_speaks_for_has_to_be_said(self):
        self.assertEqual(self.ask(CERTIFICATES["right"], headers={}), 403)
        self.assertEqual(self.ask(CERTIFICATES["right"], headers={}, path="/healthz"), 200)

    def test_it_does_not_open_with_half_of_its_settings(self):
        with place.Place() as other:
            for missing in ("KARTEI_INNER_PEM", "KARTEI_INNER_CA", "KARTEI_INNER_CRL"):
                done = other.kartei("up", "--detach", "--no-demo", **{**self.settings, "KARTEI_INNER_LISTEN": f"127.0.0.1:{instance.free_port()}", missing: ""})
                self.assertEqual((done.returncode, missing in done.stderr), (2, True), done.stderr)


class Database(unittest.TestCase):
    """PostgreSQL by TCP, hostssl with client certificates, and `kartei admin` as the client."""

    @classmethod
    def setUpClass(cls):
        cls.folder = scratch / "pg"
        cls.own("initdb", "-D", cls.folder, "-U", "kartei", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        # The common name of a certificate says which role it may be.
        (cls.folder / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 cert map=inside clientcert=verify-full\n", encoding="ascii")
        (cls.folder / "pg_ident.conf").write_text("inside front kartei_app\ninside front-old kartei_app\ninside front-lost kartei_app\n", encoding="ascii")
        cls.key = scratch / "master.key"
        cls.key.write_bytes(os.urandom(32))
        cls.key.chmod(0o400)
        (scratch / "blobs").mkdir(exist_ok=True)
        for path in (cls.key, scratch / "blobs"):
            instance.give_to_service_user(path)
        cls.servers = []
        cls.addClassCleanup(lambda: [cls.stop() for _ in list(cls.servers)])
        cls.port = cls.serve(CERTIFICATES["right"])
        done = cls.kartei("migrate", KARTEI_MIGRATE_URL=f"host={scratch} user=kartei dbname=postgres port={cls.port}")
        assert done.returncode == 0, done.stderr

    @classmethod
    def own(cls, program, *words):
        return subprocess.run([*instance.as_service_user(), str(POSTGRES / program), *map(str, words)], check=True, capture_output=True, text=True, cwd="/", timeout=60)

    @classmethod
    def serve(cls, certificate, **more):
        """The database anew, with that certificate; its port."""
        if cls.servers:
            cls.stop()
        port = instance.free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": scratch, "fsync": "off", "ssl": "on" if certificate else "off", "ssl_ca_file": ours.ca,
                    "ssl_crl_file": ours.crl, "ssl_min_protocol_version": "TLSv1.3", **({"ssl_cert_file": certificate, "ssl_key_file": certificate} if certificate else {}), **more}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(scratch / "pg.log", "ab") as log:
            cls.servers.append(subprocess.Popen([*instance.as_service_user(), str(POSTGRES / "postgres"), "-D", str(cls.folder), *words], stdout=log, stderr=log, cwd="/"))
        for _ in range(200):
            if subprocess.run([POSTGRES / "pg_isready", "-q", "-h", scratch, "-p", str(port)], check=False).returncode == 0:
                return port
            cls.servers[-1].poll()
            time.sleep(0.1)
        raise TimeoutError((scratch / "pg.log").read_text()[-2000:])

    @classmethod
    def stop(cls):
        cls.servers[-1].send_signal(signal.SIGINT)
        cls.servers.pop().wait(30)

    @classmethod
    def kartei(cls, *words, **more):
        return subprocess.run([*instance.as_service_user(), str(place.KARTEI), *words], capture_output=True, text=True, cwd="/", timeout=60, check=False,
                              env={**os.environ, "HOME": str(scratch), "KARTEI_VAR": str(scratch), "KARTEI_MASTER_KEY_FILE": str(cls.key), **more})

    def through(self, certificate, port, more=""):
        """Whether a program reaches the database."""
        own = f" sslcert={certificate} sslkey={certificate}" if certificate else " sslcert=/none sslkey=/none"
        url = f"host=127.0.0.1 port={port} user=kartei_app dbname=postgres sslrootcert={ours.ca} sslcrl={ours.crl}{own} {more}"
        done = self.kartei("admin", "list-orgs", KARTEI_DATABASE_URL=url)
        self.assertTrue(done.returncode == 0 or "connect: " in done.stderr, done.stderr)
        return done.returncode == 0

    def test_1_only_the_right_client_gets_through(self):
        said = {name: self.through(certificate, self.port) for name, certificate in CERTIFICATES.items()}
        said["TLS 1.2"] = self.through(CERTIFICATES["right"], self.port, "ssl_max_protocol_version=TLSv1.2")
        said["asked for no TLS"] = self.through(CERTIFICATES["right"], self.port, "sslmode=disable")
        self.assertEqual(said, {**dict.fromkeys(CERTIFICATES, False), "right": True, "TLS 1.2": False, "asked for no TLS": True})
        print(json.dumps({"API to database, client": said}), "(no TLS cannot be asked for: verify-full holds whatever the address says)")

    def test_2_only_the_right_server_is_spoken_to(self):
        said = {}
        for name, certificate in CERTIFICATES.items():
            said[name] = self.through(CERTIFICATES["right"], self.serve(certificate))
        said["TLS 1.2"] = self.through(CERTIFICATES["right"], self.serve(CERTIFICATES["right"], ssl_min_protocol_version="TLSv1.2", ssl_max_protocol_version="TLSv1.2"))
        self.assertEqual(said, {**dict.fromkeys(CERTIFICATES, False), "right": True, "TLS 1.2": False})
        # Control: the database itself would have let each of them speak, in clear or by less.
        self.assertTrue(self.own("psql", "-qXtA", "-c", "select 1", f"host={scratch} port={self.serve(None)} user=kartei dbname=postgres").stdout)
        print(json.dumps({"API to database, server": said}))


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=2).result.wasSuccessful())
