"""What stands under a text while it is written: how long it is, what a cut saves, which characters make it dear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from messages import render
from messages.errors import Mistake
from sms.meter import Meter, Offender, meter
from sms.segments import UCS_2
from web.errors import told

#: The names of sms.meter.NAMES in words.
CHARACTERS = {
    "space": _l("hard or wide space"),
    "invisible": _l("character nobody sees"),
    "quote": _l("curly quotation mark"),
    "dash": _l("long dash"),
    "dots": _l("three dots in one character"),
    "bullet": _l("bullet"),
    "accent": _l("letter with an accent"),
    "emoji": _l("picture character"),
    "letter": _l("letter of another alphabet"),
    "sign": _l("special sign"),
}
#: Up to so many characters are named one by one.
NAMED = 8
#: In a text with accents so few accented letters may be an oversight: they are named, more of them are the language.
FEW = 2


@dataclass(frozen=True)
class Spot:
    """A place in a box of the form: `at` counts characters from 0, `long` of them are meant."""

    box: str
    at: int
    long: int
    words: str


@dataclass(frozen=True)
class Shown:
    """One text and its meter. A text with placeholders is measured filled in for `example` (a person or made-up
    words); `trouble` says why it cannot be.
    """

    name: str
    text: str
    filled: str
    meter: Meter
    spots: Sequence[Spot]
    unnamed: int
    personal: bool
    trouble: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def accents_of_values(self) -> bool:
        """Whether only a person's values, not the text itself, need UCS-2."""
        return self.personal and not meter(self.text).offending and self.meter.count.encoding == UCS_2

    @property
    def mended(self) -> int | None:
        """How many segments it takes once every named character is replaced; None when that saves nothing."""
        mended = self.meter.mended
        if not self.spots or self.unnamed or mended is None or mended.segments >= self.meter.count.segments:
            return None
        return mended.segments


def shown(name: str, text: str, values: Mapping[str, str]) -> Shown:
    """The meter of the text in the box `name`, its placeholders filled from `values`."""
    try:
        template = render.compile(text)
        filled, personal, trouble = template.render(values), bool(template.fields), ""
    except Mistake as mistake:  # half typed, perhaps
        filled, personal, trouble = text, False, told(mistake)
    offending = _worth_naming(name, meter(text).offending)
    spots = [_spot(name, each) for each in offending[:NAMED]]
    return Shown(name, text, filled, meter(filled), spots, len(offending) - len(spots), personal, trouble)


def _worth_naming(name: str, offending: Sequence[Offender]) -> list[Offender]:
    """Accents are what a text with accents is for; what hides or slipped in is named in every text."""
    accents = [each for each in offending if each.name == "accent"]
    if name != "vi" or len(accents) <= FEW:
        return list(offending)
    return [each for each in offending if each.name in ("space", "invisible")]


def _spot(box: str, offender: Offender) -> Spot:
    return Spot(box, offender.position - 1, len(offender.char), _words(offender))


def _words(offender: Offender) -> str:
    char = offender.codes if offender.name in ("space", "invisible") else f"“{offender.char}”"
    what = CHARACTERS[offender.name]
    place = _("position %(n)s: %(char)s, %(what)s", n=offender.position, char=char, what=what)
    if offender.times > 1:
        place = _("%(place)s, %(n)s times", place=place, n=offender.times)
    if offender.remedy is None:
        return place
    if not offender.remedy:
        return _("%(place)s; leave it out", place=place)
    if offender.remedy == " ":
        return _("%(place)s; type a plain space", place=place)
    return _("%(place)s; write “%(instead)s”", place=place, instead=offender.remedy)
