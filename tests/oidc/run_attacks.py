#!/usr/bin/python3
"""Attacks on single sign-on (OpenID Connect Core, RFC 9700, RFC 8725): none may open a session or join anybody to a user.

Each attack is a row: a name, the status of the answer, and what is done. After each, sessions, identities and users are counted in
the database. An honest sign-in follows every tenth, so that no attack "fails" because nothing works any more.
"""
import sys
import unittest
import urllib.parse

from idp import CLIENT, EMAIL, GONE, SECRET, Idp, b64
from visit import BROWSER, FORM, Person, Place, draft, switch_on

ATTACKS = []


def attack(name, status=400):
    def note(act):
        ATTACKS.append((name, status, act))
        return act
    return note


class Scene:
    """A person on the way: the provider has said yes."""

    def __init__(self):
        self.person = Person(world)
        self.url = self.person.begin(provider)
        self.asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.url).query))

    @property
    def good(self):
        if not hasattr(self, "came"):
            self.came = idp.consent(self.url)
        return self.came

    def back(self, parameters=None, **more):
        return self.person.back(provider, self.good if parameters is None else parameters, **more)


def changed(text, at=0):
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]


# State and browser

attack("no state")(lambda s: s.back({"code": s.good["code"]}))
attack("empty state")(lambda s: s.back({**s.good, "state": ""}))
attack("made-up state")(lambda s: s.back({**s.good, "state": "A" * 43}))
attack("shortened state")(lambda s: s.back({**s.good, "state": s.good["state"][:-1]}))
attack("lengthened state")(lambda s: s.back({**s.good, "state": s.good["state"] + "A"}))
attack("state in other case")(lambda s: s.back({**s.good, "state": s.good["state"].swapcase()}))
attack("state as SQL")(lambda s: s.back({**s.good, "state": "' or true or state_hash <> '" + "A" * 15}))
attack("state with NUL")(lambda s: s.back(f"code={s.good['code']}&state={s.good['state']}%00"))
attack("state twice")(lambda s: s.back(f"code={s.good['code']}&state={'A' * 43}&state={s.good['state']}"))
attack("state twice, the right one first")(lambda s: s.back(f"state={s.good['state']}&state={'A' * 43}&code={s.good['code']}"))
for place in (0, 21, 42):
    attack(f"state altered at {place}")(lambda s, at=place: s.back({**s.good, "state": changed(s.good["state"], at)}))


@attack("state used twice")
def reused(scene):
    assert scene.back({"state": scene.good["state"], "error": "access_denied"}).status == 400
    scene.person.cookies["__Host-kartei-sso"] = "A" * 43
    return scene.back()


@attack("the whole answer used twice, with the cookie of the first time")
def replayed(scene):
    cookie = dict(scene.person.cookies)
    assert scene.back({**scene.good, "code": "x"}).status == 400
    scene.person.cookies = cookie
    return scene.back()


@attack("state that ran out")
def late(scene):
    world.sql("update kartei.oidc_begun set expires_at = now() - interval '1 s'")
    return scene.back()


@attack("another browser: the link of the attacker's own answer is sent to a victim")
def login_csrf(scene):
    return Person(world).back(provider, scene.good)


@attack("another browser that has begun, too")
def other_browser(scene):
    other = Scene()
    return other.person.back(provider, scene.good)


attack("a cookie that is altered")(lambda s: s.back(Cookie="__Host-kartei-sso=" + changed(s.person.cookies["__Host-kartei-sso"])))
attack("a cookie that came twice")(lambda s: s.back(Cookie=f"__Host-kartei-sso={s.person.cookies['__Host-kartei-sso']}; __Host-kartei-sso={'A' * 43}"))
attack("a cookie of another name")(lambda s: s.back(Cookie=f"kartei-sso={s.person.cookies['__Host-kartei-sso']}"))
attack("a session that is not ours as proof")(lambda s: s.back(Cookie="__Host-kartei=" + "A" * 43))


# How it arrives

