"""What a plan that is still being made would do: whom it reaches, in which words and hours, for how much.

Nothing is kept. What cannot be read yet (a rate half typed) is left out here and told when the plan is saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from campaigns import audience, authoring, costs, links, lists, pacing, prices, programme, readers, routing, spending
from campaigns.audience import Counted
from campaigns.costs import FormCost, People, Person
from campaigns.deliveries import wordings
from campaigns.deliveries.script import Script
from campaigns.forecast import Pace, Stretch, stretches
from campaigns.hours import Hours
from campaigns.model import Form, Texts
from messages.errors import Mistake
from sms.gateway import Traits
from web import plans
from web.errors import told
from web.here import rt
from web.ids import id_of
from web.strip import Strip, strip
from web.words import FORMS

#: Personal texts are written out for so many people while somebody chooses; saving looks at more.
LOOKED_AT = 200
#: Lists of up to so many people are counted before the page is shown.
COUNTED = 20_000


@dataclass(frozen=True)
class Money:
    """In VND; None = no limit, or a price is missing. `rate` is VND for a pound. The `after`s are what is left."""

    cost: int | None = None
    rate: int | None = None
    budget: int | None = None
    campaign_left: int | None = None

    @property
    def after(self) -> int | None:
        return None if None in (self.budget, self.cost) else self.budget - self.cost

    @property
    def campaign_after(self) -> int | None:
        return None if None in (self.campaign_left, self.cost) else self.campaign_left - self.cost


@dataclass(frozen=True)
class Column:
    """One of the three prices: VND of one message and of the whole audience, None where no price is known. `best`: the
    cheaper of the two Vietnamese texts.
    """

    words: str
    segments: int = 0
    one: float | None = None
    whole: int | None = None
    best: bool = False


@dataclass(frozen=True)
class Outlook:
    """`trouble` is why nobody was counted, `later` that they are yet to be; `bodies` are the bubbles on the phone."""

    gateway: str
    counted: Counted | None = None
    later: bool = False
    trouble: str = ""
    bodies: Sequence[tuple[str, str]] = ()
    columns: Sequence[Column] = ()
    exact: bool = True
    strip: Strip = field(default_factory=lambda: Strip(()))
    starts: datetime | None = None
    ends: datetime | None = None
    money: Money = Money()


def outlook(plan: Mapping, now: datetime, *, at_once: bool = True) -> Outlook:
    """Of a form as plans.given read it. Without `at_once` many people are not counted: the page comes first, and asks
    again.
    """
    traits, texts = routing.traits_of(rt.db, plan["gateway"], rt.gateways), _texts(plan["version"])
    if traits is None:
        return Outlook(rt.settings["SMS_GATEWAY"])
    later = not at_once and _many(plan)
    counted, trouble = (None, _("Many people: being counted …")) if later else _counted(plan, texts, traits, now)
    forms = _forms(plan, texts, counted, traits, now)
    chosen = forms.get(plan["form"])
    hours = Hours(restless=bool(plan["outside_hours"]), on_holidays=bool(plan["on_holidays"]))
    course = _course(plan, texts, counted, traits, hours, now)
    return Outlook(
        gateway=plan["gateway"],
        counted=counted,
        later=later,
        trouble=trouble,
        bodies=_bodies(plan["form"], texts),
        columns=_columns(forms),
        exact=chosen is None or chosen.weight.exact,
        strip=strip(course, rt.settings.zone, restless=hours.restless),
        starts=course[0].begins if course else None,
        ends=course[-1].ends if course else None,
        money=_money(plan, chosen, now),
    )


def _texts(version: str) -> Texts | None:
    try:
        return authoring.version(rt.db, int(version)).texts
    except (Mistake, ValueError):
        return None


def _read(what: Callable, plan: Mapping):
    """What stands in the form, None while it cannot be read."""
    try:
        return what(plan)
    except Mistake:
        return None


def _many(plan: Mapping) -> bool:
    """Whether counting takes longer than a page may: long lists, or areas alone, whoever lives there."""
    people = sum(row.people for row in lists.all(rt.db) if str(row.id) in plan["lists"])
    return people > COUNTED or (not plan["lists"] and bool(plan["areas"]))


def _counted(plan: Mapping, texts: Texts | None, traits: Traits, now: datetime) -> tuple[Counted | None, str]:
    try:
        those = audience.checked(rt.db, plans.audience_of(plan))
    except Mistake as mistake:
        return None, told(mistake)
    counted = audience.count(
        rt.db, those, form=plan["form"], texts=texts, leaves_machine=traits.leaves_machine,
        control=_read(plans.control_of, plan), now=now,
    )  # fmt: skip
    return counted, ""


def _forms(
    plan: Mapping, texts: Texts | None, counted: Counted | None, traits: Traits, now: datetime
) -> dict[str, FormCost]:
    """What each of the three forms would cost these people."""
    if texts is None or counted is None:
        return {}
    groups = [People(language, carrier, n) for (language, carrier), n in counted.readers.items()]
    personal = any(Script(texts, each, links.SAMPLE).personal for each in Form)
    people = _some(plan["lists"], traits, now) if personal else ()
    known = routing.prices_of(rt.db, plan["gateway"], rt.gateways, now)
    return {str(each): costs.priced(str(each), texts, groups, people, known) for each in Form}


def _some(chosen: Sequence[str], traits: Traits, now: datetime) -> list[Person]:
    """People of the first list, for the lengths of personal texts."""
    row = next((row for row in lists.all(rt.db) if str(row.id) in chosen), None)
    if row is None:
        return []
    leaves = traits.leaves_machine
    found = readers.some(rt.db, row.id, size=row.people, most=LOOKED_AT, leaves_machine=leaves, now=now)
    return [Person(each.language, each.carrier, lambda each=each: each.fields) for each in found]


def _bodies(form: str, texts: Texts | None) -> list[tuple[str, str]]:
    if texts is None:
        return []
    shown = {form: texts.for_reader("vi", form), "en": texts.for_reader("en", form)}
    return [(text, str(FORMS[each])) for each, text in shown.items() if text and each in FORMS]


def _columns(forms: Mapping[str, FormCost]) -> list[Column]:
    rivals = [each.vnd for name, each in forms.items() if name != Form.EN and each.vnd and each.recipients]
    best = min(rivals) if len(rivals) > 1 else None
    return [_column(str(FORMS[name]), each, name != Form.EN and each.vnd == best) for name, each in forms.items()]


def _column(words: str, cost: FormCost, best: bool) -> Column:
    """The most common length stands for one."""
    if not cost.recipients or not cost.weight.spread:
        return Column(words)
    segments = max(cost.weight.spread, key=cost.weight.spread.get)
    one = None if cost.vnd is None else cost.vnd / cost.recipients
    return Column(words, segments, one, cost.vnd, best and cost.vnd is not None)


def _course(
    plan: Mapping, texts: Texts | None, counted: Counted | None, traits: Traits, hours: Hours, now: datetime
) -> list[Stretch]:
    if counted is None or not counted.recipients:
        return []
    own, quota = _read(plans.rate_of, plan), _read(plans.quota_of, plan)
    personal = texts and wordings.personal([Script(texts, plan["form"], links.SAMPLE)], plan["link_personal"].strip())
    rate = pacing.speed(traits, own, personal=bool(personal))
    starts = hours.next_start(max(now, _read(plans.starts_of, plan) or now))
    return list(stretches(starts, {None: counted.recipients}, Pace(rate, quota or None), hours))


def _money(plan: Mapping, chosen: FormCost | None, now: datetime) -> Money:
    cost = chosen.vnd if chosen and chosen.recipients else None
    left = _campaign_left(plan["campaign"], now)
    return Money(cost, prices.rate_on(rt.db, now), _read(plans.budget_of, plan), left)


def _campaign_left(campaign: str, now: datetime) -> int | None:
    """What the campaign's waves have not spent of its budget yet."""
    number = id_of(campaign)
    if number is None:
        return None
    budget = _read(lambda _: programme.show(rt.db, number).campaign.budget_vnd, {})
    return None if budget is None else budget - spending.of_campaign(rt.db, number, now).vnd
