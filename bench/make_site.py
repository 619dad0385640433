#!/usr/bin/env python3
"""Makes a Hugo site of any size to measure with: the same seed, the same bytes.

Words follow Zipf's law over words.txt (real words, the most frequent first), with a long tail of
names, numbers and identifiers that grows with the site, as in real blogs. A post has a topic whose
words it repeats; headings, lists, tables, links, code in five languages, captions, shortcodes; tags,
categories, series, authors and dates. Post N is the same in a site of any size.

	bench/make_site.py FOLDER --posts 10000
"""

import argparse
import bisect
import calendar
import itertools
import multiprocessing
import os
import random
import sys
import time

N_TOPICS = 80
N_TOPIC_WORDS = 48
SERIES_EVERY = 9  # posts of a topic that belong to a series
FIRST_DATE = calendar.timegm((2008, 1, 3, 9, 0, 0))
DAYS = 16 * 365

SYLLABLES = ("ka lo mi ter vex dra pho nel sy bro qua zen tri ol fi gra mo ven cor dax lin pul sta ru "
             "hel net ox po sci ben cla du em fro gi har ive jan kle lux mar nor oct per ril sol tun").split()
BEFORE = "re un pre multi sub auto hyper micro pseudo over non meta".split()
BEHIND = "ing er ness able ization less wise like ment ability ed s".split()

LAYOUTS = {
    "layouts/_default/baseof.html": "<!doctype html><html lang=\"{{ site.Language.Lang }}\"><head><meta charset=\"utf-8\">"
                                    "<title>{{ .Title }}</title></head><body>{{ block \"main\" . }}{{ end }}</body></html>\n",
    "layouts/_default/single.html": "{{ define \"main\" }}<main data-pagefind-body><h1>{{ .Title }}</h1>"
                                    "{{ .Content }}</main>{{ end }}\n",
    "layouts/_default/list.html": "{{ define \"main\" }}<h1>{{ .Title }}</h1><ul>{{ range .Paginator.Pages }}"
                                  "<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}\n",
    "layouts/shortcodes/note.html": "<aside>{{ .Inner | markdownify }}</aside>\n",
}

CONFIG = """baseURL = "https://bench.example.org/"
languageCode = "en"
title = "A site to measure with"

[taxonomies]
tag = "tags"
category = "categories"
series = "series"
"""


class Language:
    """The words, and how often each comes."""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            self.words = file.read().split()
        weights = [1 / (rank + 2.7) ** 1.02 for rank in range(len(self.words))]
        self.cumulative = list(itertools.accumulate(weights))
        self.topics = [self.topic(number) for number in range(N_TOPICS)]
        self.topic_cumulative = list(itertools.accumulate(1 / (rank + 2) for rank in range(N_TOPIC_WORDS)))
        self.topic_of_post = list(itertools.accumulate(1 / (rank + 3) for rank in range(N_TOPICS)))

    def topic(self, number):
        rng = random.Random(f"topic {number}")
        return [self.words[int(120 * (len(self.words) / 120) ** rng.random())] for _ in range(N_TOPIC_WORDS)]


def rare(rng):
    """A word of the long tail: seldom seen twice, unless its numbers are small."""
    kind = rng.random()
    if kind < 0.30:
        return "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3, 3, 4))))
    if kind < 0.45:
        return rng.choice(BEFORE) + rng.choice(LANGUAGE.words[200:4000])
    if kind < 0.65:
        return rng.choice(LANGUAGE.words[150:3000]) + rng.choice(BEHIND)
    if kind < 0.75:
        return str(int(10 ** (rng.random() * 6)))
    if kind < 0.82:
        return f"{rng.randint(0, 30)}.{rng.randint(0, 40)}.{rng.randint(0, 20)}"
    if kind < 0.92:
        return identifier(rng)
    return rng.choice(SYLLABLES).capitalize() + rng.choice(SYLLABLES) + rng.choice(("son", "ez", "ov", "ini", "er"))


def identifier(rng, words=None):
    parts = [rng.choice(words or LANGUAGE.words[150:3000]).replace("'", "") for _ in range(rng.choice((1, 2, 2, 3)))]
    style = rng.random()
    if style < 0.5:
        return "_".join(parts)
    if style < 0.8:
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    return "-".join(parts)


