"""The two CRMs of the storm, each with a ledger that is on the disk before its answer leaves, and bad weather before it.

    KeyedCrm      a real Radicale: a create is repeatable by its address, an update conditional by ETag
    KeylessCrm    the stateful fake of Pipedrive: no keys, no conditions, everything but a record's own address lags
                  by 0 to 30 s

The judge reads ledgers only, and compares what people would: name, addresses, numbers, job title.
"""
import collections
import json
import os
import random
import re
import shutil
import sys
import tempfile
import threading

import radicale

sys.path.insert(0, str(radicale.pathlib.Path(__file__).resolve().parents[1] / "contract"))
from fakes.pipedrive import TITLE, Pipedrive, PipedrivePeer  # noqa: E402
from proxy import Proxy  # noqa: E402

# Shares of all writes. After "lost" and "502" the write has happened; after "dropped" and "429" it has not.
CLIMATE = {"lost": 0.05, "dropped": 0.02, "502": 0.03, "429": 0.02, "429 fraction": 0.01, "429 date": 0.01, "429 bare": 0.01}
Entry = collections.namedtuple("Entry", "act id key title")  # key and title of the whole record after the act


def key_of(names, emails, phones):
    """What makes two records the same person."""
    name = " ".join(" ".join(filter(None, names)).split())
    return name.casefold(), tuple(sorted(e.casefold() for e in emails)), tuple(sorted(re.sub(r"\D", "", p) for p in phones))


def key_of_contact(contact):
    def values(field):
        return [item["value"] for item in contact.get(field) or []]
    return key_of([contact.get("given_name"), contact.get("family_name")], values("emails"), values("phones"))


def key_of_vcard(text):
    parts = re.split(r"(?<!\\);", (radicale.values(text, "N") or [""])[0]) + ["", ""]
    return key_of([parts[1], parts[0]], radicale.values(text, "EMAIL"), radicale.values(text, "TEL"))


def key_of_person(fields):
    return key_of([fields["name"]], [e["value"] for e in fields.get("emails", [])], [p["value"] for p in fields.get("phones", [])])


class LedgerProxy(Proxy):
    """Before a real server: writes down what it has done before anybody is told, then perhaps tells something else."""

    def __init__(self, port, ledger, seed, climate):
        self.ledger, self.lock = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), threading.Lock()
        self.rng, self.climate, self.met = random.Random(seed), climate, collections.Counter()
        super().__init__(port)

    def draw(self):
        with self.lock:
            dice = self.rng.random()
            for name, share in self.climate.items():
                dice -= share
                if dice < 0:
                    return name
        return None

    def write_down(self, request):
        line = json.dumps({"act": request.method, "id": request.path, "fields": request.body.decode()}) + "\n"
        with self.lock:
            os.write(self.ledger, line.encode())
            os.fsync(self.ledger)

    def serve(self, client):
        try:
            super().serve(client)
        except (OSError, IndexError, ValueError):
            pass  # a client that was killed in the middle

    def act(self, client, request, action):
        if request.method not in ("PUT", "DELETE"):
            return super().act(client, request, action)
        fault = self.draw()
        self.met[fault or "fine"] += 1
        if fault == "dropped":
            return None
        if fault and fault.startswith("429"):
            headers = {"429": {"Retry-After": "2"}, "429 fraction": {"Retry-After": "1.5"}}.get(fault, {})
            return super().act(client, request, ("answer", 429, headers, b"slowly"))
        answer = self.forward(request)
        if answer.split(b" ", 2)[1] in (b"200", b"201", b"204"):
            self.write_down(request)
        if fault == "502":
            return super().act(client, request, ("answer", 502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"))
        return None if fault == "lost" else client.sendall(answer)


class KeyedCrm:
    founders = 0  # it has no companies

    def __init__(self, seed, climate=None):
        self.seed, self.climate, self.book = seed, CLIMATE if climate is None else climate, radicale.Book()

    missing = radicale.Book.missing

    def __enter__(self):
        self.book.__enter__()
        self.proxy = LedgerProxy(self.book.port, self.book.folder / "ledger", self.seed, self.climate)
        self.port = self.proxy.port
        return self

    def __exit__(self, *_):
        self.proxy.close()
        self.book.__exit__()

    def connection(self):
        told = self.book.connection()
        told["settings"]["url"] = told["settings"]["url"].replace(f":{self.book.port}", f":{self.port}")
        return told

    def weather(self):
        return dict(self.proxy.met)

    def calm(self):
        self.proxy.climate = {}

    def entries(self):
        known = {}
        for line in (self.book.folder / "ledger").read_text().splitlines():
            entry = json.loads(line)
            act = "delete" if entry["act"] == "DELETE" else "update" if entry["id"] in known else "create"
            known[entry["id"]] = entry["fields"]
            card = entry["fields"]
            yield Entry(act, entry["id"], None, None) if act == "delete" else \
                Entry(act, entry["id"], key_of_vcard(card), (radicale.values(card, "TITLE") or [None])[0])

    def living(self):
        """What the server itself says is there: the ledger has to agree."""
        return sorted(key_of_vcard(card) for card in self.book.vcards())


class KeylessCrm:
    founders = 3

    def __init__(self, seed, climate=None, lag=30.0):
        self.folder = tempfile.mkdtemp(prefix="pipedrive-")
        self.fake = Pipedrive(self.folder)
        self.fake.lag, self.fake.least_lag, self.fake.lists_lag = lag, 0.0, True
        self.fake.weather.rng.seed(seed)
        self.fake.weather.climate = CLIMATE if climate is None else climate

    @staticmethod
    def missing():
        return None

    def __enter__(self):
        self.fake.start()
        self.port = self.fake.port
        return self

    def __exit__(self, *_):
        self.fake.stop()
        if not os.environ.get("KARTEI_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self):
        settings = PipedrivePeer(self.fake, self.port).settings()
        settings["url"] = settings.pop("base")
        return {"kind": "pipedrive", "name": "Pipedrive", "settings": settings, "secret": {"api_token": self.fake.api_token},
                "policy": "confirm"}

    def weather(self):
        return dict(self.fake.weather.met)

    def calm(self):
        """No more faults; the search lags as before."""
        self.fake.weather.climate = {}

    def companies(self):
        """Id -> name, and from now on the search sees them all."""
        self.fake.lag = 0.0
        self.fake.least_lag = None
        return {str(number): name for number, (name, _) in self.fake.organizations.rows.items()}

    def entries(self):
        known = {}
        for line in (self.fake.folder / "ledger").read_text().splitlines():
            entry = json.loads(line)
            fields = known.setdefault(entry["id"], {})
            fields.update(entry["fields"])
            if entry["act"] == "delete":
                yield Entry("delete", entry["id"], None, None)
            else:
                yield Entry(entry["act"], entry["id"], key_of_person(fields), fields.get("custom_fields", {}).get(TITLE))

    def living(self):
        return sorted(key_of_person(row["fields"]) for row in self.fake.contacts.living())


CRMS = {"keys": KeyedCrm, "lag": KeylessCrm}
