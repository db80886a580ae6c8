"""The words of a firm's name that do not tell it from others, in Vietnamese and English, folded. Pure tables.

A legal form says what kind of company it is, a trade what all of them do. What is left over is the name proper.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Legal form → how it is written. Two companies of different forms are two companies.
FORMS = {
    "co-phan": "co phan, ctcp, cp, jsc, jstock, joint stock company, joint stock, jsc co",
    "tnhh": (
        "tnhh, trach nhiem huu han, cong ty tnhh, ltd, limited, co ltd, company limited, llc, limited liability "
        "company"
    ),
    "mtv": "mtv, mot thanh vien, 1 thanh vien, 1 tv, one member, single member",
}
#: Words that only say "a company", or nothing.
EMPTY = (
    "cong ty, cong ti, cty, cti, cong ty me, tong cong ty, tct, doanh nghiep, company, companies, corp, "
    "corporation, inc,"
    " agency, firm, enterprise, va, and, of, the, de"
)
#: A trade → how it is written.
TRADES = {
    "invest": "dau tu, investment, investments, invest",
    "develop": "phat trien, development",
    "manpower": "nhan luc, nguon nhan luc, human resources, human resource, manpower, nhan su, hr",
    "international": "quoc te, international, intl, toan cau, global",
    "labour-export": (
        "xuat khau lao dong, xkld, xuat khau ld, xk lao dong, labour export, labor export, dua nguoi lao dong,"
        " dua nguoi di lam viec o nuoc ngoai, xuat khau lao dong va chuyen gia"
    ),
    "labour": "lao dong, labour, labor, viec lam, employment",
    "experts": "chuyen gia, experts",
    "supply": "cung ung, cung cap, supply, supplying, recruitment, tuyen dung",
    "trade": "thuong mai, tm, trading, trade, commerce, commercial",
    "services": "dich vu, dv, service, services",
    "trade services": "tmdv, tm dv",
    "trade import-export": "xnk, xuat nhap khau, import export, imex, im ex",
    "cooperation": "hop tac, cooperation, co operation",
    "construction": "xay dung, xd, construction",
    "transport": "van tai, transport, logistics",
    "tourism": "du lich, lu hanh, tourism, travel",
    "training": "dao tao, training, giao duc, education, hoc vien, academy",
    "study": "du hoc, study abroad, overseas study",
    "advice": "tu van, consulting, consultancy, consultant",
    "technology": "cong nghe, ky thuat, technology, cong nghiep, industry, industrial",
    "mechanics": "co khi, mechanical",
    "shipping": "van tai bien, hang hai, maritime, marine, thuyen vien, shipping",
    "group": "tap doan, group, holdings",
    "branch": "chi nhanh, van phong, van phong dai dien, branch, office, co so",
    "centre": "trung tam, center, centre",
    "vietnam": "viet nam, vietnam, vn, vietnamese",
    "abroad": "nuoc ngoai, ngoai nuoc, overseas",
    "japan": "nhat ban, japan",
    "korea": "han quoc, korea",
    "taiwan": "dai loan, taiwan",
    "germany": "cong hoa lien bang duc, germany",
    "europe": "chau au, europe",
    "uk": "vuong quoc anh, anh quoc, united kingdom, uk",
}
#: Read in a question, said by anybody of any agency: there they tell nothing.
SAID_OF_ALL = frozenset({"labour-export", "labour"})

#: Words around a name in a question, with their accents.
STOPS = _set(
    """
    có là thì mà ở tại của cho tôi tui em bạn bác ad admin với này kia đó nào gì ni nớ nhỉ ấy được bị không ko
    hông hok
    hem nỏ khg rồi chưa hả ạ vậy rứa răng mần nhé nha nhể hỏi xin nhờ giúp check tra tìm xem biết thấy nghe nói
    bảo đòi thu
    nộp tiền phép gp giấy uy lừa đảo dởm đang những các một mấy hay hoặc khi nếu vì theo qua đi làm ơn ơi đấy
    đây lắm mới
    định muốn người nhà đăng số k kg z v j mượn chỉ tên bên ngoài trong tuyển nhận cần gửi kêu giữ block hứa
    liên hệ gọi lương phí trên dưới
    sang qua bằng từ đến để trước sau nên thế sao vẫn cũng
    """
)
#: The same as they stand without accents, where few of them are not also a syllable of some name ("tin" is "Tín").
BARE_STOPS = _set(
    """
    co la thi cua cho toi tui em ad admin nay kia nao gi voi duoc bi khong ko tuyen hong hok hem khg roi chua
    phep gp xin hoi
    giup check nguoi k kg z v j ni no ay o ma noi doi giay
    is are does has have licensed license licence licenced legit legal real fake scam registered called named
    trust please
    my this that list name allowed genuine safe they said about know if i
    """
)
#: Of these, what alone behind a name may belong to it: "Sona Trust" is not Sona.
WEAK_STOPS = _set(
    "k z v j i o real legal trust list name safe genuine fake check tra bạn bác admin ad số chỉ mới nhà tên noi "
    "doi giay"
)
#: Behind one of these words stands a name.
TRIGGERS = frozenset({"cong ty", "cong ti", "cty", "cti", "ctcp", "tap doan", "doanh nghiep", "trung tam"})
#: Before one of these in English.
ENDERS = frozenset({"company", "agency", "firm", "corporation"})
#: Words that name a place: alone behind "công ty" they name no firm.
PLACES = _set(
    "anh nhat han dai phap duc uc my nga y ha noi vinh nghe an tinh hue sai gon tphcm hcm sg hn da nang angola "
    "serbia lao"
    " ba lan sec rumani hungary canada malaysia singapore trung quoc hanoi saigon japan taiwan the xa huyen"
)
#: What is asked of a firm that was named: begins behind its name.
ASKING = (
    "co phep", "co giay phep", "co gp", "co uy tin", "co that", "co tin", "co dang tin", "co hop phap", "co lua",
    "uy tin", "lua dao", "co duoc phep", "co duoc cap phep", "la that", "la lua", "co on", "co ton tai", "la cong ty",
)

#: Digits and Cyrillic letters that stand for a Latin one in a name made to look like another.
LOOKS_LIKE = str.maketrans("0135аеорсхуік", "olesaeopcxyik")
