"""What only HubSpot does: an index that lags, merged contacts, searches that end at 10,000 hits."""
import time
import uuid


class HubSpotCases:
    def test_contact_that_others_made_with_this_address_is_a_duplicate(self):
        contact = self.sample()
        self.server.insert({"lastname": "Andere", "email": contact["emails"][0]["value"]})
        result = self.ok("duplicate", "create", marker=str(uuid.uuid4()), contact=contact)
        self.assertTrue(result["not_sent"])
        self.assert_count(contact, 0)

    def test_mail_and_marker_are_found_while_the_search_index_lags(self):
        self.server.lag = 30
        self.addCleanup(setattr, self.server, "lag", 0)
        marker, contact, record = self.make()
        for found in (self.ok("found", "find_marker", marker=marker), self.ok("found", "find_exact", contact={"emails": contact["emails"]})):
            self.assertEqual(found["records"][0]["remote_id"], record["remote_id"])

    def test_merged_contacts_leave_the_pull(self):
        _, _, kept = self.make()
        _, _, given = self.make()
        _, cursor, _ = self.pull()
        self.server.merge(kept["remote_id"], given["remote_id"])
        seen, _, _ = self.pull(cursor)
        self.assertTrue(seen[given["remote_id"]]["deleted"])
        self.assertFalse(seen[kept["remote_id"]]["deleted"])

    def test_windows_that_are_full_go_on_by_stamp_and_by_id(self):
        _, cursor, _ = self.pull()
        moment = time.time()
        for number in range(10400):  # more equal stamps than a search shows, and some behind them
            self.server.contacts.rows[str(500000 + number)] = {
                "id": str(500000 + number), "fields": {"lastname": f"Viele{number}"}, "created": moment, "deleted": False,
                "modified": moment if number < 10200 else moment + number / 1e6}
        self.addCleanup(lambda: [self.server.contacts.rows.pop(str(500000 + number)) for number in range(10400)])
        seen, _, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertEqual(sum(r["remote_id"].startswith("5") and len(r["remote_id"]) == 6 for r in seen.values()), 10400)

    def test_marker_has_to_be_a_property_of_unique_values(self):
        for name, outcome in (("kartei_id", "found"), ("message", "rejected"), ("fehlt", "rejected")):
            settings = {**self.peer.settings(), "marker_property": name}
            result = self.drive.call("hubspot", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual(result.get("outcome"), outcome, name)
