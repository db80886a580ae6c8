"""Whose day it is: when a reader may be written to, by the clock and the holidays of the country they are in. Pure.

07:00 to 22:00 of the reader's own day (fact sms-hours), and not on a public holiday unless the plan says so. `zone` is
the country a delivery carries: None for Vietnam, so that a wave at home has nothing to look up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns import holidays, pacing

HOME = holidays.VIETNAM
#: A wave that is due later than this before the hours end begins the next morning: whoever would get it at 21:58 may
#: as well get it at breakfast, and a wave cut in two by the night is harder to watch.
LAST_START = timedelta(minutes=10)
#: No run of closed days is longer (Tết takes nine): whoever looks further looks for ever.
MOST_CLOSED = 40

#: Country → its zone, for countries Vietnamese people work and live in. Where a country has several, the outermost in
#: the east and in the west: whoever may be in either is written to while it is day in both.
CLOCKS: Mapping[str, tuple[str, ...]] = {
    "GB": ("Europe/London",), "IE": ("Europe/Dublin",), "FR": ("Europe/Paris",), "DE": ("Europe/Berlin",),
    "BE": ("Europe/Brussels",), "NL": ("Europe/Amsterdam",), "LU": ("Europe/Luxembourg",), "AT": ("Europe/Vienna",),
    "CH": ("Europe/Zurich",), "IT": ("Europe/Rome",), "ES": ("Atlantic/Canary", "Europe/Madrid"),
    "PT": ("Atlantic/Azores", "Europe/Lisbon"), "PL": ("Europe/Warsaw",), "CZ": ("Europe/Prague",),
    "SK": ("Europe/Bratislava",), "HU": ("Europe/Budapest",), "RO": ("Europe/Bucharest",), "BG": ("Europe/Sofia",),
    "RS": ("Europe/Belgrade",), "HR": ("Europe/Zagreb",), "SI": ("Europe/Ljubljana",), "GR": ("Europe/Athens",),
    "CY": ("Asia/Nicosia",), "MT": ("Europe/Malta",), "DK": ("Europe/Copenhagen",), "SE": ("Europe/Stockholm",),
    "NO": ("Europe/Oslo",), "FI": ("Europe/Helsinki",), "EE": ("Europe/Tallinn",), "LV": ("Europe/Riga",),
    "LT": ("Europe/Vilnius",), "UA": ("Europe/Kyiv",), "BY": ("Europe/Minsk",), "MD": ("Europe/Chisinau",),
    "RU": ("Europe/Kaliningrad", "Asia/Vladivostok"), "TR": ("Europe/Istanbul",),
    "JP": ("Asia/Tokyo",), "KR": ("Asia/Seoul",), "TW": ("Asia/Taipei",), "CN": ("Asia/Shanghai",),
    "HK": ("Asia/Hong_Kong",), "MO": ("Asia/Macau",), "SG": ("Asia/Singapore",), "MY": ("Asia/Kuala_Lumpur",),
    "TH": ("Asia/Bangkok",), "KH": ("Asia/Phnom_Penh",), "LA": ("Asia/Vientiane",), "MM": ("Asia/Yangon",),
    "PH": ("Asia/Manila",), "BN": ("Asia/Brunei",), "ID": ("Asia/Jakarta", "Asia/Jayapura"), "IN": ("Asia/Kolkata",),
    "AE": ("Asia/Dubai",), "SA": ("Asia/Riyadh",), "QA": ("Asia/Qatar",), "KW": ("Asia/Kuwait",),
    "BH": ("Asia/Bahrain",), "OM": ("Asia/Muscat",), "JO": ("Asia/Amman",), "LB": ("Asia/Beirut",),
    "IL": ("Asia/Jerusalem",), "DZ": ("Africa/Algiers",), "LY": ("Africa/Tripoli",), "EG": ("Africa/Cairo",),
    "AO": ("Africa/Luanda",), "MZ": ("Africa/Maputo",), "NG": ("Africa/Lagos",), "ZA": ("Africa/Johannesburg",),
    "US": ("Pacific/Honolulu", "America/New_York"), "CA": ("America/Vancouver", "America/St_Johns"),
    "MX": ("America/Tijuana", "America/Cancun"), "AU": ("Australia/Perth", "Australia/Sydney"),
    "NZ": ("Pacific/Auckland",),
}


def clocks(zone: str | None) -> tuple[ZoneInfo, ...]:
    """The clocks of a country; a country that is not in the table keeps Vietnam's."""
    return tuple(map(ZoneInfo, CLOCKS.get(zone or HOME, ()))) or (pacing.ZONE,)


