#!/usr/bin/python3
"""What the instance says of its own safety: security.txt (RFC 9116) and the administrator's warnings."""
import datetime
import json
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
        self.assertEqual(sorted((one["level"], one["kind"]) for one in said),
                         [("critical", "security-txt-ends"), ("info", "canary-never"), ("info", "egress-private"), ("info", "restore-untested"),
                          ("warning", "backup-missing"), ("warning", "lowered-without-reason")])
        self.assertEqual([one["level"] for one in said], sorted((one["level"] for one in said), key=["critical", "warning", "info"].index))
        self.assertEqual({one["kind"]: one["subject"] for one in said if one["subject"]}, {"security-txt-ends": EXPIRES, "egress-private": "127.0.0.1:9"})
        self.assertTrue(all(one["since"] and one["since_program"] and one["effect"] and one["fix"] for one in said))
        self.assertEqual(server.sign_in("user@one.example").get("/v1/warnings").status, 403)
        self.assertEqual(server.client().get("/v1/warnings").status, 401)

    def test_a_provider_that_vouches_is_on_the_list_when_it_is_on(self):
        admin = server.sign_in("admin@one.example")
        made = admin.post("/v1/identity-providers", {"kind": "oidc", "settings": {"name": "Eigener", "issuer": "https://id.muster.example", "vouches": True}})
        self.assertEqual(made.status, 201, made.data)
        self.assertNotIn("provider-vouches", [one["kind"] for one in admin.get("/v1/warnings").json["items"]])
        server.sql("update kartei.identity_providers set state = 'on'")
        self.assertEqual([one["subject"] for one in admin.get("/v1/warnings").json["items"] if one["kind"] == "provider-vouches"], ["Eigener"])
        server.sql("update kartei.identity_providers set state = 'off'")

    def warning(self, client, kind):
        return next((one for one in client.get("/v1/warnings").json["items"] if one["kind"] == kind), None)

    def put_off(self, client, one, **change):
        return client.patch(f"/v1/warnings/{one['id']}", change, if_match=f'"v{one["version"]}"')

    @staticmethod
    def later(days):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_a_warning_is_put_off_only_with_a_reason_and_an_end(self):
        admin, other = server.sign_in("admin@one.example"), server.sign_in("admin@two.example")
        one = self.warning(admin, "egress-private")
        for bad, pointer in (({"until": self.later(3)}, "/reason"), ({"until": self.later(3), "reason": "  "}, "/reason"), ({"reason": "because"}, "/until"),
                             ({"until": self.later(-1), "reason": "r"}, "/until"), ({"until": self.later(91), "reason": "r"}, "/until"),
                             ({"until": "soon", "reason": "r"}, "/until")):
            answer = self.put_off(admin, one, **bad)
            self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, pointer), bad)
        grave = self.warning(admin, "security-txt-ends")
        self.assertEqual(self.put_off(admin, grave, until=self.later(8), reason="r").status, 422)
        self.assertEqual(self.put_off(server.sign_in("user@one.example"), one, until=self.later(3), reason="r").status, 403)
        self.assertEqual(self.put_off(other, one, until=self.later(3), reason="r").status, 404)
        done = self.put_off(admin, one, until=self.later(30), reason="Das ERP bekommt im Januar ein Zertifikat.")
        self.assertEqual((done.status, done.json["put_off"]["reason"]), (200, "Das ERP bekommt im Januar ein Zertifikat."), done.data)
        self.assertEqual(self.put_off(admin, one, until=self.later(3), reason="r").status, 412)
        listed = admin.get("/v1/warnings").json["items"]
        self.assertEqual((listed[-1]["kind"], bool(listed[-1]["put_off"])), ("egress-private", True))
        self.assertFalse(self.warning(other, "egress-private")["put_off"])
        told = [entry for entry in admin.get("/v1/audit?action=warning.put_off").json["items"]]
        self.assertEqual([(entry["note"], entry["why"]) for entry in told], [("egress-private", "Das ERP bekommt im Januar ein Zertifikat.")])
        back = self.put_off(admin, done.json)
        self.assertEqual((back.status, back.json["put_off"]), (200, None), back.data)

    def test_what_was_put_off_comes_back_at_its_day_and_old_warnings_are_graver(self):
        admin = server.sign_in("admin@one.example")
        one = self.warning(admin, "restore-untested")
        self.assertEqual((one["level"], self.put_off(admin, one, until=self.later(5), reason="r").status), ("info", 200))
        server.sql(f"update kartei.warning_marks set until = now() - interval '1 minute' where id = '{one['id']}'")
        self.assertIsNone(self.warning(admin, "restore-untested")["put_off"])
        for days, level in ((29, "info"), (31, "warning"), (181, "critical")):
            server.sql(f"update kartei.warning_marks set first_at = now() - interval '{days} days' where id = '{one['id']}'")
            self.assertEqual(self.warning(admin, "restore-untested")["level"], level)
        server.run(server.build / "services/kartei", "admin", "drill", "note", "--kind", "restore", "--outcome", "passed")
        self.assertIsNone(self.warning(admin, "restore-untested"))
        server.sql("delete from kartei.drills")
        self.assertEqual(self.warning(admin, "restore-untested")["level"], "info", "it begins anew")
        server.run(server.build / "services/kartei", "admin", "drill", "note", "--kind", "canary", "--outcome", "failed")
        self.assertEqual([(w["subject"], w["level"]) for w in admin.get("/v1/warnings").json["items"] if w["kind"] == "drill-failed"], [("canary", "critical")])
        server.sql("delete from kartei.drills")

    def test_the_overview_has_a_tile_for_everything(self):
        admin = server.sign_in("admin@one.example")
        tiles = {one["kind"]: one for one in admin.get("/v1/overview").json["tiles"]}
        self.assertEqual(list(tiles), ["connections", "mailboxes", "mail", "certificate", "backup", "restore", "canary", "components", "users"])
        self.assertEqual((tiles["backup"]["state"], tiles["mail"]["state"], tiles["connections"]["n"] > 0, tiles["users"]["n"] > 1), ("bad", "none", True, True))
        server.run(server.build / "services/kartei", "admin", "drill", "note", "--kind", "backup", "--outcome", "passed")
        backup = {one["kind"]: one for one in admin.get("/v1/overview").json["tiles"]}["backup"]
        self.assertEqual((backup["state"], bool(backup["at"])), ("good", True))
        server.sql("delete from kartei.drills")
        self.assertEqual(server.sign_in("user@one.example").get("/v1/overview").status, 403)

    def test_the_look_for_canaries_passes_and_is_noted_with_the_word_of_its_control(self):
        kartei = server.build / "services/kartei"
        said = json.loads(server.run(kartei, "admin", "drill", "canary", "--json").stdout)
        self.assertTrue(said["passed"], said)
        self.assertEqual(server.sql("select passed from kartei.drills order by at desc, id desc limit 1"), "t")
        self.assertEqual(server.sql("select count(*) from kartei.drills where detail like 'begun%'"), "1")
        word = server.sql("select substring(detail from '[(]([a-p]{30})[)]') from kartei.drills where detail like 'begun%'")
        self.assertEqual(len(word), 30)
        server.sql("delete from kartei.drills")

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
