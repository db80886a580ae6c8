"""The blueprint all pages of waves hang on, and the way back to a wave."""

from flask import Blueprint, flash, redirect, url_for

from messages.errors import Mistake
from web.errors import told

bp = Blueprint("waves", __name__, url_prefix="/waves")


def done(wave_id: int, words: str):
    """Back to the wave's page, which says so."""
    flash(words, "good")
    return redirect(url_for("waves.show", wave_id=wave_id), 303)


def not_done(wave_id: int, mistake: Mistake):
    """Back to the wave's page, which says what is in the way; what was done before stays done."""
    flash(told(mistake), "danger")
    return redirect(url_for("waves.show", wave_id=wave_id), 303)
