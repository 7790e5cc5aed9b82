"""A private Radicale (tests/servers) as a context manager, and what its folder says about the contacts in it.

    with Book() as book:
        client.post("/v1/connections", book.connection())
        book.vcards()        # past all of our code
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
import servers  # noqa: E402


def unfold(text):
    return re.sub(r"\r?\n[ \t]", "", text)


def values(text, name):
    """Values of a property, whatever its parameters."""
    found = re.findall(rf"^(?:[\w-]+\.)?{name}(?:;[^:\r\n]*)?:(.*)$", unfold(text), re.M | re.I)
    return [re.sub(r"\\([,;\\])", r"\1", value.strip()) for value in found]


def essence(vcard):
    """What makes two vCards the same contact to a person: name, addresses, numbers."""
    first = re.search(r"^N(?:;[^:\r\n]*)?:(.*)$", unfold(vcard), re.M | re.I)
    name = re.split(r"(?<!\\);", first[1].strip()) if first else []
    parts = [re.sub(r"\\([,;\\])", r"\1", part) for part in (name + ["", ""])[:2]]
    digits = sorted(re.sub(r"\D", "", t) for t in values(vcard, "TEL"))
    return ";".join(parts).casefold(), tuple(sorted(e.casefold() for e in values(vcard, "EMAIL"))), tuple(digits)


def essence_of_contact(contact):
    name = f"{contact.get('family_name') or ''};{contact.get('given_name') or ''}"
    digits = sorted(re.sub(r"\D", "", p["value"]) for p in contact.get("phones") or [])
    return name.casefold(), tuple(sorted(e["value"].casefold() for e in contact.get("emails") or [])), tuple(digits)


class Book(servers.Radicale):
    """One address book on a free port; gone after the with block unless KARTEI_KEEP is set."""

    def __init__(self):
        super().__init__(tempfile.mkdtemp(prefix="radicale-"))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if not os.environ.get("KARTEI_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self):
        """What POST /v1/connections takes."""
        told = self.describe()
        return {"kind": "carddav", "name": "Radicale", "settings": {"url": told["url"], "user": told["user"]},
                "secret": {"password": told["password"]}, "policy": "confirm"}

    def vcards(self):
        root = self.folder / "data/collection-root" / self.book.strip("/")
        return [path.read_text(encoding="utf-8") for path in sorted(root.glob("*.vcf"))]
