"""Cases about fields and mappings: what a CRM says of its fields, and that a mapping decides where values go.

A peer of records that a mapping can move names `custom` (a text field of the customer's), `listed` (a field with a closed list and
one of its choices, or None) and `constant` (a field and a value for new records).
"""
import copy
import uuid

GONE, READ_ONLY, TYPE, CHOICE, LONG = 1, 2, 3, 4, 5
TOGETHER = 12


class DescribedCases:
    """For every connector."""

    def described(self):
        found = self.ok("found", "fields")["fields"]
        self.assertEqual(len({f["name"] for f in found}), len(found))
        return found

    def check(self, known, mapping=None):
        return self.call("check", known=known, **({"mapping": mapping} if mapping else {}))

    def test_shipped_mapping_suits_what_the_crm_describes(self):
        judged = self.check(self.described())
        self.assertEqual([f for f in judged["findings"] if f["error"]], [])
        self.assertTrue(judged["mapping"]["rows"])

    def test_field_that_is_not_described_is_found_missing(self):
        known, mapping = self.described(), self.check([])["mapping"]
        lost = next(row["theirs"] for row in mapping["rows"] if any(f["name"] == row["theirs"] for f in known))
        judged = self.check([f for f in known if f["name"] != lost])
        self.assertIn((GONE, lost), [(f["misfit"], f["theirs"]) for f in judged["findings"]])

    def test_mapping_that_no_connector_can_use_is_refused(self):
        good = self.check([])["mapping"]
        first = good["rows"][0]
        for bad, pointer in (({**good, "connector": "sonst"}, "/connector"), ({**good, "object": "account"}, "/object"),
                             ({**good, "rows": []}, "/rows"), ({**good, "rows": [{**first, "ours": "augenfarbe"}]}, "/rows/0/ours"),
                             ({**good, "rows": [{**first, "theirs": "a' OR b"}]}, "/rows/0/theirs"),
                             ({**good, "rows": [first, first]}, "/rows/1/")):
            self.assertIn(pointer, self.check([], bad)["pointer"], bad)


