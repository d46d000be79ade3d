"""Questions answered: writers, verification, and the faces over one `ask`."""
