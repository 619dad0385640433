"""Makes JavaScript and CSS small: comments and needless blanks go, names that nobody outside sees get short.

Not a parser: it knows the JavaScript that web/ is written in, and fails with a line number
where it meets something else. Every name that is bound somewhere (const, let, class,
function, parameter) gets one short name everywhere, which keeps all scopes as they were;
property names stay, and so do names bound nowhere, which are the browser's. Hence no name
may be bound in one place and mean the browser's own in another: GLOBALS guards that.
"""
import collections
import itertools
import re

TOKEN = re.compile(r'''
	(?P<blank>(?://[^\n]*|/\*.*?\*/|\s+)+)
	|(?P<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")
	|(?P<name>\#?[A-Za-z_$][\w$]*)
	|(?P<number>\d[\w.]*)
	|(?P<mark>=>|\.\.\.|\?\.|\?\?|[-+]{2}|.)''', re.S | re.X)
REGEX = re.compile(r'/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*')
BEFORE_REGEX = {*'(,=:[!&|?{};+-*%<>~^', '=>', '??', 'return', 'typeof', 'case', ''}

KEYWORDS = set('''async await break case catch class const continue default delete do else export extends false finally
	for from function get if import in instanceof let new null of return set static super switch this throw true try
	typeof undefined var void while yield'''.split())
GLOBALS = set('''AbortController Array CSS CSSStyleSheet CustomEvent Date Error Event EventTarget HTMLElement Intl JSON Map
	Math NaN Number Object Promise Set String URL URLSearchParams clearTimeout console customElements document fetch
	globalThis history location navigator parseInt queueMicrotask setTimeout window'''.split())
# The frequent ones of what stands around the names first: gzip counts letters.
LETTERS = 'etnrisoaldcufhpmgvybwxkjqzETNRISOALDCUFHPMGVYBWXKJQZ'
BLOCKS = {'if', 'for', 'while', 'switch', 'with'}

Token = collections.namedtuple('Token', 'kind text at')


class Strange(Exception):
    """What stands at the offset `at` is not understood."""
    def __init__(self, what, at):
        super().__init__(what)
        self.what, self.at = what, at


def tokenize_template(text, at):
    """The template at @at: its literal pieces, each with the marks around it, and the tokens of its expressions."""
    tokens, start = [], at
    at += 1
    while text[at] != '`':
        if text.startswith('${', at):
            end = text.index('}', at)
            if '{' in text[at + 2:end] or '`' in text[at + 2:end]:
                raise Strange('a template with more than a simple expression', at)
            tokens.append(Token('template', text[start:at + 2], start))
            tokens += tokenize(text[:end], at + 2)
            start = at = end
        at += 2 if text[at] == '\\' else 1
    return tokens + [Token('template', text[start:at + 1], start)], at + 1


def tokenize(text, at=0):
    """The tokens of @text from @at on, blanks included."""
    tokens, before = [], ''
    while at < len(text):
        if text[at] == '`':
            inner, at = tokenize_template(text, at)
            tokens += inner
            before = '`'
            continue
        regex = REGEX.match(text, at) if before in BEFORE_REGEX else None
        match = regex or TOKEN.match(text, at)
        kind = 'regex' if regex else match.lastgroup
        tokens.append(Token(kind, match[0], at))
        if kind != 'blank':
            before = match[0]
        at = match.end()
    return tokens


