#!/usr/bin/python3
"""Matching rules: nothing holds that was not simulated, decisions outlive edits, survivorship decides what the merge view proposes."""
import random
import sys
import time
import unittest

from server import Server

server = None
DICE = random.Random(7)
SHIPPED = "00000000-0000-0000-0000-000000000000"


def word():
    """Letters that are near no other word."""
    return "".join(DICE.choice("bdfgklmnprstvz") + DICE.choice("aeiou") for _ in range(4)).title()


def person(**more):
    family, firm = word(), word()
    return {"given_name": word(), "family_name": family, "organization": f"{firm} GmbH", "job_title": "Leiterin",
            "emails": [{"value": f"{family.lower()}@{firm.lower()}.example", "kind": "work"}], **more}


class Rules(unittest.TestCase):
    def setUp(self):
        self.admin = server.sign_in("admin@one.example")
        self.book = self.admin.get("/v1/connections").json["items"][0]["id"]

    def contact(self, who):
        made = self.admin.post("/v1/contacts", {"contact": who})
        self.assertEqual(made.status, 201, made.data)
        server.tool("work")
        return self.admin.get(f"/v1/contacts/{made.json['id']}").json

    def record(self, who):
        """Somebody whom the address book has."""
        contact = self.contact(who)
        preview = self.admin.post("/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"],
                                                   "connection_id": self.book, "choices": []})
        self.assertEqual(preview.status, 201, preview.data)
        self.admin.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=f'"v{contact["version"]}"')
        server.tool("work")

    def candidates(self, contact):
        return self.admin.get(f"/v1/contacts/{contact['id']}/candidates").json["items"]

    def decide(self, contact, candidate, same):
        answer = self.admin.post(f"/v1/candidates/{candidate['id']}/decision", {"same": same}, if_match=f'"v{contact["version"]}"')
        self.assertEqual(answer.status, 200, answer.data)

    def draft(self, **policy):
        made = self.admin.post("/v1/rules", policy)
        self.assertEqual(made.status, 201, made.data)
        return made.json

    def simulate(self, rules):
        asked = self.admin.post(f"/v1/rules/{rules['id']}/simulation")
        self.assertEqual(asked.status, 202, asked.data)
        server.tool("work")
        return self.admin.get(f"/v1/rules/{rules['id']}").json

    def activate(self, rules):
        return self.admin.post(f"/v1/rules/{rules['id']}/activation", if_match=f'"v{rules["version"]}"')

    def shipped(self):
        """Back to what Kartei ships, whatever holds."""
        rules = self.admin.get(f"/v1/rules/{SHIPPED}").json
        if rules["state"] != "active":
            self.assertEqual(self.activate(rules).status, 200)
        server.tool("work")

    def test_not_a_duplicate_is_remembered_over_edits_of_both_sides(self):
        who = person()
        self.record(who)
        contact = self.contact({**who, "job_title": "Chefin"})
        candidate = self.candidates(contact)[0]
        self.assertEqual((candidate["band"], candidate["decided"]), ("obvious", None))
        self.decide(contact, candidate, False)
        for change in ({"job_title": "Vorstand"}, {"family_name": "Anders"}, {"family_name": who["family_name"]}):
            now = self.admin.get(f"/v1/contacts/{contact['id']}").json
            self.assertEqual(self.admin.patch(f"/v1/contacts/{contact['id']}", change, if_match=f'"v{now["version"]}"').status, 200)
            server.tool("work")
            again = {c["id"]: c["decided"] for c in self.candidates(contact)}
            self.assertEqual(again.get(candidate["id"]), "different", change)
            self.assertEqual(self.admin.get(f"/v1/contacts/{contact['id']}").json["verdict"]["kind"], "new")

    def test_a_new_record_updates_the_candidates_of_contacts_without_a_full_run(self):
        who = person()
        contact = self.contact(who)
        self.assertEqual(self.candidates(contact), [])
        drop = self.admin.post("/v1/connections", {"kind": "file_drop", "name": "Datei", "settings": {}, "secret": {}}).json["id"]
        table = f"First name,Last name,Company,Email\n{who['given_name']},{who['family_name']},Holz,{who['emails'][0]['value']}\n"
        self.assertEqual(self.admin.post(f"/v1/connections/{drop}/imports", {"text": table}).status, 200)
        for _ in range(30):  # the comparison waits two seconds for more changes
            server.tool("work")
            if found := self.candidates(contact):
                break
            time.sleep(0.2)
        self.assertEqual(found[0]["connection"]["id"], drop)

    def test_a_draft_holds_only_after_a_simulation_and_the_shipped_rules_come_back(self):
        who = person()
        self.record(who)
        contact = self.contact({**who, "emails": [], "organization": None})
        self.decide(contact, self.candidates(contact)[0], False)
        strict = self.draft(possible=0.98, obvious=0.999)
        self.assertEqual((strict["state"], strict["origin"]), ("draft", "edited"))
        self.assertEqual(self.activate(strict).status, 409, "a draft became active")
        strict = self.simulate(strict)
        found = strict["simulation"]
        self.assertEqual((strict["state"], found["complete"], found["contacts"]), ("simulated", True, found["total"]))
        self.assertGreater(found["fewer"], 0)
        self.assertLess(found["possible_after"] + found["obvious_after"], found["possible_before"] + found["obvious_before"])
        self.assertGreaterEqual(found["decisions"], 1)
        active = self.activate(strict)
        self.assertEqual((active.status, active.json["state"], active.json["activated_by"]), (200, "active", "admin@one.example"))
        self.assertEqual(self.activate(active.json).status, 409, "twice")
        server.tool("work")
        contact = self.contact({**who, "emails": [], "organization": None})
        self.assertEqual(self.candidates(contact), [], "the active rules are not used")
        loose = self.simulate(self.draft(possible=0.12, obvious=0.97))
        self.assertGreater(loose["simulation"]["more"], 0)
        self.assertGreater(loose["simulation"]["more_different"], 0)
        self.assertIn(f"{loose['simulation']['more']} pairs more", loose["simulation"]["sentence"])
        self.shipped()
        self.assertTrue(self.candidates(contact), "what waits was not compared again")
        states = {r["number"]: r["state"] for r in self.admin.get("/v1/rules").json["items"]}
        self.assertEqual((states[strict["number"]], states[0]), ("retired", "active"))
        again = self.admin.get(f"/v1/rules/{strict['id']}").json
        self.assertEqual(self.activate(again).status, 200, "no way back to rules that held")
        self.shipped()

    def test_a_change_after_the_simulation_makes_a_draft_again(self):
        rules = self.simulate(self.draft(obvious=0.98))
        tag = f'"v{rules["version"]}"'
        changed = self.admin.patch(f"/v1/rules/{rules['id']}", {"possible": 0.2}, if_match=tag)
        self.assertEqual((changed.status, changed.json["state"], changed.json["simulation"]), (200, "draft", None))
        self.assertEqual((changed.json["possible"], changed.json["obvious"]), (0.2, 0.98))
        self.assertEqual(self.activate(changed.json).status, 409)
        self.assertEqual(self.admin.patch(f"/v1/rules/{rules['id']}", {"possible": 0.3}, if_match=tag).status, 412)

    def test_survivorship_decides_what_the_merge_view_proposes_and_a_simulation_counts_it(self):
        who = person(job_title="Leiterin Einkauf und Logistik")
        self.record(who)
        contact = self.contact({**who, "job_title": "CEO"})

        def proposal():
            review = self.admin.get(f"/v1/contacts/{contact['id']}/review?connection={self.book}").json
            return next((f["proposal"], f["why"]) for f in review["fields"] if f["field"] == "job_title")

        self.assertEqual(proposal(), ("card", "card-is-newer"))
        rules = self.simulate(self.draft(survivorship=[{"field": "job_title", "rule": "longest"}]))
        changed = {p["field"]: p["contacts"] for p in rules["simulation"]["proposals"]}
        self.assertGreaterEqual(changed["job_title"], 1)
        self.assertEqual(changed["family_name"], 0)
        self.assertEqual(self.activate(rules).status, 200)
        self.assertEqual(proposal(), ("crm", "crm-is-longer"))
        self.shipped()
        self.assertEqual(proposal(), ("card", "card-is-newer"))

    def test_few_decisions_teach_nothing_and_say_so(self):
        asked = self.admin.post("/v1/lessons")
        self.assertEqual(asked.status, 202, asked.data)
        server.tool("work")
        newest = self.admin.get("/v1/rules").json["items"][0]
        self.assertEqual((newest["origin"], newest["state"], newest["lesson"]["kept"]), ("learned", "draft", True))
        whole = self.admin.get(f"/v1/rules/{newest['id']}").json
        self.assertTrue(all(abs(w["bits"] - w["shipped"]) < 1e-3 for w in whole["weights"]))
        self.assertEqual(self.admin.get(f"/v1/jobs/{asked.json['id']}").json["state"], "done")

    def test_a_pair_is_judged_by_the_rules_asked(self):
        left, right = person(), person()
        pair = {"left": left, "right": {**left, "job_title": "Chefin"}}
        same = self.admin.post(f"/v1/rules/{SHIPPED}/pair-test", pair).json
        other = self.admin.post(f"/v1/rules/{SHIPPED}/pair-test", {"left": left, "right": right}).json
        self.assertEqual((same["band"], same["outcome"]), ("obvious", "same"))
        self.assertNotEqual(other["band"], "obvious")
        self.assertAlmostEqual(same["weight"], sum(r["weight"] for r in same["reasons"]), places=9)
        mail = next(r for r in same["reasons"] if r["field"] == "email")
        rules = self.draft(weights=[{"field": "email", "level": mail["level"], "bits": -12}])
        self.assertLess(self.admin.post(f"/v1/rules/{rules['id']}/pair-test", pair).json["weight"], same["weight"] - 12)

    def test_what_makes_no_sense_is_refused_with_its_place(self):
        for policy, pointer in (({"possible": 0.99, "obvious": 0.5}, "/possible"), ({"obvious": 7}, "/possible"),
                                ({"weights": [{"field": "email", "level": "none such", "bits": 1}]}, "/weights/0"),
                                ({"weights": [{"field": "email", "level": "same", "bits": 99}]}, "/weights"),
                                ({"survivorship": [{"field": "job_title", "rule": "all"}]}, "/survivorship/0"),
                                ({"survivorship": [{"field": "shoe", "rule": "newest"}]}, "/survivorship/0"),
                                ({"base_id": "nobody"}, "/base_id")):
            answer = self.admin.post("/v1/rules", policy)
            self.assertEqual((answer.status, answer.slug), (422, "invalid-input"), (policy, answer.data))
            self.assertTrue(answer.json["errors"][0]["pointer"].startswith(pointer), answer.data)
        self.assertEqual(self.admin.post("/v1/rules", {"base_id": self.book}).status, 404)
        self.assertEqual(self.admin.post(f"/v1/rules/{SHIPPED}/simulation").status, 404)


if __name__ == "__main__":
    with Server() as server:
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
