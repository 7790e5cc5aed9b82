"""What is particular to the vendors that speak OData; mixed into the cases of run_contract.py, which lends sample() and
all else."""
import copy
import json
import time
import uuid


class Errors:
    """200 with an error for a body: nobody may take it for a success."""

    def test_error_inside_200_is_no_success(self):
        _, _, record = self.make()
        error = ("answer", 200, {}, '{"error":{"code":"x","message":"Später noch einmal."}}'.encode())
        self.on_write(error)
        self.assertEqual(self.update(record, self.changed(record), "uncertain")["sentence"], "Später noch einmal.")
        self.ok("uncertain", "remove", remote_id=record["remote_id"], version=record["version"])
        self.ok("uncertain", "create", marker=str(uuid.uuid4()), contact=self.sample())
        self.proxy.rule = lambda request: error
        for name in ("changes", "search"):
            self.assertEqual(self.ok("rejected", name, text="x")["sentence"], "Später noch einmal.")


class Lag:
    """Vendors that keep no marker unique: create() looks first, and sees what the server shows by then."""

    def test_lost_create_is_adopted_once_the_server_shows_it(self):
        marker, contact = str(uuid.uuid4()), self.sample()
        self.server.lag = 2
        self.addCleanup(setattr, self.server, "lag", 0)
        self.on_write("swallow")
        self.ok("uncertain", "create", marker=marker, contact=contact)
        self.proxy.rule = lambda request: None
        self.ok("none", "find_marker", marker=marker)
        time.sleep(2.1)
        self.proxy.seen = []
        self.ok("created", "create", marker=marker, contact=contact)
        self.assertEqual(self.proxy.writes(self.peer.is_write), 0)
        self.assert_count(contact, 1)


class Links:
    """Delta links and links to pages: followed on the same host and nowhere else."""

    def test_links_to_another_host_are_not_followed(self):
        self.peer.add_many(250)
        self.addCleanup(self.peer.remove_many)
        self.addCleanup(setattr, self.server, "prefix", "")
        for prefix in (f"http://127.0.0.1:{self.server.port}", "http://169.254.169.254", self.server.public + "0", self.server.public + "@evil.example",
                       self.server.public + "/other"):
            self.server.prefix = prefix
            self.proxy.seen = []
            result = self.ok("rejected", "changes")
            self.assertIsNone(result["cursor"])
            self.assertEqual(len(self.proxy.seen), 1)

    def test_cursor_that_names_another_host_starts_over(self):
        _, _, record = self.make()
        for link in ("http://169.254.169.254/x", f"http://127.0.0.1:{self.server.port}{self.server.root}/{getattr(self.server, 'set', 'contacts')}"):
            seen, _, full = self.pull(json.dumps({"link": link, "given": int(time.time() * 1000), "full": False}))
            self.assertTrue(full)
            self.assertIn(record["remote_id"], seen)

    def test_page_that_names_itself_as_the_next_one_ends_the_pull(self):
        self.make()
        cursor = self.ok("found", "changes")["cursor"]
        link = json.loads(cursor)["link"]
        body = json.dumps({"value": [], "@odata.nextLink": link}).encode()
        self.proxy.rule = lambda request: ("answer", 200, {}, body)
        self.assertEqual(self.ok("rejected", "changes", cursor=cursor)["cursor"], cursor)

    def test_changes_during_a_pull_come_with_the_next_one(self):
        self.peer.add_many(250)
        self.addCleanup(self.peer.remove_many)
        _, _, record = self.make()
        page = self.ok("found", "changes")
        self.assertTrue(page["more"] and page["full"])
        self.peer.change(record["remote_id"])
        _, _, late = self.make()
        _, cursor, _ = self.pull(page["cursor"])
        seen, _, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertEqual(seen[record["remote_id"]]["contact"]["job_title"], "von anderen")
        self.assertIn(late["remote_id"], seen)

    def test_page_links_forgotten_amid_a_pull_start_over(self):
        self.peer.add_many(250)
        self.addCleanup(self.peer.remove_many)
        page = self.ok("found", "changes")
        self.server.tokens.clear()
        again = self.ok("found", "changes", cursor=page["cursor"])
        self.assertTrue(again["full"] and again["more"])

    def test_refusal_of_a_delta_link_for_want_of_rights_keeps_the_cursor(self):
        self.make()
        _, cursor, _ = self.pull()
        self.proxy.rule = lambda request: self.peer.fault(403, "AccessDenied", "Kein Zugriff.")
        result = self.ok("rejected", "changes", cursor=cursor)
        self.assertEqual((result["cursor"], result["sentence"]), (cursor, "Kein Zugriff."))


