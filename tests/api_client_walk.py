"""Run with the Python of a generated client: ADDRESS TOKEN WORDS -> what it found, as one line of JSON."""

import json
import sys
from http import HTTPStatus

from moirai_client import AuthenticatedClient
from moirai_client.api.applications import apply
from moirai_client.api.jobs import jobs
from moirai_client.api.matches import match
from moirai_client.api.me import me
from moirai_client.models import Apply

address, token, words = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)
person = me.sync(client=client)
found = jobs.sync(client=client, q=words)
posting = found.results[0]
applied = [
    apply.sync_detailed(client=client, body=Apply(job=posting.id, message="Me interesa"), idempotency_key="once")
    for _twice in range(2)
]
assert [one.status_code for one in applied] == [HTTPStatus.CREATED] * 2
why = match.sync(posting.id, client=client)
parts = [why.occupation, why.requirements, why.words]
print(
    json.dumps(
        {
            "role": person.role.value,
            "found": [row.title for row in found.results],
            "application": applied[1].parsed.id,
            "status": applied[1].parsed.status.value,
            "points": why.points,
            "parts": parts,
            "rows": [row.code for row in why.rows],
        }
    )
)
