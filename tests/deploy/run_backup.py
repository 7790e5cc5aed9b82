#!/usr/bin/python3
"""backup and restore: what came back is what was there, and what cannot come back whole does not come back at all."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import place
from place import instance


def card():
    """A synthetic card as a JPEG."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["/usr/bin/python3", str(place.SOURCE / "tools/generate/cards.py"), "--count", "1", "--seed", "7", "--out", folder],
                       check=True, capture_output=True, timeout=120)
        return next(pathlib.Path(folder).rglob("*.jpg")).read_bytes()


class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.there = instance.Instance()
        cls.there.__enter__()
        cls.addClassCleanup(cls.there.__exit__)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kartei-backup-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        instance.give_to_service_user(cls.folder)
        cls.client = cls.there.sign_in()
        cls.photo = card()
        status, _, scan = cls.client.request("POST", "/v1/scans", cls.photo, {
            "Content-Type": "image/jpeg", "Idempotency-Key": "backup-test", "Prefer": "wait=30"})
        assert status in (200, 201, 202), scan
        cls.scan = (scan.get("scan") or scan)["id"] if isinstance(scan, dict) else scan[0]["id"]
        for _ in range(300):
            cls.contacts = cls.client.get("/v1/contacts")[2]["items"]
            if cls.contacts and cls.contacts[0]["state"] != "read":  # matched: nothing changes it any more
                break
            time.sleep(0.2)
        assert cls.contacts, "the card was not read"
        cls.contact = cls.client.get(f"/v1/contacts/{cls.contacts[0]['id']}")[2]

    def script(self, name, *words, var=None, **environment):
        """Runs deploy/NAME as ./check's user (root becomes the owner by itself)."""
        return subprocess.run([place.SOURCE / "deploy" / name, *map(str, words)], capture_output=True, text=True, timeout=150, env={
            **self.there.environment, "KARTEI_PROGRAM": str(place.KARTEI), "KARTEI_VAR": str(var or self.there.var), **environment})

    def backup(self, name, *words):
        done = self.script("backup", *words, self.folder / name)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.folder / name

    def test_restored_instance_serves_the_same_contact_and_photo(self):
        folder = self.backup("whole", "--with-key")
        with place.Place() as new:
            done = self.script("restore", folder, var=new.var)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Restored", done.stdout)
            new.up()
            client = new.client()
            client.cookie, client.csrf = self.client.cookie, self.client.csrf  # the session came along, too
            status, _, contact = client.get(f"/v1/contacts/{self.contact['id']}")
            self.assertEqual(status, 200, contact)
            self.assertEqual(contact, self.contact)
            self.assertEqual(client.get(f"/v1/scans/{self.scan}/image")[2], self.photo)
            again = self.script("restore", folder, var=new.var)
            self.assertEqual(again.returncode, 1)
            self.assertIn("holds a Kartei already", again.stderr)

    def drills(self):
        """As /proof/privacy tells them: kind -> (outcome, detail)."""
        status, _, page = self.client.get("/v1/proof/privacy")
        self.assertEqual(status, 200, page)
        rows = [row["cells"] for row in next(s for s in page["sections"] if s["kind"] == "drills")["rows"]]
        return {row[0]: (row[3], row[5]) for row in rows}

    def test_rehearsal_beside_the_running_instance_is_noted_as_it_went(self):
        folder = self.backup("rehearsed")
        words = {"restore": ("Restore test", "Rückspieltest"), "backup": ("Backup", "Sicherung")}
        said = {kind: next(value for name, value in self.drills().items() if name in names) for kind, names in words.items()}
        self.assertIn(said["backup"][0], ("passed", "bestanden"))
        done = self.script("restore", "--drill", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        outcome, detail = next(value for name, value in self.drills().items() if name in words["restore"])
        self.assertIn(outcome, ("passed", "bestanden"))
        self.assertRegex(detail, r"^rehearsed: [1-9]\d* organisations, [1-9]\d* files$")
        blob = next(path for path in (folder / "blobs").rglob("*") if path.is_file())
        blob.write_bytes(blob.read_bytes()[:-1])
        self.assertEqual(self.script("restore", "--drill", folder).returncode, 1)
        outcome, detail = next(value for name, value in self.drills().items() if name in words["restore"])
        self.assertIn(outcome, ("failed", "nicht bestanden"))
        self.assertIn("is damaged", detail)
        self.assertEqual(list(pathlib.Path("/tmp").glob("kartei-drill.*")), [])

    def test_backup_without_the_key_needs_the_key_and_the_right_one(self):
        folder = self.backup("no-key")
        self.assertFalse((folder / "keys").exists())
        with place.Place() as new:
            done = self.script("restore", folder, var=new.var)
            self.assertIn("--key FILE", done.stderr)
            wrong = self.folder / "wrong.key"
            wrong.write_bytes(b"k" * 32)
            done = self.script("restore", "--key", wrong, folder, var=new.var)
            self.assertEqual(done.returncode, 1)
            self.assertIn("does not open", done.stderr)
            shutil.rmtree(new.var)
            done = self.script("restore", "--key", f"{self.there.var}/keys/master.key", folder, var=new.var)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_damaged_or_unfinished_backup_is_refused_before_anything_is_written(self):
        folder = self.backup("damaged", "--with-key")
        blob = next(path for path in (folder / "blobs").rglob("*") if path.is_file())
        data = bytearray(blob.read_bytes())
        data[len(data) // 2] ^= 1
        blob.write_bytes(data)
        with place.Place() as new:
            done = self.script("restore", folder, var=new.var)
            self.assertIn("is damaged", done.stderr)
            (folder / "SHA256SUMS").unlink()
            done = self.script("restore", folder, var=new.var)
            self.assertIn("no whole backup", done.stderr)
            self.assertFalse(new.var.exists())

    def test_no_name_is_readable_in_a_backup(self):
        folder = self.backup("sealed")
        name = self.contact["contact"]["family_name"]
        self.assertGreater(len(name), 3)
        everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        plain = subprocess.run(["/usr/lib/postgresql/15/bin/pg_restore", "-f", "-", folder / "database.dump"], capture_output=True,
                               check=True).stdout
        self.assertIn(b"kartei.contacts", plain)
        self.assertNotIn(name.encode(), everything + plain)

    def test_only_the_newest_are_kept_and_an_existing_folder_is_not_touched(self):
        parent = self.folder / "nightly"
        for old in ("20200101T000000Z", "20200102T000000Z"):
            (parent / old).mkdir(parents=True)
        done = self.script("backup", "--keep", "2", parent)
        self.assertEqual(done.returncode, 0, done.stderr)
        left = sorted(path.name for path in parent.iterdir())
        self.assertEqual((len(left), left[0]), (2, "20200102T000000Z"))
        self.assertEqual(json.loads((parent / left[1] / "backup.json").read_text())["with_key"], False)
        done = self.script("backup", parent / left[1])
        self.assertIn("there already", done.stderr)
        self.assertTrue((parent / left[1] / "SHA256SUMS").exists())

    def test_backup_that_fails_leaves_nothing(self):
        done = self.script("backup", self.folder / "failed", KARTEI_MIGRATE_URL="host=/nonexistent dbname=kartei")
        self.assertEqual(done.returncode, 1)
        self.assertFalse((self.folder / "failed").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
