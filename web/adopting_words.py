"""What an officer calls the machine's own sentences, the signs of danger in offers, and the days of sources."""

import re
from datetime import date

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

#: The bot's own sentences, by the name they have in replies.toml.
SENTENCES = {
    "red_vn": _l("Danger now, in Vietnam"),
    "red_uk": _l("Danger now, in the United Kingdom"),
    "red_eu": _l("Danger now, in the European Union"),
    "red_abroad": _l("Danger now, in another country"),
    "red_unknown": _l("Danger now, nobody knows where"),
    "red_self_harm": _l("Somebody wants to die"),
    "red_location": _l("Danger now: they sent where they are"),
    "red_not_text": _l("Danger now: they sent something that is no text"),
    "amber": _l("Warning beside an answer"),
    "first_message": _l("The machine introduces itself"),
    "abstain": _l("Not understood"),
    "not_covered": _l("A country we know nothing of"),
    "offer_person": _l("Not understood again"),
    "did_you_mean": _l("Which of these?"),
    "two_questions": _l("Two questions at once"),
    "person_speaks": _l("Above the words of a person"),
    "bot_back": _l("The machine answers again"),
    "not_adopted": _l("Not confirmed here yet"),
    "opted_out": _l("Messages stopped"),
    "opted_in": _l("Messages wanted again"),
    "language_set": _l("Language changed"),
    "language_other": _l("A language we do not speak"),
    "menu_line": _l("Above the choices of the menu"),
    "choices_line": _l("Above choices by number"),
    "more": _l("There is more"),
    "no_more": _l("There is no more"),
    "slow_down": _l("Too many messages"),
    "sms_enough": _l("Too many messages today"),
    "too_long": _l("Message too long"),
    "empty": _l("No words in the message"),
    "got_image": _l("Somebody sent a picture"),
    "got_sticker": _l("Somebody sent a sticker"),
    "got_voice": _l("Somebody sent a voice message"),
    "got_location": _l("Somebody sent where they are"),
    "got_other": _l("Somebody sent something else"),
    "late": _l("The answer came late"),
    "late_staff": _l("The words of a person came late"),
    "judge_yes": _l("Button: it helped"),
    "judge_no": _l("Button: it did not help"),
    "judged_thanks": _l("Thanks for saying whether it helped"),
    "agency_licensed": _l("Firm with a licence"),
    "agency_suspended": _l("Firm that is suspended"),
    "agency_revoked": _l("Firm without a licence any more"),
    "agency_similar": _l("Firm of a similar name only"),
    "agency_not_found": _l("Firm that is not on the list"),
    "agency_no_list": _l("No list of firms was loaded"),
    "agency_state_suspended": _l("Words for “suspended”"),
    "agency_state_revoked": _l("Words for “without a licence”"),
    "offer_stop": _l("Offer with signs of danger"),
    "offer_careful": _l("Offer to ask about first"),
    "offer_nothing": _l("Offer without a sign that we know"),
}
#: The signs of danger in offers, by the name they have in flags.toml.
SIGNS = {
    "lorry": _l("In a lorry or container"),
    "boat": _l("By boat across the sea"),
    "vip-route": _l("“VIP” or “safe” route"),
    "code-words": _l("Smugglers’ slang"),
    "hidden-crossing": _l("Across a border in secret"),
    "third-country": _l("Round by a third country"),
    "tourist-then-work": _l("Work on a tourist visa"),
    "leave-now": _l("Leave at once"),
    "border-meeting": _l("Meet at a border or in another province"),
    "scam-compound": _l("Work in a scam compound"),
    "cannabis-house": _l("Work in a cannabis house"),
    "light-work-high-pay": _l("Light work, high pay"),
    "wage-very-high": _l("A very high wage"),
    "no-requirements": _l("Nothing is required"),
    "no-interview": _l("Taken without an interview"),
    "age-no-matter": _l("Any age will do"),
    "too-young": _l("Younger than 18"),
    "deposit-first": _l("Deposit before a contract"),
    "fee-before-contract": _l("Fee before a contract"),
    "personal-account": _l("Money to a person’s account"),
    "pay-on-arrival": _l("Go first, pay from the wage"),
    "instalments": _l("They lend the money or take instalments"),
    "land-papers": _l("Papers of house and land as a pledge"),
    "broker-fee": _l("A broker’s fee"),
    "fee-far-above-wage": _l("A fee far above the wage"),
    "smuggler-price": _l("A smuggler’s price"),
    "no-contract": _l("No contract"),
    "keeps-passport": _l("They keep the passport"),
    "id-photo": _l("Pictures of papers or one-time codes"),
    "forged-papers": _l("Forged papers"),
    "papers-handled": _l("They see to all papers"),
    "borrowed-licence": _l("No licence, or another firm’s"),
    "company-not-named": _l("No firm is named"),
    "licence-not-named": _l("No licence is named"),
    "guaranteed": _l("The visa is promised"),
    "secret": _l("Keep it from the family"),
    "last-places": _l("The last places"),
    "chat-only": _l("Only by chat, nowhere to meet"),
    "eps-broker": _l("A broker for EPS Korea"),
    "uk-care-visa": _l("UK care visa for sale"),
    "uk-seasonal-broker": _l("A broker for UK seasonal work"),
    "buys-sponsorship": _l("UK sponsorship for sale"),
    "student-to-work": _l("Study visa in order to work"),
    "asylum-story": _l("A made-up story for asylum"),
}
#: What stands in the dates of sources besides numbers; a longer word stands before one that is in it.
_DATE_WORDS = {
    "undated page": _l("undated page"), "undated": _l("undated"), "revised": _l("revised"), "autumn": _l("autumn"),
    "c.": _l("about"),
}  # fmt: skip
_WORD = re.compile("|".join(map(re.escape, _DATE_WORDS)))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]* (\d{{4}})", re.IGNORECASE)


def source_day(words: str) -> str:
    """The date of a source, which the facts give in English words, in the reader's language."""
    return _WORD.sub(lambda found: str(_DATE_WORDS[found[0]]), _MONTH.sub(_month, words))


def _month(found: re.Match) -> str:
    return format_date(date(int(found[2]), 1 + _MONTHS.index(found[1].lower()), 1), "MM/yyyy")
