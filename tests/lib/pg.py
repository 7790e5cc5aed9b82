"""A private PostgreSQL for tests: starts in about a second, gives migrated databases from a template, leaves nothing behind.

    with Postgres(build) as pg:
        name = pg.database()                    # a migrated copy, under 0.2 s
        pg.psql("select count(*) from kartei.users", name)
        subprocess.run([…], env={**os.environ, "X": pg.conninfo(name, "kartei_app")})

`build` is the meson build tree with tests/db/db_tool. As root the server runs as the user postgres.
"""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("KARTEI_POSTGRES", "/usr/lib/postgresql/15/bin"))
SETTINGS = {"listen_addresses": "", "fsync": "off", "shared_buffers": "32MB", "max_connections": "120",
            "wal_compression": "off", "log_min_messages": "warning"}


class PsqlError(Exception):
    """What psql said; .state is the SQLSTATE of the first error."""

    def __init__(self, text):
        super().__init__(text)
        words = text.split("ERROR:  ", 1)
        self.state = words[1][:5] if len(words) == 2 else ""


class Postgres:
    def __init__(self, build=None):
        self.build = pathlib.Path(build or os.environ["KARTEI_BUILD"])
        self.server, self.count, self.template = None, 0, None

    def identity(self):
        if os.geteuid() != 0:
            return {}
        user = pwd.getpwnam(os.environ.get("KARTEI_USER", "postgres"))
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kpg-", dir="/tmp"))
        if identity := self.identity():
            os.chown(self.folder, identity["user"], identity["group"])
        self.folder.chmod(0o755)
        try:
            subprocess.run([BIN / "initdb", "-D", self.folder / "data", "-U", "super", "-A", "trust", "--no-sync", "-E", "UTF8",
                            "--locale=C.UTF-8", "--data-checksums"], check=True, capture_output=True, cwd="/", timeout=60,
                           **self.identity())
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.server = subprocess.Popen([BIN / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
                                           stdout=log, stderr=log, cwd="/", **self.identity())
        deadline = time.monotonic() + 30
        while subprocess.run([BIN / "pg_isready", "-q", "-h", self.folder]).returncode != 0:
            if time.monotonic() > deadline or self.server.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """SIGINT: in order; SIGKILL: as a power cut would."""
        if not self.server:
            return
        self.server.send_signal(how)
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.server = None

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database, user="super"):
        return f"host={self.folder} dbname={database} user={user}"

    def psql(self, sql, database="postgres", user="super"):
        """Rows as lists of texts. Raises PsqlError."""
        done = subprocess.run([BIN / "psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose",
                               "-d", self.conninfo(database, user), "-f", "-"], input=sql, capture_output=True, text=True,
                              timeout=120)
        if done.returncode != 0:
            raise PsqlError(done.stderr)
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def dump(self, database):
        return subprocess.run([BIN / "pg_dump", "-d", self.conninfo(database)], check=True, capture_output=True, timeout=60).stdout

    def empty(self):
        """Name of a new, empty database."""
        self.count += 1
        name = f"t{self.count}"
        self.psql(f"create database {name}")
        return name

    def migrate(self, database, upto=0, user="super"):
        """What `db_tool migrate` printed; raises CalledProcessError."""
        return subprocess.run([self.build / "tests/db/db_tool", "migrate", self.conninfo(database, user), str(upto)], check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def database(self):
        """Name of a new database with the whole schema."""
        if not self.template:
            self.template = self.empty()
            self.migrate(self.template)
        self.count += 1
        name = f"t{self.count}"
        self.psql(f"create database {name} template {self.template}")
        return name
