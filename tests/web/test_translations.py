"""Vietnamese is complete: nothing missing, fuzzy, left over or not compiled."""

from babel.messages.catalog import Message

from web import translations_check


def test_vietnamese_is_complete():
    assert translations_check.faults() == []


def test_what_is_missing_would_be_seen(monkeypatch):
    more = translations_check.extracted()
    more.add("A sentence nobody translated", None)
    monkeypatch.setattr(translations_check, "extracted", lambda: more)
    assert "missing: 'A sentence nobody translated'" in translations_check.faults()


def test_a_lost_placeholder_would_be_seen():
    assert translations_check._faults_of(Message("%(n)s people", "người"))
    assert not translations_check._faults_of(Message("%(n)s people", "%(n)s người"))
