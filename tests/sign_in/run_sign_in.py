#!/usr/bin/python3
"""Attacks on signing in, with counts printed: guessing, codes used twice, who has an account, fixation, foreign forms (T16), and links by
mail (T17), on a real Postfix and Dovecot. KARTEI_GUESSES=100000 guesses longer. Each judge is shown to convict (Controls).
"""
import os
import re
import subprocess
import sys
import unittest

from judge import LIMIT, addresses, alike, at_once, flipped, welch
from world import ORIGIN, World, app_code

GUESSES = int(os.environ.get("KARTEI_GUESSES", "40"))
PAIRS = int(os.environ.get("KARTEI_PAIRS", "12"))
PASSWORD = "correct horse battery staple"


class Links(unittest.TestCase):
    def test_who_fetches_ahead_or_in_another_browser_uses_nothing_up(self):
        browser, where = world.browser(), addresses()
        path, code = world.ask_link(browser, "anna@test.example")
        for method in ("GET", "HEAD") * 5:
            self.assertEqual(world.browser(address=next(where)).request(method, path).status, 200)
        scanner = world.browser(address=next(where))
        self.assertEqual(scanner.post(path).status, 422, "a browser with script, but without the cookie")
        self.assertEqual(scanner.post(path, code="000000" if code != "000 000" else "111111").status, 422)
        self.assertFalse(scanner.signed_in)
        page = browser.post(path)
        self.assertEqual((page.status, browser.signed_in), (303, True))
        self.assertEqual(browser.post(path).status, 401, "a second use")
        print("T17: 10 fetches ahead, 2 posts without cookie: link still good; second use refused")

    def test_the_code_of_the_asking_browser_opens_it_elsewhere_once(self):
        browser, phone = world.browser(), world.browser(address="203.0.113.77")
        path, code = world.ask_link(browser, "anna@test.example")
        self.assertEqual(phone.post(path).status, 422)
        self.assertEqual((phone.post(path, code=code).status, phone.signed_in), (303, True))
        self.assertEqual(browser.post(path).status, 401)

    def test_five_wrong_codes_end_it(self):
        browser, where = world.browser(), addresses("198.18.0")
        path, code = world.ask_link(browser, "bert@test.example")
        wrong = f"{(int(code.replace(' ', '')) + 1) % 1000000:06}"
        self.assertEqual([world.browser(address=next(where)).post(path, code=wrong).status for _ in range(6)], [422] * 5 + [401])
        self.assertEqual(browser.post(path).status, 401)

    def test_older_changed_tampered_and_late_ones_are_refused(self):
        browser, where = world.browser(), addresses("198.18.1")
        older, _ = world.ask_link(browser, "bert@test.example")
        path, _ = world.ask_link(browser, "bert@test.example")
        self.assertEqual(browser.post(older).status, 401, "an older link")
        tries = [bit for bit in range(72 * 8) if bit < 256 or bit >= 320]
        statuses = set()
        for bit in tries:
            browser.address = next(where)
            statuses.add(browser.post(flipped(path, bit)).status)
        self.assertEqual(statuses, {401})
        late = world.faketime_api("+601s")
        browser.path, there = late, browser.path
        self.assertEqual(browser.post(path).status, 401, "10 min + 1 s")
        browser.path = there
        world.server.sql("update kartei.users set email_hash = email_hash || 'x' where id = '%s'" % world.bert)
        self.assertEqual(browser.post(path).status, 401, "another address")
        world.server.sql("update kartei.users set email_hash = substr(email_hash, 1, 32) where id = '%s'" % world.bert)
        self.assertEqual(browser.post(path).status, 303, "untouched, in time, with its address it is good")
        print(f"T17: older, late, changed address refused; {len(tries)} bits of token and signature flipped: 0 accepted")

    def test_of_two_hundred_at_once_one_gets_in(self):
        browser = world.browser()
        path, _ = world.ask_link(browser, "anna@test.example")
        racers = []
        for where in (a for a, _ in zip(addresses("198.18.2"), range(200))):
            racers.append(world.browser(address=where))
            racers[-1].cookies = dict(browser.cookies)
        statuses = at_once(lambda racer: racer.post(path).status, racers)
        self.assertEqual((statuses.count(303), statuses.count(401)), (1, 199))
        print("T17: 200 posts at once: 1 session")


