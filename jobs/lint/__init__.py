"""The linter of postings: which words break a law or drive people away. Pure: text and facts in, findings out."""

from jobs.lint.engine import Facts, Finding, lint
from jobs.lint.rules import RULES, Rule, Severity

__all__ = ["RULES", "Facts", "Finding", "Rule", "Severity", "lint"]