class Prose:
    """An endless row of words of one post."""

    def __init__(self, rng, topic):
        self.rng, self.topic = rng, topic
        self.own = [rare(rng) for _ in range(3)] + rng.choices(LANGUAGE.words[400:], k=4)
        self.stock = []

    def words(self, n):
        if len(self.stock) < n:
            self.stock.extend(self.rng.choices(LANGUAGE.words, cum_weights=LANGUAGE.cumulative, k=600))
        taken, self.stock = self.stock[:n], self.stock[n:]
        for i in range(n):
            chance = self.rng.random()
            if chance < 0.10:
                taken[i] = self.rng.choices(self.topic, cum_weights=LANGUAGE.topic_cumulative)[0]
            elif chance < 0.13:
                taken[i] = self.rng.choice(self.own)
            elif chance < 0.145:
                taken[i] = rare(self.rng)
        return taken

    def telling(self, n):
        """Words that tell: of the topic and of the post."""
        return [self.rng.choice(self.own) if self.rng.random() < 0.3 else
                self.rng.choices(self.topic, cum_weights=LANGUAGE.topic_cumulative)[0] for _ in range(n)]

    def sentence(self):
        rng = self.rng
        words = self.words(max(4, min(40, int(rng.lognormvariate(2.65, 0.45)))))
        for i in range(4, len(words) - 2):
            if rng.random() < 0.06:
                words[i] += ","
        mark = rng.random()
        at = rng.randrange(len(words))
        if mark < 0.10:
            words[at] = f"**{words[at].rstrip(',')}**"
        elif mark < 0.20:
            words[at] = f"`{identifier(rng, self.topic)}`"
        elif mark < 0.32:
            words[at] = f"[{' '.join(self.telling(2))}](https://{rng.choice(SYLLABLES)}{rng.choice(SYLLABLES)}.org/{words[at].rstrip(',')})"
        elif mark < 0.38:
            words[at] = f"*{words[at].rstrip(',')}*"
        words[0] = words[0][:1].upper() + words[0][1:]
        return " ".join(words) + rng.choice((".", ".", ".", ".", "?", ":"))

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.rng.choice((2, 3, 3, 4, 5))))


def code(rng, prose):
    name = lambda: identifier(rng, prose.topic)
    language = rng.choice(("bash", "python", "go", "yaml", "powershell"))
    lines = []
    for _ in range(rng.choice((3, 5, 8, 12, 20))):
        if language == "bash":
            lines.append(f"{rng.choice(('kubectl get', 'docker run', 'git log', 'systemctl status', 'sudo apt install'))}"
                         f" --{name()} {name()} # {' '.join(prose.words(3))}")
        elif language == "python":
            lines.append(f"    {name()} = {name()}.{name()}({name()}, {rng.randint(0, 400)})")
        elif language == "go":
            lines.append(f"\tif err := {name()}({name()}); err != nil {{ return fmt.Errorf(\"{' '.join(prose.words(3))}: %w\", err) }}")
        elif language == "yaml":
            lines.append(f"{'  ' * rng.randint(0, 3)}{name()}: {rng.choice((name(), 'true', str(rng.randint(1, 9000))))}")
        else:
            lines.append(f"${name()} = Get-{name().capitalize()} -{name().capitalize()} '{' '.join(prose.words(2))}'")
    return "```" + language + "\n" + "\n".join(lines) + "\n```"


def listing(rng, prose):
    mark = rng.choice(("- ", "1. "))
    return "\n".join(mark + prose.sentence() for _ in range(rng.randint(3, 7)))


def table(rng, prose):
    rows = [prose.telling(3) for _ in range(rng.randint(2, 6))]
    rows.insert(0, ["---"] * 3)
    rows.insert(0, prose.telling(3))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def picture(rng, prose):
    return f"![{' '.join(prose.words(6))}](/images/{rng.choice(SYLLABLES)}.png \"{' '.join(prose.telling(2))}\")"


def note(rng, prose):
    return "{{< note >}}\n" + prose.paragraph() + "\n{{< /note >}}"


def quote(rng, prose):
    return "> " + prose.paragraph()


