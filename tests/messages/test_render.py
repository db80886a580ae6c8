"""Fields in campaign messages: what may be written, and that nothing else ever runs."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import render
from messages.errors import LANGUAGES, Mistake
from sms.segments import count

#: template, values, message
FILLED = [
    ("Không có chỗ điền.", {}, "Không có chỗ điền."),
    ("Chào {{ ten }}.", {"ten": "Hoa"}, "Chào Hoa."),
    ("Chào {{ten}}.", {"ten": "Hoa", "xa": "Bắc Thành"}, "Chào Hoa."),
    ('Chào {{ ten or "bà con" }}.', {}, "Chào bà con."),
    ('Chào {{ ten or "bà con" }}.', {"ten": ""}, "Chào bà con."),
    ('Chào {{ ten or "bà con" }}.', {"ten": "  "}, "Chào bà con."),
    ('Chào {{ ten or "bà con" }}.', {"ten": None}, "Chào bà con."),
    ("Chào {{ ten or 'bà con' }}.", {"ten": "Hoa"}, "Chào Hoa."),
    ("{% if xa %}Xã {{ xa }}: {% endif %}gọi 111.", {"xa": "Bắc Thành"}, "Xã Bắc Thành: gọi 111."),
    ("{% if xa %}Xã {{ xa }}: {% endif %}gọi 111.", {}, "gọi 111."),
    ("{% if xa %}Xã {{ xa }}{% else %}Nghệ An{% endif %}", {}, "Nghệ An"),
    ("{%if xa%}1{%else%}2{%endif%}{% if xa %}3{% endif %}", {"xa": "x"}, "13"),
    # a value is text, whatever is written in it
    ("Chào {{ ten }}.", {"ten": "{{ 7*7 }}"}, "Chào {{ 7*7 }}."),
    ("Chào {{ ten }}.", {"ten": "{% for x in range(9) %}a{% endfor %}"}, "Chào {% for x in range(9) %}a{% endfor %}."),
    ("Chào {{ ten }}.", {"ten": "<b>&amp;"}, "Chào <b>&amp;."),
    ("Chào {{ ten }}.", {"ten": "=HYPERLINK(1)"}, "Chào =HYPERLINK(1)."),
    ("Chào {{ ten }}.", {"ten": "Hoa\r\nGọi số\x00 khác\u2028ngay"}, "Chào Hoa Gọi số khác ngay."),
    # letters are composed, line ends are one kind, the rest of the text is left alone
    ("Chào {{ ten }}.", {"ten": "Hie\u0302\u0309n"}, "Chào Hiển."),
    ("Cha\u0300o {{ ten }}\r\nGọi 111\n", {"ten": "Hoa"}, "Chào Hoa\nGọi 111\n"),
    ("50% giảm {a} %) # ## }", {}, "50% giảm {a} %) # ## }"),
    ("# dòng một\n{{ ten }}", {"ten": "Hoa"}, "# dòng một\nHoa"),
]


@pytest.mark.parametrize(("template", "values", "message"), FILLED)
def test_a_template_is_filled(template, values, message):
    assert render.compile(template).render(values) == message


#: what somebody may try; every one is refused before Jinja2 sees it
ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ten.__init__.__globals__ }}",
    "{{ ten['__class__'] }}",
    "{{ ten|attr('__class__') }}",
    "{{ ten|upper }}",
    "{{ ten.format(1) }}",
    "{{ ten() }}",
    "{{ range(10**9) }}",
    "{{ 'a' * 10**9 }}",
    "{{ 7*7 }}",
    "{{ 7 }}",
    "{{ 'a' }}",
    "{{ [1] }}",
    "{{ ten ~ ten }}",
    "{{ ten if xa else 1 }}",
    "{{ ten or ten }}",
    '{{ ten or "a" or "b" }}',
    '{{ ten or "{{ x }}" }}',
    '{{ ten or "\\x41" }}',
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ true }}",
    "{{ none }}",
    "{{ Ten }}",
    "{{ _ten }}",
    "{{ tên }}",
    "{{ config }}{{ request.application }}",
    "{% for x in range(10**9) %}a{% endfor %}",
    "{% for x in ten %}{{ x }}{% endfor %}",
    "{% set x = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'a' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% if ten.x %}a{% endif %}",
    "{% if ten == 1 %}a{% endif %}",
    "{% if not ten %}a{% endif %}",
    "{% if ten %}{% if xa %}a{% endif %}{% endif %}",
    "{% if ten %}a{% else %}b{% else %}c{% endif %}",
    "{% if ten %}a",
    "{% else %}",
    "{% endif %}",
    "{%- if ten %}a{% endif %}",
    "{{- ten }}",
    "{{{ ten }}}",
    "{{ {{ ten }} }}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "a {# ghi chú #} b",
    "{{ ten",
    "{{ }}",
    "{{ ten\x00 }}",
    "{{ " + "(" * 3900,
    "{{" * 1900,
    "{% if a %}" * 390,
    "{{ a" + "b" * 40 + " }}",
    '{{ ten or "' + "a" * 61 + '" }}',
]


@pytest.mark.parametrize("template", ATTACKS, ids=lambda text: text[:30])
def test_anything_else_is_refused_at_once_in_one_sentence(template):
    started = time.perf_counter()
    with pytest.raises(Mistake) as raised:
        render.compile(template)
    assert time.perf_counter() - started < 1
    assert raised.value.code == "template-wrong"
    assert all(raised.value.sentence(language) for language in LANGUAGES)


@given(st.text(alphabet=st.sampled_from('{}%# \n"\'ortenif els()[]._|*19a'), max_size=60))
def test_whatever_is_written_is_filled_or_refused(text):
    try:
        template = render.compile(text)
        template.render(dict.fromkeys(template.fields, "giá trị"))
    except Mistake as mistake:
        assert mistake.code == "template-wrong"


@given(st.text(max_size=render.VALUE_LIMIT))
def test_any_value_comes_out_as_text(value):
    shown = render.compile('[{{ ten or "?" }}]').render({"ten": value})
    assert shown == "[?]" or shown.removeprefix("[").removesuffix("]").strip() != ""
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("template", "fields", "needed"),
    [
        ("chữ", set(), set()),
        ("{{ ten }}", {"ten"}, {"ten"}),
        ('{{ ten or "x" }}', {"ten"}, set()),
        ('{{ ten or "x" }} {{ ten }}', {"ten"}, {"ten"}),
        ("{% if ten %}{{ ten }}{% endif %}", {"ten"}, set()),
        ("{% if ten %}a{% else %}{{ ten }}{% endif %}", {"ten"}, {"ten"}),
        ("{% if ten %}{{ xa }}{% endif %}", {"ten", "xa"}, {"xa"}),
    ],
)
def test_a_template_knows_its_fields(template, fields, needed):
    compiled = render.compile(template)
    assert (compiled.fields, compiled.needed) == (fields, needed)


@pytest.mark.parametrize(
    ("template", "values", "code"),
    [
        ("{{ ten }}", {}, "template-value-missing"),
        ("{{ ten }}", {"ten": " \n"}, "template-value-missing"),
        ("{{ ten }}", {"ten": 7}, "template-value-wrong"),
        ("{{ ten }}", {"ten": ["Hoa"]}, "template-value-wrong"),
        ("{{ ten }}", {"ten": "a" * 20_000}, "template-value-wrong"),
        ("{{ ten }}" * 400, {"ten": "a" * 200}, "message-too-long"),
    ],
)
def test_a_person_who_cannot_be_written_to_is_named_by_field(template, values, code):
    with pytest.raises(Mistake) as raised:
        render.compile(template).render(values)
    assert raised.value.code == code
    assert all(raised.value.sentence(language) for language in LANGUAGES)


def test_only_known_fields_may_be_used_when_they_are_given():
    assert render.compile("{{ ten }}", allowed=("ten", "xa")).fields == {"ten"}
    with pytest.raises(Mistake) as raised:
        render.compile("{{ so }}", allowed=("ten", "xa"))
    assert raised.value.code == "template-field-unknown"
    assert "ten, xa" in raised.value.sentence("en")


def test_a_template_over_the_limit_is_refused():
    with pytest.raises(Mistake) as raised:
        render.compile("a" * (render.TEMPLATE_LIMIT + 1))
    assert raised.value.code == "message-too-long"


def test_a_thousand_people_are_written_to_in_a_moment():
    template = render.compile('Chào {{ ten or "bà con" }} {% if xa %}xã {{ xa }}{% endif %}')
    started = time.perf_counter()
    for number in range(1000):
        template.render({"ten": f"Hoa {number}", "xa": "Bắc Thành"})
    assert time.perf_counter() - started < 1  # 0.02 s on an idle core


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Năm sinh", "nam_sinh"),
        ("Thôn / Xóm", "thon_xom"),
        ("HỌ VÀ TÊN", "ho_va_ten"),
        ("name", "name"),
        ("Đội 3", "doi_3"),
        ("  a  ", "a"),
        ("2026", ""),
        ("???", ""),
        ("a" * 40, "a" * 30),
        ("{{ x }}", "x"),
    ],
)
def test_a_column_has_a_name_to_write(column, name):
    assert render.field_name(column) == name
    if name:
        assert render.compile(f"{{{{ {name} }}}}").render({column: "giá trị"}) == "giá trị"


@pytest.mark.parametrize("placeholder", ["ten", "name", "ho_ten", "ho_va_ten"])
def test_the_own_name_is_filled_whatever_it_is_called(placeholder):
    """A list keeps it under "name"."""
    assert render.compile(f"Chào {{{{ {placeholder} }}}}.").render({"name": "Hoa"}) == "Chào Hoa."


def test_a_value_under_its_own_name_goes_before_a_column():
    assert render.compile("{{ ten }}").render({"Tên": "cột", "ten": "đúng"}) == "đúng"
    assert render.compile("{{ ten }}").render({"Tên": "", "TÊN": "cột hai"}) == "cột hai"


CODE = ["{{ 7*7 }}", "{% if x %}", "{{ ten }}", "}}", "{#", "%}", "''.__class__", "{{ self }}", "{% raw %}"]


@given(st.lists(st.one_of(st.sampled_from(CODE), st.text(max_size=12)), max_size=8).map("".join))
def test_code_in_a_value_comes_out_letter_by_letter(value):
    """In a field, in a fallback's place and in a condition: only white space and control characters are tidied."""
    value = value[: render.VALUE_LIMIT]
    template = render.compile('[{{ ten or "-" }}]{% if ten %}({{ ten }}){% else %}(){% endif %}')
    shown = template.render({"ten": value})
    tidy = unicodedata.normalize("NFC", " ".join(render._CONTROL.sub(" ", value).split()))
    assert shown == unicodedata.normalize("NFC", f"[{tidy}]({tidy})" if tidy else "[-]()")


