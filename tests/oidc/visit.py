"""A person's browser at Kartei's sign-in pages, and the administrator's hand: what the tests of this folder share."""
import http.cookies
import re
import urllib.parse

from idp import CLIENT, SECRET
from world import World

BROWSER = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOME = {"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost:8443"}


def draft(admin, issuer, **settings):
    answer = admin.post("/v1/identity-providers", {"kind": "oidc", "settings": {
        "name": "Test", "issuer": issuer, "client_id": CLIENT, "domains": ["one.example"], **settings}, "secret": {"client_secret": SECRET}})
    assert answer.status == 201, answer.data
    return answer.json


def switch_on(admin, provider):
    """Tested, and on."""
    tried = admin.post(f"/v1/identity-providers/{provider['id']}/test")
    assert tried.status == 200 and tried.json["ok"], tried.data
    answer = admin.patch(f"/v1/identity-providers/{provider['id']}", {"state": "on"}, if_match=f'"v{tried.json["provider"]["version"]}"')
    assert answer.status == 200, answer.data
    return answer.json


class Person:
    """A browser: cookies by name, one step at a time."""

    number = 0

    def __init__(self, world):
        Person.number += 1
        self.client, self.cookies = world.client(), {}
        self.address = f"198.18.{Person.number // 250}.{Person.number % 250}"  # failures are counted by address

    def go(self, method, path, body=None, headers=None):
        sent = {"X-Forwarded-For": self.address, **(headers or {})}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        answer = self.client.request(method, path, body, sent)
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return answer

    def begin(self, provider, next_path=""):
        """The provider's address that the browser is led to."""
        answer = self.go("POST", f"/sign-in/sso/{provider['id']}", urllib.parse.urlencode({"next": next_path}).encode(), {**FORM, **HOME})
        assert answer.status == 200, answer.data
        return re.fullmatch(r"0;url=(\S+)", answer.headers["Refresh"])[1]

    def back(self, provider, parameters, method="GET", **headers):
        """Parameters as a dictionary, or a query as it is."""
        query = parameters if isinstance(parameters, str) else urllib.parse.urlencode(parameters)
        path = f"/sign-in/sso/{provider['id']}/callback"
        sent = {**BROWSER, **headers}
        if method == "POST":
            return self.go("POST", path, query.encode(), {**sent, **FORM})
        return self.go(method, f"{path}?{query}", None, sent)

    def signed_in(self):
        """Who, or None."""
        answer = self.go("GET", "/v1/session")
        return answer.json["user"]["email"] if answer.status == 200 else None


class Place(World):
    """The API with this folder's table of kinds."""

    program = "tests/oidc/oidc_api"
