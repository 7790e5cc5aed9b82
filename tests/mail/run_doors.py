#!/usr/bin/python3
"""Who is let in and whom we let near credentials: OAuth tokens by XOAUTH2 and OAUTHBEARER at a real Dovecot, certificates with faults, a
STARTTLS that was stripped, and servers that cannot sign anybody in at present."""
import pathlib
import shutil
import ssl
import sys
import tempfile
import time
import unittest
import urllib.parse

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "servers"), str(TESTS / "oauth")]
from doors import Certificates, Door, Upgrade  # noqa: E402
from mail_servers import SCOPE, Dovecot, jwt  # noqa: E402
from mails import mail, person  # noqa: E402
from provider import CLIENT, SECRET, Provider  # noqa: E402
from world import World, wait_for  # noqa: E402

SHORT = 21  # seconds; a token that is younger than 20 is not renewed because one server refuses it
BROWSER = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site", "accept": "text/html"}


class Login(Provider):
    """Hands out tokens that Dovecot checks by itself; `good` for so many seconds, which it need not say."""

    good, user = 3600, "anna@test.example"

    def fresh(self, kind):
        return jwt(self.user, self.good) if kind == "access" else super().fresh(kind)


def check(mailbox):
    """A person asks for a look."""
    status, _, said = world.anna.post(f"/v1/mailboxes/{mailbox['id']}/check")
    assert status == 202, said


class Tokens(unittest.TestCase):
    """Tokens that live for SHORT seconds, though the provider says an hour."""

    def connect(self, server):
        form = {"kind": "imap_oauth", "list_id": world.list, "secret": {"client_secret": SECRET},
                "settings": {"address": "anna@test.example", "host": "localhost", "port": str(server.imaps), "security": "tls", "scope": SCOPE,
                             "authorize": login.settings()["authorize"], "token": login.settings()["token"], "client_id": CLIENT}}
        status, _, mailbox = world.anna.post("/v1/mailboxes", form)
        self.assertEqual(201, status, mailbox)
        status, _, consent = world.anna.request("POST", f"/v1/mailboxes/{mailbox['id']}/authorize")
        self.assertEqual(200, status, consent)
        address, given = login.consent(consent["url"])
        status, _, page = world.anna.request("GET", f"{urllib.parse.urlsplit(address).path}?{urllib.parse.urlencode(given)}", headers=BROWSER)
        self.assertEqual(200, status, page)
        return mailbox

    def remove(self, mailbox):
        world.anna.request("DELETE", f"/v1/mailboxes/{mailbox['id']}", None, {"If-Match": f'"v{world.get(mailbox)["version"]}"'})

    def state(self, mailbox):
        return world.get(mailbox)["health"]["state"]

    def sign_in(self, mechanism, n):
        """(mailbox, when its token was given): a mail has become a suggestion."""
        server, who = servers[mechanism], person(700 + n)
        login.good, login.user = SHORT, "anna@test.example"
        login.counts.clear()
        mailbox, begun = self.connect(server), time.monotonic()
        wait_for(lambda: world.get(mailbox)["checked_at"])
        server.deliver("anna@test.example", mail(700 + n, who))
        wait_for(lambda: [c for c in world.contacts() if any(e["value"] == who["email"] for e in c["contact"]["emails"])])
        self.assertRegex(server.log, rf"(?i)Login: user=<anna@test\.example>, method={mechanism}")
        self.assertEqual(0, login.counts["refresh_token"])
        return mailbox, begun

    def test_xoauth2_and_tokens_that_run_out(self):
        mailbox, begun = self.sign_in("xoauth2", 1)
        # The server finds the token run out, though nobody had said that it is so short-lived: it is renewed once, and the look goes on.
        self.run_out(begun)
        before, begun = world.get(mailbox)["checked_at"], time.monotonic()
        check(mailbox)
        wait_for(lambda: world.get(mailbox)["checked_at"] > before)
        self.assertEqual((1, "ok"), (login.counts["refresh_token"], self.state(mailbox)))
        # It takes no token at all: after one renewal the owner is asked, and it stays at that.
        login.user = "nobody@test.example"
        login.counts.clear()
        self.run_out(begun)
        check(mailbox)
        wait_for(lambda: self.state(mailbox) == "reauthorise")
        time.sleep(3)
        self.assertEqual(1, login.counts["refresh_token"])
        self.remove(mailbox)

    @staticmethod
    def run_out(begun):
        time.sleep(max(0, begun + SHORT + 2 - time.monotonic()))

    def test_oauthbearer(self):
        self.remove(self.sign_in("oauthbearer", 2)[0])


