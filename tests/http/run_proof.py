#!/usr/bin/python3
"""What the instance says of its own safety: security.txt (RFC 9116) and the administrator's warnings."""
import sys
import unittest
import urllib.parse

from server import Server

CONTACT, EXPIRES = "mailto:security@muster.example", "2020-01-01T00:00:00Z"


class Proof(unittest.TestCase):
    def test_security_txt_has_what_it_must_have(self):
        answer = server.client().get("/.well-known/security.txt")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/plain; charset=utf-8"))
        fields = dict(line.split(": ", 1) for line in answer.data.decode().splitlines())
        self.assertEqual(fields, {"Contact": CONTACT, "Expires": EXPIRES, "Preferred-Languages": "de, en",
                                  "Canonical": "https://localhost:8443/.well-known/security.txt"})

    def test_warnings_are_told_to_administrators_the_gravest_first(self):
        admin = server.sign_in("admin@one.example")
        said = [one for one in admin.get("/v1/warnings").json["items"] if one["kind"] != "provider-vouches"]
        self.assertEqual([(one["kind"], one["level"]) for one in said], [("security-txt-ends", "critical"), ("egress-private", "info")])
        self.assertEqual((said[0]["subject"], said[1]["subject"]), (EXPIRES, "127.0.0.1:9"))
        self.assertEqual(server.sign_in("user@one.example").get("/v1/warnings").status, 403)
        self.assertEqual(server.client().get("/v1/warnings").status, 401)

    def test_a_provider_that_vouches_is_on_the_list_when_it_is_on(self):
        admin = server.sign_in("admin@one.example")
        made = admin.post("/v1/identity-providers", {"kind": "oidc", "settings": {"name": "Eigener", "issuer": "https://id.muster.example", "vouches": True}})
        self.assertEqual(made.status, 201, made.data)
        self.assertNotIn("provider-vouches", [one["kind"] for one in admin.get("/v1/warnings").json["items"]])
        server.sql("update kartei.identity_providers set state = 'on'")
        self.assertEqual([(one["subject"], one["since"]) for one in admin.get("/v1/warnings").json["items"] if one["kind"] == "provider-vouches"],
                         [("Eigener", made.json["created_at"])])

    def test_the_cookies_that_are_set_are_those_on_the_page(self):
        """Every way in is walked up to the cookie; a cookie that no way sets would stand on the page in vain."""
        home = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        admin = server.sign_in("admin@one.example")
        made = admin.post("/v1/identity-providers", {"kind": "google", "settings": {"name": "G", "client_id": "x"}}).json["id"]
        place = '{"issuer":"https://a.example","authorize":"https://a.example/a","token":"https://a.example/t","keys":"https://a.example/k","basic":true,"says_issuer":false}'
        server.sql(f"update kartei.identity_providers set state = 'on', place = '{place}', keys = '{{}}' where id = '{made}'")
        stranger = server.client()
        ways = (("/sign-in", f"email=admin%40one.example&password={urllib.parse.quote(server.seed['password'])}"),
                ("/sign-in/link", "email=admin%40one.example"), (f"/sign-in/sso/{made}", "next="))
        seen = set()
        for path, body in ways:
            answer = stranger.request("POST", path, body.encode(), home)
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, rest = line.split("=", 1)
                self.assertTrue(all(part in rest for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")), line)
                seen.add(name)
        told = {one["name"] for one in stranger.get("/cookies", accept="application/json").json["items"]}
        self.assertEqual(seen, told)
        for language, word in (("de", "Anmeldung"), ("en", "signing in")):
            page = stranger.get("/cookies", accept="text/html", accept_language=language)
            self.assertEqual((page.status, page.headers["Content-Language"]), (200, language))
            self.assertIn(word, page.data.decode())
            self.assertTrue(all(name in page.data.decode() for name in told))
        self.assertEqual(stranger.get("/cookies", accept="image/png").status, 406)


if __name__ == "__main__":
    with Server(settings={"KARTEI_SECURITY_CONTACT": CONTACT, "KARTEI_SECURITY_EXPIRES": EXPIRES, "KARTEI_EGRESS_ALLOW_PRIVATE": "127.0.0.1:9"}) as server:
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
