#!/usr/bin/python3
"""servers.py radicale|tryton DIR [--user NAME] [--cache DIR]: a private server on a free loopback port for tests.

Prints one JSON line (url, user, password, database) when it answers, and stops when stdin ends or on SIGTERM. Everything
it writes stays under DIR. As root it becomes NAME (default: nobody). Exit status 77: the Debian package is not there.
"""
import argparse
import base64
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from ports import HOST, free_port  # noqa: E402

SKIPPED = 77
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
TRYTON_MODULES = ["ir", "res", "party", "country"]


class Server:
    """A child process with its own folder; subclasses say how to start it and when it is ready."""

    program = ""

    def __init__(self, folder, user=None, cache=None):
        self.folder = pathlib.Path(folder).resolve()
        self.user = (user or "nobody") if os.geteuid() == 0 else None
        self.cache = pathlib.Path(cache or self.folder).resolve()
        self.port = free_port()
        self.process = None

    @classmethod
    def missing(cls):
        return None if shutil.which(cls.program) else f"{cls.program} is not installed"

    def as_user(self, command):
        if not self.user:
            return command
        entry = pwd.getpwnam(self.user)
        return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", *command]

    def own(self, path):
        """Gives the folder to the user that the server runs as."""
        if not self.user:
            return
        entry = pwd.getpwnam(self.user)
        for item in [path, *path.rglob("*")]:
            os.chown(item, entry.pw_uid, entry.pw_gid)

    def launch(self, command, env=None):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.as_user(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, cwd=self.folder, env={**os.environ, **(env or {})})

    def wait(self, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if self.ready():
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.program} did not start: " + (self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def request(self, method, path, body=None, headers=None):
        """A request of the test itself, past all of our code: (status, headers, bytes)."""
        request = urllib.request.Request(f"http://{HOST}:{self.port}{path}", data=body, headers=headers or {}, method=method)
        try:
            with DIRECT.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()


class Radicale(Server):
    """CardDAV; one user with one address book."""

    program = "radicale"
    login, password, book = "user1", "pw-user1", "/user1/contacts/"

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "users").write_text(f"{self.login}:{self.password}\n", encoding="utf-8")
        (self.folder / "config").write_text(
            f"[server]\nhosts = {HOST}:{self.port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {self.folder}/data\n", encoding="utf-8")
        self.own(self.folder)
        self.run()
        status, _, body = self.dav("MKCOL", self.book, b'<?xml version="1.0"?><mkcol xmlns="DAV:" '
                                   b'xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype><collection/>'
                                   b"<C:addressbook/></resourcetype></prop></set></mkcol>")
        if status not in (201, 405, 409):
            raise RuntimeError(f"no address book: {status} {body!r}")

    def run(self):
        """Also after a stop(): comes back on the same port with what it had."""
        self.launch([self.program, "--config", str(self.folder / "config")])
        self.wait()

    def ready(self):
        try:
            return self.request("GET", "/.web/")[0] < 500
        except OSError:
            return False

    def dav(self, method, path, body=None, headers=None):
        token = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        return self.request(method, path, body, {"Authorization": f"Basic {token}", **(headers or {})})

    def describe(self):
        return {"url": f"http://{HOST}:{self.port}{self.book}", "user": self.login, "password": self.password}


class Tryton(Server):
    """Tryton on SQLite; the database is initialised once and kept in the cache."""

    program = "trytond"
    login, password, database = "admin", "admin-test-1", "test"

    def configure(self, folder):
        (folder / "db").mkdir(parents=True, exist_ok=True)
        (folder / "trytond.conf").write_text(
            f"[web]\nlisten = {HOST}:{self.port}\n[database]\nuri = sqlite://\npath = {folder}/db\n"
            "[session]\ntimeout = 3600\n", encoding="utf-8")
        self.own(folder)
        return str(folder / "trytond.conf")

    def template(self):
        done = self.cache / f"tryton-{'-'.join(TRYTON_MODULES)}.sqlite"
        if done.exists():
            return done
        folder = self.folder / "template"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "password").write_text(self.password + "\n", encoding="utf-8")
        config = self.configure(folder)
        (folder / "db" / f"{self.database}.sqlite").touch()
        self.own(folder)
        command = ["trytond-admin", "-c", config, "-d", self.database, "--email", "admin@kartei.example", "-p",
                   "-u", *TRYTON_MODULES, "--activate-dependencies"]
        subprocess.run(self.as_user(command), check=True, timeout=120, stdin=subprocess.DEVNULL, cwd=folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "TRYTONPASSFILE": str(folder / "password")})
        self.cache.mkdir(parents=True, exist_ok=True)
        part = done.with_suffix(f".{os.getpid()}")
        shutil.copyfile(folder / "db" / f"{self.database}.sqlite", part)
        part.rename(done)
        return done

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.own(self.folder)
        template = self.template()
        config = self.configure(self.folder)
        shutil.copyfile(template, self.folder / "db" / f"{self.database}.sqlite")
        self.own(self.folder)
        self.launch([self.program, "-c", config, "-d", self.database])
        self.wait()

    def ready(self):
        try:
            body = b'{"id":1,"method":"common.server.version","params":[]}'
            return self.request("POST", "/", body, {"Content-Type": "application/json"})[0] == 200
        except OSError:
            return False

    def rpc(self, method, *params):
        """A call past all of our code."""
        if not getattr(self, "session", None):
            self.session = None
            uid, key = self.post("common.db.login", [self.login, {"password": self.password}, "en"])
            self.session = base64.b64encode(f"{self.login}:{uid}:{key}".encode()).decode()
        return self.post(method, list(params))

    def post(self, method, params):
        headers = {"Content-Type": "application/json"}
        if self.session:
            headers["Authorization"] = f"Session {self.session}"
        body = json.dumps({"id": 1, "method": method, "params": params}).encode()
        status, _, answer = self.request("POST", f"/{self.database}/", body, headers)
        parsed = json.loads(answer) if status == 200 else {"error": [status, answer[:200].decode(errors="replace")]}
        if "error" in parsed:
            raise RuntimeError(f"{method}: {parsed['error']}")
        return parsed["result"]

    def describe(self):
        return {"url": f"http://{HOST}:{self.port}", "database": self.database, "user": self.login, "password": self.password}


KINDS = {"radicale": Radicale, "tryton": Tryton}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("folder")
    parser.add_argument("--user")
    parser.add_argument("--cache")
    options = parser.parse_args()
    why = KINDS[options.kind].missing()
    if why:
        print(why, file=sys.stderr)
        return SKIPPED
    server = KINDS[options.kind](options.folder, options.user, options.cache)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.start()
        print(json.dumps(server.describe()), flush=True)
        sys.stdin.read()
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
