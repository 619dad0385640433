#!/usr/bin/env python3
"""Indexes sites that hold what nobody should write: each file in a site of its own, then all of them in one.

    hostile.py BLOGSEARCH [NAME…]      NAME: of shapes, only these

What cannot be read is named with its line and the reason, on one line; what can be read is found. The good page
beside it is found in any case, nothing that lies outside of the site is, and no file takes long.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS = 20      # for one shape; well below 1 in an ordinary build on an idle machine
SECONDS_ALL = 90  # for the site of all of them

GOOD = b'---\ntitle: A good page\n---\nFine words.\n'
MEGABYTE = 1 << 20
PAGE_AT_MOST = 4 * MEGABYTE  # LIMIT_PAGE_BYTES
FRONT_AT_MOST = 64 * 1024    # LIMIT_FRONT_MATTER_BYTES
TOO_LARGE = 'has front matter of more than 64 KB'
NO_UTF8 = 'is no UTF-8 text; save it as UTF-8'
TOO_DEEP = 'is nested too deeply; at most 32 levels are read'


class Refused:
    """One line that names the file with @line (None: wherever) and has @texts."""
    def __init__(self, line, *texts):
        self.line, self.texts = line, texts


class Indexed:
    """A page that each of @words finds and none of @hidden; nothing is said of it but a line that has @named."""
    def __init__(self, *words, hidden=(), named=None):
        self.words, self.hidden, self.named = words, hidden, named


# --- The shapes: a name of a file below content/, what is in it, what has to come of it ---------------------

def yaml(front, body='Words.\n'):
    return f'---\n{front}\n---\n{body}'


def toml(front, body='Words.\n'):
    return f'+++\n{front}\n+++\n{body}'


def laughs(n_levels):
    """Each anchor is nine times the one before."""
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for n in range(1, n_levels):
        lines.append(f'a{n}: &a{n} [' + ', '.join([f'*a{n - 1}'] * 9) + ']')
    return '\n'.join(lines)


def block_nest(n_levels):
    return '\n'.join(' ' * n + 'a:' for n in range(n_levels)) + ' 1'


def merges(n_levels):
    lines = ['a0: &a0 {k0: 1}']
    for n in range(1, n_levels):
        lines.append(f'a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}')
    return '\n'.join(lines)


def front_matter_shapes():
    deep = 100_000
    fits = FRONT_AT_MOST - 2000
    yield 'yaml-laughs.md', yaml(laughs(12)), Refused(6, 'has too many values')
    yield 'yaml-laughs-in-title.md', yaml(laughs(5) + '\ntitle: *a4'), Refused(6, 'has too many values')
    yield 'yaml-quadratic.md', yaml('a: &a [' + 'x,' * 5000 + 'x]\nb: [' + '*a,' * 5000 + '*a]'), \
        Refused(3, 'has too many values')
    yield 'yaml-merges.md', yaml(merges(300)), Refused(None, 'has too many values')
    yield 'yaml-cycle.md', yaml('a: &a [*a]'), Refused(2, 'anchor that is not there')
    yield 'yaml-unknown-alias.md', yaml('a: *nobody'), Refused(2, 'anchor that is not there')
    yield 'yaml-many-anchors.md', yaml('a: [' + ','.join(f'&a{n} x' for n in range(6000)) + ']'), Indexed()
    yield 'yaml-flow-lists.md', yaml('a: ' + '[' * deep), Refused(1, TOO_LARGE)
    yield 'yaml-flow-lists-64k.md', yaml('a: ' + '[' * fits), Refused(2, TOO_DEEP)
    yield 'yaml-flow-maps.md', yaml('a: ' + '{a: ' * (fits // 4)), Refused(2, TOO_DEEP)
    yield 'yaml-block-lists.md', yaml('a:\n' + '- ' * (fits // 2)), Refused(3, TOO_DEEP)
    yield 'yaml-block-maps.md', yaml(block_nest(340)), Refused(34, TOO_DEEP)
    yield 'yaml-question-marks.md', yaml('? ' * (fits // 2)), Refused(2, '')
    yield 'yaml-tags.md', '---\n' + ''.join(f'%TAG !t{n}! tag:x,{n}:\n' for n in range(2500)) + '---\nWords.\n', \
        Refused(None, 'is no YAML')
    yield 'yaml-twice.md', yaml('title: A\ntags: [x]\ntitle: B'), Refused(4, 'has the key "title" twice', 'line 2')
    yield 'yaml-8000-keys.md', yaml('\n'.join(f'k{n}: ' for n in range(8000))), Indexed()
    yield 'yaml-list-as-key.md', yaml('[a, b]: c'), Refused(2, '')
    yield 'yaml-control.md', yaml('title: "a\x01b"'), Refused(2, 'is no YAML')
    yield 'yaml-unclosed-quote.md', yaml('title: "A\ndate: 2020-01-01'), Refused(None, 'is no YAML')
    yield 'yaml-scalar.md', yaml('just words'), Refused(None, 'no list of keys and values')
    yield 'yaml-unclosed.md', '---\ntitle: A\n\nWords.\n', Refused(1, 'front matter that never ends')
    yield 'yaml-marker-alone.md', '---', Refused(1, 'front matter that never ends')
    yield 'toml-arrays.md', toml('a = ' + '[' * deep), Refused(1, TOO_LARGE)
    yield 'toml-arrays-64k.md', toml('a = ' + '[' * fits), Refused(2, TOO_DEEP)
    yield 'toml-tables.md', toml('a = ' + '{a=' * (fits // 3)), Refused(2, TOO_DEEP)
    yield 'toml-dotted.md', toml('a' + '.a' * (fits // 2) + ' = 1'), Refused(2, TOO_DEEP)
    yield 'toml-dotted-header.md', toml('[a' + '.a' * (fits // 2) + ']'), Refused(2, TOO_DEEP)
    yield 'toml-dotted-behind-quotes.md', toml("x = ['''a'b''']\n[a" + '.a' * (fits // 2) + ']'), Refused(3, TOO_DEEP)
    yield 'toml-arrays-behind-quotes.md', toml("x = ['''a'b''',\n" + '[' * fits), Refused(3, TOO_DEEP)
    yield 'toml-dotted-in-quotes.md', toml('title = """\n' + 'a.' * 5000 + '"""'), Indexed()
    yield 'toml-brackets-in-quotes.md', toml("title = '''\n" + "'[" * 500 + "'''"), Indexed()
    yield 'toml-many-tables.md', toml('\n'.join('[[a]]' for _ in range(8000))), Indexed()
    yield 'toml-twice.md', toml('title = "A"\ntitle = "B"'), Refused(3, 'is no TOML')
    yield 'toml-unclosed.md', '+++\ntitle = "A"\n\nWords.\n', Refused(1, 'front matter that never ends')
    yield 'toml-unclosed-string.md', toml('title = """A'), Refused(None, 'is no TOML')
    yield 'json-lists.md', '{"a": ' + '[' * deep, Refused(1, 'front matter that never ends')
    yield 'json-lists-closed.md', '{"a": ' + '[' * deep + ']' * deep + '}\nWords.\n', Refused(1, TOO_LARGE)
    yield 'json-lists-64k.md', '{"a": ' + '[' * (fits // 2) + ']' * (fits // 2) + '}\nWords.\n', Refused(1, TOO_DEEP)
    yield 'json-maps.md', '{"a":' * 9000 + '1' + '}' * 9000 + '\nWords.\n', Refused(1, TOO_DEEP)
    yield 'json-twice.md', '{\n"title": "A",\n"title": "B"\n}\nWords.\n', Refused(3, 'is no JSON')
    yield 'json-nul.md', '{"title": "a\\u0000b"}\nWords.\n', Refused(1, 'is no JSON')
    yield 'json-surrogate.md', '{"title": "a\\ud800b"}\nWords.\n', Refused(1, 'is no JSON')
    yield 'json-unclosed.md', '{\n"title": "A",\n', Refused(1, 'front matter that never ends')
    yield 'org-unclosed.org', '#+TITLE: A\n#+begin_src sh\necho orgkept\n', Indexed('orgkept')


def date_shapes():
    for name, text in (('year-0', '0000-01-01'), ('year-99999', '99999-01-01'), ('year-minus-1', '-0001-01-01'),
                       ('month-13', '2020-13-45'), ('number', '99999999999999999999')):
        named = None if name == 'year-0' else 'has a date that is none'
        yield f'{name}.md', yaml(f'title: D\ndate: {text}', 'datekept\n'), Indexed('datekept', named=named)
        yield f'{name}-toml.md', toml(f'title = "D"\ndate = "{text}"', 'datekept\n'), \
            Indexed('datekept', named=named)


def markdown_shapes():
    deep = 100_000
    for name, opening in (('quotes', '> '), ('lists', '- '), ('numbers', '1. '), ('brackets', '['), ('images', '!['),
                          ('emphasis', '*a **a '), ('underscores', '_a __a '), ('strikes', '~~a '), ('html', '<div>'),
                          ('links', '[a]('), ('references', '[a][b'), ('codes', '`a``'), ('notes', '[^a]'),
                          ('parentheses', '[a](' + '('), ('angles', '<a '), ('entities', '&#x'), ('autolinks', '<http:'),
                          ('tables', '|'), ('math', '$$'),
                          ('attributes', '{#a '), ('emoji', ':a'), ('more', '<!--more-->')):
        yield f'deep-{name}.md', opening * deep + '\n\nbehindkept\n', Indexed('behindkept')
    # To the end of the page, as a browser has them.
    yield 'deep-comments.md', 'beforekept\n\n' + '<!-- ' * deep + '\n\nhiddenword\n', \
        Indexed('beforekept', hidden=('hiddenword',))
    yield 'deep-cdata.md', 'beforekept\n\n' + '<![CDATA[' * deep + '\n\nhiddenword\n', \
        Indexed('beforekept', hidden=('hiddenword',))
    yield 'deep-emphasis-closed.md', '*' * deep + 'a' + '*' * deep + '\n\nbehindkept\n', Indexed('behindkept')
    yield 'deep-lists-indented.md', ''.join(' ' * (2 * n) + '- a\n' for n in range(1000)) + '\n# behindkept\n', \
        Indexed('behindkept')
    yield 'many-definitions.md', ''.join(f'[d{n}]: /{n}\n' for n in range(100_000)) + 'behindkept\n', \
        Indexed('behindkept')
    yield 'long-definition.md', '[a]: /x "' + 'word ' * 100_000 + '"\n\n' + '[a] ' * 100_000 + '\n\nbehindkept\n', \
        Refused(None, 'gives more text than is kept; its end cannot be found')
    yield 'headings.md', '# Heading\n' * 400_000 + 'behindkept\n', Indexed('behindkept')
    yield 'headings-short.md', '#\n' * 1_000_000 + 'behindkept\n', Indexed('behindkept')
    yield 'wide-table.md', ('| a ' * 10_000 + '|\n' + '|---' * 10_000 + '|\n' + ('| b ' * 10_000 + '|\n') * 90
                            + '\nbehindkept\n'), Indexed('behindkept')
    yield 'tall-table.md', '| a | b |\n|---|---|\n' + '| c |\n' * 500_000 + '\nbehindkept\n', Indexed('behindkept')
    yield 'long-line.md', 'first' + ' word' * 800_000 + ' lastkept', Indexed('lastkept')
    yield 'long-word.md', 'startkept ' + 'x' * (3 * MEGABYTE) + ' endkept', Indexed('startkept', 'endkept')
    yield 'combining.md', 'startkept a' + '\u0301' * MEGABYTE + ' endkept', Indexed('startkept', 'endkept')
    yield 'open-fence.md', '```sh\nfencekept\n', Indexed('fencekept')
    yield 'open-comment.md', 'beforekept\n\n<!-- never\n\ncommentlost\n', \
        Indexed('beforekept', hidden=('commentlost',))
    yield 'open-link.md', 'beforekept [text](http://a\n\nafterkept\n', Indexed('beforekept', 'afterkept')
    yield 'open-table.md', 'beforekept\n\n| a | b\n|---\n| cellkept', Indexed('beforekept', 'cellkept')
    yield 'open-tag.md', 'beforekept <a href="\n\nafterkept\n', Indexed('beforekept', 'afterkept')
    yield 'open-script.md', 'beforekept\n\n<script>\nscriptlost\n', Indexed('beforekept', hidden=('scriptlost',))
    yield 'open-search-off.md', 'beforekept\n\n<!-- search:off -->\n\noffhidden\n', \
        Indexed('beforekept', hidden=('offhidden',))


def shortcode_shapes():
    deep = 100_000
    yield 'open-shortcode.md', 'beforekept\n\n{{< figure src="a\n\nafterkept\n', Indexed('beforekept', 'afterkept')
    yield 'open-pair.md', 'beforekept\n\n{{< note >}}\n\nafterkept\n', Indexed('beforekept', 'afterkept')
    yield 'open-raw-comment.md', 'beforekept\n\n{{</* note\n\nafterkept\n', Indexed('beforekept', 'afterkept')
    yield 'deep-shortcodes.md', '{{< a >}}' * deep + 'insidekept', Indexed()
    yield 'deep-shortcodes-closed.md', '{{% a %}}' * deep + 'insidekept' + '{{% /a %}}' * deep, Indexed('insidekept')
    yield 'deep-shortcodes-open.md', '{{< ' * deep + '\n\nbehindkept\n', Indexed('behindkept')
    yield 'deep-shortcodes-quotes.md', '{{< a "' * deep + '\n\nbehindkept\n', Indexed('behindkept')
    yield 'deep-shortcodes-backquotes.md', '{{% a `' * deep + '\n\nbehindkept\n', Indexed('behindkept')
    yield 'deep-shortcodes-ends.md', '{{< /a >}}' * deep + '\n\nbehindkept\n', Indexed('behindkept')


def byte_shapes():
    yield 'nul.md', b'a\nb\0c\n', Refused(2, NO_UTF8)
    yield 'nuls.md', b'\0' * 1000, Refused(1, NO_UTF8)
    yield 'nul-in-title.md', b'---\ntitle: a\0b\n---\n', Refused(2, NO_UTF8)
    yield 'latin.md', b'---\ntitle: A\n---\nun\ncaf\xe9\n', Refused(5, NO_UTF8)
    yield 'overlong.md', b'a\n\xc0\xaf\n', Refused(2, NO_UTF8)
    yield 'surrogate.md', b'a\n\xed\xa0\x80\n', Refused(2, NO_UTF8)
    yield 'beyond.md', b'a\n\xf4\x90\x80\x80\n', Refused(2, NO_UTF8)
    yield 'cut.md', b'a\nb\xe2\x82', Refused(2, NO_UTF8)
    yield 'utf-16le.md', '---\ntitle: A\n---\nWords.\n'.encode('utf-16'), Refused(1, NO_UTF8)
    yield 'utf-16be.md', b'\xfe\xff' + 'title: A\n'.encode('utf-16-be'), Refused(1, NO_UTF8)
    yield 'utf-16-unmarked.md', 'Words.\n'.encode('utf-16-le'), Refused(1, NO_UTF8)
    yield 'utf-32.md', 'Words.\n'.encode('utf-32'), Refused(1, NO_UTF8)
    yield 'mark.md', b'\xef\xbb\xbf---\ntitle: A\n---\nmarkkept\n', Indexed('markkept')
    yield 'empty.md', b'', Indexed()
    yield 'blanks.md', b' \n\t\r\n' * 1000, Indexed()
    yield 'returns.md', b'---\r\ntitle: A\r\n---\r\nreturnkept\r\n', Indexed('returnkept')
    yield 'line-10mb.md', b'word ' * (2 * MEGABYTE), Refused(None, 'is larger than 4194304 bytes')
    yield 'at-the-limit.md', b'limitkept ' + b'x ' * (PAGE_AT_MOST // 2 - 5), Indexed('limitkept')
    yield 'over-the-limit.md', b'limitkept ' + b'x ' * (PAGE_AT_MOST // 2 - 5) + b'x', Refused(None, 'is larger than 4194304 bytes')


def shapes():
    for maker in (front_matter_shapes, date_shapes, markdown_shapes, shortcode_shapes, byte_shapes):
        yield from maker()


# --- One site, one run ------------------------------------------------------------------------------------

class Fault(Exception):
    pass


class HostileSite:
    """A site with the good page, in a folder of its own."""
    def __init__(self, program, folder):
        self.program, self.folder, self.user = program, pathlib.Path(folder), {}
        self.content = self.folder / 'site' / 'content'
        self.content.mkdir(parents=True)
        (self.content.parent / 'hugo.toml').write_text('baseURL = "https://blog.example/"\n', encoding='utf-8')
        self.put('good.md', GOOD)

    def put(self, name, data):
        (self.content / name).write_bytes(data.encode() if isinstance(data, str) else data)

    def run(self, *arguments, seconds=SECONDS):
        try:
            return subprocess.run([self.program, *arguments], capture_output=True, check=False, timeout=seconds,
                                  cwd=self.folder, **self.user)
        except subprocess.TimeoutExpired as slow:
            raise Fault(f'{" ".join(arguments)}: takes longer than {seconds} seconds') from slow

    def index(self, seconds=SECONDS):
        """The exit status and the lines of standard error."""
        done = self.run('index', 'site', '--index', 'index.db', '--quiet', '--future', seconds=seconds)
        return done.returncode, done.stderr.decode('utf-8').splitlines()

    def finds(self, word):
        done = self.run('query', '--index', 'index.db', '--format', 'urls', word)
        if done.returncode not in (0, 1) or done.stderr:
            raise Fault(f'query {word}: exit status {done.returncode}: {done.stderr}')
        return done.returncode == 0

    def expect(self, status, lines, seconds=SECONDS):
        """@lines: for each line of standard error, in the order of files, the texts that it has."""
        got, said = self.index(seconds)
        said.sort()
        if got != status or len(said) != len(lines):
            raise Fault(f'exit status {got} instead of {status}; {len(said)} lines instead of {len(lines)}:\n'
                        + '\n'.join(said)[:4000])
        for line, texts in zip(said, lines):
            for text in ('blogsearch: ',) + texts:
                if text not in line:
                    raise Fault(f'{line!r} lacks {text!r}')
        if not self.finds('fine'):
            raise Fault('the good page is not found')

    def expect_words(self, shape):
        for word in shape.words + shape.hidden:
            if self.finds(word) != (word in shape.words):
                raise Fault(f'{word} is {"not " if word in shape.words else ""}found')


def said_of(name, shape):
    """The lines that are said of it, each as the texts that it has."""
    if isinstance(shape, Indexed):
        return [(f'content/{name}:', shape.named)] if shape.named else []
    place = f'content/{name}:' if shape.line is None else f'content/{name}:{shape.line}:'
    return [(place,) + shape.texts]


def try_shape(program, folder, name, data, shape):
    site = HostileSite(program, folder)
    site.put(name, data)
    lines = said_of(name, shape)
    site.expect(5 if lines else 0, lines)
    if isinstance(shape, Indexed):
        site.expect_words(shape)


def try_all(program, folder):
    """All shapes in one site: as many lines as each alone gives, in the order of the files."""
    site = HostileSite(program, folder)
    said = []
    for name, data, shape in shapes():
        site.put(name, data)
        said.extend((f'content/{name}', texts) for texts in said_of(name, shape))
    site.expect(5, [texts for _, texts in sorted(said)], SECONDS_ALL)


# --- Shapes of folders --------------------------------------------------------------------------------------

def try_links(program, folder):
    site = HostileSite(program, folder)
    outside = site.folder / 'outside'
    outside.mkdir()
    (outside / 'secret.md').write_text('outsidesecret\n', encoding='utf-8')
    (site.content / 'b-folder').mkdir()
    for name, target in (('a-out.md', '../../outside/secret.md'), ('b-folder/out', '../../../outside'),
                         ('c-absolute.md', outside / 'secret.md'), ('d-loop', '.'), ('e-self.md', 'e-self.md'),
                         ('f-dangling.md', 'nowhere.md'), ('g-inside.md', 'good.md'), ('h-root', '/'),
                         ('i-picture.png', '/etc/passwd')):
        (site.content / name).symlink_to(target)
    link = 'is a symbolic link, which is not followed; put what it leads to in its place'
    site.expect(5, [(f'content/{name}: {link}',) for name in
                    ('a-out.md', 'b-folder/out', 'c-absolute.md', 'd-loop', 'e-self.md', 'f-dangling.md', 'g-inside.md',
                     'h-root')])
    site.expect_words(Indexed(hidden=('outsidesecret',)))


def try_pipes(program, folder):
    site = HostileSite(program, folder)
    os.mkfifo(site.content / 'pipe.md')
    os.mkfifo(site.content / 'pipe.png')
    site.expect(5, [('content/pipe.md: is no regular file',)])


def try_folder_like_page(program, folder):
    site = HostileSite(program, folder)
    (site.content / 'x.md').mkdir()
    site.put('x.md/inside.md', 'insidekept\n')
    site.expect(0, [])
    site.expect_words(Indexed('insidekept'))


def try_deep_folders(program, folder):
    site = HostileSite(program, folder)
    deepest = site.content.joinpath(*['d'] * 64)
    (deepest / 'd').mkdir(parents=True)
    (deepest / 'kept.md').write_text('deepkept\n', encoding='utf-8')
    (deepest / 'd' / 'lost.md').write_text('deeplost\n', encoding='utf-8')
    site.expect(5, [('content' + '/d' * 65 + ': lies too deep; at most 64 folders',)])
    site.expect_words(Indexed('deepkept', hidden=('deeplost',)))


def try_unreadable(program, folder):
    site = HostileSite(program, folder)
    site.put('secret.md', 'unreadable\n')
    (site.content / 'closed').mkdir()
    for name in ('secret.md', 'closed'):
        (site.content / name).chmod(0)
    if os.getuid() == 0: # whom no permission stops
        for path in (site.folder, pathlib.Path(program).parent):
            path.chmod(0o777)
        site.user = {'user': 65534, 'group': 65534, 'extra_groups': []}
    site.expect(5, [('content/closed: cannot be read: Permission denied',),
                    ('content/secret.md: cannot be opened: Permission denied',)])
    (site.content / 'closed').chmod(0o700)


def try_names(program, folder):
    site = HostileSite(program, folder)
    names = (b'a\nb.md', b'caf\xe9.md', b'esc\x1b[31m.md', b'-dash.md', b' blank .md', b'file:x.md', b"'quote\".md",
             b'percent%41.md', b'bidi\xe2\x80\xaeb.md', b'x' * 252 + b'.md')
    for n, name in enumerate(names):
        with open(os.path.join(os.fsencode(site.content), name), 'wb') as page:
            page.write(b'name%dkept\n' % n)
    site.expect(0, [])
    site.expect_words(Indexed(*(f'name{n}kept' for n in range(len(names)))))
    for name in names: # and where there is something to say of them
        with open(os.path.join(os.fsencode(site.content), name), 'wb') as page:
            page.write(b'\xff\n')
    site.expect(5, [('content/' + said + ':1: is no UTF-8 text',) for said in
                    (' blank .md', "'quote\".md", '-dash.md', 'a\\x0ab.md', 'bidi\\u202eb.md', 'caf\\xe9.md',
                     'esc\\x1b[31m.md', 'file:x.md', 'percent%41.md', 'x' * 252 + '.md')])


def try_200_mb(program, folder):
    site = HostileSite(program, folder)
    site.put('huge.md', '')
    os.truncate(site.content / 'huge.md', 200 * MEGABYTE)
    site.expect(5, [('content/huge.md: is larger than 4194304 bytes',)])


FOLDER_SHAPES = (
    ('symbolic links that loop or lead out', try_links),
    ('pipes', try_pipes),
    ('a folder named like a page', try_folder_like_page),
    ('folders 65 deep', try_deep_folders),
    ('a page and a folder that may not be read', try_unreadable),
    ('names with control characters or bytes that are no UTF-8', try_names),
    ('a page of 200 MB', try_200_mb),
)


# --- TAP ----------------------------------------------------------------------------------------------------

def tests(program):
    for name, data, shape in shapes():
        yield name, lambda folder, name=name, data=data, shape=shape: try_shape(program, folder, name, data, shape)
    for name, function in FOLDER_SHAPES:
        yield name, lambda folder, function=function: function(program, folder)
    yield 'all files in one site', lambda folder: try_all(program, folder)


def main():
    scratch = tempfile.mkdtemp(prefix='blogsearch-hostile.', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
    tools = tempfile.mkdtemp(prefix='blogsearch-hostile.') # from memory nothing may be run
    program = shutil.copy(sys.argv[1], tools)
    os.chmod(scratch, 0o755)
    n_done = n_failed = 0
    try:
        for name, test in tests(program):
            if sys.argv[2:] and name not in sys.argv[2:]:
                continue
            n_done += 1
            folder = os.path.join(scratch, str(n_done))
            os.mkdir(folder)
            start = time.monotonic()
            try:
                test(folder)
                print(f'ok {n_done} - {name} ({time.monotonic() - start:.1f} s)', flush=True)
            except Fault as fault:
                n_failed += 1
                print('# ' + str(fault).replace('\n', '\n# ') + f'\nnot ok {n_done} - {name}', flush=True)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(tools, ignore_errors=True)
    print(f'1..{n_done}')
    return n_failed > 0


if __name__ == '__main__':
    sys.exit(main())