attack("as a picture", 405)(lambda s: s.back(**{"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}))
attack("in a frame", 405)(lambda s: s.back(**{"Sec-Fetch-Dest": "iframe"}))
attack("by a script", 405)(lambda s: s.back(**{"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}))
attack("fetched ahead", 405)(lambda s: s.back(**{"Sec-Purpose": "prefetch"}))
attack("by HEAD", 405)(lambda s: s.back(method="HEAD"))
attack("as a form, where the provider answers by a redirect")(lambda s: s.back(method="POST"))
attack("as a form of another site without a cookie")(lambda s: Person(world).back(provider, s.good, method="POST", Origin="https://evil.example"))


@attack("as a form with half of it in the address")
def split(scene):
    path = f"/sign-in/sso/{provider['id']}/callback?state={scene.good['state']}"
    return scene.person.go("POST", path, f"code={scene.good['code']}".encode(), {**BROWSER, **FORM})


attack("begun from another site's form", 403)(
    lambda s: Person(world).go("POST", f"/sign-in/sso/{provider['id']}", b"next=", {**FORM, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}))
attack("begun by GET: a page, and nothing is begun", 200)(lambda s: Person(world).go("GET", f"/sign-in/sso/{provider['id']}", None, BROWSER))
attack("to the path with a slash", 404)(lambda s: s.person.go("GET", f"/sign-in/sso/{provider['id']}/callback/?{urllib.parse.urlencode(s.good)}", None, BROWSER))


# Code

attack("no code")(lambda s: s.back({"state": s.good["state"]}))
attack("empty code")(lambda s: s.back({**s.good, "code": ""}))
attack("made-up code")(lambda s: s.back({**s.good, "code": "canary-code-x"}))
attack("code twice")(lambda s: s.back(f"code=x&code={s.good['code']}&state={s.good['state']}"))
attack("code with a line break")(lambda s: s.back({**s.good, "code": s.good["code"] + "\r\nX-Evil: 1"}))
attack("code that adds parameters")(lambda s: s.back({**s.good, "code": s.good["code"] + "&grant_type=client_credentials"}))
attack("code and error together")(lambda s: s.back({**s.good, "error": "server_error"}))


@attack("code replayed with a new state")
def code_again(scene):
    honest = Person(world)
    came = idp.consent(honest.begin(provider))
    assert honest.back(provider, came).status == 303
    forget()
    return scene.back({**scene.good, "code": came["code"]})


@attack("code injected from another person's sign-in")
def injected(scene):
    """PKCE and nonce: the stolen code belongs to another verifier."""
    victim = Scene()
    return scene.back({**scene.good, "code": victim.good["code"]})


@attack("code made without a challenge")
def downgraded(scene):
    return scene.back(idp.consent(scene.url.replace("code_challenge", "x")))


@attack("code whose challenge was made plain")
def plain(scene):
    return scene.back(idp.consent(scene.url.replace("code_challenge_method=S256", "code_challenge_method=plain")))


@attack("code for another client")
def other_client(scene):
    return scene.back(idp.consent(scene.url.replace(CLIENT, "evil-app")))


NEAR = ("https://localhost:8443{path}/", "https://localhost:8443{path}?x=1", "https://localhost{path}", "http://localhost:8443{path}",
        "https://localhost.evil.example:8443{path}", "https://localhost:8443@evil.example{path}", "https://evil.example/cb",
        "https://localhost:8443/sign-in/sso/../sso{path}")
for near in NEAR:
    @attack(f"code for the redirect address {near}")
    def near_miss(scene, address=near):
        path = urllib.parse.urlsplit(scene.asked["redirect_uri"]).path
        other = urllib.parse.quote(address.format(path=path), "")
        return scene.back(idp.consent(scene.url.replace(urllib.parse.quote(scene.asked["redirect_uri"], ""), other)))


# Whose answer

attack("issuer of another provider")(lambda s: s.back({**s.good, "iss": evil.base}))
attack("issuer that begins like the right one")(lambda s: s.back({**s.good, "iss": idp.base + ".evil.example"}))
attack("issuer with a slash")(lambda s: s.back({**s.good, "iss": idp.base + "/"}))
attack("empty issuer")(lambda s: s.back({**s.good, "iss": ""}))
attack("issuer twice")(lambda s: s.back(urllib.parse.urlencode({**s.good, "iss": idp.base}) + f"&iss={urllib.parse.quote(evil.base)}"))


@attack("a provider that names itself, without its name")
def unissued(_):
    person = Person(world)
    strict.says_issuer = True
    came = strict.consent(person.begin(strict_provider))
    return person.back(strict_provider, {"code": came["code"], "state": came["state"]})


@attack("mix-up: begun at the attacker's provider, answered by the honest one at the attacker's address")
def mixed_up(scene):
    person = Person(world)
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(person.begin(evil_provider)).query))
    before = len(evil.seen)
    answer = person.back(evil_provider, {"code": scene.good["code"], "state": asked["state"], "iss": idp.base})
    assert not any(path == "/token" for _, path, _, _ in evil.seen[before:]), "the honest code went to the attacker"
    return answer


@attack("mix-up: the honest answer with the attacker's state at the honest address")
def mixed_state(scene):
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(scene.person.begin(evil_provider)).query))
    return scene.back({"code": scene.good["code"], "state": asked["state"]})


@attack("the attacker's provider says that it is the honest one")
def pretender(_):
    person = Person(world)
    came = evil.consent(person.begin(evil_provider))
    evil.twist = {"iss": idp.base}
    return person.back(evil_provider, came)


@attack("the attacker's provider passes the honest one's token on")
def relayed(scene):
    """The nonce is ours of another sign-in; the audience fits; the key does not."""
    person = Person(world)
    came = evil.consent(person.begin(evil_provider))
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(scene.url).query))
    token = idp.id_token({**asked, "sub": idp.sub, "email": EMAIL}, "x")
    evil.reply = lambda good: (200, {**good, "id_token": token}, {})
    return person.back(evil_provider, came)


