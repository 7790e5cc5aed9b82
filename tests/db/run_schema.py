#!/usr/bin/python3
"""run_schema.py: the schema itself. Steps taken with rows in between and by many starters, statements against the migrated
database, the wall between organisations, what a thief of disk or dump would read, and docs/data-inventory.md.
"""
import base64
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "lib"), str(pathlib.Path(__file__).resolve().parent)]
from pg import Postgres, PsqlError  # noqa: E402
from run_store import environment, place  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CANARY = "Zwiebelturmkanari"
TABLES = """select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
  where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'kartei'::regnamespace order by 1"""


def statements():
    for path in sorted((SOURCE / "store/sql").glob("*.sql")):
        yield path.stem, path.read_text(encoding="utf-8")


def column(rows):
    return [row[0] for row in rows]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pg = cls.enterClassContext(Postgres())
        cls.folder = place(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.db = cls.pg.database()
        cls.orgs, cls.lists = zip(*(cls.fill(word) for word in (CANARY, CANARY + "zwei")))
        cls.tables = column(cls.pg.psql(TABLES, cls.db))

    @classmethod
    def fill(cls, word):
        return subprocess.run([cls.pg.build / "tests/db/db_tool", "fill", word], check=True, capture_output=True, text=True, timeout=60,
                              env=environment(cls.pg, cls.db, cls.folder)).stdout.split()

    def app(self, sql, org=None):
        bind = f"set local app.org = '{org}';" if org else ""
        return self.pg.psql(f"set search_path = kartei; begin; {bind} {sql}; rollback", self.db, "kartei_app")

    def refused(self, sql, org, states):
        with self.assertRaises(PsqlError, msg=sql) as caught:
            self.app(sql, org)
        self.assertIn(caught.exception.state, states, str(caught.exception))

    # Statements

    def test_every_statement_prepares_for_the_role_that_runs_it(self):
        for name, text in statements():
            role = "super" if name == "migration_add" else "kartei_app"
            with self.subTest(name):
                self.pg.psql(f"set search_path = kartei, pg_temp; prepare s as {text}", self.db, role)

    def test_a_statement_that_fits_no_table_is_noticed(self):
        with self.assertRaises(PsqlError):
            self.pg.psql("set search_path = kartei; prepare s as select no_such_column from contacts", self.db, "kartei_app")

    def test_every_statement_names_its_organisation(self):
        free = {"rights_all", "instance_key_get", "instance_key_add", "instance_keys", "instance_key_rewrap", "drill_note", "drill_last"}
        for name, text in statements():
            if name not in free and not name.startswith(("guard_", "migration_")):
                self.assertIn("$1", text, name)

    # The wall between organisations

    def test_the_fixture_fills_every_table_for_both(self):
        for table in self.tables:
            self.assertEqual([["2"]], self.pg.psql(f"select count(distinct org_id) from {table}", self.db), table)

    def test_an_organisation_sees_its_rows_and_no_other(self):
        for table in self.tables:
            name = table.split(".")[1]
            for org in self.orgs:
                self.assertEqual([["t", "t"]], self.app(f"select count(*) > 0, bool_and(org_id = '{org}') from {name}", org), table)

    def test_without_an_organisation_nothing_is_seen_not_even_after_a_commit(self):
        for table in self.tables:
            name = table.split(".")[1]
            self.assertEqual([["0"]], self.app(f"select count(*) from {name}"), table)
            rows = self.pg.psql(f"begin; set local app.org = '{self.orgs[0]}'; select count(*) > 0 from {table}; commit; "
                                f"select count(*) from {table}", self.db, "kartei_app")
            self.assertEqual(["t", "0"], column(rows), table)

    def test_a_row_for_another_organisation_is_refused(self):
        mine, other = self.orgs
        for table in self.tables:
            name = table.split(".")[1]
            self.refused(f"insert into {name} select (jsonb_populate_record(t, '{{\"org_id\": \"{other}\"}}')).* from {name} t limit 1",
                         mine, {"42501"})
            self.refused(f"update {name} set org_id = '{other}'", mine, {"42501"})

    def test_a_key_into_another_organisation_is_refused_even_for_the_superuser(self):
        mine, other = self.orgs
        with self.assertRaises(PsqlError) as caught:
            self.pg.psql(f"update kartei.scans set list_id = '{self.lists[1]}' where org_id = '{mine}'", self.db)
        self.assertEqual("23503", caught.exception.state)
        self.pg.psql(f"begin; update kartei.scans set list_id = '{self.lists[1]}' where org_id = '{other}'; rollback", self.db)

    def test_every_table_of_organisations_is_shut_by_force(self):
        shut = self.pg.psql("""select count(*) from pg_class c where c.oid = any (array(select c.oid from pg_class c join pg_attribute a
          on a.attrelid = c.oid and a.attname = 'org_id' where c.relkind in ('r', 'p') and c.relnamespace = 'kartei'::regnamespace
          and not c.relispartition)) and c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid)""", self.db)
        self.assertEqual([[str(len(self.tables))]], shut)
        others = column(self.pg.psql("""select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'kartei'::regnamespace
          and not relforcerowsecurity order by 1""", self.db))
        self.assertEqual(["drills", "instance_keys", "rights", "schema_migrations", "sealed_columns"], others)

    def test_partitions_are_reached_through_their_table_only(self):
        parts = self.pg.psql("""select c.oid::regclass::text, has_any_column_privilege('kartei_app', c.oid, 'select, insert, update')
          from pg_class c where c.relispartition and c.relkind = 'r' and c.relnamespace = 'kartei'::regnamespace""", self.db)
        self.assertEqual(16, len(parts))
        self.assertEqual({"f"}, {may for _, may in parts})

    def test_no_key_between_tables_of_organisations_drops_the_organisation(self):
        drops = self.pg.psql("""select k.conname from pg_constraint k where k.contype = 'f'
          and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'org_id')
          and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'org_id')
          and not exists (select from unnest(k.conkey, k.confkey) n (c, f)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.c
            join pg_attribute b on b.attrelid = k.confrelid and b.attnum = n.f
            where a.attname = 'org_id' and b.attname = 'org_id')""", self.db)
        self.assertEqual([], drops)
        loose = self.pg.psql("""select i.indexrelid::regclass from pg_index i join pg_attribute t on t.attrelid = i.indrelid
          and t.attname = 'org_id' where i.indisunique and i.indkey[0] <> t.attnum and i.indrelid::regclass::text like 'kartei.%'""",
                             self.db)
        self.assertEqual([], loose)

    def test_the_application_owns_nothing_and_bypasses_nothing(self):
        self.assertEqual([["f", "f", "f", "f"]] * 3, self.pg.psql("""select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
          where rolname in ('kartei_app', 'kartei_guard', 'kartei_owner')"""))
        self.assertEqual([["0"]], self.pg.psql("""select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member
          where r.rolname in ('kartei_app', 'kartei_guard')"""))
        self.assertEqual([], self.pg.psql("""select relname from pg_class c join pg_roles r on r.oid = c.relowner
          where c.relnamespace = 'kartei'::regnamespace and r.rolname <> 'kartei_owner'""", self.db))
        self.refused("create table kartei.mine (x int)", None, {"42501"})
        for table in ("audit", "events", "contact_versions"):
            self.refused(f"update {table} set org_id = org_id", self.orgs[0], {"42501"})
        self.refused("delete from audit", self.orgs[0], {"42501"})

    def test_the_doors_are_pinned_and_open_to_the_application_only(self):
        doors = self.pg.psql("""select p.proname, p.prosecdef, r.rolname, coalesce(array_to_string(p.proconfig, ';'), ''),
            has_function_privilege('kartei_app', p.oid, 'execute'),
            exists (select from aclexplode(p.proacl) x where x.grantee = 0)
          from pg_proc p join pg_roles r on r.oid = p.proowner
          where p.pronamespace = 'kartei'::regnamespace and (p.prosecdef or r.rolname = 'kartei_guard')""", self.db)
        self.assertGreaterEqual(len(doors), 10)
        for door in doors:
            self.assertEqual(["t", "kartei_guard", "search_path=kartei, pg_temp", "t", "f"], door[1:], door[0])
            self.assertTrue(door[0].startswith("guard_"), door[0])

    def test_every_sealed_column_is_known_to_the_change_of_keys(self):
        """What is sealed in the audit trail and in notes of the door lives under other keys: neither is ever written over."""
        known = {(t, c) for t, c in self.pg.psql("select table_name, column_name from kartei.sealed_columns", self.db)}
        sealed = {place_ for place_, kept in inventory().items() if kept == "sealed" and place_[0] not in ("audit", "door_notes")}
        self.assertEqual(sorted(known), sorted(sealed))

    def test_an_id_that_follows_from_a_hash_is_the_same_in_the_database(self):
        self.assertEqual([["t"]], self.pg.psql("select bool_and(id = kartei.sealed_id(host_hash)) from kartei.egress_hosts", self.db))

    # What a thief reads

    def hits(self, word):
        """Where the word stands: dump (which writes bytes as hex), files of the cluster with its log, files of the store."""
        self.pg.psql("checkpoint", self.db)
        sought = forms(word)
        found = ["dump"] if any(form in self.pg.dump(self.db) for form in sought) else []
        for path in [*(self.pg.folder / "data").rglob("*"), *self.folder.rglob("*"), self.pg.folder / "log"]:
            if path.is_file():
                content = path.read_bytes()
                found += [str(path)] if any(form in content for form in sought) else []
        return found

    def test_no_name_stands_in_disk_or_dump(self):
        self.assertEqual([], self.hits(CANARY))

    def test_a_name_in_the_open_would_be_found(self):
        for column_, word in (("advice", "Pflanzenkanari"), ("param", "Byteskanari")):
            self.pg.psql(f"update kartei.scans set {column_} = '{word}' where org_id = '{self.orgs[0]}'", self.db)
            found = self.hits(word)
            self.pg.psql(f"update kartei.scans set advice = '', param = null where org_id = '{self.orgs[0]}'", self.db)
            self.assertIn("dump", found)
            self.assertGreaterEqual(len(found), 2, found)

    def test_a_name_in_disguise_would_be_found(self):
        """As hex, as base64 wherever it begins, as UTF-16: in a column of bytes and in the WAL."""
        for number, disguise in enumerate((lambda w: w.encode().hex(), lambda w: base64.b64encode(b"x" + w.encode()).decode(),
                                           lambda w: base64.b64encode(b"xy" + w.encode() + b"z").decode(), None)):
            word = f"Maskenkanari{number}"
            value = f"decode('{word.encode('utf-16-le').hex()}', 'hex')" if disguise is None else f"convert_to('{disguise(word)}', 'UTF8')"
            self.pg.psql(f"update kartei.scans set param = {value} where org_id = '{self.orgs[0]}'", self.db)
            found = self.hits(word)
            self.pg.psql(f"update kartei.scans set param = null where org_id = '{self.orgs[0]}'", self.db)
            self.assertGreaterEqual(len(found), 2, f"disguise {number}")

    # Steps

    def test_steps_are_taken_one_by_one_with_rows_in_between(self):
        db = self.pg.empty()
        newest = len(list((SOURCE / "migrations").glob("[0-9]*.sql")))
        rows = {}
        for step in range(1, newest + 1):
            self.assertEqual(f"{step - 1} {step}\n", self.pg.migrate(db, step))
            for table, count in rows.items():
                self.assertEqual([[str(count)]], self.pg.psql(f"select count(*) from kartei.{table}", db), f"{table} after {step}")
            rows.update(plant_rows(self.pg, db, step))
            if step == 9:
                self.pg.psql("insert into kartei.match_keys (org_id, kind, key, subject_id) select org_id, 2, k, id "
                             "from kartei.records, unnest('{458752,-5}'::bigint[]) k", db)
        self.assertEqual([["t", "7", "t"], ["t", "281474976710655", "t"]], self.pg.psql(
            "select s.kind = 2 and f.kind = 2, f.key, s.subject_id = r.id from kartei.match_fresh f join kartei.match_subjects s using (org_id, number), "
            "kartei.records r order by 2", db))
        self.assertEqual(f"{newest} {newest}\n", self.pg.migrate(db))

    def test_many_starters_take_each_step_once(self):
        db = self.pg.empty()
        tool = [self.pg.build / "tests/db/db_tool", "migrate", self.pg.conninfo(db), "0"]
        starters = [subprocess.Popen(tool, stdout=subprocess.PIPE, text=True) for _ in range(6)]
        firsts = sorted(starter.communicate(timeout=60)[0].split()[0] for starter in starters)
        self.assertEqual([0] * 6, [starter.returncode for starter in starters])
        self.assertEqual(["0", *[str(len(list((SOURCE / "migrations").glob("[0-9]*.sql"))))] * 5], firsts)

    def test_a_changed_or_unknown_step_is_refused(self):
        for tamper in ("update kartei.schema_migrations set checksum = 'x' where number = 2",
                       "insert into kartei.schema_migrations (number, name, checksum) values (99, 'future', 'x')"):
            db = self.pg.database()
            self.pg.psql(tamper, db)
            with self.assertRaises(subprocess.CalledProcessError) as caught:
                self.pg.migrate(db)
            self.assertIn("conflict", caught.exception.stderr)

    def test_a_role_that_is_no_superuser_can_migrate(self):
        self.pg.psql("create role operator login createrole; create database operated owner operator")
        self.pg.psql("drop schema public", "operated")
        self.assertTrue(self.pg.migrate("operated", user="operator").startswith("0 "))

    # The inventory

    def test_the_inventory_lists_every_column_and_how_it_is_kept(self):
        there = {(t, c): kind for t, c, kind in self.pg.psql("""select c.relname, a.attname, format_type(a.atttypid, null)
          from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relkind in ('r', 'p') and not c.relispartition
          and c.relnamespace = 'kartei'::regnamespace and a.attnum > 0 and not a.attisdropped""", self.db)}
        listed = inventory()
        self.assertEqual(sorted(there), sorted(listed))
        for place_, kept in listed.items():
            self.assertIn(kept, {"sealed", "hashed", "wrapped", "id", "number", "time", "word", "geometry"}, place_)
            self.assertEqual(there[place_] == "bytea", kept in {"sealed", "hashed", "wrapped"}, place_)


def forms(word):
    """A word as it may stand in a file: in the open, in hex of either case, in base64 at each of three places, in UTF-16."""
    plain = word.encode()
    return [plain, plain.hex().encode(), plain.hex().upper().encode(), word.encode("utf-16-le"), word.encode("utf-16-be"),
            *(base64.b64encode(b"\0" * lead + plain)[-(-lead * 4 // 3):(lead + len(plain)) * 4 // 3] for lead in range(3))]


def inventory():
    rows, table = {}, None
    for line in (SOURCE / "docs/data-inventory.md").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"## (\w+)", line):
            table = match[1]
        elif match := re.fullmatch(r"\| `(\w+)` \| (\w+) \| .+ \|", line):
            rows[(table, match[1])] = match[2]
    return rows


def plant_rows(pg, db, step):
    """One organisation's rows for the tables that a step has made; the number of rows by table."""
    org, user, list_, blob, scan = (str(uuid.UUID(int=n)) for n in range(1, 6))
    contact, connection, record = (str(uuid.UUID(int=n)) for n in range(6, 9))
    rows = {
        1: {"orgs": f"(org_id, name, wrapped_index_key) values ('{org}', 'n', 'k')",
            "users": f"(org_id, id, email_hash, profile, role, state) values ('{org}', '{user}', 'h', 'p', 'admin', 'active')"},
        2: {"lists": f"(org_id, id, owner_id, name) values ('{org}', '{list_}', '{user}', 'n')",
            "blobs": f"(org_id, id, media_type, bytes, content_hash, key_version) values ('{org}', '{blob}', 'image/png', 1, 'h', 1)",
            "scans": "(org_id, id, list_id, user_id, blob_id, state, content_hash) "
                     f"values ('{org}', '{scan}', '{list_}', '{user}', '{blob}', 'read', 'h')",
            "contacts": "(org_id, id, list_id, owner_id, state, contact) "
                        f"values ('{org}', '{contact}', '{list_}', '{user}', 'read', 'c')"},
        3: {"connections": f"(org_id, id, kind, name, settings, state) values ('{org}', '{connection}', 'book', 'n', 's', 'ok')",
            "records": "(org_id, id, connection_id, remote_hash, remote_id, kind, contact) "
                       f"values ('{org}', '{record}', '{connection}', 'h', 'r', 'person', 'c')"},
        4: {"jobs": f"(org_id, id, kind, subject_id, max_attempts) values ('{org}', '{scan}', 'read', '{scan}', 3)"},
    }.get(step, {})
    for table, values in rows.items():
        pg.psql(f"insert into kartei.{table} {values}", db)
    return {table: 1 for table in rows}


if __name__ == "__main__":
    unittest.main(verbosity=2)
