"""What the benchmarks of ranking share: data, the bot and its peers, measures, and one plan for all of them."""
