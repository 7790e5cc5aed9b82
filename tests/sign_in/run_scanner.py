#!/usr/bin/python3
"""A mail scanner with a whole browser opens the link, runs its scripts, presses its buttons and sends its forms: it is not signed in, and the
link is still good for who asked for it (T17)."""
import email
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "mail")]
from doors import Certificates, Post  # noqa: E402
from instance import Instance, give_to_service_user  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def mailed(door):
    """The link of the mail that the server took."""
    with door.lock:
        said = b"".join(door.said)
    found = email.message_from_bytes(said[said.find(b"From:"):]) if b"Subject:" in said else None
    text = "".join((part.get_payload(decode=True) or b"").decode(errors="replace") for part in found.walk() if not part.is_multipart()) if found else ""
    return next(iter(re.findall(r"/login/[\w-]+", text)), None)


def main():
    chromium = shutil.which("chromium")
    if not chromium or not shutil.which("node") or not (TESTS / "e2e/node_modules/playwright-core").exists():
        print("node, its packages and chromium are needed")
        return 77
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kartei-scanner-"))
    scratch.chmod(0o755)
    made = Certificates(scratch / "ca")
    door = Post(made.leaf("good"), "tls")
    (scratch / "password").write_text("x\n", encoding="ascii")
    (scratch / "password").chmod(0o600)
    give_to_service_user(scratch / "password")
    try:
        with Instance(environment={"KARTEI_SMTP_HOST": "localhost", "KARTEI_SMTP_PORT": str(door.port), "KARTEI_SMTP_SECURITY": "tls", "KARTEI_SMTP_USER": "k",
                                   "KARTEI_SMTP_PASSWORD_FILE": str(scratch / "password"), "KARTEI_SMTP_FROM": "kartei@test.example", "KARTEI_CA_FILE": str(scratch / "ca/ca.pem"),
                                   "KARTEI_EGRESS_ALLOW_PRIVATE": f"localhost:{door.port}"}) as kartei:
            kartei.create_user("anna@test.example", "user")
            asker = kartei.client()
            status, headers, page = asker.request("POST", "/sign-in/link", b"email=anna%40test.example", FORM)
            if not headers["Set-Cookie"]:
                raise AssertionError(f"no link was asked for: {status} {page}")
            cookie = headers["Set-Cookie"].split(";")[0]
            for _ in range(300):
                if path := mailed(door):
                    break
                time.sleep(0.1)
            config = {"chromium": chromium, "base": f"https://localhost:{kartei.port}", "path": path, "cookie": cookie}
            done = subprocess.run(["node", str(TESTS / "e2e/scanner.mjs"), json.dumps(config)], capture_output=True, text=True, cwd=TESTS / "e2e", timeout=150, check=False,
                                  env={**os.environ, "HOME": str(scratch)})
        print(done.stdout, done.stderr[-2000:], flush=True)
        said = json.loads(done.stdout)
        return 0 if said["pressed"] >= 3 and said["scanner"] is False and said["person"] is True else 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