class MappedCases:
    """For connectors whose places are data."""

    def mapping(self, **moved):
        """The shipped mapping with our places in other fields; None leaves the place out."""
        mapping = self.check([])["mapping"]
        for ours, theirs in moved.items():
            ours = ours.replace("__", ".")
            mapping["rows"] = [row for row in mapping["rows"] if row["ours"] != ours] + ([{"ours": ours, "theirs": theirs}] if theirs else [])
        return mapping

    def fields_of(self, record):
        return self.server.contacts.rows[record["remote_id"]]["fields"]

    def unwritten(self):
        """The proxy's counter of writes; call the result to learn how many there were."""
        writes = []
        self.proxy.rule = lambda request: writes.append(request) if self.peer.is_write(request) else None
        return lambda: len(writes)

    def make_mapped(self, mapping, **values):
        contact = self.sample()
        return contact, self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact, mapping=mapping, **values)["records"][0]

    def test_a_place_moved_to_a_field_of_the_customer_is_written_read_and_pulled_there(self):
        mapping = self.mapping(job_title=self.peer.custom)
        contact, record = self.make_mapped(mapping)
        self.assertEqual(self.fields_of(record)[self.peer.custom], contact["job_title"])
        self.assertFalse(self.fields_of(record).get(self.peer.title))
        self.assertEqual(record["contact"]["job_title"], contact["job_title"])
        after = {**record["contact"], "job_title": "Geschäftsführerin"}
        now = self.update(record, after, mapping=mapping)["records"][0]
        self.assertEqual(self.fields_of(record)[self.peer.custom], "Geschäftsführerin")
        seen = self.ok("found", "find_exact", contact={"emails": contact["emails"]}, mapping=mapping)["records"]
        self.assertEqual([r["contact"]["job_title"] for r in seen], ["Geschäftsführerin"])
        undone = self.update(now, record["contact"], mapping=mapping)["records"][0]
        self.assertEqual(self.fields_of(undone)[self.peer.custom], contact["job_title"])

    def test_a_place_without_a_field_is_neither_read_nor_written(self):
        _, _, whole = self.make()
        mapping = self.mapping(job_title=None)
        record = self.ok("found", "get", remote_id=whole["remote_id"], mapping=mapping)["records"][0]
        self.assertIsNone(record["contact"]["job_title"])
        after = {**record["contact"], "family_name": "Ohne-Titel", "job_title": "Wird nicht übertragen"}
        self.update(record, after, mapping=mapping)
        self.assertEqual(self.fields_of(record)[self.peer.title], whole["contact"]["job_title"])
        self.assertEqual(self.fields_of(record)[self.peer.family], "Ohne-Titel")

    def test_constants_are_written_on_new_records_only(self):
        name, text = self.peer.constant
        mapping = self.mapping()
        mapping["constants"] = [{"purpose": "default", "theirs": name, "value": text}]
        known = self.described()
        self.assertEqual([f for f in self.check(known, mapping)["findings"] if f["error"]], [])
        _, record = self.make_mapped(mapping, known=known)
        self.assertEqual(str(self.fields_of(record)[name]), text)
        self.server.contacts.change(record["remote_id"], {name: None})
        record = self.ok("found", "get", remote_id=record["remote_id"], mapping=mapping)["records"][0]
        self.update(record, {**record["contact"], "family_name": "Ohne-Konstante"}, mapping=mapping, known=known)
        self.assertIsNone(self.fields_of(record)[name])
        mapping["constants"][0]["value"] = "Gibt es nicht"
        closed = [{**f, "strict": True} if f["name"] == name else f for f in known]
        self.assertEqual([f["theirs"] for f in self.check(closed, mapping)["findings"] if f["error"]], [name])

    def refused(self, misfit, record, after, known, mapping):
        writes = self.unwritten()
        before = copy.deepcopy(self.fields_of(record))
        result = self.update(record, after, "rejected", mapping=mapping, known=known)
        self.assertEqual((result["misfit"], result["not_sent"]), (misfit, True), result)
        self.ok("rejected", "rehearse", remote_id=record["remote_id"], version=record["version"], before=record["contact"], after=after,
                mapping=mapping, known=known)
        self.assertEqual((writes(), self.fields_of(record)), (0, before))
        return result["sentence"]

    def test_value_that_a_field_does_not_take_is_refused_whole_before_anything_is_sent(self):
        mapping = self.mapping(job_title=self.peer.custom)
        known = self.described()
        _, record = self.make_mapped(mapping)
        after = {**record["contact"], "family_name": "Halb-Geschrieben", "job_title": "Ä" * 61}
        short = [{**f, "length": 60} if f["name"] == self.peer.custom else f for f in known]
        self.assertEqual(self.refused(LONG, record, after, short, mapping), self.peer.custom)
        after["job_title"] = "Ä" * 60  # characters, not bytes
        record = self.update(record, after, mapping=mapping, known=short)["records"][0]
        after = {**record["contact"], "job_title": "Neu"}
        gone = [f for f in known if f["name"] != self.peer.custom]
        self.assertEqual(self.refused(GONE, record, after, gone, mapping), self.peer.custom)
        fixed = [{**f, "update": False} if f["name"] == self.peer.custom else f for f in known]
        self.assertEqual(self.refused(READ_ONLY, record, after, fixed, mapping), self.peer.custom)

    def test_value_that_is_not_on_the_list_is_refused(self):
        if not self.peer.listed:
            self.skipTest("its choices are numbers: no text of ours can be one")
        name, choice = self.peer.listed
        mapping, known = self.mapping(department=name), self.described()
        contact = {**self.sample(), "department": choice}
        record = self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact, mapping=mapping, known=known)["records"][0]
        self.assertEqual(record["contact"]["department"], choice)
        self.assertEqual(self.refused(CHOICE, record, {**record["contact"], "department": "Ost"}, known, mapping), name)

    def test_text_that_cannot_be_kept_in_a_field_is_found(self):
        known = self.described()
        name = self.peer.constant[0]
        wrong = self.check([{**f, "type": "yes_no"} if f["name"] == name else f for f in known], self.mapping(job_title=name))
        self.assertIn((TYPE, name), [(f["misfit"], f["theirs"]) for f in wrong["findings"]])

    def test_rehearsal_writes_nothing_and_tells_what_is_left(self):
        _, contact, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["emails"] += [self.value(f"noch{i}@mueller.example", "work") for i in range(self.peer.emails)]
        writes = self.unwritten()
        told = self.ok("updated", "rehearse", remote_id=record["remote_id"], version=record["version"], before=record["contact"], after=after)
        self.assertEqual(told["left"], len(after["emails"]) - self.peer.emails)
        told = self.ok("updated", "rehearse", after=self.sample())
        if "organization" in self.peer.unmapped:
            self.assertEqual((told["left"], told["company"]), (1, "none"))
        self.assertEqual(writes(), 0)
        self.ok("conflict", "rehearse", remote_id=record["remote_id"], version="alt", before=record["contact"], after=after)

    def test_description_that_is_broken_is_no_description(self):
        for broken in (b"[]", b"{}", b'{"fields":[{}]}', b'{"results":[{}]}', b'{"value":[{}]}', b'{"fields":7,"results":7,"value":7}'):
            self.proxy.rule = lambda request, broken=broken: ("answer", 200, {"Content-Type": "application/json"}, broken)
            answer = self.call("fields")
            self.assertIn(answer["outcome"], ("down", "rejected"), broken)
            self.assertEqual(answer["fields"], [], broken)
