"""A made-up list of licensed firms: no firm of these names is known to us. Look-alikes of each other on purpose."""

from datetime import UTC, datetime

from bots.agencies.matching import Agency, Directory, ListInfo

AS_OF = "2026-11-15"
SOURCE = "Danh sách bịa để kiểm thử"

#: (name, trade and short names, licence, status).
_ROWS = (
    ("Công ty cổ phần Cung ứng nhân lực quốc tế và thương mại", "SOVANA", "901", "licensed"),
    ("Công ty cổ phần Đầu tư Hồng Lạc Giang", "HLG INVEST., JSC", "902", "licensed"),
    ("Công ty TNHH TKC Việt Nam", "TKC VIETNAM CO., LTD", "903", "licensed"),
    ("Công ty cổ phần Phát triển nhân lực LQD", "LQD", "904", "licensed"),
    ("Công ty cổ phần VINAKOREX Hải Vân", "VINAKOREX HV", "905", "licensed"),
    ("Công ty cổ phần VINAKOREX Nam Sơn", "VINAKOREX NS", "906", "licensed"),
    ("Công ty TNHH một thành viên Đào tạo và Cung ứng nhân lực Hạc Sơn", "HASOMEX", "907", "licensed"),
    ("Công ty cổ phần Hợp tác lao động với nước ngoài Sông Mây", "SOMAYCO", "908", "licensed"),
    ("Công ty cổ phần Nhân lực Trường Bạch", "TRUBAVINA", "909", "licensed"),
    ("Công ty cổ phần Quốc tế Nhật Hồng Lam", "NHL INTERNATIONAL", "910", "licensed"),
    ("Công ty TNHH Nguồn nhân lực Thiên Mộc", "", "911", "licensed"),
    ("Công ty cổ phần Thiên Mộc Hà", "", "912", "suspended"),
    ("Công ty cổ phần Đầu tư và Xuất nhập khẩu Lam Kinh Việt", "LAKIVINA", "913", "licensed"),
    ("Công ty cổ phần Xuất khẩu lao động Bình Minh Sa", "BIMISA", "914", "revoked"),
    ("Công ty cổ phần Phát triển quốc tế Việt Thuận An", "VTA CORP", "915", "licensed"),
    ("Công ty cổ phần Dịch vụ quốc tế Việt Thuận Yên", "VTY CORP", "916", "licensed"),
    ("Công ty TNHH Hợp tác quốc tế Kim Lộ", "KIMLO", "917", "licensed"),
    ("Công ty cổ phần Kim Lộ Đại", "", "918", "revoked"),
    ("Công ty cổ phần Thương mại Sao Mộc Tinh", "SMT", "919", "licensed"),
    ("Công ty cổ phần Tiến bộ Đông Du Phương", "ĐDP", "920", "licensed"),
    ("Công ty cổ phần Nhân lực Á Âu Lạc Việt", "ALAVICO", "921", "licensed"),
    ("Công ty TNHH Phát triển nhân lực Hải Triều Xanh", "HTX GREEN", "922", "licensed"),
    ("Công ty cổ phần Đầu tư Bảo Tín Lộc", "BTL", "923", "licensed"),
    ("Công ty cổ phần Cơ khí Cỏ Lau", "COLAUMEC", "924", "licensed"),
    ("Công ty cổ phần Vận tải biển Mũi Rồng", "MUROSHIP", "925", "licensed"),
    ("Công ty cổ phần Du lịch và Cung ứng lao động Ngàn Phố", "NGAPHO TRAVEL", "926", "licensed"),
    ("Công ty cổ phần Tư vấn du học Vạn Lý", "", "927", "licensed"),
    ("Công ty TNHH Vạn Lý Hồng", "", "928", "licensed"),
    ("Công ty cổ phần Đầu tư Phú Quý Sơn", "", "929", "licensed"),
    ("Công ty TNHH Phú Quý Sơn", "", "930", "licensed"),
    ("Công ty cổ phần Hoàng Anh Đạo", "HAD", "931", "licensed"),
    ("Công ty cổ phần Nhân lực Hoàng Ánh Đào", "", "932", "licensed"),
    ("Công ty cổ phần Cung ứng nhân lực Trà Giang", "TRAGICO", "933", "licensed"),
    ("Công ty cổ phần Nhân lực và Thương mại Bến Mơ", "BEMOCO", "934", "licensed"),
    ("Công ty cổ phần Đầu tư thương mại Vĩnh Xuân Hạ", "VIXUHA", "935", "licensed"),
    ("Công ty TNHH Cung ứng nhân lực Song Ngư", "SONUCO", "936", "licensed"),
    ("Công ty cổ phần Quốc tế Đất Lành Chim", "", "937", "licensed"),
    ("Công ty cổ phần Nhân lực Bạch Đàn", "BADANA", "938", "licensed"),
    ("Công ty cổ phần Xây dựng và Cung ứng lao động Cầu Ngói", "CANGOCON", "939", "licensed"),
    ("Công ty cổ phần Giáo dục quốc tế Hướng Nắng", "HUNAEDU", "940", "licensed"),
    ("Công ty cổ phần Nhân lực Lúa Vàng Quê", "LUVAQ", "941", "licensed"),
    ("Công ty TNHH Tập đoàn nhân lực Gió Đồng", "GIDOGROUP", "942", "licensed"),
)
ROWS = tuple((name, also, f"{number}/LĐTBXH-GP", status) for name, also, number, status in _ROWS)
INFO = ListInfo(1, AS_OF, SOURCE, datetime(2026, 11, 20, tzinfo=UTC), len(ROWS))


def agencies() -> list[Agency]:
    return [Agency(name, (also,) if also else (), licence, "Số 1 phố Thử, Vinh", status)
            for name, also, licence, status in ROWS]


def directory() -> Directory:
    return Directory(INFO, agencies())
