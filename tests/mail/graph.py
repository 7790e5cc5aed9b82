"""Microsoft Graph as far as a mailbox needs it, stateful, on loopback and stricter than it is: unknown query options, members and
headers are refused, ids are immutable ones or wrong ones, a subscription is made only after both addresses have given back what they
were sent exactly, it ends when its time is over, whoever calls before Retry-After is remembered. Every request, and every answer of the
fake, is held against contracts/msgraph-mail.openapi.json.

    with Graph(ca_file) as graph:
        graph.settings()                    the mailbox's form
        graph.deliver(mime)                 a mail arrives; subscribers are told
"""
import datetime
import email
import email.policy
import email.utils
import http.server
import json
import pathlib
import re
import secrets
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))
from agreed import Contract  # noqa: E402
from graph_login import CLIENT, SECRET, TENANT, Login  # noqa: E402

FOLDER = "/me/mailFolders/inbox/messages"
RESOURCE = "/me/mailFolders('inbox')/messages"
PERSON_FIELDS = ("from", "sender", "replyTo")


class Refusal(Exception):
    def __init__(self, status, code, message="Nein.", headers=None):
        super().__init__(code)
        self.status, self.headers = status, headers or {}
        self.body = {"error": {"code": code, "message": message, "innerError": {"request-id": "00000000-0000-4000-8000-000000000002"}}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def fields(self):
        return {name.lower(): ", ".join(self.headers.get_all(name)) for name in self.headers}

    def serve(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.method = self.command
        graph = self.server.graph
        path, _, query = self.path.partition("?")
        if path.startswith("/login/"):
            status, body, headers = graph.login.answer(self.method, path, dict(urllib.parse.parse_qsl(self.body.decode())))
        else:
            status, body, headers = graph.serve(self, urllib.parse.unquote(path), urllib.parse.parse_qsl(query, keep_blank_values=True))
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = headers.pop("Content-Type", "application/json; odata.metadata=minimal" if data else None)
        lines = [f"HTTP/1.1 {status} x", *([f"Content-Type: {kind}"] if kind else []), *(f"{k}: {v}" for k, v in headers.items())]
        if not path.startswith("/login/"):
            graph.contract.answer(self, "\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        end = "" if status == 204 else f"\r\nContent-Length: {len(data)}"
        try:
            self.wfile.write(("\r\n".join(lines) + end + "\r\n\r\n").encode() + data)
        except OSError:
            pass  # it had enough

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A client that hung up is no news."""


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def seconds_of(text):
    return datetime.datetime.fromisoformat(re.sub(r"\.(\d{6})\d*Z$", r".\1Z", text).replace("Z", "+00:00")).timestamp()


def person(pair):
    return {"emailAddress": {"name": pair[0] or pair[1], "address": pair[1]}}


class Mailbox:
    """Mails of one inbox by id."""

    def __init__(self):
        self.mails, self.lock = {}, threading.RLock()

    def add(self, mime):
        parsed = email.message_from_bytes(mime, policy=email.policy.compat32)
        people = {name: email.utils.getaddresses([str(v) for v in parsed.get_all(name, [])]) for name in ("From", "Sender", "Reply-To")}
        sender = (people["Sender"] or people["From"])[0]
        with self.lock:
            number = f"AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A{len(self.mails):06d}_AAA="
            self.mails[number] = {
                "id": number, "came": time.time(), "changed": time.time(), "mime": mime, "isRead": False, "deleted": False,
                "from": person(people["From"][0]), "sender": person(sender), "replyTo": [person(one) for one in people["Reply-To"]],
                "internetMessageHeaders": [{"name": name, "value": str(value)} for name, value in parsed.items()]}
        return number

    def show(self, mail, select):
        return {"@odata.etag": f'W/"{mail["changed"]:.6f}"', "id": mail["id"], **{name: mail[name] for name in select if name != "id"}}


class Graph:
    def __init__(self, ca_file=None, most_minutes=10070):
        self.ca_file, self.most_minutes = ca_file, most_minutes
        self.inbox, self.subscriptions, self.links = Mailbox(), {}, {}
        self.contract = Contract("msgraph-mail")
        self.seen, self.lock, self.at_once = [], threading.RLock(), 0
        self.wrong = []       # what a strict service takes offence at
        self.throttled = None  # (until, status, header, code)
        self.forgotten = False  # delta links are known no longer
        self.lost = 0           # answers to POST /subscriptions that get lost after they were acted on
        self.told = []          # (seconds, status) of notifications
        self.handshakes = []

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.graph = self
        self.port = self.server.server_address[1]
        self.public = f"http://127.0.0.1:{self.port}"
        self.login = Login(self.public)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def settings(self, **more):
        return {"address": "anna@muster.example", "tenant": TENANT, "client_id": CLIENT, "login": f"{self.public}/login",
                "graph": f"{self.public}/v1.0", **more}

    @staticmethod
    def secret():
        return {"client_secret": SECRET}

    def count(self, method, pattern):
        """Requests whose path and query match."""
        with self.lock:
            return [row for row in self.seen if row[0] == method and re.fullmatch(pattern, row[1])]

    def bodies(self):
        """Ids of the mails whose content was fetched, in order."""
        return [row[1].split("/")[-2] for row in self.count("GET", r"/v1.0/me/messages/[^/?]+/\$value")]

    # ---- Requests ----

    def serve(self, request, path, query):
        with self.lock:
            self.seen.append((request.method, f"{path}?{urllib.parse.urlencode(query)}" if query else path, time.monotonic()))
            self.at_once += 1
        try:
            if self.contract.request(request):
                raise Refusal(400, "BadRequest", "The request is not what the contract says.")
            if self.at_once > 4:
                self.wrong.append("more than four requests at a time")
            self.throttle()
            scopes = self.login.scopes(request.headers.get("Authorization"))
            if scopes is None:
                raise Refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
            return self.route(request, path.removeprefix("/v1.0"), dict(query), scopes)
        except Refusal as refusal:
            return refusal.status, refusal.body, dict(refusal.headers)
        finally:
            with self.lock:
                self.at_once -= 1

    def throttle(self):
        if not self.throttled:
            return
        until, status, header, code = self.throttled
        if until is None:  # the first one hears of it
            self.throttled = (time.monotonic() + header[1], status, header, code)
        elif time.monotonic() < until - 0.02:
            self.wrong.append(f"called {until - time.monotonic():.2f} s before Retry-After was over")
        else:
            self.throttled = None
            return
        raise Refusal(status, code, "Application is over its MailboxConcurrency limit.", {"Retry-After": header[0]} if header[0] else {})

    def busy(self, seconds, text=None, status=429, code="ApplicationThrottled"):
        """The next request hears Retry-After: text, which means `seconds`."""
        self.throttled = (None, status, (text if text is not None else str(seconds), seconds), code)

    def need(self, scopes, one):
        if one not in scopes:
            raise Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")

    def route(self, request, path, query, scopes):
        if path == "/me":
            self.need(scopes, "User.Read")
            return 200, {"@odata.context": "x", "mail": "anna@muster.example", "userPrincipalName": "anna@muster.example"}, {}
        self.need(scopes, "Mail.Read")
        if path == "/me/mailFolders/inbox":
            return 200, {"id": "AQMkADAwATM="}, {}
        if path == f"{FOLDER}/delta":
            return self.delta(query)
        if path.startswith("/me/messages/") and request.method == "GET":
            return self.message(request, path.split("/"), query)
        if path.startswith("/subscriptions"):
            return self.subscription(request, path)
        self.wrong.append(f"{request.method} {path}")
        raise Refusal(405, "MethodNotAllowed")

    def message(self, request, parts, query):
        mail = self.inbox.mails.get(parts[3])
        if not mail or mail["deleted"]:
            raise Refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        if parts[4:] == ["$value"]:
            accept = request.headers.get("Accept", "*/*")
            if "text/plain" not in accept and "*/*" not in accept:
                raise Refusal(406, "NotAcceptable")
            return 200, mail["mime"], {"Content-Type": "text/plain"}
        return 200, self.inbox.show(mail, query["$select"].split(",")), {}

    def delta(self, query):
        """Everything since the filter's moment at first, then what came since the link was given."""
        name = next((name for name in ("$skiptoken", "$deltatoken") if name in query), None)
        if name and (self.forgotten or query[name] not in self.links):
            self.forgotten = False
            raise Refusal(410, "SyncStateNotFound", "The sync state generation is not found")
        if name and set(query) != {name}:
            raise Refusal(400, "BadRequest", "The link is to be used as it is.")
        if not name and set(query) != {"changeType", "$select", "$filter"}:
            raise Refusal(400, "BadRequest", "changeType, $select and $filter are expected.")
        with self.inbox.lock:
            now = time.time()
            if name:
                since, index, select, until = self.links[query[name]]
            else:
                since, index, select, until = seconds_of(query["$filter"].removeprefix("receivedDateTime ge ")), 0, query["$select"].split(","), None
            until = until if until is not None else now
            rows = [m for m in self.inbox.mails.values() if since <= m["came"] < until and not (m["deleted"] and not name)]
            page, rest = rows[index:index + 3], rows[index + 3:]
            value = [{"@odata.type": "#microsoft.graph.message", "id": m["id"], "@removed": {"reason": "deleted"}} if m["deleted"]
                     else self.inbox.show(m, select) for m in page]
            token = secrets.token_hex(16)
            self.links[token] = (since, index + 3, select, until) if rest else (until, 0, select, None)
        kind = ("@odata.nextLink", "$skiptoken") if rest else ("@odata.deltaLink", "$deltatoken")
        return 200, {"@odata.context": "x", "value": value, kind[0]: f"{self.public}/v1.0{FOLDER}/delta?{kind[1]}={token}"}, {}

    # ---- Subscriptions ----

    def expired(self):
        for number, row in list(self.subscriptions.items()):
            if seconds_of(row["expirationDateTime"]) < time.time():
                del self.subscriptions[number]

    def lifetime(self, text):
        ahead = seconds_of(text) - time.time()
        if ahead > self.most_minutes * 60:
            raise Refusal(400, "ExtensionError", f"Subscription expiration can only be {self.most_minutes} minutes in the future.")
        if ahead < 45 * 60:
            self.wrong.append("a subscription for less than 45 minutes")
        return text

    def subscription(self, request, path):
        self.expired()
        number = path.removeprefix("/subscriptions").removeprefix("/")
        if request.method == "GET" and not number:
            return 200, {"value": list(self.subscriptions.values())}, {}
        body = json.loads(request.body or b"{}")
        if request.method == "POST" and not number:
            return self.subscribe(body)
        row = self.subscriptions.get(number)
        if not row:
            raise Refusal(404, "ResourceNotFound", "The object was not found.")
        if request.method == "PATCH":
            row["expirationDateTime"] = self.lifetime(body["expirationDateTime"])
            return 200, {name: row[name] for name in row if name != "clientState"}, {}
        del self.subscriptions[number]
        return 204, None, {}

    def subscribe(self, body):
        self.lifetime(body["expirationDateTime"])
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            self.handshake(body[name])
        if any(row["resource"] == RESOURCE and row["changeType"] == "created" for row in self.subscriptions.values()):
            raise Refusal(409, "ExtensionError", "Subscription already exists for the requested combination")
        row = {"id": f"7f105c7d-2dc5-4530-97cd-{secrets.token_hex(6)}", "applicationId": CLIENT, **body}
        self.subscriptions[row["id"]] = row
        if self.lost:
            self.lost -= 1
            raise Refusal(504, "GatewayTimeout")
        return 201, row, {}

    def post(self, url, data, kind):
        context = ssl.create_default_context(cafile=self.ca_file)
        asked = urllib.request.Request(url, data, {"Content-Type": kind, "User-Agent": "Graph"}, method="POST")
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(asked, timeout=10, context=context) as answer:
                return answer.status, answer.headers, answer.read(), time.monotonic() - begun
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read(), time.monotonic() - begun
        except OSError as failed:
            return 0, {}, str(failed).encode(), time.monotonic() - begun

    def handshake(self, url):
        token = f"Validation: Testing client application reachability for subscription Request-Id: {secrets.token_hex(8)} <b>&+%20ä ü"
        status, headers, body, took = self.post(f"{url}?{urllib.parse.urlencode({'validationToken': token})}", b"", "text/plain; charset=utf-8")
        kind = (headers.get("Content-Type") or "").split(";")[0]
        fine = status == 200 and kind == "text/plain" and body == token.encode() and took < 10
        self.handshakes.append((url, fine, status, kind))
        if not fine:
            raise Refusal(400, "ValidationError", f"Subscription validation request failed. Notification endpoint must respond with 200 OK: {status}.")

    # ---- What it tells ----

    def item(self, row, **more):
        return {"subscriptionId": row["id"], "subscriptionExpirationDateTime": row["expirationDateTime"], "tenantId": "00000000-0000-4000-8000-00000000000f",
                "clientState": row["clientState"], **more}

    def created(self, row, number, **more):
        return self.item(row, changeType="created", resource=f"Users/00000000-0000-4000-8000-0000000000aa/Messages/{number}",
                         resourceData={"@odata.type": "#Microsoft.Graph.Message", "@odata.id": f"Users/x/Messages/{number}", "@odata.etag": 'W/"x"',
                                       "id": number}, **more)

    def tell(self, url, *items):
        """Answers have to come within three seconds, and mean that it was taken."""
        status, _, _, took = self.post(url, json.dumps({"value": list(items)}).encode(), "application/json; charset=utf-8")
        self.told.append((took, status))
        return status

    def subscribed(self):
        self.expired()
        return next(iter(self.subscriptions.values()), None)

    def deliver(self, *mimes, tell=True, again=1):
        """Mails arrive, one after the other; whoever subscribed is told, `again` times."""
        numbers = [self.inbox.add(mime) for mime in mimes]
        row = self.subscribed()
        for number in numbers * again if tell and row else []:
            self.tell(row["notificationUrl"], self.created(row, number))
        return numbers

    def lifecycle(self, event):
        row = self.subscribed()
        if event == "subscriptionRemoved":
            del self.subscriptions[row["id"]]
        return self.tell(row["lifecycleNotificationUrl"], self.item(row, lifecycleEvent=event))
