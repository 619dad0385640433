"""Writes the named character references of HTML as a sorted C table: entity_table.py OUTPUT.

The names come from Python's html.entities, which has the list of the HTML standard.
"""
import html.entities
import sys


def c_string(text):
    return '"' + ''.join(f'\\{byte:03o}' for byte in text.encode('utf-8')) + '"'


names = sorted((name[:-1], text) for name, text in html.entities.html5.items() if name.endswith(';'))
with open(sys.argv[1], 'w', encoding='ascii') as file:
    file.write('/* Made by entity_table.py: name (without & and ;) and text, by name. */\n')
    for name, text in names:
        file.write(f'{{ STR_INIT("{name}"), STR_INIT({c_string(text)}) }},\n')
