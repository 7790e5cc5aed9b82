#!/usr/bin/python3
"""From the button to the token and back: consent, tokens that are renewed once whoever asks, parting, and what must never be
seen anywhere but at the provider."""
import concurrent.futures
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

from provider import CLIENT, SECRET, SUBJECT, Provider, openssl
from world import World, add, back, begin, connect


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = world.sign_in("admin@one.example")
        cls.org = cls.admin.get("/v1/session").json["org"]["id"]

    def setUp(self):
        provider.mode, provider.scope, provider.delay, provider.life = None, None, 0, 3600

    def fetch(self, connection):
        return self.admin.get(f"/v1/connections/{connection['id']}").json

    def call(self, connection, processes=1, threads=1):
        return world.callers(self.org, connection["id"], processes, threads)

    def counted(self, act, what="token"):
        before = provider.counts[what]
        result = act()
        return result, provider.counts[what] - before


# How providers refuse, and what the page is called then, in German and English.
REFUSALS = [
    ("test_crm", "invalid_client", "app must be installed into org", "Die App ist dort nicht installiert", "The app is not installed there"),
    ("test_crm", "OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "Dieser Benutzer darf die App nicht verwenden", "This user may not use the app"),
    ("test_crm", "invalid_grant", "ip restricted", "Zugriff aus diesem Netz ist nicht erlaubt", "Access from this network is not allowed"),
    ("test_crm", "invalid_request", "request not supported on this domain", "Die Adresse gehört nicht zu dieser Organisation", "The address is not this organisation&#39;s"),
    ("strict_crm", "access_denied", "AADSTS90094: canary-tenant needs an admin", "Dort muss eine Administratorin oder ein Administrator zustimmen", "An administrator has to consent there"),
    ("strict_crm", "interaction_required", "AADSTS50105: not assigned", "Dieser Benutzer darf die App nicht verwenden", "This user may not use the app"),
    ("strict_crm", "access_denied", "AADSTS53003: blocked", "Zugriff aus diesem Netz ist nicht erlaubt", "Access from this network is not allowed"),
    ("test_crm", "access_denied", "end-user denied authorization", "Nicht verbunden", "Not connected"),
    ("hub_crm", "error", "your account lacks access to the required scopes [canary]", "Die App hat andere Berechtigungen", "The app has other permissions"),
    ("hub_crm", "error", "you do not have the right permissions to install it", "Dieser Benutzer darf die App nicht verwenden", "This user may not use the app"),
    ("pipe_crm", "user_denied", "", "Nicht verbunden", "Not connected"),
    ("pipe_crm", "x", "App cannot be installed for requested company", "Die App ist dort nicht installiert", "The app is not installed there"),
]


class Refused(Case):
    """A provider's no in words of our own, with a way out, in both languages."""

    def judge(self, connection, answer, title):
        page = answer.data.decode()
        self.assertEqual((answer.status, answer.headers["Location"]), (400, None))
        self.assertIn(title, re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1])
        self.assertIn(f'href="/app/connections/{connection["id"]}"', page)
        for word in ("canary", "AADSTS", "ip restricted", "not admin approved", "must be installed"):
            self.assertNotIn(word, page)
        self.assertEqual(self.fetch(connection)["authorization"]["state"], "needed")

    def speak(self, language):
        self.assertEqual(self.admin.patch("/v1/session", {"language": language, "theme": "system"}).status, 200)

    def test_the_pages_words_are_ours_and_lead_back_to_the_connection(self):
        self.addCleanup(self.speak, "en")
        for kind, error, description, *titles in REFUSALS:
            for language, title in zip(("de", "en"), titles):
                with self.subTest(error=error, description=description, language=language):
                    self.speak(language)
                    more = {"issuer": provider.base} if kind == "strict_crm" else {}
                    connection = add(self.admin, provider.settings(**more), kind=kind, name="Vertrieb")
                    said = provider.refuse(begin(self.admin, connection), error, description)
                    self.judge(connection, back(self.admin, {**said, **({"iss": provider.base} if more else {})}), title)

    def test_a_no_in_a_word_of_the_vendors_is_told_as_a_no(self):
        connection = add(self.admin, provider.settings(), kind="pipe_crm", name="Vertrieb")
        page = back(self.admin, provider.refuse(begin(self.admin, connection), "user_denied", "")).data.decode()
        self.assertIn("access was denied there", page)

    def test_the_token_endpoint_may_be_the_one_that_refuses(self):
        for kind, mode, title in (("test_crm", "ip", "Access from this network is not allowed"), ("test_crm", "domain", "The address is not this organisation&#39;s"),
                                  ("hub_crm", "status_redirect", "The app has another redirect address"), ("hub_crm", "status_secret", "Client ID or secret is wrong"),
                                  ("pipe_crm", "message_redirect", "The app has another redirect address"), ("test_crm", "status_secret", "Not connected")):
            with self.subTest(kind=kind, mode=mode):
                connection = add(self.admin, provider.settings(), kind=kind, name="Vertrieb")
                url = begin(self.admin, connection)
                provider.mode = mode
                self.judge(connection, back(self.admin, provider.consent(url)[1]), title)


