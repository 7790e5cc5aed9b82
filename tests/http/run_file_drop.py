#!/usr/bin/python3
"""File drop: what is written waits for a file, is in exactly one, and a table that comes back is the mirror."""
import csv
import io
import sys
import threading
import time
import unittest

from server import Server

server = None
NUMBER = iter(range(100, 999))


def person():
    n = next(NUMBER)
    return {"given_name": "Erika", "family_name": f"Groß{n}", "organization": "Öl & Söhne", "job_title": "=cmd|'/c calc'!A1",
            "emails": [{"value": f"erika{n}@firma.example"}], "phones": [{"value": f"+4993112345{n}", "kind": "work"}]}


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


class FileDrop(unittest.TestCase):
    def setUp(self):
        self.admin = server.sign_in("admin@one.example")
        made = self.admin.post("/v1/connections", {"kind": "file_drop", "name": f"Datei {next(NUMBER)}", "settings": {}, "secret": {}})
        self.assertEqual(made.status, 201, made.data)
        self.drop = made.json["id"]

    def write(self, contact, record=None, choices=()):
        preview = self.admin.post("/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"],
                                                   "connection_id": self.drop, "choices": list(choices), **(record or {})})
        self.assertEqual(preview.status, 201, preview.data)
        sent = self.admin.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=f'"v{contact["version"]}"')
        self.assertEqual(sent.status, 202, sent.data)
        server.tool("work")
        now = self.admin.get(f"/v1/write-backs/{sent.json['id']}").json
        self.assertEqual(now["state"], "written", now)
        return now

    def make(self, who=None):
        contact = self.admin.post("/v1/contacts", {"contact": who or person()}).json
        return contact, self.write(contact)

    def waiting(self):
        return self.admin.get(f"/v1/connections/{self.drop}/exports").json["waiting"]

    def take(self):
        return self.admin.post(f"/v1/connections/{self.drop}/exports")

    def table(self, export, format="csv"):
        return self.admin.get(f"/v1/exports/{export}/file?format={format}")

    def bring(self, text, **more):
        return self.admin.post(f"/v1/connections/{self.drop}/imports", {"text": text, **more})

    def records(self):
        return self.admin.get(f"/v1/connections/{self.drop}").json["records"]

    def test_what_is_written_is_in_exactly_one_file_that_can_be_fetched_again(self):
        contact, _ = self.make()
        self.assertEqual(self.waiting(), 1)
        export = self.take()
        self.assertEqual((export.status, export.json["contacts"]), (201, 1))
        self.assertEqual((self.waiting(), self.take().slug), (0, "conflict"))
        first = self.table(export.json["id"])
        self.assertEqual(first.data, self.table(export.json["id"]).data)
        row, = rows_of(first)
        self.assertEqual((row["Last name"], row["Company"], row["Email"]),
                         (contact["contact"]["family_name"], "Öl & Söhne", contact["contact"]["emails"][0]["value"]))
        self.assertEqual(row["Job title"][0], "'", "a formula for the spreadsheet")
        self.assertEqual(row["Phone"], contact["contact"]["phones"][0]["value"])
        self.assertIn("attachment", first.headers["Content-Disposition"])

    def test_many_who_ask_at_once_share_what_waits_without_doubling(self):
        for _ in range(3):
            self.make()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.take())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [409] * 7)
        taken = [answer.json["contacts"] for answer in answers if answer.status == 201]
        self.assertEqual(sum(taken), 3)

    def test_same_key_gives_the_same_file(self):
        self.make()
        first = self.admin.post(f"/v1/connections/{self.drop}/exports", idempotency_key="once")
        again = self.admin.post(f"/v1/connections/{self.drop}/exports", idempotency_key="once")
        self.assertEqual((first.status, first.json["id"]), (201, again.json["id"]))

    def test_taking_back_works_until_the_file_is_made(self):
        _, waiting = self.make()
        _, fetched = self.make()
        self.admin.post(f"/v1/write-backs/{waiting['id']}/undo")
        server.tool("work")
        self.assertEqual((self.waiting(), self.records()), (1, 1))
        export = self.take().json["id"]
        self.assertEqual(len(rows_of(self.table(export))), 1)
        self.admin.post(f"/v1/write-backs/{fetched['id']}/undo")
        server.tool("work")
        now = self.admin.get(f"/v1/write-backs/{fetched['id']}").json
        self.assertNotEqual(now["state"], "undone", now)
        self.assertEqual(self.records(), 1)

    def test_vcards_carry_the_same_people(self):
        contact, _ = self.make()
        text = self.table(self.take().json["id"], "vcard").data.decode()
        self.assertEqual(text.count("BEGIN:VCARD"), 1)
        self.assertIn(contact["contact"]["family_name"], text)
        self.assertEqual(self.table("00000000-0000-7000-8000-000000000000").status, 404)

    def test_table_of_a_german_spreadsheet_is_the_mirror(self):
        table = "Kontakt-ID;Vorname;Nachname;Firma;E-Mail-Adresse;Telefon geschäftlich;PLZ;Ort;Land\r\n" \
                "7;Jörg;Schäfer;\"Müller; Söhne\";JS@mueller.example;0931 12345-0;97076;Würzburg;Deutschland\r\n" \
                "8;Anna;Weiß;;anna@weiss.example;;;;\r\n;;;;;;;;\r\n"
        answer = self.bring(table, complete=True)
        self.assertEqual((answer.status, answer.json["contacts"], answer.json["gone"]), (200, 2, 0), answer.data)
        again = self.bring(table.rsplit("8;", 1)[0], complete=True).json
        self.assertEqual((again["contacts"], again["gone"], self.records()), (1, 1, 1))

    def test_parts_of_a_table_make_one(self):
        first = self.bring("id,Name,Email\n1,Anna Eins,a@eins.example\n").json
        time.sleep(0.01)
        last = self.bring("id,Name,Email\n2,Bea Zwei,b@zwei.example\n", since=first["since"], complete=True).json
        self.assertEqual((last["gone"], self.records()), (0, 2))

    def test_what_began_here_stays_until_the_table_shows_it(self):
        contact, _ = self.make()
        export = self.take().json["id"]
        self.assertEqual(self.bring("id,Name,Email\n1,Anna Eins,a@eins.example\n", complete=True).json["gone"], 0)
        self.assertEqual(self.records(), 2)
        who = contact["contact"]
        self.bring(f"id,Vorname,Nachname,Email\n1,Anna,Eins,a@eins.example\n9,Erika,{who['family_name']},{who['emails'][0]['value']}\n", complete=True)
        self.assertEqual(self.records(), 2, "the new row of the CRM replaces what we had put in for it")
        self.assertEqual(len(rows_of(self.table(export))), 1)

    def test_own_file_that_comes_back_changes_nothing(self):
        self.make()
        text = self.table(self.take().json["id"]).data.decode()
        self.assertEqual((self.bring(text, complete=True).json["contacts"], self.records()), (1, 1))

    def test_broken_tables_are_told_and_nothing_changes(self):
        for text in ("", "a,b\n1,2\n", "Name\n\"Anna\n", "Name" + ",x" * 300, "Name\n" + "Anna\n" * 2001):
            answer = self.bring(text)
            self.assertIn(answer.status, (413, 422), (text[:20], answer.data))
        self.assertEqual(self.bring("Name\nAnna Eins\n", since="x").status, 422)
        self.assertEqual(self.records(), 0)
        book = next(c["id"] for c in self.admin.get("/v1/connections").json["items"] if c["kind"] == "address_book")
        self.assertEqual(self.admin.post(f"/v1/connections/{book}/imports", {"text": "Name\nAnna\n"}).status, 404)


if __name__ == "__main__":
    with Server() as server:
        program = unittest.main(exit=False)
    sys.exit(0 if program.result.wasSuccessful() else 1)
