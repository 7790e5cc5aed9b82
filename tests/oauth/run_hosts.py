#!/usr/bin/python3
"""Addresses that strangers may not make us contact, in every host field of a connection: refused before anything is kept, and
nothing arrives at a listener on loopback. Names are refused when they lead to such an address; redirects are never followed.

A form is a host; it is put into every address of an OAuth CRM: the API's, the consent page's, the token endpoint's, the
revocation's. CardDAV and Tryton go through the same way out (tests/contract/run_way_out.py).
"""
import socket
import sys
import threading
import unittest

from provider import SECRET, Provider
from world import World, add, back, begin

LOOP = "127.0.0.1"


def numbers(address):
    """Every spelling of an IPv4 address that some reader takes for it."""
    a, b, c, d = (int(part) for part in address.split("."))
    whole = (a << 24) | (b << 16) | (c << 8) | d
    return [str(whole), hex(whole), f"0{whole:o}", f"{a}.{(b << 16) | (c << 8) | d}", f"{a}.{b}.{(c << 8) | d}",
            ".".join(f"0{part:o}" for part in (a, b, c, d)), ".".join(hex(part) for part in (a, b, c, d)),
            ".".join(f"{part:03}" for part in (a, b, c, d)), f"{hex(a)}.{b}.{c}.0{d:o}", f"{address}.", f"0{address}",
            str(whole + (1 << 32)), f"{address}%00", f"%3{a // 100}{address[1:]}" if a > 99 else f"%3{address}",
            ".".join(chr(0xFF10 + int(digit)) if digit.isdigit() else digit for digit in address.replace(".", " ")).replace(" ", "."),
            address.replace(".", "\u3002"), address.replace(".", "%2e")]


RANGES = ["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3", "127.255.255.254",
          "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
          "192.168.255.254", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
          "255.255.255.255"]
SIX = ["::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::7f00:1", "64:ff9b::7f00:1",
       "64:ff9b::169.254.169.254", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:20::1", "2001:db8::1",
       "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fdff:ffff::1", "fe80::1",
       "fe80::1%25eth0", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001",
       "::ffff:0:127.0.0.1", "::ffff:0x7f.1"]
NAMES = ["localhost", "LOCALHOST", "localhost.", "LocalHost", "a.localhost", "localhost.localdomain", "ip6-localhost", "broadcasthost",
         "127.0.0.1.", "localhost\u3002", "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "loc%61lhost", "localhost%00.example.com", "localhost\t", " localhost",
         "local host", "localhost\\.example.com", "example.com@127.0.0.1", "user:pw@localhost", "@localhost", "example.com:80@localhost",
         "localhost#.example.com", "localhost?.example.com", "example.com\\@localhost", "", ".", "..", "-", "a..b", "[", "[]", "[::1", "::1]",
         "[127.0.0.1]", "[::1].example.com", "x" * 300, "\u202elocalhost", "xn--", "1", "0", "0x", "0x7f000001.", "127.1", "127.0.1", "0177.1"]
SCHEMES = ["http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "dict://example.com/", "ldap://example.com/",
           "unix:/run/api.sock", "javascript:alert(1)", "data:text/html,x", "//example.com/", "https:/example.com/", "https:example.com",
           "https:\\\\example.com\\", "HTTPS//example.com", "https://example.com:22/", "https://example.com:8443/", "https://example.com:0/",
           "https://example.com:99999/", "https://example.com:443:443/", "https://example.com:-1/", "https://example.com:+443/",
           "https://example.com:/", "https://example.com/#@localhost", "https://u:p@example.com/",
           "https://example.com/\r\nHost: localhost", "https://example.com/\nx", "https://example.com/a b", "view-source:https://example.com/",
           "jar:https://example.com!/", "blob:https://example.com/x", "\x00https://example.com/"]
FORMS = [f"https://{host}/" for host in [*RANGES, *numbers(LOOP), *numbers("169.254.169.254"), *numbers("10.0.0.1"), *NAMES]] \
    + [f"https://[{host}]/" for host in SIX] + SCHEMES


class Trap:
    """Counts who comes to loopback."""

    def __init__(self):
        self.listener = socket.create_server((LOOP, 0))
        self.port, self.came = self.listener.getsockname()[1], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.came += 1
            client.close()


