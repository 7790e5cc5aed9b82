"""What only Salesforce does: SOQL, accounts as employers, stamps that thousands share, deleted records that a query shows."""
import copy
import time
import uuid


class SalesforceCases:
    def test_it_says_which_organisation_it_is(self):
        self.assertEqual(self.ok("found", "who")["sentence"], ", Muster Sandbox, sandbox")
        self.proxy.rule = lambda request: ("answer", 200, {"Content-Type": "application/json"}, b'{"records":[{},{}]}')
        self.assertNotEqual(self.drive.call(self.peer.kind, "who", settings=self.peer.settings(), secret=self.peer.secret()).get("outcome"), "found")

    def test_duplicate_rules_are_told_with_what_they_do(self):
        self.addCleanup(setattr, self.server, "rules", self.server.rules)
        self.server.rules = [("Warnt", True, "Allow", ("Alert", "Report")), ("Sperrt", True, "Block", ()), ("Merkt", True, "Allow", ("Report",)),
                             ("Ruht", False, "Block", ())]
        self.assertEqual(self.ok("found", "rules")["sentence"], "on, warns: Warnt, blocks: Sperrt, notes: Merkt")
        self.server.rules = []
        self.assertEqual(self.ok("found", "rules")["sentence"], "on")
        for broken in (b"{}", b'{"dedupeEnabled":true}', b'{"dedupeEnabled":true,"duplicateRules":null}', b"null"):
            self.proxy.rule = lambda request, broken=broken: ("answer", 200, {"Content-Type": "application/json"}, broken)
            self.assertNotEqual(self.drive.call(self.peer.kind, "rules", settings=self.peer.settings(), secret=self.peer.secret()).get("outcome"), "found", broken)

    def test_employer_is_linked_when_exactly_one_account_has_the_name(self):
        contact = self.sample()
        self.server.accounts.add(contact["organization"])
        _, _, record = self.make(contact)
        self.assertEqual(record["contact"]["organization"], contact["organization"])
        after = {**record["contact"], "organization": "Gibt es nicht GmbH"}
        self.assertEqual(self.update(record, after)["records"][0]["contact"]["organization"], contact["organization"])

    def test_quotes_and_wildcards_stay_text_in_queries(self):
        contact = self.sample()
        contact["family_name"] = "O'Brien\\' OR Name LIKE '%_"
        _, _, record = self.make(contact)
        self.make({**self.sample(), "family_name": contact["family_name"].replace("%_", "xyz")})  # what wildcards would find
        found = self.ok("found", "search", text=contact["family_name"])["records"]
        self.assertEqual([r["remote_id"] for r in found], [record["remote_id"]])
        self.ok("none", "find_exact", contact={"emails": [self.value("x' OR Email LIKE '%@mueller.example")]})
        self.assertIn("Email%3D%27x%5C%27%20OR", self.proxy.seen[-1].path)  # as one literal: the comparison here would hide another

    def test_values_without_room_are_told_and_nothing_is_written_over(self):
        _, contact, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["emails"].append(self.value("zweite@mueller.example", "work"))
        result = self.update(record, after)
        self.assertEqual(result["left"], 1)
        self.assertEqual([e["value"] for e in result["records"][0]["contact"]["emails"]], [contact["emails"][0]["value"]])

    def test_marker_has_to_be_a_field_of_unique_values(self):
        for name, outcome in (("Kartei_Id__c", "found"), ("Description", "rejected"), ("Fehlt__c", "rejected")):
            settings = {**self.peer.settings(), "marker_field": name}
            result = self.drive.call("salesforce", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual(result.get("outcome"), outcome, name)

    def test_records_deleted_longer_ago_than_a_query_shows_start_a_full_run(self):
        _, _, record = self.make()
        for days, expected in ((13, False), (16, True)):
            since = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - days * 86400))
            _, _, full = self.pull('{"since":"%s"}' % since)
            self.assertEqual(full, expected, days)


class SalesforceLeadCases:
    def test_converted_leads_are_gone(self):
        _, _, record = self.make()
        _, cursor, _ = self.pull()
        self.server.contacts.change(record["remote_id"], {"converted": True})
        self.ok("gone", "get", remote_id=record["remote_id"])
        self.ok("none", "find_exact", contact={"emails": record["contact"]["emails"]})
        seen, _, _ = self.pull(cursor)
        self.assertTrue(seen[record["remote_id"]]["deleted"])

    def test_leads_say_that_they_are_such(self):
        _, _, record = self.make()
        self.assertEqual(record["kind"], "lead")
        self.assertEqual(self.call("check", known=[])["mapping"]["object"], "lead")

    def test_lead_without_a_company_is_refused_with_the_reason(self):
        contact = {**self.sample(), "organization": None}
        result = self.ok("rejected", "create", marker=str(uuid.uuid4()), contact=contact)
        self.assertIn("Company", result["sentence"])
