"""The officers' screens are complete in Vietnamese."""

from web import translations_check


def test_the_screens_are_translated():
    assert translations_check.faults() == []
