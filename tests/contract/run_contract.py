#!/usr/bin/python3
"""run_contract.py DRIVE CACHE [CASE]: one suite over every entry of the connector table.

CardDAV runs against a real Radicale, Tryton against a real trytond (Debian packages), each behind a proxy that loses and
replaces answers; the others against fakes (fakes/), the address book against one in memory. Ends with 77 when the server
is not installed.
"""
import copy
import json
import pathlib
import sys
import tempfile
import time
import unittest
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "servers")]
from agreed import contract_of  # noqa: E402
from cases_companies import CompanyCases, CompanyMakingCases  # noqa: E402
from cases_custody import CustodyCases  # noqa: E402
from cases_hubspot import HubSpotCases  # noqa: E402
from cases_mapping import DescribedCases, MappedCases  # noqa: E402
from cases_merge import MergeCases  # noqa: E402
from cases_odata import DynamicsCases, DynamicsLeadCases, MsGraphCases, SapSalesCases  # noqa: E402
from cases_pipedrive import PipedriveCases  # noqa: E402
from cases_salesforce import SalesforceCases, SalesforceLeadCases  # noqa: E402
from fakes.dynamics import Dynamics, DynamicsLeadPeer, DynamicsLeads, DynamicsPeer  # noqa: E402
from fakes.hubspot import HubSpot, HubSpotPeer  # noqa: E402
from fakes.msgraph import MsGraph, MsGraphPeer  # noqa: E402
from fakes.pipedrive import Pipedrive, PipedrivePeer  # noqa: E402
from fakes.salesforce import Salesforce, SalesforceLeadPeer, SalesforceLeads, SalesforcePeer  # noqa: E402
from fakes.sap_sales import SapSales, SapSalesPeer  # noqa: E402
from peers import CarddavPeer, Drive, TrytonPeer  # noqa: E402
from proxy import Proxy, Request  # noqa: E402
from servers import SKIPPED, Radicale, Tryton, free_port  # noqa: E402

COUNTER = iter(range(100, 999))
DRIVE = CACHE = None


def value(text, kind=None):
    return {"value": text, "kind": kind}


def sample():
    """A contact that no other test has: the number is in its name, its addresses and its phones."""
    n = next(COUNTER)
    return {
        "name_prefix": "Dr.", "given_name": "Jörg", "family_name": f"Schäfer-Weiß{n}", "job_title": "Leiter Einkauf; Süd",
        "department": "Einkauf", "organization": f"Müller, Söhne & Co. {n} GmbH",
        "emails": [value(f"joerg.schaefer{n}@mueller.example", "work")],
        "phones": [{"value": f"+4993112345{n}", "kind": "work"}, {"value": f"+4917012345{n}", "kind": "mobile"}],
        "urls": [{"value": f"https://mueller{n}.example"}],
        "addresses": [{"street": "Industriestr. 5", "postal_code": "97076", "city": "Würzburg", "country": "DE"}],
    }


def plain(contact, unmapped=()):
    """What two contacts must agree in: texts, and values without kinds and printed forms."""
    result = {name: text for name, text in contact.items() if isinstance(text, str) and text and name not in unmapped}
    for name in {"emails", "phones", "urls"} - set(unmapped):
        result[name] = sorted(item["value"] for item in contact.get(name) or [])
    if "addresses" not in unmapped:
        result["addresses"] = sorted(str(sorted((k, v) for k, v in item.items() if v)) for item in contact.get("addresses") or [])
    return result


