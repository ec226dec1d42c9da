"""`make screenshots` works, and the README shows pictures that are there."""

import re
import subprocess
import sys
from pathlib import Path

from tests.screenshots.readme import MOST_BYTES

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.findall(r"\((tests/screenshots/readme/[a-z]+\.png)\)", (ROOT / "README.md").read_text())


def test_the_readme_shows_four_small_pictures() -> None:
    assert len(set(SHOWN)) == 4
    for path in SHOWN:
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG"), path
        assert (ROOT / path).stat().st_size <= MOST_BYTES, path


def test_the_command_takes_those_of_the_readme_anew(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.screenshots", "--readme", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {path.name for path in tmp_path.iterdir()} == {Path(path).name for path in SHOWN}
