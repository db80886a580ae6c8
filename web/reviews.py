"""Everything a second officer needs to answer for a wave, on one page: the words, the people, the hours, the money, and
what is different since somebody decided last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns import authoring, experiments, programme, waves
from campaigns.model import Form, Preview, Wave
from campaigns.waves.changes import Change, since_last_decision
from messages import lint
from messages.errors import Mistake
from web.audiences import told as whom
from web.differences import Piece, differences
from web.errors import told
from web.foresight import Foresight, foresight
from web.here import reader, rt
from web.language import moment, money, number
from web.story import names, wordings
from web.wave_words import PLAN
from web.words import FORMS

#: More people than this, and the approver types how many.
MANY = 10_000
READERS = 5
_TEXTS = {"vi": Form.VI, "vi_unaccented": Form.VI_UNACCENTED, "en": Form.EN}


@dataclass(frozen=True)
class Different:
    """A part of the plan before and now; `pieces` of a text are told word by word."""

    words: str
    before: str = ""
    after: str = ""
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Since:
    """`approved` says how the last decision went; no `different` parts = only the people on its lists changed."""

    who: str
    when: str
    approved: bool
    note: str
    different: Sequence[Different]


@dataclass(frozen=True)
class Review:
    wave: Wave
    ahead: Foresight
    bodies: Sequence[tuple[str, str]]
    #: Wordings of which each person gets one by chance; 0 = there is only one.
    compares: int
    readers: Sequence
    whom: str
    author: str
    since: Since | None
    #: (keeps it from approval, words)
    findings: Sequence[tuple[bool, str]]

    @property
    def personal(self) -> bool:
        """Whether somebody gets words of their own."""
        texts = {text for _, text in self.bodies}
        return any(reader.text not in texts for reader in self.readers)

    @property
    def preview(self) -> Preview:
        return self.ahead.preview


def review_of(wave_id: int, now: datetime) -> Review:
    """Counts the people when nobody has since the wave changed: whoever approves sees how many."""
    shown = waves.show(rt.db, wave_id)
    wave = shown.wave
    ahead = foresight(wave, now)
    if ahead is None:
        waves.preview(rt.db, wave_id, rt.gateways, now)
        ahead = foresight(wave, now)
    experiment = experiments.show(rt.db, wave_id)
    versions = [version_id for version_id, _form in experiment.arms] if experiment else [wave.version_id]
    return Review(
        wave=wave,
        ahead=ahead,
        bodies=wordings(wave, shown.texts),
        compares=len(experiment.arms) if experiment else 0,
        readers=waves.readers(rt.db, wave_id, READERS, now=now, gateways=rt.gateways),
        whom=whom(wave.audience),
        author=names()(wave.author_id),
        since=_since(wave),
        findings=[
            *_unheard(wave_id, now),
            *(found for version_id in dict.fromkeys(versions) for found in _findings(wave, version_id)),
        ],
    )


def _unheard(wave_id: int, now: datetime) -> list[tuple[bool, str]]:
    """That its gateway cannot hear what the text promises."""
    mistake = waves.unheard(rt.db, wave_id, rt.gateways, now)
    return [(True, told(mistake))] if mistake else []


def _findings(wave: Wave, version_id: int) -> list[tuple[bool, str]]:
    """What reading a wording over finds, the worst first: whether it keeps it from approval, and the words."""
    version = authoring.version(rt.db, version_id)
    hosts = [rt.settings.public_url, *([wave.link_base] if wave.link_base else ())]
    found = authoring.findings(version.texts, advert=version.advert, hosts=hosts)
    return [(each.level == "stop", lint.words(each, reader())) for each in found]


def recipients(wave_id: int, now: datetime) -> int:
    """How many the review page says there are."""
    kept = waves.last_preview(rt.db, wave_id)
    return (kept.preview if kept else waves.preview(rt.db, wave_id, rt.gateways, now)).recipients


def typed(text: str) -> int | None:
    """The number somebody typed, however they grouped its digits."""
    digits = "".join(letter for letter in text if letter not in " .,\u00a0\u202f")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _since(wave: Wave) -> Since | None:
    since = since_last_decision(rt.db, wave)
    if since is None:
        return None
    decision = since.decision
    return Since(
        who=names()(decision["by"]),
        when=moment(decision["at"]),
        approved=decision["decision"] == "approved",
        note=decision["note"],
        different=[each for change in since.changes for each in _told(change)],
    )


def _told(change: Change) -> list[Different]:
    if change.field == "version_id":
        return _texts(change.before, change.after)
    words = str(PLAN[change.field])
    return [Different(words, _value(change.field, change.before), _value(change.field, change.after))]


def _texts(before: int, after: int) -> list[Different]:
    """Each wording of the message that is not the same, word by word."""
    old, new = (_version(each) for each in (before, after))
    if old is None or new is None:
        return [Different(str(PLAN["version_id"]), _title(old), _title(new))]
    texts = [(form, getattr(old.texts, name), getattr(new.texts, name)) for name, form in _TEXTS.items()]
    told = [Different(str(FORMS[form]), pieces=differences(a, b)) for form, a, b in texts if a != b]
    if old.message_id != new.message_id:
        told.insert(0, Different(str(PLAN["version_id"]), _title(old), _title(new)))
    return told


def _version(version_id: int) -> authoring.Version | None:
    try:
        return authoring.version(rt.db, version_id)
    except Mistake:
        return None


def _title(version: authoring.Version | None) -> str:
    return version.title if version else "–"


def _value(field: str, value: object) -> str:
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    told = {
        "audience": whom,
        "form": lambda form: str(FORMS[form]),
        "starts_at": lambda text: moment(datetime.fromisoformat(text)),
        "budget_vnd": money,
        "daily_quota": number,
        "campaign_id": _campaign,
        "failure_limit": lambda percent: f"{percent} %",
        "control": lambda percent: f"{percent} %",
    }.get(field, str)
    return told(value)


def _campaign(campaign_id: int) -> str:
    try:
        return programme.show(rt.db, campaign_id).campaign.name
    except Mistake:
        return "–"