class Faults(unittest.TestCase):
    """Nobody with a fault is told a password."""

    def refused(self, door, security, slug, *words):
        status, _, said = world.anna.post("/v1/mailboxes", world.form(port=str(door.port), security=security))
        self.assertEqual(slug, said.get("type", "").rsplit("/", 1)[-1], said)
        self.assertGreaterEqual(status, 400)
        for word in words:
            self.assertIn(word, said["detail"])
        return said

    def test_certificates(self):
        for name, door in faulty.items():
            with self.subTest(name):
                said = self.refused(door, "tls", "mailbox-unreachable")
                self.assertRegex(said["detail"], "certificate|encryption|Zertifikat")
                self.assertFalse(door.credentials)

    def test_the_judge_a_good_certificate_is_told_the_password(self):
        good.login = "NO [AUTHENTICATIONFAILED] wrong"
        self.refused(good, "tls", "mailbox-sign-in")
        self.assertTrue(good.credentials)

    def test_starttls_that_is_not_there_or_refused(self):
        for name, door in stripped.items():
            with self.subTest(name):
                self.refused(door, "starttls", "mailbox-unreachable")
                self.assertFalse(door.credentials)
                self.assertTrue(door.said or name == "plain")

    def test_what_was_slipped_in_before_the_encryption_is_not_believed(self):
        said = self.refused(injected, "starttls", "mailbox-unreachable")
        self.assertFalse(injected.credentials, said)
        for name, door in late.items():
            with self.subTest(name):
                self.refused(door, "starttls", "mailbox-unreachable")
                self.assertFalse(door.credentials)

    def test_the_judge_a_good_server_behind_starttls_is_told_the_password(self):
        upgraded.login = "NO [AUTHENTICATIONFAILED] wrong"
        self.refused(upgraded, "starttls", "mailbox-sign-in")
        self.assertTrue(upgraded.credentials)


class Busy(unittest.TestCase):
    """RFC 5530: what the server cannot tell at present is no wrong password."""

    def test_codes(self):
        for words, slug in (("NO [UNAVAILABLE] Temporary authentication failure.", "mailbox-unreachable"), ("NO [INUSE] later", "mailbox-unreachable"),
                            ("NO [LIMIT] too many", "mailbox-unreachable"), ("no [serverbug] oops", "mailbox-unreachable"),
                            ("NO [AUTHENTICATIONFAILED] no", "mailbox-sign-in"), ("NO [EXPIRED] no", "mailbox-sign-in"),
                            ("NO [ALERT] [UNAVAILABLE] is no code of ours", "mailbox-sign-in"), ("NO wrong", "mailbox-sign-in")):
            with self.subTest(words):
                good.login = words
                status, _, said = world.anna.post("/v1/mailboxes", world.form(port=str(good.port)))
                self.assertEqual(slug, said.get("type", "").rsplit("/", 1)[-1], said)
                self.assertGreaterEqual(status, 400)

    def test_a_mailbox_that_works_stays_connected(self):
        good.login = "OK done"
        status, _, mailbox = world.anna.post("/v1/mailboxes", world.form(port=str(good.port)))
        self.assertEqual(201, status, mailbox)
        wait_for(lambda: world.get(mailbox)["checked_at"])
        for answer, state in (("NO [UNAVAILABLE] Temporary authentication failure.", "down"), ("OK done", "ok"), ("NO [AUTHENTICATIONFAILED] no", "reauthorise")):
            good.login = answer
            check(mailbox)
            wait_for(lambda: world.get(mailbox)["health"]["state"] == state, 90)
        world.anna.request("DELETE", f"/v1/mailboxes/{mailbox['id']}", None, {"If-Match": f'"v{world.get(mailbox)["version"]}"'})


def ports(*doors):
    return [f"localhost:{door.port}" for door in doors]


def doors(folder):
    """(good, faulty, stripped), and those that encrypt after STARTTLS: (good, with something slipped in, faulty)."""
    made = Certificates(folder)
    faulty = {"self-signed": Door(made.self_signed("self")), "wrong name": Door(made.leaf("name", host="mail.other.example")),
              "expired": Door(made.leaf("expired", begin="-30", end="-1")), "not yet valid": Door(made.leaf("early", begin="+2")),
              "weak key": Door(made.leaf("weak", key="rsa:1024")), "SHA-1": Door(made.leaf("sha1", digest="sha1")),
              "TLS 1.0": Door(made.leaf("tls10"), ssl.TLSVersion.TLSv1), "TLS 1.1": Door(made.leaf("tls11"), ssl.TLSVersion.TLSv1_1), "no TLS": Door()}
    stripped = {"plain": Door(), "refused": Door(starttls=b"NO not today"), "pretended": Door(starttls=b"OK begin")}
    upgraded = Upgrade(made.leaf("late")), Upgrade(made.leaf("injected"), b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na002 OK done\r\nA002 OK done\r\n")
    late = {"self-signed": Upgrade(made.self_signed("lself")), "wrong name": Upgrade(made.leaf("lname", host="mail.other.example")),
            "expired": Upgrade(made.leaf("lold", begin="-30", end="-1")), "TLS 1.1": Upgrade(made.leaf("l11"), version=ssl.TLSVersion.TLSv1_1)}
    return Door(made.leaf("good")), faulty, stripped, *upgraded, late


if __name__ == "__main__":
    if why := Dovecot.missing():
        print(why)
        sys.exit(77)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kartei-doors-"))
    scratch.chmod(0o755)
    good, faulty, stripped, upgraded, injected, late = doors(scratch / "ca")
    servers = {name: Dovecot(scratch / name, mechanisms=f"plain {name}") for name in ("xoauth2", "oauthbearer")}
    private = [f"localhost:{one.port}" for one in (good, upgraded, injected, *faulty.values(), *stripped.values(), *late.values())] + [f"localhost:{one.imaps}" for one in servers.values()]
    with Login() as login, servers["xoauth2"], servers["oauthbearer"]:
        authorities = "".join((scratch / path).read_text() for path in ("ca/ca.pem", "xoauth2/ca.pem", "oauthbearer/ca.pem"))
        with World(allow=[*private, f"127.0.0.1:{login.port}"], authorities=authorities) as world:
            outcome = unittest.main(exit=False, verbosity=2).result
    shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(not outcome.wasSuccessful())
