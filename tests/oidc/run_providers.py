#!/usr/bin/python3
"""Good ways in: real providers (glewlwyd, oidc-provider), every algorithm, new keys, Apple's form, who may join and who may sign up.

A real provider that is not installed is skipped, aloud.
"""
import pathlib
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from idp import CLIENT, EMAIL, GONE, SECRET, Idp, Key, b64  # noqa: E402
from visit import FORM, HOME, Person, Place, draft, switch_on  # noqa: E402
from providers import CLIENT as REAL_CLIENT, Glewlwyd, OidcProvider  # noqa: E402
from provider import unpadded  # noqa: E402


def patch(provider, body):
    now = admin.get(f"/v1/identity-providers/{provider['id']}").json
    return admin.patch(f"/v1/identity-providers/{provider['id']}", body, if_match=f'"v{now["version"]}"')


def trail(action):
    return int(world.sql(f"select count(*) from kartei.audit where action = '{action}'"))


class Good(unittest.TestCase):
    def setUp(self):
        idp.honest()
        world.sql("delete from kartei.identities")
        world.sql("update kartei.identity_providers set keys_at = now() - interval '1 hour'")

    def enter(self, way=None, person=None, status=303, **headers):
        person = person or Person(world)
        answer = person.back(way or provider, idp.consent(person.begin(way or provider)), **headers)
        self.assertEqual(answer.status, status, answer.data[-600:])
        return person

    def test_an_address_joins_once_and_the_subject_counts_from_then_on(self):
        joined = trail("user.identity")
        self.assertEqual(self.enter().signed_in(), EMAIL)
        idp.email = "somebody@else.example"
        self.assertEqual(self.enter().signed_in(), EMAIL)
        idp.twist = {"email": GONE, "email_verified": False}
        self.assertEqual(self.enter().signed_in(), EMAIL)
        self.assertEqual(trail("user.identity") - joined, 1)

    def test_every_algorithm(self):
        for alg, signer in (("RS256", "rsa-1"), ("PS256", "rsa-1"), ("ES256", "ec-1")):
            with self.subTest(alg):
                idp.alg, idp.signer = alg, signer
                self.assertEqual(self.enter().signed_in(), EMAIL)

    def test_new_keys_are_fetched_once_a_minute(self):
        idp.keys, idp.signer = ["rsa-2"], "rsa-2"
        before = idp.counts["/keys"]
        self.assertEqual(self.enter().signed_in(), EMAIL)
        self.assertEqual(idp.counts["/keys"] - before, 1)
        idp.signer = "stranger"
        for _ in range(3):
            self.enter(status=400)
        self.assertEqual(idp.counts["/keys"] - before, 1, "unknown names do not make us ask again and again")
        world.sql("update kartei.identity_providers set keys_at = now() - interval '61 s'")
        self.enter(status=400)
        self.assertEqual(idp.counts["/keys"] - before, 2)
        idp.honest()
        world.sql("update kartei.identity_providers set keys_at = now() - interval '61 s'")
        self.assertEqual(self.enter().signed_in(), EMAIL)

    def test_audience_in_a_list_and_userinfo(self):
        idp.twist = {"aud": [CLIENT], "azp": CLIENT}
        self.assertEqual(self.enter().signed_in(), EMAIL)
        world.sql("delete from kartei.identities")
        idp.twist, idp.userinfo = {"email": GONE, "email_verified": GONE}, {"sub": "subject-1", "email": EMAIL, "email_verified": True}
        self.assertEqual(self.enter().signed_in(), EMAIL)

    def test_a_former_session_of_the_browser_ends(self):
        person = self.enter()
        former = person.cookies["__Host-kartei"]
        self.enter(person=person)
        self.assertNotEqual(person.cookies["__Host-kartei"], former)
        stale = Person(world)
        stale.cookies["__Host-kartei"] = former
        self.assertIsNone(stale.signed_in())

    def test_sign_up_only_where_it_is_allowed(self):
        idp.email, idp.sub = "new@one.example", "subject-new"
        self.enter(status=400)
        way = switch_on(admin, draft(admin, idp.base, name="Open", sign_up=True))
        self.assertEqual(self.enter(way).signed_in(), "new@one.example")
        people = admin.get("/v1/users").json["items"]
        self.assertEqual([one["role"] for one in people if one["email"] == "new@one.example"], ["user"])
        idp.email, idp.sub = "new@two.example", "subject-two"
        self.enter(way, status=400)

    def test_who_vouches_is_said_by_the_administrator(self):
        idp.twist = {"email_verified": GONE}
        self.enter(status=400)
        way = switch_on(admin, draft(admin, idp.base, name="Own", vouches=True))
        self.assertEqual(self.enter(way).signed_in(), EMAIL)
        refused = admin.post("/v1/identity-providers", {"kind": "microsoft", "settings": {"name": "x", "tenant": "organizations", "vouches": True}})
        self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (422, "/settings/vouches"))

    def test_apple(self):
        """Its answer is a form of its page, and our secret is signed with its key for five minutes."""
        key = Key("apple-key", "EC")
        made = admin.post("/v1/identity-providers", {"kind": "apple", "settings": {
            "name": "Apple", "issuer": idp.base, "client_id": CLIENT, "team_id": "TEAM", "key_id": "apple-key", "domains": ["one.example"]},
            "secret": {"private_key": key.pem.decode()}}).json
        secrets = []

        def grant(handler, form):
            secrets.append(form.get("client_secret", ""))
            asked = idp.codes.pop(form.get("code"), None)
            if not asked:
                return 400, {"error": "invalid_grant"}, {}
            access = idp.fresh("access")
            return 200, {"access_token": access, "token_type": "Bearer", "id_token": idp.id_token(asked, access)}, {}
        idp.grant = grant
        try:
            way = switch_on(admin, made)
            person = Person(world)
            url = person.begin(way)
            self.assertEqual(urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["response_mode"], ["form_post"])
            idp.twist = {"email_verified": "true"}
            answer = person.back(way, idp.consent(url), method="POST", Origin=idp.base)
            self.assertEqual((answer.status, person.signed_in()), (303, EMAIL), answer.data[-400:])
            head, body, _ = secrets[-1].split(".")
            self.assertEqual(unpadded(head), b'{"alg":"ES256","kid":"apple-key","typ":"JWT"}')
            self.assertIn(b'"iss":"TEAM","sub":"kartei-sso"', unpadded(body))
            other = Person(world)
            self.assertEqual(other.back(way, idp.consent(other.begin(way))).status, 400, "a redirect is not Apple's way")
            third = Person(world)
            cookie = third.go("POST", f"/sign-in/sso/{way['id']}", b"next=", {**FORM, **HOME}).headers["Set-Cookie"]
            self.assertIn("SameSite=None", cookie)
        finally:
            del idp.grant

    def test_the_cookie_of_a_redirect_does_not_travel_with_forms(self):
        cookie = Person(world).go("POST", f"/sign-in/sso/{provider['id']}", b"next=", {**FORM, **HOME}).headers["Set-Cookie"]
        for part in ("__Host-kartei-sso=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"):
            self.assertIn(part, cookie)

    def test_an_address_leads_to_its_provider_and_says_nothing_of_people(self):
        pages = [Person(world).go("POST", "/sign-in/sso", urllib.parse.urlencode({"email": email}).encode(), {**FORM, **HOME})
                 for email in (EMAIL, "nobody-at-all@one.example")]
        self.assertEqual(pages[0].data, pages[1].data)
        self.assertIn(f"/sign-in/sso/{provider['id']}".encode(), pages[0].data)
        self.assertNotIn(b"/sign-in/sso/0", Person(world).go("POST", "/sign-in/sso", b"email=a%40other.example", {**FORM, **HOME}).data)

    def test_what_a_test_says(self):
        cases = (({"issuer": "https://localhost.example.invalid"}, None, "reach"), ({"client_id": "other"}, None, "sign-in"), ({"client_id": ""}, None, "address"),
                 ({}, {"issuer": "https://evil.example"}, "reach"), ({}, {"jwks_uri": "https://127.0.0.1/k"}, "reach"),
                 ({}, {"jwks_uri": f"{idp.base}/nothing"}, "keys"), ({}, {"response_types_supported": ["token"]}, "reach"))
        for settings, describe, step in cases:
            with self.subTest(settings or describe):
                idp.describe = describe or {}
                made = draft(admin, idp.base, **settings) if "issuer" not in settings else draft(admin, settings["issuer"])
                answer = admin.post(f"/v1/identity-providers/{made['id']}/test").json
                self.assertEqual((answer["ok"], answer["steps"][-1]["name"], answer["steps"][-1]["ok"], answer["provider"]["state"]), (False, step, False, "draft"))
                self.assertTrue(answer["steps"][-1]["sentence"].strip())
                self.assertEqual(patch(made, {"state": "on"}).status, 409)
                self.assertEqual(admin.delete(f"/v1/identity-providers/{made['id']}", if_match=f'"v{made["version"]}"').status, 204)

    def test_only_the_provider_is_contacted(self):
        """An endpoint that moved elsewhere since the test is not followed: the list of hosts is that of the test."""
        shown = admin.get(f"/v1/identity-providers/{provider['id']}").json["hosts"]
        self.assertEqual(shown, [f"127.0.0.1:{idp.port}"])
        world.sql("update kartei.identity_providers set place = replace(place, '/keys', '/keys-moved')")
        idp.signer = "stranger"
        before = idp.counts["/keys-moved"]
        self.enter(status=400)
        self.assertEqual(idp.counts["/keys-moved"] - before, 1)  # the negative control: the same host is reached
        world.sql(f"update kartei.identity_providers set place = replace(place, '/keys-moved', '/keys'), keys_at = now() - interval '1 hour'")

    def test_only_administrators(self):
        user = world.sign_in(EMAIL)
        self.assertEqual([user.get("/v1/identity-providers").status, user.post("/v1/identity-providers", {"kind": "oidc"}).status], [403, 403])
        stranger = world.sign_in("admin@two.example")
        self.assertEqual(stranger.get(f"/v1/identity-providers/{provider['id']}").status, 404)


