"""Finds words that mean unfinished work, skipped tests, and paths of somebody's machine, in code and in settings."""
import re

import repository

SUFFIXES = (".cc", ".h", ".ts", ".tsx", ".mjs", ".proto", ".sql", ".yaml", ".yml", ".sh", ".cmake", "CMakeLists.txt", "/dev")
UNFINISHED = re.compile(r"\b(TODO|FIXME|(?-i:XXX)|HACK|not (yet )?implemented|placeholder|stub(bed)?|for now)\b", re.IGNORECASE)
# gRPC's own names, the attribute of an input field, and the reason phrase of HTTP 501.
FINE = re.compile(r"grpc.*stub|newstub|stub_|stub>|stubinterface|\bstub[.(]|\.stub\b|placeholder=|placeholder:|\"Not Implemented\"", re.IGNORECASE)
SKIPPED = re.compile(r"GTEST_SKIP|\bDISABLED_|\b(it|test|describe)\.(skip|only|todo)\(")
MACHINE = re.compile(r"(?<![\w.])/(home|Users)/\w+")


def check(root):
    for path in repository.files(root, *SUFFIXES):
        for number, line in enumerate(repository.read(root, path).splitlines(), 1):
            found = UNFINISHED.search(line) if not FINE.search(line) else None
            found = found or SKIPPED.search(line) or MACHINE.search(line)
            if found:
                yield f"{path}:{number}: {found.group(0)}: {line.strip()[:100]}"


if __name__ == "__main__":
    repository.finish(list(check(repository.root())), "Finish it, or say it in other words.")
