"""People who ask what nobody has taught the bot, for tests: their messages answered as the inbox answers them."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from bots import inbox
from bots.model import Said
from bots.unanswered import collecting
from db.tables import conversations, hard_questions, turns
from tests.conftest import NOW

#: The same unknown thing in five wordings.
LICENCE = (
    "bằng lái xe máy việt nam qua anh có chạy được không",
    "sang anh dùng bằng lái việt nam lái xe được ko",
    "bang lai xe o vn co doi duoc bang anh khong",
    "em có bằng lái B2 qua anh có phải thi lại bằng lái không",
    "muốn lái xe bên anh thì bằng lái của mình có xài dc k",
)
BANK = (
    "ngân hàng nào bên anh cho người việt mở tài khoản",
    "mở tài khoản ngân hàng ở anh cần giấy tờ gì",
    "mo tai khoan ngan hang ben anh kho khong",
    "tài khoản ngân hàng ở anh mở sao vậy",
    "cho hỏi mở thẻ ngân hàng bên đó thế nào",
)


class Deaf:
    """An engine that knows nothing but what it was told to; "không đúng ý tôi" is a complaint, "cứu" is danger."""

    in_order = True

    def __init__(self, book, **known):
        self.book, self.known = book, known

    def respond(self, heard):
        topic = "not-helpful" if heard.text == "không đúng ý tôi" else self.known.get(heard.text.split()[0])
        danger = "red" if heard.text.startswith("cứu") else "none"
        language = heard.language or heard.context.language or "vi"
        return Said(topic, 0.9 if topic else 0.1, danger, language, f"về: {topic}", context=heard.context)


def ask(db, engine, text, *, person="a", platform="web", at=NOW, **more):
    """The reply's turn; asked long enough before NOW to be settled by then."""
    turn_id = inbox.receive(db, platform=platform, address=person, text=text, provider_id=None, now=at, **more)
    return inbox.answer(db, engine, turn_id, at).turn_id


def came_by(db, person_turn, code):
    with db.transaction() as c:
        mine = select(turns.c.conversation_id).where(turns.c.id == person_turn).scalar_subquery()
        c.execute(update(conversations).where(conversations.c.id == mine).values(came_by=code))


def judge(db, reply_id, helpful):
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == reply_id).values(helpful=helpful))


def collect(db, book, *, after=timedelta(minutes=5), **more):
    return collecting.collect(db, book, now=NOW + after, **more)


def kept(db):
    """(group, why, text, area, week) of every hard question, in order."""
    with db.reading() as c:
        rows = c.execute(select(hard_questions).order_by(hard_questions.c.turn_id)).all()
    return [
        (row.group_id, row.why, db.seal.open(row.text_sealed, "hard_questions.text"), row.area, row.week)
        for row in rows
    ]


def many(db, texts, *, language="vi"):
    """Turns and their replies as rows, for more questions than a test can ask."""
    index = db.seal.index("web:crowd")
    with db.transaction() as c:
        statement = insert(conversations).values(
            platform="web", person_index=index, address_sealed=db.seal.seal("crowd", "conversations.address"),
            created_at=NOW, last_at=NOW,
        )  # fmt: skip
        conversation_id = c.execute(statement.returning(conversations.c.id)).scalar_one()
        for text in texts:
            asked = {"conversation_id": conversation_id, "direction": "in", "status": "answered", "language": language,
                     "text_sealed": db.seal.seal(text, "turns.text"), "danger": "none", "at": NOW}
            turn_id = c.execute(insert(turns).values(**asked).returning(turns.c.id)).scalar_one()
            reply = {**asked, "direction": "out", "status": "sent", "reply_to": turn_id}
            c.execute(insert(turns).values(**reply))
