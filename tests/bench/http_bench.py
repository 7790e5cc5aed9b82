#!/usr/bin/python3
"""http_bench.py [--seconds N]: what the API costs behind HAProxy, against HAProxy answering by itself, in the same run.

Three rounds, interleaved: the same TLS, the same 32 kept connections (wrk), once to a static answer of HAProxy, once to
GET /healthz and once to a signed-in GET /v1/session (database, session, rights). Then the time from an upload to its
contact, one card after the other. Prints figures and ratios; nothing here is an assertion, because machines are noisy.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import instance  # noqa: E402
from ports import free_port  # noqa: E402

STATIC = """global
    maxconn 4000
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend static
    bind 127.0.0.1:{port} ssl crt {pem} alpn http/1.1
    http-request return status 200 content-type application/json string "{{\\"status\\":\\"ok\\"}}"
"""


def wrk(url, seconds, headers=()):
    words = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency"]
    for header in headers:
        words += ["-H", header]
    out = subprocess.run([*words, url], capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)), re.search(r"99%\s+(\S+)", out).group(1)


def rounds(kartei, client, port, seconds):
    base = f"https://localhost:{kartei.port}"
    cases = {"haproxy static": (f"https://localhost:{port}/", ()), "GET /healthz": (f"{base}/healthz", ()),
             "GET /v1/session": (f"{base}/v1/session", (f"Cookie: {client.cookie}",))}
    figures = {name: [] for name in cases}
    for _ in range(3):
        for name, (url, headers) in cases.items():
            figures[name].append(wrk(url, seconds, headers))
    static = statistics.median(f[0] for f in figures["haproxy static"])
    for name, runs in figures.items():
        middle = statistics.median(f[0] for f in runs)
        print(f"{name:16s} {middle:9.0f} requests/s   p99 {runs[1][1]:>9s}   {middle / static:.2f} of static")


def latency(kartei, client, count):
    folder = tempfile.mkdtemp(prefix="cards-", dir=kartei.folder)
    subprocess.run([str(instance.ROOT / "tools/generate/cards.py"), "--seed", "77", "--count", str(count), "--out", folder],
                   check=True, stdout=subprocess.DEVNULL)
    accepted, finished = [], []
    for photo in sorted(pathlib.Path(folder).glob("*.jpg")):
        start = time.monotonic()
        _, _, scan = client.insist("POST", "/v1/scans", photo.read_bytes(),
                                   {"Content-Type": "image/jpeg", "Idempotency-Key": f"bench-{photo.name}"})
        accepted.append(time.monotonic() - start)
        while scan["state"] not in ("read", "failed"):
            time.sleep(0.02)
            scan = client.get(f"/v1/scans/{scan['id']}")[2]
        finished.append(time.monotonic() - start)
    show = lambda name, times: print(f"{name:22s} median {statistics.median(times) * 1000:6.0f} ms   "  # noqa: E731
                                     f"worst {max(times) * 1000:6.0f} ms   of {len(times)}")
    show("upload accepted", accepted)
    show("upload to contact", finished)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--cards", type=int, default=20)
    arguments = parser.parse_args()
    with instance.Instance() as kartei:
        client, port = kartei.sign_in(), free_port()
        config = pathlib.Path(kartei.folder, "static.cfg")
        config.write_text(STATIC.format(port=port, pem=f"{kartei.var}/tls/server.pem"))
        static = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", str(config)], stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            rounds(kartei, client, port, arguments.seconds)
            latency(kartei, client, arguments.cards)
        finally:
            static.terminate()
            static.wait(10)


if __name__ == "__main__":
    main()
