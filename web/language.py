"""Which language a reader gets, and numbers, money and times in that language's form."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.dates import format_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from staff import accounts
from web.access import access
from web.here import officer, reader, rt

LANGUAGES = ("vi", "en")
COOKIE = "lang"
bp = Blueprint("language", __name__, url_prefix="/language")
#: How a moment is written (LOOKS: "thứ Ba, 24/11/2026, 08:00" and "Tue 24 Nov 2026, 08:00").
_MOMENT = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEE d MMM yyyy, HH:mm"}
_DAY = {"vi": "EEEE, dd/MM/yyyy", "en": "EEE d MMM yyyy"}
_SHORT = {"vi": "HH:mm dd/MM", "en": "HH:mm, d MMM"}
_WEEKDAY = {"vi": "EEE dd/MM", "en": "EEE d MMM"}


def choose() -> str:
    """Asked for in the address → the signed-in person's → the cookie → the browser's → Vietnamese."""
    asked = request.args.get("lang")
    for language in (asked, officer.language if officer else None, request.cookies.get(COOKIE)):
        if language in LANGUAGES:
            return language
    return request.accept_languages.best_match(LANGUAGES, default="vi")


@bp.post("")
@access("public")
def change():
    """Keeps the choice: with the person when somebody is signed in, else in a cookie."""
    language = request.form.get("lang") if request.form.get("lang") in LANGUAGES else "vi"
    answer = redirect(_without_language(local_path(request.form.get("back"))), 303)
    if officer:
        accounts.set_language(rt.db, staff_id=officer.id, language=language)
    else:
        _keep(answer, language)
    return answer


def _without_language(path: str) -> str:
    """The address without `lang`, which would speak louder than the choice."""
    parts = urlsplit(path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return urlunsplit(("", "", parts.path, urlencode(kept), ""))


def here() -> str:
    """The address of this page, to come back to; the home page when this answers a form."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def local_path(path: str | None) -> str:
    """`path` when it leads to a page of this site, else the home page: a link may not send people elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return "/"
    # Browsers drop tabs and line ends, and read a backslash as a slash: "/<tab>/evil.example" would leave.
    return "/" if "\\" in path or any(letter <= " " or letter == "\x7f" for letter in path) else path


def install(app: Flask) -> None:
    app.jinja_env.filters.update(
        number=number, money=money, both=both, pounds=pounds, percent=percent, lasting=lasting,
        moment=moment, day=day, short=short, calendar=calendar,
    )  # fmt: skip
    app.context_processor(lambda: {"language": reader(), "here": here})


def number(value: float, digits: int = 0) -> str:
    """1.234.567 or 1,234,567."""
    return _decimal(round(value, digits) or 0, reader())


def money(vnd: float) -> str:
    """Vietnamese đồng without fractions: 1.234.567 ₫."""
    return format_currency(round(vnd), "VND", locale=get_locale(), format="#,##0\u00a0¤")


def both(vnd: float | None, rate: int | None) -> str:
    """Đồng and, where the rate (VND for a pound) is known, pounds: 1.234.567 ₫ (£36,29); a dash for no price."""
    if vnd is None:
        return "–"
    if not rate:
        return money(vnd)
    return f"{money(vnd)} ({pounds(vnd, rate)})"


def pounds(vnd: float, rate: int) -> str:
    """£36,29 or £36.29, at `rate` VND for a pound."""
    return format_currency(vnd / rate, "GBP", locale=get_locale(), format="¤#,##0.00")


def percent(part: float, whole: float, digits: int = 0) -> str:
    """97 %, or a dash when there is nothing to measure against."""
    if not whole:
        return "–"
    return _percent(round(part / whole, digits + 2) or 0, reader())


#: A page of figures writes some thousand shares and numbers, the same few again and again.
_WRITTEN = 20_000


@lru_cache(_WRITTEN)
def _decimal(value: float, language: str) -> str:
    return format_decimal(value, locale=language)


@lru_cache(_WRITTEN)
def _percent(share: float, language: str) -> str:
    return format_percent(share, locale=language, decimal_quantization=False)


def moment(at: datetime | None) -> str:
    return _written(at, _MOMENT)


def day(at: datetime | None) -> str:
    return _written(at, _DAY)


def short(at: datetime | None) -> str:
    """Hour and day, for a table's column."""
    return _written(at, _SHORT)


def _written(at: datetime | None, patterns: dict[str, str]) -> str:
    if at is None:
        return "–"
    words = babel_datetime(at, patterns[reader()], tzinfo=get_timezone(), locale=get_locale())
    # In Vietnamese a day of the week is written small inside a line ("thứ Ba"); Sunday alone is "Chủ nhật".
    return words.replace("Thứ", "thứ").replace("Chủ Nhật", "Chủ nhật") if reader() == "vi" else words


def calendar(on: date) -> str:
    """A day without its weekday, for a table: 24/11/2026 or 24 Nov 2026."""
    return format_date(on, {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}[reader()], locale=get_locale())


def weekday(on: date) -> str:
    """A day of the calendar, for the edge of a drawing: "T3 24/11"."""
    return format_date(on, _WEEKDAY[reader()], locale=get_locale()).replace("Th ", "T")


def lasting(span: timedelta | float | None) -> str:
    """A length of time in words, rounded to what one would say: "12 phút", "3 giờ 20 phút"."""
    if span is None:
        return "–"
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    if seconds < 60:
        return ngettext("%(num)s second", "%(num)s seconds", max(seconds, 0))
    hours, minutes = divmod((seconds + 30) // 60, 60)
    if hours >= 48:
        return ngettext("%(num)s day", "%(num)s days", round(hours / 24))
    told = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    told += [ngettext("%(num)s minute", "%(num)s minutes", minutes)] if minutes else []
    return " ".join(told) or _("0 minutes")


def _keep(answer: Response, language: str) -> None:
    answer.set_cookie(
        COOKIE,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
