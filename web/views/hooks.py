"""The providers' door: receipts and inbound messages, each in the provider's own format.

A bad signature gets 403 and changes nothing; a repeat gets 200 and changes nothing (unique keys see to that);
unknown fields are the adapter's to ignore; a body over one megabyte gets 413.
"""

from flask import Blueprint, abort, request

from bots import inbox
from campaigns import deliveries
from sms.gateway import BadRequest, BadSignature, Gateway, HookRequest
from web.access import access
from web.here import now, rt

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
LARGEST_BODY = 1_000_000


@bp.before_request
def _limit():
    request.max_content_length = LARGEST_BODY
    request.max_form_memory_size = LARGEST_BODY


@bp.post("/sms/<gateway>/receipt")
@access("public")
def receipt(gateway: str):
    receipts = _read(_gateway(gateway).read_receipts)
    deliveries.receive_receipts(rt.db, gateway=gateway, receipts=receipts, now=now())
    return _done()


@bp.post("/sms/<gateway>/inbound")
@access("public")
def inbound(gateway: str):
    for message in _read(_gateway(gateway).read_inbound):
        inbox.receive(
            rt.db,
            platform="sms",
            address=message.sender,
            text=message.text,
            gateway=gateway,
            provider_id=f"{gateway}:{message.provider_id}",
            now=now(),
        )
    rt.wake.set()
    return _done()


@bp.post("/<any(telegram, zalo, 'zalo-bot'):platform>")
@access("public")
def chat(platform: str):
    """Stored, then answered at once, empty and whatever the load: what follows from it is a task's."""
    door = rt.platforms[platform] if platform in rt.platforms else abort(404)
    if incoming := _read(door.receive):
        rt.arrivals.take(platform, incoming, now())
    return _done()


def _gateway(name: str) -> Gateway:
    return rt.gateways[name] if name in rt.gateways else abort(404)


def _read(reader) -> list:
    try:
        return reader(_as_values())
    except BadSignature:
        abort(403)
    except BadRequest:
        abort(400)


def _as_values() -> HookRequest:
    """The request as plain values; its URL as the provider called it, which is what providers sign."""
    body = request.get_data(cache=True)
    if request.content_length is None and len(body) >= LARGEST_BODY:
        abort(413)  # it came in pieces of unknown number, and reading stopped at the limit without a word
    query = request.query_string.decode("ascii", "replace")
    path = request.environ.get("REQUEST_URI", request.environ.get("RAW_URI", request.path)).partition("?")[0]
    return HookRequest(
        method=request.method,
        url=rt.settings.public_url + path + (f"?{query}" if query else ""),
        headers=dict(request.headers),
        form=request.form.to_dict(),
        query=request.args.to_dict(),
        body=body,
    )


def _done():
    return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
