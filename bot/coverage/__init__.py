"""Answer coverage: which questions are answered, which rightly, and what an edit changed.

cases    questions with what a right reply must be        reading   files of them
judge    was this reply right?                            run       every question asked, in shards, by any executor
"""
