#!/usr/bin/python3
"""The front door: which TLS it speaks (sslscan against the list of BSI TR-02102-2), what every answer carries, that nothing is said in
clear, that a wrong certificate is named, and that a new one costs no connection. The judges are shown doors that fail.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import xml.etree.ElementTree

import place
from ports import free_port

ROUTES = place.instance.BUILD / "services/kartei-api"
PROTOCOLS = {"TLSv1.2", "TLSv1.3"}
SUITES = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256"}
GROUPS = {"secp384r1", "prime256v1", "secp256r1"}


def scanned(port):
    """What sslscan finds, as a list of faults."""
    text = subprocess.run(["sslscan", "--no-colour", "--show-times", "--xml=-", f"127.0.0.1:{port}"], check=True, capture_output=True, text=True, timeout=120).stdout
    test = xml.etree.ElementTree.fromstring(text).find("ssltest")
    faults = []
    for one in test.findall("protocol"):
        name = f"{one.get('type').upper().replace('TLS', 'TLSv')}{one.get('version')}"
        if one.get("enabled") == "1" and name not in PROTOCOLS:
            faults.append(f"protocol {name}")
    ciphers = [one for one in test.findall("cipher") if one.get("status") in ("accepted", "preferred")]
    faults += [f"suite {one.get('cipher')}" for one in ciphers if one.get("cipher") not in SUITES]
    faults += [f"group {one.get('name')}" for one in test.findall("group") if one.get("name").split()[0] not in GROUPS]
    faults += ["compression"] * any(one.get("supported") == "1" for one in test.findall("compression"))
    faults += ["insecure renegotiation"] * any(one.get("supported") == "1" and one.get("secure") != "1" for one in test.findall("renegotiation"))
    faults += ["heartbleed"] * any(one.get("vulnerable") == "1" for one in test.findall("heartbleed"))
    if not ciphers:
        faults.append("nobody speaks TLS")
    return faults


def judged(status, headers, page=False):
    """What an answer lacks."""
    lacks = []
    get = headers.get
    age = re.search(r"max-age=(\d+)", get("Strict-Transport-Security", ""))
    if not age or int(age[1]) < 31536000 or "includeSubDomains" not in headers["Strict-Transport-Security"]:
        lacks.append("HSTS of a year with subdomains")
    policy = get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy or "unsafe" in policy or "*" in policy:
        lacks.append(f"a strict content policy: {policy!r}")
    if "<" in policy or re.search(r"script-src (?!'self')", policy):
        lacks.append(f"scripts of its own site only: {policy!r}")
    for name, value in (("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin")):
        if get(name) != value:
            lacks.append(name)
    if "geolocation=()" not in get("Permissions-Policy", "") or "microphone=()" not in get("Permissions-Policy", ""):
        lacks.append("Permissions-Policy")
    if get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        lacks.append("Referrer-Policy")
    for cookie in headers.get_all("Set-Cookie") or []:
        if not re.match(r"__Host-", cookie) or not all(part in cookie for part in ("Secure", "HttpOnly", "SameSite", "Path=/")):
            lacks.append(f"cookie {cookie}")
    return lacks


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place.Place()
        cls.addClassCleanup(cls.place.__exit__)
        cls.place.up()
        cls.trust = ssl.create_default_context(cafile=str(cls.place.var / "tls/ca.crt"))

    def ask(self, method, path, headers=None, body=None):
        connection = http.client.HTTPSConnection("localhost", self.place.port, context=self.trust, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers
        finally:
            connection.close()

    def test_it_speaks_nothing_that_is_not_on_the_list(self):
        if not shutil.which("sslscan"):
            self.skipTest("sslscan is not installed")
        self.assertEqual(scanned(self.place.port), [])

    def test_the_judge_of_tls_convicts(self):
        if not shutil.which("sslscan"):
            self.skipTest("sslscan is not installed")
        with Loose(self.place, "ssl-min-ver TLSv1.0", "ALL:@SECLEVEL=0") as port:
            faults = scanned(port)
        for kind in ("protocol TLSv1.0", "suite", "group x25519"):
            self.assertTrue(any(one.lower().startswith(kind.lower()) for one in faults), (kind, faults[:9]))

    def test_every_answer_carries_what_protects_it(self):
        table = subprocess.run([ROUTES, "--document", "table"], check=True, capture_output=True, text=True).stdout
        asked = 0
        for line in table.splitlines():
            method, path = line.split("\t")[:2]
            real = path.replace("{id}", "01935a3e-7c1e-7000-8000-000000000001").replace("{n}", "1").replace("{token}", "A" * 43).replace("{slug}", "conflict")
            real = real.replace("{hash}", "0" * 20).replace("{path}", "x.js")
            for headers in ({}, {"Accept": "text/html"}, {"Cookie": "__Host-kartei=" + "A" * 43}):
                status, got = self.ask(method, real, headers)
                asked += 1
                with self.subTest(f"{method} {path} {status}"):
                    self.assertEqual(judged(status, got), [])
        for method, path, headers, body in (("GET", "/nothing", {}, None), ("PUT", "/v1/session", {}, None), ("POST", "/v1/session", {"Content-Type": "application/json"}, b"{"),
                                            ("POST", "/v1/session", {"Content-Type": "text/plain"}, b"x"), ("GET", "/v1/session?x=" + "y" * 9000, {}, None),
                                            ("GET", "/%00", {}, None), ("GET", "/", {"Accept": "text/html"}, None), ("OPTIONS", "/", {}, None)):
            status, got = self.ask(method, path, headers, body)
            asked += 1
            with self.subTest(f"{method} {path[:20]} {status}"):
                self.assertEqual(judged(status, got), [])
        self.assertGreater(asked, 250)
        print(json.dumps({"answers": asked, "without protection": 0}))

    def raw(self, data, patience=5):
        """What comes back for these bytes, before the door closes."""
        with socket.create_connection(("127.0.0.1", self.place.port), 5) as plain, self.trust.wrap_socket(plain, server_hostname="localhost") as tls:
            tls.settimeout(patience)
            tls.sendall(data)
            return b"".join(iter(lambda: tls.recv(65536), b""))

    def test_what_is_no_request_gets_no_page_without_protection(self):
        """A head that cannot be read, one that is too long, one that does not come to an end in ten seconds."""
        for data in (b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 20000 + b"\r\n\r\n",
                     b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", b"\x00" * 99):
            self.assertEqual(self.raw(data), b"", data[:20])
        self.assertEqual(self.raw(b"GET / HTTP/1.1\r\nHost: a\r\n", 20), b"")

    def test_the_door_speaks_for_a_service_that_is_away(self):
        pid = self.place.pid("kartei-api")
        os.kill(pid, signal.SIGSTOP)
        try:
            for _ in range(30):  # until the door has noticed
                connection = http.client.HTTPSConnection("localhost", self.place.port, context=self.trust, timeout=90)
                connection.request("GET", "/healthz")
                answer = connection.getresponse()
                said = json.loads(answer.read())
                connection.close()
                if answer.status == 503:
                    break
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assertEqual((answer.status, said["status"], answer.headers["Content-Type"]), (503, 503, "application/problem+json"))
        self.assertEqual(judged(answer.status, answer.headers), [])

    def test_the_revocation_list_is_there_and_its_certificate_holds(self):
        status, got = self.ask("GET", "/ca.crl")
        self.assertEqual((status, got["Content-Type"], judged(status, got)), (200, "application/pkix-crl", []))
        tls = self.place.var / "tls"
        self.assertIn(f"https://localhost:{self.place.port}/ca.crl", self.place.run("openssl", "x509", "-in", tls / "server.crt", "-noout", "-text").stdout)
        check = ("openssl", "verify", "-crl_check", "-CAfile", tls / "ca.crt", "-CRLfile", tls / "ca.crl.pem", tls / "server.crt")
        self.assertEqual(self.place.run(*check).returncode, 0)
        (tls / "ca.crl.pem").unlink()
        self.assertNotEqual(self.place.run(*check).returncode, 0, "control: without the list it is not checked")

    def test_the_judge_of_answers_convicts(self):
        bare = http.client.HTTPMessage()
        self.assertGreaterEqual(len(judged(200, bare)), 7)
        status, got = self.ask("GET", "/healthz")
        del got["Cross-Origin-Opener-Policy"]
        self.assertEqual(judged(status, got), ["Cross-Origin-Opener-Policy"])
        got["Set-Cookie"] = "kartei=1; Path=/"
        self.assertEqual(len(judged(status, got)), 2)

    def test_nothing_is_said_in_clear(self):
        with socket.create_connection(("127.0.0.1", self.place.port), 5) as plain:
            plain.sendall(b"POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            plain.settimeout(5)
            self.assertEqual(plain.recv(1024), b"")

    def test_a_new_certificate_costs_no_connection(self):
        failures, done, stop = [], [0], threading.Event()

        def load():
            while not stop.is_set():
                try:
                    status, _ = self.ask("GET", "/healthz")
                    done[0] += 1
                    if status != 200:
                        failures.append(status)
                except OSError as error:
                    failures.append(repr(error))
        crowd = [threading.Thread(target=load) for _ in range(4)]
        for one in crowd:
            one.start()
        reloads = 5
        for _ in range(reloads):
            self.assertEqual(self.place.kartei("up", "--reload").returncode, 0)
            time.sleep(1)
        stop.set()
        for one in crowd:
            one.join()
        self.assertEqual(failures, [])
        self.assertGreater(done[0], 20)
        print(json.dumps({"reloads": reloads, "requests": done[0], "failed": 0}))


class Plain(unittest.TestCase):
    """Port 80: nobody is there unless it is switched on, and then it shows the way and takes nothing."""

    @classmethod
    def setUpClass(cls):
        cls.place = place.Place()
        cls.addClassCleanup(cls.place.__exit__)
        cls.port = place.instance.free_port()
        cls.place.up(KARTEI_REDIRECT_LISTEN=f"127.0.0.1:{cls.port}")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def test_it_is_off_by_default(self):
        with place.Place() as quiet:
            quiet.up()
            config = (quiet.var / "haproxy.cfg").read_text()
        self.assertEqual([line.split()[1:3] for line in config.splitlines() if line.strip().startswith("bind")], [[f"127.0.0.1:{quiet.port}", "ssl"]])

    def test_it_shows_the_way_to_us_alone(self):
        us = f"https://localhost:{self.place.port}"
        for method, path in (("GET", "/"), ("GET", "/x?y=1"), ("HEAD", "/login/abc"), ("GET", "//evil.example/x"), ("GET", "/%0d%0aSet-Cookie:x=1")):
            status, headers, body = self.ask(method, path, headers={"Host": "evil.example"})
            self.assertEqual((status, headers["Location"], body), (308, us + path, b""))
            self.assertEqual([name for name in ("Strict-Transport-Security", "Set-Cookie") if name in headers], [])
        self.assertEqual(self.ask("GET", "http://evil.example/x")[1]["Location"], us + "/x")

    def test_it_takes_nothing(self):
        before = self.place.log().count("/sign-in")
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            status, headers, _ = self.ask(method, "/sign-in", b"email=a&password=b", {"Content-Type": "application/x-www-form-urlencoded"})
            self.assertEqual((status, "Location" in headers, "Strict-Transport-Security" in headers), (405, False, False), method)
        self.assertEqual(self.place.log().count("/sign-in"), before)

    def test_what_is_no_address_is_refused(self):
        with place.Place() as wrong:
            done = wrong.kartei("up", "--detach", "--no-demo", KARTEI_REDIRECT_LISTEN="*:80\n    use_backend x")
            self.assertEqual((done.returncode, "KARTEI_REDIRECT_LISTEN" in done.stderr), (2, True), done.stderr)


class Loose:
    """A door as nobody should have it, for the judge."""

    def __init__(self, where, options, ciphers):
        self.where, self.port = where, free_port()
        self.config = where.home / "loose.cfg"
        self.config.write_text(f"global\n    ssl-default-bind-options {options}\n    ssl-default-bind-ciphers {ciphers}\ndefaults\n    mode http\n    timeout client 9s\n"
                               f"    timeout connect 9s\n    timeout server 9s\nfrontend f\n    bind 127.0.0.1:{self.port} ssl crt {where.var}/tls/server.pem\n"
                               "    http-request return status 200\n", encoding="utf-8")
        self.config.chmod(0o644)

    def __enter__(self):
        self.process = subprocess.Popen([*place.instance.as_service_user(), "/usr/sbin/haproxy", "-db", "-q", "-f", str(self.config)], cwd="/",
                                        stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.port
            time.sleep(0.1)
        raise TimeoutError("the loose door does not open")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


class Given(unittest.TestCase):
    """Certificates that an operator brings, good and bad."""

    @classmethod
    def setUpClass(cls):
        cls.place = place.Place()
        cls.addClassCleanup(cls.place.__exit__)

    def made(self, name, host="localhost", days="30"):
        key, certificate = self.place.home / f"{name}.key", self.place.home / f"{name}.crt"
        more = ["-not_before", "20200101000000Z", "-not_after", "20200201000000Z"] if days == "ended" else []
        done = self.place.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=own", "-days",
                              "30" if days == "ended" else days, "-addext", f"subjectAltName=DNS:{host}", "-keyout", key, "-out", certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        if more:  # openssl 3.0 makes certificates that have ended through its small authority only
            self.age(key, certificate)
        return key, certificate

    def age(self, key, certificate):
        folder = self.place.home / "ca"
        self.place.run("mkdir", "-p", folder)
        config = folder / "ca.cnf"
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index\nserial={folder}/serial\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=p\n"
                          "copy_extensions=copy\n[p]\ncommonName=supplied\n", encoding="utf-8")
        (folder / "index").write_text("", encoding="utf-8")
        (folder / "serial").write_text("01\n", encoding="utf-8")
        for path in (config, folder / "index", folder / "serial"):
            place.instance.give_to_service_user(path)
        request = folder / "r.csr"
        self.place.run("openssl", "req", "-new", "-key", key, "-subj", "/CN=own", "-addext", "subjectAltName=DNS:localhost", "-out", request)
        done = self.place.run("openssl", "ca", "-batch", "-selfsign", "-config", config, "-keyfile", key, "-in", request, "-out", certificate, "-notext",
                              "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
        self.assertEqual(done.returncode, 0, done.stderr)

    def file(self, name, *parts):
        path = self.place.home / name
        path.write_text("".join(pathlib.Path(part).read_text() for part in parts), encoding="utf-8")
        path.chmod(0o644)
        return path

    def test_each_fault_has_its_sentence(self):
        key, certificate = self.made("good")
        other, foreign = self.made("other", host="karten.muster.example")
        old_key, old = self.made("old", days="ended")
        bundle = self.place.home / "good.pfx"
        done = self.place.run("openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", bundle, "-passout", "pass:geheim")
        self.assertEqual(done.returncode, 0, done.stderr)
        wrong = self.place.home / "wrong"
        wrong.write_text("falsch\n", encoding="utf-8")
        wrong.chmod(0o644)
        cases = ((self.file("a.pem", certificate), {}, "certificate and its key"), (self.file("b.pem", key), {}, "certificate and its key"),
                 (self.file("c.pem", certificate, other), {}, "not that of its certificate"), (self.file("d.pem", foreign, other), {}, "not for localhost"),
                 (self.file("e.pem", old, old_key), {}, "has ended"), (self.place.home / "none.pem", {}, "No such file"),
                 (bundle, {}, "KARTEI_TLS_PASSWORD_FILE"), (bundle, {"KARTEI_TLS_PASSWORD_FILE": str(wrong)}, "KARTEI_TLS_PASSWORD_FILE"))
        for path, more, sentence in cases:
            with self.subTest(path.name):
                done = self.place.kartei("up", "--detach", "--no-demo", KARTEI_TLS_PEM=str(path), **more)
                self.assertEqual((done.returncode, "KARTEI_TLS_PEM" in done.stderr, sentence in done.stderr), (2, True, True), done.stderr)
        right = self.place.home / "right"
        right.write_text("geheim\n", encoding="utf-8")
        right.chmod(0o644)
        self.place.up(KARTEI_TLS_PEM=str(bundle), KARTEI_TLS_PASSWORD_FILE=str(right))
        with socket.create_connection(("127.0.0.1", self.place.port), 10) as raw, \
                ssl.create_default_context(cafile=str(certificate)).wrap_socket(raw, server_hostname="localhost") as tls:
            self.assertEqual(tls.getpeercert()["subject"], ((("commonName", "own"),),))
        self.assertEqual((self.place.var / "tls/given.pem").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=2).result.wasSuccessful())
