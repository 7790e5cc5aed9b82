#!/usr/bin/python3
"""pull_bench.py [--records N] [--pace MS]: a whole pull from the fake CRM into the mirror, beside curl reading the same pages.

The fake speaks Pipedrive's shapes; its pages of 500 are made before the clock starts, so what it costs is sending bytes over
loopback. --pace makes every page take at least that long, as a vendor's does. A real kartei-worker pulls, seals, leaves match
keys; then curl reads the same addresses, one after the other over one connection, and throws the bytes away. Prints one JSON line:
records a second of both, their ratio, CPU seconds, and the worker's memory while it works. KARTEI_BUILD names the build.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/lib"), str(ROOT / "tests/contract")]
import instance  # noqa: E402
from fakes.core import HOST, Handler  # noqa: E402
from fakes.pipedrive import MARKER, TITLE, V2, Pipedrive  # noqa: E402

PAGE = 500
GIVEN = "Anna Jörg Ines Clara Bernd Zoë Emil Frieda Georg Hanna Ivo Kira Lars Mona Nils Olga Paul Rita Sven Tina".split()
BEGIN = "Al Ber Cal Der Eck Fen Gor Hel Im Jan Kor Lam Mer Nor Os Pel Rau Sten Tor Ul Vol Wes Zim Schä Gru".split()
MIDDLE = "be da fi go hu ke la me ni po ru se ta vi ze der ler mer ner ter".split()
END = "rich mann bach feld berg stein dorf hofer weiler brand kamp nau see wald hart meyer lich ström tal rath".split()


def person(n):
    """A contact with everything a Pipedrive person has room for; 10,000 family names, 20 given names, 20,000 companies."""
    given, k = GIVEN[n % 20], n * 7919 % 10000
    family = BEGIN[k % 25] + MIDDLE[k // 25 % 20] + END[k // 500]
    host = f"{END[n % 20]}-{n % 20000}.example"
    return {"name": f"{given} {family}", "emails": [{"value": f"{given}.{family}.{n}@{host}".lower(), "primary": True, "label": "work"}],
            "phones": [{"value": f"+4993{n:08d}", "primary": True, "label": "work"}, {"value": f"+49170{n:07d}", "primary": False, "label": "mobile"}],
            "custom_fields": {TITLE: "Leitung Einkauf"}}


class PageServer(Pipedrive):
    """Serves the list of persons from pages made in advance; all else is the fake's own."""

    def __init__(self, folder, records, pace):
        super().__init__(folder)
        self.pace, self.asked, self.times, self.lock = pace, [], [], threading.Lock()
        row = {"created": 1e9, "modified": 1e9, "deleted": False}
        shown = [self.show({"id": str(n + 1), "fields": person(n), **row}) for n in range(records)]
        self.pages = []
        for start in range(0, records, PAGE):
            more = str(len(self.pages) + 1) if start + PAGE < records else None
            body = {"success": True, "data": shown[start:start + PAGE], "additional_data": {"next_cursor": more}}
            self.pages.append(json.dumps(body).encode())

    def respond(self, request):
        if request.path != f"{V2}/persons" or "updated_since" in request.query or "ids" in request.query or not self.authorised(request):
            return super().respond(request)
        began = time.monotonic()
        page = self.pages[int(request.query.get("cursor", 0))]
        time.sleep(max(0, self.pace - (time.monotonic() - began)))
        with self.lock:
            self.times.append((began, time.monotonic()))
        return 200, page, {}


class Watched(Handler):
    def handle_any(self):
        with self.server.fake.lock:
            self.server.fake.asked.append(self.path)
        super().handle_any()

    do_GET = handle_any


def status_of(pid):
    """(resident KB, CPU seconds) of a process and what it started."""
    try:
        resident = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4
        times = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return resident, (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0, 0.0


def postgres_seconds(kartei):
    head = kartei.pid("postgres")
    children = pathlib.Path(f"/proc/{head}/task/{head}/children").read_text().split()
    return sum(status_of(pid)[1] for pid in children)


def pull(kartei, crm, records):
    """The pull from its first request to the end, with samples of the worker's memory."""
    kartei.client().insist("GET", "/readyz")
    admin = kartei.sign_in()
    settings = {"grant": "key", "url": f"http://{HOST}:{crm.port}", "marker_field": MARKER, "job_title_field": TITLE}
    worker = kartei.pid("kartei-worker")
    before, base_before = status_of(worker)[1], postgres_seconds(kartei)
    status, _, answer = admin.post("/v1/connections", {"kind": "pipedrive", "name": "Bank", "settings": settings, "secret": {"api_token": crm.api_token}})
    if status != 201:
        raise RuntimeError(f"connection: {status} {answer}")
    samples, deadline = [], time.monotonic() + 570
    while True:
        time.sleep(0.2)
        samples.append((len(crm.times) * PAGE, status_of(worker)[0]))
        if len(crm.times) * PAGE >= records or time.monotonic() > deadline:
            now = admin.insist("GET", f"/v1/connections/{answer['id']}")[2]
            if now["pulled_at"] or time.monotonic() > deadline:
                break
    ended = time.monotonic()
    if now["records"] != records:
        raise RuntimeError(f"{now['records']} of {records} records are there")
    return {"seconds": ended - crm.times[0][0], "worker_cpu": status_of(worker)[1] - before,
            "postgres_cpu": postgres_seconds(kartei) - base_before, "samples": samples}


def bare(crm, urls):
    """curl over one connection: (wall, CPU) seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".curl") as file:
        file.write(f'header = "x-api-token: {crm.api_token}"\nsilent\nfail\n')
        file.write("".join(f'url = "http://{HOST}:{crm.port}{url}"\noutput = "/dev/null"\n' for url in urls))
        file.flush()
        began, used = time.monotonic(), os.times()
        subprocess.run(["curl", "--disable", "--noproxy", "*", "-K", file.name], check=True)
        now = os.times()
        return time.monotonic() - began, now.children_user + now.children_system - used.children_user - used.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--pace", type=float, default=0, help="ms that a page takes at least")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kartei-bench-") as folder:
        crm = PageServer(folder, given.records, given.pace / 1000)
        crm.start()
        crm.server.RequestHandlerClass = Watched
        with instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"{HOST}:{crm.port}"}) as kartei:
            ours = pull(kartei, crm, given.records)
        urls = [path for path in crm.asked if path.startswith(f"{V2}/persons?")]
        wall, cpu = bare(crm, urls)
        crm.stop()
    quarter = max(1, len(ours["samples"]) // 4)
    memory = [kb for _, kb in ours["samples"]]
    print(json.dumps({
        "records": given.records, "pages": len(urls), "page_bytes": round(statistics.mean(len(page) for page in crm.pages)), "pace_ms": given.pace,
        "records_per_s": round(given.records / ours["seconds"]), "bare_records_per_s": round(given.records / wall),
        "ratio": round(wall / ours["seconds"], 2), "worker_cpu_s": round(ours["worker_cpu"], 1), "postgres_cpu_s": round(ours["postgres_cpu"], 1),
        "bare_cpu_s": round(cpu, 2), "worker_mb": {"first_quarter": round(statistics.mean(memory[:quarter]) / 1024, 1),
                                                   "last_quarter": round(statistics.mean(memory[-quarter:]) / 1024, 1), "most": round(max(memory) / 1024, 1)},
        "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
