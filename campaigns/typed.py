"""What an officer types about one person, read as strictly as a file's row. Pure."""

from messages.errors import Mistake
from sms import numbers

#: Letters of a name, a source or of what consent rests on.
MOST_LETTERS = 300


def read_number(written: str, country: str = numbers.HOME) -> numbers.Number:
    """A number that can be written to. Raises Mistake: number-missing, number-unreadable, country-unknown."""
    if not written.strip():
        raise Mistake("number-missing")
    try:
        number = numbers.read(written, country)
    except ValueError:
        raise Mistake("country-unknown", country=country) from None
    if not number.valid:
        raise Mistake("number-unreadable", why=number.code)
    return number


def checked_words(**words: str) -> dict[str, str]:
    """The `words` with single blanks; "source" must be one of them. Raises Mistake: source-missing, source-too-long."""
    plain = {key: " ".join(value.split()) for key, value in words.items()}
    if not plain["source"]:
        raise Mistake("source-missing")
    if max(map(len, plain.values())) > MOST_LETTERS:
        raise Mistake("source-too-long", most=MOST_LETTERS)
    return plain
