"""Skills found in texts, and rows written, per second."""

from __future__ import annotations

import time

import numpy as np
from django.db import connection
from django.utils import timezone

from benchmarks import world
from matching import writing
from moirai.skills.vocabulary import extractor
from students.models import CV

ROWS = {"desk": 200_000, "full": 1_000_000}


def run(size: str) -> None:
    world.base()
    texts = list(CV.objects.order_by("pk").values_list("text", flat=True))
    words = extractor()
    words.find(texts[0])
    began = time.perf_counter()
    for text in texts:
        words.find(text)
    world.report(
        "extraction", time.perf_counter() - began, rows=len(texts), words=int(np.mean([len(t.split()) for t in texts]))
    )
    count = ROWS[size]
    rows = np.zeros(count, writing.ROW)
    rows["student_id"], rows["job_id"] = np.arange(count) // 50, np.arange(count) % 50
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE written (LIKE matching_match INCLUDING DEFAULTS INCLUDING IDENTITY)")
    began = time.perf_counter()
    writing.write("written", rows, version="bench", first_seen=np.zeros(count, np.int64), computed_at=timezone.now())
    world.report("write", time.perf_counter() - began, rows=count)