@given(
    st.text(alphabet=st.characters(exclude_characters="{}%#\r", exclude_categories=["Cs"]), max_size=60),
    st.text(max_size=40),
)
def test_text_around_a_field_is_left_alone(words, value):
    text = unicodedata.normalize("NFC", words)
    shown = render.compile(f'{text}|{{{{ ten or "bạn" }}}}').render({"ten": value})
    assert shown.startswith(f"{text}|")


@given(st.booleans(), st.booleans())
def test_a_template_is_strict_only_where_a_value_is_missing(has_name, has_place):
    values = {"ten": "Hoa"} if has_name else {}
    values |= {"xa": "Đô Thành"} if has_place else {}
    template = render.compile("{{ ten }}{% if xa %} ở {{ xa }}{% endif %}")
    if has_name:
        assert template.render(values) == ("Hoa ở Đô Thành" if has_place else "Hoa")
    else:
        with pytest.raises(Mistake) as raised:
            template.render(values)
        assert raised.value.values == {"field": "ten"}


def test_the_places_of_a_template_are_explained():
    text = 'Chào {{ ten or "bà con" }}, {% if xa %}xã {{ xa }}{% endif %}{{ ten }}'
    assert render.explain(text) == (
        render.Field("ten", 5, "bà con"),
        render.Field("xa", text.index("{{ xa"), None),
        render.Field("ten", text.rindex("{{"), None),
    )
    assert render.fields_of(text) == ("ten", "xa")
    assert render.explain("Không có") == () == render.fields_of("Không có")
    with pytest.raises(Mistake):
        render.explain("{{")


