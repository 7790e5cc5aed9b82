#!/usr/bin/python3
"""run_e2e.py [FILE.mjs…]: starts a private instance with a small address book and synthetic cards of people who are in it, and
lets the browser tests loose on it; a fake Pipedrive stands beside it. Ends with 77, aloud, where Chromium, Node or the packages of
tests/e2e are missing.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import PIL.Image
import PIL.ImageEnhance

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE.parent / "contract")]
import instance  # noqa: E402
from fakes.pipedrive import Pipedrive, PipedrivePeer  # noqa: E402

CHROMIUM = os.environ.get("KARTEI_CHROMIUM", "/usr/bin/chromium")
CROWD = 50  # people of whom the address book knows everything but the phone numbers
OTHERS = 60  # people of the stock beside those on the cards
ADMIN, MEMBER, ORGANISATION = "anna@kartei.example", "ben@kartei.example", "Kartei Test"
PASSWORD = "only in the browser walk, long enough"
TESTS = "weight", "walk", "screens", "account", "vendor", "offline", "fair", "desk", "long", "clerk", "hostile"


SCREENS = instance.ROOT / "docs/screens"
MOST_BYTES = 120 * 1000  # of one picture
FILM = 1920, 1080


def slim():
    """Pictures of pages need few colours."""
    for file in sorted(SCREENS.glob("*.png")):
        picture = PIL.Image.open(file).convert("RGB")
        for colours in (128, 64, 32):
            picture.quantize(colours).save(file, optimize=True)
            if file.stat().st_size <= MOST_BYTES:
                break
        print(f"{file.name}: {file.stat().st_size // 1000} kB")


def missing():
    needed = {"Chromium": pathlib.Path(CHROMIUM).exists(), "Node": shutil.which("node"),
              "the packages of tests/e2e (tools/install-npm tests/e2e)": (HERE / "node_modules/playwright-core").exists()}
    return [name for name, there in needed.items() if not there]


def make_cards(folder, stock):
    """Flat synthetic cards of people of the stock, who changed some of their details since."""
    subprocess.run([str(instance.ROOT / "tools/generate/cards.py"), "--seed", "11", "--count", "8", "--clean", "--cards-from", str(stock),
                    "--out", folder], check=True, stdout=subprocess.DEVNULL)
    return [json.loads(line) for line in (pathlib.Path(folder) / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def hostile_card(folder, somebody):
    """A photo of a card whose words would like to be executed."""
    person = {**somebody, "family_name": "<b>Boese</b>", "job_title": "<img src=x onerror=alert(1)>", "organization": "<script>alert(1)</script> GmbH"}
    stock = pathlib.Path(folder) / "hostile.ndjson"
    stock.write_text(json.dumps(person) + "\n", encoding="utf-8")
    out = f"{folder}/hostile"
    subprocess.run([str(instance.ROOT / "tools/generate/cards.py"), "--seed", "3", "--count", "1", "--clean", "--cards-from", str(stock), "--out", out],
                   check=True, stdout=subprocess.DEVNULL)
    return f"{out}/{json.loads((pathlib.Path(out) / 'truth.jsonl').read_text(encoding='utf-8').splitlines()[0])['file']}"


def film(photos, file, light=1.0):
    """What a camera would see of cards side by side on a dark table: YUV4MPEG2, which Chromium takes for its fake camera."""
    cards = [PIL.ImageEnhance.Brightness(PIL.Image.open(photo).convert("RGB")).enhance(light) for photo in photos]
    width, height = FILM
    scene = PIL.Image.new("RGB", FILM, (64, 52, 44))
    for n, card in enumerate(cards):
        card.thumbnail((width * 4 // 5 // len(cards), height * 8 // 9))
        scene.paste(card, ((2 * n + 1) * width // (2 * len(cards)) - card.width // 2, (height - card.height) // 2))
    planes = scene.convert("YCbCr").split()
    small = [plane.resize((width // 2, height // 2), PIL.Image.BOX) for plane in planes[1:]]
    frame = b"FRAME\n" + b"".join(plane.tobytes() for plane in (planes[0], *small))
    pathlib.Path(file).write_bytes(f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode() + 3 * frame)
    return file


def films(folder, cards):
    """One card in three lights, and two cards."""
    photos = [f"{folder}/{card['file']}" for card in cards[-2:]]
    lights = {"film": 1.0, "evening": 0.93, "dim": 0.12}
    return {**{name: film(photos[1:], f"{folder}/{name}.y4m", light) for name, light in lights.items()}, "table": film(photos, f"{folder}/table.y4m")}


def crowd_of(stock, cards):
    """People of the stock whom nobody else in it is like."""
    people = [json.loads(line) for line in stock.read_text(encoding="utf-8").splitlines()]
    names = collections.Counter(one["family_name"] for one in people)
    known = {card["expected"]["id"] for card in cards}
    fit = [one for n, one in enumerate(people) if n >= OTHERS and one["phones"] and one["emails"] and names[one["family_name"]] == 1 and one["id"] not in known]
    return fit[:CROWD]


def fill(kartei, stock, cards, crowd):
    """An organisation with a user who has a password; the address book gets the people on the cards, the crowd and some others,
    one of them twice."""
    wanted = {card["expected"]["id"] for card in cards}
    lines = stock.read_text(encoding="utf-8").splitlines()
    few = [line for n, line in enumerate(lines) if n < OTHERS or json.loads(line)["id"] in wanted]
    spare = next(json.loads(line) for line in few if json.loads(line)["id"] not in wanted)
    few.append(json.dumps({**spare, "id": spare["id"] + "-twin", "job_title": "Leitung Technik"}))
    few += [json.dumps({**one, "phones": []}) for one in crowd]
    org = json.loads(kartei.command("admin", "create-org", "--name", ORGANISATION, "--if-missing", "--json"))["id"]
    kartei.command("admin", "create-user", "--org", org, "--email", ADMIN, "--name", "Anna Test", "--role", "admin", "--language", "de",
                   "--password-stdin", stdin=PASSWORD)
    kartei.command("admin", "fill-demo", "--org", org, "-", stdin="\n".join(few) + "\n")


def connect(client, crm):
    """A connection to the fake vendor. Two companies of it have one name."""
    settings = PipedrivePeer(crm, crm.port).settings()
    settings["url"] = settings.pop("base")
    status, _, made = client.post("/v1/connections", {"kind": "pipedrive", "name": "Pipedrive", "settings": settings,
                                                      "secret": {"api_token": crm.api_token}, "policy": "confirm"})
    if status != 201:
        raise RuntimeError(f"no connection: {made}")
    twins = [crm.organizations.add("Zwilling AG", place) for place in ("Köln", "Wien")]
    return {"connection": made["id"], "api": f"http://127.0.0.1:{crm.port}/api/v2", "token": crm.api_token, "company": "Zwilling AG",
            "twins": twins, "near": crm.organizations.add("Nordlicht Reederei SE", "Kiel")}


def configuration(kartei, folder, crm):
    stock = instance.BUILD / "services/demo.ndjson"
    cards = make_cards(folder, stock)
    crowd = crowd_of(stock, cards)
    fill(kartei, stock, cards, crowd)
    member = kartei.sign_in(MEMBER, "user", ORGANISATION)
    client = kartei.sign_in(ADMIN, "admin", ORGANISATION)
    link = re.search(r"/login/[\w.-]+", kartei.create_user(ADMIN, "admin", ORGANISATION)).group(0)
    return {"base": f"https://localhost:{kartei.port}", "chromium": CHROMIUM, "cookie": client.cookie, "csrf": client.csrf,
            "vendor": connect(client, crm), **films(folder, cards), "member": member.cookie, "link": link, "email": ADMIN, "password": PASSWORD,
            "hostile": hostile_card(folder, crowd[0]), "psql": kartei.psql(),
            "crowd": [{name: value for name, value in one.items() if name not in ("id", "company_id")} for one in crowd],
            "cards": [{"file": f"{folder}/{card['file']}", "contact": card["contact"],
                       "changed": [one["field"] for one in card["expected"]["differences"]]} for card in cards]}


def main():
    if missing():
        print("e2e skipped: missing " + ", ".join(missing()), file=sys.stderr)
        return 77
    tests = sys.argv[1:] or [f"{name}.test.mjs" for name in TESTS]
    with tempfile.TemporaryDirectory() as vendor:
        crm = Pipedrive(vendor)
        crm.start()
        try:
            return browse(tests, crm)
        finally:
            crm.stop()


def browse(tests, crm):
    # One photo at a time: on a busy machine reading must not run into its own deadline.
    # A mail server that is named, so that the pages that need one are there; nobody answers at it.
    mail = {"KARTEI_SMTP_HOST": "localhost", "KARTEI_SMTP_PORT": "9", "KARTEI_SMTP_FROM": "kartei@kartei.example"}
    with instance.Instance(environment={"KARTEI_PARSE_CHILDREN": "1", "KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{crm.port}", **mail}) as kartei:
        folder = pathlib.Path(kartei.folder) / "cards"
        config = pathlib.Path(kartei.folder) / "e2e.json"
        config.write_text(json.dumps(configuration(kartei, str(folder), crm)), encoding="utf-8")
        environment = {**os.environ, "KARTEI_E2E": str(config), "NODE_EXTRA_CA_CERTS": f"{kartei.var}/tls/ca.crt",
                       "NODE_OPTIONS": "--dns-result-order=ipv4first"}  # Node 18 tries one address of localhost only
        failed = [test for test in tests if subprocess.run(["node", test], cwd=HERE, env=environment, timeout=900).returncode]
    if "screenshots.mjs" in tests:
        slim()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
