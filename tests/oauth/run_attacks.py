#!/usr/bin/python3
"""Attacks on the way to the consent page and back: none may leave a connection with tokens, nor harm the rightful one.

Each attack is a row: a name and what is done. After each the database is asked for tokens. RFC 9700 and RFC 6819 name most.
"""
import concurrent.futures
import sys
import unittest
import urllib.parse

from provider import CLIENT, Provider
from world import BROWSER, World, add, back, begin

ATTACKS = []


def attack(name, status=400):
    def note(act):
        ATTACKS.append((name, status, act))
        return act
    return note


class Scene:
    """A fresh connection, its consent begun by the administrator."""

    def __init__(self, **settings):
        self.connection = add(admin, provider.settings(**settings))
        self.url = begin(admin, self.connection)
        self.redirect, self.good = provider.consent(self.url)


def changed(text, at, to):
    return text[:at] + to + text[at + 1:]


# State

attack("no state")(lambda s: back(admin, {"code": s.good["code"]}))
attack("empty state")(lambda s: back(admin, {**s.good, "state": ""}))
attack("made-up state")(lambda s: back(admin, {**s.good, "state": "A" * 43}))
attack("shortened state")(lambda s: back(admin, {**s.good, "state": s.good["state"][:-1]}))
attack("lengthened state")(lambda s: back(admin, {**s.good, "state": s.good["state"] + "A"}))
attack("state in other case")(lambda s: back(admin, {**s.good, "state": s.good["state"].swapcase()}))
attack("padded state")(lambda s: back(admin, {**s.good, "state": s.good["state"] + "="}))
attack("state with a blank")(lambda s: back(admin, {**s.good, "state": s.good["state"] + " "}))
attack("state with NUL", 400)(lambda s: back(admin, f"code={s.good['code']}&state={s.good['state']}%00"))
attack("state as SQL")(lambda s: back(admin, {**s.good, "state": "' or true or state_hash <> '" + "A" * 15}))
attack("state twice")(lambda s: back(admin, f"code={s.good['code']}&state={'A' * 43}&state={s.good['state']}"))
attack("state twice, the right one first")(lambda s: back(admin, f"state={s.good['state']}&state={'A' * 43}&code={s.good['code']}"))
attack("state in the fragment's place")(lambda s: back(admin, f"code={s.good['code']}#state={s.good['state']}"))
for place in (0, 7, 14, 21, 28, 35, 42):
    attack(f"state altered at {place}")(lambda s, at=place: back(admin, {**s.good, "state": changed(s.good["state"], at, "A" if s.good["state"][at] != "A" else "B")}))


@attack("state used twice")
def reused(scene):
    assert back(admin, {"state": scene.good["state"], "error": "access_denied"}).status == 400
    return back(admin, scene.good)


@attack("state that ran out")
def late(scene):
    world.sql("update kartei.oauth_begun set expires_at = now() - interval '1 s'")
    return back(admin, scene.good)


@attack("state of an attempt that a newer one replaced")
def older(scene):
    begin(admin, scene.connection)
    return back(admin, scene.good)


@attack("state of a signed-out session", 401)
def signed_out(_):
    short = world.sign_in("admin@one.example")
    connection = add(short, provider.settings())
    _, good = provider.consent(begin(short, connection))
    assert short.request("DELETE", "/v1/session").status == 204
    return back(short, good)


# Whose browser

attack("another session of the same person")(lambda s: back(again, s.good))
attack("an administrator of another organisation")(lambda s: back(stranger, s.good))
attack("a user who is no administrator")(lambda s: back(user, s.good))
attack("nobody signed in", 401)(lambda s: back(world.client(), s.good))
attack("a stale cookie", 401)(lambda s: back(world.client(), s.good, Cookie="__Host-kartei=" + "A" * 43))
attack("two cookies", 401)(lambda s: back(world.client(), s.good, Cookie=f"{admin.cookie}; {stranger.cookie}"))


