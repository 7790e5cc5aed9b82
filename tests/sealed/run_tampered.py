#!/usr/bin/python3
"""Ciphertext that somebody changed behind our back is refused with a clear problem: through the API, never as plain text, garbage or a crash.

Each bit of sealed values is flipped in the database, values and files are cut, lengthened, exchanged between rows, columns, organisations and
key versions; every answer has to be the problem "seal-broken", and the untouched value has to open again afterwards. KARTEI_FLIPS=10000 flips more
(default: a sample).
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http")]
from photo import jpeg  # noqa: E402
from server import Server  # noqa: E402

FLIPS = int(os.environ.get("KARTEI_FLIPS", "400"))
CANARY = "Quendelbach"


def person(name):
    return {"given_name": "Anna", "family_name": name, "emails": [{"value": f"anna@{name.lower()}.example"}]}


class Tampered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin, cls.other = server.sign_in("admin@one.example"), server.sign_in("admin@two.example")
        cls.list = cls.admin.post("/v1/lists", {"name": f"Messe {CANARY}"}).json["id"]
        cls.contact, cls.second = (cls.admin.post("/v1/contacts", {"contact": person(CANARY + more), "list_id": cls.list}).json["id"] for more in ("", "zwei"))
        cls.foreign = cls.other.post("/v1/contacts", {"contact": person(CANARY + "fremd")}).json["id"]
        scan = cls.admin.request("POST", f"/v1/scans?list={cls.list}", jpeg(1), {"Content-Type": "image/jpeg", "Idempotency-Key": "t"})
        cls.scan = scan.json["id"]
        server.tool("work")
        # Sealed value -> where it lies and who shows it.
        cls.places = {"contacts.contact": (cls.contact, f"/v1/contacts/{cls.contact}"), "lists.name": (cls.list, f"/v1/lists/{cls.list}"),
                      "users.profile": (cls.admin.get("/v1/session").json["user"]["id"], "/v1/session")}

    @staticmethod
    def value(column, row):
        table, name = column.split(".")
        return bytes.fromhex(server.sql(f"select encode({name}, 'hex') from kartei.{table} where id = '{row}'"))

    def put(self, column, row, data):
        table, name = column.split(".")
        psql.stdin.write(f"update kartei.{table} set {name} = decode('{data.hex()}', 'hex') where id = '{row}' returning 'done';\n")
        psql.stdin.flush()
        self.assertEqual(psql.stdout.readline(), "done\n")

    def refused(self, path):
        answer = self.admin.get(path)
        self.assertEqual((answer.status, answer.slug), (500, "seal-broken"), answer.data[:300])
        self.assertNotIn(CANARY.lower().encode(), answer.data.lower())
        return 1

    def test_each_flipped_bit_is_refused(self):
        counts = {}
        for column, (row, path) in self.places.items():
            good, n = self.value(column, row), 0
            bits = list(range(len(good) * 8))
            if len(bits) > FLIPS:  # version, nonce and tag whole, of the rest a sample
                ends = [*range(16 * 8), *range((len(good) - 16) * 8, len(good) * 8)]
                bits = sorted({*ends, *random.sample(bits, FLIPS)})
            for bit in bits:
                bad = bytearray(good)
                bad[bit // 8] ^= 1 << bit % 8
                self.put(column, row, bytes(bad))
                n += self.refused(path)
            self.put(column, row, good)
            self.assertEqual(self.admin.get(path).status, 200, "untouched it opens again")
            counts[column] = n
        print(json.dumps({"flipped bits": counts, "opened": 0}))

    def test_what_was_cut_moved_or_exchanged_is_refused(self):
        row, path = self.places["contacts.contact"]
        good, tried = self.value("contacts.contact", row), 0
        foreign = [self.value("contacts.contact", self.second), self.value("contacts.contact", self.foreign), self.value("lists.name", self.list)]
        for bad in (*foreign, *(good[:n] for n in (0, 3, 4, 15, 16, 31, 32, len(good) - 1)), good + b"\0", b"\0\0\0\2" + good[4:], b"\0\0\0\0" + good[4:],
                    b"\xff" * 4 + good[4:], json.dumps(person("Klartext")).encode()):
            self.put("contacts.contact", row, bad)
            tried += self.refused(path)
        self.put("contacts.contact", row, good)
        self.assertEqual(self.admin.get(path).json["contact"]["family_name"], CANARY)
        print(json.dumps({"cut, lengthened, exchanged": tried, "opened": 0}))

    def test_files_that_were_changed_are_refused(self):
        file = max((path for path in (server.folder / "blobs").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
        good, path = file.read_bytes(), f"/v1/scans/{self.scan}/image"
        self.assertEqual(self.admin.get(path).data, jpeg(1))
        places = [0, 1, 3, 4, 12, 20, 32, 48, 64, 100, len(good) // 2, len(good) - 33, len(good) - 17, len(good) - 16, len(good) - 1]
        for at in places:
            bad = bytearray(good)
            bad[at] ^= 1 << random.randrange(8)
            file.write_bytes(bad)
            self.refused(path)
        for bad in (good[:-1], good[:len(good) // 2], b"", good + b"x", good[::-1]):
            file.write_bytes(bad)
            self.refused(path)
        file.write_bytes(good)
        self.assertEqual(self.admin.get(path).data, jpeg(1))
        print(json.dumps({"changed files": len(places) + 5, "opened": 0}))

    def test_the_judge_convicts_a_value_that_opens(self):
        with self.assertRaises(AssertionError):
            self.refused(self.places["contacts.contact"][1])

    def test_the_service_is_unharmed(self):
        self.assertEqual((server.api.poll(), self.admin.get("/readyz").status), (None, 200))


if __name__ == "__main__":
    with Server() as server, subprocess.Popen(["psql", "-qXtA", server.conninfo("super")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
        outcome = unittest.main(exit=False).result
        psql.stdin.close()
    sys.exit(not outcome.wasSuccessful())