class Suite(DescribedCases):
    """Cases for every connector; classes below say which server stands behind."""

    peer = None
    sample, value = staticmethod(sample), staticmethod(value)

    def call(self, name, port=None, wrong=False, **values):
        secret = self.peer.secret(wrong)
        return self.drive.call(self.peer.kind, name, settings=self.peer.settings(port), secret=secret, **values)

    def ok(self, outcome, name, **values):
        result = self.call(name, **values)
        self.assertEqual(result.get("outcome"), outcome, (name, result))
        return result

    def make(self, contact=None):
        marker = str(uuid.uuid4())
        contact = contact or sample()
        return marker, contact, self.ok("created", "create", marker=marker, contact=contact)["records"][0]

    def same(self, left, right):
        self.assertEqual(plain(left, self.peer.unmapped), plain(right, self.peer.unmapped))

    def update(self, record, after, outcome="updated", **values):
        return self.ok(outcome, "update", remote_id=record["remote_id"], version=record["version"],
                       before=record["contact"], after=after, **values)

    def test_settings_that_work_are_found(self):
        self.ok("found", "test")

    def test_create_keeps_every_mapped_field_and_its_umlauts(self):
        _, contact, record = self.make()
        self.same(contact, record["contact"])
        self.same(contact, self.ok("found", "get", remote_id=record["remote_id"])["records"][0]["contact"])

    def test_marker_finds_the_created_record_and_no_other(self):
        marker, _, record = self.make()
        found = self.ok("found", "find_marker", marker=marker)["records"]
        self.assertEqual([r["remote_id"] for r in found], [record["remote_id"]])
        self.ok("none", "find_marker", marker=str(uuid.uuid4()))

    def test_create_again_with_the_same_marker_makes_no_second_record(self):
        marker, contact, record = self.make()
        again = self.ok("created", "create", marker=marker, contact=contact)["records"][0]
        self.assertEqual(again["remote_id"], record["remote_id"])
        self.assert_count(contact, 1)

    def test_find_exact_by_mail_and_by_phone(self):
        _, contact, record = self.make()
        mail = {"emails": [value(contact["emails"][0]["value"].upper().replace("MUELLER.EXAMPLE", "mueller.example"))]}
        for probe in (mail, {"phones": contact["phones"][:1]}, {"phones": contact["phones"][1:]}):
            found = self.ok("found", "find_exact", contact=probe)["records"]
            self.assertEqual([r["remote_id"] for r in found], [record["remote_id"]], probe)
        self.ok("none", "find_exact", contact={"emails": [value("niemand@nirgends.example")]})
        self.ok("none", "find_exact", contact={})

    def test_find_exact_reports_several(self):
        _, contact, _ = self.make()
        other = sample()
        shared = "phones" if self.peer.mail_is_unique else "emails"
        other[shared] = contact[shared]
        self.make(other)
        self.assertEqual(len(self.ok("many", "find_exact", contact={shared: contact[shared]})["records"]), 2)

    def test_search_by_part_of_the_name(self):
        _, contact, record = self.make()
        found = self.ok("found", "search", text=contact["family_name"][2:])["records"]
        self.assertEqual(found[0]["remote_id"], record["remote_id"])

    def test_main_value_is_our_first_and_undo_restores_it(self):
        if not getattr(self.peer, "mains", False):
            self.skipTest("no value is the main one there")
        contact = sample()
        contact["emails"].append(value(f"zweite.{uuid.uuid4().hex[:8]}@mueller.example", "work"))
        order = lambda record: [one["value"] for one in record["contact"]["emails"]]
        _, _, record = self.make(contact)
        first, second = order(record)
        after = copy.deepcopy(record["contact"])
        after["emails"].reverse()
        written = self.update(record, after)["records"][0]
        self.assertEqual(order(written), [second, first])
        self.assertEqual(order(self.ok("found", "get", remote_id=record["remote_id"])["records"][0]), [second, first])
        back = self.update(written, record["contact"])["records"][0]
        self.assertEqual(order(back), [first, second])
        self.same(back["contact"], record["contact"])

    def test_update_changes_what_was_chosen_and_undo_restores(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["family_name"] += "-Neu"
        new = value(f"neu.{uuid.uuid4().hex[:8]}@mueller.example", "work")
        after["emails"] = [*after["emails"][:self.peer.emails - 1], new]
        after["phones"] = [p for p in after["phones"] if p["kind"] != "mobile"] + [
            {"value": f"+4917112345{next(COUNTER)}", "kind": "mobile"}]
        for address in after["addresses"]:
            address["street"] = "Äußere Ringstraße 7"
        after["organization"] = "Neue Firma AG"
        now = self.update(record, after)["records"][0]
        self.same(after, now["contact"])
        self.assertNotEqual(now["version"], record["version"])
        undone = self.update(now, record["contact"])["records"][0]
        self.same(record["contact"], undone["contact"])

    def test_update_can_empty_fields_and_lists(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["name_prefix"] = after["job_title"] = after["department"] = None
        after["urls"], after["phones"] = [], after["phones"][:1]
        self.same(after, self.update(record, after)["records"][0]["contact"])

    def test_remove_takes_back_a_create_only_while_unchanged(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["given_name"] = "Georg"
        now = self.update(record, after)["records"][0]
        self.ok("conflict", "remove", remote_id=record["remote_id"], version=record["version"])
        self.ok("updated", "remove", remote_id=now["remote_id"], version=now["version"])
        self.ok("gone", "get", remote_id=record["remote_id"])
        self.ok("gone", "remove", remote_id=now["remote_id"], version=now["version"])

    def test_stale_version_is_a_conflict(self):
        _, _, record = self.make()
        after = copy.deepcopy(record["contact"])
        after["given_name"] = "Georg"
        now = self.update(record, after)["records"][0]
        after["given_name"] = "Gregor"
        self.assertTrue(self.update(record, after, "conflict")["not_sent"])
        self.same(now["contact"], self.ok("found", "get", remote_id=record["remote_id"])["records"][0]["contact"])

    def test_unknown_records_are_gone(self):
        for remote_id in ("999999", "nie-da.vcf", "../../etc/passwd", "a?b", "%2e%2e"):
            self.ok("gone", "get", remote_id=remote_id)

    def pull(self, cursor=None):
        records, full = [], None
        for _ in range(200):
            page = self.ok("found", "changes", **({"cursor": cursor} if cursor else {}))
            records += page["records"]
            full = page["full"] if full is None else full and page["full"]
            cursor = page["cursor"]
            if not page["more"]:
                return {r["remote_id"]: r for r in records}, cursor, full
        self.fail("a pull without end")

    def test_changes_bring_new_changed_and_deleted_records(self):
        _, _, kept = self.make()
        _, _, doomed = self.make()
        seen, cursor, full = self.pull()
        self.assertTrue(full)
        self.assertTrue({kept["remote_id"], doomed["remote_id"]} <= set(seen))
        time.sleep(self.stamp_s)
        after = copy.deepcopy(kept["contact"])
        after["given_name"] = "Georg"
        self.update(kept, after)
        _, _, new = self.make()
        self.archive(doomed)
        seen, cursor, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertEqual(seen[kept["remote_id"]]["contact"]["given_name"], "Georg")
        self.same(new["contact"], seen[new["remote_id"]]["contact"])
        self.assertTrue(seen[doomed["remote_id"]]["deleted"])


class AddressBook(Suite, unittest.TestCase):
    stamp_s = 0

    class Peer:
        kind, unmapped, emails, mail_is_unique = "address_book", (), 9, False

        @staticmethod
        def settings(_):
            return {}

        secret = settings

    peer = Peer()

    @classmethod
    def setUpClass(cls):
        cls.drive = Drive(DRIVE, "")
        cls.addClassCleanup(cls.drive.close)

    def assert_count(self, contact, n):
        self.assertEqual(len(self.call("search", text=contact["family_name"])["records"]), n)

    def archive(self, record):
        self.ok("updated", "remove", remote_id=record["remote_id"], version=record["version"])


class FileDrop(AddressBook):
    class Peer(AddressBook.Peer):
        kind, emails = "file_drop", 3

    peer = Peer()

    def test_values_without_a_column_are_told(self):
        contact = sample()
        contact["emails"] = [value(f"{i}.{contact['emails'][0]['value']}") for i in range(5)]
        result = self.ok("created", "create", marker=str(uuid.uuid4()), contact=contact)
        self.assertEqual(result["left"], 2)


class Remote(CustodyCases, Suite):
    """Cases for what stands behind a network."""

    stamp_s = 1.1  # Tryton's stamps on SQLite are whole seconds
    server_class = peer_class = None

    @classmethod
    def setUpClass(cls):
        why = cls.server_class.missing()
        if why:
            raise unittest.SkipTest(why)
        folder = tempfile.TemporaryDirectory(prefix="kartei-contract-")
        cls.addClassCleanup(folder.cleanup)
        pathlib.Path(folder.name).chmod(0o755)
        cls.server = cls.server_class(pathlib.Path(folder.name) / "server", cache=CACHE)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.proxy = Proxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.close)
        cls.closed = free_port()
        cls.peer = cls.peer_class(cls.server, cls.proxy.port)
        cls.proxy.contract = contract_of(cls.peer.kind)
        cls.addClassCleanup(cls.hold_to_contract)
        cls.allow = f"127.0.0.1:{cls.proxy.port} 127.0.0.1:{cls.closed}"
        cls.drive = Drive(DRIVE, cls.allow)
        cls.addClassCleanup(cls.drive.close)

    @classmethod
    def hold_to_contract(cls):
        contract = cls.proxy.contract
        if contract:
            print(f"[{contract.seen} requests held against the contract, {len(contract.violations)} violations]", file=sys.stderr)
            if contract.violations:
                raise AssertionError("against the contract:\n" + "\n".join(sorted(contract.violations)))

    def setUp(self):
        self.began = time.monotonic()
        self.proxy.rule = lambda request: None
        self.proxy.seen = []

    def tearDown(self):
        if time.monotonic() - self.began > 2:
            print(f"[{time.monotonic() - self.began:.1f} s]", end=" ", file=sys.stderr, flush=True)

    def on_write(self, action):
        self.proxy.seen = []
        self.proxy.rule = lambda request: action if self.peer.is_write(request) else None

    def assert_count(self, contact, n):
        self.assertEqual(self.peer.count(contact["family_name"]), n)

    def archive(self, record):
        self.peer.archive(record["remote_id"])

    def changed(self, record):
        after = copy.deepcopy(record["contact"])
        after["family_name"] += "-Neu"
        after["phones"] = [{"value": f"+4917112345{next(COUNTER)}", "kind": "mobile"}]
        return after

    def test_what_others_keep_there_survives_update_and_undo(self):
        _, _, record = self.make()
        self.peer.add_unknown(record["remote_id"])
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        unknown = self.peer.unknown(record["remote_id"])
        after = copy.deepcopy(record["contact"])
        after["family_name"] += "-Neu"
        after["emails"][0]["value"] = f"neu{next(COUNTER)}@mueller.example"
        for address in after["addresses"]:
            address["street"] = "Äußere Ringstraße 7"
        now = self.update(record, after)["records"][0]
        self.assertEqual(self.peer.unknown(record["remote_id"]), unknown)
        self.update(now, record["contact"])
        self.assertEqual(self.peer.unknown(record["remote_id"]), unknown)

    def test_values_that_went_come_back_with_all_that_others_keep_with_them(self):
        if not self.peer.restores:
            self.skipTest("this CRM keeps nothing with a value")
        _, _, record = self.make()
        self.peer.add_unknown(record["remote_id"])
        record = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]
        rich = self.peer.rich(record["remote_id"])
        now = self.update(record, {**record["contact"], "emails": [], "phones": [], "urls": [], "addresses": []})["records"][0]
        self.assertNotEqual(self.peer.rich(record["remote_id"]), rich)
        self.update(now, record["contact"], image=record["image"])
        self.assertEqual(self.peer.rich(record["remote_id"]), rich)

    def test_update_without_a_difference_writes_nothing(self):
        _, _, record = self.make()
        raw = self.peer.raw(record["remote_id"])
        self.proxy.seen = []
        self.update(record, record["contact"])
        self.assertEqual(self.proxy.writes(self.peer.is_write), 0)
        self.assertEqual(self.peer.raw(record["remote_id"]), raw)

    def test_change_by_others_before_the_update_is_a_conflict(self):
        _, _, record = self.make()
        self.peer.change(record["remote_id"])
        raw = self.peer.raw(record["remote_id"])
        self.update(record, self.changed(record), "conflict")
        self.assertEqual(self.peer.raw(record["remote_id"]), raw)

    def test_change_by_others_between_our_look_and_our_write_is_a_conflict(self):
        if not self.peer.conditional:
            self.skipTest("this CRM knows no condition on writes")
        _, _, record = self.make()
        time.sleep(self.stamp_s)
        self.on_write(("before", lambda: self.peer.change(record["remote_id"])))
        self.update(record, self.changed(record), "conflict")
        self.assertNotIn("-Neu", self.peer.raw(record["remote_id"]))

    def test_record_deleted_by_others_is_gone(self):
        _, _, record = self.make()
        self.peer.delete(record["remote_id"])
        self.ok("gone", "get", remote_id=record["remote_id"])
        self.update(record, self.changed(record), "gone")

    def test_record_deleted_between_our_look_and_our_write_is_not_made_again(self):
        _, contact, record = self.make()
        self.on_write(("before", lambda: self.peer.delete(record["remote_id"])))
        outcome = self.call("update", remote_id=record["remote_id"], version=record["version"],
                            before=record["contact"], after=self.changed(record))["outcome"]
        self.assertIn(outcome, ("gone", "conflict", "rejected"))
        self.assert_count(contact, 0)

    def test_phone_in_the_spelling_of_others_is_found(self):
        n = next(COUNTER)
        self.peer.add_foreign(f"Fremd{n}", f"+49 (931) 1234-5{n}")
        found = self.ok("found", "find_exact", contact={"phones": [value(f"+4993112345{n}")]})["records"]
        self.assertEqual(found[0]["contact"]["family_name"], f"Fremd{n}")

    def test_wrong_password_asks_to_reauthorise(self):
        for name in ("test", "create"):  # Tryton answers each wrong password later than the last
            result = self.call(name, wrong=True, contact=sample(), marker=str(uuid.uuid4()))
            self.assertEqual(result.get("outcome"), "reauthorise", (name, result))
            self.assertTrue(result["not_sent"])

    def test_server_down_is_down_and_nothing_was_sent(self):
        for name in ("test", "create", "get", "changes"):
            result = self.call(name, port=self.closed, contact=sample(), marker=str(uuid.uuid4()),
                               remote_id=getattr(self.peer, "any_id", "1"))
            self.assertEqual((result.get("outcome"), result.get("not_sent")), ("down", True), (name, result))

    def test_another_loopback_port_is_refused(self):
        result = self.call("test", port=self.server.port)
        self.assertEqual(result.get("error"), "host-refused")

    def test_answer_of_a_create_lost_after_the_commit(self):
        marker, contact = str(uuid.uuid4()), sample()
        self.on_write("swallow")
        result = self.ok("uncertain", "create", marker=marker, contact=contact)
        self.assertFalse(result["not_sent"])
        self.assertEqual(self.proxy.writes(self.peer.is_write), 1, "sent twice")
        self.proxy.rule = lambda request: None
        found = self.ok("found", "find_marker", marker=marker)["records"][0]
        self.same(contact, found["contact"])
        again = self.ok("created", "create", marker=marker, contact=contact)["records"][0]
        self.assertEqual(again["remote_id"], found["remote_id"])
        self.assert_count(contact, 1)

    def test_create_again_does_not_touch_what_others_made_of_the_record(self):
        marker, contact, record = self.make()
        self.peer.change(record["remote_id"])
        raw = self.peer.raw(record["remote_id"])
        self.ok("created", "create", marker=marker, contact=contact)
        self.assertEqual(self.peer.raw(record["remote_id"]), raw)

    def test_request_of_a_create_lost_before_the_commit(self):
        marker, contact = str(uuid.uuid4()), sample()
        self.on_write("drop")
        self.ok("uncertain", "create", marker=marker, contact=contact)
        self.assertEqual(self.proxy.writes(self.peer.is_write), 1, "sent twice")
        self.proxy.rule = lambda request: None
        self.ok("none", "find_marker", marker=marker)
        self.ok("created", "create", marker=marker, contact=contact)
        self.assert_count(contact, 1)

    def test_answer_of_an_update_lost_after_the_commit(self):
        _, _, record = self.make()
        after = self.changed(record)
        self.on_write("swallow")
        self.update(record, after, "uncertain")
        self.proxy.rule = lambda request: None
        self.same(after, self.ok("found", "get", remote_id=record["remote_id"])["records"][0]["contact"])
        self.update(record, after, "conflict")

    def faulty(self, action, outcome, sentence=None):
        """Every kind of fault on a write, judged by outcome and by how often it was sent."""
        _, _, record = self.make()
        self.on_write(action)
        result = self.update(record, self.changed(record), outcome)
        self.proxy.rule = lambda request: None
        sent = self.proxy.writes(self.peer.is_write)
        self.assertLessEqual(sent, 2 if outcome == "reauthorise" else 1, "sent twice")
        self.assertEqual(result["not_sent"], outcome != "uncertain")
        if sentence:
            self.assertEqual(result["sentence"], sentence)
        return result

    def test_refusals_of_this_vendor(self):
        for action, outcome, sentence in self.peer.refusals():
            with self.subTest(action=action):
                if outcome == "gone":
                    continue
                self.faulty(action, outcome, sentence)

    def test_statuses_of_proxies_and_limits(self):
        html = {"Content-Type": "text/html"}
        self.faulty(("answer", 401, {}, b""), "reauthorise")
        self.assertEqual(self.faulty(("answer", 429, {"Retry-After": "7"}, b""), "quota")["retry_after_ms"], 7000)
        self.assertEqual(self.faulty(("answer", 429, {"Retry-After": "1.5"}, b""), "quota")["retry_after_ms"], 1500)
        self.faulty(("answer", 302, {"Location": "http://169.254.169.254/"}, b""), "rejected")
        self.faulty(("answer", 413, {}, b""), "rejected")
        for status in (500, 502, 503, 504, 408):
            result = self.faulty(("answer", status, html, b"<html><b>Fehler</b></html>"), "uncertain")
            self.assertNotIn("<", result["sentence"] or "")

    def test_answers_that_break_off_or_never_end(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        self.faulty(("raw", [head + b"500\r\n\r\n{\"id\":1"], 0), "uncertain")
        self.faulty(("raw", [b"HTTP/1.1 200 OK\r\n"], 0), "uncertain")
        self.faulty(("raw", [head + b"1000000000\r\n\r\n"] + [b" " * 1048576] * 9, 0), "uncertain")

    def test_an_answer_that_drips_ends_at_the_deadline(self):
        _, _, record = self.make()
        self.on_write(("raw", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b" "] * 60, 0.2))
        hasty = Drive(DRIVE, self.allow, total_ms=4000)
        self.addCleanup(hasty.close)
        began = time.monotonic()
        result = hasty.call(self.peer.kind, "update", settings=self.peer.settings(), secret=self.peer.secret(),
                            remote_id=record["remote_id"], version=record["version"], before=record["contact"],
                            after=self.changed(record))
        self.assertEqual(result.get("outcome"), "uncertain", result)
        self.assertLess(time.monotonic() - began, 10)

    def test_faults_while_reading_change_nothing_and_say_so(self):
        cases = [(("answer", 500, {}, b""), "down"), (("answer", 503, {"Retry-After": "60"}, b""), "down"),
                 ("drop", "down"), (("answer", 429, {}, b""), "quota"), (("answer", 403, {}, b""), "rejected"),
                 (("answer", 200, {"Content-Type": "text/html"}, b"<html>Hotel WLAN</html>"), "rejected"),
                 (("answer", 200, {}, b"x" * (9 << 20)), "rejected")]
        for action, outcome in cases:
            with self.subTest(action=str(action)[:60]):
                self.proxy.rule = lambda request, action=action: action
                for name in ("test", "changes", "search"):
                    result = self.call(name, text="x")
                    self.assertEqual((result.get("outcome"), result.get("not_sent")), (outcome, True), (name, result))

    def test_a_pull_that_lists_nothing_is_not_taken_for_an_empty_crm(self):
        _, _, record = self.make()
        for answer in self.peer.empty_lists():
            self.proxy.rule = lambda request, answer=answer: (
                answer if self.peer.is_list(request) else None)
            self.ok("rejected", "changes")

    def test_pull_of_many_pages_brings_each_record_once(self):
        self.peer.add_many(450)
        self.addCleanup(self.peer.remove_many)
        seen, cursor, full = self.pull()
        self.assertTrue(full)
        self.assertEqual(sum("Viele" in (r["contact"]["family_name"] or "") for r in seen.values()), 450)
        for again in self.pull(cursor)[0].values():
            self.assertFalse(self.peer.remembers_exactly)
            if not again["deleted"]:  # a look behind, for what was committed late
                self.assertEqual(again, seen[again["remote_id"]])

    def test_more_equal_stamps_than_any_window_shows_all_come(self):
        if not self.peer.stamps_by_hand:
            self.skipTest("this server gives stamps itself")
        self.make()
        _, cursor, _ = self.pull()
        numbers = self.peer.add_equal(10001)
        self.addCleanup(self.peer.drop, numbers)
        seen, again, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertEqual(len(set(numbers) & set(seen)), 10001)
        late = set(numbers) & set(self.pull(again)[0])  # a look behind may bring them again; the cursor does not stick
        self.assertTrue(late in (set(), set(numbers)), len(late))

    def test_cursor_that_the_server_forgot_starts_a_full_run(self):
        _, _, record = self.make()
        seen, _, full = self.pull(self.peer.bogus_cursor())
        self.assertTrue(full)
        self.assertIn(record["remote_id"], seen)

    def test_what_was_committed_after_its_stamp_comes_with_the_next_pull(self):
        if not self.peer.commits_late:
            self.skipTest("this CRM says what changed by a place of its own")
        self.make()
        seen, cursor, _ = self.pull()
        late = self.peer.add_late()
        self.assertNotIn(late, seen)
        seen, _, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertIn(late, seen)

    def test_really_deleted_records_leave_the_pull(self):
        _, _, record = self.make()
        _, cursor, _ = self.pull()
        self.peer.delete(record["remote_id"])
        seen, _, full = self.pull(cursor)
        self.assertTrue(seen[record["remote_id"]]["deleted"] if self.peer.hard_delete_is_seen
                        else full and record["remote_id"] not in seen)


class Carddav(Remote, unittest.TestCase):
    server_class, peer_class = Radicale, CarddavPeer

    def test_address_without_an_address_book_is_told(self):
        for path in ("/", "/user1/"):
            settings = {**self.peer.settings(), "url": f"http://127.0.0.1:{self.proxy.port}{path}"}
            result = self.drive.call("carddav", "test", settings=settings, secret=self.peer.secret())
            self.assertEqual(result.get("outcome"), "rejected", result)
            self.assertTrue(result["sentence"])

    def test_server_without_sync_collection_is_listed(self):
        _, _, record = self.make()
        for status in (403, 415):
            self.proxy.rule = lambda request, status=status: (
                ("answer", status, {}, b"") if b"sync-collection" in request.body else None)
            seen, cursor, full = self.pull()
            self.assertTrue(full and cursor is None)
            self.assertIn(record["remote_id"], seen)

    def test_long_lines_are_folded_between_characters(self):
        firm = "Österreichische Überlandgesellschaft für Größenwahn " * 4
        self.proxy.seen = []
        _, _, record = self.make({**sample(), "organization": firm})
        self.update(record, {**record["contact"], "organization": firm[::-1]})
        bodies = [request.body for request in self.proxy.seen if request.method == "PUT"]
        self.assertEqual(len(bodies), 2)
        for line in b"\r\n".join(bodies).split(b"\r\n"):
            self.assertLessEqual(len(line), 75, "RFC 6350: octets of a line")
            line.decode()  # no character is cut in two

    def test_card_says_when_it_was_revised(self):
        _, _, record = self.make()
        for rev, moment in (("20261130T101112Z", "2026-11-30T10:11:12.000Z"), ("2026-11-30T11:11:12+01:00", "2026-11-30T10:11:12.000Z"),
                            ("20261130T111112+0100", "2026-11-30T10:11:12.000Z"), ("gestern", None), ("2026", None)):
            card = self.peer.raw(record["remote_id"]).replace("\r\n", "\n")
            kept = "".join(f"{line}\n" for line in card.splitlines() if not line.startswith("REV"))
            self.peer.put(record["remote_id"], kept.replace("END:VCARD", f"REV:{rev}\nEND:VCARD"))
            custody = self.ok("found", "get", remote_id=record["remote_id"])["records"][0]["custody"]
            self.assertEqual(custody, {"owner": None, "changed_at": moment, "changed_by": None}, rev)

    def test_no_id_leaves_the_address_book(self):
        self.proxy.seen = []
        for name in ("../user2/book/a.vcf", "a/b.vcf", "a?b.vcf", "a#b.vcf", "a\\b.vcf", "%2e%2e", ""):
            self.ok("gone", "get", remote_id=name)
            self.ok("gone", "remove", remote_id=name, version='"1"')
        self.assertEqual(self.proxy.seen, [])


class TrytonCase(Remote, unittest.TestCase):
    server_class, peer_class = Tryton, TrytonPeer

    def test_invalid_phone_is_refused_in_the_words_of_tryton(self):
        contact = sample()
        contact["phones"] = [{"value": "+4912", "kind": "work"}]
        result = self.ok("rejected", "create", marker=str(uuid.uuid4()), contact=contact)
        self.assertIn("+4912", result["sentence"])
        self.assert_count(contact, 0)

    def test_country_that_the_database_has_not_got_is_left_out(self):
        contact = sample()
        contact["addresses"][0]["country"] = "LI"
        _, _, record = self.make(contact)
        self.assertIsNone(record["contact"]["addresses"][0]["country"])
        self.assertEqual(record["contact"]["addresses"][0]["city"], "Würzburg")


    def test_pull_looks_behind_for_what_was_committed_late(self):
        _, _, early = self.make()
        time.sleep(2.1)
        self.make()
        _, cursor, _ = self.pull()
        seen, _, full = self.pull(cursor)
        self.assertFalse(full)
        self.assertIn(early["remote_id"], seen)  # older than the last stamp

    def test_party_that_is_a_firm_is_told_from_people(self):
        name = f"Nordlicht {next(COUNTER)} Reederei GmbH"
        [number] = self.server.rpc("model.party.party.create", [{"name": name}], {})
        record = self.ok("found", "get", remote_id=str(number))["records"][0]
        self.assertEqual((record["kind"], record["contact"]["organization"]), ("company", name))

    def test_two_parties_with_one_marker_are_nobodys_to_choose(self):
        marker, contact, record = self.make()
        self.server.rpc("model.party.party.create", [{"name": "Noch einmal", "identifiers": [["create", [{"code": f"kartei:{marker}"}]]]}], {})
        result = self.ok("many", "create", marker=marker, contact=contact)
        self.assertEqual(len(result["records"]), 2)
        self.assert_count(contact, 1)


class DynamicsCase(CompanyMakingCases, MergeCases, DynamicsCases, MappedCases, Remote, unittest.TestCase):
    server_class, peer_class = Dynamics, DynamicsPeer


class DynamicsLeadCase(MergeCases, DynamicsLeadCases, MappedCases, Remote, unittest.TestCase):
    server_class, peer_class = DynamicsLeads, DynamicsLeadPeer


class MsGraphCase(MsGraphCases, Remote, unittest.TestCase):
    server_class, peer_class = MsGraph, MsGraphPeer


class SapSalesCase(CompanyCases, SapSalesCases, Remote, unittest.TestCase):
    places = False
    server_class, peer_class = SapSales, SapSalesPeer


class PipedriveCase(CompanyMakingCases, MergeCases, PipedriveCases, Remote, unittest.TestCase):
    server_class, peer_class = Pipedrive, PipedrivePeer


class HubSpotCase(HubSpotCases, MergeCases, MappedCases, Remote, unittest.TestCase):
    server_class, peer_class = HubSpot, HubSpotPeer


class SalesforceCase(CompanyMakingCases, SalesforceCases, MappedCases, Remote, unittest.TestCase):
    server_class, peer_class = Salesforce, SalesforcePeer


class SalesforceLeadCase(SalesforceLeadCases, MappedCases, Remote, unittest.TestCase):
    server_class, peer_class = SalesforceLeads, SalesforceLeadPeer


class ContractCase(unittest.TestCase):
    """The judge itself: what keeps to a contract passes, each planted fault is convicted."""

    GOOD = ("sap_sales", "PATCH", "/sap/c4c/api/v1/contact-person-service/contactPersons/01a076e8-3e32-7003-a320-fc6b22fcd359",
            {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}, {"familyName": "Muster"})

    def told(self, kind, method, path, headers, body):
        contract = contract_of(kind)
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())])
        contract.request(Request(head.encode(), b"" if body is None else json.dumps(body).encode()))
        return contract.violations

    def test_good_requests_pass(self):
        self.assertEqual(self.told(*self.GOOD), set())
        self.assertEqual(self.told("pipedrive", "GET", "/api/v2/persons?limit=500", {}, None), set())

    def test_planted_faults_are_convicted(self):
        kind, method, path, headers, body = self.GOOD
        json_type = {"Content-Type": "application/json"}
        search = {"filterGroups": [], "sorts": [], "properties": [], "limit": 201, "after": "0"}
        for fault in ((kind, method, path, {"Content-Type": headers["Content-Type"]}, body),  # no condition
                      (kind, method, path, {**headers, **json_type}, body), (kind, method, path, headers, None),
                      (kind, method, path, headers, {"familyName": ""}), (kind, "PUT", path, headers, body),
                      ("pipedrive", "GET", "/api/v2/persons?limit=501", {}, None),
                      ("pipedrive", "GET", "/api/v2/persons?anything=1", {}, None),
                      ("pipedrive", "POST", "/api/v2/persons", json_type, {"name": "A", "vorname": "B"}),
                      ("pipedrive", "GET", "/api/v2/people", {}, None),
                      ("hubspot", "POST", "/crm/v3/objects/contacts/search", json_type, search),
                      ("hubspot", "POST", "/crm/v3/objects/contacts", json_type, {"properties": {"lastname": 7}}),
                      ("salesforce", "POST", "/services/data/v66.0/sobjects/Contact",
                       {**json_type, "Sforce-Duplicate-Rule-Header": "allowSave=false, runAsCurrentUser=true"}, {"LastName": "A"})):
            self.assertEqual(len(self.told(*fault)), 1, fault)

    def test_answer_that_the_vendor_does_not_give_is_convicted(self):
        contract = contract_of("hubspot")
        request = Request(b"GET /crm/v3/objects/contacts/1 HTTP/1.1", b"")
        for answer in (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", b"HTTP/1.1 418 No\r\n\r\n"):
            contract.violations.clear()
            contract.answer(request, answer)
            self.assertTrue(contract.violations, answer)


def main():
    global DRIVE, CACHE
    DRIVE, CACHE = sys.argv[1], sys.argv[2]
    program = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2)
    if program.result.skipped and program.result.testsRun == 0:
        print(program.result.skipped[0][1])
        return SKIPPED
    return 0 if program.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