class Consent(Case):
    def test_the_form_says_what_a_person_must_know_before(self):
        kind = next(one for one in self.admin.get("/v1/connectors").json["items"] if one["kind"] == "test_crm")
        self.assertEqual(kind["oauth"]["callback"], "https://localhost:8443/oauth/callback")
        self.assertEqual([one["name"] for one in kind["oauth"]["scopes"]], ["crm.contacts", "offline_access"])
        self.assertTrue(all(one["reason_key"].startswith("scope.") for one in kind["oauth"]["scopes"]))
        self.assertEqual((kind["form"][0]["name"], kind["oauth"]["grants"]), ("grant", ["code", "key", "client", "jwt"]))

    def test_a_new_connection_waits_for_consent_and_works_after_it(self):
        connection = add(self.admin, provider.settings(), name="Vertrieb")
        self.assertEqual((connection["health"]["state"], connection["authorization"]["state"]), ("consent", "needed"))
        url = begin(self.admin, connection)
        for part in ("code_challenge_method=S256", "state=", "response_type=code", "redirect_uri=https%3A%2F%2Flocalhost%3A8443%2Foauth%2Fcallback"):
            self.assertIn(part, url)
        answer = back(self.admin, provider.consent(url)[1])
        page = answer.data.decode()
        self.assertEqual(answer.status, 200)
        for word in ("Vertrieb", "One GmbH", "admin@one.example", f"/app/connections/{connection['id']}"):
            self.assertIn(word, page)
        now = self.fetch(connection)
        self.assertEqual((now["health"]["state"], now["authorization"]["state"]), ("ok", "granted"))
        self.assertTrue(all(one["granted"] for one in now["authorization"]["scopes"][:1]))
        self.assertEqual(self.call(connection), {"ok": 1})

    def test_too_few_and_too_many_scopes_are_told(self):
        provider.scope = "crm.everything"
        now = connect(self.admin, provider)
        self.assertEqual(now["authorization"]["too_many"], ["crm.everything"])
        self.assertEqual([one["granted"] for one in now["authorization"]["scopes"]], [False, True])

    def test_an_app_signs_in_by_itself_where_it_may(self):
        connection = add(self.admin, provider.settings(grant="client"))
        self.assertEqual((connection["health"]["state"], connection["authorization"]["state"]), ("ok", "app"))
        self.assertEqual(self.admin.request("POST", f"/v1/connections/{connection['id']}/authorize").status, 409)
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10))
        self.assertEqual((outcome, asked), ({"ok": 30}, 1))

    def test_an_app_with_a_wrong_secret_is_not_kept(self):
        answer = self.admin.post("/v1/connections", {"kind": "test_crm", "name": "x", "settings": provider.settings(grant="client"),
                                                     "secret": {"client_secret": "wrong"}})
        self.assertEqual((answer.status, answer.slug), (409, "crm-reauthorise"))

    def signs(self, key, outcome=201, **settings):
        answer = self.admin.post("/v1/connections", {"kind": "test_crm", "name": "x", "secret": {"client_secret": SECRET, "private_key": key},
                                                     "settings": provider.settings(grant="jwt", subject=SUBJECT) | settings})
        self.assertEqual(answer.status, outcome, answer.data)
        return answer

    def test_an_app_signs_with_its_key(self):
        connection = self.signs(provider.key).json
        self.assertEqual((connection["health"]["state"], connection["authorization"]["state"]), ("ok", "app"))
        world.expire(connection["id"])
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10), "urn:ietf:params:oauth:grant-type:jwt-bearer")
        self.assertEqual((outcome, asked), ({"ok": 30}, 1))

    def test_keys_are_taken_in_every_spelling_of_theirs_and_no_others(self):
        for key in (provider.key.replace("\n", " "), provider.key.replace("\n", "\r\n"), f"Bag Attributes\n{provider.key}\n",
                    openssl("rsa", "-traditional", data=provider.key.encode()).decode()):
            self.signs(key)
        encrypted = openssl("pkcs8", "-topk8", "-passout", "pass:x", data=provider.key.encode()).decode()
        public = openssl("pkey", "-pubout", data=provider.key.encode()).decode()
        short = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024").decode()
        curve = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256").decode()
        cut = provider.key[:200] + provider.key[-30:]
        for key in ("x", encrypted, public, short, curve, cut, "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----"):
            answer = self.signs(key, 422)
            self.assertEqual(answer.json["errors"][0]["pointer"], "/secret/private_key", key[:40])
        self.assertEqual(self.signs(provider.key, 422, subject="").json["errors"][0]["pointer"], "/settings/subject")
        self.assertEqual(self.signs(provider.key, 422, grant="saml").json["errors"][0]["pointer"], "/settings/grant")

    def test_an_app_with_anothers_key_is_not_kept(self):
        self.assertEqual(self.signs(second.key, 409).slug, "crm-reauthorise")
        self.assertEqual(self.signs(provider.key, 409, subject="chefin@muster.example").slug, "crm-reauthorise")

    def test_a_private_apps_token_needs_no_consent(self):
        settings = {key: value for key, value in provider.settings().items() if key != "client_id"}
        connection = add(self.admin, settings, secret={"access_token": "private-app"})
        self.assertEqual((connection["health"]["state"], connection["authorization"]), ("ok", None))

    def test_users_see_health_but_no_grant_and_may_not_connect(self):
        connection, user = connect(self.admin, provider), world.sign_in("user@one.example")
        self.assertIsNone(user.get(f"/v1/connections/{connection['id']}").json["authorization"])
        for verb in ("authorize", "disconnect"):
            self.assertEqual(user.post(f"/v1/connections/{connection['id']}/{verb}").status, 403)


