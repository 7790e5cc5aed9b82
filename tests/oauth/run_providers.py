#!/usr/bin/python3
"""The same way with real authorisation servers: glewlwyd and oidc-provider. A small CRM asks them whether a token is good.

One that is not installed is skipped, aloud.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from provider import SECRET, Provider  # noqa: E402
from providers import PERSON, Glewlwyd, OidcProvider  # noqa: E402
from world import World, add, back, begin  # noqa: E402

REDIRECT = "https://localhost:8443/oauth/callback"


class Crm(Provider):
    """Asks the authorisation server about every token, and remembers them."""

    def __init__(self):
        super().__init__()
        self.judge, self.tokens = None, []

    def answer(self, handler, path, query, form):
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        self.tokens.append(token)
        return (200, {"me": 1}, {}) if self.judge(token) else (401, {"error": "token"}, {})


class Common:
    refusals = 1

    def setUp(self):
        crm.judge = self.server.active
        self.admin = world.sign_in("admin@one.example")
        self.org = self.admin.get("/v1/session").json["org"]["id"]

    def settings(self, **more):
        return {"url": f"{crm.base}/crm", **self.server.settings(), **more}

    def connect(self, kind="test_crm", **more):
        connection = add(self.admin, self.settings(**more), kind=kind)
        answer = back(self.admin, self.server.consent(begin(self.admin, connection)))
        self.assertEqual(answer.status, 200, answer.data)
        return self.fetch(connection)

    def fetch(self, connection):
        return self.admin.get(f"/v1/connections/{connection['id']}").json

    def call(self, connection, processes=1, threads=1):
        return world.callers(self.org, connection["id"], processes, threads)

    def test_consent_tokens_renewal(self):
        now = self.connect()
        self.assertEqual((now["health"]["state"], now["authorization"]["state"], now["authorization"]["too_many"]), ("ok", "granted", []))
        first = crm.tokens[-1]
        world.expire(now["id"])
        self.assertEqual(self.call(now, 3, 10), {"ok": 30})
        self.assertNotEqual(crm.tokens[-1], first)
        self.assertEqual(len(set(crm.tokens[-30:])), 1, "one token for all")

    def test_a_code_works_once(self):
        connection, other = add(self.admin, self.settings()), add(self.admin, self.settings())
        came = self.server.consent(begin(self.admin, connection))
        self.assertEqual(back(self.admin, came).status, 200)
        again = self.server.consent(begin(self.admin, other))
        self.assertEqual(back(self.admin, {**again, "code": came["code"]}).status, 400)
        self.assertEqual(self.fetch(other)["authorization"]["state"], "needed")

    def test_a_code_of_another_attempt_is_refused_by_its_verifier(self):
        connection, other = add(self.admin, self.settings()), add(self.admin, self.settings())
        mine, stolen = (self.server.consent(begin(self.admin, one)) for one in (connection, other))
        self.assertEqual(back(self.admin, {**mine, "code": stolen["code"]}).status, 400)
        self.assertEqual(self.fetch(connection)["authorization"]["state"], "needed")

    def test_an_old_refresh_token_ends_the_grant_once(self):
        """As after a restored backup: what the row holds was used before."""
        now = self.connect()
        row = f"kartei.oauth_tokens where connection_id = '{now['id']}'"
        old = world.sql(f"select encode(refresh, 'hex') from {row}")
        world.expire(now["id"])
        self.assertEqual(self.call(now), {"ok": 1})
        world.sql(f"update kartei.oauth_tokens set refresh = decode('{old}', 'hex') where connection_id = '{now['id']}'")
        world.expire(now["id"])
        for _ in range(self.refusals - 1):
            self.assertEqual(self.call(now, 2, 5), {"crm-unreachable": 10})
            world.rest_over(now["id"])
        self.assertEqual(self.call(now, 2, 5), {"crm-reauthorise": 10})
        self.assertEqual((self.fetch(now)["health"]["state"], world.events(now["id"], "reauthorise")), ("reauthorise", 1))

    def test_parting_makes_the_token_worthless(self):
        now = self.connect()
        token = crm.tokens[-1]
        self.assertTrue(self.server.active(token))
        self.assertEqual(self.admin.post(f"/v1/connections/{now['id']}/disconnect").json["revoked"], "done")
        self.assertFalse(self.server.active(token))

    def test_a_wrong_client_secret_keeps_nothing(self):
        connection = add(self.admin, self.settings(), secret={"client_secret": "wrong"})
        self.assertEqual(back(self.admin, self.server.consent(begin(self.admin, connection))).status, 400)
        self.assertEqual(self.fetch(connection)["authorization"]["state"], "needed")


class WithOidcProvider(Common, unittest.TestCase):
    def setUp(self):
        if why := OidcProvider.missing():
            self.skipTest(why)
        self.server = oidc
        super().setUp()

    def test_thirty_callers_make_one_request(self):
        now = self.connect()
        world.expire(now["id"])
        before = self.server.count()
        self.assertEqual((self.call(now, 3, 10), self.server.count() - before), ({"ok": 30}, 1))

    def test_the_answer_lost_after_rotation_needs_a_person_and_makes_no_storm(self):
        now = self.connect()
        before = self.server.count()
        world.expire(now["id"])
        self.server.fault("lost")
        self.assertEqual(self.call(now, 2, 5), {"crm-unreachable": 10})
        world.rest_over(now["id"])
        self.assertEqual(self.call(now, 2, 5), {"crm-reauthorise": 10})
        self.assertEqual(self.call(now, 2, 5), {"crm-reauthorise": 10})
        self.assertEqual(self.server.count() - before, 2)

    def test_what_passes_by_itself_passes(self):
        now = self.connect()
        for mode in ("503", "html"):
            world.expire(now["id"])
            self.server.fault(mode)
            self.assertEqual(self.call(now), {"crm-unreachable": 1}, mode)
            world.rest_over(now["id"])
            self.assertEqual(self.call(now), {"ok": 1}, mode)

    def test_it_names_itself_and_another_name_is_refused(self):
        now = self.connect("strict_crm", issuer=self.server.base, client_id="kartei-post")
        self.assertEqual(now["health"]["state"], "ok")
        other = add(self.admin, self.settings(issuer=self.server.base + "/other", client_id="kartei-post"), kind="strict_crm")
        self.assertEqual(back(self.admin, self.server.consent(begin(self.admin, other))).status, 400)

    def test_the_app_alone(self):
        now = add(self.admin, self.settings(grant="client"))
        self.assertEqual((now["health"]["state"], self.call(now, 2, 5)), ("ok", {"ok": 10}))


    def test_the_app_signs_with_its_key(self):
        """What jose makes of our assertions: the library that oidc-provider judges with."""
        settings = self.settings(grant="jwt", client_id="kartei-signs", subject=PERSON)
        now = add(self.admin, settings, secret={"private_key": self.server.key})
        self.assertEqual((now["health"]["state"], self.call(now, 2, 5)), ("ok", {"ok": 10}))
        other = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA"], check=True, capture_output=True, text=True).stdout
        for secret, changed in (({"private_key": other}, {}), ({"private_key": self.server.key}, {"subject": "user2"})):
            answer = self.admin.post("/v1/connections", {"kind": "test_crm", "name": "x", "settings": {**settings, **changed}, "secret": secret})
            self.assertEqual((answer.status, answer.slug), (409, "crm-reauthorise"))


class WithGlewlwyd(Common, unittest.TestCase):
    refusals = 4  # it answers 400 with nothing in it: no word that would end a grant at once

    def setUp(self):
        if why := Glewlwyd.missing():
            self.skipTest(why)
        self.server = glewlwyd
        super().setUp()

    def test_the_app_alone(self):
        now = add(self.admin, self.settings(grant="client"))
        self.assertEqual((now["health"]["state"], self.call(now, 2, 5)), ("ok", {"ok": 10}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kartei-oauth-") as folder, Crm() as crm:
        pathlib.Path(folder).chmod(0o755)
        servers = []
        try:
            for kind in (OidcProvider, Glewlwyd):
                server = kind(f"{folder}/{kind.program}", REDIRECT)
                if not kind.missing():
                    servers.append(server)
                    server.start()
                globals()["oidc" if kind is OidcProvider else "glewlwyd"] = server
            with World([f"127.0.0.1:{one.port}" for one in (crm, *servers)]) as world:
                outcome = unittest.main(exit=False).result
        finally:
            for server in servers:
                server.stop()
    sys.exit(not outcome.wasSuccessful())
