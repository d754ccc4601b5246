"""What could be written into a pack so that questions of a log are answered.

gather   the questions that are still not answered     groups   those that belong together
propose  a phrasing or an entry for each group         review   accept, edit or skip; writing puts it into the YAML
"""
