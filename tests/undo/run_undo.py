#!/usr/bin/python3
"""run_undo.py [--rows N] [--seed S] [--server radicale|tryton]: random rows of decisions on a real server, taken back.

Through the whole service: contacts, merge view, dry run, write-back, undo by the API of a real kartei-api with a real worker,
on a real Radicale and a real Tryton. Other people change the same records by the server's own interface, and answers of
the undo get lost on their way. judge.py sees what the server says of a record before and after each act: all of it, also
what Kartei does not map. Ends with an error when the judge convicts, or does not convict the faults that are planted
into requests at the end. KARTEI_BUILD names the build.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("contract", "servers", "http")]
import judge  # noqa: E402
from proxy import Proxy  # noqa: E402
from server import Server, wait_until  # noqa: E402
from servers import SKIPPED, Radicale, Tryton  # noqa: E402
from sides import TITLES, BookSide, PartySide, person  # noqa: E402

KINDS = {"radicale": (Radicale, BookSide), "tryton": (Tryton, PartySide)}
RECORDS, DEEDS, CONTROLS = 2, 5, 3
LATER = """update kartei.write_backs set updated_at = now() - interval '10 min', due_at = now()
             where state in ('uncertain', 'waiting', 'undoing');
           update kartei.connection_calls set retry_at = null;
           update kartei.jobs set run_at = now() where state = 'queued'; notify kartei_job"""
ENDS = ("written", "refused", "conflict", "undone", "undo_conflict")


class Desk:
    """Somebody with Kartei before them and one server behind it."""

    def __init__(self, server, client, side, proxy):
        self.server, self.client, self.side, self.proxy, self.connection = server, client, side, proxy, None

    def connect(self):
        """After the records are planted: they are all in the mirror then."""
        side = self.side
        answer = self.client.post("/v1/connections", {"kind": side.kind, "name": side.kind, "settings": side.settings(), "secret": side.secret(),
                                                 "policy": "confirm"})
        assert answer.status == 201, answer.data
        self.connection = answer.json["id"]
        self.until(f"/v1/connections/{self.connection}", lambda now: now["pulled_at"])

    def until(self, path, good, seconds=60):
        end = time.monotonic() + seconds
        while True:
            now = self.client.get(path).json
            if good(now):
                return now
            assert time.monotonic() < end, (path, now)
            time.sleep(0.05)

    def contact(self, card):
        made = self.client.post("/v1/contacts", {"contact": card})
        assert made.status == 201, made.data
        return self.until(f"/v1/contacts/{made.json['id']}", lambda now: now["state"] == "matched")

    def decide(self, card, create, dice):
        """A write-back that is written, with the fields of its dry run; None when nothing would change."""
        contact = self.contact(card)
        review = self.client.get(f"/v1/contacts/{contact['id']}/review?connection={self.connection}{'&create=true' if create else ''}").json
        record = review["record"]
        wish = {"contact_id": contact["id"], "contact_version": review["contact_version"], "connection_id": self.connection,
                "choices": list(some_choices(review["fields"], dice))}
        if record:
            wish.update(record_id=record["id"], remote_version=record["version"])
        preview = self.client.post("/v1/previews", wish)
        assert preview.status == 201, (wish, preview.data)
        if not preview.json["changes"] or preview.json["refusal"]:
            return None, None, None
        number = record and record["remote_id"]
        before = self.side.state(number) if number else None
        answer = self.client.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=f'"v{review["contact_version"]}"')
        assert answer.status == 202, answer.data
        done = self.until(f"/v1/write-backs/{answer.json['id']}", lambda now: now["state"] in ENDS)
        assert done["state"] == "written", done
        return done, [change["field"] for change in preview.json["changes"]], before

    def undo(self, write_back, rule=None):
        """To its end; time passes by a hand on the database's clock where an answer was lost."""
        path = f"/v1/write-backs/{write_back['id']}"
        self.proxy.rule = rule or (lambda request: None)
        answer = self.client.post(path + "/undo")
        assert answer.status == 202, answer.data
        end, late = time.monotonic() + 60, 0.0
        while True:
            now = self.client.get(path).json
            if now["state"] in ENDS:
                break
            assert time.monotonic() < end, now
            late += 0.05
            if late > 1:
                self.server.sql(LATER)
                late = 0
            time.sleep(0.05)
        self.proxy.rule = lambda request: None
        conflict = self.client.get(path + "/conflict") if now["state"] == "undo_conflict" else None
        return now["state"], conflict.json if conflict and conflict.status == 200 else None