class Real:
    """The way of a real server: test, switch on, sign in; a used code, a foreign one and a changed state are refused by it and us."""

    def setUp(self):
        if why := self.kind.missing():
            self.skipTest(why)

    def test_the_way(self):
        for n in range(3):
            person = Person(world)
            came = self.server.consent(person.begin(self.provider))
            answer = person.back(self.provider, came)
            self.assertEqual((answer.status, person.signed_in()), (303, "test@muster.example"), answer.data[-500:])
            again = Person(world)
            fresh = self.server.consent(again.begin(self.provider))
            self.assertEqual(again.back(self.provider, {**fresh, "code": came["code"]}).status, 400)
            self.assertEqual(Person(world).back(self.provider, fresh).status, 400)

    def test_the_secret_is_tried(self):
        made = draft(admin, self.server.issuer, client_id=REAL_CLIENT)
        patch(made, {"secret": {"client_secret": "wrong"}})
        answer = admin.post(f"/v1/identity-providers/{made['id']}/test").json
        self.assertEqual((answer["ok"], answer["steps"][-1]["name"]), (False, "sign-in"))


class WithOidcProvider(Real, unittest.TestCase):
    kind, vouches = OidcProvider, False


class WithGlewlwyd(Real, unittest.TestCase):
    kind, vouches = Glewlwyd, True  # it has no email_verified


def furnish(server, kind):
    """The provider is drafted first: its redirect address is what the server wants to know."""
    made = draft(admin, server.issuer, client_id=REAL_CLIENT, name=server.program, domains=["muster.example"], sign_up=True, vouches=kind.vouches)
    server.redirect = made["redirect_uri"]
    server.start()
    kind.server, kind.provider = server, switch_on(admin, made)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kartei-oidc-") as folder, Idp() as idp:
        pathlib.Path(folder).chmod(0o755)
        servers = [(kind.kind(f"{folder}/{kind.kind.program}", ""), kind) for kind in (WithOidcProvider, WithGlewlwyd) if not kind.kind.missing()]
        try:
            with Place([f"127.0.0.1:{one.port}" for one in (idp, *(server for server, _ in servers))]) as world:
                admin = world.sign_in("admin@one.example")
                provider = switch_on(admin, draft(admin, idp.base))
                for server, kind in servers:
                    furnish(server, kind)
                outcome = unittest.main(exit=False).result
        finally:
            for server, _ in servers:
                server.stop()
    sys.exit(not outcome.wasSuccessful())
