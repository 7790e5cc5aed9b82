"""What a contact in JSON must be: the shape the product promises, with hosts under the names RFC 2606 reserves."""
import re
import unicodedata

SINGLES = ("name_prefix", "given_name", "family_name", "name_suffix", "job_title", "department", "organization")
LISTS = {"emails": ("value", "kind"), "phones": ("value", "raw", "kind"), "urls": ("value",),
         "addresses": ("street", "postal_code", "city", "region", "country")}
KINDS = {"work", "mobile", "fax", "home", "other"}
RESERVED = re.compile(r"(^|\.)(example|test|example\.(com|org|net))$")


def _texts(value, path):
    """(path, text) for every string in a JSON value."""
    if isinstance(value, str):
        yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _texts(inner, f"{path}.{key}")


def _hosts(contact):
    yield from (e["value"].rpartition("@")[2] for e in contact["emails"])
    yield from (u["value"].split("://")[-1].split("/")[0] for u in contact["urls"])


def complaints(contact):
    """Everything that is wrong with a contact, as sentences; empty when it keeps the contract."""
    if set(contact) != set(SINGLES) | set(LISTS):
        return [f"fields are {sorted(contact)}"]
    wrong = [f"{f} is {contact[f]!r}" for f in SINGLES if not isinstance(contact[f], (str, type(None)))]
    for name, keys in LISTS.items():
        wrong += [f"{name} has an entry with {sorted(entry)}" for entry in contact[name] if set(entry) != set(keys)]
    if wrong:
        return wrong
    for path, text in _texts(contact, "contact"):
        if not text.strip() or text != text.strip():
            wrong.append(f"{path} is empty or padded: {text!r}")
        if not unicodedata.is_normalized("NFC", text):
            wrong.append(f"{path} is not NFC")
    wrong += [f"phone {p['value']} is not E.164" for p in contact["phones"] if not re.fullmatch(r"\+[1-9]\d{6,14}", p["value"])]
    wrong += [f"kind {x['kind']}" for x in contact["phones"] + contact["emails"] if x["kind"] not in KINDS]
    wrong += [f"country {a['country']}" for a in contact["addresses"] if not re.fullmatch(r"[A-Z]{2}", a["country"] or "XX")]
    wrong += [f"host {h} is not reserved by RFC 2606" for h in _hosts(contact) if not RESERVED.search(h)]
    return wrong
