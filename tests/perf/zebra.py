"""How many records a second Zebra indexes: `python -m tests.perf.zebra FOLDER` prints {"records": n, "seconds": s}.

FOLDER holds ISO 2709 files (.mrc, .marc, .iso). The register is made afresh in a temporary folder; the seconds are
those of `zebraidx update` and `commit` together. What Zebra makes of a record is in tests/catalog/harvesting/zebra.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.catalog.harvesting import zebra

ENDINGS = (".mrc", ".marc", ".iso")


def measure(files: list[Path]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="zebra-") as name:
        folder = Path(name)
        zebra.write_configuration(folder, port=0)
        zebra.make_register(folder)
        began = time.perf_counter()
        records = zebra.update(folder, files)
        return {"records": records, "seconds": round(time.perf_counter() - began, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    if missing := zebra.missing():
        sys.exit(f"needs: apt-get install {missing}")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    if not files:
        sys.exit(f"no ISO 2709 files in {folder}")
    sys.stdout.write(json.dumps(measure(files)) + "\n")


if __name__ == "__main__":
    main()