@attack("a victim that is sent to the attacker's attempt")
def forced(scene):
    """Login CSRF turned round: the victim's account at the CRM must not get into the attacker's organisation, nor vice versa."""
    own = add(stranger, provider.settings())
    _, good = provider.consent(begin(stranger, own))
    return back(admin, good)


# How it arrives

attack("as a picture", 405)(lambda s: back(admin, s.good, **{"sec-fetch-dest": "image", "sec-fetch-mode": "no-cors"}))
attack("in a frame", 405)(lambda s: back(admin, s.good, **{"sec-fetch-dest": "iframe"}))
attack("by a script", 405)(lambda s: back(admin, s.good, **{"sec-fetch-dest": "empty", "sec-fetch-mode": "cors"}))
attack("fetched ahead", 405)(lambda s: back(admin, s.good, **{"sec-purpose": "prefetch"}))
attack("fetched ahead, the old way", 405)(lambda s: back(admin, s.good, purpose="prefetch"))
attack("by HEAD", 405)(lambda s: admin.request("HEAD", "/oauth/callback?" + urllib.parse.urlencode(s.good), headers=BROWSER))
attack("by POST", 405)(lambda s: admin.request("POST", "/oauth/callback", urllib.parse.urlencode(s.good).encode(),
                                               {"Content-Type": "application/x-www-form-urlencoded"}))
attack("to a path below", 404)(lambda s: admin.get("/oauth/callback/x?" + urllib.parse.urlencode(s.good)))
attack("to the path in capitals", 404)(lambda s: admin.get("/oauth/Callback?" + urllib.parse.urlencode(s.good)))
attack("to the path with a slash", 404)(lambda s: admin.get("/oauth/callback/?" + urllib.parse.urlencode(s.good)))


# Code

attack("no code")(lambda s: back(admin, {"state": s.good["state"]}))
attack("empty code")(lambda s: back(admin, {**s.good, "code": ""}))
attack("made-up code")(lambda s: back(admin, {**s.good, "code": "canary-code-x"}))
attack("code twice")(lambda s: back(admin, f"code=x&code={s.good['code']}&state={s.good['state']}"))
attack("code with a line break")(lambda s: back(admin, {**s.good, "code": s.good["code"] + "\r\nX-Evil: 1"}))
attack("code that adds parameters")(lambda s: back(admin, {**s.good, "code": s.good["code"] + "&grant_type=client_credentials"}))
attack("code beyond ASCII")(lambda s: back(admin, {**s.good, "code": s.good["code"] + "\u202e"}))
attack("code of nine kilobytes", 431)(lambda s: back(admin, {**s.good, "code": "A" * 9000}))
attack("code and error together")(lambda s: back(admin, {**s.good, "error": "server_error"}))


@attack("code replayed with a new state")
def replayed(scene):
    other = add(admin, provider.settings())
    assert back(admin, scene.good).status == 200
    drop(scene.connection)
    _, fresh = provider.consent(begin(admin, other))
    return back(admin, {"code": scene.good["code"], "state": fresh["state"]})


@attack("code injected from another person's consent")
def injected(scene):
    """PKCE: the stolen code belongs to another verifier."""
    other = add(stranger, provider.settings())
    _, stolen = provider.consent(begin(stranger, other))
    return back(admin, {"code": stolen["code"], "state": scene.good["state"]})


@attack("code that was made without a challenge")
def downgraded(scene):
    """The attacker takes code_challenge off the way; a careless provider would then ask for no verifier."""
    _, good = provider.consent(scene.url.replace("code_challenge", "x"))
    return back(admin, good)


@attack("code whose challenge was made plain")
def plain(scene):
    _, good = provider.consent(scene.url.replace("code_challenge_method=S256", "code_challenge_method=plain"))
    return back(admin, good)


@attack("code for another client")
def other_client(scene):
    _, good = provider.consent(scene.url.replace(CLIENT, "evil-app"))
    return back(admin, good)