class Employers:
    """Vendors whose employer is a record of its own."""

    def test_employer_is_linked_when_exactly_one_account_has_the_name(self):
        contact = self.sample()
        self.server.accounts.add(contact["organization"])
        self.addCleanup(self.server.accounts.clear)
        _, _, record = self.make(contact)
        self.assertEqual(record["contact"]["organization"], contact["organization"])
        after = {**record["contact"], "organization": "Gibt es nicht GmbH"}
        result = self.update(record, after)
        self.assertEqual((result["records"][0]["contact"]["organization"], result["left"]), (contact["organization"], 1))
        after = {**result["records"][0]["contact"], "organization": None}
        self.assertIsNone(self.update(result["records"][0], after)["records"][0]["contact"]["organization"])

    def test_employers_that_may_not_be_read_are_left_out(self):
        contact = self.sample()
        self.server.accounts.add(contact["organization"])
        self.addCleanup(self.server.accounts.clear)
        for status in (400, 403, 404):
            self.proxy.rule = lambda request, status=status: ("answer", status, {}, b"") if "/accounts" in request.path else None
            self.assertEqual(self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact)["left"], 1)
        self.proxy.rule = lambda request: ("answer", 503, {}, b"") if "/accounts" in request.path else None
        self.assertTrue(self.ok("down", "create", marker=str(uuid.uuid4()), contact=contact)["not_sent"])

    def test_unknown_employer_is_told_and_changes_nothing(self):
        _, contact, record = self.make()
        again = self.ok("created", "create", marker=str(uuid.uuid4()), contact=self.sample())
        self.assertEqual(again["left"], 1)
        self.proxy.seen = []
        result = self.update(record, {**record["contact"], "organization": "O'Brien' or name ne '"})
        self.assertEqual((result["left"], self.proxy.writes(self.peer.is_write)), (1, 0))


