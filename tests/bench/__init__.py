"""Benchmarks: `python -m tests.bench`. Only the small tests of its own parts are collected by pytest."""
