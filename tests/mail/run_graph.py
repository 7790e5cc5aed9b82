#!/usr/bin/python3
"""A mailbox of Microsoft 365 against a strict fake (graph.py): consent, subscription, notifications, gaps, throttling; and that nothing but
the new mail is fetched, and nothing but subscriptions is written."""
import email.utils
import html
import re
import sys
import time
import unittest

from graph_login import SCOPES
from graph_world import World, wait_for
from mails import PLACES, canary, mail, person

DELTA = r"/v1\.0/me/mailFolders/inbox/messages/delta\?.*"
SUBSCRIPTIONS = r"/v1\.0/subscriptions(/.*)?"


def plain(page):
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


class Consent(unittest.TestCase):
    """Paused mailboxes: what is granted is looked at, no mail."""

    def setUp(self):
        world.graph.login.policy, world.graph.login.admin_consented, world.graph.login.grant = "user", False, None
        self.mailbox = world.create(list_id="")

    def tearDown(self):
        world.graph.login.policy, world.graph.login.grant = "user", None
        world.remove(self.mailbox)

    def tokens(self):
        return world.sql(f"select count(*) from oauth_tokens where connection_id = '{self.mailbox['id']}' and access is not null")

    def test_an_administrator_consents_and_the_owner_goes_on(self):
        world.graph.login.policy = "admin"
        status, page = world.consent(self.mailbox)
        self.assertEqual(200, status)
        self.assertIn("administrator", plain(page).lower())
        waits = world.get(self.mailbox)
        self.assertEqual(("needed", None), (waits["authorization"]["state"], waits["admin_consent"]["given_at"]))
        url = waits["admin_consent"]["url"]
        self.assertIn(url, plain(page))
        self.assertEqual("0", self.tokens())
        # Nobody else can say that it was given: another mailbox's name under this mark, no mark, an organisation that is not there.
        answer = world.graph.login.admin(url)
        state = answer[1]["state"]
        head, org, box, mark = state.split(".")
        other = "0193e0b0-0000-7000-8000-000000000000"
        for forged in (f"{head}.{org}.{box}.{mark[:-1]}{'A' if mark[-1] != 'A' else 'B'}", f"{head}.{org}.{box}.", f"{head}.{other}.{box}.{mark}",
                       f"{head}.{org}.{other}.{mark}", f"{head}.{org}.{box}", head + ".", f"{head}.x.y.z"):
            with self.subTest(forged):
                self.assertGreaterEqual(world.back(world.kartei.client(), (answer[0], {**answer[1], "state": forged}))[0], 400)
        self.assertIsNone(world.get(self.mailbox)["admin_consent"]["given_at"])
        # An administrator says no, then yes; from another browser, without an account here.
        status, page = world.back(world.kartei.client(), world.graph.login.admin(url, "no"))
        self.assertEqual((200, None), (status, world.get(self.mailbox)["admin_consent"]["given_at"]))
        status, page = world.back(world.kartei.client(), world.graph.login.admin(url))
        self.assertEqual(200, status)
        self.assertNotIn("anna", page)
        self.assertTrue(world.get(self.mailbox)["admin_consent"]["given_at"])
        # The owner goes on where she was.
        status, page = world.consent(self.mailbox)
        self.assertEqual(200, status, page)
        done = world.get(self.mailbox)
        self.assertEqual(("granted", None), (done["authorization"]["state"], done["admin_consent"]))
        self.assertEqual([], world.graph.login.wrong)

    def test_codes_of_the_provider_mean_what_they_mean(self):
        for error, code, asks in (("consent_required", "AADSTS65001", True), ("access_denied", "AADSTS90094", True), ("access_denied", "AADSTS900941", True),
                                  ("invalid_request", "AADSTS900945", False), ("access_denied", "AADSTS65004", False), ("server_error", "AADSTS90033", False)):
            with self.subTest(code):
                address, given = world.graph.login.consent(world.authorize(self.mailbox))
                world.back(world.anna, (address, {"state": given["state"], "error": error, "error_description": f"{code}: words. <script>"}))
                self.assertEqual(asks, world.get(self.mailbox)["admin_consent"] is not None)
                world.sql("update mailboxes set admin_asked_at = null")

    def test_said_at_the_token_endpoint_it_counts_too(self):
        world.graph.login.refuses = (400, {"error": "invalid_grant", "error_description": "AADSTS65001: The user or administrator has not consented",
                                           "suberror": "consent_required"}, {})
        try:
            status, page = world.consent(self.mailbox)
        finally:
            world.graph.login.refuses = None
        self.assertEqual(200, status)
        self.assertIn(world.get(self.mailbox)["admin_consent"]["url"], plain(page))

    def test_declined_is_said_and_nothing_is_kept(self):
        world.graph.login.policy = "declined"
        status, page = world.consent(self.mailbox)
        self.assertGreaterEqual(status, 400)
        self.assertEqual(("0", None), (self.tokens(), world.get(self.mailbox)["admin_consent"]))

    def test_exactly_three_permissions(self):
        world.graph.login.grant = ["https://graph.microsoft.com/Mail.Read", "https://graph.microsoft.com/User.Read", "offline_access", "openid", "profile", "email"]
        self.assertEqual(200, world.consent(self.mailbox)[0])
        grant = world.get(self.mailbox)["authorization"]
        self.assertEqual(SCOPES, [scope["name"] for scope in grant["scopes"]])
        self.assertEqual(([], [True] * 3), (grant["too_many"], [scope["granted"] for scope in grant["scopes"]]))

    def test_fewer_are_refused(self):
        for missing in SCOPES:
            with self.subTest(missing):
                world.graph.login.grant = [scope for scope in SCOPES if scope != missing]
                status, page = world.consent(self.mailbox)
                self.assertGreaterEqual(status, 400)
                self.assertIn(missing, plain(page))
                self.assertEqual(("0", "needed"), (self.tokens(), world.get(self.mailbox)["authorization"]["state"]))
        world.graph.login.grant = ["Mail.ReadWrite", "User.Read", "offline_access"]  # more is not the same
        self.assertGreaterEqual(world.consent(self.mailbox)[0], 400)

    def test_more_are_a_warning(self):
        world.graph.login.grant = [*SCOPES, "Mail.ReadWrite", "https://graph.microsoft.com/Mail.Send"]
        status, page = world.consent(self.mailbox)
        self.assertEqual(200, status)
        self.assertIn("mehr erlaubt", plain(page))
        self.assertEqual(["Mail.ReadWrite", "Mail.Send"], world.get(self.mailbox)["authorization"]["too_many"])

    def test_google_asks_for_imap_alone_and_says_why(self):
        kinds = {kind["kind"]: kind for kind in world.anna.get("/v1/mailbox-kinds")[2]["kinds"]}
        self.assertEqual([("https://mail.google.com/", "scope.google_mail")],
                         [(scope["name"], scope["reason_key"]) for scope in kinds["google_mail"]["oauth"]["scopes"]])
        mailbox = world.create(kind="google_mail", list_id="", settings={"address": "anna@gmail.com", "client_id": "app"})
        url = world.authorize(mailbox)
        self.assertTrue(url.startswith("https://accounts.google.com/o/oauth2/v2/auth?"))
        self.assertIn("scope=https%3A%2F%2Fmail.google.com%2F&", url)
        self.assertIn("code_challenge_method=S256", url)
        world.remove(mailbox)


