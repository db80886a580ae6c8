"""What a phrase stands in: a denial, a question, a warning, a notice of the police. There it is no sign of danger."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from bots.offers import patterns
from bots.offers.patterns import Match
from bots.offers.reading import END, Word

#: A denial reaches so many words forward.
_REACH = 5
#: "Không cọc thì không giữ chỗ": a condition within so many words is no denial.
_CONDITION = 4
#: So many different words of a notice make one.
_NOTICE = 2


class Surroundings:
    """The sentences of a text and what stands in them. `flagged` are all matches of flags, meant so or not."""

    def __init__(self, words: Sequence[Word]):
        self.words = words
        self.folded = [word.folded for word in words]
        self._ends = [place for place, word in enumerate(words) if word.folded == END]
        self.marks: dict[str, list[Match]] = {name: [] for name in patterns.table()["marks"]}
        found = patterns.find(self.folded)
        self.flagged = found["flags"]
        for match in found["marks"]:
            self.marks[match.means].append(match)
        consumed = _covered(match for match in self.flagged if match.end - match.start > 1)
        self._turns = _covered(self.marks["turn"])
        reassured = _covered(self.marks["but"])
        #: The words that deny; those inside another flag ("khong can bang cap") deny nothing more.
        self._denials = {match.start for match in self.marks["not"]} - consumed
        self._real = self._denials - reassured
        self._excepted = {(self.sentence(match.start), match.means) for match in found["unless"]}
        self._advertised = {self.sentence(match.start) for match in self.marks["advert"]}
        self._warned = {self.sentence(match.start) for match in self.marks["warning"]
                        if not self._denied(match, self._denials)}
        self.notice = self._is_notice()

    def sentence(self, place: int) -> int:
        """Which sentence a word belongs to."""
        return bisect_right(self._ends, place - 1)

    def allows(self, match: Match) -> bool:
        """Whether `match` is meant as it stands."""
        sentence = self.sentence(match.start)
        if self.notice or (sentence, match.means) in self._excepted:
            return False
        if sentence in self._warned and not self._asked(sentence) and sentence not in self._advertised:
            return False
        deniable = patterns.table()["flags"][match.means].get("denied", True)
        return not (deniable and self._denied(match, self._real))

    def _asked(self, sentence: int) -> bool:
        return sentence < len(self._ends) and self.words[self._ends[sentence]].asked

    def _denied(self, match: Match, denials: set[int]) -> bool:
        if "thi" in self.folded[match.end : match.end + _CONDITION]:
            return False
        for place in range(match.start - 1, max(match.start - 1 - _REACH, -1), -1):
            if self.words[place + 1].comma or self.folded[place] == END:
                return False
            if place in denials:
                return True
            if place in self._turns:
                return False
        return False

    def _is_notice(self) -> bool:
        said = {tuple(self.folded[match.start : match.end]) for match in self.marks["notice"]}
        return len(said) >= _NOTICE and not self.marks["advert"]


def _covered(matches: Iterable[Match]) -> set[int]:
    return {place for match in matches for place in range(match.start, match.end)}
