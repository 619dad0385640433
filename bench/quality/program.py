"""Asking the real program: a site indexed by `blogsearch index`, questions through `blogsearch query`."""
import json
import pathlib
import subprocess


class Site:
    def __init__(self, program, folder, index, settings=()):
        self.program = str(program)
        self.index = str(index)
        self.settings = [part for setting in settings for part in ('--set', setting)]
        subprocess.run([self.program, 'index', str(folder), '--index', self.index, '--quiet', *self.settings],
                       check=True)

    def ask(self, text, *options):
        """The hits, as the API gives them. Options as the command line has them."""
        done = subprocess.run([self.program, 'query', '--index', self.index, '--format', 'ndjson', '--snippet', '0',
                               *self.settings, *options, '--', text], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise RuntimeError(f'{text!r}: {done.stderr.strip()}')
        return [json.loads(line) for line in done.stdout.splitlines()]

    def ask_ids(self, text, *options):
        """The hits' files without folder and ending."""
        return [pathlib.PurePath(hit['path']).stem for hit in self.ask(text, *options)]
