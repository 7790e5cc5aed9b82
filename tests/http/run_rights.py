#!/usr/bin/python3
"""Who may do what: every operation of the program, asked by every role, with objects of the own and of another organisation.

The expected matrix is rights.txt, what each role may is docs/roles.md; `run_rights.py --write` writes both from what is. Then the
same with the program's own checks off (tests/http/bare): row level security alone must keep the organisations apart. The judges are
shown planted holes.
"""
import os
import pathlib
import subprocess
import sys
import unittest

from matrix import Measured, as_text, rows_of
from matrix_world import CALLERS, World
from roles_page import page
from server import Server

BUILD = pathlib.Path(os.environ["KARTEI_BUILD"])
TABLE = pathlib.Path(__file__).with_name("rights.txt")
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/roles.md"
BARE = {"program": "tests/http/kartei-api-bare", "settings": {"KARTEI_WEB": str(BUILD / "web/dist"), "KARTEI_BARE": "all"}}
# The role whose rows decide about a caller.
ROLE_OF = {"admin": "admin", "owner": "user", "editor": "user", "reader": "user", "second": "user", "reporter": "reporter",
           "curator": "template_curator", "manager": "template_manager", "support": "support", "content": "support_content",
           "other": "admin", "t-fits": "user"}
NOBODY = ("none", "expired", "suspended", "t-gone")
# With the row, and yet refused: who only reads a list may not change what lies in it, nor the owner's own name for it.
READERS = ("reader", "editor")


def theirs_alone(row):
    """A mailbox is its owner's, administrators see that it is there; sessions of another user are an administrator's to ask for."""
    return row.resource == "mailbox" or (row.resource == "session" and row.about.startswith("filter user"))


