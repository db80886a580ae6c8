"""Whether an answer helped, as who asked says: a button under it, or words."""

from datetime import datetime

from bots import past_store, store
from bots.figures import noting
from bots.platform import person_of
from db.engine import Database


def judge(db: Database, *, platform: str, address: str, turn_id: int, helpful: bool, now: datetime) -> bool:
    """Keeps the person's word on an answer of the machine to them; the last word counts. False when turn `turn_id` is
    no answer to this person.
    """
    index = db.seal.index(person_of(platform, address))
    with db.transaction() as c:
        conversation_id = store.find_conversation(c, platform, index)
        if conversation_id is None:
            return False
        answer = past_store.judge(c, conversation_id, turn_id, helpful)
        if answer is not None:
            noting.judged(c, platform, answer, helpful)
    return answer is not None
