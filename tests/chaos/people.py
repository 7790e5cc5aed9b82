"""The load of the chaos test: people who photograph cards, and people who type contacts, change them and take them back.

Everybody behaves like the pages: a request that is not answered is sent again, with the same Idempotency-Key. What was
acknowledged goes into the ledger, with what must be true of it in the end.
"""
import hashlib
import io
import random
import threading
import time
import uuid

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
from crms import key_of_contact


class Refused(Exception):
    """An answer that no kill explains."""


def invented(syllables):
    """A name that nobody else has: what is alike would be taken for the same person, rightly."""
    return "".join(random.choice("bdfghklmnprstvwz") + random.choice("aeiou") for _ in range(syllables)).capitalize()


def draw_card(given, family):
    """A small scan of a card that is read in half a second: the storm is about deaths, not about reading."""
    image = PIL.Image.new("RGB", (640, 400), "white")
    draw = PIL.ImageDraw.Draw(image)
    lines = (f"{given} {family}", f"{given}.{family}@muster.example".lower(), f"+49 30 {random.randrange(10**6, 10**7)}")
    for n, text in enumerate(lines):
        draw.text((40, 60 + 90 * n), text, fill="black", font=PIL.ImageFont.truetype("DejaVuSans.ttf", 28))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return out.getvalue()


class Ledger:
    """What Kartei has acknowledged. `scans`: id -> SHA-256 of the photo; `writes`: id of the write-back -> content key;
    `wanted`: content key -> (how often it must be in the CRM, its job title); `companies`: name -> ids that were told."""

    def __init__(self):
        self.lock, self.scans, self.writes, self.wanted, self.trouble, self.slowest = threading.Lock(), {}, {}, {}, [], 0.0
        self.companies = {}

    def claim(self, key):
        """True for the first who wants to write this content: a second one would be a doubling by the people."""
        with self.lock:
            fresh = bool(key[0]) and key not in self.wanted
            if fresh:
                self.wanted[key] = (0, None)
            return fresh

    def acknowledge(self, write, key, count, title):
        with self.lock:
            self.writes[write], self.wanted[key] = key, (count, title)

    def complain(self, text):
        with self.lock:
            self.trouble.append(text)


class Person(threading.Thread):
    """Walks until told to stop; a walk that has begun to write is brought to its end."""

    def __init__(self, client, connection, ledger, stop):
        super().__init__(daemon=True)
        self.client, self.connection, self.ledger, self.stop = client, connection, ledger, stop

    def run(self):
        while not self.stop.is_set():
            try:
                self.walk()
            except (TimeoutError, KeyError, Refused) as problem:
                self.ledger.complain(repr(problem)[:500])

    def ask(self, method, path, body=None, good=(200,), headers=None):
        """Repeats until answered; headers may hold a key of the caller's."""
        sent = dict(headers or {})
        if method == "POST":
            sent.setdefault("Idempotency-Key", str(uuid.uuid4()))
        begin = time.monotonic()
        status, _, answer = self.client.insist(method, path, body, sent, seconds=60)
        with self.ledger.lock:
            self.ledger.slowest = max(self.ledger.slowest, time.monotonic() - begin)
        if status not in good:
            raise Refused(f"{method} {path}: {status} {answer}")
        return answer

    def settled(self, path, states, patience=90):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            body = self.ask("GET", path)
            if body["state"] in states:
                return body
            time.sleep(0.2)
        raise TimeoutError(f"{path} stays {body['state']}")

    def write(self, contact_id, key, title, create=True):
        """Review, dry run, commit: as the merge view does. Returns the acknowledged write-back."""
        self.settled(f"/v1/contacts/{contact_id}", ("matched", "confirmed", "written"))
        query = f"connection={self.connection}" + ("&create=true" if create else "")
        review = self.ask("GET", f"/v1/contacts/{contact_id}/review?{query}")
        if not create and (review["record"] is None or key_of_contact(review["record"]["contact"]) != key):
            raise Refused(f"{contact_id} does not meet what was written of it")
        wish = {"contact_id": contact_id, "contact_version": review["contact_version"],
                "connection_id": self.connection, "choices": []}
        if review["record"]:
            wish |= {"record_id": review["record"]["id"], "remote_version": review["record"]["version"],
                     "choices": [{"field": "job_title", "take": "card"}]}
        preview = self.ask("POST", "/v1/previews", wish, (201,))
        written = self.ask("POST", "/v1/write-backs", {"preview_id": preview["id"]}, (202,),
                           {"If-Match": f'"v{review["contact_version"]}"'})
        self.ledger.acknowledge(written["id"], key, 1, title)
        return written["id"]