class Guessing(unittest.TestCase):
    def test_guesses_end_at_the_limit_and_the_true_user_signs_in_elsewhere(self):
        stranger, home = world.browser(address="192.0.2.66"), world.browser(address="192.0.2.1")
        self.assertEqual(home.post("/sign-in", email="carl@test.example", password=PASSWORD).status, 303)
        statuses = [stranger.post("/sign-in", email="carl@test.example", password=f"wrong guess number {n}").status for n in range(GUESSES)]
        self.assertEqual(statuses, [401] * 10 + [429] * (GUESSES - 10))
        self.assertEqual(world.browser(address="192.0.2.1").post("/sign-in", email="carl@test.example", password=PASSWORD).status, 303)
        world.restart_api()
        self.assertEqual(stranger.post("/sign-in", email="carl@test.example", password=PASSWORD).status, 429, "over a restart")
        refused = world.admin.get("/v1/audit?action=session.refused&address=192.0.2.66").json["items"]
        self.assertTrue(refused, "the trail keeps whose guesses they were")
        print(f"T16: {GUESSES} guesses of a password: {statuses.count(401)} reached the hash")

    def test_known_and_unknown_addresses_answer_alike(self):
        where = addresses("198.18.4")
        shapes, t, said = alike(lambda kind, n: world.browser(address=next(where)).post(
            "/sign-in", email=("bert@test.example", f"bort{n % 10}@test.example")[kind], password="not this one, surely"), PAIRS,
            before=lambda n: n % 50 == 49 and world.fresh_limits())  # no limit answers instead
        self.assertEqual(len(shapes), 1, shapes)
        self.assertLess(t, LIMIT)
        links = {(p.status, len(p.data)) for p in (world.browser(address=next(where)).post("/sign-in/link", email=e)
                                                   for e in ("carl@test.example", "corl@test.example"))}
        self.assertEqual(len(links), 1, links)
        print(f"T16: {PAIRS} pairs of known and unknown addresses: same status and length, {said}")

    def test_a_required_factor_is_set_up_asked_for_and_taken_once(self):
        policy = world.admin.get("/v1/sign-in-policy")
        changed = world.admin.patch("/v1/sign-in-policy", {"second_factor_roles": ["reporter"]}, if_match=policy.headers["ETag"])
        self.assertEqual(changed.status, 200, changed.data)
        world.user("dora@test.example", role="reporter", password="vuxolm 9")  # short is enough with a second factor
        browser = world.browser(address="192.0.2.9")
        self.assertEqual(browser.post("/sign-in", email="dora@test.example", password="vuxolm 9").location, "/sign-in/enrolment?next=/")
        self.assertFalse(browser.signed_in)
        page = browser.post("/sign-in/enrolment", next="/")
        secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.text)[1].replace(" ", "")
        page = browser.post("/sign-in/enrolment/code", code=app_code(secret), next="/")
        recovery = re.findall(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>", page.text)
        self.assertEqual((page.status, len(recovery), browser.signed_in), (200, 10, True))
        spent = app_code(secret)
        second = self.half_in()
        self.assertEqual(second.post("/sign-in/second-factor", code=spent).status, 422, "the same step once more")
        self.assertEqual(second.post("/sign-in/second-factor", code=recovery[0]).status, 303)
        third = self.half_in()
        self.assertEqual(third.post("/sign-in/second-factor", code=recovery[0]).status, 422, "a used recovery code")
        statuses = [third.post("/sign-in/second-factor", code=f"{n:06}").status for n in range(GUESSES)]
        self.assertEqual(statuses, [422] * 4 + [429] * (GUESSES - 4))
        print(f"T16: {GUESSES} guesses of a code: 5 looked at with the one before; step and recovery code taken once")

    def half_in(self):
        browser = world.browser(address="192.0.2.9")
        self.assertEqual(browser.post("/sign-in", email="dora@test.example", password="vuxolm 9").location, "/sign-in/second-factor?next=/")
        self.assertFalse(browser.signed_in)
        return browser

    def test_a_planted_cookie_is_not_adopted_and_the_former_session_ends(self):
        browser = world.browser(address="192.0.2.1")
        browser.cookies["__Host-kartei"] = planted = "A" * 43
        self.assertEqual(browser.post("/sign-in", email="carl@test.example", password=PASSWORD).status, 303)
        former = browser.cookies["__Host-kartei"]
        self.assertNotEqual(former, planted)
        self.assertEqual(browser.post("/sign-in", email="carl@test.example", password=PASSWORD).status, 303)
        old = world.browser(address="192.0.2.1")
        old.cookies["__Host-kartei"] = former
        self.assertEqual((old.signed_in, browser.signed_in), (False, True))

    def test_no_form_of_another_site_is_taken(self):
        table = subprocess.run([world.server.build / "services/kartei-api", "--document", "routes"], check=True, capture_output=True, text=True).stdout
        forms = [p for p in re.findall(r"POST \| `?(/(?:sign-in|sign-up|login|confirm)[^` |]*)", table) if "callback" not in p]
        self.assertGreaterEqual(len(forms), 8, table[:300])
        for path in forms:
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example", "Sec-Fetch-Site": None}):
                real = path.replace("{token}", "x" * 96).replace("{id}", "01935a3e-7c1e-7000-8000-000000000001")
                self.assertEqual(world.browser().request("POST", real, {}, headers).status, 403, (path, headers))
        print(f"T16: {len(forms)} forms x 3 foreign origins: all refused")


class Controls(unittest.TestCase):
    """The judges convict."""

    def test_a_difference_in_time_is_seen(self):
        self.assertGreater(welch([1.0, 1.1, 1.0, 1.1], [1.5, 1.6, 1.5, 1.6]), LIMIT)

    def test_an_untouched_link_is_one_flip_away(self):
        path = "/login/" + "A" * 96
        self.assertEqual(flipped(flipped(path, 77), 77), path)
        self.assertNotEqual(flipped(path, 77), path)

    def test_our_own_form_is_taken(self):
        self.assertEqual(world.browser().request("POST", "/sign-in", {}, {"Origin": ORIGIN}).status, 401)


if __name__ == "__main__":
    with World() as world:
        world.anna, world.bert = world.user("anna@test.example"), world.user("bert@test.example")
        world.carl = world.user("carl@test.example", password=PASSWORD)
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
