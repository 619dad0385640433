"""Writes emoji's names as a sorted C table: emoji_table.py NAMES OUTPUT."""
import sys

with open(sys.argv[1], encoding='utf-8') as lines:
    rows = [line.split() for line in lines if line.strip() and not line.startswith('#')]
with open(sys.argv[2], 'w', encoding='ascii') as file:
    file.write('/* Made by emoji_table.py: name (without its colons) and emoji, by name. */\n')
    for name, *code_points in sorted(rows, key=lambda row: row[0].encode()):
        text = ''.join(chr(int(code_point, 16)) for code_point in code_points)
        octal = ''.join(f'\\{byte:03o}' for byte in text.encode('utf-8'))
        encoded = ''.join(c if c.isascii() else ''.join(f'\\{byte:03o}' for byte in c.encode('utf-8')) for c in name)
        file.write(f'{{ STR_INIT("{encoded}"), STR_INIT("{octal}") }},\n')