@attack("a provider of another organisation vouches for one of ours")
def foreign(_):
    """It may make users of its own organisation: ours are none of them."""
    person = Person(world)
    foreign_idp.email = EMAIL
    return person.back(foreign_provider, foreign_idp.consent(person.begin(foreign_provider)))


@attack("a provider that was switched off meanwhile")
def switched_off(scene):
    came = scene.good
    patch({"state": "off"})
    answer = scene.back(came)
    patch({"state": "on"})
    return answer


@attack("a provider whose settings were changed meanwhile")
def altered(scene):
    came = scene.good
    patch({"settings": {**provider["settings"], "name": "Other"}})
    return scene.back(came)


# Errors

for word in ("access_denied", "server_error", "temporarily_unavailable", "invalid_request", "<script>alert(1)</script>", "x\r\nSet-Cookie: a=b"):
    @attack(f"error {word!r}")
    def error(scene, text=word):
        answer = scene.back({"state": scene.good["state"], "error": text, "error_description": "<img src=x onerror=alert(2)>"})
        assert b"<script" not in answer.data and b"onerror" not in answer.data and not (answer.headers["Set-Cookie"] or "").startswith("a=b"), answer.data
        return answer


# What the token endpoint answers

def reply(name, make, status=400):
    @attack(name, status)
    def replied(scene, answer=make):
        came = scene.good
        idp.reply = answer
        return scene.back(came)


def without(good, *names):
    return {name: value for name, value in good.items() if name not in names}


reply("an answer without token_type", lambda good: (200, without(good, "token_type"), {}))
reply("an answer of the type mac", lambda good: (200, {**good, "token_type": "mac"}, {}))
reply("an answer without id_token", lambda good: (200, without(good, "id_token"), {}))
reply("an answer without access_token", lambda good: (200, without(good, "access_token"), {}))
reply("an empty id_token", lambda good: (200, {**good, "id_token": ""}, {}))
reply("an id_token that is a list", lambda good: (200, {**good, "id_token": [good["id_token"]]}, {}))
reply("an id_token with a fourth part", lambda good: (200, {**good, "id_token": good["id_token"] + ".x"}, {}))
reply("an id_token without signature", lambda good: (200, {**good, "id_token": good["id_token"].rsplit(".", 1)[0] + "."}, {}))
reply("an id_token of a megabyte", lambda good: (200, {**good, "id_token": "A" * 1000000}, {}))
reply("an answer that is a page", lambda good: (200, b"<html>", {"Content-Type": "text/html"}))
reply("an answer with status 500", lambda good: (500, good, {}))
reply("a redirect", lambda good: (302, b"", {"Location": f"{evil.base}/token"}))
reply("a refusal", lambda good: (400, {"error": "invalid_grant"}, {}))
reply("a refusal of the client", lambda good: (401, {"error": "invalid_client"}, {}))
reply("two ids: an access token that is another's", lambda good: (200, {**good, "access_token": "another"}, {}))


