"""A provider and its CRM on loopback, stricter than vendors are: codes work once and only for who asked with the right
verifier and redirect address, refresh tokens rotate, reuse of an old one ends the whole grant. It keeps what it was sent.

    with Provider() as provider:
        provider.settings()                 the connection's form
        provider.consent(url)               what a browser brings back: the parameters of the redirect
"""
import base64
import collections
import hashlib
import http.server
import json
import secrets
import subprocess
import tempfile
import threading
import time
import urllib.parse

CLIENT, SECRET = "kartei-app", "canary-client-secret-4711"
SUBJECT = "technik@muster.example"


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *[str(one) for one in arguments]], input=data, check=True, capture_output=True).stdout


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        provider = self.server.provider
        with provider.lock:
            provider.seen.append((self.command, self.path, dict(self.headers), body))
        path, _, query = self.path.partition("?")
        answer = provider.answer(self, path, dict(urllib.parse.parse_qsl(query)), dict(urllib.parse.parse_qsl(body.decode("latin-1"))))
        if answer is None:  # lost
            self.close_connection = True
            return
        status, value, headers = answer
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            pass  # it had enough

    do_GET = do_POST = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """Clients that had enough are no news."""


class Provider:
    def __init__(self, life=3600):
        self.life, self.lock = life, threading.RLock()
        self.seen, self.codes, self.access, self.refresh = [], {}, {}, {}
        self.mode, self.scope, self.extra = None, None, {}
        self.counts, self.canaries, self.revoked = collections.Counter(), set(), []
        self.delay = 0
        self.key = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048").decode()
        self.canaries.update(self.key.splitlines()[3:5])  # of the private key
        self.assertions = set()

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.provider = self
        self.port = self.server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def settings(self, **more):
        return {"url": f"{self.base}/crm", "authorize": f"{self.base}/authorize", "token": f"{self.base}/token",
                "revoke": f"{self.base}/revoke", "client_id": CLIENT, **more}

    def fresh(self, kind):
        token = f"canary-{kind}-{secrets.token_urlsafe(24)}"
        self.canaries.add(token)
        return token

    def consent(self, url):
        """The person says yes: the redirect's address and its parameters."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        code = self.fresh("code")
        self.codes[code] = {"client": asked["client_id"], "redirect": asked["redirect_uri"], "challenge": asked.get("code_challenge"),
                            "method": asked.get("code_challenge_method"), "scope": asked.get("scope", "")}
        return asked["redirect_uri"], {"code": code, "state": asked["state"]}

    @staticmethod
    def refuse(url, error, description):
        """It says no: RFC 6749 section 4.1.2.1 names the characters that may stand there."""
        assert all(c in "\t\n\r" or " " <= c <= "~" and c not in '"\\' for c in error + description), description
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        return {"error": error, "error_description": description, "state": asked["state"]}

    # What it answers

    def answer(self, handler, path, query, form):
        if path == "/crm/me":
            self.counts["crm"] += 1
            token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
            good = token == "private-app" or self.access.get(token, 0) > time.time()
            return (200, {"me": 1}, {}) if good else (401, {"error": "token"}, {})
        if path == "/revoke":
            self.counts["revoke"] += 1
            self.revoked.append(form.get("token"))
            return (503, {}, {}) if self.mode == "revoke-503" else (200, {}, {})
        if path == "/token":
            return self.token(handler, form)
        return 404, {"error": "not_found"}, {}

    def fault(self):
        """What happens to the next answers of the token endpoint; a name with "always-" stays."""
        mode = self.mode
        if mode and not mode.startswith("always-"):
            self.mode = None
        return (mode or "").removeprefix("always-")

    def token(self, handler, form):
        with self.lock:
            self.counts["token"] += 1
            self.counts[form.get("grant_type")] += 1
            mode = self.fault() if not (self.mode or "").startswith("revoke") else ""
        time.sleep(self.delay)
        early = {"503": (503, b"busy", {"Retry-After": "2"}), "500": (500, b"{}", {}), "429": (429, {"error": "slow_down"}, {"Retry-After": "3"}),
                 "html": (502, b"<h1>Bad gateway</h1>", {"Content-Type": "text/html"}), "html200": (200, b"<html>Sign in</html>", {"Content-Type": "text/html"}),
                 "html400": (400, b"<html>invalid_grant</html>", {"Content-Type": "text/html"}), "empty": (200, b"", {}),
                 "huge": (200, b'{"access_token":"' + b"x" * 2_000_000 + b'"}', {}), "redirect": (302, b"", {"Location": "http://127.0.0.1:9/"}),
                 "array": (200, b"[]", {}), "crlf": (200, {"access_token": "a\r\nX-Evil: 1", "token_type": "Bearer"}, {}),
                 "mac": (200, {"access_token": "canary-mac", "token_type": "mac", "expires_in": 60}, {}),
                 "no-token": (200, {"token_type": "Bearer"}, {}), "list": (200, {"access_token": ["a"], "token_type": "Bearer"}, {}),
                 "negative": (200, {"access_token": "canary-neg", "token_type": "Bearer", "expires_in": -5}, {}),
                 "invalid_grant": (400, {"error": "invalid_grant", "error_description": "<script>alert(1)</script>"}, {}),
                 "ip": (400, {"error": "invalid_grant", "error_description": "ip restricted or invalid login hours for canary-user@muster.example"}, {}),
                 "domain": (400, {"error": "invalid_grant", "error_description": "request not supported on this domain"}, {}),
                 "status_redirect": (400, {"status": "MISMATCH_REDIRECT_URI_AUTH_CODE", "message": "canary redirect"}, {}),
                 "status_secret": (400, {"status": "BAD_CLIENT_SECRET", "message": "wrong secret"}, {}),
                 "message_redirect": (400, {"success": False, "error": "invalid_request", "message": "Invalid request: redirect_uri is invalid"}, {}),
                 "200-error": (200, {"error": "invalid_grant"}, {}), "invalid_request": (400, {"error": "invalid_request"}, {})}
        if mode in early:
            return early[mode]
        with self.lock:
            if mode == "timeout":
                time.sleep(12)
            answer = self.grant(handler, form)
        return None if mode == "lost" else answer

    def grant(self, handler, form):
        basic = handler.headers.get("Authorization", "")
        who = base64.b64decode(basic.removeprefix("Basic ")).decode() if basic else f"{form.get('client_id')}:{form.get('client_secret')}"
        if urllib.parse.unquote(who) != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}, {}
        kind = form.get("grant_type")
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self.give("", None) if self.asserted(form.get("assertion", "")) else (400, {"error": "invalid_grant"}, {})
        if kind == "client_credentials":
            return self.give(form.get("scope", ""), None)
        if kind == "refresh_token":
            family = self.refresh.get(form.get("refresh_token"))
            if not family or family["over"]:
                return 400, {"error": "invalid_grant"}, {}
            if family["now"] != form["refresh_token"]:  # somebody has an old one
                family["over"] = True
                return 400, {"error": "invalid_grant"}, {}
            return self.give(family["scope"], family)
        code = self.codes.pop(form.get("code"), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if kind != "authorization_code" or not code or code["client"] != CLIENT or code["redirect"] != form.get("redirect_uri") or code["method"] != "S256" \
                or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != code["challenge"]:
            return 400, {"error": "invalid_grant"}, {}
        return self.give(code["scope"], {"over": False, "scope": code["scope"]})

    def asserted(self, assertion):
        """RFC 7523 section 3: for us, by the app, for its user, short, once, and signed with its key."""
        head, body, signature = assertion.split(".")
        claims = json.loads(unpadded(body))
        good = json.loads(unpadded(head)) == {"alg": "RS256", "typ": "JWT"} and set(claims) == {"iss", "sub", "aud", "jti", "exp"}
        good = good and (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, SUBJECT, f"{self.base}/token")
        good = good and 0 < claims["exp"] - time.time() <= 180 and claims["jti"] not in self.assertions
        self.assertions.add(claims["jti"])
        with tempfile.TemporaryDirectory() as folder:
            (public, sealed) = (f"{folder}/public.pem", f"{folder}/signature")
            with open(public, "wb") as file:
                file.write(openssl("pkey", "-pubout", data=self.key.encode()))
            with open(sealed, "wb") as file:
                file.write(unpadded(signature))
            verdict = subprocess.run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", sealed], capture_output=True,
                                     input=f"{head}.{body}".encode())
        return good and verdict.returncode == 0

    def give(self, scope, family):
        token = {"access_token": self.fresh("access"), "token_type": "Bearer", "expires_in": self.life, "scope": self.scope or scope, **self.extra}
        self.access[token["access_token"]] = time.time() + self.life
        if family is not None:
            family["now"] = token["refresh_token"] = self.fresh("refresh")
            self.refresh[family["now"]] = family
        return 200, token, {}
