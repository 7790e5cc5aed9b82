"""What tests of time share: the library that gives a program another clock, and the codes of an authenticator."""
import pathlib
import subprocess
import time

FAKETIME = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def app_code(secret):
    """What an authenticator app shows, with at least three seconds left of its step."""
    if time.time() % 30 > 27:
        time.sleep(30 - time.time() % 30 + 0.1)
    return subprocess.run(["oathtool", "--totp", "-b", secret], check=True, capture_output=True, text=True).stdout.strip()
