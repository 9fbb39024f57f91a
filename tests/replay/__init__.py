"""Recorded conversations with real providers, sent through the gateway and compared with what the provider said.

recordings.py   the files, and the provider that answers with them
facts.py        what both sides can know of an answer
provider_said.py  the facts, from the provider's own bytes
client_heard.py   the facts, from what the gateway sent, and every departure from OpenAI's shapes
judge.py        the differences
"""
