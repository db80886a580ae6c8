"""What a segment costs, by gateway and carrier, from which day; what a pound is worth. Prices that held stay."""

import re
from collections.abc import Callable
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import prices
from campaigns.pacing import ZONE
from messages.errors import Mistake
from sms import numbers
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.words import CARRIERS

bp = Blueprint("prices", __name__, url_prefix="/prices")
#: Whole đồng, with or without marks between thousands.
_AMOUNT = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d+")


@bp.get("")
@access("read")
def index():
    return _page()


@bp.post("")
@access("waves")
def put():
    return _kept(_put_price, _("The price is written down."))


@bp.post("/rates")
@access("waves")
def put_rate():
    return _kept(_put_rate, _("The rate of exchange is written down."))


def _kept(put_down: Callable[[], None], words: str):
    try:
        put_down()
    except Mistake as mistake:
        return _page(told(mistake)), status_of(mistake)
    flash(words, "good")
    return redirect(url_for("prices.index"), 303)


def _put_price() -> None:
    gateway, carrier = request.form.get("gateway", ""), request.form.get("carrier", prices.ANY)
    if gateway not in rt.gateways:
        raise Mistake("gateway-unknown", name=gateway, known=", ".join(rt.gateways))
    if carrier not in dict(_carriers()):
        raise Mistake("price-carrier-wrong", carrier=carrier)
    amount = _amount(request.form.get("price", ""))
    prices.put(rt.db, gateway=gateway, carrier=carrier, vnd_per_segment=amount, **_rest())


def _put_rate() -> None:
    prices.put_rate(rt.db, vnd=_amount(request.form.get("rate", "")), **_rest())


def _rest() -> dict:
    return {
        "valid_from": _day(request.form.get("from", "")),
        "note": request.form.get("note", ""),
        "by": officer.id,
        "now": now(),
    }


def _amount(text: str) -> int:
    text = text.strip().removesuffix("₫").strip()
    if not _AMOUNT.fullmatch(text) or len(text) > 15:
        raise Mistake("price-number-wrong", text=text[:40])
    return int(re.sub(r"\D", "", text))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Mistake("price-day-wrong") from error


def _page(mistake: str = ""):
    today = now().astimezone(ZONE).date()
    written = prices.table(rt.db)
    by_gateway = {name: _rows(list(those), today) for name, those in groupby(written, lambda each: each.gateway)}
    form = {name: request.form.get(name, "") for name in ("gateway", "carrier", "price", "rate", "from", "note")}
    return render_template(
        "prices/index.html",
        mistake=mistake,
        form={**form, "from": form["from"] or today.isoformat(), "carrier": form["carrier"] or prices.ANY},
        gateways=[(name, name) for name in rt.gateways],
        carriers=_carriers(),
        prices=by_gateway,
        rates=_rows(prices.rates(rt.db), today),
    )


def _rows(written: list, today: date) -> list[tuple]:
    """(price or rate, "coming" | "now" | "past"): of each carrier, the newest that has begun holds now."""
    found, held = [], set()
    for each in written:  # of one carrier, the newest day first
        key = getattr(each, "carrier", None)
        stands = "coming" if each.valid_from > today else "past" if key in held else "now"
        if stands == "now":
            held.add(key)
        found.append((each, stands))
    return found


def _carriers() -> list[tuple[str, str]]:
    names = [prices.ANY, *numbers.carriers(), "unknown"]
    return [(name, str(CARRIERS.get(name, name))) for name in names]