class Renewal(Case):
    def test_thirty_callers_with_an_expired_token_make_one_request(self):
        connection = connect(self.admin, provider)
        world.expire(connection["id"])
        provider.delay = 0.5
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10))
        self.assertEqual((outcome, asked), ({"ok": 30}, 1))

    def test_thirty_callers_whose_token_is_refused_make_one_request(self):
        connection = connect(self.admin, provider)
        provider.access.clear()
        world.sql("update kartei.oauth_tokens set renewed_at = now() - interval '1 hour'")
        provider.delay = 0.5
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10))
        self.assertEqual((outcome, asked), ({"ok": 30}, 1))

    def test_the_judge_convicts_callers_that_do_not_wait_for_each_other(self):
        """The control: the same provider, asked by thirty who each renew by themselves."""
        family = {"over": False, "scope": "", "now": "canary-refresh-control"}
        provider.refresh["canary-refresh-control"], provider.delay = family, 0.2
        body = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": family["now"], "client_id": CLIENT, "client_secret": SECRET}).encode()

        def renew(_):
            try:
                return urllib.request.urlopen(f"{provider.base}/token", body, timeout=20).status
            except urllib.error.HTTPError as error:
                return error.code

        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            answers, asked = self.counted(lambda: list(pool.map(renew, range(30))))
        self.assertEqual((asked, answers.count(200), family["over"]), (30, 1, True))

    def test_a_token_is_renewed_before_its_end(self):
        connection = connect(self.admin, provider)
        world.sql("update kartei.oauth_tokens set renew_at = now() - interval '1 s'")
        self.assertEqual(self.counted(lambda: self.call(connection)), ({"ok": 1}, 1))

    def test_the_answer_lost_after_rotation_asks_for_a_person_once(self):
        connection = connect(self.admin, provider)
        world.expire(connection["id"])
        provider.mode = "lost"
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10))
        self.assertEqual((outcome, asked), ({"crm-unreachable": 30}, 1))
        self.assertEqual(self.fetch(connection)["health"]["state"], "down")
        self.assertEqual(self.counted(lambda: self.call(connection, 1, 10)), ({"crm-unreachable": 10}, 0))  # cool-down
        world.rest_over(connection["id"])
        outcome, asked = self.counted(lambda: self.call(connection, 3, 10))
        self.assertEqual((outcome, asked), ({"crm-reauthorise": 30}, 1))
        for _ in range(3):
            self.assertEqual(self.counted(lambda: self.call(connection, 1, 10)), ({"crm-reauthorise": 10}, 0))
        now = self.fetch(connection)
        self.assertEqual((now["health"]["state"], now["authorization"]["state"]), ("reauthorise", "ended"))
        self.assertEqual(world.events(connection["id"], "reauthorise"), 1)
        self.assertEqual(world.sql(f"select access is null and refresh is null from kartei.oauth_tokens where connection_id = '{connection['id']}'"), "t")
        back(self.admin, provider.consent(begin(self.admin, connection))[1])
        self.assertEqual((self.fetch(connection)["health"]["state"], self.call(connection)), ("ok", {"ok": 1}))

    def test_what_passes_by_itself_never_asks_for_a_person(self):
        connection = connect(self.admin, provider)
        for mode in ("503", "500", "429", "html", "html200", "html400", "empty", "redirect", "array", "crlf", "mac", "no-token", "list", "negative",
                     "huge", "invalid_request"):
            with self.subTest(mode):
                world.expire(connection["id"])
                provider.mode = f"always-{mode}"
                outcome, asked = self.counted(lambda: self.call(connection, 1, 4))
                self.assertEqual((outcome, asked), ({"crm-unreachable": 4}, 1))
                self.assertEqual(self.fetch(connection)["authorization"]["state"], "granted")
                self.assertEqual(self.fetch(connection)["health"]["state"], "down")
                world.rest_over(connection["id"])
                provider.mode = None
                self.assertEqual(self.call(connection), {"ok": 1})
        self.assertEqual(world.events(connection["id"], "reauthorise"), 0)

    def test_pauses_grow_and_end_with_success(self):
        connection = connect(self.admin, provider)
        provider.mode, pauses = "always-503", []
        for _ in range(4):
            world.expire(connection["id"])
            world.rest_over(connection["id"])
            self.call(connection)
            pauses.append(float(world.sql(f"select extract(epoch from retry_at - now()) from kartei.oauth_tokens where connection_id = '{connection['id']}'")))
        self.assertTrue(all(later > 1.5 * earlier for earlier, later in zip(pauses, pauses[1:])), pauses)
        provider.mode = None
        world.rest_over(connection["id"])
        self.call(connection)
        self.assertEqual(world.sql(f"select failures, retry_at is null from kartei.oauth_tokens where connection_id = '{connection['id']}'"), "0|t")

    def test_refusals_without_a_known_reason_ask_for_a_person_after_the_fourth(self):
        connection = connect(self.admin, provider)
        world.expire(connection["id"])
        provider.mode, outcomes = "always-invalid_request", []
        for _ in range(5):
            outcomes += self.call(connection)
            world.rest_over(connection["id"])
        self.assertEqual(outcomes, ["crm-unreachable"] * 3 + ["crm-reauthorise"] * 2)
        self.assertEqual(world.events(connection["id"], "reauthorise"), 1)

    def test_a_token_with_life_left_bridges_a_failure(self):
        connection = connect(self.admin, provider)
        world.sql("update kartei.oauth_tokens set renew_at = now() - interval '1 s'")
        provider.mode = "always-503"
        self.assertEqual(self.counted(lambda: self.call(connection, 1, 5)), ({"ok": 5}, 1))

    def test_only_the_words_of_the_standard_end_a_grant(self):
        for mode in ("invalid_grant", "200-error"):
            connection = connect(self.admin, provider)
            world.expire(connection["id"])
            provider.mode = mode
            self.assertEqual(self.call(connection), {"crm-reauthorise": 1}, mode)
            self.assertNotIn("script", str(self.fetch(connection)))

    def test_a_crm_that_refuses_fresh_tokens_makes_no_storm_and_asks_nobody(self):
        connection = connect(self.admin, provider)
        provider.access.clear()  # fresh, and refused
        outcome, asked = self.counted(lambda: self.call(connection, 2, 10))
        self.assertEqual((outcome, asked), ({"crm-unreachable": 20}, 0))
        self.assertEqual(self.fetch(connection)["authorization"]["state"], "granted")


