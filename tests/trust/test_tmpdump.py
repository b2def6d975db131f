import pytest, time
from conftest import NOW
import time_machine
from matching.tests.conftest import taxonomy, model
from tests.trust import rules
from tests.trust.world import make_world, ROLES, STATES, holdings, MAY_CHANGE
from tests.trust.routes import routes, called, body
from tests.trust.requesting import *

pytestmark = pytest.mark.django_db


def test_dump(model, settings):
    import signal

    signal.alarm(560)
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ZEAL_RAISE = False
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "zeal" not in m]
    with time_machine.travel(NOW, tick=False):
        t = time.process_time()
        world = make_world()
        print("world", time.process_time() - t)
        base = holdings(world)
        out = open("/tmp/dump.txt", "w")
        import os

        state = os.environ.get("STATE", "normal")
        with undone():
            STATES[state](world)
            n = 0
            t = time.process_time()
            base = holdings(world)
            for route in dict.fromkeys(routes()):
                if route.path.startswith("admin"):
                    continue
                for target in rules.TARGETS.get(route.name, ["-"]):
                    for method in ("GET", "POST"):
                        line = ""
                        notes = []
                        for role in ROLES:
                            with undone():
                                c = client_of(world, role)
                                try:
                                    r = send(
                                        c,
                                        method,
                                        address(world, route.name, target),
                                        payload(world, rules.PAYLOADS.get(route.name, {}))
                                        if method == "POST"
                                        else None,
                                    )
                                    code = called(r)
                                    text = body(r)
                                except Exception as e:
                                    code = "!"
                                    text = ""
                                    notes.append(f"{role}: {type(e).__name__} {e}"[:200])
                                n += 1
                                line += code
                                leaked = [m for m, rd in world.marks.items() if m in text and role not in rd]
                                if leaked:
                                    notes.append(f"{role} reads {leaked}")
                                if method == "POST":
                                    now = holdings(world)
                                    ch = [h for h in now if now[h] != base.get(h) and h not in MAY_CHANGE[role]]
                                    if ch:
                                        notes.append(f"{role} changed {ch}")
                        out.write(f"{route.name:<38}{target:<28}{method:<5}{' '.join(line)}\n")
                        for x in notes:
                            out.write("      !! " + x + "\n")
        print(n, time.process_time() - t)