def some_choices(fields, dice):
    for row in fields:
        take = dice.choice(("card", "crm", "both", "own", None)) if dice else "card"
        if row["field"] == "family_name" and take == "crm":
            take = "card"  # Tryton has one name: a given name alone is read back as a family name
        if take is None or row["group"] == "unmapped" or (take == "both" and not row["multi"]) or (take == "own" and row["field"] != "job_title"):
            continue
        yield {"field": row["field"], "take": take, **({"value": f"selbst {dice.randrange(99)}"} if take == "own" else {})}


def news_of(n, dice):
    """What a card says of the person today."""
    who = person(n)
    phones = [{"value": dice.choice([who["phone"], f"+49931{dice.randrange(10**6, 10**7)}"]), "kind": dice.choice(("work", "mobile", "fax"))},
              {"value": f"+49170{dice.randrange(10**6, 10**7)}", "kind": "mobile"}][:dice.randrange(3)]
    return {"given_name": who["given"], "family_name": who["family"], "name_prefix": dice.choice((None, "Dr.", "Prof. Dr.")),
            "job_title": dice.choice(TITLES), "organization": dice.choice((who["firm"], f"Neue Firma {n} AG")),
            "emails": [{"value": who["mail"], "kind": "work"}, *([{"value": f"neu{n}@mueller.example", "kind": "home"}] if dice.randrange(2) else [])],
            "phones": phones, "urls": [{"value": f"https://mueller{n}.example"}] if dice.randrange(2) else [],
            "addresses": [{"street": "Neue Str. 1", "postal_code": "97070", "city": "Würzburg", "country": "DE"}] if dice.randrange(3) == 0 else []}


class Row:
    """One row of decisions: some records, some deeds, other people, and all the way back."""

    def __init__(self, desk, seed, tally):
        self.desk, self.side, self.seed, self.tally = desk, desk.side, seed, tally
        self.dice = random.Random(seed)
        self.people = [seed % 400 * 20 + i for i in range(RECORDS)]
        self.alone, self.backwards = seed % 2 == 0, seed % 3 != 2
        self.numbers = [self.side.plant(n, self.dice) for n in self.people]
        self.originals = {number: self.side.state(number) for number in self.numbers}
        self.known = set(self.side.numbers()) - set(self.numbers)  # of other rows
        self.deeds = []

    def convict(self, sentence, evidence):
        if sentence:
            raise AssertionError(f"seed {self.seed}: {sentence}\n" + json.dumps(evidence, indent=1, ensure_ascii=False, default=str))

    def decide(self, card=None):
        """By chance; or all that the card says."""
        n = self.dice.choice(self.people)
        create = not card and self.dice.randrange(5) == 0
        done, listed, before = self.desk.decide(card or news_of(n, self.dice), create, None if card else self.dice)
        if not done:
            return
        deed = {"write_back": done, "number": done["remote_id"], "pre": before, "post": self.side.state(done["remote_id"])}
        allowed = {part for part, fields in self.side.fields.items() if set(fields) & set(listed)}
        self.convict(judge.judge_write(before, deed["post"], allowed), {**deed, "listed": listed})
        self.deeds.append(deed)

    def others(self):
        number = self.dice.choice(self.numbers + [deed["number"] for deed in self.deeds])
        if self.side.state(number) is not None:
            self.tally["by others: " + self.side.others(number, self.dice)] += 1

    def lose(self):
        """What happens to the undo's write on its way, and how often yet."""
        action = self.dice.choice((None, None, "swallow", "drop"))
        left = [1]

        def rule(request):
            if action and self.side.is_write(request) and left[0]:
                left[0] -= 1
                return action
            return None
        return rule

    def take_back(self, deed):
        evidence = {**deed, "found": self.side.state(deed["number"])}
        ours = any(other["number"] == deed["number"] and other["pre"] is None for other in self.deeds)
        # Whether a lost answer's new version was ours nobody can tell: a record that we made is then left alone, and listed.
        evidence["state"], evidence["conflict"] = self.desk.undo(deed["write_back"], None if ours else self.lose())
        evidence["left"] = self.side.state(deed["number"])
        self.convict(judge.judge_undo(evidence, self.side.fields, self.side.part), evidence)
        self.tally[evidence["state"]] += 1

    def run(self):
        for _ in range(DEEDS):
            self.decide()
            if not self.alone and self.dice.randrange(3) == 0:
                self.others()
        self.tally["decisions"] += len(self.deeds)
        while self.deeds:
            self.take_back(self.deeds.pop() if self.backwards else self.deeds.pop(self.dice.randrange(len(self.deeds))))
        if self.alone and self.backwards:
            now = {number: self.side.state(number) for number in self.side.numbers() if number not in self.known}
            self.convict(judge.judge_restored(self.originals, now), now)
            self.tally["rows restored"] += 1