def body(rng, prose, n_bytes):
    parts, size, section = [], 0, 0
    kinds = (None, code, listing, table, picture, note, quote)
    cumulative = (72, 80, 88, 90, 94, 96, 100)
    while size < n_bytes:
        if size > section:
            part = "#" * rng.choice((2, 2, 2, 3)) + " " + " ".join(prose.telling(rng.randint(2, 5))).capitalize()
            section = size + rng.randint(500, 2500)
        else:
            make = kinds[bisect.bisect(cumulative, rng.random() * 99.9)]
            part = make(rng, prose) if make else prose.paragraph()
        parts.append(part)
        size += len(part) + 2
    return "\n\n".join(parts) + "\n"


def front_matter(rng, number, topic_number, prose):
    topic = LANGUAGE.topics[topic_number]
    moment = FIRST_DATE + rng.random() * DAYS * 86400
    tags = sorted({topic[0], topic[1 + rng.randrange(4)], LANGUAGE.topics[rng.randrange(N_TOPICS)][0]})
    lines = [
        "---",
        'title: "' + " ".join(prose.telling(rng.randint(3, 8))).capitalize().replace('"', "") + '"',
        "date: " + time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
        "description: " + '"' + " ".join(prose.words(12)) + '"',
        "tags: [" + ", ".join(f'"{tag}"' for tag in tags) + "]",
        f'categories: ["{LANGUAGE.topics[topic_number % 12][2]}"]',
        f'author: "{LANGUAGE.words[500 + topic_number % 7].capitalize()} {SYLLABLES[topic_number % 7].capitalize()}"',
    ]
    if number % SERIES_EVERY == 0:
        lines += [f'series: ["{topic[3].capitalize()} {topic[4]} {number // 200}"]', f"series_order: {number % 200 // SERIES_EVERY + 1}"]
    if rng.random() < 0.3:
        lines.append("lastmod: " + time.strftime("%Y-%m-%d", time.gmtime(moment + rng.random() * 3e7)))
    if rng.random() < 0.01:
        lines.append("draft: true")
    return "\n".join(lines + ["---", "", ""]), time.gmtime(moment).tm_year


def post(number):
    """Folder below content/posts, and text."""
    rng = random.Random(f"{SEED} {number}")
    topic_number = rng.choices(range(N_TOPICS), cum_weights=LANGUAGE.topic_of_post)[0]
    prose = Prose(rng, LANGUAGE.topics[topic_number])
    matter, year = front_matter(rng, number, topic_number, prose)
    size = min(200_000, MEAN_BYTES * rng.lognormvariate(-0.32, 0.8))
    return f"{year}/{'-'.join(prose.telling(3))}-{number}".replace("'", ""), matter + body(rng, prose, size)


def write_post(number):
    path, text = post(number)
    os.makedirs(os.path.join(FOLDER, "content/posts", os.path.dirname(path)), exist_ok=True)
    with open(os.path.join(FOLDER, "content/posts", path + ".md"), "w", encoding="utf-8") as file:
        file.write(text)
    return len(text.encode())


def prepare(folder, seed, mean_bytes):
    global FOLDER, SEED, MEAN_BYTES, LANGUAGE
    FOLDER, SEED, MEAN_BYTES = folder, seed, mean_bytes
    LANGUAGE = Language(os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.txt"))


def main():
    parser = argparse.ArgumentParser(description="Make a Hugo site to measure with.")
    parser.add_argument("folder", help="must not exist, or be empty")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--mean-bytes", type=int, default=4000, help="of a post (default 4000)")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if os.path.isdir(options.folder) and os.listdir(options.folder):
        sys.exit(f"{options.folder} is not empty")
    arguments = (options.folder, options.seed, options.mean_bytes)
    prepare(*arguments)
    os.makedirs(options.folder, exist_ok=True)
    for name, text in {**LAYOUTS, "hugo.toml": CONFIG}.items():
        os.makedirs(os.path.dirname(os.path.join(options.folder, name)) or ".", exist_ok=True)
        with open(os.path.join(options.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with multiprocessing.Pool(options.jobs, prepare, arguments) as pool:
        n_bytes = sum(pool.imap_unordered(write_post, range(options.posts), chunksize=64))
    print(f"{options.posts} posts, {n_bytes} bytes")


if __name__ == "__main__":
    main()