class News(unittest.TestCase):
    """One mailbox that is told of new mail."""

    @classmethod
    def setUpClass(cls):
        cls.mailbox = world.connect()
        wait_for(lambda: world.get(cls.mailbox)["checked_at"] and world.get(cls.mailbox)["watching"])
        cls.n = 100

    def fresh(self, sender=None, change=lambda mime: mime):
        """A mail that was not there before, and who sent it."""
        type(self).n += 1
        who = person(self.n)
        return change(mail(self.n, who, sender)), who

    def suggested(self, who):
        return wait_for(lambda: world.named(who))

    def test_01_the_subscription_is_made_as_it_should_be(self):
        self.assertEqual([(True, 200, "text/plain")] * 2, [row[1:] for row in world.graph.handshakes])
        row = world.graph.subscribed()
        self.assertTrue(row["notificationUrl"].endswith(f"/hooks/microsoft/{self.mailbox['id']}"))
        life, half = world.sql("select extract(epoch from expires_at - now()) / 60, extract(epoch from renew_at - now()) / 60 from mailbox_subscriptions").split("|")
        self.assertTrue(9000 < float(life) <= 10070)
        self.assertTrue(0 < float(half) < float(life) - 1440, "it is renewed more than a day before its end")
        self.assertNotIn(row["clientState"], world.sql("select * from mailbox_subscriptions"))
        self.assertIn(world.get(self.mailbox)["health"]["state"], ("ok",))

    def test_02_a_mail_becomes_a_suggestion_and_nothing_else_is_fetched(self):
        mime, who = self.fresh()
        world.graph.inbox.add(mail(1))  # nobody tells of this one
        bodies, looks, started = len(world.graph.bodies()), len(world.graph.count("GET", DELTA)), time.monotonic()
        number = world.graph.deliver(mime)[0]
        found = self.suggested(who)[0]
        print(f"suggestion after {time.monotonic() - started:.2f} s", flush=True)
        self.assertEqual(("signature", world.list), (found["source"]["kind"], found["list_id"]))
        world.idle()
        self.assertEqual([number], world.graph.bodies()[bodies:])
        self.assertEqual(looks, len(world.graph.count("GET", DELTA)))
        took, status = world.graph.told[-1]
        self.assertEqual(202, status)
        self.assertLess(took, 3)
        self.assertEqual([f"/v1.0/me/messages/{number}{tail}" for tail in ("?%24select=from%2Csender%2CreplyTo", "?%24select=internetMessageHeaders", "/$value")],
                         [row[1] for row in world.graph.seen if number in row[1]])

    def test_03_told_twice_it_is_fetched_once_and_what_nobody_told_of_is_found(self):
        bodies = len(world.graph.bodies())
        mime, who = self.fresh()
        number = world.graph.deliver(mime, again=3)[0]
        self.suggested(who)
        world.idle()
        self.assertEqual([number], world.graph.bodies()[bodies:])
        untold = next(iter(world.graph.inbox.mails))
        world.check(self.mailbox)
        wait_for(lambda: untold in world.graph.bodies())
        world.idle()
        self.assertEqual([number, untold], world.graph.bodies()[bodies:])
        row = world.graph.subscribed()
        world.graph.tell(row["notificationUrl"], world.graph.created(row, untold))  # late
        time.sleep(0.5)
        world.idle()
        self.assertEqual([number, untold], world.graph.bodies()[bodies:])

    def test_04_forged_ones_are_dropped(self):
        row, url = world.graph.subscribed(), world.graph.subscribed()["notificationUrl"]
        number = world.graph.deliver(self.fresh()[0], tell=False)[0]
        true = world.graph.created(row, number)
        before = len(world.graph.seen)
        forged = [{**true, "clientState": row["clientState"][:-1] + ("A" if row["clientState"][-1] != "A" else "B")},
                  {**true, "clientState": row["clientState"][:-1]}, {**true, "clientState": ""}, {k: v for k, v in true.items() if k != "clientState"},
                  {**true, "subscriptionId": "7f105c7d-2dc5-4530-97cd-000000000000"}, {**true, "subscriptionId": "' or 1=1 --"},
                  {**true, "changeType": "deleted"}, {k: v for k, v in true.items() if k != "resourceData"}, {**true, "resourceData": {"id": "../../me"}},
                  world.graph.item({**row, "clientState": "x"}, lifecycleEvent="subscriptionRemoved"),
                  world.graph.item({**row, "clientState": "x"}, lifecycleEvent="reauthorizationRequired")]
        for one in forged:
            self.assertEqual(202, world.graph.tell(url, one))
        for body in (b"", b"{}", b"[]", b"no JSON", b'{"value":1}', b'{"value":[1]}'):
            self.assertIn(world.graph.post(url, body, "application/json")[0], (400, 422), body)
        time.sleep(1)
        world.idle()
        self.assertEqual(before, len(world.graph.seen))
        self.assertEqual("1", world.sql("select count(*) from mailbox_subscriptions"))
        self.assertEqual(202, world.graph.tell(url, *forged, true))  # the judge: the true one among them counts
        wait_for(lambda: number in world.graph.bodies())

    def test_05_of_excluded_senders_nothing_but_the_sender_is_fetched(self):
        world.change(self.mailbox, excluded=["muster.example", "chef@bank.example", "bücher.example"])
        world.idle()
        before, bodies, now = len(world.graph.seen), len(world.graph.bodies()), world.get(self.mailbox)
        senders = ["karl@muster.example", "KARL@SUB.Muster.EXAMPLE", "Chef+neu@Bank.example", "info@xn--bcher-kva.example"]
        mimes = [self.fresh(sender)[0] for sender in senders]
        mimes += [self.fresh(change=lambda mime: mime.replace(b"From:", b"Sender: x@muster.example\r\nFrom:", 1))[0],
                  self.fresh(change=lambda mime: mime.replace(b"From:", b"Reply-To: x@muster.example\r\nFrom:", 1))[0]]
        numbers = world.graph.deliver(*mimes)
        world.looked(now, len(numbers))
        untold = [self.fresh(sender)[0] for sender in senders[:2]]
        numbers += world.graph.deliver(*untold, tell=False)
        world.check(self.mailbox)  # the delta query finds them
        world.looked(now, len(numbers))
        world.idle()
        asked = [row[1] for row in world.graph.seen[before:]]
        self.assertEqual([], [world.graph.inbox.mails[number]["from"] for number in world.graph.bodies()[bodies:]])
        for number in numbers:
            self.assertEqual([], [path for path in asked if number in path and not path.endswith("?%24select=from%2Csender%2CreplyTo")])
        self.assertEqual(len(numbers), world.get(self.mailbox)["header_only"] - now["header_only"])
        mime, who = self.fresh("chef2@bank.example")  # the judge: another address of the bank is read
        number = world.graph.deliver(mime)[0]
        wait_for(lambda: number in world.graph.bodies())
        world.change(self.mailbox, excluded=[])

    def test_06_lists_and_programs_are_not_read(self):
        bodies, now = len(world.graph.bodies()), world.get(self.mailbox)
        world.graph.deliver(self.fresh(change=lambda mime: mime.replace(b"From:", b"List-Id: <news.example>\r\nFrom:", 1))[0],
                            self.fresh(change=lambda mime: mime.replace(b"From:", b"Auto-Submitted: auto-replied\r\nFrom:", 1))[0])
        now = world.looked(now, 2)
        world.idle()
        self.assertEqual(bodies, len(world.graph.bodies()))

    def test_07_lifecycle_events(self):
        row = world.graph.subscribed()
        renewed = len(world.graph.count("PATCH", SUBSCRIPTIONS))
        self.assertEqual(202, world.graph.lifecycle("reauthorizationRequired"))
        wait_for(lambda: len(world.graph.count("PATCH", SUBSCRIPTIONS)) > renewed)
        self.assertEqual(row["id"], world.graph.subscribed()["id"])
        world.idle()
        mime, who = self.fresh()
        world.graph.deliver(mime, tell=False)
        world.graph.lifecycle("missed")
        self.suggested(who)
        world.idle()
        mime, who = self.fresh()
        world.graph.deliver(mime, tell=False)
        world.graph.lifecycle("subscriptionRemoved")
        self.suggested(who)
        again = wait_for(world.graph.subscribed)
        self.assertNotEqual(row["id"], again["id"])
        self.assertNotEqual(row["clientState"], again["clientState"])
        mime, who = self.fresh()
        world.graph.deliver(mime)
        self.suggested(who)

    def test_08_it_is_renewed_before_its_end_and_made_anew_after_it(self):
        row = world.graph.subscribed()
        world.sql("update mailbox_subscriptions set renew_at = now() - interval '1 second', expires_at = now() + interval '2 days'")
        renewed = len(world.graph.count("PATCH", SUBSCRIPTIONS))
        world.sweep()
        wait_for(lambda: len(world.graph.count("PATCH", SUBSCRIPTIONS)) > renewed)
        wait_for(lambda: float(world.sql("select extract(epoch from expires_at - now()) / 60 from mailbox_subscriptions")) > 9000)
        world.idle()
        self.assertEqual(renewed + 1, len(world.graph.count("PATCH", SUBSCRIPTIONS)))
        # A week without us: it is gone there, and mail came meanwhile.
        row["expirationDateTime"] = "2026-01-01T00:00:00.0000000Z"
        world.sql("update mailbox_subscriptions set renew_at = now() - interval '4 days', expires_at = now() - interval '1 day'")
        self.assertFalse(world.get(self.mailbox)["watching"])
        mime, who = self.fresh()
        world.graph.deliver(mime)
        world.sweep()
        self.suggested(who)
        self.assertNotEqual(row["id"], wait_for(world.graph.subscribed)["id"])
        wait_for(lambda: world.get(self.mailbox)["watching"])

    def test_09_nobody_calls_before_retry_after_is_over(self):
        for text, seconds, status in (("1", 1, 429), ("2.128", 2.128, 429), ("date", 2, 503), ("", 0.5, 429)):
            with self.subTest(text):
                world.idle()
                if text == "date":
                    ends = int(time.time()) + 3
                    text, seconds = email.utils.formatdate(ends, usegmt=True), ends - time.time()
                world.graph.busy(seconds, text, status, "ErrorServerBusy" if status == 503 else "ApplicationThrottled")
                mime, who = self.fresh()
                started = time.monotonic()
                world.graph.deliver(mime)
                wait_for(lambda: world.graph.throttled and world.graph.throttled[0])
                world.check(self.mailbox)  # somebody is impatient
                self.assertEqual(200, world.anna.post(f"/v1/mailboxes/{self.mailbox['id']}/test")[0])
                world.graph.deliver(self.fresh()[0])
                self.suggested(who)
                self.assertGreaterEqual(time.monotonic() - started, seconds)
                self.assertEqual([], world.graph.wrong)
                self.assertEqual("ok", world.get(self.mailbox)["health"]["state"])

    def test_10_a_link_that_is_forgotten_is_begun_anew(self):
        world.idle()
        bodies, looks = len(world.graph.bodies()), len(world.graph.count("GET", DELTA))
        mime, who = self.fresh()
        number = world.graph.deliver(mime, tell=False)[0]
        world.graph.forgotten = True
        world.check(self.mailbox)
        self.suggested(who)
        world.idle()
        self.assertFalse(world.graph.forgotten)
        self.assertTrue([row[1] for row in world.graph.count("GET", DELTA)[looks:] if "filter=receivedDateTime" in row[1]])
        self.assertEqual([number], world.graph.bodies()[bodies:], "what was known has been fetched again")

    def test_11_a_token_that_has_ended_is_renewed(self):
        refreshed = world.graph.login.refreshed
        world.graph.login.end()
        world.sql("update oauth_tokens set renewed_at = now() - interval '1 hour'")
        mime, who = self.fresh()
        world.graph.deliver(mime)
        self.suggested(who)
        self.assertEqual(refreshed + 1, world.graph.login.refreshed)

    def test_12_of_a_large_mail_the_first_part_is_fetched(self):
        mime, who = self.fresh(change=lambda mime: mime.replace(b"--B1--", b"--B1\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 5_000_000 + b"\r\n--B1--"))
        world.graph.deliver(mime)
        self.suggested(who)

    def test_13_a_lost_answer_and_a_service_with_shorter_lives(self):
        world.idle()
        world.graph.lost = 1
        world.graph.lifecycle("subscriptionRemoved")
        wait_for(lambda: world.graph.lost == 0)
        world.idle()
        lost = world.graph.subscribed()["id"]
        self.assertTrue(world.get(self.mailbox)["unreached"])
        world.check(self.mailbox)
        wait_for(lambda: world.get(self.mailbox)["watching"])
        self.assertNotIn(lost, world.graph.subscriptions)
        world.idle()
        world.graph.most_minutes = 4230
        world.graph.lifecycle("subscriptionRemoved")
        wait_for(lambda: world.get(self.mailbox)["watching"] and world.graph.subscribed())
        self.assertLess(float(world.sql("select extract(epoch from expires_at - now()) / 60 from mailbox_subscriptions")), 4230)
        world.graph.most_minutes = 10070
        world.idle()

    def test_13_consented_again_the_subscription_is_looked_after(self):
        old = world.graph.subscribed()["id"]
        del world.graph.subscriptions[old]  # Microsoft ends it with the old consent, and tells nobody
        mime, who = self.fresh()
        world.graph.deliver(mime)
        self.assertEqual(200, world.consent(self.mailbox)[0])
        self.suggested(who)
        self.assertNotEqual(old, wait_for(world.graph.subscribed)["id"])
        world.idle()

    def test_14_paused_it_is_not_told_of_anything(self):
        world.change(self.mailbox, list_id="")
        wait_for(lambda: not world.graph.subscribed())
        bodies = len(world.graph.bodies())
        mime, who = self.fresh()
        world.graph.deliver(mime)
        time.sleep(0.5)
        self.assertEqual(bodies, len(world.graph.bodies()))
        world.change(self.mailbox, list_id=world.list)
        self.suggested(who)
        wait_for(world.graph.subscribed)

    def test_15_without_a_public_address_the_delta_query_is_all(self):
        world.tell_at("")
        world.restart()
        world.check(self.mailbox)
        wait_for(lambda: not world.graph.subscribed())
        made = len(world.graph.count("POST", SUBSCRIPTIONS))
        mime, who = self.fresh()
        world.graph.deliver(mime)
        world.sql("update mailboxes set checked_at = now() - interval '16 minutes'")
        world.sweep()
        self.suggested(who)
        world.idle()
        self.assertEqual(made, len(world.graph.count("POST", SUBSCRIPTIONS)))
        self.assertFalse(world.get(self.mailbox)["watching"] or world.get(self.mailbox)["unreached"])
        world.tell_at(f"https://localhost:{world.kartei.port}")
        world.restart()
        world.check(self.mailbox)
        wait_for(lambda: world.get(self.mailbox)["watching"])

    def test_16_nothing_but_subscriptions_was_ever_written(self):
        world.idle()
        written = {(row[0], row[1].split("/")[2]) for row in world.graph.seen if row[0] != "GET"}
        self.assertEqual({("POST", "subscriptions"), ("PATCH", "subscriptions"), ("DELETE", "subscriptions")}, written)
        self.assertFalse([m for m in world.graph.inbox.mails.values() if m["isRead"]])
        self.assertEqual(([], []), (world.graph.wrong, world.graph.login.wrong))
        self.assertEqual(set(), world.graph.contract.violations)
        self.assertGreater(world.graph.contract.seen, 100)

    def test_17_nothing_of_any_mail_is_kept(self):
        world.sql("checkpoint")
        marks = [canary(n, place).encode() for n in range(101, self.n + 1) for place in PLACES]
        secrets = [SECRETS.encode() for SECRETS in (world.graph.subscribed()["clientState"], "canary-access-", "canary-refresh-", "canary-code-")]
        known = re.compile(b"|".join(map(re.escape, [*marks, *secrets])))
        files = [path for path in World_files() if path.is_file()]
        found = {path.name: hit[0][:24] for path in files if (hit := known.search(path.read_bytes()))}
        self.assertEqual({}, found)
        self.assertGreater(len(files), 500)
        self.assertTrue(known.search(b"xx" + marks[0]))  # the judge

    def test_18_removed_it_is_not_told_of_anything(self):
        self.assertTrue(world.graph.subscribed())
        world.remove(self.mailbox)
        self.assertIsNone(world.graph.subscribed())
        self.assertEqual("0", world.sql("select count(*) from mailbox_messages") + world.sql("select count(*) from mailbox_subscriptions").replace("0", ""))


def World_files():
    import pathlib
    return pathlib.Path(world.kartei.folder).rglob("*")


if __name__ == "__main__":
    with World() as world:
        result = unittest.main(exit=False, verbosity=2, warnings="ignore").result
    sys.exit(not result.wasSuccessful())
