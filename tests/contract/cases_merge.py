"""Vendors that merge two of their records themselves: only as they were seen, and what a lost answer left is there to be looked up."""


class MergeCases:
    def two(self):
        _, keep_contact, keep = self.make({**self.sample(), "job_title": None})
        _, _, give = self.make({**self.sample(), "job_title": "Einkauf"})
        return keep_contact, keep, give

    def merge(self, keep, give, outcome, **versions):
        seen = {"version": keep["version"], "give_version": give["version"], **versions}
        return self.ok(outcome, "merge", remote_id=keep["remote_id"], give_id=give["remote_id"], **seen)

    def gone(self, record):
        """Not there, or another record by now."""
        now = self.call("get", remote_id=record["remote_id"])
        return now["outcome"] == "gone" or now["records"][0]["remote_id"] != record["remote_id"]

    def test_merged_records_are_one(self):
        contact, keep, give = self.two()
        merged = self.merge(keep, give, "updated")["records"][0]
        self.assertTrue(self.gone(give))
        self.assertEqual(merged["contact"]["family_name"], contact["family_name"])
        self.assertEqual(merged["contact"]["job_title"], "Einkauf")
        now = self.ok("found", "get", remote_id=keep["remote_id"])["records"][0]
        self.assertEqual((now["remote_id"], now["version"]), (merged["remote_id"], merged["version"]))

    def test_records_that_changed_are_not_merged(self):
        _, keep, give = self.two()
        self.proxy.seen = []
        self.merge(keep, give, "conflict", version="alt")
        self.merge(keep, give, "conflict", give_version="alt")
        self.assertEqual(self.proxy.writes(self.peer.is_write), 0)
        self.assertFalse(self.gone(give))

    def test_record_that_is_gone_is_not_merged(self):
        _, keep, give = self.two()
        self.ok("updated", "remove", remote_id=give["remote_id"], version=give["version"])
        self.merge(keep, give, "gone")

    def test_lost_answer_to_a_merge_is_uncertain_and_can_be_looked_up(self):
        for how, merged in (("swallow", True), ("drop", False)):
            _, keep, give = self.two()
            self.on_write(how)
            self.merge(keep, give, "uncertain")
            self.proxy.rule = lambda request: None
            self.assertEqual(self.gone(give), merged, how)

    def test_refused_merge_says_why(self):
        _, keep, give = self.two()
        self.on_write(("answer", 403, {"Content-Type": "application/json"}, b"{}"))
        self.assertIn(self.call("merge", remote_id=keep["remote_id"], give_id=give["remote_id"], version=keep["version"],
                                give_version=give["version"])["outcome"], ("rejected", "quota"))
