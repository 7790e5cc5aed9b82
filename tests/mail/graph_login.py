"""login.microsoftonline.com as far as a mailbox needs it, on loopback and stricter than it is: exactly the three scopes in exactly one
authorisation request, PKCE, codes once, refresh tokens that rotate, administrators who may have to consent first.

    login.consent(url)       what the person's browser brings back: the address, its parameters
    login.admin(url)         the same for the administrator's page
"""
import base64
import hashlib
import secrets
import time
import urllib.parse

CLIENT, SECRET, TENANT = "11111111-2222-4333-8444-555555555555", "canary-secret-graph-4711", "muster.example"
SCOPES = ["Mail.Read", "User.Read", "offline_access"]
AUTHORIZE = {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "response_mode", "prompt"}
ADMIN = {"client_id", "redirect_uri", "scope", "state"}


class Login:
    def __init__(self, base):
        self.base = f"{base}/login"
        self.policy = "user"  # "admin": only administrators may consent; "declined": the person says no
        self.admin_consented = False
        self.grant = None  # scopes of the answer instead of those asked for
        self.refuses = None  # what the token endpoint answers instead: (status, body, headers)
        self.life = 3600
        self.codes, self.tokens, self.refresh = {}, {}, {}
        self.wrong = []  # requests that a strict provider takes offence at
        self.refreshed = 0

    def must(self, true, what):
        if not true:
            self.wrong.append(what)
        return true

    def asked(self, url, page, names):
        parts = urllib.parse.urlsplit(url)
        pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        asked = dict(pairs)
        self.must(len(asked) == len(pairs) and set(asked) == names, f"{page}: parameters {sorted(asked)}")
        self.must(url.startswith(f"{self.base}/{TENANT}/{page}?"), f"{page}: {url}")
        self.must(asked["client_id"] == CLIENT, f"{page}: client")
        return asked

    def consent(self, url):
        asked = self.asked(url, "oauth2/v2.0/authorize", AUTHORIZE)
        self.must(asked["response_type"] == "code" and asked["response_mode"] == "query", "not the code flow by query")
        self.must(asked["scope"].split(" ") == SCOPES, f"scopes: {asked['scope']}")
        self.must(asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43, "no PKCE")
        self.must(len(asked["state"]) >= 43, "state")
        if self.policy == "declined":
            return asked["redirect_uri"], {"error": "access_denied", "state": asked["state"], "error_description":
                                           "AADSTS65004: User declined to consent to access the app.\r\nTrace ID: 00000000-0000-4000-8000-000000000000"}
        if self.policy == "admin" and not self.admin_consented:
            return asked["redirect_uri"], {"error": "consent_required", "state": asked["state"], "error_description":
                                           "AADSTS90094: The grant requires admin permission. Trace ID: 00000000-0000-4000-8000-000000000000"}
        code = f"canary-code-{secrets.token_urlsafe(24)}"
        self.codes[code] = asked
        return asked["redirect_uri"], {"code": code, "state": asked["state"], "session_state": "00000000-0000-4000-8000-000000000001"}

    def admin(self, url, says="yes"):
        asked = self.asked(url, "v2.0/adminconsent", ADMIN)
        self.must(asked["scope"].split(" ") == ["https://graph.microsoft.com/Mail.Read", "https://graph.microsoft.com/User.Read", "offline_access"],
                  f"scopes for the administrator: {asked['scope']}")
        if says != "yes":
            return asked["redirect_uri"], {"error": "access_denied", "error_description": "AADSTS65004: declined", "state": asked["state"]}
        self.admin_consented = True
        return asked["redirect_uri"], {"admin_consent": "True", "tenant": "00000000-0000-4000-8000-00000000000f", "state": asked["state"],
                                       "scope": asked["scope"]}

    def answer(self, method, path, form):
        """The token endpoint: (status, body, headers)."""
        if method != "POST" or path != f"/login/{TENANT}/oauth2/v2.0/token":
            self.must(False, f"{method} {path}")
            return 404, {"error": "not_found"}, {}
        if self.refuses:
            return self.refuses
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}, {}
        if form.get("grant_type") == "authorization_code":
            asked = self.codes.pop(form.get("code"), None)
            proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
            if not asked or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != proof:
                return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: The provided authorization code is invalid."}, {}
        elif form.get("grant_type") == "refresh_token":
            if not self.refresh.pop(form.get("refresh_token"), None):
                return 400, {"error": "invalid_grant", "error_description": "AADSTS70000: The refresh token is invalid."}, {}
            self.refreshed += 1
        else:
            return 400, {"error": "unsupported_grant_type"}, {}
        scopes = SCOPES if self.grant is None else self.grant
        token = f"canary-access-{secrets.token_urlsafe(200)}"
        self.tokens[token] = (time.time() + self.life, {scope.rsplit("/", 1)[-1] for scope in scopes})
        body = {"token_type": "Bearer", "scope": " ".join(scope for scope in scopes if scope != "offline_access"), "expires_in": self.life,
                "ext_expires_in": self.life, "access_token": token}
        if "offline_access" in scopes:
            body["refresh_token"] = f"canary-refresh-{secrets.token_urlsafe(300)}"
            self.refresh[body["refresh_token"]] = True
        return 200, body, {}

    def scopes(self, authorization):
        """What the bearer of the header may do, or None."""
        end, scopes = self.tokens.get((authorization or "").removeprefix("Bearer "), (0, None))
        return scopes if end > time.time() else None

    def end(self):
        """Every access token is taken no longer; refresh tokens are."""
        self.tokens.clear()
