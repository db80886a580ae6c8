"""The providers' door: receipts and inbound messages, each in the provider's own format.

It stands before the pages (WSGI): thousands of requests may come in a second, each must be answered at once, and none
needs a session, a language or a page. A bad signature gets 403 and changes nothing; a repeat gets 200 and changes
nothing (unique keys see to that); unknown fields are the adapter's to ignore; a body over one megabyte gets 413.
"""

import json
import logging
import re
from collections.abc import Callable

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from db.space import is_full
from runtime import lines
from runtime.build import Runtime
from sms import gateway as sms

log = logging.getLogger(__name__)
LARGEST_BODY = 1_000_000
_SMS = re.compile(r"/hooks/sms/([a-z0-9-]+)/(receipt|inbound)")
_CHAT = re.compile(r"/hooks/(telegram|zalo|zalo-bot)")
_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", "0"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class _Request(Request):
    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY


class HookDoor:
    """A WSGI application: what is under /hooks/ it answers, everything else is the `pages`'."""

    def __init__(self, rt: Runtime, pages: Callable):
        self._rt = rt
        self._pages = pages

    def __call__(self, environ, start_response):
        if not environ.get("PATH_INFO", "").startswith("/hooks/"):
            return self._pages(environ, start_response)
        try:
            self._receive(_Request(environ))
        except HTTPException as refused:
            return _refusal(refused.code, f"http-{refused.code}", refused)(environ, start_response)
        except Exception as error:
            if is_full(error):  # the provider comes again
                log.error("the disk is full: hook %s", environ["PATH_INFO"])
                return _refusal(503, "disk-full")(environ, start_response)
            log.exception("unexpected failure at the hook %s", environ["PATH_INFO"])
            return _refusal(500, "surprise")(environ, start_response)
        start_response("200 OK", _HEADERS)
        return [b""]

    def _receive(self, request: Request) -> None:
        if through := _SMS.fullmatch(request.path):
            name, kind = through.groups()
            gateway = self._rt.gateways[name] if name in self._rt.gateways else _refuse(NotFound())
            (self._take_receipts if kind == "receipt" else self._hear)(gateway, request)
        elif through := _CHAT.fullmatch(request.path):
            self._take_chat(through[1], request)
        else:
            raise NotFound

    def _take_receipts(self, gateway: sms.Gateway, request: Request) -> None:
        if receipts := self._read(gateway.read_receipts, request, gateway.traits.receipts_by):
            self._rt.receipts.take(gateway.name, receipts, self._rt.clock())

    def _hear(self, gateway: sms.Gateway, request: Request) -> None:
        for message in self._read(gateway.read_inbound, request, gateway.traits.inbound_by):
            lines.hear(self._rt.db, gateway.name, message, self._rt.clock(), self._rt.wake)

    def _take_chat(self, platform: str, request: Request) -> None:
        """Stored, then answered at once, empty and whatever the load: what follows from it is a task's."""
        door = self._rt.platforms[platform] if platform in self._rt.platforms else _refuse(NotFound())
        if incoming := self._read(door.receive, request, "POST"):
            self._rt.arrivals.take(platform, incoming, self._rt.clock())

    def _read(self, reader: Callable[[sms.HookRequest], list], request: Request, method: str) -> list:
        if request.method != method:
            raise MethodNotAllowed([method])
        try:
            return reader(self._as_values(request))
        except sms.BadSignature:
            raise Forbidden from None
        except sms.BadRequest:
            raise BadRequest from None

    def _as_values(self, request: Request) -> sms.HookRequest:
        """The request as plain values; its URL as the provider called it, which is what providers sign."""
        body = request.get_data(cache=True)
        if request.content_length is None and len(body) >= LARGEST_BODY:
            raise RequestEntityTooLarge  # it came in pieces of unknown number; reading stopped at the limit unsaid
        query = request.query_string.decode("ascii", "replace")
        environ = request.environ
        path = environ.get("REQUEST_URI", environ.get("RAW_URI", request.path)).partition("?")[0]
        return sms.HookRequest(
            method=request.method,
            url=self._rt.settings.public_url + path + (f"?{query}" if query else ""),
            headers=dict(request.headers),
            form=request.form.to_dict(),
            query=request.args.to_dict(),
            body=body,
        )


def _refuse(error: HTTPException):
    raise error


def _refusal(status: int | None, code: str, error: HTTPException | None = None) -> Response:
    """Machines get JSON: which of our errors it was, and no more."""
    answer = Response(json.dumps({"error": code}), status=status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer
