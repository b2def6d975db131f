"""Scores of students against postings: pure functions on arrays, without Django, Celery or a database.

The door in is :class:`~matching.scoring.model.FittedModel` (fit, save, load, encode) and
:func:`~matching.scoring.points.score`; everything else explains itself by its file name.
"""