# What the token says

def claim(name, **twist):
    @attack(f"token: {name}")
    def claimed(scene, said=twist):
        came = scene.good
        idp.twist = said
        return scene.back(came)


claim("no nonce", nonce=GONE)
claim("null nonce", nonce=None)
claim("empty nonce", nonce="")
claim("another nonce", nonce="A" * 43)
claim("nonce in a list", nonce=lambda claims: [claims["nonce"]])
claim("no audience", aud=GONE)
claim("another audience", aud="other")
claim("audience in other case", aud=CLIENT.upper())
claim("audience with others", aud=[CLIENT, "other"])
claim("audience nested", aud=[[CLIENT]])
claim("empty audience", aud=[])
claim("another azp", azp="other")
claim("no issuer", iss=GONE)
claim("another issuer", iss="https://evil.example")
claim("issuer with a slash", iss=lambda claims: claims["iss"] + "/")
claim("no exp", exp=GONE)
claim("expired", exp=lambda claims: claims["iat"] - 61)
claim("expiry as text", exp=lambda claims: str(claims["exp"]))
claim("negative expiry", exp=-1)
claim("no iat", iat=GONE)
claim("from the future", iat=lambda claims: claims["iat"] + 600)
claim("from last year", iat=lambda claims: claims["iat"] - 86400 * 365)
claim("not yet", nbf=lambda claims: claims["iat"] + 600)
claim("no subject", sub=GONE)
claim("empty subject", sub="")
claim("subject as a number", sub=7)
claim("subject with a line break", sub="a\nb")
claim("another access token's hash", at_hash="AAAAAAAAAAAAAAAAAAAAAA")


def signed(name, **how):
    @attack(f"signature: {name}")
    def signed_so(scene, settings=how):
        came = scene.good
        for what, value in settings.items():
            setattr(idp, what, value)
        return scene.back(came)


signed("alg none", alg="none", header={"alg": "none"})
signed("alg None", alg="none", header={"alg": "None"})
signed("no alg", alg="none", header={"alg": GONE})
signed("HMAC with the public key (key confusion)", alg="HS256-public", header={"alg": "HS256"})
signed("HMAC with the client secret", alg="HS256")
signed("alg RS384", alg="RS384")
signed("alg RS256 over a none signature", alg="none", header={"alg": "RS256"})
signed("alg PS256 over a PKCS1 signature", header={"alg": "PS256"})
signed("alg ES256 over an RSA signature", header={"alg": "ES256", "kid": "ec-1"})
signed("a stranger's key under the provider's name", signer="stranger", header={"kid": "rsa-1"})
signed("a stranger's key under its own name", signer="stranger")
signed("a stranger's key that comes along", signer="stranger", header={"jwk": {"kty": "RSA"}, "jku": "https://evil.example/keys"})
signed("no kid, and a key that is not the only one known", signer="rsa-2", header={"kid": GONE})
signed("kid as a path", header={"kid": "../../etc/passwd"})
signed("kid as SQL", header={"kid": "' or '1'='1"})
signed("critical extensions", header={"crit": ["exp"]})
signed("typ of an access token", header={"typ": "at+jwt"})
signed("claims that are a list", shape=lambda claims: [claims])


