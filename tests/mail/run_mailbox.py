#!/usr/bin/python3
"""Mailboxes against a real Dovecot: from the form to the suggestion, who sees it, what is never fetched, and that nothing changes there."""
import re
import sys
import time
import unittest

from mails import mail, person
from world import World, wait_for


class Mailbox(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mailbox = world.connect()
        cls.n = 0

    def deliver(self, *mails):
        """And waits until all have been looked at."""
        world.mail.deliver("anna@test.example", *mails)
        type(self).n += len(mails)
        return world.looked(self.mailbox, self.n)

    def named(self, who, client=None):
        return [c for c in world.contacts(client) if any(e["value"] == who["email"] for e in c["contact"]["emails"])]

    def matched(self, who):
        """The suggestion once it was compared: until then its version moves on by itself."""
        return wait_for(lambda: [c for c in self.named(who) if c["state"] == "matched"])[0]

    def test_1_a_mail_becomes_a_suggestion_within_five_seconds(self):
        who, start = person(1), time.monotonic()
        world.mail.deliver("anna@test.example", mail(1, who))
        type(self).n += 1
        found = wait_for(lambda: self.named(who), 10, 0.05)[0]
        took = time.monotonic() - start
        print(f"suggestion after {took:.2f} s", flush=True)
        self.assertLess(took, 5)
        self.assertEqual("signature", found["source"]["kind"])
        self.assertTrue(found["source"]["suggested_at"])
        self.assertEqual((who["last"], who["first"], world.list), (found["contact"]["family_name"], found["contact"]["given_name"], found["list_id"]))
        matched = self.matched(who)
        self.assertEqual("new", matched["verdict"]["kind"])

    def test_2_the_same_signature_again_suggests_nothing_and_news_extend_what_waits(self):
        who = person(2)
        self.deliver(mail(2, who), mail(3, who))
        self.assertEqual(1, len(self.named(who)))
        self.deliver(mail(4, {**who, "phone": "+49 171 5550000"}))
        found = self.named(who)
        self.assertEqual(1, len(found))
        self.assertEqual({"+4917155500" + "00", "+49931" + str(4100000 + 2)}, {p["value"] for p in found[0]["contact"]["phones"]})

    def test_3_administrators_see_state_and_counts_only(self):
        who = person(5)
        self.deliver(mail(5, who))
        self.assertEqual(1, len(self.named(who)))
        self.assertEqual([], self.named(who, world.admin))
        contact = self.matched(who)
        self.assertEqual(404, world.admin.get(f"/v1/contacts/{contact['id']}")[0])
        seen = world.admin.get(f"/v1/mailboxes/{self.mailbox['id']}")[2]
        self.assertFalse(seen["own"])
        self.assertGreaterEqual(seen["looked"], 1)
        self.assertEqual([None] * 4, [seen[k] for k in ("name", "settings", "list_id", "authorization")])
        self.assertEqual([], seen["excluded"])
        self.assertNotIn("secret-1", str(world.get(self.mailbox)) + str(seen))
        # Taken up, it is a contact like any other, which administrators may see.
        status, _, kept = world.anna.request("PATCH", f"/v1/contacts/{contact['id']}", {}, {"If-Match": f'"v{contact["version"]}"'})
        self.assertEqual((200, None), (status, kept["source"]["suggested_at"]), kept)
        self.assertEqual(1, len(self.named(who, world.admin)))

    def test_4_rejected_it_is_gone_for_good_and_does_not_come_again(self):
        who = person(6)
        self.deliver(mail(6, who))
        contact = self.matched(who)
        status, _, said = world.anna.request("DELETE", f"/v1/contacts/{contact['id']}", None, {"If-Match": f'"v{contact["version"]}"'})
        self.assertEqual(204, status, said)
        self.assertEqual(404, world.anna.get(f"/v1/contacts/{contact['id']}")[0])
        self.assertEqual([], world.anna.get("/v1/contacts?deleted=true")[2]["items"])
        self.deliver(mail(7, who))
        self.assertEqual([], self.named(who))

    def test_5_of_excluded_senders_only_header_fields_are_fetched(self):
        world.change(self.mailbox, excluded=["test.example", "chef@bank.example", "bücher.example"])
        before = len(world.mail.log)
        looked = world.get(self.mailbox)["looked"]
        senders = ["karl@test.example", "KARL@SUB.Test.EXAMPLE", "Chef+neu@Bank.example", "info@xn--bcher-kva.example",
                   "lektor@mail.bücher.example"]
        mails = [mail(20 + i, person(20 + i), sender) for i, sender in enumerate(senders)]
        mails.append(mail(30, person(30)).replace(b"From:", b"Sender: x@test.example\r\nFrom:", 1))
        now = self.deliver(*mails)
        self.assertEqual(looked, now["looked"])
        wait_for(lambda: "Logged out" in world.mail.log[before:])
        ended = re.findall(r"imap\(anna@test\.example\).*Logged out.* body_count=(\d+) body_bytes=(\d+)", world.mail.log[before:])
        self.assertTrue(ended)
        self.assertEqual({("0", "0")}, set(ended))
        who = person(31)
        self.deliver(mail(31, who, "chef2@bank.example"))  # the judge: another address of the bank is read
        self.assertEqual(looked + 1, world.get(self.mailbox)["looked"])
        wait_for(lambda: re.search(r"body_count=1 ", world.mail.log[before:]))

    def test_6_lists_and_programs_are_not_read(self):
        looked = world.get(self.mailbox)["looked"]
        self.deliver(mail(40).replace(b"From:", b"List-Id: <news.example>\r\nFrom:", 1),
                     mail(41).replace(b"From:", b"Auto-Submitted: auto-replied\r\nFrom:", 1))
        self.assertEqual(looked, world.get(self.mailbox)["looked"])

    def test_7_without_a_list_it_pauses(self):
        world.change(self.mailbox, list_id="")
        self.assertTrue(world.get(self.mailbox)["paused"])
        self.assertEqual(409, world.anna.post(f"/v1/mailboxes/{self.mailbox['id']}/check")[0])
        who = person(50)
        world.mail.deliver("anna@test.example", mail(50, who))
        time.sleep(2)
        self.assertEqual([], self.named(who))
        world.change(self.mailbox, list_id=world.list)
        type(self).n += 1
        world.looked(self.mailbox, self.n)
        self.assertEqual(1, len(self.named(who)))

    def test_8_after_a_restart_and_under_new_numbers_nothing_is_missed(self):
        world.mail.stop()
        world.mail.start()
        who = person(60)
        world.mail.deliver("anna@test.example", mail(60, who))
        wait_for(lambda: self.named(who), 60)
        world.mail.new_uid_validity()
        who = person(61)
        world.mail.deliver("anna@test.example", mail(61, who))
        wait_for(lambda: self.named(who), 60)
        known = len(world.contacts())
        time.sleep(1)
        self.assertEqual(known, len(world.contacts()), "what was known has come again")

    def test_9_nothing_changes_in_the_mailbox(self):
        before = world.mail.state()
        self.assertEqual(202, world.anna.post(f"/v1/mailboxes/{self.mailbox['id']}/check")[0])
        time.sleep(2)
        self.assertEqual(before, world.mail.state())
        self.assertNotIn("\\Seen", str(before))


class Doors(unittest.TestCase):
    """What is refused when a mailbox is connected."""

    def refused(self, form, *slugs):
        status, _, said = world.anna.post("/v1/mailboxes", form)
        self.assertIn(said.get("type", "").rsplit("/", 1)[-1], slugs, said)
        self.assertGreaterEqual(status, 400)

    def test_a_wrong_password(self):
        self.refused({**world.form(), "secret": {"password": "wrong"}}, "mailbox-sign-in")

    def test_addresses_that_are_not_for_us(self):
        for host, port in (("localhost", "25"), ("127.0.0.1", "993"), ("10.0.0.1", "993"), ("[::1]", "993"), ("0x7f.1", "993"),
                           ("169.254.169.254", "993"), ("imap.example", "22"), ("a b", "993"), ("x\r\nA1 LOGOUT", "993")):
            with self.subTest(host):
                self.refused(world.form(host=host, port=port), "host-refused", "invalid-input")

    def test_starttls_works_and_plain_does_not_exist(self):
        status, _, made = world.anna.post("/v1/mailboxes", world.form(port=str(world.mail.starttls), security="starttls"))
        self.assertEqual(201, status, made)
        self.refused(world.form(port=str(world.mail.starttls), security="none"), "invalid-input")
        self.refused(world.form(port=str(world.mail.starttls)), "mailbox-unreachable")  # TLS towards a port that waits for STARTTLS
        status, _, _ = world.anna.request("DELETE", f"/v1/mailboxes/{made['id']}", None, {"If-Match": f'"v{made["version"]}"'})
        self.assertEqual(204, status)

    def test_a_kept_password_goes_to_no_other_server(self):
        made = world.anna.post("/v1/mailboxes", {**world.form(), "list_id": ""})[2]
        other = world.form(host="imap.other.example")["settings"]
        status, _, said = world.anna.request("PATCH", f"/v1/mailboxes/{made['id']}", {"settings": other}, {"If-Match": '"v1"'})
        self.assertEqual((422, "/secret/password"), (status, said["errors"][0]["pointer"]), said)

    def test_unknown_fields_and_kinds(self):
        self.refused({**world.form(), "kind": "pop3"}, "invalid-input")
        self.refused(world.form(secret="x"), "invalid-input")
        self.refused({**world.form(), "excluded": ["no domain"]}, "invalid-input")
        self.refused(world.form(address="nobody"), "invalid-input")

    def test_mailboxes_are_no_crms(self):
        status, _, said = world.admin.post("/v1/connections", {"kind": "imap", "name": "x", "settings": {}, "secret": {}})
        self.assertEqual(404, status, said)
        made = world.anna.post("/v1/mailboxes", {**world.form(), "list_id": ""})[2]
        self.assertNotIn(made["id"], str(world.admin.get("/v1/connections")[2]))
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/pull"), ("POST", "/disconnect")):
            status, _, _ = world.admin.request(method, f"/v1/connections/{made['id']}{path}", None,
                                               {"If-Match": '"v1"', "Idempotency-Key": f"k{method}{path}"})
            self.assertEqual(404, status, method + path)


if __name__ == "__main__":
    with World() as world:
        outcome = unittest.main(exit=False, verbosity=2).result
    sys.exit(not outcome.wasSuccessful())
