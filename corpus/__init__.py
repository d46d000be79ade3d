"""Discussions: the values, the readers that make them, the store that keeps them. Imports neither index nor bot."""
