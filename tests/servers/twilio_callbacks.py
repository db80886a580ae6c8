"""Twilio's status callbacks: signed form posts, in a thread of their own, a little later."""

import http.client
import queue
import threading
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator


class Callbacks:
    """Posts `statuses` for every message to `to` (scheme://host:port), signed for the URL we were given.

    `deliver` posts what has gathered and returns the answers; without `by_itself` a test calls it when it likes.
    """

    def __init__(
        self, auth_token: str, to: str, statuses: tuple[str, ...] = ("sent", "delivered"), by_itself: bool = True
    ):
        self._validator = RequestValidator(auth_token)
        self._to = urlsplit(to)
        self._statuses = statuses
        self._waiting: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        if by_itself:
            threading.Thread(target=self._forever, name="twilio-callbacks", daemon=True).start()

    def will_come(self, url: str, message: dict) -> None:
        for status in self._statuses:
            fields = {
                "AccountSid": message["account_sid"], "ApiVersion": "2010-04-01", "From": message["from"] or "",
                "MessageSid": message["sid"], "MessageStatus": status, "SmsSid": message["sid"], "SmsStatus": status,
                "To": message["to"],
            }  # fmt: skip
            self._waiting.put((url, fields))

    def deliver(self) -> list[int]:
        """Posts everything that is waiting; the HTTP statuses of the answers."""
        answers = []
        connection = http.client.HTTPConnection(self._to.hostname, self._to.port, timeout=10)
        while not self._waiting.empty():
            answers.append(self._post(connection, *self._waiting.get()))
        connection.close()
        return answers

    def _forever(self) -> None:
        connection = http.client.HTTPConnection(self._to.hostname, self._to.port, timeout=10)
        while True:
            try:
                self._post(connection, *self._waiting.get())
            except OSError:
                connection.close()

    def _post(self, connection: http.client.HTTPConnection, url: str, fields: dict[str, str]) -> int:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": self._validator.compute_signature(url, fields),
        }
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
