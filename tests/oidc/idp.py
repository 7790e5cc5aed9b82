"""An identity provider on loopback that keeps to OpenID Connect unless it is told to lie: what the token says, who signs it, with
what, and what is answered instead of it.

    with Idp() as idp:
        idp.consent(url)              what a browser brings back: the parameters of the redirect
        idp.twist = {...}             how the next ID token differs from an honest one
"""
import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oauth"))
from provider import SECRET, Provider, openssl  # noqa: E402

CLIENT = "kartei-sso"
EMAIL = "user@one.example"
GONE = object()  # a claim that is left out


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).decode().rstrip("=")


class Key:
    """A private key with the numbers of its public half."""

    def __init__(self, kid, kind="RSA"):
        self.kid, self.kind = kid, kind
        more = ["-pkeyopt", "rsa_keygen_bits:2048"] if kind == "RSA" else ["-pkeyopt", "ec_paramgen_curve:P-256"]
        self.pem = openssl("genpkey", "-algorithm", kind, *more)
        public = openssl("pkey", "-pubout", "-outform", "DER", data=self.pem)
        self.jwk = {"kty": kind, "kid": kid, "use": "sig"}
        if kind == "EC":
            self.jwk.update(crv="P-256", x=b64(public[-64:-32]), y=b64(public[-32:]))
        else:
            modulus = openssl("rsa", "-noout", "-modulus", data=self.pem).decode().strip().split("=")[1]
            self.jwk.update(n=b64(bytes.fromhex(modulus)), e="AQAB")

    def sign(self, alg, text):
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"] if alg == "PS256" else []
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.pem)
            file.flush()
            made = openssl("dgst", "-sha256", "-sign", file.name, *options, data=text)
        return raw(made) if self.kind == "EC" else made


def raw(der):
    """DER of R and S as 32 bytes each."""
    at, parts = 2, []
    for _ in range(2):
        size = der[at + 1]
        parts.append(der[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0"))
        at += 2 + size
    return b"".join(parts)


class Idp(Provider):
    made = {}

    def __init__(self):
        super().__init__()
        for kid, kind in (("rsa-1", "RSA"), ("rsa-2", "RSA"), ("ec-1", "EC"), ("stranger", "RSA")):
            Idp.made.setdefault(kid, Key(kid, kind))
        self.keys, self.signer, self.alg = ["rsa-1", "ec-1"], "rsa-1", "RS256"
        self.says_issuer, self.email, self.sub, self.userinfo = False, EMAIL, "subject-1", None
        self.twist, self.header, self.shape, self.reply, self.describe = {}, {}, None, None, {}

    def honest(self):
        self.__dict__.update(keys=["rsa-1", "ec-1"], signer="rsa-1", alg="RS256", says_issuer=False, email=EMAIL, sub="subject-1", mode=None,
                             userinfo=None, twist={}, header={}, shape=None, reply=None, describe={})

    def answer(self, handler, path, query, form):
        self.counts[path] += 1
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.base, "authorization_endpoint": f"{self.base}/authorize", "token_endpoint": f"{self.base}/token",
                         "jwks_uri": f"{self.base}/keys", "userinfo_endpoint": f"{self.base}/userinfo", "response_types_supported": ["code"],
                         "id_token_signing_alg_values_supported": ["RS256", "ES256"], "code_challenge_methods_supported": ["S256"],
                         "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                         "authorization_response_iss_parameter_supported": self.says_issuer, **self.describe}, {}
        if path == "/keys":
            return 200, {"keys": [Idp.made[kid].jwk for kid in self.keys]}, {}
        if path == "/userinfo":
            return 200, self.userinfo, {}
        return super().answer(handler, path, query, form)

    def consent(self, url):
        """The person says yes."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        code = self.fresh("code")
        self.codes[code] = {**asked, "sub": self.sub, "email": self.email}
        return {"code": code, "state": asked["state"], **({"iss": self.base} if self.says_issuer else {})}

    def grant(self, handler, form):
        basic = handler.headers.get("Authorization", "")
        who = base64.b64decode(basic.removeprefix("Basic ")).decode() if basic else ""
        if urllib.parse.unquote(who) != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}, {}
        asked = self.codes.pop(form.get("code"), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if form.get("grant_type") != "authorization_code" or not asked or asked["client_id"] != CLIENT or asked["redirect_uri"] != form.get("redirect_uri") \
                or asked.get("code_challenge_method") != "S256" or b64(verifier) != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}, {}
        access = self.fresh("access")
        good = {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": self.id_token(asked, access)}
        return self.reply(good) if self.reply else (200, good, {})

    def claims(self, asked, access):
        now = int(time.time())
        claims = {"iss": self.base, "sub": asked["sub"], "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked.get("nonce"),
                  "email": asked["email"], "email_verified": True, "name": "Test Person", "at_hash": b64(hashlib.sha256(access.encode()).digest()[:16])}
        for name, value in self.twist.items():
            value = value(claims) if callable(value) else value
            claims.pop(name, None)
            if value is not GONE:
                claims[name] = value
        return claims

    def id_token(self, asked, access):
        claims = self.claims(asked, access)
        header = {"alg": self.alg, "typ": "JWT", "kid": self.signer, **self.header}
        header = {name: value for name, value in header.items() if value is not GONE}
        body = claims if self.shape is None else self.shape(claims)
        text = f"{b64(header)}.{b64(body)}".encode()
        return f"{text.decode()}.{b64(self.signature(text))}"

    def signature(self, text):
        if self.alg in ("RS256", "PS256", "ES256", "RS384"):
            return Idp.made[self.signer].sign(self.alg, text)
        if self.alg == "HS256-public":
            return hmac.new(openssl("pkey", "-pubout", data=Idp.made["rsa-1"].pem), text, "sha256").digest()
        if self.alg == "HS256":
            return hmac.new(SECRET.encode(), text, "sha256").digest()
        return b""
