"""Hand marks, feedback and the class's report back."""