@dataclass(frozen=True)
class Hours:
    """The hours of one wave. `restless`: neither nights nor holidays hold (an exercise that reaches nobody, or what the
    operator of the machine answers for). `on_holidays`: an officer chose to send on holidays too.
    """

    restless: bool = False
    on_holidays: bool = False

    def is_open(self, now: datetime, zone: str | None = None) -> bool:
        """Whether messages may go out `now` to readers in `zone`."""
        return self.restless or all(self._open_by(clock, now, zone) for clock in clocks(zone))

    def why_closed(self, now: datetime, zone: str | None = None) -> str | None:
        """ "holiday", "quiet-hours", or None while it is open."""
        if self.is_open(now, zone):
            return None
        return "holiday" if any(self._is_free(clock, now, zone) for clock in clocks(zone)) else "quiet-hours"

    def next_opening(self, now: datetime, zone: str | None = None) -> datetime:
        """`now` while it is open, else when it opens next."""
        moment, those = now, clocks(zone)
        for _ in range(MOST_CLOSED):
            closed = next((clock for clock in those if not self._open_by(clock, moment, zone)), None)
            if self.restless or closed is None:
                break
            moment = self._morning(closed, moment, zone)
        return moment

    def closing(self, now: datetime, zone: str | None = None) -> datetime:
        """The end of the hours `now` lies in; a restless wave's day never ends."""
        if self.restless:
            return datetime.max.replace(tzinfo=now.tzinfo)
        return min(pacing.closing(now, clock) for clock in clocks(zone))

    def of_day(self, day: date, zone: str | None = None) -> tuple[datetime, datetime] | None:
        """From when to when messages may go out to `zone` on a day of its calendar, in UTC; None = not at all."""
        those = clocks(zone)
        if not self.restless and not self.on_holidays and holidays.on(day, zone or HOME):
            return None
        opens, closes = (time(), time.max) if self.restless else (pacing.OPENS, pacing.CLOSES)
        first = max(datetime.combine(day, opens, clock) for clock in those).astimezone(UTC)
        last = min(datetime.combine(day, closes, clock) for clock in those).astimezone(UTC)
        return (first, last) if first < last else None

    def may_start(self, now: datetime, zone: str | None = None) -> bool:
        """Whether a wave may begin `now` with readers in `zone`: it is open, and will be for a while."""
        return self.is_open(now, zone) and self.closing(now, zone) - now >= LAST_START

    def next_start(self, now: datetime, zone: str | None = None) -> datetime:
        """`now` when a wave may begin, else when it may."""
        moment = self.next_opening(now, zone)
        return moment if self.may_start(moment, zone) else self.next_opening(self.closing(moment, zone), zone)

    def _open_by(self, clock: ZoneInfo, now: datetime, zone: str | None) -> bool:
        return pacing.is_open(now, clock) and not self._is_free(clock, now, zone)

    def _is_free(self, clock: ZoneInfo, now: datetime, zone: str | None) -> bool:
        return not self.on_holidays and holidays.on(now.astimezone(clock).date(), zone or HOME)

    def _morning(self, clock: ZoneInfo, now: datetime, zone: str | None) -> datetime:
        """The next opening by this clock, which is closed now."""
        if not pacing.is_open(now, clock):
            return pacing.next_opening(now, clock)
        tomorrow = now.astimezone(clock).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(pacing.OPENS.hour), clock).astimezone(now.tzinfo)


def slept_through(begins: datetime, ends: datetime, zones: Iterable[str | None], hours: Hours) -> tuple[int, list]:
    """(nights, holidays as (ISO day, country)) of these zones between two moments that a wave waits for."""
    if hours.restless:
        return 0, []
    first, last = begins.astimezone(pacing.ZONE).date(), ends.astimezone(pacing.ZONE).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    free = () if hours.on_holidays else days
    countries = sorted({zone or HOME for zone in zones})
    return len(days) - 1, [(day.isoformat(), where) for day in free for where in countries if holidays.on(day, where)]
