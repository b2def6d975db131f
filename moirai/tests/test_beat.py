"""One beat at a time."""

import threading

from moirai import beat


def test_a_second_beat_waits_until_the_first_has_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(beat, "EVERY", 0.01)
    first, turns = beat.take_turn(tmp_path / "beat.lock"), []
    second = threading.Thread(target=lambda: turns.append(beat.take_turn(tmp_path / "beat.lock")))
    second.start()
    second.join(0.1)
    assert not turns
    first.close()
    second.join(5)
    turns[0].close()


def test_the_schedule_is_not_opened_before_its_turn(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    held = []
    monkeypatch.setattr(
        beat.PersistentScheduler, "setup_schedule", lambda self: held.append((tmp_path / "beat.lock").exists())
    )
    from moirai.celery import app

    beat.Scheduler(app, schedule_filename=str(tmp_path / "schedule"))._turn.close()
    assert held == [True]
