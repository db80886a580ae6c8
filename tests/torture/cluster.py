"""Workers on one PostgreSQL, to be tortured: frozen, killed, cut off from the database."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.engine import make_url

from campaigns import waves
from runtime.build import build
from runtime.settings import load
from tests import make
from tests.torture.machine import Machine, Process, settings_of

#: A worker that was told to end does so in ten seconds.
END_SECONDS = 10.0


class Cable:
    """A TCP address on loopback that leads to the database's own socket, until it is `cut`."""

    def __init__(self, url: str):
        self._url, self._whole, self._ends = make_url(url), True, set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        port = self._door.getsockname()[1]
        url = self._url.set(host="127.0.0.1", port=port, query={})
        return url.render_as_string(hide_password=False)

    def cut(self) -> None:
        self._whole = False
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits at it
        self._thread.join()
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                try:
                    far = self._far() if self._whole else None
                except OSError:  # the server is being restarted
                    far = None
                if far is None:
                    near.close()
                else:
                    self._join(near, far)

    def _far(self) -> socket.socket:
        folder = self._url.query.get("host")
        if folder is None:
            return socket.create_connection((self._url.host, self._url.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(f"{folder}/.s.PGSQL.{self._url.port or 5432}")
        except OSError:
            far.close()
            raise
        return far

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        self._ends |= {near, far}
        for here, there in ((near, far), (far, near)):
            threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while received := here.recv(65536):
                there.sendall(received)
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._ends.discard(end)


class Cluster(Machine):
    """`rt` looks into the database past the cable that the workers use; they are all that is `started`."""

    def work(self, program: Sequence[str] = ("-m", "tests.torture.hurried")) -> Process:
        """A worker with short patience."""
        return self.start("worker", "--concurrency", "1", program=program)

    def tell_to_end(self) -> list[float]:
        """Every worker that lives; how many seconds each took."""
        living = [each for each in self.started if each.poll() is None]
        begun = time.monotonic()
        for each in living:
            each.send_signal(signal.SIGTERM)
        took = []
        for each in living:
            each.communicate(timeout=60)
            took.append(time.monotonic() - begun)
            assert each.returncode == 0, each.said[-2000:]
            assert took[-1] <= END_SECONDS, f"{took[-1]:.1f} s\n{each.said[-2000:]}"
        return took

    def slow_wave(self, count: int, rate: float) -> int:
        """A wave to `count` people, scheduled, with so many messages a second: a story needs time to be told."""
        everybody = make.a_list(self.rt.db, "everybody", make.people(self.rt.db, count))
        plan = {"list_ids": [everybody], "gateway": "twilio", "ignore_quiet_hours": True, "rate": rate}
        return make.a_wave(self.rt.db, **plan)

    def finish_quickly(self, wave_id: int) -> None:
        """What is left of a slow wave, as fast as it goes."""
        with self.rt.db.transaction() as c:
            c.execute(text("UPDATE waves SET rate = NULL WHERE id = :id"), {"id": wave_id})
        self.until(lambda: waves.show(self.rt.db, wave_id).wave.status == "finished", 600, "the wave is finished")

    def rows(self, statement: str, **values: object) -> list:
        with self.rt.db.reading() as c:
            return c.execute(text(statement), values).all()

    def held_by(self, worker: Process) -> int:
        """How many messages are in this worker's hands, as the rows say."""
        return self._count(worker, "sending")

    def accepted_by(self, worker: Process) -> int:
        return self._count(worker, "accepted")

    def _count(self, worker: Process, status: str) -> int:
        statement = "SELECT count(*) FROM deliveries WHERE status = :status AND worker LIKE :name"
        return self.rows(statement, status=status, name=f"%:{worker.pid}:%")[0][0]

    def drop_connections(self) -> int:
        """Every connection to the database but our own ends, in the middle of whatever it does."""
        mine = "datname = current_database() AND pid <> pg_backend_pid()"
        return len(self.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))

    def until(self, found: Callable[[], object], seconds: float, what: str) -> float:
        """Waits for it; how long it took. Fails, and says how things stand, when it does not come."""
        begun = time.monotonic()
        while not found():
            assert time.monotonic() - begun < seconds, f"not within {seconds:.0f} s: {what}\n{self.state()}"
            time.sleep(0.1)
        return time.monotonic() - begun

    def state(self) -> str:
        """For whoever looks into a failure."""
        asked = (
            "SELECT status, worker, count(*) FROM deliveries GROUP BY 1, 2",
            "SELECT task_name, status::text, worker_id, count(*) FROM procrastinate_jobs GROUP BY 1, 2, 3",
            "SELECT id, now() - last_heartbeat FROM procrastinate_workers",
            "SELECT name, kind, seen_at FROM workers",
            "SELECT state, wait_event, left(query, 60), now() - xact_start FROM pg_stat_activity WHERE state <> 'idle'",
            "SELECT name, started_at, counts, error FROM job_runs ORDER BY id DESC LIMIT 20",
        )
        said = [f"{each.pid}: {each.said[-2000:]}" for each in self.started]
        return "\n".join([*(f"{each}\n  {self.rows(each)}" for each in asked), *said])

    def jobs(self) -> dict[str, int]:
        """The queue's jobs of the wave, by status."""
        return dict(self.rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"))


@contextmanager
def a_cluster(folder, url: str, server: str, **settings: str) -> Iterator[Cluster]:
    """On the database `url`; every process started is killed at the end."""
    given = settings_of(folder / "data", server, DATABASE_URL=url, RUNNER="cluster", **settings)
    rt = build(load(given, env_file=None))
    cluster = Cluster(rt, server, given, folder)
    try:
        yield cluster
    finally:
        cluster.end()
        rt.close()
