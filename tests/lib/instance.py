"""A whole private Kartei for tests: `kartei up` in a folder of its own, on a free loopback port, with a signed-in client.

    with Instance() as kartei:
        client = kartei.sign_in()
        status, headers, body = client.post("/v1/lists", {"name": "Messe"})

As root everything runs as the database's system user, like ./up does. Nothing outlives the with block.
"""
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import uuid

import crashes
from ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KARTEI_BUILD", ROOT / "build-check"))
IDLE = 20  # seconds; the front door ends a connection that was idle for 30
UNREACHABLE = (ConnectionError, TimeoutError, ssl.SSLError, http.client.HTTPException, OSError)


def as_service_user():
    """The command prefix that leaves root behind; empty for everybody else."""
    if os.geteuid() != 0:
        return []
    user = os.environ.get("KARTEI_USER", "postgres")
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--init-groups"]


def give_to_service_user(path):
    if os.geteuid() == 0:
        entry = pwd.getpwnam(os.environ.get("KARTEI_USER", "postgres"))
        os.chown(path, entry.pw_uid, entry.pw_gid)


def wait_for(what, seconds=60, every=0.2):
    """What `what` returns once it is true."""
    end = time.monotonic() + seconds
    while not (now := what()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(every)
    return now


class Client:
    """One signed-in browser or script: keeps the cookie and the CSRF key."""

    def __init__(self, port, ca_file):
        self.port, self.cookie, self.csrf = port, "", ""
        self.tls = ssl.create_default_context(cafile=ca_file)
        self.connection, self.used = None, 0

    def request(self, method, path, body=None, headers=None, patience=30):
        """(status, headers, body): body is decoded JSON where the answer is JSON. Raises one of UNREACHABLE."""
        sent = {"Host": f"localhost:{self.port}", "Cookie": self.cookie, "X-CSRF-Token": self.csrf,
                "Origin": f"https://localhost:{self.port}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if self.connection and time.monotonic() - self.used > IDLE:
            self.connection.close()
            self.connection = None
        if not self.connection:
            self.connection = http.client.HTTPSConnection("localhost", self.port, context=self.tls, timeout=patience)
        try:
            self.connection.request(method, path, body, {k: v for k, v in sent.items() if v})
            answer = self.connection.getresponse()
            data = answer.read()
            self.used = time.monotonic()
        except UNREACHABLE:
            self.connection.close()
            self.connection = None
            raise
        if "json" in answer.headers.get("Content-Type", ""):
            data = json.loads(data or b"null")
        return answer.status, answer.headers, data

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, key=None, **headers):
        return self.request("POST", path, body, {"Idempotency-Key": key or str(uuid.uuid4()), **headers})

    def insist(self, method, path, body=None, headers=None, seconds=60):
        """Repeats the same request, with the same Idempotency-Key, until somebody answers below 500 (and not 409: in flight)."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = self.request(method, path, body, headers, patience=10)
                if answer[0] < 500 and not (answer[0] == 409 and "in-flight" in str(answer[2])) and answer[0] != 429:
                    return answer
            except UNREACHABLE:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: no answer within {seconds} s")
            time.sleep(0.1)


class Instance:
    def __init__(self, demo=False, environment=None):
        self.folder = tempfile.mkdtemp(prefix="kartei-")
        give_to_service_user(self.folder)
        self.port = free_port()
        self.var = f"{self.folder}/var"
        self.environment = {**os.environ, "KARTEI_VAR": self.var, "KARTEI_LISTEN": f"127.0.0.1:{self.port}",
                            "KARTEI_PUBLIC_URL": f"https://localhost:{self.port}", "HOME": self.folder, **(environment or {})}
        self.demo = demo
        self.process = None
        self.meant = []  # children that a test lets crash

    def command(self, *words, stdin=""):
        """Runs `kartei WORDS…` and returns what it prints."""
        done = subprocess.run([*as_service_user(), str(BUILD / "services/kartei"), *words], env=self.environment, input=stdin,
                              capture_output=True, text=True, cwd="/", timeout=120)
        if done.returncode:
            raise RuntimeError(f"kartei {' '.join(words)}: {done.stderr}")
        return done.stdout

    def psql(self):
        """The command of a session in the private cluster, past all of our code."""
        return [*as_service_user(), "psql", "-qXtA", "-v", "ON_ERROR_STOP=1", "-U", "kartei_super", "-h", f"{self.var}/run", "-d", "kartei"]

    def sql(self, *texts):
        """What such a session prints of these statements, each in a transaction of its own."""
        words = [word for text in texts for word in ("-c", text)]
        return subprocess.run([*self.psql(), *words], check=True, capture_output=True, text=True, cwd="/", timeout=60).stdout.strip()

    def __enter__(self):
        words = ["up"] + ([] if self.demo else ["--no-demo"])
        self.log = open(f"{self.folder}/log", "wb")
        self.process = subprocess.Popen([*as_service_user(), str(BUILD / "services/kartei"), *words], env=self.environment, cwd="/",
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.greeting = ""
        while "Stop:" not in self.greeting:
            line = self.process.stdout.readline().decode()
            if not line:
                said = self.greeting + pathlib.Path(f"{self.folder}/log").read_text()[-3000:]
                self.__exit__()
                raise RuntimeError("kartei up ended: " + said)
            self.greeting += line
        return self

    def stop(self):
        """Ends all of it in good order; its folder stays until the end of the with block."""
        if self.process and self.process.poll() is None:
            # The supervisor is the direct child (setpriv execs), so its pid is ours to signal.
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        log = pathlib.Path(f"{self.folder}/log").read_text(encoding="utf-8", errors="replace")
        crashed = [line for line in crashes.in_log(log) if not any(f'"{name}"' in line for name in self.meant)]
        if not os.environ.get("KARTEI_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        if crashed:
            raise AssertionError("\n".join(crashed))

    def pid(self, name):
        """Pid of a child of the supervisor, or None."""
        try:
            return int(pathlib.Path(f"{self.var}/run/{name}.pid").read_text())
        except (OSError, ValueError):
            return None

    def crash(self, name):
        """Ends a child of the supervisor as a fault of its own would."""
        self.meant.append(name)
        os.kill(self.pid(name), signal.SIGABRT)

    def client(self):
        return Client(self.port, f"{self.var}/tls/ca.crt")

    def create_user(self, email="admin@kartei.example", role="admin", organisation="Test GmbH"):
        """A user of the organisation (made when it is missing); returns a one-time link."""
        printed = self.command("admin", "create-org", "--name", organisation, "--if-missing", "--json")
        org = json.loads(printed)["id"]
        self.command("admin", "create-user", "--org", org, "--email", email, "--name", email.split("@")[0], "--role", role,
                     "--if-missing", "--json")
        return self.command("admin", "login-link", "--org", org, "--email", email).strip()

    def sign_in(self, email="admin@kartei.example", role="admin", organisation="Test GmbH"):
        """A client that used a one-time link as a browser does: page, button, cookie."""
        client = self.client()
        path = re.search(r"/login/[\w-]+", self.create_user(email, role, organisation)).group(0)
        status, headers, _ = client.request("POST", path, b"", {"Content-Type": "application/x-www-form-urlencoded"})
        if status != 303:
            raise RuntimeError(f"sign-in answered {status}")
        client.cookie = headers["Set-Cookie"].split(";")[0]
        client.csrf = client.get("/v1/session")[2]["csrf"]
        return client