def controls(desk, rows):
    """Requests of an undo changed on their way, as a careless connector would have sent them; each has to be convicted."""
    side = desk.side
    for row, fault in zip(rows, side.planted):
        n = row.people[0]
        row.decide({**news_of(n, row.dice), "name_prefix": "Prof. Dr.", "organization": f"Neue Firma {n} AG",
                    "phones": [{"value": f"+4993188{n:05}", "kind": "work"}, {"value": f"+4917112{n:05}", "kind": "mobile"}]})
        deed, hit = row.deeds[0], []

        def rule(request, fault=fault, hit=hit):
            if side.is_write(request) and not hit and fault[0] in request.body:
                request.body = request.body.replace(*fault, 1)
                hit.append(fault)
        evidence = {**deed, "found": side.state(deed["number"])}
        evidence["state"], evidence["conflict"] = desk.undo(deed["write_back"], rule)
        evidence["left"] = side.state(deed["number"])
        assert hit, f"never sent: {fault}"
        assert judge.judge_undo(evidence, side.fields, side.part), f"planted and not convicted: {fault}\n{json.dumps(evidence, indent=1, ensure_ascii=False)}"
    return len(side.planted)


def prove(kind, rows, seed):
    server_class, side_class = KINDS[kind]
    why = server_class.missing()
    if why:
        print(why)
        return False
    tally, began = collections.Counter(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kartei-undo-") as folder:
        pathlib.Path(folder).chmod(0o755)
        real = server_class(pathlib.Path(folder) / kind, cache=os.environ.get("KARTEI_CACHE"))
        real.start()
        proxy = Proxy(real.port)
        try:
            with Server(settings={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{proxy.port}"}) as kartei:
                kartei.start("worker", kartei.build / "services/kartei-worker")
                desk = Desk(kartei, kartei.sign_in("admin@one.example"), side_class(real, proxy.port), proxy)
                todo = [Row(desk, seed + n, tally) for n in range(rows)]
                spare = [Row(desk, seed + 5000 + n, tally) for n in range(CONTROLS)]
                desk.connect()
                for n, row in enumerate(todo):
                    row.known = set(desk.side.numbers()) - set(row.numbers)
                    print(f"{'seeds ' if n == 0 else ' '}{row.seed}", end="", file=sys.stderr, flush=True)  # the last one is the one that failed
                    row.run()
                tally["planted faults convicted"] = controls(desk, spare)
        finally:
            proxy.close()
            real.stop()
    print(f"\n{kind}: {dict(tally)}, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=int(os.environ.get("KARTEI_UNDO_ROWS", 4)))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("KARTEI_UNDO_SEED", 1)))
    parser.add_argument("--server", choices=KINDS)
    given = parser.parse_args()
    judge.test_itself()
    ran = [prove(kind, given.rows, given.seed) for kind in ([given.server] if given.server else KINDS)]
    return 0 if any(ran) else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
