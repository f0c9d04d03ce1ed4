"""Real coding agents with a fake model: what `../hosts.py` is made of."""
