#!/usr/bin/env python3
"""Counts what `meson test` ran: each case of each program, not only the programs.

    count_tests.py BUILD-FOLDER...   names what failed, and closes with the count alone on a line;
                                     exit 1 if anything failed or nothing ran
    count_tests.py --self-check      proves that each kind of failure is counted
"""
import json
import pathlib
import re
import sys

CASE = re.compile(r'^( *)(not )?ok\b *\d* *-? *([^#]*)(# *SKIP\b)?', re.I)
PLAN = re.compile(r'^1\.\.\d', re.M)
GOOD = {'OK', 'EXPECTEDFAIL'}


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def fail(self, name):
        self.failed += 1
        self.failures.append(name)

    def add_case(self, test, is_failed, name, is_skipped):
        if is_skipped:
            self.skipped += 1
        elif is_failed:
            self.fail(f'{test}: {name}')
        else:
            self.passed += 1

    def add_tap(self, test, text):
        """Leaves only: a line behind deeper ones sums them up, and counts when it alone says no."""
        before = self.failed
        deeper = {}  # indent → (cases, failures) not yet summed up by a line further left
        for line in text.splitlines():
            match = CASE.match(line)
            if not match:
                continue
            indent, is_failed = len(match[1]), match[2] is not None
            below = [deeper.pop(at) for at in list(deeper) if at > indent]
            n_cases, n_failed = sum(n for n, _ in below), sum(n for _, n in below)
            if not n_cases or (is_failed and not n_failed):
                self.add_case(test, is_failed, match[3].strip(), match[4] is not None)
            cases, failures = deeper.get(indent, (0, 0))
            deeper[indent] = (cases + 1, failures + is_failed)
        return self.failed - before

    def add(self, run):
        name, result, text = run['name'], run['result'], run.get('stdout', '')
        if PLAN.search(text):
            # Also what no case tells: a timeout, a crash behind the last of them, a plan that is not kept.
            if not self.add_tap(name, text) and result not in GOOD | {'SKIP'}:
                self.fail(f'{name}: {result}')
        elif result == 'SKIP':
            self.skipped += 1
        elif result in GOOD:
            self.passed += 1
        else:
            self.fail(f'{name}: {result}')

    def line(self):
        return f'{self.passed} passed, {self.failed} failed' + (f', {self.skipped} skipped' if self.skipped else '')


def count(folders):
    total = Count()
    for folder in folders:
        log = pathlib.Path(folder, 'meson-logs/testlog.json')
        runs = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        if not runs:
            total.fail(f'{folder}: no test ran')
        for run in runs:
            total.add(run)
    return total


def self_check():
    cases = [
        ({'result': 'OK', 'stdout': ''}, (1, 0, 0)),
        ({'result': 'FAIL', 'stdout': 'x'}, (0, 1, 0)),
        ({'result': 'SKIP', 'stdout': ''}, (0, 0, 1)),
        ({'result': 'OK', 'stdout': 'ok 1 - a\nok 2 - b # SKIP why\n1..2'}, (1, 0, 1)),
        ({'result': 'FAIL', 'stdout': '1..2\nok 1 - a\nnot ok 2 - b'}, (1, 1, 0)),
        ({'result': 'TIMEOUT', 'stdout': '1..2\nok 1 - a'}, (1, 1, 0)),
        ({'result': 'ERROR', 'stdout': '1..1\nok 1 - a'}, (1, 1, 0)),
        ({'result': 'FAIL', 'stdout': '    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - file\n1..1'}, (1, 1, 0)),
        ({'result': 'FAIL', 'stdout': '    ok 1 - a\n    1..1\nnot ok 1 - file\n1..1'}, (1, 1, 0)),
    ]
    for run, expected in cases:
        total = Count()
        total.add(run | {'name': 'x'})
        got = (total.passed, total.failed, total.skipped)
        if got != expected:
            sys.exit(f'{run}: {got} instead of {expected}')
    print(f'{len(cases)} kinds of runs counted')


if __name__ == '__main__':
    if sys.argv[1:] == ['--self-check']:
        self_check()
        sys.exit()
    result = count(sys.argv[1:])
    for failure in result.failures:
        print(f'failed: {failure}')
    print(result.line())
    sys.exit(1 if result.failed or not result.passed else 0)