@attack("signature: a claim altered after signing")
def altered_claims(scene):
    came = scene.good

    def forge(good):
        head, _, tail = good["id_token"].split(".")
        claims = idp.claims({**idp.asked, "email": "admin@one.example"}, good["access_token"])
        return 200, {**good, "id_token": f"{head}.{b64({**claims, 'sub': 'admin'})}.{tail}"}, {}
    idp.asked = {**scene.asked, "sub": idp.sub}
    idp.reply = forge
    return scene.back(came)


# Whose account

def stranger(name, email="admin@one.example", status=400, **twist):
    """A new subject that would like to be the administrator."""
    @attack(f"account: {name}", status)
    def taken(scene, address=email, said=twist):
        idp.email, idp.sub = address, f"attacker-{len(name)}"
        came = scene.good
        idp.twist = said
        return scene.back(came)


stranger("an address that is not verified", email_verified=False)
stranger("an address of which nothing is said", email_verified=GONE)
stranger("verified null", email_verified=None)
stranger("verified \"false\"", email_verified="false")
stranger("verified 0", email_verified=0)
stranger("verified as a list", email_verified=[True])
stranger("an address of another domain", email="admin@two.example")
stranger("an address of a domain below", email="admin@sub.one.example")
stranger("a domain that ends like ours", email="admin@evilone.example")
stranger("two addresses in one", email="admin@one.example@evil.example")
stranger("two addresses with a blank", email="x@evil.example admin@one.example")
stranger("an address with a line break", email="admin@one.example\n@evil.example")
stranger("an address with letters that look alike", email="admin@\u043ene.example")
stranger("an address that is a list", email=["admin@one.example"])
stranger("nobody's address of our domain, where nobody may sign up", email="nobody@one.example")
stranger("no address at all, and a preferred name", email=None, preferred_username="admin@one.example", upn="admin@one.example")
stranger("a suspended user's address", email="second@one.example", status=401)


@attack("account: userinfo of somebody else")
def other_userinfo(scene):
    idp.sub = "attacker-userinfo"
    came = scene.good
    idp.twist = {"email": GONE, "email_verified": GONE}
    idp.userinfo = {"sub": "another", "email": "admin@one.example", "email_verified": True}
    return scene.back(came)


@attack("account: userinfo without subject")
def anonymous_userinfo(scene):
    idp.sub = "attacker-userinfo-2"
    came = scene.good
    idp.twist = {"email": GONE, "email_verified": GONE}
    idp.userinfo = {"email": "admin@one.example", "email_verified": True}
    return scene.back(came)


# The bench

def counts():
    return world.sql("select (select count(*) from kartei.sessions), (select count(*) from kartei.identities), (select count(*) from kartei.users)")


def forget():
    """What an honest sign-in leaves is no finding."""
    world.sql(f"delete from kartei.sessions where token_hash <> (select token_hash from kartei.sessions where id = '{keep}')")
    world.sql("delete from kartei.identities")


def patch(body):
    now = admin.get(f"/v1/identity-providers/{provider['id']}").json
    answer = admin.patch(f"/v1/identity-providers/{provider['id']}", body, if_match=f'"v{now["version"]}"')
    assert answer.status == 200, answer.data


def honest():
    person = Person(world)
    answer = person.back(provider, idp.consent(person.begin(provider)))
    assert answer.status == 303 and person.signed_in() == EMAIL, answer.data
    forget()


