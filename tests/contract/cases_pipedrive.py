"""What only Pipedrive does: lists replaced whole, a lagging search, budgets of the day, two ways in."""
import copy
import json
import time
import uuid

from fakes.pipedrive import MARKER, TITLE, V1


class PipedriveCases:
    def test_lost_create_is_found_while_the_search_lags(self):
        self.server.lag = 30
        self.addCleanup(setattr, self.server, "lag", 0)
        marker, contact = str(uuid.uuid4()), self.sample()
        self.on_write("swallow")
        self.ok("uncertain", "create", marker=marker, contact=contact)
        self.proxy.rule = lambda request: None
        found = self.ok("found", "find_marker", marker=marker)["records"][0]
        again = self.ok("created", "create", marker=marker, contact=contact)["records"][0]
        self.assertEqual(again["remote_id"], found["remote_id"])
        self.assert_count(contact, 1)

    def test_old_record_is_found_by_its_marker_in_the_search(self):
        marker, _, record = self.make()
        row = self.server.contacts.rows[record["remote_id"]]
        row["modified"] = row["created"] = time.time() - 86400
        self.assertEqual(self.ok("found", "find_marker", marker=marker)["records"][0]["remote_id"], record["remote_id"])

    def test_two_persons_with_one_marker_are_told_and_no_third_is_made(self):
        marker, contact, record = self.make()
        self.server.insert(copy.deepcopy(self.server.contacts.rows[record["remote_id"]]["fields"]))
        self.ok("many", "create", marker=marker, contact=contact)
        self.assert_count(contact, 2)

    def test_one_value_changed_leaves_the_others_labels_and_the_main_one(self):
        _, _, record = self.make()
        fields = self.server.contacts.rows[record["remote_id"]]["fields"]
        fields["emails"] = [{"value": "alt@mueller.example", "primary": False, "label": "Zentrale"},
                            {"value": "haupt@mueller.example", "primary": True, "label": "home"}]
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        after = copy.deepcopy(record["contact"])
        self.assertEqual([one["value"] for one in after["emails"]], ["haupt@mueller.example", "alt@mueller.example"], "the main one is our first")
        after["emails"][0]["value"] = "neu@mueller.example"
        self.update(record, after)
        self.assertEqual(fields["emails"], [{"value": "alt@mueller.example", "primary": False, "label": "Zentrale"},
                                            {"value": "neu@mueller.example", "primary": True, "label": "home"}])

    def test_main_value_that_goes_is_followed_by_the_first_that_stays(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["phones"] = after["phones"][1:]
        self.update(record, after)
        phones = self.server.contacts.rows[record["remote_id"]]["fields"]["phones"]
        self.assertEqual([(item["primary"], item["label"]) for item in phones], [(True, "mobile")])

    def test_employer_is_linked_when_exactly_one_organisation_has_the_name(self):
        contact = self.sample()
        for name in (contact["organization"], contact["organization"] + " Holding"):
            self.server.organizations.add(name)
        self.addCleanup(self.server.organizations.clear)
        _, _, record = self.make(contact)
        self.assertEqual(record["contact"]["organization"], contact["organization"])
        found = self.ok("found", "search", text=contact["organization"][3:])["records"]
        self.assertEqual([r["remote_id"] for r in found], [record["remote_id"]])
        after = {**record["contact"], "organization": "Gibt es nicht GmbH"}
        result = self.update(record, after)
        self.assertEqual((result["left"], result["records"][0]["contact"]["organization"]), (1, contact["organization"]))
        after["organization"] = None
        self.assertIsNone(self.update(result["records"][0], after)["records"][0]["contact"]["organization"])

    def test_organisations_of_many_persons_are_read_together(self):
        for n in range(1, 151):
            self.server.organizations.add(f"Firma {n}", number=n)
        self.addCleanup(self.server.organizations.clear)
        self.addCleanup(self.peer.remove_many)
        for n in range(1, 151):
            self.server.insert({"name": f"Anna Viele{n}", "org_id": n})
        self.proxy.seen = []
        seen, _, _ = self.pull()
        many = [r["contact"] for r in seen.values() if "Viele" in (r["contact"]["family_name"] or "")]
        self.assertEqual({c["organization"] for c in many}, {f"Firma {n}" for n in range(1, 151)})
        self.assertEqual(sum("/organizations?" in request.path for request in self.proxy.seen), 2)

    def test_job_title_has_no_room_without_a_field_for_it(self):
        settings = {k: v for k, v in self.peer.settings().items() if k != "job_title_field"}
        result = self.drive.call("pipedrive", "create", settings=settings, secret=self.peer.secret(),
                                 marker=str(uuid.uuid4()), contact={**self.sample(), "organization": None})
        self.assertEqual((result.get("outcome"), result.get("left")), ("created", 1), result)
        self.assertIsNone(result["records"][0]["contact"]["job_title"])

    def test_api_token_opens_without_oauth(self):
        settings = {"url": f"http://127.0.0.1:{self.proxy.port}/", "marker_field": MARKER}
        for token, outcome in ((self.server.api_token, "found"), ("bad", "reauthorise")):
            result = self.drive.call("pipedrive", "test", settings=settings, secret={"api_token": token})
            self.assertEqual(result.get("outcome"), outcome, result)
        self.assertTrue(all(b"authorization" not in request.head.lower() for request in self.proxy.seen))
        self.assertEqual(self.drive.call("pipedrive", "test", settings=settings, secret={}).get("error"), "crm-reauthorise")

    def test_fields_that_are_not_there_are_told_by_the_test(self):
        for name in ("marker_field", "job_title_field"):
            settings = {**self.peer.settings(), name: "d" * 40}
            result = self.drive.call("pipedrive", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual(result.get("outcome"), "rejected")
            self.assertIn("d" * 40, result["sentence"])
            settings[name] = "../organizations"
            result = self.drive.call("pipedrive", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual((result.get("error"), result.get("pointer")), ("invalid-input", f"/settings/{name}"))

    def test_budgets_say_how_long_to_wait(self):
        def wait(headers, status=429):
            self.proxy.rule = lambda request: ("answer", status, headers, b"<html>" if status == 403 else b"{}")
            return self.ok("quota", "test")["retry_after_ms"]
        self.assertEqual(wait({"x-ratelimit-reset": "2", "x-daily-ratelimit-token-remaining": "120"}), 2000)
        self.assertEqual(wait({}), 2000)
        midnight = (86400 - time.time() % 86400) * 1000
        self.assertAlmostEqual(wait({"x-daily-ratelimit-token-remaining": "0", "x-ratelimit-reset": "2"}), midnight, delta=10000)
        self.assertEqual(wait({"Retry-After": "1.5"}), 1500)
        self.assertEqual(wait({"Content-Type": "text/html"}, 403), 600000)

    def test_numbers_that_others_keep_are_only_read(self):
        _, contact, record = self.make()
        fields = self.server.contacts.rows[record["remote_id"]]["fields"]
        fields["phones"][0]["value"] = "0931 / 12 34 - 5"
        fields["custom_fields"][TITLE] = "Leiter"
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        self.update(record, {**record["contact"], "job_title": "Leiterin"})
        self.assertEqual((fields["phones"][0]["value"], fields["custom_fields"][TITLE]), ("0931 / 12 34 - 5", "Leiterin"))

    def test_look_alikes_of_the_search_are_no_exact_hits(self):
        self.server.insert({"name": "Ida Fremd", "phones": [{"value": "+43 1 9931 1234567", "primary": True, "label": "work"}]})
        self.ok("none", "find_exact", contact={"phones": [self.value("+4989 1234567".replace(" ", ""))]})

    def test_page_that_names_itself_ends_the_pull(self):
        page = {"success": True, "data": [], "additional_data": {"next_cursor": "x"}}
        self.proxy.rule = lambda request: ("answer", 200, {}, json.dumps(page).encode())
        first = self.ok("found", "changes")
        self.ok("rejected", "changes", cursor=first["cursor"])

    def test_many_deleted_persons_come_page_by_page(self):
        self.peer.add_many(550)
        _, cursor, _ = self.pull()
        self.peer.remove_many()
        self.proxy.seen = []
        seen, _, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertGreaterEqual(sum(r["deleted"] for r in seen.values()), 550)
        self.assertGreaterEqual(sum(request.path.startswith(f"{V1}/recents") for request in self.proxy.seen), 2)

    def test_cursor_older_than_the_memory_of_deleted_persons_starts_over(self):
        _, _, record = self.make()
        seen, _, full = self.pull(json.dumps({"stage": "deleted", "since": int((time.time() - 26 * 86400) * 1000), "began": 0}))
        self.assertTrue(full)
        self.assertIn(record["remote_id"], seen)