class Literals:
    def test_quotes_and_wildcards_stay_text_in_filters(self):
        contact = self.sample()
        contact["family_name"] += "'%_[a' or x eq '"
        _, _, record = self.make(contact)
        other = self.sample()
        other["family_name"] = contact["family_name"].replace("%_", "XX")
        self.make(other)
        found = self.ok("found", "search", text=contact["family_name"])["records"]
        self.assertEqual([r["remote_id"] for r in found], [record["remote_id"]])
        self.ok("none", "find_exact", contact={"emails": [self.value("x' or 'a' eq 'a@mueller.example")]})

    def test_values_without_room_are_told_and_nothing_is_written_over(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["emails"] += [self.value(f"zweite{k}@mueller.example", "work") for k in range(self.peer.emails)]
        result = self.update(record, after)
        self.assertEqual(result["left"], 1)
        self.assertEqual({e["value"] for e in result["records"][0]["contact"]["emails"]}, {e["value"] for e in after["emails"][:-1]})


class DynamicsTable(Errors, Links, Literals):
    """What every table of an environment does."""

    def test_duplicate_rule_of_the_environment_refuses_a_create(self):
        contact = self.sample()
        self.server.insert({"lastname": "Andere", "emailaddress1": contact["emails"][0]["value"]})
        self.server.duplicate_rule = True
        self.addCleanup(setattr, self.server, "duplicate_rule", False)
        self.assertTrue(self.ok("duplicate", "create", marker=str(uuid.uuid4()), contact=contact)["not_sent"])
        self.assert_count(contact, 0)

    def test_own_record_in_the_way_of_a_duplicate_rule_is_adopted(self):
        marker, contact, record = self.make()
        self.server.duplicate_rule = True
        self.addCleanup(setattr, self.server, "duplicate_rule", False)
        again = self.ok("created", "create", marker=marker, contact=contact)["records"][0]
        self.assertEqual((again["remote_id"], again["remote_id"]), (record["remote_id"], marker))
        self.assert_count(contact, 1)

    def test_deactivated_contacts_are_gone_and_leave_the_pull(self):
        _, _, record = self.make()
        _, cursor, _ = self.pull()
        self.peer.archive(record["remote_id"])
        self.ok("gone", "get", remote_id=record["remote_id"])
        self.assertTrue(self.pull(cursor)[0][record["remote_id"]]["deleted"])
        self.ok("none", "find_exact", contact={"emails": record["contact"]["emails"]})

    def test_delta_link_older_than_the_vendor_keeps_is_not_tried(self):
        self.make()
        _, cursor, _ = self.pull()
        old = {**json.loads(cursor), "given": int(time.time() * 1000) - 6 * 86400 * 1000 - 1}
        self.proxy.seen = []
        self.assertTrue(self.pull(json.dumps(old))[2])
        self.assertNotIn("deltatoken", self.proxy.seen[0].path)

    def test_duplicate_rules_are_told_unless_they_are_of_another_table_or_not_published(self):
        name = {"contact": "Kontakte", "lead": "Leads"}[self.server.table] + " mit gleicher E-Mail"
        self.assertEqual(self.ok("found", "rules")["sentence"], f"on, warns: {name}")
        self.addCleanup(self.server.searches.update, dict(self.server.searches))
        self.server.searches["isduplicatedetectionenabledforonlinecreateupdate"] = False
        self.assertEqual(self.ok("found", "rules")["sentence"], f"off, warns: {name}")
        denied = self.peer.fault(403, "0x80040220", "Ihnen fehlt prvReadDuplicateRule.")
        self.proxy.rule = lambda request: denied if "duplicaterules" in request.path else None
        self.assertIn("prvReadDuplicateRule", self.ok("rejected", "rules")["sentence"])

    def test_it_says_whom_and_where_we_are_as_far_as_we_may_know(self):
        self.assertEqual(self.ok("found", "who")["sentence"], "Kartei Integration (integration@muster.example), Muster Produktion, production")
        self.proxy.rule = lambda request: self.peer.fault(403, "0x80040220", "prvReadUser fehlt.") if "/systemusers" in request.path else None
        self.assertEqual(self.ok("found", "who")["sentence"], ", Muster Produktion, production")

    def test_table_without_change_tracking_is_told(self):
        self.server.tracked = False
        self.addCleanup(setattr, self.server, "tracked", True)
        self.assertIn("change tracking", self.ok("rejected", "test")["sentence"])

    def test_address_without_a_dataverse_is_told(self):
        settings = {"url": self.peer.settings()["url"] + "falsch"}
        for name in ("test", "changes", "search"):
            result = self.drive.call("dynamics", name, settings=settings, secret=self.peer.secret(), text="x")
            self.assertEqual((result.get("outcome"), result.get("not_sent")), ("rejected", True), (name, result))
        self.assertEqual(self.drive.call("dynamics", "test", settings={}, secret=self.peer.secret()).get("pointer"), "/settings/url")


class MsGraphCases(Errors, Lag, Links):
    def fields(self, record):
        return self.server.contacts.rows[record["remote_id"]]["fields"]

    def test_lists_and_addresses_keep_what_we_do_not_map(self):
        _, _, record = self.make()
        mails = [{"name": "Zentrale", "address": record["contact"]["emails"][0]["value"]}, {"name": "Chef privat", "address": "chef@mueller.example"}]
        self.server.contacts.change(record["remote_id"], {"emailAddresses": mails, "homePhones": ["0931 1", "0931 2", "0931 3"]})
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        after = copy.deepcopy(record["contact"])
        after["emails"][1]["value"] = "neu@mueller.example"
        after["addresses"][0]["city"] = "Ulm"
        now = self.update(record, after)["records"][0]
        self.assertEqual(self.fields(record)["emailAddresses"], [mails[0], {"name": "Chef privat", "address": "neu@mueller.example"}])
        self.assertEqual(self.fields(record)["homePhones"], ["0931 1", "0931 2", "0931 3"])
        self.assertEqual(self.fields(record)["businessAddress"]["street"], "Industriestr. 5")
        self.update(now, record["contact"])
        self.assertEqual(self.fields(record)["emailAddresses"], mails)

    def test_list_longer_than_we_read_is_not_written(self):
        _, _, record = self.make()
        many = [f"0931 100{n:02}" for n in range(20)]
        self.server.contacts.change(record["remote_id"], {"homePhones": many})
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        after = copy.deepcopy(record["contact"])
        next(phone for phone in after["phones"] if phone["kind"] == "home")["value"] = "+4993155555"
        self.proxy.seen = []
        self.call("update", remote_id=record["remote_id"], version=record["version"], before=record["contact"], after=after)
        self.assertEqual(self.proxy.writes(self.peer.is_write), 0)
        self.assertEqual(self.fields(record)["homePhones"], many)

    def test_display_name_follows_the_name_unless_people_chose_it(self):
        for shown, changed in (("", None), ("Jörg {family}", "Jörg {family}-Neu"), ("Dr. Jörg {family}", "Dr. Jörg {family}-Neu"),
                               ("Müller, Einkauf (Jörg)", "Müller, Einkauf (Jörg)")):
            _, contact, record = self.make()
            if shown:
                self.server.contacts.change(record["remote_id"], {"displayName": shown.format(family=contact["family_name"])})
                record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
            before = self.fields(record)["displayName"]
            now = self.update(record, {**record["contact"], "family_name": contact["family_name"] + "-Neu"})["records"][0]
            if changed:
                self.assertEqual(self.fields(record)["displayName"], changed.format(family=contact["family_name"]))
            self.update(now, record["contact"])
            self.assertEqual(self.fields(record)["displayName"], before)

    def test_two_records_with_one_marker_are_told_and_no_third_is_made(self):
        marker, contact, record = self.make()
        self.server.insert({**self.fields(record)})
        self.ok("many", "find_marker", marker=marker)
        self.ok("many", "create", marker=marker, contact=contact)
        self.assert_count(contact, 2)

    def test_values_without_room_are_told(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["emails"] += [self.value(f"zweite{k}@mueller.example", "work") for k in range(3)]
        after["phones"] += [self.value(f"+4993177777{k:02}", "work") for k in range(2)]
        after["phones"] += [self.value("+49931777799", "fax")]
        result = self.update(record, after)
        self.assertEqual(result["left"], 3)
        self.assertEqual((len(self.fields(record)["emailAddresses"]), len(self.fields(record)["businessPhones"])), (3, 2))

    def test_phone_on_a_later_page_of_the_folder_is_found(self):
        self.peer.add_many(450)
        self.addCleanup(self.peer.remove_many)
        self.peer.add_foreign("Zuletzt", "(0931) 88-77 665")
        found = self.ok("found", "find_exact", contact={"phones": [self.value("+499318877665")]})["records"]
        self.assertEqual(found[0]["contact"]["family_name"], "Zuletzt")


class SapSalesCases(Errors, Lag, Employers):
    def test_write_goes_out_with_the_etag_of_a_fresh_read_or_not_at_all(self):
        _, _, record = self.make()
        self.server.etags = False
        self.addCleanup(setattr, self.server, "etags", True)
        self.proxy.seen = []
        self.assertTrue(self.update(record, self.changed(record), "rejected")["not_sent"])
        self.assertEqual(self.proxy.writes(self.peer.is_write), 0)

    def test_what_is_no_id_is_not_sent(self):
        self.proxy.seen = []
        for remote_id in ("1234-5678", "../accounts", "01a076e8-3e32-7003-a320-fc6b22fcd3590"):
            self.ok("gone", "get", remote_id=remote_id)
        self.assertEqual(self.proxy.seen, [])

    def test_versions_of_lists_and_of_single_reads_are_the_same(self):
        _, contact, record = self.make()
        for found in (self.ok("found", "search", text=contact["family_name"]), self.ok("found", "find_exact", contact={"emails": contact["emails"]})):
            self.assertEqual(found["records"][0]["version"], record["version"])
        self.assertEqual(self.pull()[0][record["remote_id"]]["version"], record["version"])

    def test_field_of_the_marker_has_to_be_there(self):
        for field, outcome in (("KarteiId", "found"), ("Fehlt", "rejected")):
            settings = {**self.peer.settings(), "marker_field": field}
            result = self.drive.call("sap_sales", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual(result.get("outcome"), outcome, result)
        settings = {**self.peer.settings(), "marker_field": "x eq 'y' or z"}
        result = self.drive.call("sap_sales", "test", settings=settings, secret=self.peer.secret())
        self.assertEqual(result.get("pointer"), "/settings/marker_field")

    def test_undone_create_is_obsolete_there_and_gone_here(self):
        _, _, record = self.make()
        self.ok("updated", "remove", remote_id=record["remote_id"], version=record["version"])
        self.assertEqual(self.server.contacts.rows[record["remote_id"]]["fields"]["lifeCycleStatus"], "OBSOLETE")
        self.ok("gone", "get", remote_id=record["remote_id"])


class DynamicsCases(DynamicsTable, Employers):
    """Contacts."""

    def test_a_company_that_was_renamed_before_its_answer_came_is_not_made_again(self):
        self.addCleanup(self.server.accounts.clear)
        marker = str(uuid.uuid4())
        self.server.accounts.add("Nordlicht AG (Hamburg)", None, marker)
        made = self.ok("created", "make_company", text="Nordlicht AG", marker=marker)["companies"]
        self.assertEqual(([c["id"] for c in made], list(self.server.accounts.rows)), ([marker], [marker]))


class DynamicsLeadCases(DynamicsTable):
    def test_leads_say_that_they_are_such(self):
        contact = self.sample()
        _, _, record = self.make(contact)
        self.assertEqual((record["kind"], record["contact"]["organization"]), ("lead", contact["organization"]))
        mapping = self.call("check", known=[])["mapping"]
        self.assertEqual((mapping["object"], [row["theirs"] for row in mapping["rows"] if row["ours"] == "organization"]), ("lead", ["companyname"]))