class Parting(Case):
    def test_disconnecting_erases_at_once_and_gives_back(self):
        connection = connect(self.admin, provider)
        answer = self.admin.post(f"/v1/connections/{connection['id']}/disconnect")
        self.assertEqual((answer.status, answer.json["revoked"], answer.json["connection"]["health"]["state"]), (200, "done", "consent"))
        self.assertEqual(world.sql(f"select count(*) from kartei.oauth_tokens where connection_id = '{connection['id']}'"), "0")
        self.assertEqual([token.split("-")[1] for token in provider.revoked[-2:]], ["refresh", "access"])
        self.assertEqual(self.counted(lambda: self.call(connection)), ({"crm-reauthorise": 1}, 0))

    def test_a_provider_that_does_not_confirm_is_told_and_nothing_stays(self):
        connection = connect(self.admin, provider)
        provider.mode = "revoke-503"
        answer = self.admin.post(f"/v1/connections/{connection['id']}/disconnect")
        self.assertEqual(answer.json["revoked"], "failed")
        self.assertEqual(world.sql(f"select count(*) from kartei.oauth_tokens where connection_id = '{connection['id']}'"), "0")

    def test_removing_gives_back_too(self):
        connection = connect(self.admin, provider)
        _, asked = self.counted(lambda: self.assertEqual(204, self.admin.delete(f"/v1/connections/{connection['id']}", if_match=f'"v{connection["version"]}"').status), "revoke")
        self.assertEqual(asked, 2)

    def test_the_built_in_address_book_stays(self):
        book = next(one for one in self.admin.get("/v1/connections").json["items"] if one["kind"] == "address_book")
        answer = self.admin.delete(f"/v1/connections/{book['id']}", if_match=f'"v{book["version"]}"')
        self.assertEqual((answer.status, answer.slug), (409, "conflict"))
        self.assertIn("stays", answer.json["detail"])
        self.assertEqual(self.admin.get(f"/v1/connections/{book['id']}").status, 200)
        self.assertEqual(self.admin.post(f"/v1/connections/{book['id']}/disconnect").status, 409)

    def test_tokens_serve_no_other_provider_app_or_address(self):
        with Provider() as other:
            world_allows = {"url": f"{other.base}/crm", "authorize": f"{other.base}/authorize", "token": f"{other.base}/token", "client_id": "other-app"}
            for name, value in world_allows.items():
                connection = connect(self.admin, provider)
                settings = {**connection["settings"], name: value if name == "client_id" else value.replace(str(other.port), str(second.port))}
                answer = self.admin.patch(f"/v1/connections/{connection['id']}", {"settings": settings, "secret": {"client_secret": SECRET}},
                                          if_match=f'"v{connection["version"]}"')
                self.assertEqual((answer.status, answer.json["health"]["state"]), (200, "consent"), name)
                self.assertEqual(self.call(connection), {"crm-reauthorise": 1})
        self.assertEqual(second.seen, [])

    def test_another_name_keeps_the_grant(self):
        connection = connect(self.admin, provider)
        answer = self.admin.patch(f"/v1/connections/{connection['id']}", {"name": "Neu"}, if_match=f'"v{connection["version"]}"')
        self.assertEqual((answer.json["name"], answer.json["health"]["state"]), ("Neu", "ok"))

    def test_a_new_secret_of_an_ended_grant_waits_for_consent(self):
        connection = connect(self.admin, provider)
        world.expire(connection["id"])
        provider.mode = "invalid_grant"
        self.call(connection)
        answer = self.admin.patch(f"/v1/connections/{connection['id']}", {"secret": {"client_secret": SECRET}},
                                  if_match=f'"v{connection["version"]}"')
        self.assertEqual((answer.status, answer.json["health"]["state"]), (200, "reauthorise"))


