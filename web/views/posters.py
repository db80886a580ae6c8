"""Posters for communes: one A4 page each, with the ways to ask as QR codes and the lines that help."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, render_template, request, stream_template
from flask_babel import gettext as _

from campaigns import areas, atlas
from campaigns.places import Unit
from messages import posters
from messages.errors import Mistake
from runtime.doors import for_everybody
from web import listing, qr
from web.access import access
from web.errors import status_of, told
from web.here import now, rt

bp = Blueprint("posters", __name__, url_prefix="/posters")
#: Posters are read in Vietnamese; a line says it in English too.
LANGUAGE, OTHER = "vi", "en"
#: What each square is made from.
_SETTING = {"web": "PUBLIC_URL", "zalo": "ZALO_OA_ID", "sms": "SMS_NUMBER"}


@dataclass(frozen=True)
class Way:
    """A way to ask: its name, what its QR code says, and what is printed below for who cannot scan."""

    name: str
    address: str
    printed: str


@bp.get("")
@access("read")
def index():
    return _page()


def _page(wrong: str = ""):
    areas.ensure_loaded(rt.db, now=now())
    find = request.args.get("find", "").strip()
    return render_template(
        "posters/index.html",
        tabs=listing.tabs(),
        provinces=atlas.atlas(rt.db).provinces,
        find=find,
        found=atlas.search(rt.db, find) if find else (),
        shown=_what_is_shown(),
        on_trial=on_trial(),
        wrong=wrong,
    )


@bp.get("/print")
@access("read")
def sheets():
    """The pages of the communes that `area` names (a commune, a former district, a province; several times)."""
    try:
        communes = _chosen()
        _must_fit(communes[0].code)
    except Mistake as mistake:
        return _page(told(mistake)), status_of(mistake)
    return stream_template(
        "posters/print.html",
        communes=communes,
        ways=ways,
        qr=qr.drawing,
        line=lambda name, **values: posters.line(name, LANGUAGE, **values),
        other=lambda name: posters.line(name, OTHER),
        run_by=rt.settings["RUN_BY"],
        on_trial=on_trial(),
    )


def _chosen() -> Sequence[Unit]:
    chosen = request.args.getlist("area")
    if not chosen:
        raise Mistake("poster-areas-missing")
    return areas.communes_in(rt.db, chosen)


def _must_fit(commune: str) -> None:
    """Raises Mistake: poster-code-too-long. Before anything is drawn: a page that breaks off cannot say why."""
    for way in ways(commune):
        if len(way.address) > qr.LONGEST:
            raise Mistake("poster-code-too-long", setting=_SETTING[way.name], most=qr.LONGEST)


def ways(commune: str) -> Sequence[Way]:
    """The ways to ask that are set up, on the poster of the commune with this code."""
    base, zalo, number = rt.settings.public_url, rt.settings["ZALO_OA_ID"], rt.settings["SMS_NUMBER"]
    found = [Way("web", f"{base}/chat?c={quote(commune)}", f"{base.partition('://')[2]}/chat")]
    if zalo:
        found.append(Way("zalo", f"https://zalo.me/{quote(zalo)}", f"zalo.me/{zalo}"))
    if number:
        message = f"sms:{quote(number, safe='+')}?body={quote(posters.line('sms_body', LANGUAGE))}"
        found.append(Way("sms", message, posters.line("sms_to", LANGUAGE, number=number)))
    return found


def on_trial() -> bool:
    """Without a public address the code leads only to this machine, or to this house."""
    return not (rt.settings["PUBLIC_URL"] and for_everybody(rt.settings.public_url))


def _what_is_shown() -> list[tuple[str, bool, str]]:
    """What stands on the poster: its name, whether it is set up, and the setting it takes."""
    settings = rt.settings
    return [
        (_("Web chat"), not on_trial(), "PUBLIC_URL"),
        ("Zalo", bool(settings["ZALO_OA_ID"]), "ZALO_OA_ID"),
        (_("Text message (SMS)"), bool(settings["SMS_NUMBER"]), "SMS_NUMBER"),
        (_("The office that runs the service"), bool(settings["RUN_BY"]), "RUN_BY"),
    ]
