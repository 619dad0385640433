#!/usr/bin/env python3
"""Makes a C header of the lists in stop_words/: stop_words.py OUTPUT FILE...

Words are folded as text_fold() does (a unit test compares them). A contraction stands with an
apostrophe in front and none inside, which tells `I'll` from `ill`.
"""
import pathlib
import sys
import unicodedata

PLAIN = {'ß': 'ss', 'æ': 'ae', 'ð': 'd', 'ø': 'o', 'þ': 'th', 'đ': 'd', 'ħ': 'h', 'ı': 'i', 'ł': 'l', 'œ': 'oe', 'ŧ': 't'}
ACCENTS = [(0x300, 0x36f), (0x591, 0x5bd), (0x5bf, 0x5bf), (0x5c1, 0x5c2), (0x5c4, 0x5c5), (0x5c7, 0x5c7), (0x64b, 0x65f)]
LETTERS_WITH_MARK = {'\u0438\u0306', '\u0443\u0306', '\u0456\u0308'}


def fold(word):
    kept = ''
    for c in unicodedata.normalize('NFKD', word.casefold()):
        if not any(first <= ord(c) <= last for first, last in ACCENTS) or kept[-1:] + c in LETTERS_WITH_MARK:
            kept += PLAIN.get(c, c)
    return unicodedata.normalize('NFC', kept)


def key_of(word):
    return "'" + fold(word.replace("'", '')) if "'" in word else fold(word)


def main():
    files = sorted(pathlib.Path(name) for name in sys.argv[2:])
    lines = ['/* Made from core/text/stop_words by stop_words.py. */']
    for file in files:
        words = sorted({key_of(word).encode() for word in file.read_text(encoding='utf-8').split()})
        lines.append(f'static const Str stop_words_{file.stem}[] = {{')
        for word in words:
            octal = ''.join(f'\\{byte:03o}' if byte > 126 else chr(byte) for byte in word)
            lines.append(f'\tSTR_INIT("{octal}"),')
        lines.append('};')
    lines.append('static const StopWords stop_word_lists[] = {')
    for file in files:
        lines.append(f'\t{{ STR_INIT("{file.stem}"), stop_words_{file.stem}, ARRAY_SIZE(stop_words_{file.stem}) }},')
    lines.append('};')
    pathlib.Path(sys.argv[1]).write_text('\n'.join(lines) + '\n', encoding='utf-8')


main()