class Photographer(Person):
    """Uploads photo after photo and writes what was read to the CRM."""

    def walk(self):
        data = draw_card(invented(3), invented(4))
        scan = self.ask("POST", "/v1/scans", data, (202,), {"Content-Type": "image/jpeg"})
        with self.ledger.lock:
            self.ledger.scans[scan["id"]] = hashlib.sha256(data).hexdigest()
        scan = self.settled(f"/v1/scans/{scan['id']}", ("read", "failed"))
        for card in scan["cards"]:
            self.keep(card["contact_id"])

    def keep(self, contact_id):
        contact = self.ask("GET", f"/v1/contacts/{contact_id}")["contact"]
        key = key_of_contact(contact)
        if self.ledger.claim(key):
            self.write(contact_id, key, contact["job_title"])


def decide_parked(client, parked, crm):
    """What a person does with write-backs that are parked: looks in the CRM itself, and sends once more what is not there.
    Returns those that are there all the same: Kartei should have found them."""
    there, living = [], crm.living()
    for one in parked:
        contact = client.insist("GET", f"/v1/contacts/{one['contact_id']}")[2]["contact"]
        if key_of_contact(contact) in living:
            there.append(one["id"])
        else:
            client.insist("POST", f"/v1/write-backs/{one['id']}/resend", None, {"Idempotency-Key": str(uuid.uuid4())}, seconds=60)
    return there


class Founder(Person):
    """Has companies made: new ones, and such that a colleague is making at this moment."""

    def walk(self):
        with self.ledger.lock:
            name = random.choice([f"{invented(4)} GmbH", *list(self.ledger.companies)[-3:]])
            self.ledger.companies.setdefault(name, set())
        try:
            self.found(name, 5)
        except TimeoutError:
            pass  # perhaps it is there: it is asked for again at the end
        self.stop.wait(0.5)

    def found(self, name, seconds):
        status, _, company = self.client.insist("POST", f"/v1/connections/{self.connection}/companies", {"name": name},
                                                {"Idempotency-Key": str(uuid.uuid4())}, seconds)
        if status == 201:
            with self.ledger.lock:
                self.ledger.companies[name].add(company["id"])
        return status


class Typist(Person):
    """Makes contacts by hand: a third stay as written, a third are changed and written again, a third taken back."""

    def __init__(self, number, *person):
        super().__init__(*person)
        self.number, self.round = number, 0

    def walk(self):
        self.round += 1
        given, family = invented(3), invented(5)
        wish = {"given_name": given, "family_name": family, "job_title": "Einkauf",
                "emails": [{"value": f"{given}.{family}@{invented(4)}.example".lower(), "kind": "work"}]}
        made = self.ask("POST", "/v1/contacts", {"contact": wish}, (201,))
        key = key_of_contact(made["contact"])
        self.ledger.claim(key)
        write = self.write(made["id"], key, "Einkauf")
        if self.round % 3 == 0:
            return
        self.settled(f"/v1/write-backs/{write}", ("written",))
        if self.round % 3 == 1:
            self.change(made["id"], key, f"Leitung {self.number} {self.round}")
        else:
            self.ask("POST", f"/v1/write-backs/{write}/undo", None, (202,))
            self.ledger.acknowledge(write, key, 0, None)

    def change(self, contact_id, key, title):
        contact = self.ask("GET", f"/v1/contacts/{contact_id}")
        answer = self.ask("PATCH", f"/v1/contacts/{contact_id}", {"job_title": title}, (200, 412),
                          {"If-Match": f'"v{contact["version"]}"'})
        if "contact" not in answer:  # sent twice, because the first answer got lost
            answer = self.ask("GET", f"/v1/contacts/{contact_id}")
        if answer["contact"]["job_title"] != title:
            raise Refused(f"the change of {contact_id} is not there")
        self.settled(f"/v1/contacts/{contact_id}", ("matched",))
        self.write(contact_id, key, title, create=False)