class Secrets(Case):
    """Last, after all the noise above: where did tokens, codes and the secret go?"""

    def everything(self):
        signer = "|".join(re.escape(line) for line in provider.key.splitlines()[3:5])
        return subprocess.run(["grep", "-rlaE", f"canary-(access|refresh|code|client|mac|neg)|{signer}", str(world.folder)], capture_output=True, text=True).stdout.split()

    def test_no_log_no_table_no_file_holds_one(self):
        connect(self.admin, provider)
        world.sql("checkpoint")
        self.assertEqual(self.everything(), [])

    def test_a_log_that_held_one_would_be_found(self):
        trap = world.folder / "trap.log"
        trap.write_text(f"token {next(iter(provider.canaries))}\n")
        self.assertEqual(self.everything(), [str(trap)])
        trap.unlink()

    def test_no_answer_of_the_api_holds_one(self):
        connection = connect(self.admin, provider)
        provider.mode = "always-invalid_request"
        world.expire(connection["id"])
        said = [self.admin.get(path).data.decode() for path in ("/v1/connections", f"/v1/connections/{connection['id']}", "/v1/connectors")]
        said += [self.admin.post(f"/v1/connections/{connection['id']}/test").data.decode()]
        said += [back(self.admin, provider.consent(begin(self.admin, connection))[1]).data.decode()]
        for text in said:
            self.assertNotRegex(text, "canary-")

    def test_another_host_learns_none(self):
        """A token endpoint and a CRM that redirect to another host: it is never asked."""
        connection = connect(self.admin, provider)
        provider.mode = "redirect"
        world.expire(connection["id"])
        self.call(connection)
        self.assertEqual(second.seen, [])

    def test_a_token_moved_to_another_row_does_not_open(self):
        first, other = connect(self.admin, provider), connect(self.admin, provider)
        world.sql(f"update kartei.oauth_tokens set access = (select access from kartei.oauth_tokens where connection_id = '{first['id']}') "
                  f"where connection_id = '{other['id']}'")
        self.assertEqual(self.call(other), {"seal-broken": 1})
        world.sql(f"delete from kartei.oauth_tokens where connection_id = '{other['id']}'")


if __name__ == "__main__":
    with Provider() as provider, Provider() as second, World([f"127.0.0.1:{one.port}" for one in (provider, second)]) as world:
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
