"""The bill of materials (CycloneDX 1.6) of what `requirements/run.txt` installs: `python scripts/sbom.py [--check]`.

The same bytes for the same requirements: no time, no serial number, no address of a registry. The hashes of each file are in the
requirements themselves. `--check` writes nothing and exits 1 where docs/sbom.cdx.json is not what the requirements say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "sbom.cdx.json"


def bill() -> dict[str, Any]:
    """The bill as CycloneDX's own tool makes it and checks it, without what names a place to download from."""
    command = [
        sys.executable, "-m", "cyclonedx_py", "requirements", str(ROOT / "requirements" / "run.txt"),
        "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--short-PURLs", "--validate", "--output-file", "-",
    ]  # fmt: skip
    made: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    refs = {one["bom-ref"]: one["purl"] for one in made["components"]}
    for one in made["components"]:
        marker = one.pop("description", "").split("--hash", 1)[0].partition(";")[2].strip()
        one.pop("externalReferences", None)
        one["bom-ref"] = one["purl"]
        if marker:  # installed on some machines only
            one["properties"] = [{"name": "riskboard:marker", "value": marker}]
    for one in made.get("dependencies", []):
        one["ref"] = refs.get(one["ref"], one["ref"])
        if "dependsOn" in one:
            one["dependsOn"] = sorted(refs.get(ref, ref) for ref in one["dependsOn"])
    made["components"].sort(key=lambda one: one["purl"])
    made.get("dependencies", []).sort(key=lambda one: one["ref"])
    made["metadata"].pop("tools", None)
    made["metadata"]["properties"] = [{"name": "riskboard:source", "value": "requirements/run.txt"}]
    return made


def text() -> str:
    """The file's content."""
    return json.dumps(bill(), indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write it, or compare."""
    if "--check" not in sys.argv[1:]:
        OUT.write_text(text(), encoding="utf-8")
        print(f"{OUT.relative_to(ROOT)} written")
        return 0
    if not OUT.exists() or OUT.read_text(encoding="utf-8") != text():
        print(f"{OUT.relative_to(ROOT)} is not what requirements/run.txt says; run: make sbom", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