class Names:
    """Which tokens are names of ours, and what they are to be called."""

    def __init__(self, tokens):
        self.tokens = [token for token in tokens if token.kind != 'blank']
        self.match_brackets()
        self.bound = set()
        self.shorthand = set()
        self.free = set()
        for i, token in enumerate(self.tokens):
            if self.is_name(i):
                self.look_at(i)
        self.bind_parameters()

    def text(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) and self.tokens[i].kind not in ('string', 'template', 'regex') else ''

    def is_name(self, i):
        return self.tokens[i].kind == 'name' and self.tokens[i].text not in KEYWORDS and self.tokens[i].text[0] != '#'

    def match_brackets(self):
        self.partner, self.within, stack = {}, [], []
        for i, token in enumerate(self.tokens):
            closes = token.kind == 'mark' and token.text in ')]}'
            if closes:
                opening = stack.pop()
                self.partner[opening], self.partner[i] = i, opening
            self.within.append(stack[-1] if stack else None)
            if token.kind == 'mark' and token.text in '([{':
                stack.append(i)
        if stack:
            raise Strange('a bracket that is not closed', self.tokens[stack[-1]].at)

    def brace_kind(self, i):
        """'object' (also a pattern), 'class' or 'block' for the brace @i; None for other brackets."""
        if i is None or self.text(i) != '{':
            return None
        if self.text(i - 2) in ('class', 'extends') or (self.text(i - 1) not in KEYWORDS and self.text(i - 3) == 'class'):
            return 'class'
        before = self.text(i - 1)
        if before in (')', '=>', 'else', 'try', 'finally', 'do', ';', '{', '}', ''):
            return 'block'
        return 'object'

    def is_property(self, i):
        before, after, kind = self.text(i - 1), self.text(i + 1), self.brace_kind(self.within[i])
        if before in ('.', '?.', 'static'):
            return True
        if kind == 'object' and after == ':' and before in ('{', ','):
            return True
        is_member = after == '(' and self.text(self.partner[i + 1] + 1) == '{'
        if kind == 'class':
            return is_member or before in ('get', 'set')
        return kind == 'object' and is_member and before in ('{', ',', 'get', 'set', 'async')

    def is_shorthand(self, i):
        return (self.brace_kind(self.within[i]) == 'object' and self.text(i - 1) in ('{', ',') and
                self.text(i + 1) in (',', '}', '='))

    def look_at(self, i):
        if self.is_property(i):
            return
        self.free.add(i)
        if self.is_shorthand(i):
            self.shorthand.add(i)
        if self.text(i - 1) in ('const', 'let', 'class', 'function') or self.text(i + 1) == '=>':
            self.bind(i)
        if self.text(i - 1) == ',' and self.is_declared_after_comma(i):
            self.bind(i)

    def is_declared_after_comma(self, i):
        """Whether @i is `b` in `let a = …, b = …;`."""
        while i >= 0 and self.within[i] == self.within[i - 1] or self.text(i - 1) in (')', ']', '}'):
            i = self.partner[i - 1] if self.text(i - 1) in (')', ']', '}') else i - 1
            if self.text(i) in ('let', 'const'):
                return True
            if self.text(i) in (';', '{', '('):
                return False
        return False

    def bind(self, i):
        name = self.tokens[i].text
        if name in GLOBALS:
            raise Strange(f'{name} is also a name of the browser\'s', self.tokens[i].at)
        self.bound.add(name)

    def bind_parameters(self):
        for i in range(len(self.tokens)):
            opens = self.text(i)
            if opens == '(':
                after = self.text(self.partner[i] + 1)
                if after == '=>' or (after == '{' and self.text(i - 1) not in BLOCKS):
                    self.bind_pattern(i)
            elif opens in ('[', '{') and self.text(i - 1) in ('const', 'let'):
                self.bind_pattern(i)

    def bind_pattern(self, opening):
        """Binds the names of a pattern or a list of parameters; defaults are not names, and stop at a comma."""
        i = opening + 1
        while i < self.partner[opening]:
            if self.text(i) in ('[', '{') and self.text(i - 1) != '=':
                self.bind_pattern(i)
                i = self.partner[i]
            elif self.text(i) == '=':
                while i + 1 < self.partner[opening] and self.text(i + 1) != ',':
                    i = self.partner[i + 1] if self.text(i + 1) in ('(', '[', '{') else i + 1
            elif i in self.free:
                self.bind(i)
            i += 1

    def short_names(self):
        """{offset of a token: what is to stand there}."""
        texts = collections.Counter(self.tokens[i].text for i in self.free if self.tokens[i].text in self.bound)
        private = collections.Counter(token.text for token in self.tokens if token.kind == 'name' and token.text[0] == '#')
        taken = {token.text for i, token in enumerate(self.tokens) if token.kind == 'name' and token.text not in texts} | KEYWORDS
        taken |= GLOBALS
        new = dict(zip(by_frequency(private), ('#' + name for name in all_names())))
        new.update(zip(by_frequency(texts), (name for name in all_names() if name not in taken)))
        result = {}
        for i, token in enumerate(self.tokens):
            if token.kind == 'name' and token.text[0] == '#' or (i in self.free and token.text in texts):
                result[token.at] = f'{token.text}:{new[token.text]}' if i in self.shorthand else new[token.text]
        return result


def by_frequency(counter):
    return [name for name, _ in sorted(counter.items(), key=lambda item: (-item[1], item[0]))]


def all_names():
    for length in itertools.count(1):
        for letters in itertools.product(LETTERS, repeat=length):
            yield ''.join(letters)


def is_needed(gap, last, first):
    """What of a blank must stay between the characters @last and @first."""
    if '\n' in gap and last not in '{;,(:?&|=[>+-`' and first not in ')]},.?:&|=;':
        return '\n'
    if re.match(r'[\w$#]', first) and re.match(r'[\w$]', last) or (last == first and first in '+-/'):
        return ' '
    return ''


def minify_script(text, exports=()):
    """@text, small; the names @exports stay as they are."""
    tokens = tokenize(text)
    names = Names(tokens)
    for name in exports:
        names.bound.discard(name)
    short = names.short_names()
    out, gap = [], ''
    for token in tokens:
        if token.kind == 'blank':
            gap += token.text
            continue
        piece = short.get(token.at, token.text)
        if piece == '}' and out and out[-1] == ';':
            out.pop()
        if out and gap:
            out.append(is_needed(gap, out[-1][-1:], piece[0]))
        out.append(piece)
        gap = ''
    return ''.join(out) + '\n'


def minify_style(text):
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    pieces = re.split(r'("[^"]*")', text)
    for i in range(0, len(pieces), 2):
        piece = re.sub(r' ?([{};,>]) ?', r'\1', re.sub(r'\s+', ' ', pieces[i]))
        pieces[i] = re.sub(r'(?<=[\w-]): (?=[^{}]*[;}])', ':', piece)
    return ''.join(pieces).replace(';}', '}').strip()
