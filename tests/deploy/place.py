"""A Kartei in a folder of its own, driven by its command line as ./up, backup and restore drive it."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import instance  # noqa: E402
from ports import free_port  # noqa: E402

SOURCE = instance.ROOT
KARTEI = instance.BUILD / "services/kartei"


class Place:
    """with Place() as place: place.up(); … place.folder goes with everything in it, and nothing runs on."""

    def __init__(self, below="", **environment):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kartei-"))
        self.home = self.folder / below
        self.home.mkdir(parents=True, exist_ok=True)
        for path in [self.home, *self.home.parents][:len(self.home.relative_to(self.folder).parts) + 1]:
            instance.give_to_service_user(path)
        self.var, self.port = self.home / "var", free_port()
        self.environment = {**os.environ, "KARTEI_VAR": str(self.var), "KARTEI_LISTEN": f"127.0.0.1:{self.port}",
                            "HOME": str(self.home), **environment}
        self.environment.pop("KARTEI_PUBLIC_URL", None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kartei("up", "--stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words, stdin="", **environment):
        """Runs a command as the service user; the finished process, with what it printed as text."""
        return subprocess.run([*instance.as_service_user(), *map(str, words)], env={**self.environment, **environment}, input=stdin,
                              capture_output=True, text=True, cwd="/", timeout=150)

    def kartei(self, *words, **more):
        return self.run(KARTEI, *words, **more)

    def up(self, *words, **more):
        """Starts it in the background, without the demo; raises when it does not start."""
        done = self.kartei("up", "--detach", "--no-demo", *words, **more)
        if done.returncode:
            raise RuntimeError(f"{done.stderr}\n{self.log()[-2000:]}")
        return done

    def log(self):
        try:
            return (self.var / "log/kartei.log").read_text(errors="replace")
        except OSError:
            return ""

    def pid(self, name):
        return int((self.var / "run" / f"{name}.pid").read_text())

    def client(self):
        return instance.Client(self.port, f"{self.var}/tls/ca.crt")
