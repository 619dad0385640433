#!/usr/bin/env python3
"""The docs against the program and the build: check_docs.py ROOT PROGRAM. Prints TAP."""
import pathlib
import re
import subprocess
import sys

ROOT, PROGRAM = pathlib.Path(sys.argv[1]), sys.argv[2]
MAN = ROOT / 'docs/man'
sys.path.insert(0, str(MAN))
sys.dont_write_bytecode = True
import make_pages  # noqa: E402


def every_command_has_a_page():
    """Named for what it does, with its options; and the build knows it."""
    built = (ROOT / 'docs/meson.build').read_text()
    for name, summary in make_pages.commands_of(PROGRAM).items():
        page = MAN / f'blogsearch-{name}.1.scd'
        if not page.exists():
            yield f'{page.relative_to(ROOT)} is missing'
            continue
        text = page.read_text()
        for needed in (f'blogsearch-{name} - {summary}\n', f'@OPTIONS {name}@', '@COMMON OPTIONS@'):
            if needed not in text:
                yield f'{page.name} lacks "{needed.strip()}"'
        if f"'blogsearch-{name}.1'" not in built:
            yield f'docs/meson.build has no row blogsearch-{name}.1'


def every_option_and_key_gets_into_its_page():
    for name in make_pages.commands_of(PROGRAM):
        page = MAN / f'blogsearch-{name}.1.scd'
        filled = make_pages.filled(PROGRAM, page) if page.exists() else ''
        help_text = make_pages.ask(PROGRAM, name, '--help')
        for option in re.findall(r'^ +(?:-\w, )?--([\w-]+)', help_text, re.M):
            if f'*--{make_pages.escape(option)}*' not in filled:
                yield f'blogsearch-{name}(1) lacks --{option}'
    filled = make_pages.filled(PROGRAM, MAN / 'blogsearch.yaml.5.scd')
    keys = re.findall(r'^KEY\(\w+,\s*"([^"]+)"', (ROOT / 'cli/config_keys.def').read_text(), re.M)
    yield from () if keys else ('no key was found in cli/config_keys.def',)
    yield from (f'blogsearch.yaml(5) lacks {key}' for key in keys if f'*{make_pages.escape(key)}*' not in filled)


def every_exit_status_is_explained():
    page = (MAN / 'blogsearch.1.scd').read_text()
    statuses = set(re.findall(r'^\tX\(\w+, +(\d+),', (ROOT / 'include/blogsearch/error.h').read_text(), re.M))
    yield from () if len(statuses) > 5 else ('no statuses were found in error.h',)
    yield from (f'blogsearch(1) lacks exit status {status}' for status in statuses if f'\n*{status}*\n' not in page)


def every_library_has_its_reason():
    text = (ROOT / 'docs/dependencies.md').read_text()
    build = (ROOT / 'meson.build').read_text() + (ROOT / 'tests/meson.build').read_text()
    names = re.findall(r"(?:dependency|find_library)\('([\w.+-]+)'", build)
    names = [name for name in names if name != 'threads']
    packages = (ROOT / 'scripts/install-packages').read_text()
    packages = re.search(r'declare -A packages=\((.*?)\n\)', packages, re.S)[1]
    names += [word.split(':')[0] for group in re.findall(r"'([^']*)'", packages) for word in group.split()]
    names += re.findall(r'^    "([\w./@-]+)": "\d', (ROOT / 'tests/package.json').read_text(), re.M)
    for name in sorted(set(names)):
        if f'`{name}`' not in text:
            yield f'docs/dependencies.md does not say why `{name}` is there'


def every_link_leads_somewhere():
    for page in [*ROOT.glob('*.md'), *ROOT.glob('docs/**/*.md')]:
        for target in re.findall(r'\]\(([^)#\s]+)[^)]*\)', page.read_text()):
            if not re.match(r'\w+:', target) and not (page.parent / target).exists():
                yield f'{page.relative_to(ROOT)} links to {target}, which is not there'


def every_command_in_the_docs_exists():
    known = set(make_pages.commands_of(PROGRAM)) | {'help'}
    for page in [*ROOT.glob('*.md'), *ROOT.glob('docs/**/*.md'), *MAN.glob('*.scd')]:
        for name in re.findall(r'^(?:\$ )?blogsearch ([a-z]+)\b', page.read_text(), re.M):
            if name not in known:
                yield f'{page.relative_to(ROOT)} speaks of blogsearch {name}'


CHECKS = [every_command_has_a_page, every_option_and_key_gets_into_its_page, every_exit_status_is_explained,
          every_library_has_its_reason, every_link_leads_somewhere, every_command_in_the_docs_exists]
print(f'1..{len(CHECKS)}')
for number, check in enumerate(CHECKS, 1):
    try:
        faults = list(check())
    except (OSError, subprocess.SubprocessError) as error:
        faults = [str(error)]
    for fault in faults:
        print(f'# {fault}')
    print(f"{'not ok' if faults else 'ok'} {number} - {check.__name__.replace('_', ' ')}")
