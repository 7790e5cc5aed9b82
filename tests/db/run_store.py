#!/usr/bin/python3
"""run_store.py EXECUTABLE: runs a C test of the store against a migrated database of its own."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from pg import Postgres  # noqa: E402


def place(folder):
    """Master key and blob folder, as the store wants them."""
    folder = pathlib.Path(folder)
    (folder / "blobs").mkdir()
    key = folder / "master.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o400)
    return folder


def environment(pg, database, folder):
    return {**os.environ, "KARTEI_TEST_DB": pg.conninfo(database, "kartei_app"), "KARTEI_TEST_DIR": str(folder),
            "KARTEI_TEST_SUPER": pg.conninfo(database)}


def main():
    with Postgres() as pg, tempfile.TemporaryDirectory() as folder:
        environ = environment(pg, pg.database(), place(folder))
        return subprocess.run(sys.argv[1:], env=environ, timeout=120).returncode


if __name__ == "__main__":
    sys.exit(main())
