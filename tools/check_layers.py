#!/usr/bin/env python3
"""Fails when a module of src/ includes one that it may not see. Run by ./dev lint and by ctest."""
import pathlib
import re
import sys

MAY_SEE = {  # a module sees itself, libraries, and exactly these
    "base": [],
    "json": ["base"],
    "observe": ["base"],
    "chat": ["base", "json"],
    "catalog": ["base", "json"],
    "dialect": ["base", "json", "chat", "catalog"],
    "http": ["base", "observe"],
    "store": ["base", "json", "observe"],
    "policy": ["base", "json", "chat", "catalog", "store"],
    "gateway": ["base", "json", "observe", "chat", "catalog", "dialect", "http", "store", "policy"],
    "simulate": ["base", "json", "chat", "catalog", "dialect", "http"],
    "admin": ["base", "json", "observe", "catalog", "http", "store", "policy"],
    "app": ["base", "json", "observe", "chat", "catalog", "dialect", "http", "store", "policy", "gateway", "simulate",
            "admin"],
}

# Each list may name only modules above it, so the table itself cannot hold a cycle.
ORDER = list(MAY_SEE)
for module, seen in MAY_SEE.items():
    assert all(ORDER.index(s) < ORDER.index(module) for s in seen), f"{module} looks down"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
    broken = files = 0
    for path in sorted(root.rglob("*.[ch]pp")):
        module = path.relative_to(root).parts[0]
        files += 1
        if module not in MAY_SEE:
            print(f"{path}: '{module}' is no module; the modules are {', '.join(MAY_SEE)}")
            broken += 1
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'\s*#include "(\w+)/', line)
            if match and match[1] in MAY_SEE and match[1] != module and match[1] not in MAY_SEE[module]:
                print(f"{path}:{number}: {module} may not include {match[1]}")
                broken += 1
    print(f"layers: {files} files, {broken} wrong includes")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
