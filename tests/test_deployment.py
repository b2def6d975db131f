"""The files that production starts from say what they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SERVICES = {"proxy", "migrate", "web", "worker", "beat", "postgresql", "redis"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


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


def test_what_runs_our_code_cannot_write_or_rise(compose):
    for name in ("migrate", "web", "worker", "beat"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


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
    files = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", *files]
    subprocess.run(make, check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text().replace("/etc/nginx/tls", str(tmp_path))
    text = (
        text.replace("web:8000", "127.0.0.1:8000")
        .replace("listen 80;", "listen 18080;")
        .replace("443 ssl", "18443 ssl")
    )
    done = _nginx(tmp_path, text)
    if '"http2"' in done.stderr:  # Debian's nginx is older than this directive
        done = _nginx(tmp_path, text.replace("http2 on;", ""))
    assert done.returncode == 0, done.stderr


def _nginx(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/nginx.pid;\nerror_log stderr;\n{text}")
    return subprocess.run(["nginx", "-t", "-c", path], capture_output=True, text=True)


def test_the_image_runs_as_nobody_special_from_the_lock():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER moirai$", text, re.MULTILINE)
    assert text.index("USER moirai") < text.index("CMD")
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "var", ".git"} <= set(ignored)
