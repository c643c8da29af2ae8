"""The verbs, the rules and the facts."""
