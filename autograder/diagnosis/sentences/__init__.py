"""Tell students what a fault shows and where to look next: one catalogue, a file for each kind of mistake."""

from autograder.diagnosis.sentences.catalogue import SENTENCES, sentence

__all__ = ["SENTENCES", "sentence"]
