"""A real An Lộ: `app.py run` as its own process on a free port, and an officer's browser without a screen."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

HOME = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """Starts in `folder`; what it says on standard error is in `log`."""

    def __init__(self, folder: Path, port: int | None = None, **settings: str):
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"log-{self.port}-{time.monotonic_ns()}"
        environment = {**os.environ, "DATA_DIR": str(folder / "data"), "PORT": str(self.port), "LANG": "en", **settings}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([sys.executable, "app.py", "run"], cwd=HOME, env=environment, stderr=log)

    def __enter__(self):
        self.wait_for(lambda: "password" in self.said())
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def said(self) -> str:
        return self.log.read_text()

    def password(self) -> str:
        return re.search(r"password (\S+):", self.said())[1]

    def wait_for(self, happened, seconds: float = 60.0) -> None:
        until = time.monotonic() + seconds
        while not happened():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    def end(self, how=signal.SIGTERM) -> float:
        """Sends the signal; how many seconds the process took to end."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(30)
        return time.monotonic() - began

    def officer(self, email: str) -> "Browser":
        browser = Browser(self.address)
        browser.send("/sign-in", email=email, password=self.password())
        return browser


class Browser:
    """Follows links and sends forms as a browser does, cookies and hidden fields included."""

    def __init__(self, address: str):
        self.address = address
        self.session = requests.Session()

    def see(self, path: str) -> str:
        answer = self.session.get(self.address + path, timeout=30)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text

    def send(self, path: str, page: str | None = None, **fields) -> requests.Response:
        """Sends a form found on `page` (the form's own path when None) to `path`."""
        shown = self.see(page or path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]
        digest = re.search(r'name="digest" value="([^"]+)"', shown)
        hidden = {"csrf_token": token, **({"digest": digest[1]} if digest else {})}
        answer = self.session.post(self.address + path, data={**hidden, **fields}, timeout=30)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer
