"""docs/dialects/rules.md names a test for every rule: each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
UNIT_TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.M)
OUTSIDE_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.M)


def existing() -> set[str]:
    units = {".".join(found) for file in (ROOT / "src").rglob("*_test.cpp") for found in UNIT_TEST.findall(file.read_text())}
    outside = {name for file in (ROOT / "tests").glob("test_*.py") for name in OUTSIDE_TEST.findall(file.read_text())}
    golden = {file.name.split(".")[0] for file in (ROOT / "src/dialect/testdata/requests").glob("*.*.json")}
    return units | outside | golden


def test_every_test_that_is_named_is_there() -> None:
    rows = [line.split(" | ")[-1] for line in (ROOT / "docs/dialects/rules.md").read_text().splitlines()
            if line.startswith("| ") and "`" in line]
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    assert len(named) > 100
    assert named <= existing(), named - tests_there_are()
