"""The golden conversations are held as they stand; conversations.py says how to change them."""

import pytest

from tests.bots.conversations import conversations, held

ALL = conversations()


@pytest.mark.parametrize("conversation", ALL, ids=[conversation.file.stem for conversation in ALL])
def test_conversation(engine, conversation):
    assert held(engine, conversation) == conversation.turns
