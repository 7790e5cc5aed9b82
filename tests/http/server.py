"""A real kartei-api over a real private PostgreSQL, for the http suite: no front door, no worker, requests on the socket.

    with Server() as server:
        admin = server.sign_in("admin@one.example")
        answer = admin.get("/v1/lists")
"""
import http.client
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import crashes  # noqa: E402

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
ORIGIN = "https://localhost:8443"


class Answer:
    def __init__(self, response, data):
        self.status, self.headers, self.data = response.status, response.headers, data

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def slug(self):
        """Last part of a problem's type; None for anything else."""
        kind = self.headers.get("Content-Type", "")
        return self.json["type"].rsplit("/", 1)[1] if kind == "application/problem+json" else None


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Client:
    """Somebody with or without a session."""

    def __init__(self, path):
        self.path, self.cookie, self.csrf = path, None, None

    def request(self, method, path, body=None, headers=None, timeout=30):
        sent = {"Host": "localhost:8443"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = UnixConnection(self.path, timeout)
        try:
            connection.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers=spell(headers))

    def post(self, path, body=None, **headers):
        fields = {"Idempotency-Key": str(uuid.uuid4()), **spell(headers)}
        return self.request("POST", path, body, fields)

    def patch(self, path, body, **headers):
        return self.request("PATCH", path, body, spell(headers))

    def delete(self, path, **headers):
        return self.request("DELETE", path, headers=spell(headers))


def spell(headers):
    """if_match=… -> If-Match: …"""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def service_user():
    return pwd.getpwnam(os.environ.get("KARTEI_USER", "postgres")) if os.geteuid() == 0 else None


def listens(path):
    """The file of a socket is there a moment before somebody listens, and may be that of the one before."""
    with socket.socket(socket.AF_UNIX) as s:
        return s.connect_ex(path) == 0


class Server:
    program = "services/kartei-api"

    def __init__(self, build=None, settings=None, program=None):
        self.build = pathlib.Path(build or os.environ["KARTEI_BUILD"])
        self.program = program or self.program
        self.settings = settings or {}
        self.children = []

    def run(self, *command):
        user = service_user()
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, cwd="/",
                              env=self.environment(), **extra)

    def start(self, name, *command):
        user = service_user()
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        with open(self.folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd="/",
                                     env=self.environment(), **extra)
        self.children.append(child)
        return child

    def environment(self):
        return {**os.environ, "LC_ALL": "C.UTF-8", "KARTEI_VAR": str(self.folder),
                "KARTEI_DATABASE_URL": self.conninfo("kartei_app"), **self.settings}

    def conninfo(self, user):
        return f"host={self.folder} user={user} dbname=postgres"

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kartei-http-", dir="/tmp"))
        self.furnish()
        for name in ("blobs", "keys", "run"):
            (self.folder / name).mkdir()
        key = self.folder / "keys/master.key"
        key.write_bytes(os.urandom(32))
        key.chmod(0o400)
        if user := service_user():
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        self.run(POSTGRES / "initdb", "-D", self.folder / "pg", "-A", "trust", "-U", "super", "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8")
        self.start_database()
        self.seed = self.tool("seed", self.conninfo("super"))
        self.start_api()
        return self

    def furnish(self):
        """For who wants another disk under the folder."""

    def sql(self, text):
        """As the database's superuser, past all of our code; returns what it prints."""
        return self.run("psql", "-qXtA", "-v", "ON_ERROR_STOP=1", "-c", text, self.conninfo("super")).stdout.strip()

    def tool(self, verb, *more):
        """tests/http/seed.c: "seed", or "work" (does all jobs that are due)."""
        return json.loads(self.run(self.build / "tests/http/http_seed", verb, self.conninfo("kartei_app"),
                                   self.folder / "keys/master.key", self.folder / "blobs", *more).stdout)

    def start_database(self):
        self.database = self.start("postgres", POSTGRES / "postgres", "-D", self.folder / "pg", "-k", self.folder,
                                   "-c", "listen_addresses=", "-c", "fsync=off")
        wait_until(lambda: subprocess.run([POSTGRES / "pg_isready", "-h", self.folder, "-q"]).returncode == 0)

    def stop_database(self):
        self.database.send_signal(signal.SIGINT)
        self.database.wait(20)

    def start_api(self):
        self.socket = str(self.folder / "run/api.sock")
        self.api = self.start("api", self.build / self.program)
        wait_until(lambda: self.api.poll() is not None or listens(self.socket))
        if self.api.poll() is not None:
            raise RuntimeError((self.folder / "api.log").read_text())

    def restart_api(self, **settings):
        """Another start of the same, with settings of its own."""
        self.api.send_signal(signal.SIGINT)
        self.api.wait(20)
        self.settings = {**self.settings, **settings}
        self.start_api()

    def __exit__(self, *_):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
        log = (self.folder / "api.log").read_text(errors="replace") if (self.folder / "api.log").exists() else ""
        shutil.rmtree(self.folder, ignore_errors=True)
        if "runtime error:" in log or "Sanitizer" in log:
            raise AssertionError(log[-5000:])
        if crashed := [sentence for child in self.children if (sentence := crashes.by_return_code(child.args[0], child.returncode))]:
            raise AssertionError("\n".join(crashed))

    def stored(self):
        """How many sealed files there are."""
        return sum(path.is_file() for path in (self.folder / "blobs").rglob("*"))

    def client(self):
        return Client(self.socket)

    def sign_in(self, email):
        client = self.client()
        answer = client.request("POST", "/v1/session", {"email": email, "password": self.seed["password"]})
        assert answer.status == 201, answer.data
        client.cookie = answer.headers["Set-Cookie"].split(";")[0]
        client.csrf = answer.json["csrf"]
        return client

    def raw(self, data, patience=3.0):
        """Sends bytes as they are; returns all that comes back, and whether the server closed."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(patience)
            s.connect(self.socket)
            try:
                s.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return receive(s)


def receive(s):
    got = b""
    while True:
        try:
            piece = s.recv(65536)
        except (TimeoutError, socket.timeout):
            return got, False
        except ConnectionResetError:
            return got, True
        if not piece:
            return got, True
        got += piece


def wait_until(ready, patience=20):
    end = time.monotonic() + patience
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError("not ready in time")
        time.sleep(0.02)
