"""The text of a wave from the command line: a file's content or the words themselves, and which form of which
language.
"""

import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

from campaigns.authoring import findings, with_accents
from campaigns.model import Form, Texts
from cli.context import language, say
from messages import lint
from messages.errors import Mistake
from sms.unaccent import unaccent

#: A wave's text is a few segments; a file larger than this is another kind of file.
LARGEST_FILE = 20_000


def read_text(given: str) -> str:
    """`given` itself, or the content of the file it names, or standard input for "-".

    Raises Mistake: text-file-missing, text-file-wrong, message-empty.
    """
    if given == "-":
        text = sys.stdin.read(LARGEST_FILE + 1)
    elif _is_file(given):
        text = _content(Path(given))
    elif _looks_like_a_file(given):
        raise Mistake("text-file-missing", file=given)
    else:
        text = given
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise Mistake("message-empty")
    return text


def texts_of(text: str, form: str) -> Texts:
    """The one text for everybody, whatever language they chose.

    Raises Mistake: unaccented-has-accents. A text is never stripped of its accents here: the draft without them is
    shown, and whoever answers for the wave passes it, mended, as the text.
    """
    if form == Form.EN:
        return Texts(en=text)
    if form == Form.VI_UNACCENTED:
        if accents := with_accents(text):
            raise Mistake("unaccented-has-accents", characters=" ".join(accents), draft=unaccent(text))
        return Texts(vi_unaccented=text, en=text)
    return Texts(vi=text, en=text)


def advise(texts: Texts, form: str, public_url: str) -> None:
    """Says what an officer would have to mend before approval; the operator's text is the operator's."""
    written = Texts(en=texts.en) if form == Form.EN else replace(texts, en="")
    for finding in findings(written, hosts=(public_url,)):
        if finding.code != "language-missing":  # the one text goes to everybody
            say(lint.words(finding, language()))


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # too long for a name, or NUL in it: a text
        return False


def _looks_like_a_file(given: str) -> bool:
    """One word with an ending such as ".txt": more likely a slip than a message to a whole list."""
    return not any(letter.isspace() for letter in given) and Path(given).suffix.lower() in (".txt", ".md", ".sms")


def _content(path: Path) -> str:
    content = path.read_bytes()[: LARGEST_FILE + 1]
    if len(content) > LARGEST_FILE:
        raise Mistake("text-file-wrong", file=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mistake("text-file-wrong", file=path) from error
