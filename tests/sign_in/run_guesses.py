#!/usr/bin/python3
"""Guessing by the hundred thousand (T16): passwords, codes, tokens, links, notifications. How many of them reached what they guess at, that
the true user gets in meanwhile, and that limits outlive a restart. KARTEI_GUESSES=100000 guesses longer (default: 300 of each kind).
"""
import concurrent.futures
import json
import os
import pathlib
import secrets
import sys
import threading
import unittest
import urllib.parse

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http"), str(TESTS / "lib")]
from clocks import app_code  # noqa: E402
from server import ORIGIN, Server, UnixConnection  # noqa: E402

GUESSES, WORKERS = int(os.environ.get("KARTEI_GUESSES", "300")), 4
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "Host": "localhost:8443"}
HERE = threading.local()


def ask(method, path, body=b"", address="192.0.2.66", **headers):
    """(status, headers, body) on a connection that each thread keeps."""
    for again in (False, True):
        if again or not getattr(HERE, "connection", None):
            HERE.connection = UnixConnection(server.socket, 60)
        try:
            HERE.connection.request(method, path, body, {**FORM, "X-Forwarded-For": address, **headers})
            answer = HERE.connection.getresponse()
            data = answer.read()
        except OSError:
            if again:
                raise
            continue
        if answer.getheader("Connection") == "close":
            HERE.connection.close()
            HERE.connection = None
        return answer.status, answer.headers, data
    return None


def sign_in(email, password, address):
    body = urllib.parse.urlencode({"email": email, "password": password}).encode()
    return ask("POST", "/sign-in", body, address)


def cookies(headers):
    return "; ".join(line.split(";")[0] for line in headers.get_all("Set-Cookie") or [])


def many(guess):
    """How often each status came."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        statuses = list(pool.map(guess, range(GUESSES), chunksize=16))
    return {status: statuses.count(status) for status in sorted(set(statuses))}


def address(n):
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def tell(what, counts, **more):
    print(json.dumps({"what": what, "guesses": GUESSES, "answers": counts, **more}), flush=True)


class Guesses(unittest.TestCase):
    def home(self, email, where="198.51.100.1"):
        """Who has signed in there before does so now."""
        status, headers, _ = sign_in(email, server.seed["password"], where)
        self.assertEqual(status, 303)
        return headers

    def test_passwords_from_one_address_at_one_account(self):
        self.home("user@one.example")
        counts = many(lambda n: sign_in("user@one.example", f"wrong guess number {n}", "192.0.2.66")[0])
        self.assertEqual(counts, {401: 10, 429: GUESSES - 10})
        self.home("user@one.example")
        server.restart_api()
        self.assertEqual(sign_in("user@one.example", server.seed["password"], "192.0.2.66")[0], 429, "over a restart")
        tell("passwords, one address, one account", counts, reached_the_hash=10, true_user="in", after_restart="refused")

    def test_passwords_from_many_addresses_at_one_account(self):
        self.home("admin@one.example")
        counts = many(lambda n: sign_in("admin@one.example", f"wrong guess number {n}", address(n))[0])
        self.assertLessEqual(counts[401], 100)
        self.assertEqual(sum(counts.values()), GUESSES)
        self.assertEqual(set(counts), {401, 429} if GUESSES > 100 else {401})
        self.home("admin@one.example")
        tell("passwords, an address each, one account", counts, reached_the_hash=counts[401], true_user="in")

    def test_passwords_from_one_address_at_many_accounts(self):
        counts = many(lambda n: sign_in(f"somebody{n}@one.example", "wrong guess", "192.0.2.77")[0])
        self.assertEqual(counts, {401: 50, 429: GUESSES - 50})
        tell("passwords, one address, an account each", counts, reached_the_hash=50)

    def test_codes_of_a_second_factor(self):
        session = {"Cookie": cookies(self.home("second@one.example"))}
        csrf = json.loads(ask("GET", "/v1/session", **session)[2])["csrf"]
        own = {**session, "X-CSRF-Token": csrf, "Content-Type": "application/json"}
        seed = json.loads(ask("POST", "/v1/second-factor/enrolment", **own)[2])["secret"].replace(" ", "")
        self.assertEqual(ask("POST", "/v1/second-factor/confirmation", json.dumps({"code": app_code(seed)}).encode(), **own)[0], 200)
        half = {"Cookie": cookies(sign_in("second@one.example", server.seed["password"], "198.51.100.1")[1])}
        counts = many(lambda n: ask("POST", "/sign-in/second-factor", f"code={n % 1000000:06}".encode(), **half)[0])
        self.assertEqual(counts.get(303, 0), 0)
        self.assertEqual(counts.get(422, 0), 5)
        tell("codes of an authenticator", counts, looked_at=5)

    def test_tokens_of_the_api(self):
        counts = many(lambda n: ask("GET", "/v1/contacts", None, Authorization=f"Bearer kartei_pat_{secrets.token_urlsafe(32)}")[0])
        self.assertEqual(set(counts) - {401, 429}, set())
        tell("tokens of the API", counts, accepted=0)

    def test_links(self):
        counts = many(lambda n: ask("POST", "/login/" + secrets.token_urlsafe(72), b"", "192.0.2.88")[0])
        self.assertEqual(counts, {401: 50, 429: GUESSES - 50})
        tell("links by mail", counts, accepted=0)

    def test_notifications_of_strangers(self):
        """Every one is answered alike; a job comes of the one that carries the secret of its subscription."""
        mailbox, word = self.watched(), secrets.token_urlsafe(32)
        server.sql(f"update kartei.connections set state = 'ok' where id = '{mailbox}'; "  # as after the consent
                   "insert into kartei.mailbox_subscriptions (org_id, mailbox_id, remote_id, secret, expires_at, renew_at) select org_id, id, 'watched', "
                   f"sha256('{word}'), now() + interval '1 day', now() + interval '1 day' from kartei.mailboxes where id = '{mailbox}'")

        def notify(secret, message, box=mailbox):
            item = {"subscriptionId": "watched", "clientState": secret, "changeType": "created", "resourceData": {"id": message}}
            return ask("POST", f"/hooks/microsoft/{box}", json.dumps({"value": [item]}).encode(), **{"Content-Type": "application/json"})[0]

        def came():
            return server.sql("select (select count(*) from kartei.jobs), (select count(*) from kartei.mailbox_messages)")

        jobs, messages = map(int, came().split("|"))
        boxes = (mailbox, "01935a3e-7c1e-7000-8000-000000000001")
        counts = many(lambda n: notify(secrets.token_urlsafe(32) if n % 3 else word[:-1], f"guess-{n}", boxes[n % 2]))
        self.assertEqual((counts, came()), ({202: GUESSES}, f"{jobs}|{messages}"))
        self.assertEqual((notify(word, "true"), came()), (202, f"{jobs + 1}|{messages + 1}"), "the judge: the true one makes a job")
        tell("notifications", counts, jobs=0)

    def watched(self):
        """A mailbox of a user's, with a list that it fills."""
        owner = server.sign_in("admin@two.example")
        made = owner.post("/v1/lists", {"name": "Aus Mails"})
        self.assertEqual(made.status, 201, made.data)
        made = owner.post("/v1/mailboxes", {"kind": "google_mail", "list_id": made.json["id"], "secret": {}, "settings": {
            "address": "anna@muster.example", "client_id": "app"}})
        self.assertEqual(made.status, 201, made.data)
        return made.json["id"]


if __name__ == "__main__":
    with Server() as server:
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