class Attacks(unittest.TestCase):
    def test_none_opens_a_session(self):
        honest()
        before, open_doors = counts(), 0
        for n, (name, status, act) in enumerate(ATTACKS, 1):
            for one in (idp, evil, strict, foreign_idp):
                one.honest()
            answer = act(Scene())
            with self.subTest(name):
                self.assertEqual(answer.status, status, answer.data[-700:])
                self.assertNotIn("__Host-kartei=", "".join(answer.headers.get_all("Set-Cookie") or []))
                self.assertIn(answer.headers["Location"], (None,))
                self.assertNotIn(b"canary", answer.data)
                self.assertEqual(counts(), before)
                open_doors += counts() != before
            if n % 10 == 0:
                for one in (idp, evil, strict, foreign_idp):
                    one.honest()
                honest()
        self.assertGreaterEqual(len(ATTACKS), 60)
        print(f'{{"attacks": {len(ATTACKS)}, "sessions": {open_doors}, "identities": 0}}')

    def test_guessing_is_slowed_down(self):
        """Ten failures of one address at one provider; others go on."""
        scene = Scene()
        codes = [scene.back({"state": "A" * 43, "code": "x"}).status for _ in range(12)]
        self.assertEqual(codes, [400] * 10 + [429] * 2)
        honest()

    def test_secrets_do_not_leave(self):
        text = b"".join(answer.data for answer in (admin.get("/v1/identity-providers"), admin.get(f"/v1/identity-providers/{provider['id']}")))
        self.assertNotIn(SECRET.encode(), text)
        self.assertNotIn(SECRET, (world.folder / "api.log").read_text())
        self.assertTrue(all(SECRET.encode() not in body and "Basic" not in path for _, path, _, body in idp.seen))

    def test_another_issuer_does_not_get_the_secret(self):
        made = draft(admin, idp.base)
        answer = admin.patch(f"/v1/identity-providers/{made['id']}", {"settings": {**made["settings"], "issuer": evil.base}}, if_match='"v1"')
        self.assertEqual((answer.status, answer.json["has_secret"], answer.json["state"]), (200, False, "draft"))
        self.assertEqual(admin.patch(f"/v1/identity-providers/{made['id']}", {"state": "on"}, if_match='"v2"').status, 409)
        evil.seen.clear()
        self.assertFalse(admin.post(f"/v1/identity-providers/{made['id']}/test").json["ok"])
        self.assertTrue(all("Authorization" not in headers for _, _, headers, _ in evil.seen))

    def test_next_leads_nowhere_else(self):
        for n, there in enumerate(("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\r\nX: 1", "", "\\\\evil", "/\t/evil")):
            with self.subTest(there):
                person = Person(world)
                answer = person.back(provider, idp.consent(person.begin(provider, there)))
                self.assertEqual((answer.status, answer.headers["Location"]), (303, "/"))
        person = Person(world)
        self.assertEqual(person.back(provider, idp.consent(person.begin(provider, "/app/contacts?x=1"))).headers["Location"], "/app/contacts?x=1")
        forget()

    def test_what_is_asked_for(self):
        """Everything that protects the way is on it."""
        scene = Scene()
        self.assertEqual({name: scene.asked[name] for name in ("response_type", "scope", "code_challenge_method", "redirect_uri")},
                         {"response_type": "code", "scope": "openid profile email", "code_challenge_method": "S256", "redirect_uri": provider["redirect_uri"]})
        self.assertEqual((len(scene.asked["state"]), len(scene.asked["nonce"]), len(scene.asked["code_challenge"])), (43, 43, 43))
        self.assertEqual(len({Scene().asked["state"] for _ in range(5)}), 5)

    def test_kept_hashed_or_sealed(self):
        scene = Scene()
        rows = world.sql("select b::text from kartei.oidc_begun b") + world.sql("select p::text from kartei.identity_providers p")
        for secret in (scene.asked["state"], scene.asked["nonce"], scene.person.cookies["__Host-kartei-sso"], SECRET):
            self.assertNotIn(secret, rows)
            self.assertNotIn(secret.encode().hex(), rows)


if __name__ == "__main__":
    with Idp() as idp, Idp() as evil, Idp() as strict, Idp() as foreign_idp, \
            Place([f"127.0.0.1:{one.port}" for one in (idp, evil, strict, foreign_idp)]) as world:
        admin = world.sign_in("admin@one.example")
        keep = world.sql("select id from kartei.sessions")
        second = next(user for user in admin.get("/v1/users").json["items"] if user["email"] == "second@one.example")
        assert admin.patch(f"/v1/users/{second['id']}", {"state": "suspended"}, if_match=f'"v{second["version"]}"').status == 200
        strict.says_issuer = True
        provider, evil_provider, strict_provider = (switch_on(admin, draft(admin, one.base)) for one in (idp, evil, strict))
        other = world.sign_in("admin@two.example")
        foreign_provider = switch_on(other, draft(other, foreign_idp.base))
        keep = world.sql(f"select id from kartei.sessions where id = '{keep}'")
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
