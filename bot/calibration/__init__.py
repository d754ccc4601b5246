"""How sure an answer must be: every question asked of a bot that has not learned from it, and the threshold for a stated rate."""
