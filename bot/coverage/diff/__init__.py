"""What changed between two packs, answer by answer.

revisions   a folder, or a revision of one in git     compare   the replies of both, put side by side
words       which words changed                       telling   as text, Markdown and JSON
"""
