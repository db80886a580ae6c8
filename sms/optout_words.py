"""The sentences of sms.optout, over the text as it reads it: lower case, no accents, single spaces, " ," at the end
of a clause.

`nhan` is nhận (receive) or an unaccented word, `nhan2` is nhắn (text) where the accent was written; `sms` stands for
every word for a message, `khong` for every "not", `ngung` for dừng and ngừng, `cancel` for hủy. A <name> in
a sentence stands for a piece of the list below.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

with open(Path(__file__).with_name("optout.toml"), "rb") as _file:
    _TABLE = tomllib.load(_file)

OTHER_WORDS = frozenset(_TABLE["other_words"].split())
POLITE = frozenset(_TABLE["polite"].split())
POLITE_START = frozenset(_TABLE["polite_before_start"].split())
SAME = {spelling: word for word, spellings in _TABLE["same"].items() for spelling in spellings.split()}

_PIECES = {
    # After a keyword: a short code, our name, "all".
    "code": r"(?: (?=\w*\d)\w{1,8}| an ?lo| all| tat ca)?",
    "news": r"(?:tin nhan2?|nhan2? tin(?: nhan2?)?|tin quang cao|quang cao|tin|thong bao|sms|dich vu|dv|dang ky|dk)",
    "tin": r"(?:tin nhan2?|nhan2? tin|tin quang cao|quang cao|sms|thong bao)",
    "sending": r"(?:(?:nhan2?|gui|·) tin(?: nhan2?)?|(?:nhan2?|gui) (?:sms|quang cao|thong bao)|nhan2?|gui|spam"
    r"|lam phien|quay ray"
    r"|sms|nt)",
    "want": r"(?:con|co|he|thich|muon|can|dong y|co nhu cau|cho phep|chiu|dang ky|dk|cac ban|ban|may|ai|bi|them"
    r"|tiep tuc)",
    "me": r"(?:toi|tui|tao|tau|em|e|minh|mk|chau|con|t|(?:so|sdt|may|nha) (?:nay|toi|tui|em|minh)|so dien thoai nay"
    r"|chung toi)",
    # After "đừng nhắn tin": nothing, "nữa", "cho tôi", "linh tinh"… but never "cho người lạ" or "cho nó".
    "after": r"(?=$| ,| (?:chi )?nua\b| them\b| (?:(?:cho|toi|den|vao|qua|phien) )?<me>\b"
    r"| ve (?:so|sdt|may|dien thoai) (?:nay|toi|tui|em|minh)\b| (?:linh tinh|lung tung|tam bay"
    r"|lam nham|hoai|mai|nhieu|rac|nay|kieu nay|quang cao|cua (?:ben|cac|ban|may|chung)"
    r"|tu (?:ben|cac|so|sdt|day|gio|nay)|vao|di|dum|giup|gium|nhe|nha|a|please|duoc khong|dc khong|dau|mo|the nao"
    r"|lam phien)\b)",
    "swear": r"(?: (?:fucking|bloody|goddamn|damn|ever|please|you))*",
    "texts": r"(?:(?:any|more|your|these|those|this|the|such|all|of|further) )*(?:sms|spam|updates|stuff|anything)",
    "to me": r"(?=$| ,| (?:me|us|my (?:number|phone)|this number|to (?:me|us|my|this)|any ?more|again|please|here|now"
    r"|ever)\b)",
}


_PIECE = re.compile(r"<([a-z ]+)>")


def _filled(sentence: str) -> str:
    return _PIECE.sub(lambda named: _filled(_PIECES[named[1]]), sentence)


def _whole(*sentences: str) -> Callable[[str], re.Match | None]:
    return re.compile("|".join(f"(?:{_filled(sentence)})" for sentence in sentences)).fullmatch


def _anywhere(*sentences: str) -> Callable[[str], re.Match | None]:
    return re.compile("|".join(rf"\b(?:{_filled(sentence)})(?!\w)" for sentence in sentences)).search


STOP_KEYWORDS = _whole(
    r"(?:stop )*(?:stop|stops|stopall|stopped|stopp|sto|stp|stpo|sotp|stoop)<code>",
    r"stop (?:<news>|gui|gui tin|sending|texting|messaging|spam|spamming)(?: <news>)*",
    r"(?:unsubscribed?|unsub|unsubcribe|unsuscribe|unsubsribe|optout|opt out|remove|quit|end|off)<code>",
    r"cancel(?: bo)?(?: <news>)*<code>",
    # Huy is also a name, and "Huy ơi" calls somebody: without its accent it needs more.
    r"huy(?: bo)?(?: <news>)+<code>",
    r"(?:tc|t c|tc\d{1,2}|tu choi|tu troi)(?: nhan)?(?: <news>)*<code>",
    # As the label of an advert tells it: "soạn TC gửi 8088".
    r"soan (?:tc|tu choi|huy|stop)(?: gui)?(?: \d{2,6})?",
    r"(?:ngung|cham dut)(?: lai)?(?: gui| nhan2?)?(?: <news>)*<code>",
    r"dung lai|dung (?:gui |nhan2? )?(?:tin nhan2?|nhan2? tin|tin|sms)",
    r"cut|no more sms",
)
#: Keywords only as the whole message, nothing polite around them.
STOP_KEYWORDS_ALONE = _whole(r"huy(?: bo)?(?: di)?(?: nhe| nha| a)?<code>", r"xin huy")
START_KEYWORDS = _whole(
    r"(?:start|unstop|resume|subscribe|resubscribe|optin|opt in)(?: again)?<code>",
    r"(?:dk|dang ky)(?: lai)?(?: nhan)?(?: (?:tin nhan2?|tin|thong bao|sms))?(?: lai)?<code>",
    r"nhan (?:lai )?tin(?: nhan2?)?(?: lai| tiep| tro lai)?|nhan lai(?: tin nhan)?",
)
STOP_SENTENCES = _anywhere(
    # đừng nhắn tin nữa, dừng gửi tin cho tôi, thôi đừng làm phiền
    r"(?<!khong muon )(?:dung|ngung|cham dut|thoi|cam|khoi(?! lam))(?: co| viec| cai tro| het| ngay| may| ban)*"
    r" <sending><after>",
    # không muốn nhận tin nữa, ko nhận tin nhắn quảng cáo
    r"(?<!sao )(?<!sao toi )(?<!sao em )khong (?:<want> )*<sending><after>",
    r"(?<!sao )khong (?:<want> )*nhan (?:may|cac|nhung|cai)(?: \w+){1,6} nua",
    # hủy nhận tin, từ chối tin quảng cáo, ngừng nhận thông báo, tắt tin nhắn
    r"(?<!khong muon )(?:huy|cancel|tu choi|ngung|tat|ngat)"
    r"(?: dang ky| dk| dich vu| viec| cac| nhung| het| moi| toan bo| goi| nhan2?)* <tin><after>",
    # xóa số tôi khỏi danh sách, bỏ tên em ra khỏi danh sách; not the lists of a border or an airline
    r"(?:bo|xoa|loai|rut|go|gach)(?: giup| dum| ho| ngay| het)*(?: ten| so| so dien thoai| sdt| thong tin)?(?: cua)?"
    r" <me>(?: (?:ra|di|khoi))* (?:danh sach|ds|list|he thong)"
    r"(?! (?:den|bay|cho|cam|xuat|nhap|truy|du|lop|hoc|phong))",
    r"(?:xoa|bo|go|gach|cat|rut) (?:so|sdt|so dien thoai) (?:cua )?(?:<me>|nay|ba|ong)"
    r"(?= di\b| ra\b| giup\b| nhe\b| a\b| ,|$)",
    r"(?:stop|quit|cease)(?: the| all| with)*<swear>"
    r" (?:sms|texting|messaging|sending|spamming|contacting|bothering|harassing|writing)(?: me)?"
    r"(?:<swear> <texts>| it)?<to me>",
    r"(?:do not|never)<swear> (?:sms|message|send|spam|contact|bother|disturb|write)(?: me)?"
    r"(?:<swear> <texts>)?<to me>",
    r"(?:not|no longer|never) (?:want|wish|need|like|agree|consent)(?: to)?"
    r"(?: (?:receive|receiving|get|getting|have|be sent|see))? <texts>",
    r"stop send (?:me|us)|stop (?:these|those|the|your|all|this)(?: (?:of|these|those|the|your))* (?:sms|spam)<to me>",
    # At the end of a complaint: "not interested, stop"; "nhắn hoài, dừng ngay".
    r"(?<=, )stop(?: it| now| please)*$|^stop it you|(?<=, )cut di$",
    r"(?:nhan2?|tin|spam|sms|gui)\b.* , ngung(?: ngay| lai| di)*$",
    # đừng gửi mấy tin này nữa, ngưng gửi mấy cái tin tào lao
    r"(?:dung|ngung|thoi) (?:gui|nhan2?)(?: may| cac| nhung| cai| loai| ba)+ tin(?: nhan2?)?\b"
    r"(?! (?:\w+ ){0,3}(?:cho|toi) (?:no|nguoi|ai|ban|ho|chung))",
    r"cho <me> ra khoi (?:danh sach|ds|list)(?! (?:den|bay|cho|cam|xuat|nhap|truy|du|lop|hoc|phong))|^tc ,",
    # For somebody whose phone they hold: "đừng gửi tin cho mẹ cháu nữa".
    r"(?:dung|ngung) (?:gui|nhan2?) tin(?: nhan2?)? cho (?:bo|me|ong|ba|chau|vo|chong)(?: \w+){0,2} nua",
    # đùng and đứng nhắn tin nữa: a slip of the thumb, for nobody says either.
    r"(?<=^· )(?:nhan2|gui) tin(?: nhan2?)?(?: cho <me>)? nua",
    r"(?:phien|on qua|nhuc dau|met)(?: \w+){0,3} , ngung(?: lai| ngay)?(?: di| giup| gium| dum)*$|^stop(?: stop)+\b",
    r"^tc (?:gium|giup|dum)(?: <me>)?(?=$| ,)|khong muon nhan tin ve (?:\w+ ){1,5}nua",
    r"enough of (?:these|those|your|the) (?:sms|spam)|take (?:the|this|my) number off(?=$| ,)",
    r"(?:delete|remove|take) (?:it|the number|this number) (?:from|off) (?:your|the|this) list",
    r"(?:remove|delete) (?:so|sdt|so dien thoai) (?:cua )?<me>",
    r"not (?:want|wish) to (?:be (?:contacted|disturbed|bothered)|hear from you)",
    r"(?:stop|end) (?:receiving|getting) <texts>|no more <texts>",
    r"(?:remove|unsubscribe|delete|drop) (?:me|us|my (?:number|phone|phone number)|this number"
    r"|my name(?=$| ,| please\b| (?:from|off) (?:your|the|this|that)(?: \w+)? list))",
    r"take (?:me|us|my (?:number|name)|this number) (?:off|out of|from) (?:the|your|this|that)(?: \w+)? list",
    r"take me off(?=$| ,| (?:please|now|it)\b)|unsubscribe(?! mean)|opt (?:me )?out|^(?:please )?leave (?:me|us) alone",
)
START_SENTENCES = _anywhere(
    r"(?:muon|xin|dang ky|dk|tiep tuc|cho (?:toi|em|minh|tui|chau))(?: muon| duoc| tiep tuc| dang ky| dk)*"
    r"(?: lai)? nhan (?:lai )?(?:(?:may|cac|nhung|cai) (?:\w+ )?)?(?:tin nhan2?|tin|sms|thong bao)"
    r"(?=$| ,| (?:lai|tiep|tro lai|cua|nhe|nha|a|nhu cu|hang|hom"
    r"|tu (?:ben|cac|ban|chung|an lo|day|so nay))\b)",
    r"(?:gui|nhan2?) tin(?: nhan2?)? tiep(?=$| ,| (?:di|cho|nhe|nha|a)\b)",
    r"(?:mo|bat) lai (?:tin nhan2?|thong bao|dich vu|sms)",
    r"(?:start|resume|begin) (?:sending|sms|texting|messaging) (?:me|us|again)",
    r"(?:sign|opt) (?:me|us) (?:up|in|back in|back up)(?=$| ,| (?:again|please|for (?:the |your )?(?:sms|updates)))",
    r"(?:add|put) (?:me|us|my number) back",
    r"(?<!not )(?:want|wish|like) to (?:receive|get|have) <texts>(?: again)?",
    r"(?:can|could|may) i (?:get|receive|have) <texts> again",
    r"sms me again|resubscribe|opt (?:me )?(?:back )?in|unstop",
)
#: Somebody else's order that is told to us: a threat, perhaps, never an opt-out.
REPORTED = _anywhere(
    r"(?:no|han|ho|chung|bon|chu|cong ty|moi gioi|ong|ba|ten|anh|chi|sep|quan ly|chong|vo|nguoi|ke|canh sat|cong an|dua"
    r"|he|she|they|boss|agent|broker|man|woman|people|guy|husband|owner|manager|someone|somebody|who)"
    r"(?: \w+){0,3} (?:bao|noi|doa|cam|ep|bat|keu|dan|yeu cau|told|tells?|says?|said|ordered?|warned|threaten(?:s|ed)"
    r"|forbids?|makes?)",
    r"(?:he|she|they|boss|agent|broker|man|woman|owner|manager)(?: \w+){4,7} (?:told|said|ordered|warned)",
)
#: What others no longer do, or when it would be dangerous to text: a missing child, a victim who is watched.
ABOUT_OTHERS = _anywhere(
    r"(?:no|ho|han|chung no|anh ay|anh ta|chi ay|co ay|(?:con|em|anh|chi|chau|chong|vo|ban|bo|me)(?: gai| trai)?"
    r" (?:toi|tui|em|minh|chau|con|cua \w+)|con (?:gai|trai))(?: \w+){0,6} (?:khong|ngung|thoi)(?: con| thay)?"
    r" (?:nhan2?|gui)\b",
    r"(?:he|she|they|my (?!phone|number|name)\w+) (?:never|no longer|stopped|(?:do|does|did|has|have|can) not)\b"
    r"(?! want)",
    # Money, papers and work are taken, or not, as messages are.
    r"(?:tien|trieu|eps|viec|luong|nhat|dai loan|han quoc|nuoc|cong ty|ho so)\b(?: \w+| ,){0,8} khong nhan\b"
    r"(?! tin| sms)",
    r"(?:luc|khi|trong luc)(?: \w+){0,2} (?:chu|no|ho|bon|sep|ong|ba|chong|nguoi)\b",
)