def operations():
    """(method, path, resource, action, scope, flags) of everything but pages."""
    text = subprocess.run([BUILD / "services/kartei-api", "--document", "table"], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        method, path, resource, action, scope, flags = line.split("\t")
        if "page" not in flags.split():
            yield method, path, resource, action, scope, flags.split()


def some(rows, *paths):
    return [row for row in rows if (row.method, row.template) in paths]


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.maxDiff = None
        cls.server = cls.enterClassContext(Server())
        cls.world = World(cls.server)
        cls.operations = list(operations())
        cls.measured = Measured(cls.world, rows_of(cls.world, cls.operations))
        cls.rights = {(role, resource, action): ownership for role, resource, action, ownership in (
            line.split("|") for line in cls.server.sql("select role, resource, action, ownership from kartei.rights").splitlines())}

    def cells(self):
        for row, words in zip(self.measured.rows, self.measured.cells):
            for caller, word in words.items():
                yield row, caller, word

    def test_the_matrix_is_as_expected(self):
        self.assertEqual(as_text(self.measured), TABLE.read_text(encoding="utf-8"), "run run_rights.py --write, and read the difference")

    def test_the_page_says_what_the_rows_say(self):
        self.assertEqual(page(self.world.clients["admin"].get("/v1/roles").json["items"]), PAGE.read_text(encoding="utf-8"))

    def test_it_asks_enough(self):
        self.assertGreaterEqual(self.measured.probes, 3000)
        described = self.world.clients["none"].get("/openapi.json").json["paths"]
        documented = {(method.upper(), path) for path, item in described.items() for method in item}
        asked = {(row.method, row.template) for row in self.measured.rows}
        self.assertEqual(documented, asked)
        self.assertEqual(documented, {(method, path) for method, path, *_ in self.operations})
        self.assertEqual({role for role, *_ in self.rights} - set(ROLE_OF.values()), set())

    def test_no_byte_and_no_row_crosses_over(self):
        self.assertEqual(self.measured.leaks, [])
        self.assertEqual(self.measured.changed, [])
        self.assertEqual(self.measured.broken, [])

    def test_nobody_gets_in_without_a_live_sign_in(self):
        for row, caller, word in self.cells():
            if caller in NOBODY:
                self.assertEqual(word, "in" if "open" in row.flags else "401", f"{row.method} {row.template} {row.about} {caller}")

    def test_the_rows_decide(self):
        for row, caller, word in self.cells():
            role = ROLE_OF.get(caller)
            if not role or "open" in row.flags or (caller == "t-fits" and not row.scope):
                continue
            where = f"{row.method} {row.template} {row.about} {caller}: {word}"
            if (role, row.resource, row.action) not in self.rights:
                self.assertEqual(word, "403", where)
            elif caller not in READERS and not theirs_alone(row):
                self.assertNotEqual(word, "403", where)

    def test_what_is_not_there_and_what_is_anothers_look_alike(self):
        gone = {}
        for row, caller, word in self.cells():
            place, _, about = row.about.rpartition(" ")
            if about == "gone":
                gone[row.method, row.template, place, caller] = word
        for row, caller, word in self.cells():
            place, _, about = row.about.rpartition(" ")
            if about == "foreign" and caller != "other":
                self.assertEqual(word, gone[row.method, row.template, place, caller], f"{row.method} {row.template} {row.about} {caller}")
                self.assertNotIn(word, ("some",), f"{row.method} {row.template} {row.about} {caller}")
                if place == "path":
                    self.assertIn(word, ("404", "403", "401"), f"{row.method} {row.template} {row.about} {caller}")

    def test_a_token_is_good_for_its_scope_and_its_person(self):
        for row, words in zip(self.measured.rows, self.measured.cells):
            where = f"{row.method} {row.template} {row.about}"
            if "open" in row.flags:
                continue
            self.assertEqual(words["t-other"], "403", where)
            self.assertEqual(words["t-over"], "403", where)
            self.assertEqual(words["t-fits"], words["owner"] if row.scope else "403", where)


class SecondWall(unittest.TestCase):
    """With every check of the program off."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(**BARE))
        cls.world = World(cls.server)
        cls.rows = rows_of(cls.world, operations())
        cls.callers = [caller for caller in CALLERS if caller in ROLE_OF]

    def test_a_row_level_security_alone_keeps_organisations_apart(self):
        measured = Measured(self.world, self.rows, self.callers)
        self.assertEqual((measured.leaks, measured.changed), ([], []))
        left = {row.resource for row, words in zip(measured.rows, measured.cells) if "403" in (words["second"], words["reporter"])}
        self.assertLessEqual(left, {"mailbox", "role"}, "the program still checks something")

    def test_b_a_table_without_row_level_security_is_convicted(self):
        """Jobs, because most of them is in the open: what is sealed is under the other organisation's key, a third wall."""
        self.server.sql("alter table kartei.jobs disable row level security")
        try:
            measured = Measured(self.world, some(self.rows, ("GET", "/v1/jobs/{id}")), ["second"])
        finally:
            self.server.sql("alter table kartei.jobs enable row level security")
        self.assertIn("(path foreign) by second", " ".join(measured.leaks))

    def test_c_a_handler_that_forgets_who_reaches_what_is_convicted(self):
        self.server.restart_api(KARTEI_BARE="reach")
        self.world.renew()
        rows = some(self.rows, ("GET", "/v1/contacts/{id}"), ("GET", "/v1/scans/{id}"), ("GET", "/v1/lists/{id}"))
        measured = Measured(self.world, rows, ["second"])
        expected = TABLE.read_text(encoding="utf-8")
        column = CALLERS.index("second")
        for row, words in zip(rows, measured.cells):
            if row.about == "path private":
                block = expected.split(f"{row.method} {row.template}\n")[1].splitlines()
                line = next(line for line in block if line.startswith("  path private"))
                self.assertNotEqual(line.split()[2 + column], words["second"], row.template)

    def test_d_a_route_without_a_row_does_not_start(self):
        self.server.restart_api(KARTEI_BARE="")
        self.server.sql("delete from kartei.rights where resource = 'job' and action = 'cancel'")
        with self.assertRaises(RuntimeError) as caught:
            self.server.restart_api()
        self.assertIn("no row (job, cancel) in the rights table", str(caught.exception))


def write():
    with Server() as server:
        world = World(server)
        TABLE.write_text(as_text(Measured(world, rows_of(world, operations()))), encoding="utf-8")
        PAGE.write_text(page(world.clients["admin"].get("/v1/roles").json["items"]), encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main()
