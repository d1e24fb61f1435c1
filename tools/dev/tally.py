"""Counts test results for ./dev test: prints "PASSED FAILED", then one line for each failed test.

  tally.py junit FILE           a JUnit file, of vitest or of node's test runner
  tally.py ctest FILE FOLDER    CTest's JUnit file, and the folder of the result files of the GoogleTest programs in it

A skipped test counts as failed: what a test needs is installed or started before it. A program that failed without a failed test
(it crashed, or ran out of time) counts as one failure; one without a result file counts as one test.
"""
import pathlib
import sys
import xml.etree.ElementTree as ET


def outcome(case):
    """True when the <testcase> passed."""
    not_run = case.get("status") in ("notrun", "disabled") or case.get("result") in ("suppressed", "skipped")
    return not (not_run or any(case.find(tag) is not None for tag in ("failure", "error", "skipped")))


def count(root, prefix=""):
    passed, failed = 0, []
    for case in root.iter("testcase"):
        if outcome(case):
            passed += 1
        else:
            failed.append(prefix + ".".join(filter(None, (case.get("classname"), case.get("name")))))
    return passed, failed


def junit(file):
    return count(ET.parse(file).getroot())


def ctest(file, folder):
    passed, failed = 0, []
    for program in ET.parse(file).getroot().iter("testcase"):
        name = program.get("name")
        program_passed = program.get("status") == "run"
        result = pathlib.Path(folder) / f"{name}.xml"
        if result.exists():
            some_passed, some_failed = count(ET.parse(result).getroot(), name + ": ")
            passed += some_passed
            failed += some_failed
            if not program_passed and not some_failed:
                failed.append(f"{name}: ended badly after its tests")
        elif program_passed:
            passed += 1
        else:
            failed.append(f"{name}: no result (crashed, timed out or was not built)")
    return passed, failed


def main(mode, *args):
    try:
        passed, failed = {"junit": junit, "ctest": ctest}[mode](*args)
    except (OSError, ET.ParseError) as error:
        passed, failed = 0, [f"no results: {error}"]
    if passed == 0 and not failed:
        failed = ["no test was run"]
    print(passed, len(failed))
    print("\n".join(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
