#!/usr/bin/python3
"""Attacks on getting in without an account (T16, T17): signing up by domain, and codes of invitations, on a real Postfix and Dovecot.
KARTEI_GUESSES=20000 guesses longer, KARTEI_PAIRS=500 looks closer. Each judge is shown to convict (Controls).
"""
import base64
import itertools
import os
import re
import secrets
import sys
import unittest

from judge import LIMIT, addresses, alike, at_once, flipped, welch
from world import World, app_code

GUESSES = int(os.environ.get("KARTEI_GUESSES", "300"))
PAIRS = int(os.environ.get("KARTEI_PAIRS", "12"))
RACERS = 200
MAILBOXES = [f"n{n:02}@test.example" for n in range(40)]
PASSWORD = "correct horse battery staple"
NAME = "Nele Tester"
fresh = iter(MAILBOXES)


def users():
    """How many users there are, of all organisations."""
    return int(world.server.sql("select count(*) from kartei.users"))


def newest():
    return tuple(world.server.sql("select role, state from kartei.users order by created_at desc limit 1").split("|"))


def code_of():
    """Of the form of a code, and of none."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def mutation(path, body):
    answer = world.admin.post(path, body)
    assert answer.status == 201, answer.data
    return answer.json


def invite(**more):
    return mutation("/v1/invitations", more)


def redeem(code, address, browser=None, **more):
    browser = browser or world.browser(address=next(where))
    return browser.post("/sign-in/invitation", code=code, email=address, name=NAME, **more)


where = addresses("198.18.10")


class SignUp(unittest.TestCase):
    def ask(self, browser, address):
        return world.ask_link(browser, address, world.sign_up, name=NAME)

    def test_who_may_becomes_a_user_with_the_role_and_a_fresh_session(self):
        browser, address, before = world.browser(address=next(where)), next(fresh), users()
        browser.cookies["__Host-kartei"] = planted = "A" * 43
        path, _ = self.ask(browser, address)
        self.assertTrue(path.startswith("/confirm/"))
        self.assertEqual(users(), before, "nobody before the address is confirmed")
        for method in ("GET", "HEAD") * 5:
            self.assertEqual(world.browser(address=next(where)).request(method, path).status, 200)
        self.assertEqual(world.browser(address=next(where)).post(path).status, 422, "another browser")
        page = browser.post(path)
        self.assertEqual((page.status, browser.signed_in, users(), newest()), (303, True, before + 1, ("reporter", "active")))
        self.assertNotEqual(browser.cookies["__Host-kartei"], planted)
        self.assertEqual(browser.post(path).status, 401, "a second use")
        told = [one["action"] for one in world.admin.get("/v1/audit?limit=10").json["items"]]
        self.assertIn("user.create", told)
        print("T17: 10 fetches ahead, 1 post without cookie: sign-up still good; planted cookie not adopted; second use refused")

    def test_a_session_that_was_there_ends(self):
        browser = world.browser(address=next(where))
        self.assertEqual(browser.post("/sign-in", email="carl@test.example", password=PASSWORD).status, 303)
        former = browser.cookies["__Host-kartei"]
        path, _ = self.ask(browser, next(fresh))
        self.assertEqual(browser.post(path).status, 303)
        old = world.browser()
        old.cookies["__Host-kartei"] = former
        self.assertEqual((old.signed_in, browser.signed_in), (False, True))

    def test_the_code_of_the_asking_browser_opens_it_elsewhere_and_five_wrong_ones_end_it(self):
        address = next(fresh)
        path, code = self.ask(world.browser(address=next(where)), address)
        wrong = f"{(int(code.replace(' ', '')) + 1) % 1000000:06}"
        phone = world.browser(address=next(where))
        self.assertEqual(phone.post(path, code=wrong).status, 422)
        self.assertEqual((phone.post(path, code=code).status, phone.signed_in), (303, True))
        path, code = self.ask(world.browser(address=next(where)), next(fresh))
        wrong = f"{(int(code.replace(' ', '')) + 1) % 1000000:06}"
        self.assertEqual([world.browser(address=next(where)).post(path, code=wrong).status for _ in range(6)], [422] * 5 + [401])

    def test_older_tampered_late_and_foreign_links_are_refused(self):
        browser, address = world.browser(address=next(where)), next(fresh)
        older, _ = self.ask(browser, address)
        path, _ = self.ask(browser, address)
        before = users()
        statuses = set()
        bits = [bit for bit in range(72 * 8) if bit < 256 or bit >= 320]
        for tried in (older, "/login/" + path.split("/")[2], *(flipped(path, bit) for bit in bits)):
            browser.address = next(where)
            statuses.add(browser.post(tried).status)
        late = world.faketime_api("+601s")
        browser.path, there = late, browser.path
        statuses.add(browser.post(path).status)
        browser.path = there
        self.assertEqual((statuses, users()), ({401}, before))
        self.assertEqual(browser.post(path).status, 303, "untouched and in time it is good")
        link, _ = world.ask_link(browser, address)
        self.assertEqual(browser.post("/confirm/" + link.split("/")[2]).status, 401, "a link to sign in confirms nothing")
        print(f"T17: older, late, of another kind, {len(bits)} bits flipped: 0 accepted")

    def test_a_domain_that_is_withdrawn_takes_its_sign_ups_along(self):
        domain = mutation("/v1/sign-up-domains", {"domain": "sub.test.example"})
        world.server.sql("update kartei.sign_up_domains set role = 'user' where id = '%s'" % domain["id"])
        browser, address = world.browser(address=next(where)), next(fresh)
        path, _ = self.ask(browser, address)
        world.server.sql("update kartei.sign_ups set domain_id = '%s' where invitation_id is null" % domain["id"])
        self.assertEqual(world.admin.delete("/v1/sign-up-domains/" + domain["id"]).status, 204)
        self.assertEqual(browser.post(path).status, 401)

    def test_who_has_an_account_gets_a_link_to_sign_in(self):
        browser, before = world.browser(address=next(where)), users()
        path, _ = self.ask(browser, "carl@test.example")
        self.assertTrue(path.startswith("/login/"))
        self.assertEqual((browser.post(path).status, browser.signed_in, users()), (303, True, before))

    def test_nothing_says_whether_organisation_domain_or_address_is_known(self):
        world.fresh_limits()
        nowhere = "/sign-up/01935a3e-7c1e-7000-8000-000000000001"
        kinds = {
            "domain": ((world.sign_up, "x{}@test.example"), (world.sign_up, "x{}@else.example")),
            "address": ((world.sign_up, "carl@test.example"), (world.sign_up, "corl@test.example")),
            "organisation": ((world.sign_up, "y{}@none.example"), (nowhere, "y{}@none.example"))}
        for what, asked in kinds.items():
            def ask(kind, n):
                path, address = asked[kind]
                return world.browser(address=next(where)).post(path, email=address.format(n % 10), name=NAME)
            shapes, t, said = alike(ask, PAIRS, lambda n: n % 4 or world.fresh_limits())
            self.assertEqual(len(shapes), 1, (what, shapes))
            self.assertLess(t, LIMIT, what)
            print(f"T16: {PAIRS} pairs of known and unknown ({what}) at sign-up: same status and length, {said}")

    def test_who_may_not_gets_no_mail(self):
        """The worker goes through the notes one after the other: what was asked before is done when the last mail is there."""
        world.fresh_limits()
        for path, address in ((world.sign_up, "anna@elsewhere.example"), ("/sign-up/01935a3e-7c1e-7000-8000-000000000001", "anna@test.example")):
            self.assertEqual(world.browser(address=next(where)).post(path, email=address, name=NAME).status, 200)
        last = world.server.sql("select coalesce(max(id::text), '') from kartei.sign_ups")
        path, _ = self.ask(world.browser(address=next(where)), next(fresh))
        self.assertEqual(world.server.sql(f"select count(*) from kartei.sign_ups where id::text > '{last}'"), "1")
        self.assertEqual(world.mails("anna@test.example"), [])

    def test_of_two_hundred_at_once_one_becomes_the_user(self):
        browser, before = world.browser(address=next(where)), users()
        path, _ = self.ask(browser, next(fresh))
        racers = [world.browser(address=next(where)) for _ in range(RACERS)]
        for racer in racers:
            racer.cookies = dict(browser.cookies)
        statuses = at_once(lambda racer: racer.post(path).status, racers)
        self.assertEqual((statuses.count(303), statuses.count(401), users()), (1, RACERS - 1, before + 1))
        print(f"T17: {RACERS} confirmations at once: 1 user, 1 session")

    def test_a_factor_that_the_role_needs_is_set_up_first(self):
        policy = world.admin.get("/v1/sign-in-policy")
        world.admin.patch("/v1/sign-in-policy", {"second_factor_roles": ["reporter"]}, if_match=policy.headers["ETag"])
        self.addCleanup(lambda: world.admin.patch("/v1/sign-in-policy", {"second_factor_roles": []},
                                                  if_match=world.admin.get("/v1/sign-in-policy").headers["ETag"]))
        browser = world.browser(address=next(where))
        path, _ = self.ask(browser, next(fresh))
        self.assertEqual((browser.post(path).location, browser.signed_in), ("/sign-in/enrolment?next=/", False))
        page = browser.post("/sign-in/enrolment", next="/")
        secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.text)[1].replace(" ", "")
        self.assertEqual(browser.post("/sign-in/enrolment/code", code=app_code(secret), next="/").status, 200)
        self.assertTrue(browser.signed_in)

    def test_only_domains_of_an_organisation_and_roles_below_administrator(self):
        for body in ({"domain": "gmail.com"}, {"domain": "co.uk"}, {"domain": "de"}, {"domain": "not a domain"}, {"domain": ""},
                     {"domain": "good.example", "role": "admin"}, {"domain": "good.example", "role": "support"}):
            self.assertEqual(world.admin.post("/v1/sign-up-domains", body).status, 422, body)
        self.assertEqual(world.admin.post("/v1/sign-up-domains", {"domain": " Test.Example "}).status, 409)
        two = world.server.sign_in("admin@two.example")
        self.assertEqual(two.post("/v1/sign-up-domains", {"domain": "test.example"}).status, 201, "it goes by the organisation's address")
        self.assertEqual(world.server.sign_in("user@one.example").post("/v1/sign-up-domains", {"domain": "good.example"}).status, 403)


class Invitations(unittest.TestCase):
    def test_a_code_is_shown_once_and_mailed_and_gives_its_address_the_role(self):
        address, browser = next(fresh), world.browser(address=next(where))
        made = invite(email=address, role="template_curator")
        self.assertRegex(made["code"], r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$")
        self.assertEqual((made["mailed"], made["uses"], made["state"]), (True, 1, "open"))
        mail = world.next_mail(address, 0)
        text = mail.get_body(("plain",)).get_content()
        self.assertIn(made["code"], text)
        self.assertIn("/sign-in/invitation", text)
        self.assertNotIn(made["code"], mail["Subject"])
        listed = world.admin.get("/v1/invitations")
        self.assertNotIn(made["code"].encode(), listed.data)
        self.assertNotIn(made["code"].replace("-", ""), world.server.sql("select * from kartei.invitations"))
        page = redeem(made["code"].lower().replace("-", " "), address.upper().replace("TEST.EXAMPLE", "test.example"), browser, password=PASSWORD)
        self.assertEqual((page.status, browser.signed_in, newest()), (303, True, ("template_curator", "active")))
        self.assertEqual([one["state"] for one in world.admin.get("/v1/invitations").json["items"] if one["id"] == made["id"]], ["used"])
        again = world.browser(address=next(where))
        self.assertEqual(again.post("/sign-in", email=address, password=PASSWORD).status, 303, "the password is theirs")

    def test_what_does_not_hold_gets_one_answer(self):
        used, over, revoked, others = (invite(email=f"x{n}@test.example") for n in range(4))
        self.assertEqual(redeem(used["code"], "x0@test.example").status, 303)
        world.server.sql("update kartei.invitations set expires_at = now(), created_at = now() - interval '7 days' where id = '%s'" % over["id"])
        self.assertEqual(world.admin.delete("/v1/invitations/" + revoked["id"]).status, 204)
        self.assertEqual(world.admin.delete("/v1/invitations/" + revoked["id"]).status, 404)
        before = users()
        pages = [redeem(used["code"], "x9@test.example"), redeem(over["code"], "x1@test.example"), redeem(revoked["code"], "x2@test.example"),
                 redeem(others["code"], "x4@test.example"), redeem(code_of(), "x5@test.example"), redeem("A", "x6@test.example")]
        bodies = {re.sub(r"x\d@test", "x@test", page.text) for page in pages}
        self.assertEqual(({page.status for page in pages}, len(bodies), users()), ({401}, 1, before))
        print("T16: used, over, revoked, another's, unknown and malformed codes: one answer, byte for byte")

    def test_a_code_for_anybody_or_a_domain_asks_for_the_address_first(self):
        for bound in ({}, {"domain": "test.example"}):
            made, before = invite(uses=2, **bound), users()
            browser, address = world.browser(address=next(where)), next(fresh)
            path, _ = world.ask_link(browser, address, "/sign-in/invitation", code=made["code"], name=NAME)
            self.assertEqual((users(), browser.signed_in), (before, False))
            self.assertEqual((browser.post(path).status, users(), newest()), (303, before + 1, ("user", "active")))
        self.assertEqual(redeem(made["code"], "anna@elsewhere.example").status, 401, "another domain")

    def test_of_those_who_confirm_by_one_code_one_gets_in(self):
        made, before = invite(), users()
        links = []
        for _ in range(4):
            browser = world.browser(address=next(where))
            links.append((browser, world.ask_link(browser, next(fresh), "/sign-in/invitation", code=made["code"], name=NAME)[0]))
        statuses = at_once(lambda one: one[0].post(one[1]).status, links)
        self.assertEqual((sorted(statuses), users()), ([303, 401, 401, 401], before + 1))

    def test_of_two_hundred_at_once_one_gets_in(self):
        world.fresh_limits()
        made, before = invite(email="race@test.example"), users()
        statuses = at_once(lambda racer: redeem(made["code"], "race@test.example", racer).status,
                           [world.browser(address=next(where)) for _ in range(RACERS)])
        self.assertEqual((statuses.count(303), statuses.count(401), users()), (1, RACERS - 1, before + 1))
        print(f"T16: {RACERS} redemptions of one code at once: 1 user")

    def test_what_cannot_be_made(self):
        for body in ({"role": "admin"}, {"role": "support"}, {"uses": 1001}, {"uses": -1}, {"days": 91}, {"email": "no address"},
                     {"email": "a@test.example", "domain": "test.example"}, {"domain": "gmail.com"}, {"email": "a@test.example", "uses": 2}):
            self.assertEqual(world.admin.post("/v1/invitations", body).status, 422, body)
        self.assertEqual(redeem(code_of(), "not an address").status, 422)


    def test_without_a_mail_server_the_address_is_named_and_a_password_set(self):
        world.server.restart_api(KARTEI_SMTP_HOST="")
        self.addCleanup(world.server.restart_api, KARTEI_SMTP_HOST="localhost")
        self.assertEqual(world.admin.post("/v1/invitations", {}).status, 422)
        self.assertEqual(world.browser().get(world.sign_up).status, 404)
        made, browser = invite(email="quiet@test.example"), world.browser(address=next(where))
        self.assertFalse(made["mailed"])
        self.assertIn('name="password"', browser.get("/sign-in/invitation").text)
        self.assertEqual([redeem(made["code"], "quiet@test.example", browser, password=word).status
                          for word in ("", "too short", "quiet tester password", PASSWORD)], [422, 422, 422, 303])
        self.assertTrue(browser.signed_in)


class Guessing(unittest.TestCase):
    def test_codes_are_guessed_in_vain_and_slowly(self):
        world.fresh_limits()
        invite(email="guess@test.example")
        stranger, before = world.browser(address="192.0.2.77"), users()
        statuses = [redeem(code_of(), "guess@test.example", stranger).status for _ in range(15)]
        self.assertEqual(statuses, [401] * 10 + [429] * 5)
        world.restart_api()
        self.assertEqual(redeem(code_of(), "guess@test.example", stranger).status, 429, "over a restart")
        many = at_once(lambda n: redeem(code_of(), "guess@test.example", world.browser(address=f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")).status,
                       range(GUESSES), 4)
        looked = statuses.count(401) + many.count(401)
        self.assertEqual((set(many) <= {401, 429}, looked <= 1000, users()), (True, True, before))
        print(f"T16: {GUESSES + 16} guesses of a code from {GUESSES + 1} addresses: {looked} reached a lookup, 0 successes")
        world.fresh_limits()

    def test_known_and_unknown_codes_take_the_same_time(self):
        """A code that was revoked is in the table: its answer is that of one that never was."""
        world.fresh_limits()
        made = invite(email="timing@test.example")
        world.admin.delete("/v1/invitations/" + made["id"])

        def ask(kind, n):
            return redeem((made["code"], code_of())[kind], "timing@test.example")
        shapes, t, said = alike(ask, PAIRS, lambda n: n % 100 or world.fresh_limits())
        self.assertEqual(len(shapes), 1, shapes)
        self.assertLess(t, LIMIT)
        print(f"T16: {PAIRS} pairs of revoked and unknown codes: same status and length, {said}")

    def test_one_organisation_cannot_be_flooded(self):
        world.fresh_limits()
        two = world.server.sign_in("admin@two.example").get("/v1/session").json["org"]["id"]
        statuses = at_once(lambda n: world.browser(address=f"10.9.{n >> 8}.{n & 255}").post(
            "/sign-up/" + two, email=f"f{n}@none.example", name=NAME).status, range(310), 4)
        self.assertEqual((statuses.count(200), statuses.count(429)), (300, 10))
        self.assertEqual(world.browser(address=next(where)).post(world.sign_up, email="f@none.example", name=NAME).status, 200, "others go on")
        print("T16: 310 sign-ups at one organisation from 310 addresses: 300 taken, others go on")
        world.fresh_limits()


class Controls(unittest.TestCase):
    """The judges convict, and count what is there."""

    def test_a_difference_in_time_is_seen(self):
        self.assertGreater(welch([1.0, 1.1, 1.0, 1.1], [1.5, 1.6, 1.5, 1.6]), LIMIT)

    def race(self, made):
        """Four people confirm by one code at once; the statuses, sorted, and how many users came of it."""
        world.fresh_limits()
        links, before = [], users()
        for address in itertools.islice(fresh, 4):
            browser = world.browser(address=next(where))
            links.append((browser, world.ask_link(browser, address, "/sign-in/invitation", code=made["code"], name=NAME)[0]))
        statuses = at_once(lambda one: one[0].post(one[1]).status, links)
        return sorted(statuses), users() - before

    def test_a_code_of_three_uses_lets_three_in(self):
        self.assertEqual(self.race(invite(uses=3)), ([303, 303, 303, 401], 3))

    def test_uses_that_do_not_count_are_seen(self):
        """Planted: the database forgets that a use was taken."""
        world.server.sql("create function kartei.forget() returns trigger language plpgsql as 'begin new.used := old.used; return new; end'; "
                         "create trigger forget before update on kartei.invitations for each row execute function kartei.forget()")
        self.addCleanup(world.server.sql, "drop trigger forget on kartei.invitations; drop function kartei.forget()")
        self.assertEqual(self.race(invite()), ([303, 303, 303, 303], 4))

    def test_a_lookup_that_forgets_revocation_is_seen(self):
        """Planted: the door's function without its conditions, and the row as if nobody had revoked it when its use is taken."""
        good = world.server.sql("select pg_get_functiondef('kartei.guard_invitation(bytea)'::regprocedure)")
        self.addCleanup(world.server.sql, good)
        made = invite(email="hole@test.example")
        world.admin.delete("/v1/invitations/" + made["id"])
        world.server.sql(good.split("where")[0] + "where i.code_hash = p_code_hash $function$")
        self.assertEqual(redeem(made["code"], "hole@test.example").status, 401, "the use itself asks again")
        world.server.sql("update kartei.invitations set revoked_at = null where id = '%s'" % made["id"])
        self.assertEqual(redeem(made["code"], "hole@test.example").status, 303)


if __name__ == "__main__":
    with World(people=MAILBOXES) as world:
        world.carl = world.user("carl@test.example", password=PASSWORD)
        world.sign_up = mutation("/v1/sign-up-domains", {"domain": "test.example", "role": "reporter"})["sign_up_url"]
        world.sign_up = "/sign-up/" + world.sign_up.rsplit("/", 1)[1]
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
