"""Uploading a list by the pages, as the tests of this folder do it."""

import io
import re

from tests.web.doors import token

FILE = "Họ tên,Số điện thoại,Xã,Huyện\nLê Thị Một,0912345678,Xã Yên Thành,Yên Thành\nHai,12,,\nBa,0912345678,,\n"
SAID = {"list": "Thử", "source": "tự ghi", "basis": "agreed", "consent": "họp xóm", "country": "VN"}


def send(officer, content=FILE, name="thu.csv", **fields):
    """Step one. `content`: text, bytes, or None for no file at all."""
    data = {"csrf_token": token(officer), **fields}
    if content is not None:
        data["file"] = (io.BytesIO(content.encode() if isinstance(content, str) else content), name)
    return officer.post("/lists/upload", data=data, content_type="multipart/form-data")


def filled(page: str) -> dict[str, str]:
    """What a browser would send of step two's form when nothing on it was touched."""
    form = re.search(r'<form class="asked".*?</form>', page, re.S)[0]
    fields = dict(re.findall(r'<input[^>]*? name="([\w|]+)" type="(?!radio|file)[^"]*" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'type="radio" name="(\w+)" value="([\w-]+)" checked', form))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)".*?>(.*?)</select>', form, re.S):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        fields[name] = next((value for value, chosen in values if chosen), values[0][0])
    return fields


def answer(officer, address: str, do: str = "import", **fields):
    """Step two: the form as it stands with `fields` changed."""
    page = officer.get(address).get_data(as_text=True)
    return officer.post(address, data={**filled(page), "do": do, **fields})


def upload(officer, content=FILE, name="thu.csv", **fields):
    """Both steps; where it leads."""
    return answer(officer, send(officer, content, name).location, **{**SAID, **fields})