for near in ("https://localhost:8443/oauth/callback/", "https://localhost:8443/oauth/callback?x=1", "https://localhost/oauth/callback",
             "http://localhost:8443/oauth/callback", "https://localhost:8443/oauth/Callback", "https://localhost.evil.example:8443/oauth/callback",
             "https://localhost:8443@evil.example/oauth/callback", "https://localhost:8443/oauth/callback/../evil", "https://evil.example/cb"):
    @attack(f"code for the redirect address {near}")
    def near_miss(scene, address=near):
        _, good = provider.consent(scene.url.replace("https%3A%2F%2Flocalhost%3A8443%2Foauth%2Fcallback", urllib.parse.quote(address, "")))
        return back(admin, good)


# Whose answer

attack("issuer of another provider")(lambda s: back(admin, {**s.good, "iss": evil.base}))
attack("issuer that begins like the right one")(lambda s: back(admin, {**s.good, "iss": provider.base + ".evil.example"}))
attack("issuer as a user name")(lambda s: back(admin, {**s.good, "iss": f"http://127.0.0.1:{provider.port}@evil.example"}))
attack("issuer of another scheme")(lambda s: back(admin, {**s.good, "iss": provider.base.replace("http", "https")}))
attack("empty issuer")(lambda s: back(admin, {**s.good, "iss": ""}))
attack("issuer twice")(lambda s: back(admin, urllib.parse.urlencode({**s.good, "iss": provider.base}) + f"&iss={evil.base}"))


@attack("mix-up: the honest code, the attacker's provider")
def mixed_up(scene):
    """The connection was begun with the attacker's provider, which sends the person to the honest one."""
    trap = add(admin, {**evil.settings(), "url": f"{evil.base}/crm"})
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begin(admin, trap)).query))
    _, good = provider.consent(scene.url)
    return back(admin, {"code": good["code"], "state": asked["state"], "iss": provider.base})


@attack("a strict provider's answer without issuer")
def unissued(scene):
    strict = add(admin, provider.settings(issuer=provider.base), kind="strict_crm")
    return back(admin, provider.consent(begin(admin, strict))[1])


@attack("a strict provider's answer with its issuer and a slash")
def slash(scene):
    strict = add(admin, provider.settings(issuer=provider.base), kind="strict_crm")
    return back(admin, {**provider.consent(begin(admin, strict))[1], "iss": provider.base + "/"})


@attack("connection turned to another provider meanwhile")
def turned(scene):
    answer = admin.patch(f"/v1/connections/{scene.connection['id']}", {"settings": {**provider.settings(), "token": f"{evil.base}/token"},
                         "secret": {"client_secret": "x"}}, if_match=f'"v{scene.connection["version"]}"')
    assert answer.status == 200, answer.data
    return back(admin, scene.good)


@attack("connection removed meanwhile")
def removed(scene):
    assert admin.delete(f"/v1/connections/{scene.connection['id']}", if_match=f'"v{scene.connection["version"]}"').status == 204
    return back(admin, scene.good)


# Errors and what they say

for words in ("access_denied", "server_error", "invalid_scope", "<script>alert(1)</script>", "x" * 3000, "\u202eevil"):
    @attack(f"error {words[:12]!r}")
    def error(scene, text=words):
        answer = back(admin, {"state": scene.good["state"], "error": text, "error_description": "Call +49 900 1234567 <img src=x>",
                              "error_uri": "https://evil.example/"})
        for part in (b"1234567", b"evil.example", b"\u202eevil".decode("unicode_escape").encode(), b"<img src=x", b"<script"):
            assert part not in answer.data, part
        assert answer.headers["Location"] is None
        return answer


# Where it leads

for name, value in (("next", "https://evil.example"), ("redirect_uri", "//evil.example"), ("return_to", "/\\evil.example"), ("target_link_uri", "javascript:alert(1)")):
    @attack(f"open redirect by {name}")
    def onward(scene, key=name, to=value):
        answer = back(admin, {"state": scene.good["state"], "error": "access_denied", key: to})
        assert b"evil" not in answer.data and b"javascript" not in answer.data and answer.headers["Location"] is None
        return answer


