"""Files of more than 400 lines need a reason in tools/long-files.txt, a line each: "path: reason". A line that is no longer needed is
reported too."""
import repository

LIMIT = 400
SUFFIXES = (".cc", ".h", ".ts", ".tsx", ".mjs", ".proto", ".py", ".sh", ".cmake", "/dev")
REASONS = "tools/long-files.txt"


def reasons(root):
    file = root / REASONS
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith("#"))


def check(root):
    known = reasons(root)
    for path in repository.files(root, *SUFFIXES):
        lines = repository.read(root, path).count("\n")
        reason = known.pop(str(path), None)
        if lines > LIMIT and not reason:
            yield f"{path}: {lines} lines"
        elif lines <= LIMIT and reason:
            yield f"{REASONS}: {path} has only {lines} lines: remove its line"
    yield from (f"{REASONS}: {path} does not exist" for path in known)


if __name__ == "__main__":
    repository.finish(list(check(repository.root())), f"Look for a seam, or give the reason in {REASONS}.")
