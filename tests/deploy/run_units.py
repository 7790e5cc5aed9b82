#!/usr/bin/python3
"""systemd's own judgement of the units: they verify, and the service that stands at the network is well locked up."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KARTEI_BUILD", ROOT / "build-check"))
MOST_EXPOSURE = 2.0  # of 10; "OK" ends at 4.9 in systemd's own scale


class Units(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="kartei-units-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        units = [BUILD / "deploy/kartei.service", BUILD / "deploy/kartei-backup.service", ROOT / "deploy/systemd/kartei-backup.timer"]
        for unit in units:  # programs where they are now: verify wants to find them
            text = re.sub(r"/\S*/bin/kartei ", f"{BUILD}/services/kartei ", unit.read_text())
            text = re.sub(r"/\S*/kartei/deploy/backup ", f"{ROOT}/deploy/backup ", text)
            (cls.folder / unit.name).write_text(text)

    def verify(self, text=None):
        unit = self.folder / "kartei.service"
        if text:
            unit = self.folder / "planted.service"
            unit.write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit,
                               *([] if text else [self.folder / "kartei-backup.service", self.folder / "kartei-backup.timer"])],
                              capture_output=True, text=True, timeout=50, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{self.folder}:"})
        return [line for line in (done.stdout + done.stderr).splitlines() if str(self.folder) in line or "kartei" in line]

    def threshold(self, name, most):
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={int(most * 10)}", "--no-pager",
                               self.folder / name], capture_output=True, text=True, timeout=50)
        return done.returncode == 0, done.stdout.splitlines()[-1]

    def test_units_verify_and_the_judge_convicts(self):
        self.assertEqual(self.verify(), [])
        planted = (self.folder / "kartei.service").read_text().replace("ProtectSystem=strict", "ProtectSystem=perhaps")
        self.assertTrue(self.verify(planted))

    def test_services_are_locked_up(self):
        for name in ("kartei.service", "kartei-backup.service"):
            good, verdict = self.threshold(name, MOST_EXPOSURE)
            print(verdict)
            self.assertTrue(good, verdict)
        text = (self.folder / "kartei.service").read_text()
        (self.folder / "open.service").write_text("\n".join(line for line in text.splitlines()
                                                             if not line.startswith(("Protect", "Private", "Restrict", "System"))))
        self.assertFalse(self.threshold("open.service", MOST_EXPOSURE)[0])


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("systemd is not on this machine, and with it systemd-analyze")
        sys.exit(77)
    unittest.main(verbosity=2)
