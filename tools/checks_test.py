"""Tests of the checks in this folder: each is held against a small repository that breaks its rule and one that does not; and of
the counting of test results."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import check_layers
import check_links
import check_size
import check_words

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "dev"))
import tally  # noqa: E402


def findings(check, files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        subprocess.run(["git", "init", "-q", folder], check=True)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return list(check(root))


class Layers(unittest.TestCase):
    def refused(self, path, included):
        return findings(check_layers.check, {path: f'#include "{included}"\n'}) != []

    def test_directions_that_are_refused(self):
        for path, included in [
            ("platform/rpc/server.h", "services/leadership/api/visits.h"),
            ("platform/rpc/server.h", "gateway/src/edge.h"),
            ("services/leadership/domain/rule.cc", "services/leadership/store/visits.h"),
            ("services/leadership/domain/rule.cc", "grpcpp/grpcpp.h"),
            ("services/leadership/domain/rule.cc", "platform/store/store.h"),
            ("services/leadership/store/visits.cc", "services/leadership/api/visits.h"),
            ("services/leadership/api/visits.cc", "services/leadership/app/register.h"),
            ("services/leadership/main.cc", "services/leadership/domain/rule.h"),
            ("services/leadership/api/visits_test.cc", "services/cpd/domain/rule.h"),
            ("services/cpd/app/register.cc", "services/leadership/app/register.h"),
            ("services/cpd/app/register.cc", "gateway/src/edge.h"),
            ("gateway/src/edge.cc", "services/leadership/app/register.h"),
            ("services/suite/main.cc", "services/leadership/domain/rule.h"),
            ("services/suite/main.cc", "gateway/src/edge/router.h"),
            ("services/leadership/api/visits.cc", "platform/testing/clock.h"),
            ("services/organisation/store/reader.cc", "services/leadership/store/visits.h"),
            ("services/leadership/domain/rule.cc", "services/organisation/store/reader.h"),
            ("gateway/src/edge.cc", "services/organisation/store/reader.h"),
        ]:
            with self.subTest(path=path, included=included):
                self.assertTrue(self.refused(path, included))

    def test_directions_that_are_allowed(self):
        for path, included in [
            ("platform/rpc/server.h", "platform/status/status.h"),
            ("services/leadership/api/visits.cc", "services/leadership/domain/rule.h"),
            ("services/leadership/api/visits.cc", "fivestrand/cpd/v1/course.pb.h"),
            ("services/leadership/app/register.cc", "services/leadership/store/visits.h"),
            ("services/leadership/main.cc", "services/leadership/app/register.h"),
            ("services/cpd/app/register.cc", "services/organisation/app/organisation.h"),
            ("services/cpd/domain/rule.cc", "services/organisation/domain/input.h"),
            ("services/leadership/domain/rule_test.cc", "services/leadership/store/visits.h"),
            ("services/leadership/api/visits_test.cc", "platform/testing/clock.h"),
            ("services/suite/main.cc", "gateway/src/app/register.h"),
            ("services/suite/main.cc", "services/cpd/app/register.h"),
            ("gateway/src/edge.cc", "gateway/src/router.h"),
        ]:
            with self.subTest(path=path, included=included):
                self.assertFalse(self.refused(path, included))


class Links(unittest.TestCase):
    def test_broken_file_and_heading(self):
        found = findings(check_links.check, {"a.md": "[x](b.md) [y](missing.md) [z](b.md#nowhere) ![i](i.png)", "b.md": "# Some title\n"})
        self.assertEqual(len(found), 3, found)

    def test_good_links(self):
        text = "# Top\n[x](docs/b.md#some-title-2) [self](#top) [web](https://example.org/x) `[code](nowhere)`\n```\n[c](nowhere)\n```\n"
        self.assertEqual(findings(check_links.check, {"a.md": text, "docs/b.md": "# Some title 2\n"}), [])


class Size(unittest.TestCase):
    def test_long_file_needs_a_reason(self):
        long = {"platform/a.cc": "int a;\n" * 401}
        self.assertEqual(len(findings(check_size.check, long)), 1)
        self.assertEqual(findings(check_size.check, long | {"tools/long-files.txt": "platform/a.cc: a table\n"}), [])

    def test_reason_without_need(self):
        self.assertEqual(len(findings(check_size.check, {"a.cc": "\n", "tools/long-files.txt": "a.cc: once long\nb.cc: gone\n"})), 2)


class Words(unittest.TestCase):
    def test_unfinished_skipped_and_machine(self):
        found = findings(check_words.check, {"a.cc": "// TO" "DO: more\nGTEST" "_SKIP();\n// see /ho" "me/me/x\n"})
        self.assertEqual(len(found), 3, found)

    def test_what_is_fine(self):
        self.assertEqual(findings(check_words.check, {"a.tsx": '<input placeholder="Name" />\n', "a.cc": "auto stub_ = NewStub();\n"}), [])


class Tally(unittest.TestCase):
    def count(self, ctest, **results):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "ctest").write_text(f"<testsuite>{ctest}</testsuite>", encoding="utf-8")
            for name, xml in results.items():
                (pathlib.Path(folder) / f"{name}.xml").write_text(f"<testsuites><testsuite>{xml}</testsuite></testsuites>", encoding="utf-8")
            return tally.ctest(f"{folder}/ctest", folder)

    def test_cases_of_a_program_are_counted(self):
        two = '<testcase name="A" classname="T" status="run" result="completed"/><testcase name="B" classname="T"><failure/></testcase>'
        self.assertEqual(self.count('<testcase name="x" status="fail"><failure/></testcase>', x=two), (1, ["x: T.B"]))

    def test_skipped_and_disabled_cases_fail(self):
        cases = '<testcase name="A" status="run" result="skipped"><skipped/></testcase><testcase name="B" status="notrun" result="suppressed"/>'
        self.assertEqual(self.count('<testcase name="x" status="run"/>', x=cases), (0, ["x: A", "x: B"]))

    def test_a_crash_is_a_failure(self):
        self.assertEqual(self.count('<testcase name="x" status="fail"><failure/></testcase>')[0], 0)
        self.assertEqual(len(self.count('<testcase name="x" status="fail"><failure/></testcase>')[1]), 1)
        good = '<testcase name="A" status="run" result="completed"/>'
        self.assertEqual(self.count('<testcase name="x" status="fail"><failure/></testcase>', x=good), (1, ["x: ended badly after its tests"]))


if __name__ == "__main__":
    unittest.main()
