"""What the stateful fake CRMs share: a store with a ledger, access tokens, faults, a server on loopback.

A fake is stricter than the vendor: unknown members, wrong types, missing headers are refused in the vendor's own words.
Every accepted write is in the ledger (one JSON line, fsynced) before its answer leaves, so that a test can judge by
content what really happened, whatever the client believes.
"""
import http.server
import itertools
import json
import os
import pathlib
import socket
import threading
import time
import urllib.parse

from .weather import Weather

HOST = "127.0.0.1"


class Refusal(Exception):
    """Ends a handler with a status, a body and headers of the vendor's making."""

    def __init__(self, status, body, headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


class Store:
    """Records of one kind by id: {"fields": {…}, "created": s, "modified": s, "deleted": bool, "marks": {…}}."""

    def __init__(self, ledger=None):
        self.rows, self.lock, self.numbers = {}, threading.RLock(), itertools.count(1)
        self.ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if ledger else None

    def write_down(self, act, record_id, fields):
        if self.ledger is not None:
            os.write(self.ledger, (json.dumps({"act": act, "id": record_id, "fields": fields}) + "\n").encode())
            os.fsync(self.ledger)

    def add(self, record_id, fields, **more):
        with self.lock:
            now = time.time()
            self.rows[record_id] = {"id": record_id, "fields": dict(fields), "created": now, "modified": now, "deleted": False, **more}
            self.write_down("create", record_id, fields)
            return self.rows[record_id]

    def change(self, record_id, fields):
        with self.lock:
            row = self.rows[record_id]
            row["fields"].update(fields)
            row["modified"] = max(time.time(), row["modified"] + 0.001)
            self.write_down("update", record_id, fields)
            return row

    def delete(self, record_id):
        with self.lock:
            row = self.rows[record_id]
            row["deleted"], row["modified"] = True, time.time()
            self.write_down("delete", record_id, {})

    def living(self):
        return [row for row in list(self.rows.values()) if not row["deleted"]]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json;charset=UTF-8", **self.server.fake.limits(), **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        path, _, query = self.path.partition("?")
        request = Request(self.command, urllib.parse.unquote(path), dict(urllib.parse.parse_qsl(query, keep_blank_values=True)),
                          self.headers, body)
        fault = self.server.fake.weather.draw(request)
        if fault and not fault.commits:
            return fault.tell(self, self.server.fake.weather)
        try:
            status, answer, headers = self.server.fake.respond(request)
        except Refusal as refusal:
            status, answer, headers = refusal.status, refusal.body, refusal.headers
        return fault.tell(self, self.server.fake.weather) if fault else self.answer(status, answer, headers)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any


class Request:
    def __init__(self, method, path, query, headers, body):
        self.method, self.path, self.query, self.headers, self.body = method, path, query, headers, body

    def json(self):
        return json.loads(self.body or b"null")

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        super().server_bind()

    def handle_error(self, *_):
        """A client that hung up, or was killed, is no news."""


class Companies:
    """Employers as records of their own; several may have one name."""

    def __init__(self, make_id):
        self.make_id, self.numbers = make_id, itertools.count(1)
        self.rows = {}  # id -> (name, place)
        self.made = {}  # id -> when, of those that came through the API

    def add(self, name, place=None, number=None):
        number = self.make_id(next(self.numbers)) if number is None else number
        self.rows[number] = (name, place)
        return number

    def make(self, name, number=None):
        number = self.add(name, None, number)
        self.made[number] = time.time()
        return number

    def name_of(self, number):
        return self.rows.get(number, (None, None))[0]

    def clear(self):
        self.rows.clear()
        self.made.clear()


class FakeCrm:
    """One vendor; subclasses answer requests in respond(). Has the shape of tests/servers/servers.py's classes."""

    token = "good-token"
    owner, changer = "Petra Keller", "Jonas Weber"  # whose the records are, who changed them last

    def __init__(self, folder, cache=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.contacts = Store(self.folder / "ledger")
        self.weather = Weather()
        self.server = self.port = None

    @staticmethod
    def missing():
        return None

    def start(self):
        self.server = Server((HOST, 0), Handler)
        self.server.fake = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    def respond(self, request):
        raise NotImplementedError

    def limits(self):
        """Headers of every answer that tell what the vendor still takes."""
        return {}

    def authorised(self, request):
        return request.headers.get("Authorization") == f"Bearer {self.token}"


class FakePeer:
    """What others do in a fake, past its API; subclasses name the vendor's members."""

    unmapped, emails = (), 1
    hard_delete_is_seen = conditional = True
    mail_is_unique = restores = False
    remembers_exactly = commits_late = False
    stamps_by_hand = True
    tells = ("changed_at",)  # what comes along about whose a record is
    family = phone = title = other = None  # members; `other` is one that we do not read

    def __init__(self, server, port):
        self.server, self.port = server, port

    def settings(self, port=None):
        return {"base": f"http://{HOST}:{port or self.port}"}

    def secret(self, wrong=False):
        return {"access_token": "bad-token" if wrong else self.server.token}

    @staticmethod
    def is_write(request):
        return request.method in ("POST", "PATCH", "PUT", "DELETE")

    @staticmethod
    def is_list(request):
        return request.method == "GET"

    def row(self, remote_id):
        row = self.server.contacts.rows.get(remote_id)
        return None if row is None or row["deleted"] else row

    def raw(self, remote_id):
        row = self.row(remote_id)
        return json.dumps(row["fields"], sort_keys=True, ensure_ascii=False) if row else None

    def add_unknown(self, remote_id):
        self.server.contacts.change(remote_id, {self.other: "Trifft man auf der Messe, Halle 3"})

    def unknown(self, remote_id):
        return self.row(remote_id)["fields"].get(self.other)

    def change(self, remote_id):
        self.server.contacts.change(remote_id, {self.title: "von anderen"})

    def delete(self, remote_id):
        self.server.contacts.delete(remote_id)

    archive = delete

    def count(self, family_name):
        return sum(family_name in str(row["fields"].get(self.family)) for row in self.server.contacts.living())

    def named(self, family_name):
        return {self.family: family_name}

    def add_foreign(self, family_name, phone):
        self.server.insert({self.family: family_name, self.phone: phone})

    def add_many(self, n):
        for i in range(n):
            self.server.insert({self.family: f"Viele{i}"})

    def add_late(self):
        """A record of a transaction that took four minutes: its stamp is older than what others have seen since."""
        record_id = self.server.insert(self.named("Spät"))
        row = self.server.contacts.rows[record_id]
        row["created"] = row["modified"] = time.time() - 240
        return record_id

    def add_equal(self, n):
        """Records that all changed in the same moment, as after an import there; the last one is behind them."""
        store, moment = self.server.contacts, time.time() + 1
        ledger, store.ledger = store.ledger, None  # a line each on the disk would take long
        numbers = [self.server.insert(self.named(f"Gleich{i}")) for i in range(n)]
        for number in numbers:
            store.rows[number].update(created=moment, modified=moment)
        store.rows[numbers[-1]]["modified"] = moment + 0.5
        store.ledger = ledger
        return numbers

    def drop(self, numbers):
        for number in numbers:
            self.server.contacts.rows.pop(number)

    def remove_many(self):
        for row in self.server.contacts.living():
            if str(row["fields"].get(self.family)).startswith("Viele"):
                self.server.contacts.delete(row["id"])