# What the token endpoint says

for fault in ("503", "html", "html200", "empty", "array", "crlf", "mac", "no-token", "list", "negative", "huge", "redirect", "invalid_grant", "200-error", "lost"):
    @attack(f"token answer: {fault}")
    def answered(scene, mode=fault):
        provider.mode = mode
        answer = back(admin, scene.good)
        assert b"<script" not in answer.data
        return answer


attack("parameters of fourteen kilobytes", 431)(lambda s: back(admin, {"state": "A" * 7000, "code": "B" * 7000}))
attack("a head that is too large", 431)(lambda s: back(admin, {**s.good, "x": "A" * 40000}))
attack("two hundred parameters", 400)(lambda s: back(admin, "&".join(f"p{i}=1" for i in range(200)) + "&" + urllib.parse.urlencode(s.good)))


def drop(connection):
    world.sql(f"delete from kartei.oauth_tokens where connection_id = '{connection['id']}'")


class Attacks(unittest.TestCase):
    def test_none_leaves_a_connection(self):
        for name, status, act in ATTACKS:
            with self.subTest(name):
                provider.mode = None
                answer = act(Scene())
                kept = world.tokens()
                if kept:
                    world.sql("delete from kartei.oauth_tokens")
                self.assertEqual((kept, answer.status), (0, status), answer.data[:300])
        self.assertGreaterEqual(len(ATTACKS), 60)
        print(f'{{"attacks": {len(ATTACKS)}, "connections": {world.tokens()}}}')

    def test_the_rightful_way_works_right_beside(self):
        """The control: the same judge sees a connection where there is one, also after attacks on its state."""
        provider.mode = None
        scene = Scene()
        back(again, scene.good)
        back(stranger, scene.good)
        back(admin, scene.good, **{"sec-fetch-dest": "image"})
        answer = back(admin, {**scene.good, "iss": provider.base})
        self.assertEqual((answer.status, world.tokens()), (200, 1))
        drop(scene.connection)
        strict = add(admin, provider.settings(issuer=provider.base), kind="strict_crm")
        answer = back(admin, {**provider.consent(begin(admin, strict))[1], "iss": provider.base})
        self.assertEqual((answer.status, world.tokens()), (200, 1))
        drop(strict)

    def test_of_many_at_once_one_gets_through(self):
        provider.mode = None
        scene = Scene()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = sorted(one.status for one in pool.map(lambda _: back(admin, scene.good), range(16)))
        self.assertEqual(answers, [200] + [400] * 15)
        drop(scene.connection)

    def test_a_provider_that_stole_nothing_saw_nothing(self):
        self.assertEqual([path for _, path, _, _ in evil.seen], [])

    def test_a_session_is_needed_to_begin_and_its_key(self):
        scene = Scene()
        path = f"/v1/connections/{scene.connection['id']}/authorize"
        self.assertEqual(world.client().request("POST", path).status, 401)
        self.assertEqual(stranger.request("POST", path).status, 404)
        self.assertEqual(admin.request("POST", path, headers={"X-CSRF-Token": None}).status, 403)
        self.assertEqual(admin.request("POST", path, headers={"Origin": "https://evil.example"}).status, 403)
        self.assertEqual(admin.get(path).status, 405)

    def test_the_page_keeps_the_code_to_itself(self):
        answer = back(world.client(), Scene().good)
        self.assertEqual((answer.status, answer.headers["Location"], answer.headers["Cache-Control"]), (401, None, "no-store"))
        self.assertNotIn(b"canary", answer.data)


if __name__ == "__main__":
    with Provider() as provider, Provider() as evil, World([f"127.0.0.1:{one.port}" for one in (provider, evil)]) as world:
        admin, again, stranger = (world.sign_in(name) for name in ("admin@one.example", "admin@one.example", "admin@two.example"))
        user = world.sign_in("user@one.example")
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
