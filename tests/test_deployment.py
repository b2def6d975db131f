"""The files that production starts from say what they should."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.composed import Stack, proxy_configuration

ROOT = Path(settings.BASE_DIR)
SERVICES = {"proxy", "migrate", "web", "worker", "beat", "postgresql", "redis"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def several() -> dict:
    return yaml.safe_load((ROOT / "deploy/compose.several.yml").read_text())


def test_compose_names_every_part_and_no_other(compose):
    assert set(compose["services"]) == SERVICES
    for name, service in compose["services"].items():
        assert {"image", "build"} & set(service), name
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES
            condition = how["condition"]
            if condition == "service_healthy":
                assert "healthcheck" in compose["services"][needed], f"{name} waits for {needed} to be healthy"
    used = {
        v.split(":")[0] for s in compose["services"].values() for v in s.get("volumes", []) if not v.startswith(".")
    }
    assert used == set(compose["volumes"])


def test_only_the_proxy_is_reachable_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_nothing_can_write_to_its_image_rise_or_take_all_memory(compose, several):
    image = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
    for name, service in [*compose["services"].items(), *several["services"].items()]:
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        own_user = "USER moirai" in image if "build" in service else service.get("user", "root") not in ("root", "0")
        assert own_user, f"{name} runs as root"


def test_what_serves_for_long_is_asked_whether_it_lives(compose):
    asked = {name for name, service in compose["services"].items() if "healthcheck" in service}
    assert asked == {"web", "worker", "postgresql", "redis"}
    assert "--appendonly yes" in compose["services"]["redis"]["command"]


def test_the_services_that_hold_data_reach_no_other_network(compose):
    assert compose["networks"]["inside"] == {"internal": True}
    assert [name for name, s in compose["services"].items() if s["networks"] == ["inside"]] == ["postgresql", "redis"]


def test_another_machine_runs_the_same_web_and_workers_and_no_second_beat(compose, several):
    assert set(several["services"]) == {"web", "worker"}
    for name, service in several["services"].items():
        own = compose["services"][name]
        for key in ("command", "healthcheck", "mem_limit", "stop_grace_period", "tmpfs", "volumes"):
            assert service.get(key) == own.get(key), f"{name}: {key}"
        assert set(service["environment"]) == set(own["environment"])


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="needs docker-compose, the client alone (Debian)")
@pytest.mark.parametrize("path", ["docker-compose.yml", "deploy/compose.several.yml"])
def test_compose_itself_understands_the_files(path):
    asked = re.findall(r"\$\{(\w+):\?", (ROOT / path).read_text())
    command = ["docker-compose", "-f", path, "--project-directory", ".", "config", "--quiet"]
    environment = os.environ | dict.fromkeys(asked, "10.0.0.1")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_migrations_end_before_anything_starts(compose):
    for name in ("web", "worker", "beat"):
        needs = compose["services"][name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}


def test_every_setting_that_compose_gives_is_explained(compose):
    explained = (ROOT / ".env.example").read_text()
    given = {key for name in ("web", "worker") for key in compose["services"][name]["environment"]}
    read = set(re.findall(r'env(?:\.\w+)?\("([A-Z_]+)"', (ROOT / "moirai/settings.py").read_text()))
    for key in sorted(given | read):
        assert re.search(rf"^#?{key}=", explained, re.MULTILINE), f"{key} is missing in .env.example"


def test_the_proxy_speaks_tls_1_3_only():
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert re.findall(r"ssl_protocols ([^;]+);", text) == ["TLSv1.3"]
    assert "return 301 https://" in text


@pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="needs nginx and openssl")
def test_nginx_accepts_its_configuration(tmp_path):
    path = proxy_configuration(tmp_path, plain=18080, tls=18443, web=18000)
    done = subprocess.run(["nginx", "-t", "-c", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_proxy_lets_go_of_a_connection_before_gunicorn_does():
    gunicorn = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))
    upstream = re.search(r"upstream web \{.*?keepalive_timeout (\d+)s;", (ROOT / "deploy/nginx.conf").read_text(), re.S)
    assert int(upstream[1]) < gunicorn["keepalive"]


def test_the_image_runs_as_nobody_special_from_the_lock():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER moirai$", text, re.MULTILINE)
    assert text.index("USER moirai") < text.index("CMD")
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "var", ".git"} <= set(ignored)


def test_production_on_loopback_reads_everything_from_what_is_shipped(tmp_path):
    stack = Stack(tmp_path)
    assert stack.in_order() == ["postgresql", "redis", "migrate", "web", "worker", "beat", "proxy"]
    assert stack.command("web") == ["gunicorn", "moirai.wsgi", "--config", "deploy/gunicorn.conf.py"]
    own = stack.environment("worker")
    assert own["DATABASE_URL"].endswith(f"@127.0.0.1:{stack.ports['postgresql']}/moirai")
    assert own["DATA_DIR"] == str(tmp_path / "data")
    assert (own["DEBUG"], own["REQUIRE_STAFF_SECOND_FACTOR"], own["BEHIND_PROXY"]) == ("false", "true", "true")
    left = [text for text in [*own.values(), *map(str, stack.services.values())] if "${" in text]
    assert not left
