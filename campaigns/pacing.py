"""When messages may go out and how fast: quiet hours, rates, back-off. Pure arithmetic.

Hours are those of the reader's day: 07:00 to 22:00, the hours of advertising texts (fact sms-hours); every wave is held
to them, advert or not. Here a day is one clock's; whose clock it is, and holidays, stand in campaigns.hours.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sms.gateway import Traits

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS = time(7, 0)
CLOSES = time(22, 0)

#: A call to a provider is taken to last this long where no contract rate is known, in seconds.
ASSUMED_CALL = 0.1

#: Of the calls that a provider allows, so much is made use of.
CALLS_USED = 0.95

#: Back-off of a message that is tried again: seconds before the second attempt, growth, the longest wait, and how
#: many attempts there are (2 + 4 + … + 128 s: about four minutes in all).
FIRST_WAIT = 2.0
GROWTH = 2.0
LONGEST_WAIT = 600.0
MOST_ATTEMPTS = 8
#: A message that never left because nobody answered there waits longer for the gateway: some fifteen hours in all, a
#: day's opening.
MOST_ATTEMPTS_DOWN = 120

#: Nobody waits longer for another attempt, whatever the provider wants, in seconds: what is due later than that was put
#: off by a clock that ran ahead.
MOST_WAIT = 3600.0

#: A clock that ran ahead by more than this and was set back is not waited for, in seconds.
CLOCK_STEP = 60.0


def is_open(now: datetime, clock: ZoneInfo = ZONE) -> bool:
    """Whether messages may go out at `now`."""
    return OPENS <= now.astimezone(clock).time() < CLOSES


def next_opening(now: datetime, clock: ZoneInfo = ZONE) -> datetime:
    """`now` when it is within the hours, else the next 07:00."""
    if is_open(now, clock):
        return now
    local = now.astimezone(clock)
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, clock).astimezone(now.tzinfo)


def closing(now: datetime, clock: ZoneInfo = ZONE) -> datetime:
    """The 22:00 that ends the hours `now` lies in; only for a moment within the hours."""
    return datetime.combine(now.astimezone(clock).date(), CLOSES, clock).astimezone(now.tzinfo)


def day_of(moment: datetime) -> str:
    """The day in Vietnam, as limits of a day count it.

    >>> day_of(datetime(2026, 11, 24, 18, 0, tzinfo=ZoneInfo("UTC")))
    '2026-11-25'
    """
    return moment.astimezone(ZONE).date().isoformat()


def next_day(moment: datetime) -> datetime:
    """The next midnight in Vietnam."""
    tomorrow = moment.astimezone(ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZONE).astimezone(moment.tzinfo)


def ends(start: datetime, count: int, rate: float, *, ignore_quiet_hours: bool = False) -> datetime:
    """When `count` messages at `rate` a second have gone out if the first leaves at `start`: nights are slept
    through.
    """
    left = timedelta(seconds=count / rate)
    if ignore_quiet_hours:
        return start + left
    moment = next_opening(start)
    while left > closing(moment) - moment:
        left -= closing(moment) - moment
        moment = next_opening(closing(moment))
    return moment + left


def expected_rate(contract: float | None, own: float | None, at_once: int) -> float:
    """Messages a second to count with: the lowest of the gateway's contract, the wave's own rate and what `at_once`
    messages in each round of calls can bring.
    """
    return min([rate for rate in (contract, own) if rate] + [at_once / ASSUMED_CALL])


def calls_per_second(per_minute: float) -> float:
    """How many calls to make where so many a minute are allowed. Those that are made evenly do not arrive evenly: some
    of the allowed ones are kept back.
    """
    return per_minute / 60 * CALLS_USED


def of_a_call(traits: Traits, *, personal: bool = False) -> int:
    """How many messages one call carries at most; `personal`: no two of them say the same."""
    return 1 if personal and traits.one_text_per_call else traits.recipients_per_call


def speed(traits: Traits, own: float | None = None, *, personal: bool = False) -> float:
    """Messages a second to count with, of a wave with a rate of its `own` or none, `personal` or the same for all."""
    each = of_a_call(traits, personal=personal)
    calls = traits.calls_per_minute and each * calls_per_second(traits.calls_per_minute)
    contract = min([rate for rate in (traits.rate, calls) if rate], default=None)
    return expected_rate(contract, own, traits.concurrency * each)


@dataclass(frozen=True)
class Bucket:
    """Tokens left at a moment. It may go below zero: a reply to a person goes out at once and bulk waits for it."""

    tokens: float
    at: datetime


def refilled(bucket: Bucket | None, rate: float, now: datetime, most: float | None = None) -> Bucket:
    """The bucket at `now`: it fills at `rate` a second up to `most`, or else one second's worth (at least one token);
    None = full.
    """
    most = most or max(1.0, rate)
    if bucket is None:
        return Bucket(most, now)
    passed = (now - bucket.at).total_seconds()
    if passed < -CLOCK_STEP:
        return Bucket(min(bucket.tokens, most), now)
    if passed <= 0:
        return bucket
    return Bucket(min(most, bucket.tokens + passed * rate), now)


def whole_tokens(bucket: Bucket) -> int:
    """How many messages may go now."""
    return max(0, int(bucket.tokens))


def overdrawn(bucket: Bucket, count: int) -> Bucket:
    """The bucket without the tokens of `count` messages, which may leave it below zero."""
    return Bucket(bucket.tokens - count, bucket.at)


def back_off(attempts: int, chance: float, asked: float | None = None) -> float:
    """Seconds to wait after the `attempts`-th failed attempt: exponential, bounded, the upper half random.

    `chance` in 0..1 spreads messages that failed together; `asked` is what the provider wants (Retry-After).
    """
    full = min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** (min(attempts, 30) - 1))
    return max(full * (0.5 + chance / 2), min(asked or 0.0, MOST_WAIT))
