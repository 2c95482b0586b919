"""The proof: worlds with a planted truth go through the real line, and what it publishes is held against the truth."""
