"""A program of this folder as an ordinary user with a folder of its own, which is gone afterwards.

root becomes ``nobody``, for PostgreSQL refuses root and production runs as nobody special; it also gets a small disk
for uploads that can be filled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = "MOIRAI_PRIVATE_FOLDER"
NOBODY = 65534
DISK_MEGABYTES = 96
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
MAY_READ = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def enter(module: str, arguments: list[str]) -> Path:
    """The folder; runs ``module`` again in private first and ends with its exit code where that has not been done."""
    if FOLDER in os.environ:
        return Path(os.environ[FOLDER])
    missing = [p for p in ("nginx", "redis-server", "openssl", "setpriv") if not shutil.which(p)]
    if missing or not list(Path("/usr/lib/postgresql").glob("*/bin")):
        sys.exit(f"Not installed: {' '.join(missing) or 'postgresql'} (Debian: postgresql redis-server nginx-light).")
    folder = Path(tempfile.mkdtemp(prefix="moirai-prod-"))
    (folder / "data/media").mkdir(parents=True)
    inner = [sys.executable, "-m", module, *arguments]
    if os.geteuid() == 0:
        reads = subprocess.run([*AS_NOBODY, "test", "-r", os.path.realpath(sys.executable)]).returncode == 0
        become = AS_NOBODY + ([] if reads else MAY_READ)  # Python in root's own home: read everything, write nothing
        for path in (folder, folder / "data", folder / "data/media"):
            os.chown(path, NOBODY, NOBODY)
        disk = f"mount -t tmpfs -o size={DISK_MEGABYTES}m,mode=0700,uid={NOBODY},gid={NOBODY} tmpfs {folder}/data/media"
        # Seen by this program alone and gone with it; a container that may not mount goes without.
        script = f'{disk} 2>/dev/null; exec {" ".join(become)} --pdeathsig INT -- "$@"'
        inner = ["unshare", "--mount", "sh", "-c", script, "sh", *inner]
    try:
        process = subprocess.Popen(inner, env=os.environ | {FOLDER: str(folder)})
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:  # it has heard it as well, and is stopping what it started
                continue
    finally:
        shutil.rmtree(folder, ignore_errors=True)
