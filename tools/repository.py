"""What the checks in this folder share: the files of the repository and how findings are reported."""
import pathlib
import subprocess
import sys


def files(root, *suffixes):
    """Paths relative to root of what git tracks or would track, with one of the suffixes, sorted."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, check=True, capture_output=True, text=True)
    names = {name for name in listed.stdout.split("\0") if name.endswith(suffixes)}
    return sorted(pathlib.PurePosixPath(name) for name in names if (pathlib.Path(root) / name).is_file())


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8")


def finish(findings, advice):
    """Prints the findings and ends the program: 0 when there are none."""
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings)} found. {advice}")
    sys.exit(1 if findings else 0)


def root():
    return pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
