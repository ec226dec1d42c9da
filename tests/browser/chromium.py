"""Headless Chromium as it is installed here: a browser, and a profile that lets frames of other sites keep cookies."""

import json
import shutil
from pathlib import Path
from typing import Any

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Some builds block the cookies of a frame from another site, and any user may. This user has not.
LETS_FRAMES_KEEP_COOKIES = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}


def launch(driver: Any) -> Any:
    """A browser; each of its contexts is a stranger to the others."""
    return driver.chromium.launch(**_how())


def with_frame_cookies(driver: Any, directory: Path) -> Any:
    """A context of a browser of its own, with a profile in `directory`."""
    (directory / "Default").mkdir()
    (directory / "Default" / "Preferences").write_text(json.dumps(LETS_FRAMES_KEEP_COOKIES))
    return driver.chromium.launch_persistent_context(str(directory), ignore_https_errors=True, **_how())


def _how() -> dict[str, Any]:
    assert EXECUTABLE, "This test needs Chromium (Debian, Ubuntu: apt-get install chromium)."
    return {"executable_path": EXECUTABLE, "args": ["--no-sandbox"]}
