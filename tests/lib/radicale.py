"""A private Radicale (the Debian package) on a free loopback port, and what its folder says about the contacts in it."""
import base64
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import instance


def unfold(text):
    return re.sub(r"\r?\n[ \t]", "", text)


def values(text, name):
    """Values of a property, whatever its parameters."""
    return [m.strip() for m in re.findall(rf"^(?:[\w-]+\.)?{name}(?:;[^:\r\n]*)?:(.*)$", unfold(text), re.M | re.I)]


def essence(vcard):
    """What makes two vCards the same contact to a person: name, organisation, addresses, numbers."""
    first = lambda name: (values(vcard, name) or [""])[0]  # noqa: E731
    name = ";".join(part.replace("\\,", ",").replace("\\;", ";") for part in first("N").split(";")[:2])
    digits = sorted(re.sub(r"\D", "", t) for t in values(vcard, "TEL"))
    return name.casefold(), tuple(sorted(e.casefold() for e in values(vcard, "EMAIL"))), tuple(digits)


def essence_of_contact(contact):
    name = f"{contact.get('family_name') or ''};{contact.get('given_name') or ''}"
    digits = sorted(re.sub(r"\D", "", p["value"]) for p in contact.get("phones") or [])
    return name.casefold(), tuple(sorted(e["value"].casefold() for e in contact.get("emails") or [])), tuple(digits)


class Radicale:
    user, password = "kartei", "only-for-tests"

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="radicale-")
        self.port = instance.free_port()
        pathlib.Path(self.folder, "users").write_text(f"{self.user}:{self.password}\n")
        pathlib.Path(self.folder, "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder}/users\n"
            f"htpasswd_encryption = plain\n[storage]\nfilesystem_folder = {self.folder}/collections\n[logging]\nlevel = warning\n")
        self.process = subprocess.Popen(["radicale", "-C", f"{self.folder}/config"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.make_address_book()
                return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("radicale does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        if not os.environ.get("KARTEI_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/{self.user}/contacts/"

    def make_address_book(self):
        body = ('<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype>'
                "<collection/><C:addressbook/></resourcetype><displayname>Contacts</displayname></prop></set></mkcol>")
        request = urllib.request.Request(self.url, body.encode(), method="MKCOL", headers={
            "Content-Type": "application/xml",
            "Authorization": "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()})
        urllib.request.urlopen(request, timeout=5)

    def connection(self):
        """What POST /v1/connections takes."""
        return {"kind": "carddav", "name": "Radicale", "settings": {"url": self.url, "user": self.user},
                "secret": {"password": self.password}}

    def vcards(self):
        root = pathlib.Path(self.folder, "collections/collection-root", self.user, "contacts")
        return [path.read_text(encoding="utf-8") for path in sorted(root.glob("*.vcf"))]
