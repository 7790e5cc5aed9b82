#!/usr/bin/python3
"""Kartei's own mail: a mail server with any fault of its certificate, an old protocol, or a STARTTLS that was stripped, refused, pretended or
slipped something in is told neither the password nor a word of the mail. A good one is told both."""
import base64
import json
import os
import pathlib
import shutil
import ssl
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http")]
from doors import Certificates, Post  # noqa: E402
from server import ORIGIN, Server, service_user, wait_until  # noqa: E402

PASSWORD = "quendelbach-of-the-mail-server"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


def doors(folder):
    """{name: (security, server)}; those named good are."""
    made = Certificates(folder)
    leaf = {"self-signed": made.self_signed("self"), "of another name": made.leaf("name", host="mail.other.example"), "ended": made.leaf("old", begin="-30", end="-1"),
            "not yet valid": made.leaf("early", begin="+2")}
    good = made.leaf("good")
    found = {}
    for security in ("tls", "starttls"):
        for name, pem in leaf.items():
            found[f"{security}: {name}"] = security, Post(pem, security)
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            found[f"{security}: {version.name}"] = security, Post(good, security, version=version)
        found[f"{security}: good"] = security, Post(good, security)
    for how in ("stripped", "refused", "pretended"):
        found[f"starttls: {how}"] = "starttls", Post(good, how)
    found["starttls: answers slipped in"] = "starttls", Post(good, "starttls", injected=b"250-test\r\n250 AUTH PLAIN\r\n235 in\r\n250 fine\r\n")
    found["tls: none spoken"] = "tls", Post(good, "stripped")
    return found


class Faults(unittest.TestCase):
    def sent(self, security, door):
        """All that the server was told, once it has been tried."""
        server.sql("delete from kartei.jobs; delete from kartei.throttles")
        answer = server.client().request("POST", "/sign-in/link", b"email=user%40one.example", FORM)
        self.assertEqual(answer.status, 200, answer.data)
        server.settings |= {"KARTEI_SMTP_PORT": str(door.port), "KARTEI_SMTP_SECURITY": security}
        worker = server.start("worker", server.build / "services/kartei-worker")
        try:
            wait_until(lambda: int(server.sql("select count(*) from kartei.jobs where state not in ('queued', 'running') or attempt > 0 and state = 'queued'")), 40)
        finally:
            worker.terminate()
            worker.wait(30)
        with door.lock:
            return b"".join(door.said)

    def test_nobody_with_a_fault_is_told_anything(self):
        told = {}
        for name, (security, door) in doors_by_name.items():
            said = self.sent(security, door)
            told[name] = b"AUTH" in said or b"Subject" in said
            self.assertTrue(door.met, f"{name}: it was never tried")
            if name.endswith("good"):  # control: the judge would see the secret and the mail
                self.assertIn(base64.b64encode(f"\0kartei@test.example\0{PASSWORD}".encode()), said)
                self.assertIn(b"Subject:", said)
        self.assertEqual({name for name, was in told.items() if was}, {"tls: good", "starttls: good"}, "those that are told, and no others")
        print(json.dumps({"mail servers with a fault": len(told) - 2, "told something": 0}))


if __name__ == "__main__":
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kartei-post-"))
    scratch.chmod(0o755)
    doors_by_name = doors(scratch / "ca")
    (scratch / "password").write_text(PASSWORD + "\n", encoding="ascii")
    (scratch / "password").chmod(0o600)
    if user := service_user():
        os.chown(scratch / "password", user.pw_uid, user.pw_gid)
    with Server(settings={"KARTEI_SMTP_HOST": "localhost", "KARTEI_SMTP_PORT": "1", "KARTEI_SMTP_USER": "kartei@test.example", "KARTEI_SMTP_PASSWORD_FILE": str(scratch / "password"),
                          "KARTEI_SMTP_FROM": "kartei@test.example", "KARTEI_CA_FILE": str(scratch / "ca/ca.pem"),
                          "KARTEI_EGRESS_ALLOW_PRIVATE": ",".join(f"localhost:{door.port}" for _, door in doors_by_name.values()) + ",localhost:1"}) as server:
        outcome = unittest.main(exit=False).result
    shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(not outcome.wasSuccessful())
