#!/usr/bin/python3
"""run_prism.py DRIVE PRISM [CASE…]: what the connectors send, judged by Prism with the vendors' contracts.

PRISM is the program of npm's @stoplight/prism-cli@5. It takes half a minute a vendor, so ./check holds the same contracts against
the same requests with agreed.py alone; this shows that the two judges agree: every request of every case goes to both.
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import agreed
import run_contract
from servers import free_port

CASES = ("DynamicsCase", "HubSpotCase", "MsGraphCase", "PipedriveCase", "SalesforceCase", "SapSalesCase")
PRISM = None


class Judged(agreed.Contract):
    """A contract that asks Prism, too: what Prism alone has something against is a violation."""

    def __init__(self, name, beyond):
        super().__init__(name, beyond)
        self.asked = self.refused = 0
        self.port, self.log = free_port(), tempfile.TemporaryFile()
        self.prism = subprocess.Popen([PRISM, "mock", "--errors", "-p", str(self.port), str(agreed.FOLDER / f"{name}.openapi.json")],
                                      stdout=self.log, stderr=self.log, start_new_session=True)
        if not self.ask("GET", "/nowhere", {}, b"", patience=60):
            raise RuntimeError("Prism has nothing against an address that is not in the contract")

    def ask(self, method, path, headers, body, patience=1):
        """What Prism has against a request: in a header where the contract has an answer for it, else in a problem document."""
        for _ in range(patience):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.request(method, path, body or None, headers)
                answer = connection.getresponse()
                told = [f"{one['location']} {one['message']}" for one in json.loads(answer.getheader("sl-violations") or "[]")
                        if one["location"][:1] == ["request"]]
                text = answer.read()
                return told or ([json.loads(text)["title"]] if b"stoplight.io/prism/errors" in text else [])
            except OSError:
                time.sleep(1)
            finally:
                connection.close()
        raise RuntimeError("Prism does not answer")

    def request(self, request):
        ours = super().request(request)
        kept = {name: text for name, text in request.fields().items() if name not in ("host", "connection", "content-length", "accept")}
        if "authorization" not in kept and "x-api-token" not in kept:
            return ours
        path = request.path.removeprefix(self.root)
        theirs = self.ask(request.method, path, {**kept, "accept": "application/json"}, request.body)
        self.asked += 1
        self.refused += bool(theirs)
        if theirs and not ours:
            self.violations.add(f"Prism alone: {request.method} {path} {theirs}")
        return ours

    def close(self):
        os.killpg(self.prism.pid, signal.SIGTERM)
        self.prism.wait(10)
        print(f"Prism was asked {self.asked} times and had something against {self.refused}, each explained", flush=True)


def main():
    global PRISM
    run_contract.DRIVE, PRISM = sys.argv[1], sys.argv[2]
    open_contracts = []

    def judged(kind):
        open_contracts.append(Judged(*agreed.BEYOND[kind]))
        return open_contracts[-1]

    run_contract.contract_of = judged
    good = True
    for case in sys.argv[3:] or CASES:
        with tempfile.TemporaryDirectory(prefix="kartei-prism-") as run_contract.CACHE:
            program = run_contract.unittest.main(module=run_contract, argv=[case, case], exit=False)
        good = program.result.wasSuccessful() and good
        print(case, "good" if program.result.wasSuccessful() else "BAD", flush=True)
        open_contracts.pop().close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