class Hosts(unittest.TestCase):
    def refused(self, body):
        answer = admin.post("/v1/connections", body)
        self.assertEqual((answer.status, answer.slug in ("host-refused", "invalid-input", "bad-json")), (422 if answer.slug != "bad-json" else 400, True),
                         (body["settings"], answer.data[:200]))
        return answer

    def oauth(self, **more):
        return {"kind": "test_crm", "name": "x", "settings": provider.settings(**more), "secret": {"client_secret": SECRET}}

    def test_every_form_is_refused_in_every_field(self):
        before, kept = len(provider.seen), world.sql("select count(*) from kartei.connections")
        for form in FORMS:
            for field in ("url", "authorize", "token", "revoke"):
                with self.subTest(form=form, field=field):
                    answer = self.refused(self.oauth(**{field: form}))
                    if form.strip():
                        self.assertIn(answer.json["errors"][0]["pointer"] if answer.json.get("errors") else "/settings", (f"/settings/{field}", "/settings"))
        self.assertEqual((len(provider.seen), world.sql("select count(*) from kartei.connections")), (before, kept))
        self.assertGreaterEqual(len(FORMS), 150)
        print(f'{{"forms": {len(FORMS)}, "fields": 4, "refused": {4 * len(FORMS)}}}')

    def test_loopback_is_not_reached_on_any_port(self):
        trap = Trap()
        for host in (LOOP, "localhost", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]", "127.1"):
            for scheme in ("http", "https"):
                self.refused(self.oauth(token=f"{scheme}://{host}:{trap.port}/token"))
        self.assertEqual(trap.came, 0)
        trap.listener.close()

    def test_the_listed_host_is_listed_with_its_port_only(self):
        answer = admin.post("/v1/connections", self.oauth())
        self.assertEqual(answer.status, 201, answer.data)
        for other in (f"http://{LOOP}:{provider.port + 1}/token", f"http://{LOOP}/token", f"http://localhost:{provider.port}/token",
                      f"http://127.0.0.2:{provider.port}/token", f"http://{LOOP}:{provider.port}@evil.example/token"):
            self.refused(self.oauth(token=other))

    def test_a_name_that_leads_inside_is_refused_when_it_is_used(self):
        """What the name resolves to is judged at each call: a machine's own name and localhost's many aliases."""
        for name in {socket.gethostname().lower(), "ip6-loopback", "localhost.localdomain"}:
            body = self.oauth(grant="client", token=f"https://{name}/token")
            answer = admin.post("/v1/connections", body)
            self.assertIn(answer.slug, ("host-refused", "crm-unreachable", "invalid-input"), answer.data)

    def test_a_token_endpoint_that_redirects_leads_nowhere(self):
        trap = Trap()
        connection = add(admin, provider.settings())
        provider.mode = "redirect"
        self.assertEqual(back(admin, provider.consent(begin(admin, connection))[1]).status, 400)
        self.assertEqual((trap.came, world.tokens()), (0, 0))
        trap.listener.close()

    def test_changing_an_address_is_judged_like_a_new_one(self):
        connection = add(admin, provider.settings())
        for form in FORMS[:40]:
            answer = admin.patch(f"/v1/connections/{connection['id']}", {"settings": {**provider.settings(), "token": form},
                                 "secret": {"client_secret": SECRET}}, if_match=f'"v{connection["version"]}"')
            self.assertEqual(answer.status, 422, form)

    def test_settings_cannot_make_another_host_of_a_vendors_address(self):
        """{issuer} is text, so it is escaped where an address is made of it."""
        for text in ("x/../..", "evil.example/", "a@evil.example", "a#", "a?", "//evil.example"):
            answer = admin.post("/v1/connections", {**self.oauth(issuer=text), "kind": "strict_crm"})
            self.assertEqual(answer.status, 201, text)
            self.assertTrue(begin(admin, answer.json).startswith(f"{provider.base}/authorize?"), text)


if __name__ == "__main__":
    with Provider() as provider, World([f"127.0.0.1:{provider.port}"]) as world:
        admin = world.sign_in("admin@one.example")
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
