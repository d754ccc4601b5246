"""The log of questions that were not answered well: kept only where an operator asks for it, without what tells who asked.

mask     personal data taken out of a text          store    the log itself, in SQLite: `QuestionLog`
"""
