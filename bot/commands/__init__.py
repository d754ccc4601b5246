"""The commands: a module each, `import_` for `faqbot import`.

Each has `DETAILS` (what its help says last), `EXAMPLES` (calls of it), `add` (its arguments) and `run` (the command itself,
which gives the exit code). Of the package it imports next to nothing before `run`.
"""
