"""The buttons under a reply, and how long one text of Telegram's may be."""

from collections.abc import Sequence

from bots.platform import Reply

#: "1-4096 characters after entities parsing" (https://core.telegram.org/bots/api#sendmessage).
LONGEST = 4_096
#: A label longer than this is cut by the app anyway.
_LONGEST_LABEL = 64

#: A button: its label and the data that comes back when it is pressed (at most 64 bytes).
Button = tuple[str, str]


def buttons(reply: Reply, judged: Sequence[str]) -> list[list[Button]]:
    """The rows under a reply: each choice, then whether it helped (`judged`: the words for yes and no)."""
    rows = [[(choice.text[:_LONGEST_LABEL], f"choice:{reply.turn_id}:{n}")] for n, choice in enumerate(reply.choices)]
    if reply.may_be_judged:
        yes, no = judged
        rows.append([(yes, f"helpful:{reply.turn_id}:1"), (no, f"helpful:{reply.turn_id}:0")])
    return rows
