#!/usr/bin/env python3
"""Makes man pages, their lists taken from the program itself.

    make_pages.py PROGRAM SCDOC FOLDER PAGE.scd...   writes FOLDER/PAGE, as scdoc makes it
    make_pages.py PROGRAM PAGE.scd                   prints the page with its lists, before scdoc

A line of a page that is one of these is replaced by what --help and `help config` say, so
that they cannot disagree:

    @OPTIONS NAME@     the options of a command that not all commands have
    @COMMON OPTIONS@   those of all commands
    @COMMANDS@         the commands
    @KEYS@             the keys of blogsearch.yaml
"""
import functools
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r'^  (?:-(\w), |    )--([\w-]+)(?: ([^a-z ]\S*))? +(\S.*)$')
COMMAND = re.compile(r'^  ([a-z]+) +(?:[A-Z\[]\S*(?: [A-Z\[]\S*)* +)?(\S.*)$')
KEY = re.compile(r'^  ([a-z_.]+)(?: = (.*))?\n      (.*)$', re.M)


@functools.cache
def ask(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def escape(text):
    return re.sub(r'([\\*_#`])', r'\\\1', text)


def options_of(program, *arguments):
    """name → (letter, argument, help), in order."""
    found = {}
    for line in ask(program, *arguments, '--help').splitlines():
        match = OPTION.match(line)
        if match:
            found[match[2]] = (match[1], match[3], match[4])
    return found


def commands_of(program):
    """name → summary, in order."""
    text = ask(program, '--help').partition('\n\n')[2].partition('Options of all')[0]
    matches = (COMMAND.match(line) for line in text.splitlines())
    return {match[1]: match[2] for match in matches if match and match[1] != 'help'}


def keys_of(program):
    """name → (default, manual), in order."""
    return {match[1]: (match[2] or '', match[3]) for match in KEY.finditer(ask(program, 'help', 'config'))}


def write_options(options):
    for name, (letter, argument, text) in options.items():
        yield (f'*-{letter}*, ' if letter else '') + f'*--{escape(name)}*' + (f' _{escape(argument)}_' if argument else '')
        yield f'\t{escape(text)}'
        yield ''


def fill(program, line):
    common = options_of(program)
    if line == '@COMMON OPTIONS@':
        return write_options(common)
    if line == '@COMMANDS@':
        return (text for name, summary in commands_of(program).items()
                for text in (f'*{escape(name)}*', f'\t{escape(summary)}; see *blogsearch-{name}*(1)', ''))
    if line == '@KEYS@':
        return (text for name, (default, manual) in keys_of(program).items()
                for text in (f'*{escape(name)}*' + (f' = _{escape(default)}_' if default else ''),
                             f'\t{escape(manual)}', ''))
    match = re.fullmatch(r'@OPTIONS ([a-z]+)@', line)
    if match:
        own = options_of(program, match[1])
        return write_options({name: value for name, value in own.items() if name not in common})
    return [line]


def filled(program, page):
    lines = pathlib.Path(page).read_text(encoding='utf-8').splitlines()
    return '\n'.join(text for line in lines for text in fill(program, line)) + '\n'


def main(program, *arguments):
    if len(arguments) == 1:
        print(filled(program, arguments[0]), end='')
        return
    scdoc, folder, *pages = arguments
    for page in pages:
        made = subprocess.run([scdoc], input=filled(program, page), capture_output=True, text=True, check=False)
        if made.returncode:
            sys.exit(f'{page}: {made.stderr.strip()}')
        pathlib.Path(folder, pathlib.Path(page).stem).write_text(made.stdout, encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
