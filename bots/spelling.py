"""Mending slips of the finger by the words the answers' own questions use."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bots import letters

#: Shorter words have too many neighbours.
_SHORTEST = 4
#: A word seen fewer times may be a slip itself.
_TRUSTED = 3


class Speller:
    """Knows the words of the training lines; finds the one a mistyped word was meant to be."""

    def __init__(self, counts: Counter):
        self.counts = counts
        self._near = defaultdict(list)
        for word, count in counts.items():
            if count >= _TRUSTED and word.isalpha():
                for key in _shortened(word):
                    self._near[key].append(word)

    @classmethod
    def learn(cls, sentences: Iterable[Iterable[str]]) -> "Speller":
        return cls(Counter(word for words in sentences for word in words))

    def knows(self, word: str) -> bool:
        return word in self.counts

    def mend(self, word: str, vietnamese: bool) -> str:
        """The known word one slip away (a letter missing, added, changed or two swapped), or `word` itself.

        A well-formed Vietnamese syllable is left alone: nearly all of its neighbours are syllables too.
        """
        if self.counts[word] >= _TRUSTED or not word.isalpha() or (vietnamese and letters.is_syllable(word)):
            return word
        if len(word) < (3 if vietnamese else _SHORTEST):
            return word
        found = {near for key in _shortened(word) for near in self._near.get(key, ()) if abs(len(near) - len(word)) < 2}
        found.discard(word)
        return max(found, key=lambda near: (near[0] == word[0], self.counts[near], near), default=word)


def _shortened(word: str) -> set[str]:
    """The word, and the word with any one letter left out: two words that share one of these are a slip apart."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))} if len(word) > 2 else {word}
