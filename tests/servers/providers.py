"""Real authorisation servers for tests: glewlwyd (Debian) and oidc-provider (npm), each private, on a free loopback port.

Both know a client "kartei-app" that may send people back to `redirect`, and a person who says yes in consent(url).
"""
import base64
import gzip
import http.cookiejar
import json
import pathlib
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from servers import HOST, Server

CLIENT, SECRET = "kartei-app", "canary-client-secret-4711"
PERSON, PASSWORD = "user1", "user1-password"
HERE = pathlib.Path(__file__).resolve().parent


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are the test's to follow."""

    def redirect_request(self, *_):
        return None


class Browser:
    """A person's browser: cookies, one step at a time."""

    def __init__(self):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay, urllib.request.HTTPCookieProcessor(jar))

    def go(self, url, body=None, method=None, headers=None):
        """(status, Location, body)"""
        try:
            answer = self.opener.open(urllib.request.Request(url, data=body, headers=headers or {}, method=method), timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers.get("Location"), answer.read().decode(errors="replace")


class AuthorisationServer(Server):
    introspection, path = "", ""

    def __init__(self, folder, redirect, user=None):
        super().__init__(folder, user)
        self.redirect, self.base = redirect, f"http://{HOST}:{self.port}"
        self.issuer = self.base + self.path

    def arrived(self, url):
        assert url and url.startswith(self.redirect + "?"), url
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))

    def active(self, token):
        """Whether the server itself still takes the token."""
        secret = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        _, _, body = self.request("POST", self.introspection, urllib.parse.urlencode({"token": token}).encode(),
                                  {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(body)["active"]


class OidcProvider(AuthorisationServer):
    program = "node"
    introspection = "/token/introspection"

    @classmethod
    def missing(cls):
        return super().missing() or (None if (HERE / "node_modules/oidc-provider").is_dir() else "tests/servers/node_modules is not installed")

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.user = None  # reads the project's own files
        self.key = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA"], check=True, capture_output=True, text=True).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=self.key, check=True, capture_output=True, text=True).stdout
        self.launch(["node", str(HERE / "oidc.mjs")], {"PORT": str(self.port), "REDIRECT": self.redirect, "NODE_ENV": "production", "PUBLIC_KEY": public})
        self.wait()

    def ready(self):
        try:
            return self.request("GET", "/__count")[0] == 200
        except OSError:
            return False

    def settings(self):
        return {"authorize": f"{self.base}/auth", "token": f"{self.base}/token", "revoke": f"{self.base}/token/revocation", "client_id": CLIENT}

    def fault(self, mode):
        self.request("GET", f"/__fault?mode={mode}")

    def count(self):
        return json.loads(self.request("GET", "/__count")[2])["count"]

    def consent(self, url):
        browser = Browser()
        for _ in range(8):
            if url.startswith(self.redirect):
                return self.arrived(url)
            _, onward, page = browser.go(url)
            if "/interaction/" in url:
                login = 'value="login"' in page
                form = {"prompt": "login", "login": PERSON, "password": "x"} if login else {"prompt": "consent"}
                _, onward, page = browser.go(url, urllib.parse.urlencode(form).encode())
            assert onward, page[:500]
            url = urllib.parse.urljoin(self.base, onward)
        raise AssertionError(url)


class Glewlwyd(AuthorisationServer):
    program = "glewlwyd"
    introspection, path = "/api/oidc/introspect", "/api/oidc"
    schema = pathlib.Path("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz")

    @classmethod
    def missing(cls):
        return super().missing() or (None if cls.schema.exists() else f"{cls.schema} is not there")

    def settings(self):
        oidc = f"{self.base}/api/oidc"
        return {"authorize": f"{oidc}/auth", "token": f"{oidc}/token", "revoke": f"{oidc}/revoke", "client_id": CLIENT}

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.folder / "g.db")
        database.executescript(gzip.decompress(self.schema.read_bytes()).decode())
        database.close()
        for command in (["genrsa", "-out", "rsa.key", "2048"], ["rsa", "-in", "rsa.key", "-pubout", "-out", "rsa.pem"]):
            subprocess.run(["openssl", *command], cwd=self.folder, check=True, capture_output=True)
        words = {"port": self.port, "bind_address": HOST, "external_url": f"{self.base}/", "login_url": "login.html", "api_prefix": "api",
                 "log_mode": "console", "log_level": "INFO", "cookie_secure": 0, "cookie_same_site": "empty", "session_expiration": 2419200,
                 "session_key": "GLEWLWYD2_SESSION_ID", "admin_session_authentication": "cookie", "profile_session_authentication": "cookie",
                 "login_api_enabled": True, "max_post_size": 16778240, "admin_scope": "g_admin", "profile_scope": "g_profile",
                 "user_module_path": "/usr/lib/glewlwyd/user", "client_module_path": "/usr/lib/glewlwyd/client",
                 "user_auth_scheme_module_path": "/usr/lib/glewlwyd/scheme", "plugin_module_path": "/usr/lib/glewlwyd/plugin",
                 "use_secure_connection": False, "secure_connection_key_file": "/etc/glewlwyd/cert.key",
                 "secure_connection_pem_file": "/etc/glewlwyd/cert.pem", "hash_algorithm": "SHA512"}
        (self.folder / "g.conf").write_text("".join(f"{name}={json.dumps(value)}\n" for name, value in words.items())
                                            + f'database = {{ type="sqlite3"; path="{self.folder}/g.db"; }};\n', encoding="utf-8")
        self.own(self.folder)
        self.launch(["glewlwyd", "-c", str(self.folder / "g.conf")])
        self.wait()
        self.furnish()

    def ready(self):
        try:
            return self.request("GET", "/api/mod/type/")[0] in (200, 401, 403)
        except OSError:
            return False

    def say(self, browser, method, path, value):
        status, _, body = browser.go(f"{self.base}/api{path}", json.dumps(value).encode(), method, {"Content-Type": "application/json"})
        if status != 200:
            raise RuntimeError(f"glewlwyd: {method} {path}: {status} {body[:300]}")

    def furnish(self):
        """The administrator of the schema's first day sets up plugin, client and person."""
        admin = Browser()
        self.say(admin, "POST", "/auth/", {"username": "admin", "password": "password"})
        for scope in ("crm.contacts", "offline_access"):
            self.say(admin, "POST", "/scope/", {"name": scope, "display_name": scope, "password_required": True, "password_max_age": 0})
        yes = ("allow-non-oidc", "auth-type-code-enabled", "auth-type-client-enabled", "auth-type-refresh-enabled", "pkce-allowed", "pkce-required",
               "pkce-required-public-client", "introspection-revocation-allowed", "introspection-revocation-allow-target-client",
               "refresh-token-rolling", "code-revoke-replayed", "jwks-show")
        no = ("auth-type-token-enabled", "auth-type-implicit-enabled", "auth-type-password-enabled", "auth-type-none-enabled",
              "pkce-method-plain-allowed", "secure-scopes")
        self.say(admin, "POST", "/mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "OIDC", "enabled": True, "parameters": {
            "iss": f"{self.base}/api/oidc", "jwt-type": "rsa", "jwt-key-size": "256", "key": (self.folder / "rsa.key").read_text(),
            "cert": (self.folder / "rsa.pem").read_text(), "code-duration": 600, "access-token-duration": 60, "refresh-token-duration": 1209600,
            "refresh-token-one-use": "always", "subject-type": "public", "email-claim": "mandatory", "name-claim": "mandatory", **{name: True for name in yes}, **{name: False for name in no}}})
        self.say(admin, "POST", "/client/", {"client_id": CLIENT, "name": CLIENT, "client_secret": SECRET, "confidential": True, "enabled": True,
                                             "authorization_type": ["code", "refresh_token", "client_credentials"], "redirect_uri": [self.redirect],
                                             "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post"],
                                             "scope": ["crm.contacts", "offline_access"]})
        self.say(admin, "POST", "/user/", {"username": PERSON, "name": "Test", "password": PASSWORD, "email": "test@muster.example", "enabled": True,
                                           "scope": ["openid", "crm.contacts", "offline_access"]})

    def consent(self, url):
        person = Browser()
        self.say(person, "POST", "/auth/", {"username": PERSON, "password": PASSWORD})
        self.say(person, "PUT", f"/auth/grant/{CLIENT}", {"scope": "crm.contacts offline_access"})
        _, onward, page = person.go(url.replace("&prompt=consent", "") + "&g_continue=")
        assert onward, page[:500]
        return self.arrived(onward)
