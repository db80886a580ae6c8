"""eSMS's callbacks: unsigned GETs to the address each message named, repeated up to five times without an answer."""

import http.client
import queue
import threading
from urllib.parse import urlencode, urlsplit

#: (SendStatus, SendSuccess, SendFailed): at the operator, then finished and arrived.
ARRIVED = (("7", 0, 0), ("5", 1, 0))
FAILED = (("7", 0, 0), ("5", 0, 1))
MOST_TRIES = 5


def fields(message: dict, status: str, success: int, failed: int) -> dict[str, str]:
    """What a callback says of a message, as its query."""
    return {
        "SMSID": message["SMSID"], "SendFailed": str(failed), "SendStatus": status, "SendSuccess": str(success),
        "TotalPrice": "850.0000", "TotalReceiver": "1", "TotalSent": "1", "RequestId": message.get("RequestId", ""),
        "TypeId": message.get("SmsType", "2"), "telcoid": "1", "phonenumber": message.get("Phone", ""),
    }  # fmt: skip


class Callbacks:
    """Calls the server `to` (scheme://host:port) with `reports` for every message, in the path and query that it named.

    `deliver` calls for what has gathered and returns the answers; without `by_itself` a test calls it when it likes.
    """

    def __init__(self, to: str, reports: tuple = ARRIVED, by_itself: bool = True, timeout: float = 10.0):
        self._to = urlsplit(to)
        self._reports = reports
        self._timeout = timeout
        self._waiting: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        #: How often each callback was tried, in order.
        self.tries: list[int] = []
        if by_itself:
            threading.Thread(target=self._forever, name="esms-callbacks", daemon=True).start()

    def will_come(self, url: str, message: dict) -> None:
        for report in self._reports:
            self._waiting.put((url, fields(message, *report)))

    def deliver(self) -> list[int | None]:
        """Calls for everything that is waiting; the HTTP status of each, None when no try was answered."""
        answers = []
        while not self._waiting.empty():
            answers.append(self._call(*self._waiting.get()))
        return answers

    def _forever(self) -> None:
        while True:
            self._call(*self._waiting.get())

    def _call(self, url: str, query: dict[str, str]) -> int | None:
        for n in range(1, MOST_TRIES + 1):
            try:
                status = self._get(url, query)
            except OSError:
                continue
            self.tries.append(n)
            return status
        self.tries.append(MOST_TRIES)
        return None

    def _get(self, url: str, query: dict[str, str]) -> int:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(self._to.hostname, self._to.port, timeout=self._timeout)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}&{urlencode(query)}")
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()