def test_examples_show_who_gets_nothing_and_then_the_longest():
    template = render.compile("Chào {{ ten }}.")
    people = [{"name": "Hoa"}, {"name": "Nguyễn Thị Phương Thảo"}, {}, {"name": "Hoa"}, {"Năm sinh": "1990"}]
    shown = render.examples(template, people)
    assert [(one.text, one.missing) for one in shown] == [
        ("", "ten"),
        ("Chào Nguyễn Thị Phương Thảo.", None),
        ("Chào Hoa.", None),
    ]
    assert shown[1].values == {"name": "Nguyễn Thị Phương Thảo"}
    assert render.examples(template, people, most=1) == shown[:1]
    assert render.examples(template, []) == []


def test_examples_do_not_hide_another_mistake():
    with pytest.raises(Mistake) as raised:
        render.examples(render.compile("{{ ten }}"), [{"ten": 7}])
    assert raised.value.code == "template-value-wrong"


@pytest.mark.parametrize(
    ("name", "encoding", "segments"),
    [
        ("Hoa", "GSM-7", 1),
        ("Nguyen Thi Phuong Thao", "GSM-7", 2),
        ("Hòa", "GSM-7", 1),
        ("Thảo", "UCS-2", 3),
        ("{{x}}", "GSM-7", 2),
        ("", "GSM-7", 1),
    ],
)
def test_a_message_is_counted_as_it_is_filled(name, encoding, segments):
    """One name with an accent outside GSM-7 trebles the price; braces count double."""
    template = render.compile('Chao {{ ten or "ban" }}, ' + "a" * 146)
    counted = count(template.render({"ten": name}))
    assert (counted.encoding, counted.segments) == (encoding, segments)
