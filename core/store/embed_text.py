"""Turns a text file into a C array: embed_text.py INPUT OUTPUT NAME."""
import sys

source, output, name = sys.argv[1:4]
with open(source, 'rb') as file:
    data = file.read() + b'\0'
lines = [','.join(str(byte) for byte in data[i:i + 24]) for i in range(0, len(data), 24)]
with open(output, 'w', encoding='ascii') as file:
    file.write(f'/* Made from {source.rsplit("/", 1)[-1]}; see there. */\n')
    file.write(f'static const char {name}[] = {{\n' + ',\n'.join(lines) + '\n};\n')
